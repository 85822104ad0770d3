"""What is installed is what was locked, names no server, and is built by the two commands of the README."""

import hashlib
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("runtime", "dev")
VENDORED = (ROOT / "deliberation/static/vendor/htmx", ROOT / "tests/vendor")
BINARY = {".png", ".jpg", ".webp", ".woff2", ".ico", ".xlsx", ".pdf", ".bel", ".tar"}
# Written in two halves, so that this file does not name them either.
REGISTRY_HOSTS = tuple(
    ".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"))
)
MACHINE_PATHS = tuple(
    "/" + path for path in ("work/main", "work/shared", "work/.library", "root/", "opt/pypi", "opt/wheels")
)


def locked(name: str) -> dict[str, str]:
    """Package -> the whole requirement, its markers and hashes, from one lock file."""
    text = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return {f"{re.split('[=;]', line)[0].strip()}:{line.split(' --hash')[0]}": line for line in lines}


def wanted(name: str) -> Iterator[str]:
    for line in (ROOT / f"requirements/{name}.in").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", "-")):
            yield re.split(r"[\[<>=]", line)[0].strip().lower()


def committed_files() -> list[Path]:
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_one_version_and_its_hashes(name: str) -> None:
    requirements = locked(name).values()
    assert len(requirements) > 30
    for requirement in requirements:
        assert re.match(r"[a-z0-9-]+==[0-9][^ ]* ", requirement), requirement
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", requirement), requirement


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_names_no_host_and_no_folder(name: str) -> None:
    text = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8")
    for word in ("://", "--index-url", "--extra-index-url", "--find-links", "--trusted-host", " @ ", "file:"):
        assert word not in text


@pytest.mark.parametrize("name", LOCKS)
def test_everything_asked_for_is_locked(name: str) -> None:
    packages = {key.split(":")[0] for key in locked(name)}
    assert set(wanted(name)) <= packages


def test_tests_run_with_the_same_versions_that_users_get() -> None:
    runtime, development = locked("runtime"), locked("dev")
    assert {key: development.get(key) for key in runtime} == runtime


def test_every_package_we_ask_for_has_its_reason_in_the_documentation() -> None:
    text = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8").lower()
    missing = [package for name in LOCKS for package in wanted(name) if f"`{package}`" not in text]
    assert missing == []


def test_make_audit_asks_about_every_lock_file_and_hides_nothing() -> None:
    shown = subprocess.run(
        ["make", "--dry-run", "--always-make", "audit"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    asked = next(line for line in shown.splitlines() if "pip-audit --" in line)
    for lock in (ROOT / "requirements").glob("*.txt"):
        assert f"-r requirements/{lock.name}" in asked
    assert "--require-hashes" in asked
    assert "--strict" in asked
    assert "--ignore" not in asked
    assert re.search(r"pip-audit==\d", shown)


@pytest.mark.parametrize("folder", VENDORED, ids=lambda folder: folder.name)
def test_vendored_files_are_the_ones_that_were_published(folder: Path) -> None:
    lines = (folder / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    sums = {name: digest for digest, name in (line.split() for line in lines)}
    assert {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in sums} == sums
    assert {path.name for path in folder.glob("*.js")} <= set(sums)


def test_the_vendored_htmx_is_the_release_its_note_names() -> None:
    folder = VENDORED[0]
    release = re.search(r"htmx\.org ([0-9.]+),", (folder / "SOURCES.txt").read_text(encoding="utf-8"))
    assert release
    assert f'version="{release[1]}"' in (folder / "htmx.min.js").read_text(encoding="utf-8")


def test_no_file_names_a_package_registry_or_a_path_of_somebodys_machine() -> None:
    found = []
    for path in committed_files():
        if path.suffix in BINARY or path == Path(__file__):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{path.relative_to(ROOT)}: {word}" for word in (*REGISTRY_HOSTS, *MACHINE_PATHS) if word in text]
    assert found == []


def test_the_readmes_commands_are_make_targets() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    commands = set(re.findall(r"(?:^ {4}|`)(?:[A-Z]+=\S+ )?make ([a-z]+)", readme, re.MULTILINE))
    assert {"demo", "test"} <= commands <= targets


def test_every_make_target_a_person_may_call_is_in_its_help() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE)) - {"help", "system"}
    assert set(re.findall(r'@echo "make ([a-z]+) ', makefile)) == targets


def test_ci_runs_the_readmes_test_command_and_lets_nothing_be_skipped() -> None:
    script = ROOT / ".ci/run"
    lines = script.read_text(encoding="utf-8").splitlines()
    assert "export STRICT=1" in lines
    assert lines[-1] == "make test"
    assert script.stat().st_mode & 0o111


def test_the_licence_is_the_one_the_project_declares() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["license"] == "Apache-2.0"
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_the_changelog_speaks_of_the_declared_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"## {project['version']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
