"""Who read the roll, a resident's page or the minutes: one row a day, read by the council, and never in the page's way."""

from __future__ import annotations

import json
import logging
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from deliberation.council import due
from deliberation.council.actions import appoint
from deliberation.council.tables import Membership
from deliberation.db.tables import Reading
from deliberation.jobs import retention
from deliberation.people.tables import Account
from deliberation.web.readings import Reads
from deliberation.web.routing import page
from deliberation.web.viewer import MEMBER
from tests.conftest import Town
from tests.deliberation.council.build import JOINING
from tests.deliberation.minutes import build as minutes

LOOKS = "/c/jinxiu/log/readings"


def rows(town: Town) -> list[tuple[str, int]]:
    with town.db.read() as session:
        return [(one.thing, one.reader_id) for one in session.exec(select(Reading).order_by(Reading.id))]  # type: ignore[arg-type]


def page_of(town: Town, who: str) -> str:
    with town.db.read() as session:
        found = session.exec(select(Membership.id).where(Membership.account_id == town.cast.ids[who])).one()
    return f"/c/jinxiu/residents/{found}"


def test_who_reads_the_roll_with_its_names_stands_there_once_a_day(town: Town) -> None:
    recorder = town.cast.ids["recorder"]
    for _ in range(3):
        assert town.as_("recorder").get("/c/jinxiu/roll").status == 200
    assert rows(town) == [("roll", recorder)]
    town.travel(days=1)
    town.as_("recorder").get("/c/jinxiu/roll")
    assert rows(town) == [("roll", recorder)] * 2
    assert town.as_("resident").get(LOOKS).text.count("查看了名册（含姓名）") == 2


def test_the_same_look_into_another_council_is_another(town: Town) -> None:
    with town.write("admin", town.cast.other_council_id) as tx:
        appoint(tx, town.cast.ids["recorder"], "recorder")
    for council in ("jinxiu", "other"):
        assert town.as_("recorder").get(f"/c/{council}/residents").status == 200
    with town.db.read() as session:
        assert set(session.exec(select(Reading.council_id))) == {town.cast.council_id, town.cast.other_council_id}


def test_who_is_sent_on_was_shown_nothing(town: Town) -> None:
    route = page("/c/{council}/elsewhere", lambda visit: visit.to("/"), needs=MEMBER, reads=Reads("roll"))
    town.app.router.routes[:0] = [route]
    assert town.as_("recorder").get("/c/jinxiu/elsewhere").status == 303
    assert rows(town) == []


def test_who_reads_the_roll_without_names_leaves_nothing(town: Town) -> None:
    assert town.as_("resident").get("/c/jinxiu/roll").status == 200
    town.as_("recorder").client.head("/c/jinxiu/roll")
    town.as_("stranger").get("/c/jinxiu/residents")
    assert rows(town) == []


def test_members_read_the_office_and_its_name_and_nobody_else_reads_the_list(town: Town) -> None:
    town.as_("moderator").get(page_of(town, "resident"))
    shown = town.as_("owner").get(LOOKS).text
    assert f"主持人{_name(town, 'moderator')}查看了一位居民的资料" in shown
    assert "看的是您" not in shown
    assert "看的是您" in town.as_("resident").get(LOOKS).text
    assert town.as_("stranger").get(LOOKS).status == 404


def _name(town: Town, who: str) -> str:
    with town.db.read() as session:
        return session.get_one(Account, town.cast.ids[who]).name


def test_a_neighbor_who_reads_minutes_is_masked_for_neighbors_and_named_for_the_supervisor(town: Town) -> None:
    built = minutes.put_up(town)
    built.all_confirm()
    assert town.as_("recorder").post(f"{built.at}/freezing").status == 303
    for path in ("", "/record.json"):
        assert town.as_("resident").get(f"{built.at}{path}").status == 200
    name = _name(town, "resident")
    assert name not in town.as_("owner").get(LOOKS).text
    assert name in town.as_("resident").get(LOOKS).text
    supervised = town.as_("supervisor").get(LOOKS).text
    assert f"{name}查看了会议纪要全文" in supervised
    assert f"{name}打印或下载了会议纪要" in supervised


def test_one_s_own_page_is_no_look(town: Town) -> None:
    with town.write("admin") as tx:
        appoint(tx, town.cast.ids["resident"], "desk")
    assert town.as_("resident").get(page_of(town, "resident")).status == 200
    assert rows(town) == []


def test_a_day_is_one_of_this_place(town: Town) -> None:
    """An hour after midnight here it is still the day before in the database's own time."""
    town.travel(hours=16)
    town.as_("recorder").get("/c/jinxiu/roll")
    with town.db.read() as session:
        assert session.exec(select(Reading)).one().day == date(2026, 3, 2)


def test_two_people_s_pages_read_on_one_day_are_two_looks_and_each_says_whose(town: Town) -> None:
    for who in ("resident", "owner"):
        town.as_("desk").get(page_of(town, who))
    with town.db.read() as session:
        looks = session.exec(select(Reading.thing_id, Reading.account_id).order_by(Reading.id)).all()  # type: ignore[arg-type]
    assert [(f"/c/jinxiu/residents/{number}", account) for number, account in looks] == [
        (page_of(town, who), town.cast.ids[who]) for who in ("resident", "owner")
    ]


def test_a_refused_form_that_shows_the_page_again_counts_as_a_look(town: Town) -> None:
    assert town.as_("moderator").post(f"{page_of(town, 'resident')}/ending", {"reason": ""}).status == 422
    assert [thing for thing, _ in rows(town)] == ["resident"]


def test_one_s_own_page_and_file_say_who_looked(town: Town) -> None:
    town.as_("desk").get(page_of(town, "resident"))
    caller = town.as_("resident")
    assert _name(town, "desk") in caller.get("/account/data").text
    looked = json.loads(caller.get("/account/data.json").html)["looked"]
    assert [(one["day"], one["name"]) for one in looked] == [("2026-03-01", _name(town, "desk"))]
    assert json.loads(town.as_("owner").get("/account/data.json").html)["looked"] == []


def test_the_page_is_shown_when_it_cannot_be_written_down_and_the_server_is_told(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise OperationalError("INSERT", None, Exception("disk full"))

    monkeypatch.setattr(town.db, "write", full)
    with caplog.at_level(logging.ERROR):
        assert town.as_("recorder").get("/c/jinxiu/roll").status == 200
    assert "could not be written down" in caplog.text


def test_a_second_look_does_not_ask_for_the_writer(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.as_("recorder").get("/c/jinxiu/roll")

    def never(*_: Any, **__: Any) -> Any:
        raise AssertionError("a look that is known wrote again")

    monkeypatch.setattr(town.db, "write", never)
    assert town.as_("recorder").get("/c/jinxiu/roll").status == 200


def test_looks_go_by_the_table_of_retention(town: Town) -> None:
    town.as_("recorder").get("/c/jinxiu/roll")
    start = town.now
    due.clean.__wrapped__(town.db, start + retention.READING.span - timedelta(hours=1))  # type: ignore[attr-defined]
    assert len(rows(town)) == 1
    due.clean.__wrapped__(town.db, start + retention.READING.span + timedelta(hours=1))  # type: ignore[attr-defined]
    assert rows(town) == []


def test_who_asks_to_join_is_not_told_who_looked(town: Town) -> None:
    town.as_("stranger").post("/c/jinxiu/join", JOINING)
    assert town.as_("stranger").get(LOOKS).status == 404
