"""Archives that only cost: both verifiers refuse them in little memory and time, whatever the sender chose (SPEC S12.1)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.votes.secret.hostile import SHAPES, VERIFIERS, cost, event_of, in_setup, later, many_voters, unclaimed
from tests.votes.secret.make import GROUP, ONE_ANSWER, Town, town
from votes.secret.tally import Bucket
from votes.secret.wire import MOST_SUM

MEGABYTES, SECONDS = 160, 30.0
"""Seconds of the processor; an ordinary machine takes one or two, and what is not linear would take hours."""
LIST, TRUSTEES, OTHER = 63_999_999, (1 << 22) - 1, (1 << 20) - 1
"""Just below what each record may be long at most."""
WORST = ("wide objects", "many keys", "nearly too deep")
BOTH = pytest.mark.parametrize("verifier", VERIFIERS)


@pytest.fixture(scope="module")
def place() -> Town:
    return town([1], [ONE_ANSWER])


def cheap(verifier: str, folder: Path, data: bytes) -> None:
    path = folder / "hostile.bel"
    path.write_bytes(data)
    found = cost(verifier, path)
    assert found.code == 1, found
    assert found.megabytes < MEGABYTES, found
    assert found.seconds < SECONDS, found


@BOTH
@pytest.mark.parametrize("shape", [*WORST, "deep lists", "tiny texts", "one huge number", "one huge text"])
def test_a_list_of_credentials_of_any_shape(verifier: str, shape: str, place: Town, tmp_path: Path) -> None:
    cheap(verifier, tmp_path, in_setup(place, 2, SHAPES[shape](LIST)))


@BOTH
@pytest.mark.parametrize("shape", WORST)
def test_an_election_of_any_shape(verifier: str, shape: str, place: Town, tmp_path: Path) -> None:
    cheap(verifier, tmp_path, in_setup(place, 0, SHAPES[shape](OTHER)))


@BOTH
@pytest.mark.parametrize("shape", WORST)
def test_trustees_of_any_shape(verifier: str, shape: str, place: Town, tmp_path: Path) -> None:
    cheap(verifier, tmp_path, in_setup(place, 1, SHAPES[shape](TRUSTEES)))


@BOTH
@pytest.mark.parametrize("shape", WORST)
def test_later_records_of_any_shape(verifier: str, shape: str, place: Town, tmp_path: Path) -> None:
    body = SHAPES[shape](OTHER)
    cheap(verifier, tmp_path, later(place, "Ballot", [body]))
    cheap(verifier, tmp_path, later(place, "EncryptedTally", [body, b"{}"]))
    cheap(verifier, tmp_path, event_of(body))


@BOTH
def test_a_record_longer_than_its_place_allows(verifier: str, place: Town, tmp_path: Path) -> None:
    body = SHAPES["wide objects"](LIST)
    for data in (in_setup(place, 0, body), in_setup(place, 1, body), later(place, "Ballot", [body]), event_of(body)):
        cheap(verifier, tmp_path, data)


def enormous() -> bytes:
    return unclaimed([bytes([letter]) * LIST for letter in b"AB"])


def tiny() -> bytes:
    return unclaimed([b"%d" % number for number in range(10_000)])


def most_voters() -> bytes:
    """As many as there may be, each number as long as it may be; none is in the group."""
    return many_voters(100_000)


def too_many_voters() -> bytes:
    return many_voters(100_001)


@BOTH
@pytest.mark.parametrize("make", [enormous, tiny])
def test_records_that_no_entry_names(verifier: str, make: Callable[[], bytes], tmp_path: Path) -> None:
    cheap(verifier, tmp_path, make())


@BOTH
@pytest.mark.parametrize("make", [most_voters, too_many_voters])
def test_the_longest_list_there_may_be(verifier: str, make: Callable[[], bytes], place: Town, tmp_path: Path) -> None:
    cheap(verifier, tmp_path, in_setup(place, 2, make()))


@BOTH
def test_a_thousand_ballots_without_sense(verifier: str, place: Town, tmp_path: Path) -> None:
    cheap(verifier, tmp_path, later(place, "Ballot", *([b'{"number":%d}' % number] for number in range(1_000))))


def test_weights_of_every_digit_make_few_products() -> None:
    """There are 512 such buckets where ballots are as large as they may be, and 350 bytes to a product."""
    bucket = Bucket(GROUP)
    expected = 0
    assert MOST_SUM > 255 * 0x010101010101
    for number in range(1, 256):
        weight = number * 0x010101010101
        bucket.add(GROUP.base_power(number), weight)
        expected += number * weight
    assert bucket.value() == GROUP.base_power(expected)
    assert sum(map(len, bucket._rows)) <= 200
