"""What the documentation points at is there."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "votes").glob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_and_picture_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    missing = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert missing == []


def test_the_readmes_first_screen_says_what_it_is_shows_it_and_gives_the_two_commands() -> None:
    first_screen = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:30]
    assert any("议事会" in line for line in first_screen)
    assert any(line.startswith("![") for line in first_screen)
    assert "    make demo" in first_screen
    assert "    make test" in first_screen


def test_every_picture_in_the_documentation_is_one_that_the_command_takes() -> None:
    names = re.findall(r'Picture\(\s*"([a-z-]+)"', (ROOT / "tools/screenshots.py").read_text(encoding="utf-8"))
    listed = ["git", "ls-files", "docs/screenshots"]
    kept = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
    assert [file for file in kept if not any(Path(file).name.startswith(f"{name}-") for name in names)] == []
