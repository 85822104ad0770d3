"""The fast ways of raising agree with Python's own power, at the edges too (SPEC S1)."""

from __future__ import annotations

import pytest

from tests.votes.secret.make import GROUP
from votes.audit import G, P, Q
from votes.secret.elgamal import random_scalar
from votes.secret.group import Element, PlainComb

EDGES = [0, 1, 2, 255, 256, 2**32 - 1, 2**32, 2**255, Q - 1]


@pytest.mark.parametrize("exponent", [*EDGES, Q, Q + 1, -1])
def test_tables_and_combs_raise_as_python_does(exponent: int) -> None:
    base = GROUP.base_power(random_scalar(GROUP))
    expected = pow(int(base), exponent % Q, P)
    assert GROUP.power(base, exponent) == expected
    assert GROUP.table(base)(exponent) == expected
    assert GROUP.comb(base).power(exponent) == expected
    assert PlainComb(GROUP, base).power(exponent) == expected
    assert GROUP.base_power(exponent) == pow(G, exponent % Q, P)


def test_a_joined_comb_is_that_of_the_product() -> None:
    bases = [GROUP.base_power(random_scalar(GROUP)) for _ in range(4)]
    combs = [GROUP.comb(base) for base in bases]
    exponent = random_scalar(GROUP)
    expected = pow(int(GROUP.product(bases)), int(exponent), P)
    assert GROUP.join(combs).power(exponent) == expected
    assert GROUP.join([PlainComb(GROUP, base) for base in bases]).power(exponent) == expected
    assert GROUP.join(combs).is_member()
    assert GROUP.join(combs[:1]) is combs[0]


@pytest.mark.parametrize("number", [1, 2, 5, P - 1, pow(5, Q, P), (P - 1) * pow(G, 7, P) % P])
def test_what_lies_outside_the_group_is_no_member_by_any_way(number: int) -> None:
    element = Element(GROUP.decode(str(number)))
    assert not GROUP.is_member(element)
    assert not GROUP.comb(element).is_member()
    assert not PlainComb(GROUP, element).is_member()
