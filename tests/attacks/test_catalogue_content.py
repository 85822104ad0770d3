"""Web entries of the catalogue of attacks: what people write and send in. Tests name their numbers."""

from __future__ import annotations

import io
import json
import zipfile
from html.parser import HTMLParser
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import text
from sqlmodel import AutoString, select

from deliberation.council.roll.differences import read_file
from deliberation.db.tables import Event
from deliberation.meeting.tables import Straw
from deliberation.schema import metadata
from deliberation.web.photos import reencode
from deliberation.web.spreadsheet import safe_rows
from tests.conftest import Caller, Town
from tests.deliberation.council.build import table, workbook
from tests.house.everyone import World, address, all_routes, is_read, rows
from votes.refusal import Refused
from votes.roll import Unusable

MARK = "x7mark"
SCRIPT = (
    f"'\"><img src=x onerror={MARK}()><b hx-get=/{MARK} hx-on:load={MARK}() id={MARK}></b>"
    f"<script>{MARK}</script>{{{{31337*31337}}}}"
)
PRODUCT = str(31337 * 31337)
CODES = {
    "account": {"phone", "claimed_phone", "sign_in_name", "password_hash"},
    "council": {"slug"},
    "event": {"verb", "facts", "prev", "hash"},
    "straw": {"options"},
    "roll_upload": {"state", "report"},
    "submission": {"once", "location"},
    "photo": {"subject"},
    "one_time_link": {"purpose", "token_hash"},
    "sign_in": {"token_hash"},
    "membership": {"tie", "state", "head_key"},
    "proposal": {"channel", "category", "kind", "state"},
    "roll": {"fingerprint", "origin"},
    "roll_unit": {"use", "area_basis", "head_key", "delivery", "owner_id"},
    "seat": {"role"},
    "meeting": {"door_code"},
    "item": {"conclusion"},
    "minutes": {"sha256"},
    "poll": {"standing", "text_sha256", "rule", "rule_hash", "roll_fingerprint"},
    "pre_check": {"kind", "outcome"},
    "presence": {"role", "head_key", "mode"},
    "attestation": {"word"},
    "decision": {"verdict", "sha256"},
    "paper_ballot": {"head_key", "first_choice", "second_head_key", "second_choice", "state", "why"},
    "paper_reading": {"kind", "choice"},
    "paragraph": {"section", "hold"},
    "removed_paragraph": {"section"},
    "ballot": {"head_key", "choice", "channel", "receipt", "prev", "hash", "salt"},
    "objection": {"done"},
    "known_device": {"key_hash"},
    "account_notice": {"code"},
    "paper_code": {"mark", "code_hash"},
    "passkey": {"credential_id"},
    "phone_code": {"phone", "code_hash"},
    "provider_tie": {"issuer", "subject"},
    "recovery": {"token_hash", "how"},
    "slip_batch": {"digest"},
    "home_slip": {"head_key", "code_hash"},
    "roll_dispute": {"head_key", "outcome"},
    "roll_amendment": {"kind", "edits", "state"},
    "proxy": {"head_key", "scope", "state"},
}
"""Columns that hold a code, a hash or a key of ours, which a form cannot write; JSON is written into by `written` itself."""
SPOKEN = {"title", "text", "reason", "assignee", "file_name", "question", "note", "name"}
"""Facts of the journal that people wrote."""
HOMES = 10
"""One home on the roll in so many: every page of it shows some, and laying out the printed list of all takes minutes."""


def free_text() -> list[tuple[str, str]]:
    """Every column that holds what somebody wrote."""
    return [
        (table_.name, column.name)
        for table_ in metadata.sorted_tables
        for column in table_.columns
        if isinstance(column.type, AutoString) and column.name not in CODES.get(table_.name, set())
    ]


