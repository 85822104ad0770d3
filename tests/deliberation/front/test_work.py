import pytest
from sqlmodel import select

from deliberation.ballot.tables import Ballot
from deliberation.council.actions import appoint
from deliberation.council.resting.actions import rest
from deliberation.council.resting.rules import Why
from deliberation.council.tables import Council
from deliberation.decision.actions import answer, object_to
from deliberation.decision.rules import Done
from deliberation.followup.actions import report
from deliberation.meeting import floor_actions, plan_actions, presence_actions, rules, talk_actions
from deliberation.meeting import queries as meeting_queries
from deliberation.meeting.tables import ActionPoint, Item
from deliberation.minutes import actions
from tests.conftest import Town
from tests.deliberation.ballot import build as ballots
from tests.deliberation.council.build import asked
from tests.deliberation.decision.build import PASSING, decided
from tests.deliberation.followup import build as followup
from tests.deliberation.followup.test_rate import close, rate
from tests.deliberation.meeting import build as meetings
from tests.deliberation.minutes import build as minutes
from tests.deliberation.story import build as story


def work(town: Town, who: str = "moderator") -> str:
    return town.as_(who).get("/c/jinxiu/work").text


@pytest.mark.parametrize(("who", "status"), [("resident", 403), ("supervisor", 200), ("stranger", 404), (None, 303)])
def test_the_workbench_is_for_the_staff(town: Town, who: str | None, status: int) -> None:
    assert town.as_(who).get("/c/jinxiu/work").status == status


def test_an_empty_workbench_says_so(town: Town) -> None:
    assert "眼下没有要办的事" in work(town)


def test_a_council_without_a_roll_is_asked_for_one(town: Town) -> None:
    assert "/c/other/roll/import" in town.as_("other_moderator").get("/c/other/work").html
    with town.write("other_moderator", town.cast.other_council_id) as tx:
        appoint(tx, town.cast.ids["stranger"], "recorder")
    page = town.as_("stranger").get("/c/other/work")
    assert "还没有表决权名册" in page.text
    assert "/c/other/roll/import" in page.html


def test_a_matter_waits_for_triage_and_is_late_after_two_days(town: Town) -> None:
    matter_id = followup.matter(town, accepted=False)
    page = town.as_("moderator").get("/c/jinxiu/work")
    assert "请决定是否受理" in page.text
    assert f"/c/jinxiu/matters/{matter_id}/triage" in page.html
    assert "已逾期" not in page.text
    town.travel(hours=49)
    assert "其中 1 件已逾期" in work(town)
    assert "请决定是否受理" not in work(town, "desk")


def test_an_accepted_matter_goes_on_a_meetings_agenda(town: Town) -> None:
    followup.matter(town)
    assert "请把它排进一次会议" in work(town)


def test_a_meeting_is_followed_from_its_notice_to_its_minutes(town: Town) -> None:
    built = meetings.draft(town)
    assert "会议还没有发通知" in work(town)
    with town.write("moderator") as tx:
        plan_actions.announce(tx, built.id)
    assert "会议通知已发出，等开会" in work(town, "recorder")
    town.travel(days=9, hours=23, minutes=30)
    assert "到点请宣布开会" in work(town)
    with town.write("moderator") as tx:
        floor_actions.open_meeting(tx, built.id, short_reason=meetings.FEW)
    assert "会议正在进行" in work(town)
    built.present("resident")
    built.open_item()
    with town.write("recorder") as tx:
        talk_actions.note_action_point(tx, built.id, text="请消防单位看现场", assignee="物业经理", due_on=None)
    built.conclude()
    built.close()
    page = town.as_("moderator").get("/c/jinxiu/work")
    assert "请起草会议纪要" in page.text
    assert "会上议定的事还没有交办" in page.text
    assert "/c/jinxiu/tasks/new?action_point=1" in page.html


def test_minutes_are_followed_until_they_are_frozen(town: Town) -> None:
    built = minutes.drafted(town)
    assert "请核对会议纪要" in work(town, "recorder")
    built.put_up()
    built.say("resident")
    assert "已回应 1 人，共 3 人" in work(town, "recorder")
    built.say("owner")
    built.say("tenant")
    assert "会议纪要可以定稿" in work(town, "recorder")
    town.travel(days=3)
    assert "会议纪要" not in work(town, "recorder").split("可以做的事")[0]


def test_a_poll_is_announced_when_everything_holds(town: Town) -> None:
    motion_id = ballots.motion(town)
    meeting = meetings.draft(town)
    with town.write("moderator") as tx:
        plan_actions.add_item(tx, meeting.id, minutes_planned=10, motion_id=motion_id)
        plan_actions.announce(tx, meeting.id)
    town.travel(days=10)
    with town.write("moderator") as tx:
        floor_actions.open_meeting(tx, meeting.id, short_reason=meetings.FEW)
    with town.write("resident") as tx:
        presence_actions.sign_in(
            tx, meeting.id, name="谢玉志", home="", role="owner", head_key="Y01", mode=rules.Mode.ROOM
        )
    with town.db.read() as session:
        meeting.item_ids = [item.id for item in meeting_queries.items(session, meeting.id)]
    meeting.open_item(2)
    meeting.conclude(2)
    meeting.close()
    with town.write("recorder") as tx:
        minutes_id = actions.draft(tx, meeting.id).id
        actions.put_up(tx, minutes_id)
    town.travel(days=3)
    page = town.as_("moderator").get("/c/jinxiu/work")
    assert "可以公告表决" in page.text
    assert f"/c/jinxiu/motions/{motion_id}/poll" in page.html


