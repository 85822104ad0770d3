"""The first half of a matter's way, as people play it in their browsers: raised, worded, discussed, put into minutes."""

from __future__ import annotations

import io
import re
import sqlite3

from PIL import Image
from playwright.sync_api import FilePayload, expect

from tests.stories.harness import Crowd, Server, Someone

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
    expect(moderator.page.locator("select[name=motion_id] option:checked")).to_have_text(MOTION)
    moderator.press("Save and go on to the agenda")
    moderator.told("meeting_called")
    expect(moderator.page.locator(".plan")).to_contain_text(MOTION)
    moderator.press("Announce the meeting")
    moderator.told("meeting_announced")
    moderator.later("fortnight")


def sign_in_to_the_meeting(crowd: Crowd, server: Server) -> None:
    owner, desk, desk2, resident = crowd["owner"], crowd["desk"], crowd["desk2"], crowd["resident"]
    to_meeting(owner)
    owner.follow("Go in", "main")
    owner.press("Take part online", live=True)
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
    owner.stretch("statement")
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
    moderator.stretch("conclusion_text")
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
    with recorder.page.expect_navigation():
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
    desk.follow(desk.word("station_name", "present_minutes"), ".line", raw=True)
    desk.unfold("At the desk: enter the word of somebody without an account")
    desk.page.select_option("select[name=presence]", label="庄淑辉")
    desk.choose("word", "confirmed")
    desk.press("Record their word")
    recorder.page.reload()
    recorder.press("Freeze the minutes")
    recorder.told("minutes_frozen")
    expect(recorder.page.locator(".hash")).to_have_text(re.compile(r"^([0-9a-f]{4} ?){16}$"))
