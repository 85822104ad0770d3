"""A poll that only asks for opinions decides nothing, wherever its result is told or used."""

import pytest
from sqlmodel import col, select

from deliberation.ballot.rules import Standing
from deliberation.db.tables import Event
from deliberation.decision import queries
from deliberation.decision.tables import Decision
from deliberation.followup.actions import assign
from deliberation.jobs.clock import local
from tests.conftest import Town
from tests.deliberation.ballot import build as ballot
from tests.deliberation.decision.build import PASSING, path
from votes.refusal import Refused

C = "/c/jinxiu"


def asked(town: Town, choices: dict[str, str] = PASSING) -> Decision:
    poll_id = ballot.opened(town, standing=Standing.CONSULTATION)
    ballot.cast(town, poll_id, choices)
    ballot.close(town)
    with town.db.read() as session:
        found = queries.of_poll(session, town.cast.council_id, poll_id)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("choices", "verb", "told"),
    [
        (PASSING, "decision.opinion_for", "多数业主赞成"),
        ({**PASSING, "Y01": "against", "Y02": "against"}, "decision.opinion_not_for", "赞成的不够多"),
        ({"Y01": "for"}, "decision.opinion_not_valid", "参加的人不够"),
    ],
)
def test_what_was_asked_is_told_as_an_opinion_everywhere(
    town: Town, choices: dict[str, str], verb: str, told: str
) -> None:
    found = asked(town, choices)
    with town.db.read() as session:
        verbs = session.exec(select(Event.verb).where(col(Event.verb).startswith("decision."))).all()
    assert list(verbs) == [verb]
    member = ballot.signed_in(town, "resident")
    for where in (path(found), f"{path(found)}/sheet", f"{C}/notices", f"{C}/polls", f"{C}/matters/{found.matter_id}"):
        text = member.get(where).text
        assert told in text, where
        assert "本次表决通过" not in text, where
        assert "本次表决未通过" not in text, where
        assert " 通过 " not in text, where
    assert "撤销" not in member.get(path(found)).text


def test_a_task_after_an_opinion_carries_out_no_decision(town: Town) -> None:
    found = asked(town)
    town.travel(days=16)
    moderator = ballot.signed_in(town, "moderator")
    page = moderator.get(f"{C}/tasks/new?matter={found.matter_id}")
    assert "业主表决已通过" not in page.text
    assert "只征询过业主的意见" in page.text
    assert 'name="decision"' not in page.html
    due = local(town.now).date()
    with town.write("moderator") as tx:
        task = assign(tx, matter_id=found.matter_id, title="先装一处试试", due_on=due, assignee="物业")
        assert task.decision_id is None
    with pytest.raises(Refused), town.write("moderator") as tx:
        assign(tx, matter_id=found.matter_id, title="装好", due_on=due, assignee="物业", decision_id=found.id)
    assert "正在落实：先装一处试试" in moderator.get(f"{C}/matters/{found.matter_id}").text


def test_after_an_opinion_the_same_text_may_be_put_to_an_official_poll(town: Town) -> None:
    found = asked(town)
    with town.write("moderator") as tx:
        official = ballot.announce(tx, found.motion_id).id
    dossier = ballot.signed_in(town, "resident").get(f"{C}/matters/{found.matter_id}").text
    assert "表决公告已发出" in dossier
    with pytest.raises(Refused), town.write("moderator") as tx:
        ballot.announce(tx, found.motion_id)
    assert official != found.poll_id
