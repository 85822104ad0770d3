"""An owner who never voted finds a ballot of their home: it is looked into, and nothing undoes the ballot meanwhile."""

import pytest
from sqlmodel import select

from deliberation.ballot.tables import Ballot, PaperReading
from deliberation.db.tables import Event
from tests.conftest import Answer, Town
from tests.deliberation.ballot import build
from tests.deliberation.council.build import verbs

FIELDS = {"slip_no": "0007", "room": "水仙里1幢1单元0102", "choice": "against", "cast_by": "张建强"}
WHAT = {"text": "那天我不在家。"}


@pytest.fixture
def poll_id(town: Town) -> int:
    """A poll in which the committee member's paper was keyed in by desk and desk2."""
    poll_id = build.opened(town)
    town.as_("desk").post(f"{build.PATH}/{poll_id}/paper", FIELDS)
    town.as_("desk2").post(f"{build.PATH}/{poll_id}/paper/1", FIELDS)
    return poll_id


def dispute(town: Town, poll_id: int, who: str = "committee") -> Answer:
    return town.as_(who).post(f"{build.PATH}/{poll_id}/slip/dispute", WHAT)


def settle(
    town: Town, poll_id: int, who: str = "supervisor", finding: str = "原票签名经本人辨认，不是本人所签。"
) -> int:
    return town.as_(who).post(f"{build.PATH}/{poll_id}/disputes/1", {"finding_1": finding}).status


def test_it_reaches_moderator_and_supervisor_and_the_ballot_stays(town: Town, poll_id: int) -> None:
    assert dispute(town, poll_id).status == 303
    assert "正在核查" in town.as_("committee").get(f"{build.PATH}/{poll_id}/slip").text
    assert "1 张表决票待核查" in town.as_("moderator").get("/c/jinxiu/work").text
    assert f"{build.PATH}/{poll_id}/disputes" in town.as_("supervisor").get("/c/jinxiu").html
    page = town.as_("supervisor").get(f"{build.PATH}/{poll_id}/disputes").text
    for shown in ("张建强", "0007", "录第一遍", "录第二遍", WHAT["text"], "水仙里1幢1单元0102"):
        assert shown in page
    assert "反对" not in page
    with town.db.read() as session:
        assert session.exec(select(Ballot.choice)).all() == ["against"]
        told = session.exec(select(Event).where(Event.verb == "ballot.disputed")).one()
    assert "Y02" not in told.facts


def test_staff_and_supervisor_alone_see_on_the_page_of_the_poll_that_it_is_looked_into(
    town: Town, poll_id: int
) -> None:
    dispute(town, poll_id)
    for who, shown in {"desk": True, "moderator": True, "supervisor": True, "resident": False, "tenant": False}.items():
        assert ("业主说没有投过" in town.as_(who).get(f"{build.PATH}/{poll_id}").text) is shown, who
    for who, status in {"desk": 403, "recorder": 403, "resident": 403, "stranger": 404}.items():
        assert town.as_(who).get(f"{build.PATH}/{poll_id}/disputes").status == status, who


def test_what_was_found_is_written_once_and_read_by_the_owner(town: Town, poll_id: int) -> None:
    dispute(town, poll_id)
    assert settle(town, poll_id, who="desk") == 403
    assert settle(town, poll_id, finding="") == 422
    assert settle(town, poll_id) == 303
    assert settle(town, poll_id, finding="再写一遍也不行") == 422
    assert "不是本人所签" in town.as_("committee").get(f"{build.PATH}/{poll_id}/slip").text
    assert "待核查" not in town.as_("moderator").get("/c/jinxiu/work").text
    assert verbs(town)[-2:] == ["ballot.disputed", "ballot.looked_into"]


def test_who_keyed_the_paper_in_does_not_write_what_was_found(town: Town) -> None:
    poll_id = build.opened(town)
    town.as_("moderator").post(f"{build.PATH}/{poll_id}/paper", FIELDS)
    town.as_("desk2").post(f"{build.PATH}/{poll_id}/paper/1", FIELDS)
    dispute(town, poll_id)
    assert settle(town, poll_id, who="moderator") == 422
    assert settle(town, poll_id) == 303


def test_one_disputes_neither_ones_own_ballot_nor_twice_nor_one_that_is_not_there(town: Town, poll_id: int) -> None:
    town.as_("resident").follow(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
    assert dispute(town, poll_id, "resident").status == 422
    assert dispute(town, poll_id, "neighbor").status == 404
    assert dispute(town, poll_id, "tenant").status == 403
    assert dispute(town, poll_id).status == 303
    assert dispute(town, poll_id).status == 422


def test_who_cast_the_disputed_ballot_does_not_write_what_was_found(town: Town) -> None:
    poll_id = build.opened(town)
    build.cast(town, poll_id, {"Y02": "for"})
    with town.write("moderator") as tx:
        ballot = tx.session.exec(select(Ballot)).one()
        ballot.account_id = tx.actor
        tx.session.add(ballot)
    assert dispute(town, poll_id).status == 303
    assert settle(town, poll_id, who="moderator") == 422
    assert settle(town, poll_id, who="supervisor") == 303


def test_who_keyed_it_in_before_a_correction_does_not_write_it_either(town: Town, poll_id: int) -> None:
    with town.write("moderator") as tx:
        first = tx.session.exec(select(PaperReading)).first()
        assert first is not None
        first.by = tx.actor
        tx.session.add(first)
    dispute(town, poll_id)
    assert settle(town, poll_id, who="moderator") == 422
    assert settle(town, poll_id, who="supervisor") == 303
