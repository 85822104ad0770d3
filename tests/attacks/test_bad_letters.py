"""Letters that nobody sees, letters that XML forbids, numbers that are too long: one sentence at the field, never a crash."""

import xml.etree.ElementTree as ET

import pytest

from tests.conftest import Town

C = "/c/jinxiu"
MATTER = {"title": "楼道灯坏了一个月", "category": "repair", "text": "三单元的灯坏了，晚上看不见路。"}


@pytest.mark.parametrize(
    "unseen", ["\u00ad", "\u061c", "\u180e", "\u2800", "\u3164", "\u115f", "\ufe0f", "\U000e0041"], ids=ascii
)
def test_a_title_of_letters_that_nobody_sees_is_an_empty_title(town: Town, unseen: str) -> None:
    answer = town.as_("resident").post(f"{C}/matters", {**MATTER, "title": unseen * 6})
    assert answer.status == 422


def test_a_number_of_thousands_of_digits_in_a_hidden_field_is_no_crash(town: Town) -> None:
    answer = town.as_("resident").post(f"{C}/matters", {**MATTER, "title": "", "kept": "9" * 5000})
    assert answer.status == 422


@pytest.mark.parametrize(("charset", "letter"), [("utf-7", b"+2AA-"), ("unicode_escape", b"\\ud800")])
def test_a_charset_of_the_senders_choosing_is_no_crash(town: Town, charset: str, letter: bytes) -> None:
    body = b'--X\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n' + letter + b"\r\n--X--\r\n"
    kind = f"multipart/form-data; charset={charset}; boundary=X"
    answer = town.as_("resident").client.post(f"{C}/matters", content=body, headers={"content-type": kind})
    assert answer.status_code in {400, 403, 422}


def test_a_letter_that_xml_forbids_does_not_break_the_feed_for_everybody(town: Town) -> None:
    moderator = town.as_("moderator")
    plan = {"title": "会议\ufffe", "starts_at": "2026-03-31T19:00", "place": "议事厅", "quorum": "1"}
    if moderator.post(f"{C}/meetings", plan).status == 303:
        moderator.post(f"{C}/meetings/1/items", {"item_title": "项目一", "minutes_planned": "20"})
        moderator.post(f"{C}/meetings/1/notice")
    ET.fromstring(town.as_(None).get(f"{C}/notices.xml").html)
