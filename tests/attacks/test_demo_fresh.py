"""`demo --fresh` must not throw away a folder that a running server uses, nor one that is no demo's."""

from pathlib import Path

import pytest

from deliberation import cli
from deliberation.db.lock import ServerLock


@pytest.fixture(autouse=True)
def _nothing_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "run_server", lambda *_: 0)
    monkeypatch.setattr(cli, "load_sample", lambda *_: None)
    monkeypatch.setattr(cli, "say_accounts", lambda *_: None)


def test_a_fresh_demo_refuses_while_another_server_runs_on_that_folder(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "council.db").write_bytes(b"")
    lock = ServerLock(folder / "council.db")
    lock.take()
    try:
        assert cli.main(["demo", "--fresh", "--data", str(folder), "--port", "1"]) == 1
        assert (folder / "council.db.lock").exists()
    finally:
        lock.release()


def test_a_fresh_demo_does_not_throw_away_a_folder_that_is_no_demo(tmp_path: Path) -> None:
    kept = tmp_path / "photos of the grandchildren.txt"
    kept.write_text("mine")
    cli.main(["demo", "--fresh", "--data", str(tmp_path), "--port", "1"])
    assert kept.exists()
