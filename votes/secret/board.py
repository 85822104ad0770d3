"""The public ledger (SPEC S11): events that only ever get added, each naming the one before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from votes.refusal import Refused
from votes.secret import wire
from votes.secret.archive import MOST_TIME, Reader, Record, entry_bytes, header_body, record_bytes

# How many data records stand in front of each kind of event, and which kinds may follow it.
RECORDS = {"Setup": 4, "Ballot": 1, "EndBallots": 0, "EncryptedTally": 2, "PartialDecryption": 2, "Result": 1}
FOLLOWS: dict[str | None, tuple[str, ...]] = {
    None: ("Setup",),
    "Setup": ("Ballot", "EndBallots"),
    "Ballot": ("Ballot", "EndBallots"),
    "EndBallots": ("EncryptedTally",),
    "EncryptedTally": ("PartialDecryption",),
    "PartialDecryption": ("PartialDecryption", "Result"),
    "Result": (),
}
MIXNET = ("Shuffle", "EndShuffles")


@dataclass(frozen=True, slots=True)
class Event:
    """An event with the data records written just before it; `places` are where those start in the file."""

    type: str
    height: int
    hash: str
    data: tuple[Record, ...]
    places: tuple[int, ...] = ()


def event_bytes(parent: str | None, height: int, type_: str, payload: str | None) -> bytes:
    found: dict[str, object] = {} if parent is None else {"parent": parent}
    found |= {"height": height, "type": type_}
    return wire.dumps(found if payload is None else found | {"payload": payload})


@dataclass
class Chain:
    """Checks that events follow the grammar and name their parents. Refused: "chain.…"."""

    head: str | None = None
    height: int = -1
    last: str | None = None

    def take(self, record: Record, before: list[tuple[int, Record]]) -> Event:
        found = wire.canonical(record.body, "chain", 4096)
        if not isinstance(found, dict):
            raise Refused("chain.shape")
        optional = ("parent", "payload")
        wire.fields(found, "chain", "parent", "height", "type", "payload", optional=optional)
        type_ = wire.text(found["type"], "chain")
        height = wire.natural(found["height"], "chain", 10**9)
        if type_ in MIXNET:
            raise Refused("chain.mixnet", height=height)
        if type_ not in FOLLOWS[self.last]:
            raise Refused("chain.order", type=type_[:30], after=self.last, height=height)
        if height != self.height + 1:
            raise Refused("chain.height", height=height)
        if found.get("parent") != self.head or ("parent" in found) != (self.head is not None):
            raise Refused("chain.parent", height=height)
        payload = before[-1][1].hash if before else None
        if len(before) != RECORDS[type_] or found.get("payload") != payload or ("payload" in found) != bool(before):
            raise Refused("chain.payload", height=height)
        self.head, self.height, self.last = record.hash, height, type_
        return Event(type_, height, record.hash, tuple(r for _, r in before), tuple(place for place, _ in before))


def events(reader: Reader, chain: Chain) -> Iterator[Event]:
    """The archive's events in order; records left over at the end are refused."""
    waiting: list[tuple[int, Record]] = []
    for place, record in reader.records():
        if record.kind == "event":
            yield chain.take(record, waiting)
            waiting = []
        else:
            waiting.append((place, record))
            if len(waiting) > max(RECORDS.values()):
                raise Refused("chain.payload", height=chain.height + 1)
    if waiting:
        raise Refused("chain.left_over")
    if chain.last is None:
        raise Refused("chain.empty")


@dataclass
class Board:
    """An archive while it grows. `append` gives the new bytes, so that a server can write and fsync just those."""

    timestamp: int
    chain: Chain = field(default_factory=Chain)
    parts: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not 0 <= self.timestamp <= MOST_TIME:
            raise Refused("archive.time", time=self.timestamp)
        self.parts.append(entry_bytes("BELENIOS", header_body(self.timestamp), self.timestamp))

    def append(self, type_: str, *bodies: bytes) -> bytes:
        """Refused: "chain.order" for an event that may not stand here."""
        records = [Record("data", wire.sha_hex(body), body) for body in bodies]
        payload = records[-1].hash if records else None
        body = event_bytes(self.chain.head, self.chain.height + 1, type_, payload)
        event = Record("event", wire.sha_hex(body), body)
        self.chain.take(event, [(0, record) for record in records])
        added = b"".join(record_bytes(record, self.timestamp) for record in [*records, event])
        self.parts.append(added)
        return added

    @property
    def data(self) -> bytes:
        return b"".join(self.parts)


def setup_bytes(election: bytes, trustees: bytes, credentials: bytes) -> bytes:
    return wire.dumps(
        {
            "election": wire.sha_hex(election),
            "trustees": wire.sha_hex(trustees),
            "credentials": wire.sha_hex(credentials),
        }
    )
