"""Migrations and tables say the same, on a new database and again on one that is up to date."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from deliberation.db.engine import Database
from deliberation.db.migrate import UnknownSchema, config, current, migrate, newest
from deliberation.schema import metadata
from tests.rows import row, seats_and_proxies_of_before, second_records_of_before

FIRST_RELEASE = """
INSERT INTO account (id, name, platform_admin, created_at) VALUES (1, '林主持', 0, '2026-03-01');
INSERT INTO council (id, slug, name, compound, community, contact, rules_text, seconds_needed, objection_days,
    confirm_days, meeting_quorum, count_parking, invalid_takes_part, created_at)
    VALUES (1, 'jinxiu', '锦绣', '锦绣', '锦绣', '', '', 3, 15, 3, 0, 0, 0, '2026-03-01');
INSERT INTO meeting (id, council_id, title, starts_at, place, online_link, quorum, invited, called_by, door_code, live_seq)
    VALUES (1, 1, '充电桩', '2026-03-01', '议事厅', '', 0, '', 1, 'x', 0);
INSERT INTO item (id, council_id, meeting_id, position, title, text, minutes_planned, conclusion, conclusion_text)
    VALUES (1, 1, 1, 1, '看现场', '', 10, '', '')
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'council.db'}"


def test_a_migrated_database_has_exactly_the_tables_of_the_program(url: str) -> None:
    migrate(url)
    db = Database(url)
    with db.writer.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        differences = compare_metadata(context, metadata)
    db.close()
    assert differences == []


def test_migrating_twice_changes_nothing(url: str) -> None:
    migrate(url)
    migrate(url)
    assert current(url) == newest()


def test_papers_keyed_in_earlier_get_one_number_and_the_reason_they_were_left_out_for(url: str) -> None:
    command.upgrade(config(url), "0002")
    db = Database(url)
    with db.writer.begin() as connection:
        for table in ("account", "council", "proposal", "motion", "roll", "poll"):
            row(connection, table)
        papers = (("200", "refused"), ("0007", "matched"), ("7", "waiting"), ("A-1", "conflict"))
        for number, (slip_no, state) in enumerate(papers, start=1):
            row(connection, "paper_ballot", id=number, slip_no=slip_no, state=state)
    db.close()
    migrate(url)
    db = Database(url)
    with db.read() as session:
        rows = session.execute(text("SELECT slip_no, why, first_room FROM paper_ballot ORDER BY id")).all()
    db.close()
    assert rows == [("0200", "already_cast", ""), ("0007", "", ""), ("7", "", ""), ("A-1", "", "")]


def test_a_council_s_rows_outlive_a_change_of_their_table(url: str) -> None:
    """Of a database as the first release wrote it: an item hangs on a meeting, whose table is rebuilt."""
    command.upgrade(config(url), "0001")
    db = Database(url)
    with db.writer.begin() as connection:
        for statement in FIRST_RELEASE.split(";"):
            connection.exec_driver_sql(statement)
    db.close()
    migrate(url)
    db = Database(url)
    with db.read() as session:
        assert session.execute(text("SELECT title, roll_id FROM meeting")).all() == [("充电桩", None)]
        assert session.execute(text("SELECT title, meeting_id FROM item")).all() == [("看现场", 1)]
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []
    db.close()


def test_a_roll_file_that_waits_over_the_change_is_read_once_more(url: str) -> None:
    """Its comparison was written down without what stood there before."""
    command.upgrade(config(url), "0005")
    db = Database(url)
    with db.writer.begin() as connection:
        for table in ("account", "council"):
            row(connection, table)
        for number, state in enumerate(("ready", "bad"), start=1):
            row(connection, "roll_upload", id=number, state=state, report="{}")
    db.close()
    migrate(url)
    db = Database(url)
    with db.read() as session:
        assert session.execute(text("SELECT state FROM roll_upload ORDER BY id")).scalars().all() == ["reading", "bad"]
    db.close()


