"""Who prints household slips and why another does it, and batches that wait side by side."""

import pytest

from deliberation.council.roll.actions import keep
from deliberation.council.roll.rules import Origin
from tests.conftest import Town
from tests.deliberation.council.build import table
from tests.deliberation.council.slips import SLIPS, C, no_pdf, printed, release, roll_with_phones, signed_in
from votes.roll import from_table


@pytest.fixture(autouse=True)
def _page_instead_of_pdf(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    no_pdf(monkeypatch)
    roll_with_phones(town)


def test_who_imported_a_roll_reads_why_another_prints_before_trying(town: Town) -> None:
    with town.write("desk") as tx:
        keep(tx, from_table(table()), file_name="roll.csv")
    page = signed_in(town, "desk").get(SLIPS)
    assert "或者导入过名册，请服务台的同事来打印" in page.text
    assert f"{SLIPS}/printing" not in page.html
    roll_with_phones(town)
    assert "请打印，装进信封" not in signed_in(town, "desk").get(f"{C}/work").text
    assert "请打印，装进信封" in signed_in(town, "desk2").get(f"{C}/work").text


def test_who_corrected_the_roll_by_hand_has_seen_no_numbers_and_prints(town: Town) -> None:
    """Each clerk who answers a neighbor's question would be lost for the slips, in a council of two clerks soon both."""
    with town.write("moderator") as tx:
        keep(tx, from_table(table()), file_name="", origin=Origin.CORRECT, brought_by=town.cast.ids["desk"])
    roll_with_phones(town)
    assert printed(town)["0901"]


def test_of_two_batches_that_wait_the_wrong_count_is_told_at_its_own(town: Town) -> None:
    printed(town)
    assert signed_in(town, "desk2").post(f"{SLIPS}/reissue", {"head_key": "Y12"}).status == 200
    assert signed_in(town, "recorder").get(SLIPS).text.count("启用这些纸条") == 2
    refused = release(town, counted=5)
    assert refused.status == 422
    assert refused.html.count("没有启用。请再清点") == 2, "in the summary and at the one field"


def test_a_batch_of_which_every_slip_was_printed_anew_waits_for_nobody(town: Town) -> None:
    printed(town)
    printed(town, who="desk2")
    assert signed_in(town, "recorder").get(SLIPS).text.count("启用这些纸条") == 1
    assert "已重新打印" in signed_in(town, "recorder").get(SLIPS).text
    assert signed_in(town, "recorder").get(f"{C}/work").text.count("等着清点启用") == 1
