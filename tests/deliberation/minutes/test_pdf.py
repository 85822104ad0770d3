import pytest

from deliberation.web import pdf
from tests.conftest import Town
from tests.deliberation.minutes.build import put_up


def test_the_print_page_has_the_whole_text(town: Town) -> None:
    page = town.as_("neighbor").get(f"{put_up(town).at}/print")
    assert page.status == 200
    for part in ("会议纪要", "编号 2026-01", "业主 郑志婷：我家在二楼，担心噪声。", "未定稿：第 1 稿", "居民代表"):
        assert part in page.text


def test_a_machine_that_cannot_make_a_pdf_gives_the_print_page(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_library", lambda: False)
    monkeypatch.setattr(pdf, "_kept", {})
    page = town.as_("neighbor").get(f"{put_up(town).at}/pdf")
    assert page.status == 200
    assert "这台服务器不能生成 PDF" in page.text
    assert "业主 郑志婷：我家在二楼" in page.text


def test_the_pdf_is_the_print_page(town: Town) -> None:
    built = put_up(town)
    town.travel(days=3)
    try:
        pdf.make("<p>会议纪要</p>")
    except pdf.CannotPrint:
        pytest.skip("needs the Pango libraries and a Chinese font")
    answer = town.as_("neighbor").get(f"{built.at}/pdf")
    assert answer.response.headers["content-type"] == "application/pdf"
    assert answer.response.content.startswith(b"%PDF-")
    assert len(answer.response.content) > 10_000


def test_the_same_sheet_is_printed_once_and_a_second_one_waits_for_nobody(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def make(html: str) -> bytes:
        made.append(html)
        return b"%PDF-"

    monkeypatch.setattr(pdf, "make", make)
    monkeypatch.setattr(pdf, "_kept", {})
    at, neighbor = f"{put_up(town).at}/pdf", town.as_("neighbor")
    assert [neighbor.get(at).html for _ in range(2)] == ["%PDF-", "%PDF-"]
    assert len(made) == 1
    with pdf._one_at_a_time:
        assert neighbor.get(at).html == "%PDF-"
        neighbor.client.cookies.set("lang", "en")
        page = neighbor.get(at)
    assert "Another PDF is being made" in page.text
    assert [neighbor.get(at).status for _ in range(20)][-1] == 429


def test_the_pdf_maker_fetches_nothing() -> None:
    """A page that asks for another host or another file gets neither, and still becomes a PDF."""
    try:
        body = pdf.make('<img src="file:///etc/passwd"><img src="http://example.invalid/x.png"><p>会议纪要</p>')
    except pdf.CannotPrint:
        pytest.skip("needs the Pango libraries and a Chinese font")
    assert body.startswith(b"%PDF-")