class Planted(HTMLParser):
    """Elements and attributes that came out of what somebody wrote."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag if tag in {"script", "style"} else ""
        for name, value in attrs:
            live = name.startswith(("hx-", "data-hx-", "on")) or name in {"id", "src", "href", "action", "style"}
            in_a_query = name in {"href", "action", "src"} and "?" in (value or "")
            if MARK in name or (live and MARK in (value or "") and not in_a_query):
                self.found.append(f"<{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        if self.inside and MARK in data:
            self.found.append(f"<{self.inside}> {data[:60]}")

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""


@pytest.fixture
def written(app: Any) -> list[str]:
    """The sample council after somebody managed to write the same mischief into every field of text."""
    fields = free_text()
    with app.state.site.db.write(app.state.site.clock.now()) as tx:
        for name, column in fields:
            tx.session.execute(
                text(
                    f'UPDATE "{name}" SET "{column}" = "{column}" || :mischief WHERE "{column}" <> \'\''
                    + (f" AND id % {HOMES} = 0" if name == "roll_unit" else "")
                ),
                {"mischief": SCRIPT},
            )
        for straw in tx.session.exec(select(Straw)):
            straw.options = json.dumps([f"{one}{SCRIPT}" for one in json.loads(straw.options)])
        for event in tx.session.exec(select(Event)):
            facts = json.loads(event.facts)
            event.facts = json.dumps({key: f"{one}{SCRIPT}" if key in SPOKEN else one for key, one in facts.items()})
    return [f"{name}.{column}" for name, column in fields]


def test_77_and_89_what_people_write_is_shown_and_never_run(app: Any, world: World, written: list[str]) -> None:
    """Also hx-* attributes, which htmx would carry out, and the words of a template."""
    assert {
        "account.name",
        "motion.text",
        "statement.text",
        "item.title",
        "membership.home",
        "roll_unit.building",
    } <= set(written)
    control = Planted()
    control.feed(SCRIPT)
    assert len(control.found) == 5
    planted, run, seen = [], [], 0
    for who in ("secretary", "recorder", "desk", "resident", "property", "supervisor", "admin", None):
        caller = Caller(app, world.tokens[who] if who else None)
        for route in all_routes():
            if is_read(route):
                answer = caller.get(address(route, world))
                assert answer.status < 500, f"{who} {route.path}"
                run += [route.path] if PRODUCT in answer.html else []
                if MARK in answer.html and answer.response.headers["content-type"].startswith("text/html"):
                    page = Planted()
                    page.feed(answer.html)
                    planted += [f"{route.path}: {one}" for one in page.found]
                    seen += 1
    assert planted == []
    assert run == []
    assert seen > 60


def test_77_the_parts_pushed_to_open_pages_run_nothing_either(app: Any, world: World, written: list[str]) -> None:
    from deliberation.meeting import sockets

    meeting, page = int(world.values["meeting_id"]), Planted()
    for source in (sockets.phone, sockets.wall):
        for frame in source(app.state.site, 1, "/c/jinxiu", meeting)({"zh", "en"}).values():
            page.feed("".join(frame.blocks.values()))
            assert PRODUCT not in "".join(frame.blocks.values())
    assert page.found == []


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "body", [SVG, b"<!DOCTYPE html><script>1</script>", b"GIF89a/*<svg/onload=1>*/=1;", b"%PDF-1.7\n"]
)
def test_78_what_a_browser_might_run_is_no_picture(body: bytes) -> None:
    with pytest.raises(Refused, match="not_an_image"):
        reencode(body)


def test_78_a_picture_that_is_also_a_page_loses_the_page() -> None:
    for kind in ("JPEG", "PNG", "WEBP"):
        out = io.BytesIO()
        Image.new("RGB", (40, 40), "red").save(out, kind, **({"comment": SVG} if kind == "JPEG" else {}))
        kept = reencode(out.getvalue() + SVG).body
        assert kept.startswith(b"\xff\xd8")
        assert b"<svg" not in kept
        assert b"script" not in kept


def test_79_no_cell_of_a_table_that_is_given_out_begins_a_formula() -> None:
    rows = [[f"{first}cmd|' /C calc'!A0", f" {first}1+1"] for first in "=+-@＝＋－＠"] + [["\t=1", "\r=1"]]
    for row in safe_rows(rows):
        for cell in row:
            assert cell[0] not in "=+-@＝＋－＠\t\r "


def test_79_every_table_that_is_given_out_goes_through_that() -> None:
    """No module writes rows for a spreadsheet in another way."""
    import ast
    from pathlib import Path

    root = Path(__file__).parents[2] / "deliberation"
    writers = []
    for path in root.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"writerow", "writerows"}
            ):
                writers.append((path.name, ast.unparse(node)))
            if isinstance(node, ast.Name) and node.id == "Workbook":
                writers.append((path.name, "Workbook"))
    assert writers
    assert [one for one in writers if "safe_rows" not in one[1]] == []


def book_with(sheet: str, extra: dict[str, str] | None = None) -> bytes:
    """A sound workbook whose sheet is replaced by other XML."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(table()))) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, sheet if part.filename == "xl/worksheets/sheet1.xml" else old.read(part))
        for name, body in (extra or {}).items():
            new.writestr(name, body)
    return out.getvalue()


