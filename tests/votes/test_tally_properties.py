"""SPEC 5: what must hold for every roll and every poll, not only for the printed ones."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.votes.make import MAJOR, ORDINARY, metres, poll, roll_rows, row
from tests.votes.oracle import Flat, Outcome, expected
from votes.ballots import Ballot
from votes.roll import Roll, from_table
from votes.rules import preset
from votes.tally import Measure, Verdict, count

CHOICES = ("for", "against", "abstain", "invalid", "")
DEV = "dev"


def roll_of(flats: list[Flat]) -> Roll:
    kinds = [("parking" if f.parking else "dwelling", "delivered" if f.delivered else "unsold") for f in flats]
    return from_table(roll_rows(row(f.owner, f.area, *kind) for f, kind in zip(flats, kinds, strict=True)))


def ballots_of(choices: dict[str, str]) -> list[Ballot]:
    return [Ballot(owner, choice, line=n) for n, (owner, choice) in enumerate(choices.items(), start=2) if choice]


def outcome(verdict: Verdict) -> Outcome:
    roll, part, ayes = verdict.totals.roll, verdict.totals.taking_part, verdict.totals.for_
    return Outcome(
        verdict.valid,
        verdict.passed,
        (roll.heads, roll.area),
        (part.heads, part.area),
        (ayes.heads, ayes.area),
    )


owners = st.sampled_from(["a", "b", "c", "d", "e", "f"])
areas = st.integers(1, 300_00)
delivered_flats = st.builds(Flat, owners, areas, st.just(True), st.booleans())
developer_flats = st.builds(Flat, st.just(DEV), areas, st.booleans(), st.booleans())
buildings = st.tuples(
    st.lists(delivered_flats, min_size=1, max_size=12), st.lists(developer_flats, max_size=3), areas, st.booleans()
).map(lambda t: [*t[0], *([Flat(DEV, t[2], False), *t[1]] if t[3] else []), Flat("a", 1)])
polls = st.dictionaries(st.sampled_from(["a", "b", "c", "d", "e", "f", DEV]), st.sampled_from(CHOICES))


@given(buildings, polls, st.booleans(), st.booleans(), st.booleans())
def test_the_count_is_what_a_second_plain_count_says(
    flats: list[Flat], choices: dict[str, str], major: bool, invalid_part: bool, parking: bool
) -> None:
    verdict = count(
        preset(MAJOR if major else ORDINARY),
        roll_of(flats),
        ballots_of(choices),
        invalid_takes_part=invalid_part,
        count_parking=parking,
    )
    assert outcome(verdict) == expected(flats, choices, major, invalid_part, parking)


@given(buildings, polls, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_ballots_does_not_matter(
    flats: list[Flat], choices: dict[str, str], random: object
) -> None:
    ballots = ballots_of(choices)
    shuffled, mixed = flats[:], ballots[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert roll_of(shuffled).fingerprint() == roll_of(flats).fingerprint()
    assert count(preset(MAJOR), roll_of(shuffled), mixed) == count(preset(MAJOR), roll_of(flats), ballots)


@given(buildings, polls, st.data())
def test_splitting_a_flat_of_one_owner_changes_nothing(
    flats: list[Flat], choices: dict[str, str], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(flats) - 1))
    flat = flats[at]
    first = data.draw(st.integers(0, flat.area))
    parts = [replace(flat, area=area) for area in (first, flat.area - first) if area]
    split = [*flats[:at], *parts, *flats[at + 1 :]]
    before = count(preset(ORDINARY), roll_of(flats), ballots_of(choices))
    assert outcome(count(preset(ORDINARY), roll_of(split), ballots_of(choices))) == outcome(before)


@given(buildings, polls, areas)
def test_a_stay_away_never_helps_and_never_touches_consent(
    flats: list[Flat], choices: dict[str, str], area: int
) -> None:
    before = count(preset(ORDINARY), roll_of(flats), ballots_of(choices))
    after = count(preset(ORDINARY), roll_of([*flats, Flat("newcomer", area)]), ballots_of(choices))
    assert after.tests[2:] == before.tests[2:]
    assert after.valid <= before.valid
    assert after.totals.not_returned == before.totals.not_returned + Measure(1, area)


@given(buildings, polls, st.sampled_from(["a", "b", "c", "d", "e", "f"]), st.sampled_from([MAJOR, ORDINARY]))
def test_a_better_vote_never_hurts_the_motion(
    flats: list[Flat], choices: dict[str, str], owner: str, rule: str
) -> None:
    def with_choice(choice: str) -> Verdict:
        return count(preset(rule), roll_of(flats), ballots_of({**choices, owner: choice}))

    against, abstain, in_favour = (with_choice(choice) for choice in ("against", "abstain", "for"))
    assert outcome(against) == outcome(abstain)
    assert against.passed <= in_favour.passed
    assert with_choice("").valid <= in_favour.valid == against.valid
    assert with_choice("").passed <= in_favour.passed


@given(buildings, polls)
def test_every_head_is_in_exactly_one_total(flats: list[Flat], choices: dict[str, str]) -> None:
    totals = count(preset(MAJOR), roll_of(flats), ballots_of(choices)).totals
    parts = [totals.for_, totals.against, totals.abstain, totals.invalid, totals.held, totals.not_returned]
    assert sum(parts, start=Measure()) == totals.roll
    assert totals.taking_part == totals.for_ + totals.against + totals.abstain


def _exhaustive(sizes: tuple[int, ...]) -> None:
    flats = [Flat(f"o{n}", size) for n, size in enumerate(sizes)]
    roll = roll_of(flats)
    for picked in itertools.product(CHOICES, repeat=len(flats)):
        choices = {flat.owner: choice for flat, choice in zip(flats, picked, strict=True)}
        ballots = ballots_of(choices)
        for major in (False, True):
            verdict = count(preset(MAJOR if major else ORDINARY), roll, ballots)
            assert outcome(verdict) == expected(flats, choices, major, False, False), (sizes, choices)


@pytest.mark.parametrize("sizes", [(1,), (3, 3), (1, 2, 3), (10000, 1, 1), (5, 5, 5, 5), (8937, 8937, 11264, 12605)])
def test_every_choice_of_up_to_four_owners(sizes: tuple[int, ...]) -> None:
    _exhaustive(sizes)


@pytest.mark.long
@pytest.mark.parametrize(
    "sizes", [(1, 1, 1, 1, 1), (1, 2, 3, 4, 5, 6), (1, 1, 1, 1, 1, 1), (4188, 8937, 8937, 9846, 14378, 21488)]
)
def test_every_choice_of_five_and_six_owners(sizes: tuple[int, ...]) -> None:
    _exhaustive(sizes)


SHARES = {"participation": (2, 3, True), "ordinary": (1, 2, False), "major": (3, 4, True)}


def _tie(share: str, heads: int, area: int) -> Verdict:
    """A poll exactly at the share on both measures, moved by `heads` heads and `area` hundredths of a square metre."""
    if share == "participation":
        rows, ballots = poll({"for": (200 + heads, 20_000_00 + area)}, (300, 30_000_00))
    else:
        numerator, denominator, _ = SHARES[share]
        part = (240, 24_000_00)
        ayes = (part[0] * numerator // denominator + heads, part[1] * numerator // denominator + area)
        rest = (part[0] - ayes[0], part[1] - ayes[1])
        rows, ballots = poll({"for": ayes, "against": rest}, (300, 30_000_00))
    return count(preset(MAJOR if share == "major" else ORDINARY), from_table(rows), ballots)


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("heads", [-1, 0, 1])
@pytest.mark.parametrize("area", [-1, 0, 1])
def test_every_tie_one_head_and_one_hundredth_to_either_side(share: str, heads: int, area: int) -> None:
    verdict = _tie(share, heads, area)
    at_tie = SHARES[share][2]
    prefix = "participation" if share == "participation" else "consent"
    for name, moved in (("heads", heads), ("area", area)):
        test = verdict.test(f"{prefix}.{name}")
        assert test.met is (moved > 0 or (moved == 0 and at_tie))
        assert test.short_by == (0 if test.met else -moved + (0 if at_tie else 1))
    assert verdict.passed is all(moved > 0 or (moved == 0 and at_tie) for moved in (heads, area))


def test_thirty_areas_add_up_exactly() -> None:
    sizes = [8937, 11264, 12605, 4126, 5890, 6317] * 5
    flats = [Flat(f"o{n}", size) for n, size in enumerate(sizes)]
    assert roll_of(flats).area() == sum(sizes)
    assert metres(sum(sizes)) == "2456.95"
