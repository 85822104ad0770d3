"""belenios-tool, which nobody here wrote: a second opinion on archives and another maker of ballots."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

TOOL = shutil.which("belenios-tool")


def need_tool() -> None:
    if TOOL is None:
        pytest.skip("belenios-tool is not installed (apt-get install belenios-tool)")


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    assert TOOL is not None
    return subprocess.run([TOOL, *arguments, "--dir", str(folder)], capture_output=True, check=False, timeout=600)


def verifies(folder: Path) -> bool:
    """Whether the tool finds the one archive in this folder in order."""
    done = run("election", "verify", folder=folder)
    return done.returncode == 0 and b"all checks passed" in done.stderr


def ballot(folder: Path, code: str, choices: str) -> bytes:
    """A ballot by the tool, for the archive in this folder."""
    (folder / "code").write_text(code + "\n")
    (folder / "choices").write_text(choices)
    done = run(
        *("election", "generate-ballot", "--privcred", str(folder / "code"), "--ballot", str(folder / "choices")),
        folder=folder,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.removesuffix(b"\n")


def share(folder: Path, owner: int, exponent: int) -> bytes:
    """A trustee's partial decryption by the tool, for the archive in this folder."""
    (folder / "privkey").write_text(f'"{exponent}"')
    done = run("election", "decrypt", "--privkey", str(folder / "privkey"), "--trustee-id", str(owner), folder=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout
