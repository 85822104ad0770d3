"""One matter from a complaint to a closed task, played in a browser by the people it takes."""

from __future__ import annotations

import io
import re
import sqlite3
from datetime import date

import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, expect

from deliberation.i18n.catalog import LANGS, Lang
from tests.cast import COUNCIL
from tests.stories.harness import Crowd, Server, Someone

pytestmark = pytest.mark.browser

MATTER = "2幢单元门口的路灯坏了一个月"
MOTION = "用维修资金更换2幢门口的路灯"
MEETING = "三月议事会"
TASK = "更换2幢门口的三盏路灯"


def photo(name: str) -> FilePayload:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "#39566b").save(out, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


def to_matter(someone: Someone) -> None:
    someone.follow("Matters", ".site-nav")
    someone.follow(MATTER, "main", raw=True)


def to_meeting(someone: Someone) -> None:
    someone.follow("Meetings", ".site-nav")
    someone.follow(MEETING, "main", raw=True)


def is_raised_and_seconded(crowd: Crowd) -> None:
    resident = crowd["resident"]
    resident.follow("Matters", ".site-nav")
    resident.follow("Raise a matter", "main")
    resident.fill(
        title=MATTER,
        text="一个月了，晚上老人摔过一次。",
        suggestion="换成三盏节能灯。",
        place="2幢1单元门口",
    )
    resident.page.select_option("select[name=category]", "repair")
    resident.page.set_input_files("input[name=photos]", photo("lamp.jpg"))
    resident.press("Raise it")
    resident.told("raised")
    expect(resident.page.locator(".photos img")).to_have_count(1)
    for who in ("neighbor", "owner", "owner5"):
        to_matter(crowd[who])
        crowd[who].press(crowd[who].word("ask_button", "second"), raw=True)
        crowd[who].told("seconded")
    crowd["owner5"].reads(crowd["owner5"].say("Enough: the council asks for %(needed)s.", needed=3))


def is_worded_and_checked(crowd: Crowd) -> None:
    moderator = crowd["moderator"]
    to_matter(moderator)
    moderator.follow(moderator.word("ask_button", "triage"), "main", raw=True)
    moderator.choose("kind", "livelihood")
    moderator.fill(reason="关系到大家晚上出行安全。")
    moderator.press("Take it up")
    moderator.told("accepted")
    moderator.follow("Edit the text", "main")
    moderator.fill(
        title=MOTION,
        text="更换2幢1单元门口三盏路灯，物业服务企业负责，通过后一个月内完成。",
        option_1="更换三盏节能灯",
        option_2="只修坏的一盏",
        cost="三盏共 1,800 元，从维修资金列支",
        law_reason="动用维修资金属于第五项。",
    )
    moderator.choose("chosen", "1")
    moderator.choose("law_item", "5")
    moderator.press("Save the text")
    moderator.told("motion_edited")
    moderator.follow("Record the checks", "main")
    for note in ("属于业主共同决定的事项。", "合法，不侵害任何业主的权利。", "电工看过，安全。"):
        moderator.choose("outcome", "holds")
        moderator.fill(note=note)
        moderator.press("Record the check")
        moderator.told("checked")
    moderator.reads(moderator.say("All three checks hold for this text. You can give notice of the poll."))


def is_called_to_a_meeting(crowd: Crowd) -> None:
    moderator = crowd["moderator"]
    moderator.follow("The matter", "main")
    moderator.follow(moderator.word("ask_button", "call_meeting"), "main", raw=True)
    moderator.fill(title=MEETING, starts_at="2026-03-17T09:30", place="社区活动室", quorum="2")
    moderator.press("Save and go on to the agenda")
    moderator.page.select_option("select[name=motion_id]", label=MOTION)
    moderator.press("Add")
    moderator.told("item_added")
    moderator.press("Announce the meeting")
    moderator.told("meeting_announced")
    moderator.later("fortnight")


def sign_in_to_the_meeting(crowd: Crowd, server: Server) -> None:
    owner, desk, desk2, resident = crowd["owner"], crowd["desk"], crowd["desk2"], crowd["resident"]
    to_meeting(owner)
    owner.follow("Go in", "main")
    owner.press("Sign in online", live=True)
    owner.reads(owner.say("You are signed in (%(mode)s).", mode=owner.word("mode", "online")))

    to_meeting(desk)
    desk.follow("Desk", "main")
    desk.fill(person="庄淑辉")
    desk.unfold("A guest: home and head on the roll")
    desk.fill(home="红茶里商铺S01", head="Y08 · 庄淑辉")
    desk.press("Sign this person in")
    desk.reads(desk.say("%(name)s is signed in.", name="庄淑辉"))

    to_meeting(desk2)
    desk2.follow("Projector", "main")
    expect(desk2.page.locator("#wall-join svg")).to_be_visible()
    resident.open(scanned(server))
    resident.press("I am here")
    resident.reads(resident.say("You are signed in (%(mode)s).", mode=resident.word("mode", "room")))


def scanned(server: Server) -> str:
    """What a phone reads from the code on the projector."""
    with sqlite3.connect(f"file:{server.folder / 'council.db'}?mode=ro", uri=True) as database:
        meeting_id, code = database.execute("select id, door_code from meeting").fetchone()
    return f"/c/jinxiu/meetings/{meeting_id}/door/{code}"


def is_discussed(crowd: Crowd) -> None:
    moderator, owner, resident, wall = crowd["moderator"], crowd["owner"], crowd["resident"], crowd["desk2"]
    to_meeting(moderator)
    moderator.follow("Moderator's console", "main")
    moderator.press("Open the meeting", live=True)
    moderator.press("Take up this item", live=True)
    expect(moderator.page.locator(".console-floor h1")).to_have_text(MOTION)
    wall.fresh()
    expect(wall.page.locator("#wall-item h1")).to_have_text(MOTION)

    owner.fresh()
    owner.press("I want to speak", live=True)
    owner.reads(owner.say("You are next on the list."))
    moderator.fresh()
    moderator.press("Give the floor", live=True)
    owner.fresh()
    owner.reads(owner.say("You have the floor. Please speak."))
    wall.fresh()
    expect(wall.page.locator("#wall-speaker")).to_contain_text("郑志婷")
    owner.press("I have finished", live=True)
    owner.fill(statement="三盏一起换，省得以后再动工。")
    owner.press("Send", live=True)
    expect(owner.page.locator("#statements")).to_contain_text("省得以后再动工")

    moderator.fresh()
    moderator.unfold("Open a straw poll")
    moderator.fill(question="三盏一起换吗？")
    moderator.press("Open the straw poll", live=True)
    for someone, mark in ((owner, "For"), (resident, "For")):
        someone.fresh()
        someone.press(someone.say(mark), raw=True, live=True)
        someone.reads(someone.say("Your mark is in. You can change it until the straw poll is closed."))
        someone.fits()
    moderator.fresh()
    moderator.press("Close and show the figures", live=True)
    owner.fresh()
    expect(owner.page.locator("#straw .counts li").first).to_have_text(re.compile(r"2\s*$"))

    moderator.unfold("Note something to be done")
    moderator.fill(task=TASK, assignee="物业经理")
    moderator.press("Note it", live=True)
    moderator.reads(TASK)
    moderator.unfold("Conclude this item")
    moderator.choose("conclusion", "agreed")
    moderator.fill(conclusion_text="同意三盏一起换，提交业主表决。")
    moderator.press("Conclude the item", live=True)
    moderator.reads(moderator.say("All items are dealt with."))
    for someone in (moderator, owner, wall):
        someone.fits()
    moderator.press("Close the meeting", live=True)
    moderator.reads(moderator.say("The meeting is over"))
    wall.fresh()
    wall.reads(wall.say("The meeting is over. Thank you for coming."))
    wall.page.go_back()
    for someone in (owner, resident, moderator):
        someone.fresh()
        someone.follow("What happened", "main")
        someone.reads("同意三盏一起换，提交业主表决。")


def has_minutes(crowd: Crowd) -> None:
    recorder, owner, resident, desk = crowd["recorder"], crowd["owner"], crowd["resident"], crowd["desk"]
    to_meeting(recorder)
    recorder.press("Draft the minutes")
    recorder.told("minutes_drafted")
    recorder.page.get_by_role("link", name=re.compile(rf"^{recorder.say('Edit')}\s+2$")).click()
    paragraph = recorder.page.locator("textarea[name=text]")
    paragraph.fill(paragraph.input_value() + "记录人已核对。")
    recorder.press("Save the paragraph")
    recorder.told("paragraph_kept")
    recorder.press("Put up for confirmation")
    recorder.told("minutes_put_up")
    for someone in (owner, resident):
        to_matter(someone)
        someone.follow(someone.word("ask_button", "confirm_minutes"), "main", raw=True)
        someone.reads("记录人已核对。", "三盏一起换，省得以后再动工。")
        someone.press("Confirm the minutes")
        someone.told("minutes_confirmed")
    to_matter(desk)
    desk.follow("Minutes", ".line")
    desk.unfold("At the desk: enter the word of somebody without an account")
    desk.page.select_option("select[name=presence]", label="庄淑辉")
    desk.choose("word", "confirmed")
    desk.press("Record their word")
    recorder.page.reload()
    recorder.press("Freeze the minutes")
    recorder.told("minutes_frozen")
    expect(recorder.page.locator(".hash")).to_have_text(re.compile(r"^([0-9a-f]{4} ?){16}$"))


def is_put_to_the_owners(crowd: Crowd) -> None:
    moderator = crowd["moderator"]
    to_matter(moderator)
    moderator.follow(moderator.word("ask_button", "announce"), "main", raw=True)
    give_notice(moderator)


def give_notice(moderator: Someone) -> None:
    """The form of the notice, and the 15 days after it."""
    moderator.choose("standing", "official")
    moderator.press("Give notice and lock the text")
    moderator.told("poll_announced")
    moderator.later("fortnight")


def vote(someone: Someone, choice: str) -> str:
    """Read back, cast and keep the slip; the receipt as it is printed on it."""
    someone.asked("vote")
    someone.follow("Vote", "main")
    someone.choose("choice", choice)
    someone.press("Next: read it back")
    expect(someone.page.locator(".readback-sentence strong")).to_have_text(someone.word("choice", choice))
    someone.press("Yes, cast my ballot")
    someone.reads(someone.say("Your ballot is recorded. Keep this slip."))
    slip = "".join(someone.page.locator(".slip-code").inner_text().split())
    someone.follow("Back to the poll", "main")
    someone.reads(someone.say("The ballot for your home is cast"))
    return slip


def key_in(someone: Someone, slip: str, room: str, choice: str, name: str) -> None:
    someone.fill(slip_no=slip, room=room, cast_by=name)
    someone.choose("choice", choice)
    someone.press("Keep the first reading")
    someone.told("paper_keyed_in")


def is_voted_on(crowd: Crowd) -> None:
    slips = {vote(crowd[who], "for") for who in ("owner", "resident", "neighbor")} | {vote(crowd["owner5"], "against")}
    assert len(slips) == 4
    assert all(re.fullmatch(r"[2-9A-Z]{16}", slip) for slip in slips)
    desk, desk2 = crowd["desk"], crowd["desk2"]
    for someone in (desk, desk2):
        to_matter(someone)
        someone.follow("Poll", ".line")
        someone.follow("Key in paper ballots", "main")
    key_in(desk, "A-001", "1幢1单元0102", "for", "张建强")
    key_in(desk, "A-002", "2幢1单元0101", "abstain", "黄文辉")
    for number, room, choice in (("A-001", "1幢1单元0102", "for"), ("A-002", "2幢1单元0101", "abstain")):
        desk2.open(desk2.page.url)
        row = desk2.page.locator("main li", has_text=desk2.say("Slip %(number)s", number=number)).first
        with desk2.page.expect_navigation():
            row.get_by_role("link", name=desk2.say("Read it a second time"), exact=True).click()
        desk2.fill(room=room)
        desk2.choose("choice", choice)
        desk2.press("Keep the second reading")
        desk2.reads(desk2.say("Both readings agree. The ballot is in."))
        desk2.follow("Paper ballots", "main")


def is_decided(crowd: Crowd) -> None:
    moderator, anonymous = crowd["moderator"], crowd["anonymous"]
    to_matter(moderator)
    moderator.later("fortnight")
    moderator.later("day")
    moderator.follow("Poll", ".line")
    moderator.follow("See the result", "main")
    anonymous.open("/")
    anonymous.follow("锦绣邻里议事会", "main", raw=True)
    anonymous.follow("All notices", "main")
    anonymous.follow_to("/decisions/")
    # Of 9 heads and 930.50 m2 took part: Y01 200.00, Y02 100.00, Y03 80.50, Y04 120.00 for; Y05 100.00 against; Y06 90.00
    # abstaining: 6 heads and 690.50. Two thirds of the roll are 6 heads and 620.34 (620.333… rounded up); more than half of
    # those taking part are 4 heads and 345.26. For it are 4 heads and 500.50.
    expected = [
        ("6", "/ 9", "6"),
        ("690.50", "/ 930.50", "620.34"),
        ("4", "/ 6", "4"),
        ("500.50", "/ 690.50", "345.26"),
    ]
    rows = anonymous.page.locator(".tests .twin-row")
    expect(rows).to_have_count(4)
    for index, (have, of, need) in enumerate(expected):
        row = rows.nth(index)
        expect(row.locator("b")).to_have_text(have)
        expect(row.locator(".of")).to_contain_text(of)
        expect(row.locator(".need")).to_have_text(anonymous.say("needs %(least)s", least=need))
        expect(row.locator(".word")).to_have_text(anonymous.say("reached"))
    html = anonymous.page.content()
    assert [name for name, *_ in COUNCIL.values() if name in html] == []
    moderator.later("fortnight")
    anonymous.page.reload()
    anonymous.reads(anonymous.word("decision_state", "final"))


def report(crowd: Crowd, percent: str, text: str) -> None:
    firm = crowd["property"]
    firm.asked("task")
    firm.fill(percent=percent, text=text)
    firm.page.set_input_files("input[name=photos]", photo("work.jpg"))
    firm.press("Record the progress")
    firm.told("progress_kept")


def close_out(crowd: Crowd, note: str) -> None:
    moderator = crowd["moderator"]
    to_matter(moderator)
    moderator.follow("Carried out", ".line")
    moderator.unfold("It is done: close it out")
    moderator.fill(note=note)
    moderator.press("Close out the task")
    moderator.told("task_closed_out")


def rate(crowd: Crowd, satisfied: str, text: str) -> None:
    resident = crowd["resident"]
    resident.asked("rate")
    resident.choose("satisfied", satisfied)
    resident.fill(rating_text=text)
    resident.press("Send my rating")


def is_carried_out(crowd: Crowd) -> None:
    moderator, resident = crowd["moderator"], crowd["resident"]
    to_matter(moderator)
    moderator.follow(moderator.word("ask_button", "assign"), "main", raw=True)
    moderator.fill(title=TASK, due_on=date(2026, 6, 30).isoformat())
    moderator.page.select_option("select[name=assignee_id]", index=holder(moderator, "物业经理"))
    moderator.press("Give out the task")
    moderator.told("task_assigned")
    report(crowd, "60", "灯已买好，明天安装。")
    close_out(crowd, "三盏都换好了。")
    rate(crowd, "no", "有一盏还不亮。")
    resident.told("rated_not")
    report(crowd, "90", "换了那一盏的镇流器。")
    close_out(crowd, "三盏都亮了。")
    rate(crowd, "yes", "谢谢，都亮了。")
    resident.told("rated_satisfied")
    to_matter(resident)
    expect(resident.page.locator(".line > li.is-past")).to_have_count(8)
    resident.reads(resident.say("Its way is finished."))


def holder(someone: Someone, name: str) -> int:
    options = someone.page.locator("select[name=assignee_id] option").all_inner_texts()
    return next(index for index, option in enumerate(options) if name in option)


EVERY_PAIR = {("phone", "zh", True), ("phone", "en", False), ("laptop", "zh", False), ("laptop", "en", True)}
WAYS = [(size, lang, js) for size in ("phone", "laptop") for lang in LANGS for js in (True, False)]


@pytest.mark.parametrize(
    ("size", "lang", "js"),
    [
        pytest.param(
            *way,
            id=f"{way[0]}-{way[1]}-{'with' if way[2] else 'without'}-js",
            marks=[] if way in EVERY_PAIR else [pytest.mark.long],
        )
        for way in WAYS
    ],
)
def test_a_matter_goes_from_a_complaint_to_a_closed_task(
    browser: Browser, server: Server, size: str, lang: Lang, *, js: bool
) -> None:
    crowd = Crowd(browser, server, lang=lang, size=size, js=js)
    is_raised_and_seconded(crowd)
    is_worded_and_checked(crowd)
    is_called_to_a_meeting(crowd)
    sign_in_to_the_meeting(crowd, server)
    is_discussed(crowd)
    has_minutes(crowd)
    is_put_to_the_owners(crowd)
    is_voted_on(crowd)
    is_decided(crowd)
    is_carried_out(crowd)
    crowd.close()
