"""The frozen roll of a poll, and how far the poll has come. Every figure here is computed by `votes`."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from sqlmodel import Session

from deliberation.ballot import rules
from deliberation.ballot.tables import Poll
from deliberation.council.roll import queries as roll_queries
from deliberation.council.roll.rules import names_of
from deliberation.council.tables import Roll as RollVersion
from votes.ballots import Ballot as VotingBallot
from votes.roll import Head, Roll, Unit
from votes.rules import RuleSet
from votes.table import key
from votes.tally import count
from votes.threshold import Test

_SPOKEN = re.compile("[-—－/,，、.。 ]|(?<=[0-9])[室房]$")
"""What people put between the parts of an address, and after the room."""


@dataclass(frozen=True)
class Turnout:
    """Heads and area whose ballots are in, against the whole roll; nothing about what they say."""

    heads: Test
    area: Test


def roll_of(session: Session, poll: Poll) -> Roll:
    """The poll's roll, frozen at its notice."""
    return roll_queries.known_roll(session, poll.roll_id, poll.roll_fingerprint)


def heads_of(session: Session, poll: Poll) -> tuple[Head, ...]:
    return roll_of(session, poll).heads(poll.count_parking)


def head_of(session: Session, poll: Poll, head_key: str | None) -> Head | None:
    if head_key is None:
        return None
    return next((head for head in heads_of(session, poll) if head.key == head_key), None)


def changed_hands(session: Session, poll: Poll, head: Head, *, name: str, tied_at: datetime | None) -> bool:
    """Whether the head of the poll's roll is another's than the one that somebody of this name was tied to. Where a register
    numbers homes, the number stays with a home that is sold: none of its owners then is one now, and none of those after it was
    sold was one then. And whoever was tied by a later roll, as after heads were merged, has to stand on this one too."""
    now = names_of(head)
    before = roll_queries.newest_at(session, poll.council_id, tied_at) if tied_at and key(name) not in now else None
    if before is None:
        return False
    if before.id > poll.roll_id:
        return True
    return _others(session, poll, head, before) or _others(
        session, poll, head, roll_queries.newest(session, poll.council_id)
    )


def _others(session: Session, poll: Poll, head: Head, version: RollVersion | None) -> bool:
    """Whether on this version of the roll the head has none of the owners it has on the poll's."""
    if version is None or version.id == poll.roll_id:
        return False
    heads = roll_queries.known_roll(session, version.id, version.fingerprint).heads(poll.count_parking)
    found = next((one for one in heads if one.key == head.key), None)
    return found is not None and not names_of(found) & names_of(head)


def rule_of(poll: Poll) -> RuleSet:
    return rules.rule_for(
        poll.law_item,
        invalid_takes_part=poll.invalid_takes_part,
        count_parking=poll.count_parking,
        proxy_limit=poll.proxy_limit,
    )


def turnout(session: Session, poll: Poll, head_keys: Collection[str]) -> Turnout:
    return _turnout(roll_of(session, poll), rule_of(poll), head_keys)


def thresholds(roll: Roll, rule: RuleSet) -> Turnout:
    """What must take part before anything can pass, on a roll nobody has voted on yet."""
    return _turnout(roll, rule, ())


_KEPT = 200
_known: OrderedDict[tuple[str, RuleSet, str], Turnout] = OrderedDict()
_turn = Lock()


def _turnout(roll: Roll, rule: RuleSet, head_keys: Collection[str]) -> Turnout:
    """Counted by `votes` as if every ballot abstained: only whether it came in is read. The same ballots on the same roll make
    the same turnout, and every look at a result asks for three, so the last few stay in memory."""
    name = (roll.fingerprint(), rule, hashlib.sha256("\n".join(head_keys).encode()).hexdigest())
    with _turn:
        if name in _known:
            _known.move_to_end(name)
            return _known[name]
    blank = [VotingBallot(head_key, "abstain", line=line) for line, head_key in enumerate(head_keys, start=1)]
    verdict = count(rule, roll, blank)
    found = Turnout(verdict.test("participation.heads"), verdict.test("participation.area"))
    with _turn:
        _known[name] = found
        while len(_known) > _KEPT:
            _known.popitem(last=False)
    return found


def place(unit: Unit) -> str:
    """Where a unit is, as people write it: 水仙里1幢1单元0101."""
    parts = [unit.group, unit.building, unit.entrance, unit.room]
    return "".join(part for part in parts if part and part not in {"-", "—"})


def spellings(unit: Unit) -> set[str]:
    """How people write a unit: the compound's part or the entrance left out, or the zeros before the room number."""
    group, building, entrance, room = (
        _SPOKEN.sub("", key(part)).replace("栋", "幢") for part in (unit.group, unit.building, unit.entrance, unit.room)
    )
    rooms = {room, room.lstrip("0") or room}
    return {
        before + at + way + number
        for number in rooms
        for way in (entrance, "")
        for before, at in ((group, building), ("", building), (group, ""), ("", ""))
    }


def fitting(heads: Collection[Head], typed: str) -> dict[str, Head]:
    """The places that fit what was typed, each with its head; one alone when it is written in full."""
    places = by_place(heads)
    wanted = key(typed)
    whole = {name: head for name, head in places.items() if key(name) == wanted}
    if whole:
        return whole
    wanted = _SPOKEN.sub("", wanted).replace("栋", "幢")
    return {place(unit): head for head in heads for unit in head.units if wanted in spellings(unit)}


def by_place(heads: Collection[Head]) -> dict[str, Head]:
    return {place(unit): head for head in heads for unit in head.units}
