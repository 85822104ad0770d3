"""Before the close nobody sees a result; after it nobody outside sees a person."""

import json
import re

import pytest
from sqlmodel import col, func, select
from starlette.routing import Route

from deliberation.ballot import rules as ballot_rules
from deliberation.ballot.tables import Ballot
from deliberation.db.tables import Event
from tests import cast as the_cast
from tests.conftest import Town
from tests.deliberation.ballot import build as ballot
from tests.deliberation.decision import build

EVERYBODY = [None, *the_cast.COUNCIL, "stranger", "admin", "other_resident", "other_moderator"]


def pages_of_polls(town: Town, **ids: int) -> list[str]:
    """Every GET address of the app whose numbers we can fill in."""
    found = []
    for route in town.app.routes:
        if isinstance(route, Route) and "GET" in (route.methods or ()) and "{council}" in route.path:
            path = re.sub(r"\{(\w+)(?::int)?\}", lambda part: str(ids.get(part[1], "?")), route.path)
            if "?" not in path:
                found.append(path.replace("/c/1", "/c/jinxiu"))
    return sorted(found)


def test_while_voting_is_open_no_page_tells_anybody_how_it_stands(town: Town) -> None:
    first = ballot.opened(town, title="甲议题")
    # One choice alone, cast by people who do not look: whoever is shown that choice as a fact has been told a result.
    ballot.cast(town, first, {"Y06": "against", "Y07": "against", "Y08": "against"})
    ballot.later(town, minutes=30)
    looked = 0
    for path in pages_of_polls(town, council=1, poll_id=first, motion_id=1, matter_id=1, proposal_id=1, paper_id=1):
        for who in EVERYBODY:
            if who in ("owner6", "owner7"):
                continue
            answer = town.as_(who).get(path)
            assert answer.status < 500, path
            looked += answer.status == 200
            told = re.findall(r"反对[^，。]{0,8}\d|\d[^，。]{0,6}反对|Against[^.]{0,8}\d", answer.text)
            assert told == [], (who, path)
            assert "240.00" not in answer.text or "已交表决票" in answer.text, (who, path)
    assert looked > 60
    assert town.as_("supervisor").get(f"/c/jinxiu/polls/{first}/decision").text.count("还没有结果") == 1


@pytest.mark.parametrize("choice", ["for", "against"])
def test_pages_are_the_same_whatever_is_chosen(town: Town, choice: str) -> None:
    """The turnout page of a poll with three ballots does not depend on what they say."""
    poll_id = ballot.opened(town)
    ballot.cast(town, poll_id, {"Y06": choice, "Y07": choice, "Y08": choice})
    ballot.later(town, minutes=30)
    page = town.as_("supervisor").get(f"{ballot.PATH}/{poll_id}")
    assert re.search(r"人数 3 / 9 人", page.text)
    assert re.search(r"240\.00 / 930\.50 ㎡", page.text)


def test_turnout_moves_in_steps_of_ten_minutes(town: Town) -> None:
    poll_id = ballot.opened(town)
    ballot.later(town, minutes=1)
    ballot.cast(town, poll_id, {"Y06": "for"})
    supervisor = town.as_("supervisor")
    assert "人数 0 / 9 人" in supervisor.get(f"{ballot.PATH}/{poll_id}").text
    ballot.later(town, seconds=ballot_rules.TURNOUT_STEP.total_seconds())
    assert "人数 1 / 9 人" in supervisor.get(f"{ballot.PATH}/{poll_id}").text


def test_the_journal_holds_neither_choices_nor_who_voted(town: Town) -> None:
    poll_id = ballot.opened(town)
    town.as_("resident").follow(f"{ballot.PATH}/{poll_id}/casting", {"choice": "against"})
    with town.db.read() as session:
        before = session.exec(select(func.max(Event.seq))).one()
    ballot.cast(town, poll_id, {"Y06": "for"})
    ballot.close(town)
    with town.db.read() as session:
        events = session.exec(select(Event).where(Event.seq > before)).all()
        last = session.exec(select(Ballot.hash).order_by(col(Ballot.seq).desc())).first()
    closed = next(event for event in events if event.verb == "poll.closed")
    assert json.loads(closed.facts)["ballots"] == 2
    assert json.loads(closed.facts)["last_hash"] == last
    assert not any("ballot" in event.verb for event in events)


def test_public_result_pages_name_nobody(town: Town) -> None:
    decision = build.decided(town, build.PASSING)
    objector = ballot.signed_in(town, "owner7")
    assert objector.post(f"{build.path(decision)}/objections", {"text": "我家的票没有算进去，请核对。"}).status == 303
    names = {name for name, *_ in the_cast.COUNCIL.values()} | {"庄淑辉", "建设单位", "138000", "Y01", "Y07"}
    for page in ("", "/sheet", "/record.json"):
        answer = town.as_(None).get(build.path(decision) + page)
        assert answer.status == 200, page
        assert {name for name in names if name in answer.html} == set(), page
        assert "我家的票" not in answer.text
    assert "我家的票" in ballot.signed_in(town, "tenant").get(build.path(decision)).text
