"""A coverage-guided fuzzer of the readers: python -m tests.votes.secret.fuzz_atheris CORPUS_FOLDER [options]; needs atheris.

Not a test of every day: atheris is no dependency of this project. It starts from the vectors; any exception but a refusal ends it.
"""

from __future__ import annotations

import importlib
import io
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.votes.secret.paths import VECTORS, text
from votes import audit
from votes.refusal import Refused
from votes.secret.archive import Reader
from votes.secret.ballot import read_ballot
from votes.secret.board import Chain, events
from votes.secret.credential import read_list
from votes.secret.election import read_election
from votes.secret.group import belenios_2048
from votes.secret.trustee import read_trustees

GROUP = belenios_2048()
ELECTION = read_election(text("a_plain3", "election.json"))
READERS: list[Any] = [
    lambda data: read_ballot(ELECTION, data),
    lambda data: list(events(Reader(io.BytesIO(data)), Chain())),
    read_election,
    lambda data: read_trustees(GROUP, data),
    lambda data: read_list(GROUP, data),
    lambda data: audit.Audit(io.BytesIO(data)).run(),
    audit.read_election,
    audit.read_trustees,
    audit.read_credentials,
]


def one_input(data: bytes) -> None:
    """The first byte chooses the reader."""
    if data:
        with suppress(Refused, audit.Wrong, audit.NotAnArchive):
            READERS[data[0] % len(READERS)](data[1:])


def sow(corpus: Path) -> None:
    seeds = [(0, "a_plain3/ballot_1.json"), (2, "a_plain3/election.json"), (3, "c_threshold2of3/trustees.json")]
    found = [(reader, (VECTORS / name).read_bytes().strip()) for reader, name in seeds]
    found += [(1, next((VECTORS / "x_loose_answer_json").glob("*.bel")).read_bytes())]
    voters = next(events(Reader(io.BytesIO(found[-1][1])), Chain())).data[2].body
    found += [(4, voters), (8, voters)]
    for reader, data in [*found, (5, found[3][1]), (6, found[1][1]), (7, found[2][1])]:
        (corpus / f"seed{reader}").write_bytes(bytes((reader,)) + data)


def main() -> None:
    atheris = importlib.import_module("atheris")
    corpus = Path(sys.argv[1])
    sow(corpus)
    atheris.instrument_all()
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
