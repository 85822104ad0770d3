"""Reading single fields."""

from datetime import UTC, date, datetime

import pytest

from deliberation.web.forms import BadForm, Form, Upload
from tests.deliberation.web.build import jpeg


def form(value: str) -> Form:
    return Form(fields={"x": [value]})


def fault(form: Form) -> str | None:
    return form.faults["x"].code if "x" in form.faults else None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  两端有空格  ", "两端有空格"),
        ("一行\r\n两行", "一行 两行"),
        ("左\u202e右", "左右"),
        ("隐\u200b形\ufeff", "隐形"),
        ("𠮷野家 👍", "𠮷野家 👍"),
    ],
)
def test_text_is_kept_without_what_nobody_sees(typed: str, kept: str) -> None:
    read = form(typed)
    assert read.text("x", most=40) == kept
    assert fault(read) is None


@pytest.mark.parametrize("typed", ["a\x00b", "bell\x07", "\x1b[31m", "\ue000", "\ud800"])
def test_control_signs_are_refused(typed: str) -> None:
    read = form(typed)
    read.text("x", most=40)
    assert fault(read) == "strange_characters"


@pytest.mark.parametrize(
    ("typed", "code"), [("", "missing"), (" \u200b ", "missing"), ("字" * 11, "too_long"), ("字", "too_short")]
)
def test_text_has_its_bounds(typed: str, code: str) -> None:
    read = form(typed)
    read.text("x", most=10, least=2)
    assert fault(read) == code


def test_several_lines_stay_lines_where_they_are_wanted() -> None:
    assert form("一\r\n\r\n二").text("x", most=40, one_line=False) == "一\n\n二"


@pytest.mark.parametrize(("typed", "kept"), [("7", 7), (" ７ ", 7), ("-3", -3)])
def test_a_whole_number_may_be_full_width(typed: str, kept: int) -> None:
    assert form(typed).whole("x", least=-5, most=10) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "missing"),
        ("1.5", "not_a_number"),
        ("七", "not_a_number"),
        ("1e3", "not_a_number"),
        ("9" * 30, "not_a_number"),
        ("11", "out_of_range"),
    ],
)
def test_what_is_no_whole_number_in_range_is_said(typed: str, code: str) -> None:
    read = form(typed)
    assert read.whole("x", least=0, most=10) == 0
    assert fault(read) == code


@pytest.mark.parametrize(("typed", "code"), [("c", "not_a_choice"), ("", "missing"), ("A", "not_a_choice")])
def test_a_choice_is_one_of_those_offered(typed: str, code: str) -> None:
    assert form("b").choice("x", ("a", "b")) == "b"
    read = form(typed)
    read.choice("x", ("a", "b"))
    assert fault(read) == code


@pytest.mark.parametrize("typed", ["2026-02-30", "1/2/2026", "today", "9999-99-99"])
def test_a_day_is_a_day(typed: str) -> None:
    assert form("2026-02-28").day("x") == date(2026, 2, 28)
    read = form(typed)
    read.day("x")
    assert fault(read) == "not_a_date"


def test_a_moment_is_the_compound_s_own_time() -> None:
    assert form("2026-11-23T19:30").moment("x") == datetime(2026, 11, 23, 11, 30, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["soon", "2026-11-23T25:00", "0001-01-01T00:00", "9999-12-31T23:59:99"])
def test_what_is_no_moment_is_said(typed: str) -> None:
    read = form(typed)
    read.moment("x")
    assert fault(read) == "not_a_moment"


def test_all_faults_are_told_at_once() -> None:
    read = Form(fields={"a": [""], "b": ["x"]})
    read.text("a", most=5)
    read.whole("b", least=1, most=5)
    read.photos("c")
    with pytest.raises(BadForm) as bad:
        read.check()
    assert {name: one.code for name, one in bad.value.faults.items()} == {"a": "missing", "b": "not_a_number"}


def test_photos_are_counted_and_each_is_looked_at() -> None:
    good, bad = Upload("a.jpg", jpeg()), Upload("b.jpg", b"no picture")
    assert len(Form(files={"x": [good, good]}).photos("x")) == 2
    mixed = Form(files={"x": [good, bad]})
    mixed.photos("x")
    assert fault(mixed) == "not_an_image"
    many = Form(files={"x": [good] * 7})
    assert many.photos("x", most=6) == []
    assert fault(many) == "too_many_photos"


def test_an_upload_beyond_its_size_is_refused() -> None:
    read = Form(files={"x": [Upload("a.csv", b"x" * (2 * 1024 * 1024))]})
    read.upload("x", most_mb=1)
    assert fault(read) == "file_too_large"
