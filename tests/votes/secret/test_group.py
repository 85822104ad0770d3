"""The fast ways of the group agree with Python's own power, at the edges too (SPEC S1)."""

from __future__ import annotations

import pytest

from tests.votes.secret.make import GROUP
from votes.audit import G, P, Q
from votes.secret import group as group_module
from votes.secret.elgamal import random_scalar
from votes.secret.group import Element, RandomProducts

EDGES = [0, 1, 2, 255, 256, 2**32 - 1, 2**32, 2**255, Q - 1]
OUTSIDE = [1, 2, 5, P - 1, pow(5, Q, P), (P - 1) * pow(G, 7, P) % P]


def members(count: int) -> list[Element]:
    return [GROUP.base_power(random_scalar(GROUP)) for _ in range(count)]


@pytest.mark.parametrize("exponent", [*EDGES, Q, Q + 1, -1])
def test_tables_raise_as_python_does(exponent: int) -> None:
    (base,) = members(1)
    expected = pow(int(base), exponent % Q, P)
    assert GROUP.power(base, exponent) == expected
    assert GROUP.table(base)(exponent) == expected
    assert GROUP.base_power(exponent) == pow(G, exponent % Q, P)


def test_members_are_members_one_by_one_and_together() -> None:
    batch, elements = GROUP.batch(), members(40)
    batch.put(*elements)
    assert all(GROUP.is_member(each) for each in elements)
    assert batch.holds()


@pytest.mark.parametrize("number", OUTSIDE)
def test_what_lies_outside_the_group_is_found_alone_and_among_others(number: int) -> None:
    element = GROUP.decode(str(number))
    assert not GROUP.is_member(element)
    batch = GROUP.batch()
    batch.put(*members(3), element, *members(3))
    assert not batch.holds()


@pytest.mark.parametrize("number", OUTSIDE[1:])
def test_two_outsiders_that_cancel_each_other_are_found(number: int) -> None:
    element = GROUP.decode(str(number))
    other = GROUP.multiply(GROUP.inverse(element), *members(1))
    assert GROUP.is_member(GROUP.multiply(element, other))
    batch = GROUP.batch()
    batch.put(element, other)
    assert not batch.holds()


ONE_PRODUCT = [(0, 1 << bit) for bit in range(8)] + [(row, 1) for row in range(1, RandomProducts.ROWS)]


@pytest.mark.parametrize(("row", "choice"), ONE_PRODUCT)
def test_each_of_the_128_products_is_looked_at(row: int, choice: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """An outsider that chance put into one product alone."""
    drawn = bytearray(RandomProducts.ROWS)
    drawn[row] = choice
    batch = GROUP.batch()
    batch.put(*members(3))
    monkeypatch.setattr(group_module, "token_bytes", lambda count: bytes(drawn[:count]))
    batch.put(GROUP.decode(str(P - 1)))
    assert not batch.holds()


def test_a_wrong_yes_has_a_chance_of_at_most_one_in_2_to_the_128() -> None:
    """An outsider passes each product with a chance of a half, and a row has eight."""
    assert 8 * RandomProducts.ROWS >= 128
