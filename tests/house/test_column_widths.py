"""SQLite keeps what is too long for its column, PostgreSQL refuses it: every coded word must fit where it is kept."""

import importlib
from enum import StrEnum
from pathlib import Path

import pytest

from deliberation.i18n.catalog import words
from deliberation.schema import metadata

ROOT = Path(__file__).parents[2]
KEPT = {
    "deliberation.agenda.rules": {"State": "proposal.state", "Category": "proposal.category", "Channel": "proposal.channel",
                                  "Check": "pre_check.kind", "Outcome": "pre_check.outcome", "Kind": "proposal.kind"},
    "deliberation.ballot.rules": {"Choice": "ballot.choice", "Standing": "poll.standing"},
    "deliberation.council.rules": {"Role": "seat.role", "Tie": "membership.tie", "State": "membership.state"},
    "deliberation.ballot.paper.rules": {"PaperWhy": "paper_ballot.why"},
    "deliberation.ballot.proxies.rules": {"Scope": "proxy.scope", "State": "proxy.state"},
    "deliberation.council.seating.rules": {"Kind": "seat_change.kind", "State": "seat_change.state"},
    "deliberation.council.roll.rules": {"Origin": "roll.origin"},
    "deliberation.meeting.rules": {"Conclusion": "item.conclusion", "Mode": "presence.mode"},
    "deliberation.minutes.rules": {"Word": "attestation.word", "Section": "paragraph.section"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("module", "name", "column"),
    [(module, name, where) for module, names in KEPT.items() for name, where in names.items()],
)
def test_every_coded_word_fits_its_column(module: str, name: str, column: str) -> None:
    codes: type[StrEnum] = getattr(importlib.import_module(module), name)
    table, field = column.split(".")
    width = metadata.tables[table].columns[field].type.length  # type: ignore[attr-defined]
    assert width is not None
    assert [one for one in codes if len(one) > width] == []


@pytest.mark.parametrize(
    ("section", "column"), [("reading", "reading.thing"), ("account_notice", "account_notice.code")]
)
def test_every_code_that_has_words_fits_its_column(section: str, column: str) -> None:
    table, field = column.split(".")
    width = metadata.tables[table].columns[field].type.length  # type: ignore[attr-defined]
    assert words()[section]
    assert [code for code in words()[section] if len(code) > width] == []
