"""Is my ballot in the list? Asked with a receipt, by anybody, without a sign-in."""

import re

import pytest
from sqlmodel import select

from deliberation.ballot.tables import Ballot
from tests.conftest import Town
from tests.deliberation.ballot import build

SLIPS = "/c/jinxiu/slips"


@pytest.fixture
def poll_id(town: Town) -> int:
    return build.opened(town)


@pytest.fixture
def receipt(town: Town, poll_id: int) -> str:
    build.cast(town, poll_id, {"Y01": "against"})
    with town.db.read() as session:
        return session.exec(select(Ballot.receipt)).one()


@pytest.mark.parametrize("who", [None, "tenant", "stranger"])
def test_a_receipt_finds_its_ballot_for_everybody_and_never_says_the_choice(
    town: Town, poll_id: int, receipt: str, who: str | None
) -> None:
    grouped = " ".join(receipt[at : at + 4] for at in range(0, 16, 4)).lower()
    shown = town.as_(who).get(SLIPS, params={"no": grouped})
    assert shown.status == 200
    assert "架空层设充电桩" in shown.text
    assert "序号 1" in shown.text
    assert [word for word in ("反对", "谢玉志", "Y01") if word in shown.html] == []


def test_a_wrong_receipt_says_so_keeps_what_was_typed_and_tells_what_is_easily_misread(
    town: Town, receipt: str
) -> None:
    wrong = town.as_(None).get(SLIPS, params={"no": "22223333444455"})
    assert wrong.status == 404
    assert "没有这个回执号" in wrong.text
    assert "请对照回执再输一遍" in wrong.text
    assert "您输入了 14 位，应该是 16 位" in wrong.text
    assert 'value="22223333444455"' in wrong.html


def test_the_field_stands_on_the_poll_the_result_and_the_page_of_help(town: Town, poll_id: int) -> None:
    field = re.compile(r'<form[^>]*action="([^"]*/slips)".*?name="no"', re.DOTALL)
    pages = {f"{build.PATH}/{poll_id}": SLIPS, "/help/verify": "/slips", SLIPS: SLIPS}
    for path, action in pages.items():
        found = field.search(town.as_("resident").get(path).html)
        assert found is not None, path
        assert found[1] == action


def test_from_the_page_of_help_a_receipt_leads_into_its_council(town: Town, receipt: str) -> None:
    assert town.as_(None).get("/slips", params={"no": receipt}).location == f"{SLIPS}?no={receipt}"
    assert town.as_(None).get("/slips", params={"no": "2" * 16}).status == 404
    assert town.as_(None).get("/c/other/slips", params={"no": receipt}).status == 404


def test_codes_on_receipts_handed_out_earlier_still_lead_there(town: Town, poll_id: int, receipt: str) -> None:
    assert town.as_(None).get(f"{build.PATH}/{poll_id}/slip/{receipt}").location == f"{SLIPS}?no={receipt}"


def test_trying_one_number_after_the_other_is_stopped_and_right_ones_are_not_counted(town: Town, receipt: str) -> None:
    anybody = town.as_(None)
    assert {anybody.get(SLIPS, params={"no": receipt}).status for _ in range(30)} == {200}
    assert {anybody.get(SLIPS, params={"no": f"{at:016d}"}).status for at in range(20)} == {404}
    assert anybody.get(SLIPS, params={"no": "2" * 16}).status == 429