def test_residents_wait_to_be_confirmed(town: Town) -> None:
    asked(town)
    for who in ("moderator", "desk"):
        assert "1 位居民等着核对身份" in work(town, who)


def test_a_paper_ballot_waits_for_another_than_the_first_person(town: Town) -> None:
    poll_id = ballots.opened(town)
    fields = {"slip_no": "a7", "room": "水仙里1幢1单元0102", "choice": "against", "cast_by": "张建强"}
    ballots.signed_in(town, "desk").follow(f"/c/jinxiu/polls/{poll_id}/paper", fields)
    assert "张纸质表决票等第二个人录入" in ballots.signed_in(town, "desk2").get("/c/jinxiu/work").text
    assert "等第二个人录入" not in ballots.signed_in(town, "desk").get("/c/jinxiu/work").text


def test_an_overdue_task_is_named_with_its_assignee(town: Town) -> None:
    followup.task(town, days=1)
    assert "已逾期，负责人" not in work(town)
    town.travel(days=2)
    assert "落实事项已逾期，负责人：物业经理" in work(town)


def test_another_councils_work_does_not_show(town: Town) -> None:
    followup.matter(town, accepted=False)
    with town.db.read() as session:
        assert session.get(Council, town.cast.other_council_id) is not None
    assert "架空层" not in town.as_("other_moderator").get("/c/other/work").text


def test_objections_wait_from_the_day_they_are_made(town: Town) -> None:
    decision = decided(town, PASSING)
    with town.write("resident") as tx:
        objection_id = object_to(tx, decision.id, text="名册里我家的面积写错了。").id
    page = ballots.signed_in(town, "moderator").get("/c/jinxiu/work")
    assert "1 条异议等您答复" in page.text
    assert f"/c/jinxiu/decisions/{decision.id}" in page.html
    with town.write("moderator") as tx:
        answer(tx, decision.id, objection_id, done=Done.EXPLAINED, text="已与登记簿核对，面积无误。")
    assert "异议等您答复" not in ballots.signed_in(town, "moderator").get("/c/jinxiu/work").text


def test_a_poll_that_cannot_be_counted_is_told(town: Town) -> None:
    poll_id = ballots.opened(town)
    ballots.cast(town, poll_id, {"Y01": "for"})
    with town.write("moderator") as tx:
        ballot = tx.session.exec(select(Ballot)).one()
        ballot.choice = "against"
        tx.session.add(ballot)
    ballots.close(town)
    assert "记录对不上，不能计票" in ballots.signed_in(town, "moderator").get("/c/jinxiu/work").text


def test_an_open_poll_shows_how_far_it_is_and_leads_to_the_paper_ballots(town: Town) -> None:
    poll_id = ballots.opened(town)
    ballots.cast(town, poll_id, {"Y01": "for"})
    town.travel(minutes=20)
    page = ballots.signed_in(town, "desk").get("/c/jinxiu/work")
    assert "正在投票，还差 5 人到参与门槛" in page.text
    assert "截止。" in page.text
    assert f'href="/c/jinxiu/polls/{poll_id}/paper"><span>录入纸质票' in page.html
    watched = ballots.signed_in(town, "supervisor").get("/c/jinxiu/work")
    assert "还差 5 人到参与门槛" in watched.text
    assert f'href="/c/jinxiu/polls/{poll_id}"><span>看这次表决' in watched.html
    assert "/paper" not in watched.html
    ballots.close(town)
    assert "正在投票" not in ballots.signed_in(town, "desk").get("/c/jinxiu/work").text


def test_the_supervisor_recounts_and_sees_that_objections_are_answered(town: Town) -> None:
    decision = decided(town, PASSING)
    with town.write("resident") as tx:
        object_to(tx, decision.id, text="名册里我家的面积写错了。")
    caller = ballots.signed_in(town, "supervisor")
    page = caller.get("/c/jinxiu/work").text
    assert "请取出名册和表决票重算一遍" in page
    assert "1 条异议还没有答复" in page
    assert "异议等您答复" not in page
    assert "工作台有 2 件事要办" in caller.get("/c/jinxiu").text


def test_a_reopened_task_waits_for_a_new_day_and_tells_why(town: Town) -> None:
    task_id = followup.task(town, days=2)
    close(town, task_id)
    town.travel(days=3)
    rate(town, task_id, "resident", "no", "二号楼还没有装。")
    page = work(town)
    assert "原来的期限已过，请定新的期限。居民说：二号楼还没有装。" in page
    assert "落实事项已逾期" not in page
    town.travel(minutes=5)
    with town.write("property") as tx:
        report(tx, task_id, percent=50, text="二号楼已开工。")
    assert "居民不满意" not in work(town)