ROWS = '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row></sheetData></worksheet>'
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    "sheet",
    [
        f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>{SHEET}{ROWS.format("&l11;")}',
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>{SHEET}{ROWS.format("&e;")}',
        f'<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">{SHEET}{ROWS.format("x")}',
    ],
    ids=["billion laughs", "a file of ours", "another host"],
)
def test_88_a_workbook_that_would_have_its_reader_fetch_or_multiply_is_refused(sheet: str) -> None:
    with pytest.raises(Unusable) as refusal:
        read_file("roll.xlsx", book_with(sheet))
    assert "root:" not in str(refusal.value.problems)


@pytest.mark.long
def test_88_a_million_blank_rows_are_refused_or_passed_over_soon() -> None:
    rows = "".join(f'<row r="{number}"/>' for number in range(1, 1_048_577))
    with pytest.raises(Unusable):
        read_file("roll.xlsx", book_with(f"{SHEET}<sheetData>{rows}</sheetData></worksheet>"))


def test_88_links_to_other_workbooks_are_not_followed() -> None:
    link = (
        '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><externalBook/></externalLink>'
    )
    extra = {
        "xl/externalLinks/externalLink1.xml": link,
        "xl/externalLinks/_rels/externalLink1.xml.rels": "<Relationships/>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(table()))) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            new.writestr(part.filename, old.read(part))
        for name, body in extra.items():
            new.writestr(name, body)
    assert len(read_file("roll.xlsx", out.getvalue()).units) == 10


INJECTIONS = [
    "'",
    "' OR '1'='1",
    "x'); DROP TABLE account;--",
    "%",
    "_",
    "\\",
    "%' ESCAPE '\\",
    "1 UNION SELECT 1",
    "\x00",
]


def test_99_signs_of_sql_in_an_address_mean_only_themselves(app: Any, world: World) -> None:
    before, caller, broken = rows(app), Caller(app, world.tokens["secretary"]), []
    fields = ("q", "head", "page", "state", "kind", "month", "name", "title", "typed", "said", "view")
    for route in all_routes():
        if is_read(route):
            for sent in INJECTIONS:
                answer = caller.get(address(route, world), params=dict.fromkeys(fields, sent))
                if answer.status >= 500:
                    broken.append(f"{route.path} {sent!r}")
    assert broken == []
    assert rows(app) == before


@pytest.mark.parametrize("sent", ["%", "_", "%%", "__", "' OR ''='"])
def test_99_a_wildcard_finds_nobody(town: Town, sent: str) -> None:
    found = town.as_("desk").get("/c/jinxiu/residents", params={"state": "verified", "q": sent}).text
    assert "谢玉志" not in found
    assert "谢玉志" in town.as_("desk").get("/c/jinxiu/residents", params={"state": "verified", "q": "谢玉"}).text
