"""The group behind one small interface (SPEC S1), so that a curve can take its place without touching a proof.

Outside this module an element is opaque: it is multiplied, raised, compared and encoded here only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache, cached_property
from secrets import token_bytes
from typing import NewType, Protocol, cast

from votes.refusal import Refused

try:
    import gmpy2
except ImportError:  # the slow road, about eight times slower, gives the same answers
    gmpy2 = None

Element = NewType("Element", int)
"""At run time gmpy2's mpz where that is installed, an int otherwise; they compare and print alike."""
Power = Callable[[int], Element]

DECIMAL = re.compile(r"(?:0|[1-9][0-9]{0,616})", re.ASCII)


class Batch(Protocol):
    """Many elements whose membership is settled together. All must be fixed before the first is put in."""

    def put(self, *elements: Element) -> None: ...
    def holds(self) -> bool:
        """Whether all are members. No is certain; yes is wrong with a chance of at most 2^-128, whoever chose them."""


class Group(Protocol):
    """A cyclic group of prime order `order`."""

    name: str
    order: int
    generator: Element
    one: Element

    def __hash__(self) -> int: ...
    def power(self, base: Element, exponent: int) -> Element: ...
    def base_power(self, exponent: int) -> Element:
        """The generator to the exponent, from a table."""

    def table(self, base: Element) -> Power:
        """A function that raises this base fast; worth it from about ten uses on."""

    def multiply(self, left: Element, right: Element) -> Element: ...
    def inverse(self, element: Element) -> Element: ...
    def product(self, elements: Iterable[Element]) -> Element: ...
    def is_member(self, element: Element) -> bool:
        """In the subgroup of prime order and not the identity, which no honest message contains."""

    def batch(self) -> Batch:
        """For hundreds of elements, ten times cheaper than `is_member` for each."""

    def encode(self, element: Element) -> str: ...
    def decode(self, text: object) -> Element:
        """The element that canonical text stands for; membership is not checked. Refused: "element"."""

    def scalar(self, text: object) -> int:
        """A canonical exponent below the order. Refused: "scalar"."""


class Subgroup:
    """The subgroup of order q of the integers modulo the prime p."""

    WINDOW = 9

    def __init__(self, name: str, p: int, q: int, g: int) -> None:
        self.name = name
        self.order = q
        self._p, self._q = _number(p), _number(q)
        self.generator = Element(_number(g))
        self.one = Element(_number(1))
        self.modulus = self._p
        self._digits = len(str(p))

    def power(self, base: Element, exponent: int) -> Element:
        return Element(_powmod(base, exponent % self._q, self._p))

    @cached_property
    def _base_power(self) -> Power:
        return self.table(self.generator)

    def base_power(self, exponent: int) -> Element:
        return self._base_power(exponent)

    def table(self, base: Element) -> Power:
        p, q, one = self._p, self._q, self.one
        size = 1 << self.WINDOW
        rows: list[list[Element]] = []
        step = base
        for _ in range(0, self.order.bit_length(), self.WINDOW):
            row = [one]
            for _ in range(size - 1):
                row.append(Element(row[-1] * step % p))
            rows.append(row)
            step = Element(row[-1] * step % p)
        mask, window = size - 1, self.WINDOW

        def raised(exponent: int) -> Element:
            left = int(exponent % q)
            result = one
            for row in rows:
                result = result * row[left & mask] % p  # type: ignore[assignment]
                left >>= window
            return result

        return raised

    def multiply(self, left: Element, right: Element) -> Element:
        return Element(left * right % self._p)

    def inverse(self, element: Element) -> Element:
        return Element(_invert(element, self._p))

    def product(self, elements: Iterable[Element]) -> Element:
        p = self._p
        result = int(self.one)
        for element in elements:
            result = result * element % p
        return Element(_number(result))

    def is_member(self, element: Element) -> bool:
        return 1 < element < self._p and _powmod(element, self._q, self._p) == 1

    def batch(self) -> Batch:
        return RandomProducts(self)

    def encode(self, element: Element) -> str:
        return str(element)

    def decode(self, text: object) -> Element:
        if isinstance(text, str) and len(text) <= self._digits and DECIMAL.fullmatch(text):
            number = _number(text)
            if 0 < number < self._p:
                return Element(number)
        raise Refused("element", text=str(text)[:40])

    def scalar(self, text: object) -> int:
        if isinstance(text, str) and len(text) <= self._digits and DECIMAL.fullmatch(text):
            number = _number(text)
            if number < self._q:
                return number
        raise Refused("scalar", text=str(text)[:40])


