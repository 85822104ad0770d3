"""The .bel file (SPEC S10): old-style tar entries with no end mark, byte-identical to what belenios-tool writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from votes.refusal import Refused
from votes.secret import wire

BLOCK = 512
ENTRY_LIMIT = 1 << 26
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
    header = bytearray(BLOCK)

    def put(place: int, text: bytes) -> None:
        header[place : place + len(text)] = text

    put(0, name.encode("ascii"))
    put(100, b"0000644")
    put(108, b"0000000")
    put(116, b"0000000")
    put(124, b"%011o" % len(body))
    put(136, b"%011o" % timestamp)
    put(148, b"        ")
    put(156, b"0")
    put(148, b"%06o\0 " % sum(header))
    return bytes(header) + body + bytes(-len(body) % BLOCK)


def record_bytes(record: Record, timestamp: int) -> bytes:
    return entry_bytes(f"{record.hash}.{record.kind}.json", record.body, timestamp)


class Reader:
    """Reads entries one after another; `record_at` goes back to one, so that nothing need be kept in memory.

    Every byte is checked: a header must be exactly the one we would write. Refused: "archive.…".
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.offset = 0
        name, body = self._entry(None)
        found = HEADER.fullmatch(body)
        if name != b"BELENIOS" or not found or int(found[1]) > MOST_TIME:
            raise Refused("archive.not_one")
        self.timestamp = int(found[1])
        self._same_bytes(name, body)

    def records(self) -> Iterator[tuple[int, Record]]:
        """Each record with the place where it starts."""
        self._file.seek(self.offset)
        while True:
            start = self.offset
            record = self._record()
            if record is None:
                return
            yield start, record

    def record_at(self, start: int) -> Record:
        """A record already read once, and checked then. The place of sequential reading is kept."""
        resume = self.offset
        self._file.seek(start)
        record = self._record()
        self.offset = resume
        self._file.seek(resume)
        if record is None:
            raise Refused("archive.truncated")
        return record

    def _record(self) -> Record | None:
        name, body = self._entry(self.timestamp)
        if not name:
            return None
        found = NAME.fullmatch(name)
        if not found:
            raise Refused("archive.name", name=name.decode("ascii", "replace")[:80])
        self._same_bytes(name, body)
        digest = wire.sha_hex(body)
        if digest.encode() != found[1]:
            raise Refused("archive.hash", name=found[1].decode())
        return Record(found[2].decode(), digest, body)

    def _entry(self, timestamp: int | None) -> tuple[bytes, bytes]:
        self._header = self._file.read(BLOCK)
        if not self._header and timestamp is not None:
            return b"", b""
        size_text = self._header[124:135]
        if len(self._header) < BLOCK or not re.fullmatch(rb"[0-7]{11}", size_text):
            raise Refused("archive.not_one" if timestamp is None else "archive.header", offset=self.offset)
        size = int(size_text, 8)
        limit = 200 if timestamp is None else ENTRY_LIMIT
        if size > limit:
            raise Refused("archive.not_one" if timestamp is None else "archive.size", size=size)
        padded = size + (-size % BLOCK)
        content = self._file.read(padded)
        if len(content) < padded:
            raise Refused("archive.truncated", offset=self.offset)
        if any(content[size:]):
            raise Refused("archive.padding", offset=self.offset)
        self.offset += BLOCK + padded
        return self._header[:100].rstrip(b"\0"), content[:size]

    def _same_bytes(self, name: bytes, body: bytes) -> None:
        try:
            expected = entry_bytes(name.decode("ascii"), body, self.timestamp)[:BLOCK]
        except UnicodeDecodeError:
            expected = b""
        if self._header != expected:
            raise Refused("archive.header", offset=self.offset)
