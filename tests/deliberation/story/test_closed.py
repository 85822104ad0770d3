"""A matter that has gone its whole way is closed: no list of open matters has it, and nothing is buried in it."""

from datetime import timedelta

import pytest
from sqlmodel import select

from deliberation.agenda import actions, queries
from deliberation.agenda.tables import Proposal
from deliberation.followup import actions as followup
from deliberation.followup import offers
from deliberation.meeting.queries import ready_motions
from deliberation.meeting.tables import ActionPoint, Item
from deliberation.story import course_queries, rules
from deliberation.story import queries as story
from tests.conftest import Town
from tests.deliberation.agenda import build as agenda
from tests.deliberation.followup import build as tasks
from tests.deliberation.story import build
from votes.refusal import Refused


def state(town: Town, matter: int) -> str:
    with town.db.read() as session:
        return session.get_one(Proposal, matter).state


def done(town: Town) -> tuple[int, int]:
    """A matter done and rated, and its task."""
    matter = tasks.matter(town)
    task = tasks.task(town, matter)
    with town.write("property") as tx:
        followup.close_out(tx, task, note="装好了。")
    with town.write("resident") as tx:
        followup.rate(tx, task, satisfied=True)
    town.travel(minutes=1)
    return matter, task


def voted_down(town: Town) -> tuple[int, int]:
    """A matter the owners said no to for good, and its motion."""
    motion = agenda.worded(town)
    with town.db.read() as session:
        matter = queries.motion(session, town.cast.council_id, motion).proposal_id
    poll = build.poll(town, matter, motion, opens=-30, closed=True)
    build.decision(town, matter, motion, poll, passed=False, final=True)
    town.travel(minutes=1)
    return matter, motion


def test_what_is_done_and_rated_is_closed_and_the_journal_says_so(town: Town) -> None:
    matter, _ = done(town)
    assert state(town, matter) == "closed"
    assert agenda.verbs(town, matter)[-1] == "matter.closed"
    assert "“架空层加装充电桩”已经办完，结案" in town.as_("resident").get("/c/jinxiu/log").text
    town.travel(minutes=1)
    assert agenda.verbs(town, matter).count("matter.closed") == 1


def test_what_the_owners_turned_down_is_closed_once_that_is_final(town: Town) -> None:
    matter, _ = voted_down(town)
    assert state(town, matter) == "closed"


def test_what_still_waits_for_the_owners_or_for_a_word_stays_open(town: Town) -> None:
    motion = agenda.worded(town)
    with town.db.read() as session:
        matter = queries.motion(session, town.cast.council_id, motion).proposal_id
    poll = build.poll(town, matter, motion, opens=-30, closed=True)
    decision = build.decision(town, matter, motion, poll)
    carried_out = build.task(town, matter, closed=True, decision_id=decision)
    build.rating(town, carried_out, "resident")
    unrated = tasks.matter(town)
    build.task(town, unrated, closed=True)
    town.travel(minutes=1)
    assert (state(town, matter), state(town, unrated)) == ("accepted", "accepted")


def test_a_closed_matter_is_listed_as_ended(town: Town) -> None:
    matter, _ = done(town)
    with town.db.read() as session:

        def group(name: str) -> list[int]:
            found = story.matters(session, town.cast.council_id, town.now, group=name)
            return [course.id for course, _ in found.rows]

        assert matter in group("ended")
        assert matter not in group("under_way")
        assert story.under_way(session, town.cast.council_id, town.now, 9) == []


def test_no_open_list_offers_a_closed_matter(town: Town) -> None:
    matter, _ = done(town)
    new = agenda.raised(town, title="架空层加装充电桩")
    with town.db.read() as session:
        assert queries.similar(session, town.cast.council_id, "架空层加装充电桩", but=new) == []
        assert queries.merge_targets(session, town.cast.council_id, new) == []
        assert ready_motions(session, town.cast.council_id) == []
        assert offers.open_matters(session, town.cast.council_id) == []
    with town.write("moderator") as tx, pytest.raises(Refused) as refused:
        actions.merge(tx, new, into_id=matter, reason="一样的事。")
    assert refused.value.code == "not_a_merge_target"


def test_nothing_is_worded_checked_or_given_out_on_a_closed_matter(town: Town) -> None:
    matter, _ = done(town)
    moderator = town.as_("moderator")
    number = int(moderator.get(f"/c/jinxiu/matters/{matter}").html.split("/motions/")[1].split('"')[0])
    assert "修改文本" not in moderator.get(f"/c/jinxiu/motions/{number}").text
    for page in ("editing", "checks"):
        assert "这件议题已经结案" in moderator.get(f"/c/jinxiu/motions/{number}/{page}").text
    with town.db.read() as session:
        assert queries.before_poll(session, number) == "matter_closed"
    with pytest.raises(Refused) as refused, town.write("moderator") as tx:
        actions.edit_motion(tx, number, version=1, title="另一件事情", text="写点别的，写得长一些。")
    assert refused.value.code == "matter_closed"
    with pytest.raises(Refused) as refused:
        agenda.checked(town, number, version=1)
    assert refused.value.code == "matter_closed"
    with pytest.raises(Refused) as refused:
        tasks.task(town, matter)
    assert refused.value.code == "matter_closed"


def test_a_resident_who_is_not_satisfied_takes_the_end_back(town: Town) -> None:
    matter, task = done(town)
    with town.write("neighbor") as tx:
        followup.rate(tx, task, satisfied=False, text="有一个不通电。")
    assert state(town, matter) == "accepted"
    assert agenda.verbs(town, matter)[-2:] == ["task.reopened", "matter.reopened"]
    town.travel(minutes=1)
    assert state(town, matter) == "accepted"


def test_a_point_a_meeting_agreed_on_is_given_out_though_the_matter_was_closed(town: Town) -> None:
    matter, _ = done(town)
    meeting = build.meeting(town, matter)
    with town.write("moderator") as tx:
        item = tx.session.exec(select(Item).where(Item.meeting_id == meeting)).one()
        point = ActionPoint(
            council_id=tx.council,
            meeting_id=meeting,
            item_id=item.id,
            text="问问电价",
            assignee="物业",
            noted_by=tx.actor,
            noted_at=tx.now,
        )
        tx.session.add(point)
        tx.session.flush()
        due_on = (town.now + timedelta(days=9)).date()
        followup.assign(
            tx, matter_id=matter, title="问问电价", due_on=due_on, assignee="物业", action_point_id=point.id
        )
    assert state(town, matter) == "accepted"


def test_an_errand_beside_what_was_voted_down_opens_nothing(town: Town) -> None:
    matter, _ = voted_down(town)
    errand = build.task(town, matter, closed=True)
    with town.write("resident") as tx:
        followup.rate(tx, errand, satisfied=False, text="没有做好。")
    assert state(town, matter) == "closed"


def test_the_dossier_of_a_closed_matter_reads_as_it_did(town: Town) -> None:
    matter, _ = done(town)
    with town.db.read() as session:
        course = course_queries.courses(session, town.cast.council_id, [matter])[matter]
        line = rules.stations(course, town.now)
    assert rules.ending(course, line) == "done"
    assert [one.state for one in line if one.key in {"accepted", "task", "review"}] == ["past"] * 3
    text = town.as_("resident").get(f"/c/jinxiu/matters/{matter}").text
    assert "为什么受理" in text


def test_the_workbench_does_not_look_at_closed_matters(town: Town) -> None:
    matter, _ = done(town)
    assert f"/matters/{matter}" not in town.as_("moderator").get("/c/jinxiu/work").html
