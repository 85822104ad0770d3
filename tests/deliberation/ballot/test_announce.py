"""The notice of a poll: what it needs, what it locks."""

import pytest
from sqlmodel import select

from deliberation.agenda import actions as agenda
from deliberation.agenda import queries as agenda_queries
from deliberation.ballot import queries
from deliberation.ballot.tables import Poll
from deliberation.council.actions import appoint
from deliberation.council.resting import actions as resting
from deliberation.council.resting.rules import Why
from deliberation.council.rules import Role
from deliberation.council.tables import Seat
from deliberation.db.journal import record
from tests.conftest import Town
from tests.deliberation.ballot import build
from votes.refusal import Refused


def form(town: Town, motion_id: int, **changes: str) -> dict[str, str]:
    """The form as the page fills it in."""
    fields = {"standing": "official", "opens_at": "2026-03-16T09:00", "closes_at": "2026-03-31T18:00"}
    with town.db.read() as session:
        version = agenda_queries.motion(session, town.cast.council_id, motion_id).version
    return {**fields, "version": str(version), "roll": str(town.cast.roll_id), **changes}


def path(motion_id: int) -> str:
    return f"/c/jinxiu/motions/{motion_id}/poll"


def the_poll(town: Town) -> Poll:
    with town.db.read() as session:
        return queries.polls(session, town.cast.council_id)[0]


def test_the_page_shows_the_text_the_thresholds_and_the_roll_before_anything_is_locked(town: Town) -> None:
    page = town.as_("moderator").get(path(build.motion(town)))
    assert page.status == 200
    assert "收益分配：收益归全体业主，按面积分配" in page.text
    assert "三分之二" in page.text
    assert "四分之三" in page.text
    assert "9 人中至少有 6 人" in page.text
    assert 'value="2026-03-16T09:00"' in page.html


def test_a_motion_that_no_meeting_has_discussed_is_pointed_out_and_may_still_be_announced(town: Town) -> None:
    motion_id = build.motion(town)
    assert "这件事还没有在议事会上议过" in town.as_("moderator").get(path(motion_id)).text
    with town.write("moderator") as tx:
        matter_id = agenda_queries.motion(tx.session, tx.council, motion_id).proposal_id
        record(tx, "item.concluded", matter_id=matter_id)
    assert "这件事还没有在议事会上议过" not in town.as_("moderator").get(path(motion_id)).text


def test_a_meeting_ahead_that_has_the_matter_on_its_agenda_is_pointed_out(town: Town) -> None:
    motion_id = build.motion(town)
    with town.write("moderator") as tx:
        matter_id = agenda_queries.motion(tx.session, tx.council, motion_id).proposal_id
        record(tx, "item.added", meeting_id=5, matter_id=matter_id)
        record(tx, "item.added", meeting_id=6, matter_id=matter_id)
        record(tx, "meeting.announced", meeting_id=6, title="三月例会")
        record(tx, "item.removed", meeting_id=6, matter_id=matter_id)
    page = town.as_("moderator").get(path(motion_id)).text
    assert "还有一次会要议这件事" not in page
    with town.write("moderator") as tx:
        record(tx, "meeting.announced", meeting_id=5, title="四月例会")
    assert "“四月例会”的议程里有这件事" in town.as_("moderator").get(path(motion_id)).text
    with town.write("moderator") as tx:
        record(tx, "meeting.closed", meeting_id=5)
    assert "还有一次会要议这件事" not in town.as_("moderator").get(path(motion_id)).text


def test_less_than_a_week_to_vote_is_warned_of_and_done_knowingly(town: Town) -> None:
    motion_id = build.motion(town)
    moderator = town.as_("moderator")
    short = form(town, motion_id, closes_at="2026-03-23T08:59")
    warned = moderator.post(path(motion_id), short)
    assert warned.status == 422
    assert "只留了 6 天投票，不到 7 天" in warned.text
    assert 'name="short_anyway"' in warned.html
    assert moderator.post(path(motion_id), {**short, "short_anyway": "1"}).status == 303


def test_a_whole_week_needs_no_second_thought(town: Town) -> None:
    motion_id = build.motion(town)
    moderator = town.as_("moderator")
    assert 'name="short_anyway"' not in moderator.get(path(motion_id)).html
    assert moderator.post(path(motion_id), form(town, motion_id, closes_at="2026-03-23T09:00")).status == 303


