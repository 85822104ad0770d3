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


def test_every_macro_is_called() -> None:
    everything = "\n".join(source(path) for path in FILES)
    defined = re.findall(r"{%-?\s*macro\s+(\w+)\(", everything)
    assert defined
    calls = re.sub(r"{%-?\s*macro\s+\w+\(", "", everything)
    assert [name for name in defined if not re.search(rf"\b{name}(?:\(| as )", calls)] == []


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(TEMPLATES)) for path in FILES])
def test_what_a_template_imports_it_uses(path: Path) -> None:
    text = source(path)
    names = [
        name.split(" as ")[-1].strip()
        for some in re.findall(r"{%-?\s*from\s+\"[^\"]+\"\s+import\s+([^%]*?)\s+with context", text)
        for name in some.split(",")
    ]
    modules = re.findall(r"{%-?\s*import\s+\"[^\"]+\"\s+as\s+(\w+)", text)
    unused = [name for name in names if len(re.findall(rf"\b{name}\b", text)) < 2]
    assert unused + [name for name in modules if f"{name}." not in text] == []