def test_a_point_to_give_out_stands_once(town: Town) -> None:
    matter_id = followup.matter(town)
    meeting_id = story.meeting(town, matter_id)
    story.minutes(town, meeting_id, frozen=True)
    assert "请指定由谁落实" in work(town)
    with town.write("recorder") as tx:
        item = tx.session.exec(select(Item).where(Item.meeting_id == meeting_id)).one()
        tx.session.add(
            ActionPoint(
                council_id=tx.council,
                meeting_id=meeting_id,
                item_id=item.id,
                text="请物业报价",
                assignee="物业经理",
                noted_by=tx.actor,
                noted_at=tx.now,
            )
        )
    page = work(town)
    assert "会上议定的事还没有交办" in page
    assert "请指定由谁落实" not in page


def test_a_new_council_sees_what_it_still_needs_with_what_is_done_ticked(town: Town) -> None:
    html = town.as_("other_moderator").get("/c/other/work").html
    needed, soon = html[html.index('id="beginning"') : html.index("</section>", html.index('id="beginning"'))].split(
        "</ul>"
    )[:2]
    assert "公告业主表决前要办齐的：4 件已做 0 件" in needed
    assert "也请早点办的：2 件已做 1 件" in soon
    assert (needed.count('class="is-done"'), soon.count('class="is-done"')) == (0, 1)
    for path, listed in (("/roll/import", needed), ("/seats/new", needed), ("/settings", soon), ("/residents", soon)):
        assert f'href="/c/other{path}"' in listed


def test_the_number_of_what_is_missing_is_that_of_the_open_points_below_it(town: Town) -> None:
    """Also when a point is open without which a poll can be announced all the same."""
    with town.write("other_moderator", town.cast.other_council_id) as tx:
        for who, role in (("stranger", "supervisor"), ("resident", "recorder"), ("owner", "desk")):
            appoint(tx, town.cast.ids[who], role)
    page = town.as_("other_moderator").get("/c/other/work")
    listed = page.html[page.html.index('id="beginning"') :].split("</ul>")[0]
    assert "还差 2 件，才能公告业主表决" in page.text
    assert listed.count("<li>") == 2
    assert 'id="beginning"' not in town.as_("recorder").get("/c/jinxiu/work").html


def test_a_seat_that_waits_says_for_whom_and_the_roll_stands_once(town: Town) -> None:
    moderator = town.as_("other_moderator")
    moderator.post("/c/other/seats", {"name": "新记录", "phone": "13611112222", "role": "recorder"})
    page = moderator.get("/c/other/work")
    assert "任命记录人等平台管理员同意" in page.text.replace(" ", "")
    assert page.html.count('href="/c/other/seats/new"') == 2, "supervisor and desk"
    assert page.html.count('href="/c/other/roll/import"') == 1
    assert "还差 4 件，才能公告业主表决" in page.text
    assert "眼下没有要办的事" not in page.text


def test_a_seat_that_rests_is_not_done_and_says_so(town: Town) -> None:
    with town.write("other_moderator", town.cast.other_council_id) as tx:
        rest(tx, appoint(tx, town.cast.ids["stranger"], "recorder"), Why.KEY)
    page = town.as_("other_moderator").get("/c/other/work")
    assert "任命记录人等人当面核对" in page.text.replace(" ", "")
    assert "还差 4 件，才能公告业主表决" in page.text
    assert page.html.count('href="/c/other/seats/new"') == 2, "supervisor and desk"


def test_a_supervisors_empty_workbench_names_what_waits_on_the_home_page(town: Town) -> None:
    assert "轮到您办的事，会出现在这里" in work(town, "supervisor")
    assert "48 小时" not in work(town, "supervisor")
    form = {"name": "新服务台", "phone": "13611112222", "role": "desk"}
    assert town.as_("moderator").post("/c/jinxiu/seats", form).status == 303
    page = town.as_("supervisor").get("/c/jinxiu/work")
    assert "那里有 1 件事等您办" in page.text
    assert 'href="/c/jinxiu"' in page.html


def test_the_home_of_a_new_council_leads_its_moderator_to_what_is_missing(town: Town) -> None:
    page = town.as_("other_moderator").get("/c/other")
    assert "议事会还没有备齐：还差 4 件" in page.text
    assert 'href="/c/other/work#beginning"' in page.html
    assert "还没有备齐" not in town.as_("moderator").get("/c/jinxiu").text


def test_a_council_that_has_everything_sees_no_checklist(town: Town) -> None:
    assert "4 件已做 4 件" in work(town)
    assert "2 件已做 1 件" in work(town)
    with town.write("moderator") as tx:
        council = tx.session.get_one(Council, tx.council)
        council.rules_text = "每月开一次会。"
        tx.session.add(council)
    assert "件已做" not in work(town)
