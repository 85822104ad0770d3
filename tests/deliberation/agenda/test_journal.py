"""Each act on a matter or its motion leaves one entry, in order."""

from deliberation.agenda import actions, queries
from tests.conftest import Town
from tests.deliberation.agenda.build import accepted, checked, raised, seconded, verbs, worded


def test_a_matter_that_becomes_a_motion(town: Town) -> None:
    matter = raised(town)
    seconded(town, matter, "neighbor")
    with town.write("neighbor") as tx:
        actions.withdraw_second(tx, matter)
    motion = accepted(town, matter)
    with town.write("moderator") as tx:
        actions.edit_motion(tx, motion, version=1, title="装充电桩吧", text="在架空层装十个充电桩。")
    checked(town, motion)
    with town.write("moderator") as tx:
        actions.lock(tx, motion)
        actions.unlock(tx, motion)
        actions.close_matter(tx, matter)
        actions.close_matter(tx, matter)
        actions.reopen_matter(tx, matter)
        actions.reopen_matter(tx, matter)
    assert verbs(town, matter) == [
        "proposal.raised",
        "proposal.seconded",
        "proposal.second_withdrawn",
        "proposal.accepted",
        "motion.edited",
        "motion.checked",
        "motion.checked",
        "motion.checked",
        "motion.locked",
        "motion.unlocked",
        "matter.closed",
        "matter.reopened",
    ]


def test_support_is_told_once(town: Town) -> None:
    matter = raised(town)
    seconded(town, matter, "neighbor", "owner", "owner5")
    with town.write("owner5") as tx:
        actions.withdraw_second(tx, matter)
    seconded(town, matter, "owner5")
    assert verbs(town, matter).count("proposal.supported") == 1


def test_a_matter_merged_into_another_is_told_in_both(town: Town) -> None:
    into, matter = raised(town), raised(town, "owner", title="楼下没地方给车充电")
    with town.write("moderator") as tx:
        actions.merge(tx, matter, into_id=into, reason="是同一件事。")
    assert verbs(town, matter) == ["proposal.raised", "proposal.merged"]
    assert verbs(town, into) == ["proposal.raised", "proposal.joined"]


def test_an_answer_and_a_refusal(town: Town) -> None:
    answered, declined = raised(town), raised(town, "owner", title="楼道灯坏了没有人修理")
    with town.write("moderator") as tx:
        actions.answer(tx, answered, reason="已经修好了。")
        actions.decline(tx, declined, reason="不归我们管。")
    assert verbs(town, answered) == ["proposal.raised", "proposal.answered"]
    assert verbs(town, declined) == ["proposal.raised", "proposal.declined"]


def test_a_form_sent_without_a_change_is_no_act(town: Town) -> None:
    motion = worded(town)
    with town.write("moderator") as tx:
        found = queries.motion(tx.session, tx.council, motion)
        actions.edit_motion(
            tx,
            motion,
            version=found.version,
            title=found.title,
            text=found.text,
            law_item=found.law_item,
            law_reason=found.law_reason,
            income_share=found.income_share,
        )
        matter = found.proposal_id
    assert verbs(town, matter).count("motion.edited") == 1
