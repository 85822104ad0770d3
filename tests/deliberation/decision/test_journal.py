"""From the notice to the final result each step leaves one entry, in order."""

import pytest

from deliberation.ballot import actions as polls
from deliberation.decision import actions
from deliberation.decision.rules import Done
from tests.conftest import Town
from tests.deliberation.ballot import build as ballot
from tests.deliberation.council.build import verbs
from tests.deliberation.decision import build


def test_a_poll_from_its_notice_to_the_final_result(town: Town) -> None:
    decision = build.decided(town, build.PASSING)
    with town.write("resident") as tx:
        objection = actions.object_to(tx, decision.id, text="请再算一遍面积。").id
    with town.write("supervisor") as tx:
        actions.recount(tx, decision.id, same=False, note="少算了一户。")
        actions.recount(tx, decision.id, same=True, note="再算一遍，相同。")
    with town.write("moderator") as tx:
        actions.answer(tx, decision.id, objection, done=Done.RECOUNTED, text="已由居务监督重算。")
    town.travel(days=16)
    told = verbs(town)
    assert told[told.index("poll.announced") :] == [
        "poll.announced",
        "motion.locked",
        "poll.opened",
        "poll.closed",
        "decision.carried",
        "decision.objected",
        "decision.recounted_differently",
        "decision.recounted_same",
        "decision.objection_answered",
        "decision.final",
    ]


@pytest.mark.parametrize(
    ("choices", "verb"),
    [
        ({**build.PASSING, "Y01": "against", "Y02": "against"}, "decision.not_carried"),
        ({"Y01": "for"}, "decision.not_valid"),
    ],
)
def test_the_entry_says_how_it_came_out(town: Town, choices: dict[str, str], verb: str) -> None:
    build.decided(town, choices)
    assert [one for one in verbs(town) if one.startswith("decision.")] == [verb]


def test_a_poll_that_is_withdrawn_frees_its_text(town: Town) -> None:
    poll_id = ballot.announced(town)
    with town.write("moderator") as tx:
        polls.withdraw(tx, poll_id, reason="名册要重新核对。")
    assert verbs(town)[-2:] == ["poll.withdrawn", "motion.unlocked"]
