"""A cell that a spreadsheet would run, also as it is typed on a Chinese keyboard."""

import pytest

from deliberation.web.spreadsheet import safe_cell


@pytest.mark.parametrize("text", ["＝1+1", "＋1", "－1", "＠x", " =1+1", "\n=1+1", "\u00a0=1+1"])
def test_a_formula_in_full_width_or_behind_a_space_is_defused(text: str) -> None:
    """79: also as a Chinese keyboard types it."""
    assert safe_cell(text) != text
