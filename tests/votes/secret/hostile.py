"""Archives made to cost a verifier memory or time, and what they cost it: each verifier runs in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tests.votes.secret.make import TIME, Town
from votes.secret.archive import entry_bytes, header_body
from votes.secret.board import Board, setup_bytes
from votes.secret.poll import Poll
from votes.secret.wire import sha_hex

ROOT = Path(__file__).parents[3]
MEASURED = """
import re, sys, time
from {module} import {main} as main
code = main(sys.argv[1:])
sys.stdout.flush()
most = re.search("VmHWM:[^0-9]*([0-9]+)", open("/proc/self/status").read())[1]
print("cost", most, time.process_time(), file=sys.stderr)
sys.exit(code)
"""
VERIFIERS = {
    "verify": MEASURED.format(module="votes.secret.commands", main="verify_command"),
    "audit": MEASURED.format(module="votes.audit", main="main"),
}


@dataclass(frozen=True)
class Cost:
    code: int
    said: str
    megabytes: int
    """The most at any time, by the kernel's account."""
    seconds: float
    """Of the processor, so that a busy machine makes no difference."""


def cost(verifier: str, path: Path) -> Cost:
    done = subprocess.run(
        [sys.executable, "-c", VERIFIERS[verifier], str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert "Traceback" not in done.stderr, done.stderr[-2000:]
    *_, most, seconds = done.stderr.split()
    return Cost(done.returncode, done.stdout, int(most) >> 10, float(seconds))


def filled(size: int, piece: bytes, start: bytes = b"[", end: bytes = b"]") -> bytes:
    """JSON of nearly this size: the piece again and again."""
    return start + (piece + b",") * ((size - len(start) - len(end) - len(piece)) // (len(piece) + 1)) + piece + end


def members(size: int) -> bytes:
    """An object whose keys all differ."""
    keys: Iterator[bytes] = (b'"%x":0,' % number for number in count())
    found: list[bytes] = []
    length = 2
    for key in keys:
        length += len(key)
        if length > size:
            return b"{" + b"".join(found)[:-1] + b"}"
        found.append(key)
    raise AssertionError


SHAPES: dict[str, Callable[[int], bytes]] = {
    "wide objects": lambda size: filled(size, b"{}"),
    "deep lists": lambda size: b"[" * (size // 2) + b"]" * (size // 2),
    "nearly too deep": lambda size: filled(size, b"[" * 900 + b"]" * 900),
    "tiny texts": lambda size: filled(size, b'"10"'),
    "one huge number": lambda size: b"9" * size,
    "one huge text": lambda size: b'"' + b"9" * (size - 2) + b'"',
    "many keys": members,
}


def setup(election: bytes, trustees: bytes, credentials: bytes) -> Board:
    """Whatever the three are, every hash fits."""
    board = Board(TIME)
    board.append("Setup", election, trustees, credentials, setup_bytes(election, trustees, credentials))
    return board


def in_setup(place: Town, which: int, body: bytes) -> bytes:
    """An archive of the setup alone, one of its three parts exchanged."""
    parts = [place.setup.election, place.setup.trustees, place.setup.lists["heads"]]
    parts[which] = body
    return setup(*parts).data


def later(place: Town, type_: str, *events: list[bytes]) -> bytes:
    """An archive that ends with events of this type over these bodies."""
    poll = Poll.start(place.setup, "heads")
    if type_ == "EncryptedTally":
        poll.board.append("EndBallots")
    for bodies in events:
        poll.board.append(type_, *bodies)
    return poll.board.data


def many_voters(number: int) -> bytes:
    """A list in proper form, every line as long as a line may be."""
    first = 10**616
    return b"[" + b",".join(b'"%d,100000000000000"' % (first + each) for each in range(number)) + b"]"


def unclaimed(bodies: list[bytes]) -> bytes:
    """Records that no event ever names."""
    head = entry_bytes("BELENIOS", header_body(TIME), TIME)
    return head + b"".join(entry_bytes(f"{sha_hex(body)}.data.json", body, TIME) for body in bodies)


def event_of(body: bytes) -> bytes:
    """A first event of any content."""
    return entry_bytes("BELENIOS", header_body(TIME), TIME) + entry_bytes(f"{sha_hex(body)}.event.json", body, TIME)
