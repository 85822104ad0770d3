"""The counting program that anybody may take along: its own files and nothing that running it has left there."""

import io
import zipfile
from pathlib import Path

import pytest

from deliberation.front import program_pages


def test_what_running_it_has_left_in_its_folders_is_not_in_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("tally.py", "__pycache__/tally.pyc", "secret/board.py", "secret/__pycache__/board.pyc"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(program_pages, "FOLDER", tmp_path)
    with zipfile.ZipFile(io.BytesIO(program_pages.archive.__wrapped__())) as file:
        assert file.namelist() == ["votes/secret/board.py", "votes/tally.py"]