class RandomProducts:
    """128 products, each of about half the elements, chosen at random and in secret; every one must be a member (SPEC S1.2).

    Eight products share a row of 256 places, one for each choice among the eight. An element goes to one place of each row;
    only at the end is each row folded into its eight products.
    """

    ROWS = 16

    def __init__(self, group: Subgroup) -> None:
        self._group = group
        self._rows = [[group.one] * 256 for _ in range(self.ROWS)]
        self._identity = False

    def put(self, *elements: Element) -> None:
        p = self._group.modulus
        for element in elements:
            self._identity |= element == 1
            for row, place in zip(self._rows, token_bytes(self.ROWS), strict=True):
                row[place] = Element(row[place] * element % p)

    def holds(self) -> bool:
        return not self._identity and all(self._row_holds(row) for row in self._rows)

    def _row_holds(self, row: list[Element]) -> bool:
        """The upper half of the places belongs to the last product; folded down, the next one is the last."""
        group = self._group
        while len(row) > 1:
            lower, upper = row[: len(row) // 2], row[len(row) // 2 :]
            if _powmod(group.product(upper), group.order, group.modulus) != 1:
                return False
            row = [group.multiply(low, high) for low, high in zip(lower, upper, strict=True)]
        return True


if gmpy2 is not None:
    _powmod = cast(Callable[[int, int, int], int], gmpy2.powmod)
    _invert = cast(Callable[[int, int], int], gmpy2.invert)
    _number = cast(Callable[[int | str], int], gmpy2.mpz)
else:

    def _powmod(base: int, exponent: int, modulus: int) -> int:
        return pow(base, exponent, modulus)

    def _invert(element: int, modulus: int) -> int:
        return pow(element, -1, modulus)

    def _number(value: int | str) -> int:
        return int(value)


_P = """
20694785691422546401013643657505008064922989295751104097100884787057374219242717401922237254497684338129066633138078
95840496005438963628979639303877390572280360597374942767137677761889858987273586504908116709931053586778098003079049
16540637771737641986785272734744763418356000356983051931442845617019110007867373073335641239717328979132404745788344
68260652327974647951137672658693582180046317922073668860052627186363386088796882120769432366149491002923444346373222
14588410058642105024212036543356120132048111885240873107701415166620016231317716937218924807850771182784231749807327
6598828825169183103125680162072880719
"""
_Q = "78571733251071885079927659812671450121821421258408794611510081919805623223441"
_G = """
24023526775018522092276877035323999327122876573783649165100753187876632741463532193202856761552696787996946682987493
89095083896573425601900601068477164491735474137283104610458681314511781646755400527402889846139864532661215055797097
16201616827031288643245666383486363578210615491841998253431518974065818686865115135857641013888221539601604322884360
39309893336627728484065931384060102316750957637779826651036068224066350766977640253462537730851331734951942489677540
52573659049492477631475991575198775177711481490920456600205478127054728238140972518639858334115700568353695553423781
475582491896050296680037745308460627
"""


@cache
def belenios_2048() -> Subgroup:
    p, q, g = (int(text.replace("\n", "")) for text in (_P, _Q, _G))
    return Subgroup("BELENIOS-2048", p, q, g)


def group(name: str) -> Group:
    """The group of that name. Refused: "election.group" for any we do not speak."""
    if name != "BELENIOS-2048":
        raise Refused("election.group", name=name[:40])
    return belenios_2048()
