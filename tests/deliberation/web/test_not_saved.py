"""A disk that takes nothing more: the person is told so, what they typed is kept, reading goes on, and later it works."""

import pytest
from sqlalchemy import text

from tests.conftest import Town
from tests.deliberation.council.build import verbs

FORM = {"title": "楼道里堆满了旧家具", "text": "二号楼楼道堆满旧家具，夜里摔过人。" * 40, "category": "fire"}
MATTERS = "/c/jinxiu/matters"


@pytest.fixture
def full(town: Town) -> None:
    """The database may not grow by a single page: SQLite then says what it says on a full disk."""
    with town.db.writer.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))


def grow(town: Town) -> None:
    with town.db.writer.connect() as connection:
        connection.execute(text("PRAGMA max_page_count = 1000000"))


def test_a_full_disk_gets_one_sentence_keeps_the_form_and_is_over_when_there_is_room(town: Town, full: None) -> None:
    before = verbs(town)
    answers = [town.as_("resident").post(MATTERS, {**FORM, "title": number * 8}) for number in "子丑寅卯辰巳"]
    refused = [answer for answer in answers if answer.status == 503]
    assert refused
    assert {answer.status for answer in answers} <= {303, 503}
    assert "没有存进去，什么都没有改变" in refused[0].text
    assert FORM["text"] in refused[0].text
    assert len(verbs(town)) - len(before) == len(answers) - len(refused)
    assert town.as_("resident").get(MATTERS).status == 200
    grow(town)
    assert town.as_("neighbor").post(MATTERS, {**FORM, "title": "未未未未未未"}).status == 303


def test_what_could_not_be_saved_stands_in_no_log(town: Town, full: None, caplog: pytest.LogCaptureFixture) -> None:
    for number in "子丑寅卯辰巳":
        town.as_("resident").post(MATTERS, {**FORM, "title": number * 8})
    assert "could not be written" in caplog.text
    assert "二号楼楼道" not in caplog.text
