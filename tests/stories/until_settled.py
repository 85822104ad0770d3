"""The second half of a matter's way: put to the owners, voted on, decided, carried out and rated."""

from __future__ import annotations

import re
from datetime import date

from playwright.sync_api import expect

from tests.cast import COUNCIL
from tests.stories.harness import Crowd, Someone
from tests.stories.until_minutes import TASK, photo, to_matter


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
    papers = (("A-001", "1幢1单元0102", "for", "张建强"), ("A-002", "2幢1单元0101", "abstain", "黄文辉"))
    for paper in papers:
        key_in(desk, *paper)
    for number, room, choice, name in papers:
        desk2.open(desk2.page.url)
        row = desk2.page.locator("main li", has_text=desk2.say("Slip %(number)s", number=number)).first
        with desk2.page.expect_navigation():
            row.get_by_role("link", name=desk2.say("Read it a second time"), exact=True).click()
        desk2.fill(room=room, cast_by=name)
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
    moderator.follow(moderator.word("station_name", "present_task"), ".line", raw=True)
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
    resident.reads(resident.word("ending_text", "done"))


def holder(someone: Someone, name: str) -> int:
    options = someone.page.locator("select[name=assignee_id] option").all_inner_texts()
    return next(index for index, option in enumerate(options) if name in option)