def test_the_notice_copies_text_rule_and_roll_and_locks_the_motion(town: Town) -> None:
    motion_id = build.motion(town)
    page = town.as_("moderator").follow(path(motion_id), form(town, motion_id))
    assert "公告已发出" in page.text
    poll = the_poll(town)
    assert (poll.heads, poll.area, poll.rule) == (9, 93050, "civil-code-278-major")
    assert poll.roll_id == town.cast.roll_id
    with town.db.read() as session:
        assert agenda_queries.motion(session, town.cast.council_id, motion_id).locked_at == poll.notice_at
    with pytest.raises(Refused), town.write("moderator") as tx:
        agenda.edit_motion(tx, motion_id, version=2, title="改过", text="改过的文本")


def test_an_opening_on_the_fourteenth_day_is_refused_and_keeps_what_was_typed(town: Town) -> None:
    motion_id = build.motion(town)
    answer = town.as_("moderator").post(path(motion_id), form(town, motion_id, opens_at="2026-03-15T23:59"))
    assert answer.status == 422
    assert "至少提前 15 天" in answer.text
    assert 'value="2026-03-15T23:59"' in answer.html


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"closes_at": "2026-06-30T18:00"}, "最多 60 天"),
        ({"closes_at": "2026-03-16T10:00"}, "至少 1 天"),
        ({"closes_at": ""}, "请填写这一项"),
        ({"standing": "decree"}, "请从列出的选项中选一项"),
        ({"version": "1"}, "已被别人改过"),
        ({"roll": "999"}, "已被别人改过"),
    ],
)
def test_a_faulty_notice_is_refused(town: Town, changes: dict[str, str], sentence: str) -> None:
    motion_id = build.motion(town)
    answer = town.as_("moderator").post(path(motion_id), form(town, motion_id, **changes))
    assert answer.status == 422
    assert sentence in answer.text
    with town.db.read() as session:
        assert queries.polls(session, town.cast.council_id) == []


def test_a_motion_without_its_checks_cannot_be_announced(town: Town) -> None:
    motion_id = build.motion(town, checked=False)
    assert "还没有全部通过" in town.as_("moderator").get(path(motion_id)).text
    answer = town.as_("moderator").post(path(motion_id), form(town, motion_id))
    assert answer.status == 422
    assert "还没有全部通过" in answer.text


def test_a_second_notice_on_the_same_motion_is_refused(town: Town) -> None:
    motion_id = build.motion(town)
    moderator = town.as_("moderator")
    moderator.follow(path(motion_id), form(town, motion_id))
    answer = moderator.post(path(motion_id), form(town, motion_id))
    assert answer.status == 422
    assert "不能再公告一次" in answer.text
    assert moderator.get(path(motion_id)).location == f"/c/jinxiu/polls/{the_poll(town).id}"


def test_only_the_moderator_announces(town: Town) -> None:
    motion_id = build.motion(town)
    for who, status in {"recorder": 403, "resident": 403, "stranger": 404, "other_moderator": 404}.items():
        assert town.as_(who).post(path(motion_id), form(town, motion_id)).status == status, who
    assert town.as_(None).post(path(motion_id), form(town, motion_id)).location.startswith("/sign-in")


def test_a_motion_of_another_council_is_not_found(town: Town) -> None:
    motion_id = build.motion(town)
    answer = town.as_("other_moderator").get(f"/c/other/motions/{motion_id}/poll")
    assert answer.status == 404


def test_withdrawn_before_it_opens_the_text_is_free_again_and_a_new_notice_starts_the_clock(town: Town) -> None:
    poll_id = build.announced(town)
    moderator = town.as_("moderator")
    assert moderator.post(f"{build.PATH}/{poll_id}/withdrawal", {"reason": ""}).status == 422
    page = moderator.follow(f"{build.PATH}/{poll_id}/withdrawal", {"reason": "费用写错了"})
    assert "费用写错了" in page.text
    poll = the_poll(town)
    assert poll.withdrawn_at == town.now
    with town.db.read() as session:
        assert agenda_queries.motion(session, town.cast.council_id, poll.motion_id).locked_at is None
    town.travel(days=10)
    answer = moderator.post(path(poll.motion_id), form(town, poll.motion_id))
    assert answer.status == 422
    assert "现在只隔 5 天" in answer.text