def test_whom_one_clerk_had_seen_before_waits_for_the_second_who_sees_them(url: str) -> None:
    command.upgrade(config(url), "0005")
    db = Database(url)
    with db.writer.begin() as connection:
        for table in ("account", "council"):
            row(connection, table)
        connection.exec_driver_sql("INSERT INTO account SELECT 2, '陪', NULL, NULL, NULL, 0, created_at FROM account")
        row(connection, "membership", id=1, account_id=1, level=2, decided_by=2, state="verified")
        row(connection, "membership", id=2, account_id=2, level=1, decided_by=1, state="verified")
    db.close()
    migrate(url)
    db = Database(url)
    with db.read() as session:
        rows = session.execute(text("SELECT level, seen_by FROM membership ORDER BY id")).all()
    db.close()
    assert rows == [(1, 2), (1, None)]


def test_seats_ties_links_and_slips_of_before_stand_as_they_were(url: str) -> None:
    """Nobody is asked for a second person to what is in force already, and nothing waits."""
    command.upgrade(config(url), "0008")
    db = Database(url)
    with db.writer.begin() as connection:
        for table in ("account", "council", "roll", "slip_batch", "seat", "membership", "one_time_link", "home_slip"):
            row(connection, table)
        row(connection, "account_notice", code="tie_ended")
    db.close()
    migrate(url)
    wanted = {
        "seat": "account_id, role, building, confirmed_by, rests_since, rests_for, seen_by",
        "membership": "account_id, ending_by, before",
        "one_time_link": "purpose, made_by, council_id",
        "account_notice": "code, facts",
        "home_slip": "batch_id, handed_at, handed_by",
        "account": "opened_by",
        "seat_change": "id",
        "reading": "id",
    }
    db = Database(url)
    with db.read() as session:
        found = {table: session.execute(text(f"SELECT {what} FROM {table}")).all() for table, what in wanted.items()}
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []
    db.close()
    assert found == {
        "seat": [(1, "1", "", None, None, "", None)],
        "membership": [(1, None, "")],
        "one_time_link": [("1", None, None)],
        "account_notice": [("tie_ended", "")],
        "home_slip": [(1, None, None)],
        "account": [(None,)],
        "seat_change": [],
        "reading": [],
    }


def test_seats_and_proxies_of_before_stand_and_serve_as_they_were(url: str) -> None:
    seats_and_proxies_of_before(url)
    db = Database(url)
    with db.read() as session:
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []
    db.close()


def test_the_second_record_of_a_paper_proxy_is_tied_to_the_first(url: str) -> None:
    second_records_of_before(url)
    db = Database(url)
    with db.read() as session:
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []
    db.close()


SECOND_RELEASE = """
INSERT INTO minutes (id, council_id, meeting_id, serial_no, title, version, drafted_by, drafted_at, sha256)
    VALUES (1, 1, 1, '2026-01', '充电桩', 1, 1, '2026-03-02', '');
INSERT INTO paragraph (minutes_id, position, section, item_id, text) VALUES
    (1, 1, 'head', NULL, '会议'), (1, 2, 'attendance', NULL, '到会 3 人'), (1, 3, 'item', 1, '议程第 1 项'),
    (1, 4, 'item', 1, '要点'), (1, 5, 'item', NULL, '议程以外'), (1, 6, 'item', NULL, '别的话'),
    (1, 7, 'closing', NULL, '更正'), (1, 8, 'closing', NULL, '附：本次会议在公开日志中的记录，至第 9 条止，校验值 ab。')
"""


def test_minutes_drafted_before_learn_which_paragraphs_belong_to_the_record(url: str) -> None:
    command.upgrade(config(url), "0002")
    db = Database(url)
    with db.writer.begin() as connection:
        for statement in (FIRST_RELEASE + ";" + SECOND_RELEASE).split(";"):
            connection.exec_driver_sql(statement)
    db.close()
    migrate(url)
    db = Database(url)
    with db.read() as session:
        held = session.execute(text("SELECT hold FROM paragraph ORDER BY position")).scalars().all()
    db.close()
    assert held == ["", "kept", "kept", "", "kept", "", "", "sealed"]


def test_an_older_program_refuses_a_newer_database(url: str) -> None:
    migrate(url)
    db = Database(url)
    with db.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    db.close()
    with pytest.raises(UnknownSchema):
        migrate(url)
