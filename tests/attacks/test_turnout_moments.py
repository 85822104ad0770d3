"""Turnout is shown in steps of ten minutes so that nobody can tell a neighbor's moment: no other page may tell it either."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from deliberation.ballot.tables import Ballot
from deliberation.db.tables import Event
from tests.conftest import Town
from tests.deliberation.ballot import build

PAPER = {"slip_no": "7", "room": "水仙里1幢1单元0102", "choice": "against", "cast_by": "张建强"}
AGAIN = {"room": "水仙里1幢1单元0102", "choice": "against", "cast_by": "张建强"}


@pytest.fixture
def poll_id(town: Town) -> int:
    found = build.opened(town)
    build.later(town, minutes=3, seconds=17)
    return found


def cast_online(town: Town, poll_id: int) -> None:
    sent = build.signed_in(town, "owner").post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
    assert sent.status == 303, sent.text


def cast_on_paper(town: Town, poll_id: int) -> None:
    first = build.signed_in(town, "desk").post(f"{build.PATH}/{poll_id}/paper", PAPER)
    assert first.status == 303, first.text
    sent = build.signed_in(town, "desk2").post(f"{build.PATH}/{poll_id}/paper/1", AGAIN)
    assert sent.status == 303, sent.text


def moments(town: Town) -> list[datetime]:
    with town.db.read() as session:
        return list(session.exec(select(Ballot.cast_at)))


def file_lines(town: Town) -> list[dict[str, str]]:
    text = build.signed_in(town, "tenant").get("/c/jinxiu/log.jsonl").html
    return [json.loads(line) for line in text.splitlines()]


def test_the_journal_does_not_tell_the_moment_of_a_ballot_while_the_poll_is_open(town: Town, poll_id: int) -> None:
    before = len(file_lines(town))
    build.later(town, minutes=1)
    cast_online(town, poll_id)
    build.later(town, minutes=1)
    cast_on_paper(town, poll_id)
    assert len(moments(town)) == 2
    lines = file_lines(town)
    known = {one.astimezone(UTC).replace(microsecond=0) for one in moments(town)}
    told = {datetime.fromisoformat(line["at"]).astimezone(UTC).replace(microsecond=0) for line in lines}
    assert known & told == set()
    assert len(lines) == before
    log = build.signed_in(town, "tenant").get("/c/jinxiu/log").text
    assert "录入纸质表决票" not in log


def test_after_the_close_every_paper_stands_in_the_journal_under_the_close_s_moment(town: Town, poll_id: int) -> None:
    cast_on_paper(town, poll_id)
    build.close(town)
    with town.db.read() as session:
        events = session.exec(select(Event).where(col(Event.verb).startswith("paper."))).all()
        closed = session.exec(select(Event.at).where(Event.verb == "poll.closed")).one()
    assert [(one.verb, one.actor_id, one.at) for one in events] == [
        ("paper.keyed_in", town.cast.ids["desk"], closed),
        ("paper.taken", town.cast.ids["desk2"], closed),
    ]


def bars(town: Town, poll_id: int) -> str:
    """Everything the page says of the turnout, but not since when."""
    page = build.signed_in(town, "tenant").get(f"{build.PATH}/{poll_id}").text
    found = re.search(r"多少人投了票(.*?)截至", page)
    assert found is not None, page
    return found[1]


def test_the_poll_page_shows_a_ballot_only_after_its_step_of_ten_minutes(town: Town, poll_id: int) -> None:
    before = bars(town, poll_id)
    cast_online(town, poll_id)
    cast_on_paper(town, poll_id)
    build.later(town, seconds=5)
    assert bars(town, poll_id) == before
    left = 600 - int(town.now.timestamp()) % 600
    town.clock.travel(timedelta(seconds=left))
    assert bars(town, poll_id) != before
