"""What the commands refuse, in a sentence and without touching what they should not."""

from pathlib import Path

import pytest
from sqlmodel import col, select

from deliberation.cli import main
from deliberation.council.roll import reader as roll_reader
from deliberation.council.tables import Roll
from deliberation.db.lock import ServerLock
from tests.cast import ROLL
from tests.conftest import Town

MODERATOR, RESIDENT, OTHER_MODERATOR = "13800000000", "13800000007", "13900000001"


def imported(town: Town, folder: Path, by: str, *, council: str = "jinxiu") -> int:
    file = folder / "new.csv"
    file.write_text(ROLL.replace("120.00", "121.00"), encoding="utf-8")
    url = town.site.settings.database_url
    return main(["import-roll", str(file), "--council", council, "--by", by, "--data", str(folder), "--database", url])


def versions(town: Town) -> list[int]:
    with town.db.read() as session:
        return list(session.exec(select(Roll.version).order_by(col(Roll.version))).all())


def test_a_moderator_imports_a_council_s_first_roll(town: Town, tmp_path: Path) -> None:
    assert imported(town, tmp_path, OTHER_MODERATOR, council="other") == 0
    assert versions(town) == [1, 1]


def test_a_later_roll_waits_for_a_second_person(town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert imported(town, tmp_path, MODERATOR) == 0
    assert "another moderator or recorder" in capsys.readouterr().out
    assert versions(town) == [1]
    town.travel(seconds=5)
    roll_reader.wait()
    page = town.as_("recorder").get("/c/jinxiu/roll/uploads/1")
    assert "由 林主持 上传" in page.text


def test_who_answers_for_a_roll_must_sit_in_that_council(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert imported(town, tmp_path, RESIDENT) == 2
    assert "no moderator or recorder" in capsys.readouterr().err
    assert versions(town) == [1]


@pytest.mark.parametrize("command", ["import-roll", "migrate"])
def test_nothing_is_written_beside_a_running_server(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    path = town.db.path
    assert path
    server = ServerLock(path)
    server.take()
    try:
        if command == "migrate":
            assert main(["migrate", "--data", str(tmp_path)]) == 1
        else:
            assert imported(town, tmp_path, MODERATOR) == 1
    finally:
        server.release()
    assert "already using" in capsys.readouterr().err
    assert versions(town) == [1]


def test_a_data_folder_that_cannot_be_used_is_told_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert main(["migrate", "--data", str(tmp_path / "file" / "data")]) == 1
    assert "cannot be used" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["70000", "-1", "http", "٣"])
def test_an_impossible_port_is_told_in_a_sentence(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["serve", f"--port={port}"])
    assert "1 to 65535" in capsys.readouterr().err
