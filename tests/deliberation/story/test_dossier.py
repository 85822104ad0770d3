"""The dossier shows a matter's whole way to members, and asks each of them what is theirs to do."""

import re

import pytest

from deliberation.agenda import actions
from deliberation.agenda.tables import Motion
from deliberation.ballot.actions import cast
from deliberation.ballot.rules import Choice
from deliberation.db.journal import record
from deliberation.minutes.tables import Attestation
from tests.conftest import Town
from tests.deliberation.agenda.build import accepted, checked, raised, seconded
from tests.deliberation.ballot import build as ballots
from tests.deliberation.ballot.test_announce import leave
from tests.deliberation.story import build

DOSSIER = "/c/jinxiu/matters/{}"


def dossier(town: Town, matter: int, who: str = "neighbor") -> str:
    answer = town.as_(who).get(DOSSIER.format(matter))
    assert answer.status == 200
    return answer.html


def test_a_new_matter_asks_a_neighbor_to_second_it_and_the_moderator_to_decide(town: Town) -> None:
    matter = raised(town)
    assert f'action="/c/jinxiu/proposals/{matter}/seconding"' in dossier(town, matter, "neighbor")
    assert f'href="/c/jinxiu/matters/{matter}/triage"' in dossier(town, matter, "moderator")
    own = dossier(town, matter, "resident")
    assert "这是您提的" in own
    assert "/seconding" not in own


def test_each_page_has_one_main_button_at_most(town: Town) -> None:
    matter = raised(town)
    for who in ("resident", "neighbor", "moderator", "recorder", "desk", "supervisor", "tenant"):
        assert dossier(town, matter, who).count("button-main") <= 1


def test_the_way_links_to_the_papers_of_every_station(town: Town) -> None:
    matter = raised(town)
    seconded(town, matter, "neighbor")
    motion = accepted(town, matter)
    with town.write("moderator") as tx:
        actions.edit_motion(
            tx,
            motion,
            version=1,
            title="充电桩",
            text="装充电桩",
            law_item=8,
            law_reason="理由",
            income_share="全体业主",
        )
    checked(town, motion)
    meeting = build.meeting(town, matter)
    minutes = build.minutes(town, meeting, frozen=True)
    poll = build.poll(town, matter, motion, opens=-8, closed=True)
    decision = build.decision(town, matter, motion, poll, final=True)
    task = build.task(town, matter, closed=True, decision_id=decision)
    html = dossier(town, matter)
    for path in (
        f"/motions/{motion}",
        f"/meetings/{meeting}",
        f"/minutes/{minutes}",
        f"/minutes/{minutes}/pdf",
        f"/polls/{poll}/sheet",
        f"/decisions/{decision}",
        f"/decisions/{decision}/record.json",
        f"/tasks/{task}",
    ):
        assert f'href="/c/jinxiu{path}"' in html
    assert "会上意见一致" in html
    assert "表决通过" in html
    assert "您满意吗" in html


def test_every_meeting_its_minutes_every_poll_and_every_task_is_linked(town: Town) -> None:
    matter = raised(town)
    motion = accepted(town, matter)
    first = build.meeting(town, matter, conclusion="partly_agreed")
    first_minutes = build.minutes(town, first, frozen=True)
    withdrawn = build.poll(town, matter, motion, withdrawn=True)
    town.travel(days=12)
    second = build.meeting(town, matter)
    second_minutes = build.minutes(town, second, serial_no="2026-02")
    poll = build.poll(town, matter, motion)
    errand = build.task(town, matter)
    page = town.as_("tenant").get(f"/c/jinxiu/matters/{matter}")
    for path in (
        f"/meetings/{first}",
        f"/minutes/{first_minutes}",
        f"/minutes/{first_minutes}/pdf",
        f"/meetings/{second}",
        f"/minutes/{second_minutes}",
        f"/polls/{withdrawn}",
        f"/polls/{poll}",
        f"/tasks/{errand}",
    ):
        assert f'href="/c/jinxiu{path}"' in page.html
    assert "会议和议程 · 3月1日（周日）" in page.text
    assert "3月1日（周日）公告、后来撤回的表决" in page.text
    assert page.html.count(f'href="/c/jinxiu/polls/{withdrawn}/sheet"') == 0


