"""The .bel file (SPEC S10): old-style tar entries with no end mark, byte-identical to what belenios-tool writes."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import BinaryIO

from votes.refusal import Refused
from votes.secret import wire

BLOCK = 512
ENTRY_LIMIT = 1 << 20
LONGER = {1: 1 << 22, 2: 1 << 26}
"""The trustees and the list of credentials, second and third in every archive (S11), may be longer."""
FIRST_LIMIT = 200
NAME = re.compile(rb"([0-9a-f]{64})\.(data|event)\.json")
HEADER = re.compile(rb'\{"version":1,"timestamp":"(0|[1-9][0-9]{0,10})"\}')
MOST_TIME = 8**11 - 1


@dataclass(frozen=True, slots=True)
class Record:
    """One entry: `kind` is "data" or "event"; its name is the hash of its body."""

    kind: str
    hash: str
    body: bytes


def header_body(timestamp: int) -> bytes:
    return wire.dumps({"version": 1, "timestamp": str(timestamp)})


def entry_bytes(name: str, body: bytes, timestamp: int) -> bytes:
    return entry_header(name, len(body), timestamp) + body + bytes(-len(body) % BLOCK)


def entry_header(name: str, size: int, timestamp: int) -> bytes:
    header = bytearray(BLOCK)

    def put(place: int, text: bytes) -> None:
        header[place : place + len(text)] = text

    put(0, name.encode("ascii"))
    put(100, b"0000644")
    put(108, b"0000000")
    put(116, b"0000000")
    put(124, b"%011o" % size)
    put(136, b"%011o" % timestamp)
    put(148, b"        ")
    put(156, b"0")
    put(148, b"%06o\0 " % sum(header))
    return bytes(header)


def record_bytes(record: Record, timestamp: int) -> bytes:
    return entry_bytes(f"{record.hash}.{record.kind}.json", record.body, timestamp)


def opened(path: Path) -> BinaryIO:
    """Refused("archive.not_one") for what is no regular file: a pipe may never begin, a device never end."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise Refused("archive.not_one")
    return path.open("rb")


class Reader:
    """Reads entries one after another; `record_at` goes back to one, so that nothing need be kept in memory.

    Every byte is checked: a header must be exactly the one we would write. Refused: "archive.…".
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.offset = 0
        try:
            name, body = self._entry(FIRST_LIMIT)
            found = HEADER.fullmatch(body)
            if name != b"BELENIOS" or not found or int(found[1]) > MOST_TIME:
                raise Refused("archive.not_one")
            self.timestamp = int(found[1])
            self._same_bytes(name, len(body))
        except Refused:
            raise Refused("archive.not_one") from None

    def records(self) -> Iterator[tuple[int, Record]]:
        """Each record with the place where it starts."""
        self._file.seek(self.offset)
        for number in count():
            start = self.offset
            record = self._record(LONGER.get(number, ENTRY_LIMIT))
            if record is None:
                return
            yield start, record

    def record_at(self, start: int) -> Record:
        """A record already read once, and checked then. The place of sequential reading is kept."""
        resume = self.offset
        self._file.seek(start)
        record = self._record(ENTRY_LIMIT)
        self.offset = resume
        self._file.seek(resume)
        if record is None:
            raise Refused("archive.truncated")
        return record

    def _record(self, limit: int) -> Record | None:
        name, body = self._entry(limit)
        if not name:
            return None
        found = NAME.fullmatch(name)
        if not found:
            raise Refused("archive.name", name=name.decode("ascii", "replace")[:80])
        self._same_bytes(name, len(body))
        digest = wire.sha_hex(body)
        if digest.encode() != found[1]:
            raise Refused("archive.hash", name=found[1].decode())
        return Record(found[2].decode(), digest, body)

    def _entry(self, limit: int) -> tuple[bytes, bytes]:
        """Name and body; both empty at the end of the file."""
        self._header = self._file.read(BLOCK)
        if not self._header and self._file.seek(0, os.SEEK_END) >= self.offset:  # less: cut while it is read
            return b"", b""
        size_text = self._header[124:135]
        if len(self._header) < BLOCK or not re.fullmatch(rb"[0-7]{11}", size_text):
            raise Refused("archive.header", offset=self.offset)
        size = int(size_text, 8)
        if size > limit:
            raise Refused("archive.size", size=size)
        body, padding = self._file.read(size), self._file.read(-size % BLOCK)
        if len(body) + len(padding) < size + -size % BLOCK:
            raise Refused("archive.truncated", offset=self.offset)
        if any(padding):
            raise Refused("archive.padding", offset=self.offset)
        self.offset += BLOCK + size + len(padding)
        return self._header[:100].rstrip(b"\0"), body

    def _same_bytes(self, name: bytes, size: int) -> None:
        try:
            expected = entry_header(name.decode("ascii"), size, self.timestamp)
        except UnicodeDecodeError:
            expected = b""
        if self._header != expected:
            raise Refused("archive.header", offset=self.offset)
