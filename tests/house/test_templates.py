"""Templates live under a strict policy: no inline style or script, no request to another host, a token in every form."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "deliberation/templates"
FILES = sorted(TEMPLATES.glob("**/*.html"))
NEVER = {
    "inline style": re.compile(r"<style|<[^>{%]*\sstyle\s*="),
    "inline script": re.compile(
        r"<script(?![^>]*\bsrc=)|javascript:|\shx-on|\son(?:click|change|submit|input|load|error|key\w+|mouse\w+|focus|blur)\s*="
    ),
    "another host": re.compile(r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//"),
    "an unescaped value": re.compile(r"\|\s*safe\b"),
}


def source(path: Path) -> str:
    return re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(TEMPLATES)) for path in FILES])
def test_a_template_keeps_to_the_policy(path: Path) -> None:
    assert [name for name, pattern in NEVER.items() if pattern.search(source(path))] == []


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(TEMPLATES)) for path in FILES])
def test_every_post_form_carries_its_token(path: Path) -> None:
    forms = re.findall(r"<form\b[^>]*method=[\"']post[\"'].*?</form>", source(path), re.DOTALL | re.IGNORECASE)
    assert [form[:120] for form in forms if "csrf" not in form] == []