def test_an_owner_is_asked_to_vote_until_their_head_has_cast(town: Town) -> None:
    matter = raised(town)
    poll = build.poll(town, matter, accepted(town, matter), opens=-1)
    button = f'href="/c/jinxiu/polls/{poll}"><span>投票'
    assert button in dossier(town, matter, "neighbor")
    assert button not in dossier(town, matter, "tenant")
    with town.write("neighbor") as tx:
        cast(tx, poll, head_key="Y03", choice=Choice.FOR, cast_by="吴志燕", level=2)
    assert button not in dossier(town, matter, "neighbor")
    assert button in dossier(town, matter, "owner")


def test_an_attendee_is_asked_to_confirm_the_minutes_once(town: Town) -> None:
    matter = raised(town)
    accepted(town, matter)
    meeting = build.meeting(town, matter)
    presence = build.present(town, meeting, "neighbor")
    minutes = build.minutes(town, meeting)
    assert "看纪要并确认" in dossier(town, matter, "neighbor")
    assert "看纪要并确认" not in dossier(town, matter, "owner")
    with town.write("neighbor") as tx:
        tx.session.add(
            Attestation(
                council_id=tx.council,
                minutes_id=minutes,
                presence_id=presence,
                entered_by=tx.actor,
                word="confirmed",
                version=1,
                at=tx.now,
            )
        )
    assert "看纪要并确认" not in dossier(town, matter, "neighbor")


def test_those_who_raised_and_seconded_are_asked_to_rate_once(town: Town) -> None:
    matter = raised(town)
    seconded(town, matter, "neighbor")
    motion = accepted(town, matter)
    poll = build.poll(town, matter, motion, opens=-8, closed=True)
    decision = build.decision(town, matter, motion, poll, final=True)
    task = build.task(town, matter, closed=True, decision_id=decision)
    for who, asked in (("resident", True), ("neighbor", True), ("owner", False)):
        assert ("您满意吗" in dossier(town, matter, who)) is asked
    build.rating(town, task, "neighbor")
    assert "您满意吗" not in dossier(town, matter, "neighbor")
    build.rating(town, task, "resident")
    assert "这件事已经走完全程" in dossier(town, matter, "neighbor")


def test_a_withdrawn_poll_is_not_on_the_way(town: Town) -> None:
    matter = raised(town)
    poll = build.poll(town, matter, accepted(town, matter), opens=-1, withdrawn=True)
    html = dossier(town, matter)
    way, papers = html[: html.index('id="documents-title"')], html[html.index('id="documents-title"') :]
    assert f"/polls/{poll}" not in way
    assert f'/polls/{poll}"' in papers


def test_a_poll_that_was_voted_down_ends_the_way(town: Town) -> None:
    matter = raised(town)
    motion = accepted(town, matter)
    poll = build.poll(town, matter, motion, opens=-8, closed=True)
    build.decision(town, matter, motion, poll, passed=False, final=True)
    html = dossier(town, matter)
    assert "表决未通过" in html
    assert '<li class="is-stopped"' in html


def test_an_ended_matter_shows_only_the_stations_it_reached(town: Town) -> None:
    matter = raised(town)
    with town.write("moderator") as tx:
        actions.decline(tx, matter, reason="请找街道办。")
    html = dossier(town, matter)
    assert html.count('<li class="is-past"') == html.count('<li class="is-stopped"') == 1
    assert "is-skipped" not in html
    assert "受理 已完成" not in way(html)


def test_the_journal_is_told_in_words_with_names(town: Town) -> None:
    matter = raised(town)
    seconded(town, matter, "neighbor")
    accepted(town, matter)
    page = town.as_("owner").get(DOSSIER.format(matter)).text
    assert "谢玉志提出：请在架空层装充电桩（消防安全）" in page
    assert "吴志燕附议，共 1 人附议" in page
    assert "林主持受理（公共事务）。理由：大家都关心。" in page


def test_an_act_without_words_does_not_break_the_page(town: Town) -> None:
    matter = raised(town)
    with town.write("moderator") as tx:
        record(tx, "-".join(["of", "tomorrow"]), matter_id=matter)
        record(tx, "-".join(["proposal", "seconded"]).replace("-", "."), matter_id=matter)
    assert "林主持做了一步（of-tomorrow）" in dossier(town, matter)


def test_minutes_and_meeting_acts_appear_though_they_name_no_matter(town: Town) -> None:
    matter = raised(town)
    accepted(town, matter)
    meeting = build.meeting(town, matter)
    with town.write("moderator") as tx:
        record(tx, "-".join(["minutes", "typed"]).replace("-", "."), meeting_id=meeting)
        record(tx, "-".join(["turn", "typed"]).replace("-", "."), meeting_id=meeting)
    html = dossier(town, matter)
    assert "minutes.typed" in html
    assert "turn.typed" not in html


