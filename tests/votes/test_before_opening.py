"""SPEC 7.6: what voters are told before a secret poll opens."""

from __future__ import annotations

from tests.votes.make import MAJOR, ORDINARY, SAMPLE
from votes.disclosure import Warnings, before_opening
from votes.roll import read
from votes.rules import preset
from votes.tally import count


class TestBeforeOpening:
    BARS = count(preset(MAJOR), read(SAMPLE), []).tests

    def test_fewer_than_ten_cannot_be_secret(self) -> None:
        assert before_opening([8937] * 9, self.BARS) == Warnings(too_few=True, decisive=())
        assert before_opening([8937] * 10, self.BARS) == Warnings(too_few=False, decisive=())

    def test_owners_without_whom_nothing_passes_are_named(self) -> None:
        areas = [100] * 20
        assert before_opening([*areas, 667], self.BARS).decisive == (20,)
        assert before_opening([*areas, 666], self.BARS).decisive == ()

    def test_owners_who_carry_it_alone_are_named(self) -> None:
        ordinary = count(preset(ORDINARY), read(SAMPLE), []).tests
        areas = [100] * 20
        assert before_opening([*areas, 2001], ordinary).decisive == (20,)
        assert before_opening([*areas, 1999], ordinary).decisive == ()
        assert before_opening([100, 100], ordinary).decisive == (0, 1)

    def test_one_of_very_few_heads_is_decisive_by_heads(self) -> None:
        ordinary = count(preset(ORDINARY), read(SAMPLE), []).tests
        heads_only = tuple(test for test in ordinary if test.name == "consent.heads")
        assert before_opening([5, 5, 5, 5], heads_only).decisive == ()
        assert before_opening([5, 5, 5], heads_only).decisive == ()
        assert before_opening([5, 5], heads_only).decisive == (0, 1)
        assert before_opening([5], heads_only).decisive == (0,)
        major = tuple(test for test in self.BARS if test.name == "consent.heads")
        assert before_opening([900, 5, 5], major).decisive == (0, 1, 2)
        assert before_opening([900, 5, 5, 5], major).decisive == ()

    def test_participation_alone_names_nobody(self) -> None:
        participation = tuple(test for test in self.BARS if test.name.startswith("participation"))
        assert before_opening([1, 1000], participation).decisive == ()

    def test_exactly_the_needed_area_is_decisive(self) -> None:
        area = tuple(test for test in self.BARS if test.name == "consent.area")
        assert before_opening([75, 25], area).decisive == (0,)
        ordinary = tuple(t for t in count(preset(ORDINARY), read(SAMPLE), []).tests if t.name == "consent.area")
        assert before_opening([51, 49], ordinary).decisive == (0,)
        assert before_opening([51, 25, 24], ordinary).decisive == (0,)
        assert before_opening([50, 25, 25], ordinary).decisive == (0,)
        assert before_opening([49, 26, 25], ordinary).decisive == ()
        assert before_opening([74, 26], area).decisive == (0, 1)
