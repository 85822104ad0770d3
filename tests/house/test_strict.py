"""STRICT=1 turns a skip into a failure; without it the skip is named at the end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TESTS = {
    "in the test": "import pytest\ndef test_needs_a_browser():\n    pytest.skip('no browser here')\n",
    "by a mark": "import pytest\n@pytest.mark.skip(reason='no browser here')\ndef test_needs_a_browser():\n    assert True\n",
    "in a fixture": (
        "import pytest\n@pytest.fixture\ndef browser():\n    pytest.skip('no browser here')\n"
        "def test_needs_a_browser(browser):\n    assert browser\n"
    ),
    "the whole file": "import pytest\npytest.skip('no browser here', allow_module_level=True)\n",
}


def run(folder: Path, test: str, strict: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_it.py").write_text("def test_passes():\n    assert True\n", encoding="utf-8")
    (folder / "test_skips.py").write_text(test, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.strict",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(folder),
        str(folder),
    ]
    environment = {**os.environ, "STRICT": strict, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": ""}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("test", TESTS.values(), ids=TESTS)
def test_strict_makes_a_skip_a_failure(tmp_path: Path, test: str) -> None:
    result = run(tmp_path, test, strict="1")
    assert result.returncode in (1, 2), result.stdout
    assert "STRICT=1 allows no skip" in result.stdout
    assert "no browser here" in result.stdout


@pytest.mark.parametrize("test", TESTS.values(), ids=TESTS)
def test_without_strict_a_skip_is_named_with_its_reason(tmp_path: Path, test: str) -> None:
    result = run(tmp_path, test, strict="")
    assert result.returncode == 0, result.stdout
    assert "not run on this machine" in result.stdout
    assert "skipped: test_skips.py" in result.stdout
    assert ": no browser here" in result.stdout


def test_strict_leaves_an_expected_failure_alone(tmp_path: Path) -> None:
    test = "import pytest\n@pytest.mark.xfail(reason='known')\ndef test_known():\n    assert 1 == 2\n"
    result = run(tmp_path, test, strict="1")
    assert result.returncode == 0, result.stdout
    assert "1 passed, 1 xfailed" in result.stdout
