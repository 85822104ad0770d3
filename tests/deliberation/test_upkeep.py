"""Backup while the server runs, the doctor, and the refusal of a second server on one file."""

from pathlib import Path

import pytest

from deliberation import upkeep
from deliberation.cli import main
from deliberation.db.journal import record
from deliberation.db.lock import AlreadyServed, ServerLock
from deliberation.settings import Settings, load
from tests.conftest import START, Town


def test_a_copy_made_during_a_transaction_has_what_was_committed_before(town: Town, tmp_path: Path) -> None:
    with town.write("moderator") as tx:
        record(tx, "roll.imported", version=2)
        made = upkeep.backup(town.site.settings, tmp_path / "copies", START)
    checks = list(upkeep.doctor(Settings(tmp_path, f"sqlite:///{made}", b"secret")))
    assert [check.name for check in checks if not check.ok] == []
    assert made.stat().st_mode & 0o077 == 0


def test_the_doctor_names_the_event_that_was_changed(town: Town) -> None:
    with town.write("moderator") as tx:
        event = record(tx, "roll.imported", version=2)
        record(tx, "roll.imported", version=3)
        event.facts = '{"version":9}'
        tx.session.add(event)
        seq = event.seq
    bad = [check for check in upkeep.doctor(town.site.settings) if not check.ok]
    assert [check.detail for check in bad] == [f"broken at {seq}"]


def test_the_doctor_exits_1_on_a_database_that_was_never_migrated(tmp_path: Path) -> None:
    assert main(["doctor", "--data", str(tmp_path)]) == 1
    assert main(["migrate", "--data", str(tmp_path)]) == 0
    assert main(["doctor", "--data", str(tmp_path)]) == 0


def test_a_second_server_on_the_same_file_refuses_to_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = load(tmp_path)
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    first = ServerLock(path)
    first.take()
    with pytest.raises(AlreadyServed):
        ServerLock(path).take()
    assert main(["serve", "--data", str(tmp_path), "--port", "18000"]) == 1
    assert "already using" in capsys.readouterr().err
    first.release()
    third = ServerLock(path)
    third.take()
    third.release()


def test_the_secret_is_readable_by_its_owner_alone_and_stays_the_same(tmp_path: Path) -> None:
    first, second = load(tmp_path / "data"), load(tmp_path / "data")
    assert first.secret == second.secret
    assert (tmp_path / "data/secret.key").stat().st_mode & 0o077 == 0
