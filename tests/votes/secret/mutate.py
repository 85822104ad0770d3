"""Takes an archive apart into events and writes it again, with hashes and parents made to fit: what a forger would do."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any

from votes.secret import wire
from votes.secret.archive import Reader, Record, entry_bytes, header_body, record_bytes
from votes.secret.board import setup_bytes


@dataclass
class Part:
    """An event's own fields, and the bodies of the records before it."""

    fields: dict[str, Any]
    records: list[bytes]

    def hash(self) -> str:
        return wire.sha_hex(wire.dumps(self.fields))


class Editor:
    def __init__(self, data: bytes) -> None:
        reader = Reader(io.BytesIO(data))
        self.timestamp = reader.timestamp
        self.events: list[Part] = []
        bodies: list[bytes] = []
        for _, record in reader.records():
            if record.kind == "event":
                self.events.append(Part(json.loads(record.body), bodies))
                bodies = []
            else:
                bodies.append(record.body)

    def ballots(self) -> list[bytes]:
        return [part.records[0] for part in self.events if part.fields["type"] == "Ballot"]

    def drop_ballot(self, place: int) -> None:
        del self.events[place]

    def insert_ballot(self, place: int, body: bytes) -> None:
        self.events.insert(place, Part({"height": 0, "type": "Ballot", "payload": ""}, [body]))

    def swap(self, one: int, other: int) -> None:
        self.events[one], self.events[other] = self.events[other], self.events[one]

    def without(self, place: int, *, rechain: bool) -> bytes:
        del self.events[place]
        return self.data(rechain=rechain)

    def last_hash(self) -> str:
        return self.events[-1].hash()

    def renew_setup(self) -> None:
        election, trustees, credentials, _ = self.events[0].records
        self.events[0].records[3] = setup_bytes(election, trustees, credentials)

    def renew_wrappers(self) -> None:
        """The hashes that records hold of each other."""
        for part in self.events:
            if part.fields["type"] == "PartialDecryption":
                owned = json.loads(part.records[1])
                part.records[1] = wire.dumps(owned | {"payload": wire.sha_hex(part.records[0])})
            elif part.fields["type"] == "EncryptedTally":
                sized = json.loads(part.records[1])
                part.records[1] = wire.dumps(sized | {"encrypted_tally": wire.sha_hex(part.records[0])})

    def data(self, *, rechain: bool = True) -> bytes:
        """With `rechain`, heights, parents and payloads are made to fit; records' names always fit their bodies."""
        found = [entry_bytes("BELENIOS", header_body(self.timestamp), self.timestamp)]
        parent: str | None = None
        for height, part in enumerate(self.events):
            records = [Record("data", wire.sha_hex(body), body) for body in part.records]
            fields = dict(part.fields)
            if rechain:
                fields = {} if parent is None else {"parent": parent}
                fields |= {"height": height, "type": part.fields["type"]}
                fields |= {"payload": records[-1].hash} if records else {}
            body = wire.dumps(fields)
            event = Record("event", wire.sha_hex(body), body)
            parent = event.hash
            found += [record_bytes(record, self.timestamp) for record in [*records, event]]
        return b"".join(found)