def test_an_open_poll_cannot_be_withdrawn(town: Town) -> None:
    poll_id = build.opened(town)
    answer = town.as_("moderator").post(f"{build.PATH}/{poll_id}/withdrawal", {"reason": "来不及了"})
    assert answer.status == 422
    assert "不能撤回" in answer.text


def test_the_notice_to_print_carries_text_dates_thresholds_and_a_code_to_scan(town: Town) -> None:
    sheet = town.as_("resident").get(f"{build.PATH}/{build.announced(town)}/sheet")
    assert sheet.status == 200
    assert "2026年3月16日（周一）09:00" in sheet.text
    assert "<svg" in sheet.html
    assert "930.50 ㎡" in sheet.text


def test_the_notice_can_be_read_by_anybody_and_names_nobody(town: Town) -> None:
    poll_id = build.announced(town)
    answer = town.as_(None).get(f"{build.PATH}/{poll_id}/sheet")
    assert answer.status == 200
    assert "业主表决公告" in answer.text
    assert [name for name in ("林主持", "谢玉志", "13800") if name in answer.html] == []


def leave(town: Town, *roles: str) -> None:
    with town.write("moderator") as tx:
        for one in tx.session.exec(select(Seat).where(Seat.council_id == town.cast.council_id)):
            if one.role in roles:
                one.until = tx.now
                tx.session.add(one)


@pytest.mark.parametrize(
    ("gone", "sentence"),
    [(("recorder", "desk"), "不能由一个人包办"), (("supervisor",), "要有人监督")],
)
def test_a_vote_that_binds_is_run_by_two_and_watched(town: Town, gone: tuple[str, ...], sentence: str) -> None:
    motion_id = build.motion(town)
    leave(town, *gone)
    moderator = town.as_("moderator")
    refused = moderator.post(path(motion_id), form(town, motion_id))
    assert refused.status == 422
    assert sentence in refused.text
    assert moderator.post(path(motion_id), form(town, motion_id, standing="consultation")).status == 303


def test_whoever_is_missing_is_told_above_the_form_and_not_only_after_it(town: Town) -> None:
    motion_id = build.motion(town)
    moderator = town.as_("moderator")
    assert "还不能公告有约束力的表决" not in moderator.get(path(motion_id)).text
    leave(town, "recorder", "desk", "supervisor")
    page = moderator.get(path(motion_id))
    for sentence in ("还不能公告有约束力的表决", "不能由一个人包办", "要有人监督"):
        assert page.text.index(sentence) < page.text.index("发出公告，锁定文本")
    assert 'href="/c/jinxiu/seats/new"' in page.html
    with town.write("admin") as tx:
        appoint(tx, town.cast.ids["supervisor"], "supervisor")
    moderator.post("/c/jinxiu/seats", {"name": "新记录", "phone": "13611112222", "role": "recorder"})
    page = moderator.get(path(motion_id))
    assert "要有人监督" not in page.text
    assert "已经有人提名，正等另一位同意" in page.text
    assert '<a class="row-link" href="/c/jinxiu/seats">' in page.html


def test_whose_seat_rests_is_told_as_missing_on_the_page_and_by_the_act(town: Town) -> None:
    motion_id = build.motion(town)
    with town.write("admin") as tx:
        supervisor = tx.session.exec(select(Seat).where(Seat.role == Role.SUPERVISOR)).one()
        resting.rest(tx, supervisor, Why.RECOVERY)
    moderator = town.as_("moderator")
    assert "要有人监督" in moderator.post(path(motion_id), form(town, motion_id)).text
    page = moderator.get(path(motion_id))
    assert page.text.index("要有人监督") < page.text.index("发出公告，锁定文本")


def test_a_poll_opens_within_a_year(town: Town) -> None:
    motion_id = build.motion(town)
    far = form(town, motion_id, opens_at="2027-06-01T09:00", closes_at="2027-06-20T18:00")
    answer = town.as_("moderator").post(path(motion_id), far)
    assert answer.status == 422
    assert "请定在一年以内" in answer.text