def test_english_is_complete(town: Town) -> None:
    matter = raised(town)
    seconded(town, matter, "neighbor")
    caller = town.as_("owner")
    caller.client.cookies.set("lang", "en")
    page = caller.get(DOSSIER.format(matter)).text
    assert "The moderator decides whether it is taken up" in page
    assert "2 more and there is enough support" in page
    assert "1 neighbor seconds it" in page


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        (None, "/c/jinxiu/matters/1", 303),
        ("stranger", "/c/jinxiu/matters/1", 404),
        ("other_resident", "/c/jinxiu/matters/1", 404),
        ("other_resident", "/c/other/matters/1", 404),
        ("resident", "/c/jinxiu/matters/99", 404),
        ("resident", "/c/jinxiu/matters/99999999999999999999999", 404),
        ("supervisor", "/c/jinxiu/matters/1", 200),
    ],
)
def test_a_dossier_is_for_members_of_its_council(town: Town, who: str | None, path: str, status: int) -> None:
    assert raised(town) == 1
    assert town.as_(who).get(path).status == status


def way(html: str) -> str:
    """The line of stations, without markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html[html.index('<ol class="line">') : html.index("</ol>")]))


def test_a_matter_that_was_voted_down_says_so_and_asks_nobody_to_wait(town: Town) -> None:
    matter = raised(town)
    motion = accepted(town, matter)
    poll = build.poll(town, matter, motion, opens=-8, closed=True)
    build.decision(town, matter, motion, poll, passed=False, final=True)
    html = dossier(town, matter)
    assert "业主表决没有通过，到此结束；可以修改后重新提出" in html
    assert "走完全程" not in html
    assert "还没到" not in way(html)
    assert "落实" not in way(html)
    assert "商议 没有开会" in way(html)
    listed = town.as_("neighbor").get("/c/jinxiu/matters").text
    assert "表决未通过" in listed


@pytest.mark.parametrize(("how", "name"), [("decline", "未受理"), ("answer", "已答复")])
def test_a_matter_turned_away_does_not_show_as_taken_up(town: Town, how: str, name: str) -> None:
    matter = raised(town)
    with town.write("moderator") as tx:
        getattr(actions, how)(tx, matter, reason="不归我们管，请找物业。")
    told = way(dossier(town, matter))
    assert f"{name} 到此结束" in told
    assert "受理 已完成" not in told


def test_what_was_raised_stands_before_its_way_and_what_is_to_come_takes_one_row(town: Town) -> None:
    matter = raised(town)
    html = dossier(town, matter)
    assert html.index('id="text-title"') < html.index('id="way-title"')
    assert "等待受理 正在进行" in way(html)
    assert "商议、纪要、表决、公示、落实、评议 还没到" in way(html)


def test_a_matter_whose_checks_hold_offers_the_poll_and_the_meeting(town: Town) -> None:
    motion_id = ballots.motion(town)
    with town.db.read() as session:
        matter = session.get_one(Motion, motion_id).proposal_id
    page = town.as_("moderator").get(f"/c/jinxiu/matters/{matter}")
    assert page.html.count("button-main") == 1
    assert page.html.index(f"/c/jinxiu/motions/{motion_id}/poll") < page.html.index("/c/jinxiu/meetings/new?motion=")
    assert "或者先开会议一议" in page.text
    assert f"/motions/{motion_id}/poll" not in town.as_("recorder").get(f"/c/jinxiu/matters/{matter}").html


def test_whoever_is_missing_for_a_binding_poll_is_said_on_the_matter_with_the_way_to_it(town: Town) -> None:
    motion_id = ballots.motion(town)
    with town.db.read() as session:
        matter = session.get_one(Motion, motion_id).proposal_id
    address = f"/c/jinxiu/matters/{matter}"
    assert "还不能公告有约束力的表决" not in town.as_("moderator").get(address).text
    leave(town, "supervisor")
    page = town.as_("moderator").get(address)
    assert "还不能公告有约束力的表决" in page.text
    assert "要有人监督" in page.text
    assert 'href="/c/jinxiu/seats/new"' in page.html
    assert "还不能公告" not in town.as_("resident").get(address).text
