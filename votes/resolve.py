"""Which ballot speaks for each head (SPEC 5.1-5.5): one head, one ballot, the others refused or held with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from votes.ballots import Ballot
from votes.moment import moment
from votes.proxy import Proxies
from votes.roll import Head, Roll
from votes.table import key

_SELF = frozenset({"本人", "业主本人", "self"})


@dataclass(frozen=True, slots=True)
class RefusedBallot:
    """A ballot that does not count, and why; `line` is its place in the list of ballots, `stands` that of the ballot which
    counts in its stead, 0 where none does."""

    owner_id: str
    code: str
    line: int
    stands: int = 0

    def as_json(self) -> dict[str, object]:
        return {"owner_id": self.owner_id, "code": self.code, "line": self.line}


@dataclass(frozen=True, slots=True)
class HeldHead:
    """A head whose co-owners disagree while nobody is designated: not counted until they name one in writing."""

    owner_id: str
    code: str
    lines: tuple[int, ...]
    area: int

    def as_json(self) -> dict[str, object]:
        return {"owner_id": self.owner_id, "code": self.code, "lines": list(self.lines), "area": self.area}


@dataclass(slots=True)
class Resolved:
    """`counted` maps head key to its ballot."""

    counted: dict[str, Ballot] = field(default_factory=dict)
    held: list[HeldHead] = field(default_factory=list)
    refused: list[RefusedBallot] = field(default_factory=list)

    def refuse(self, ballots: Iterable[Ballot], code: str, stands: int = 0) -> None:
        self.refused += [RefusedBallot(ballot.owner_id, code, ballot.line, stands) for ballot in ballots]


@dataclass(frozen=True, slots=True)
class Window:
    """When ballots are taken: from `opens` up to, not including, `closes`. A ballot without a time is taken as in time."""

    opens: datetime | None = None
    closes: datetime | None = None

    def fault(self, at: datetime | None) -> str:
        if at is None:
            return ""
        if self.opens is not None and moment(at) < moment(self.opens):
            return "too_early"
        return "too_late" if self.closes is not None and moment(at) >= moment(self.closes) else ""


def resolve(
    roll: Roll,
    heads: Iterable[Head],
    ballots: Iterable[Ballot],
    conflict: str,
    window: Window,
    proxies: Proxies | None,
    designated: Mapping[str, str],
) -> Resolved:
    """`designated` adds owner_id -> name written after the roll was frozen. `proxies` None: pens of sole owners are not
    questioned."""
    out = Resolved()
    heads = tuple(heads)
    by_id = {key(owner_id): head for head in heads for owner_id in head.owner_ids}
    weighed = {key(unit.owner_id) for head in heads for unit in head.units}
    named_later = {key(owner_id): name for owner_id, name in designated.items()}
    on_roll = {key(unit.owner_id) for unit in roll.units}
    waiting: dict[str, list[Ballot]] = {}
    heads_met: dict[str, Head] = {}
    for ballot in ballots:
        owner = key(ballot.owner_id)
        head = by_id.get(owner)
        fault = window.fault(ballot.cast_at) if head else _stranger(owner, on_roll, weighed)
        if head is None or fault:
            out.refuse([ballot], fault)
            continue
        heads_met[head.key] = head
        waiting.setdefault(head.key, []).append(ballot)
    for head_key, mine in waiting.items():
        head = heads_met[head_key]
        later = next((named_later[key(i)] for i in head.owner_ids if key(i) in named_later), "")
        _one_head(head, _in_order(mine), conflict, proxies, later or head.designated, out)
    out.refused.sort(key=lambda refused: refused.line)
    out.held.sort(key=lambda held: held.lines)
    return out


def _stranger(owner: str, on_roll: set[str], weighed: set[str]) -> str:
    """Why an id has no ballot: not there, its units weigh in the developer's head, or none of them weighs anything."""
    if owner not in on_roll:
        return "not_on_roll"
    return "undelivered" if owner in weighed else "parking_only"


def _in_order(ballots: list[Ballot]) -> list[Ballot]:
    """By time; where a time is missing the order of the list is all there is."""
    timed = [(moment(ballot.cast_at), ballot.line, n) for n, ballot in enumerate(ballots) if ballot.cast_at is not None]
    if len(timed) == len(ballots):
        return [ballots[n] for _, _, n in sorted(timed)]
    return sorted(ballots, key=lambda ballot: ballot.line)


def _one_head(
    head: Head, ballots: list[Ballot], conflict: str, proxies: Proxies | None, designated: str, out: Resolved
) -> None:
    own = {*map(key, head.owner_ids), *map(key, [designated] if designated else _own_name(head))}
    ballots = _with_right_pen(head, ballots, proxies, designated, own, out)
    valid = [ballot for ballot in ballots if ballot.choice != "invalid"] or ballots
    if _disagree(head, valid, conflict, designated, own):
        lines = tuple(sorted(ballot.line for ballot in ballots))
        out.held.append(HeldHead(head.key, "co_owners_disagree", lines, head.area))
        return
    if not ballots:
        return
    chosen = _choose(valid, conflict)
    out.counted[head.key] = chosen
    out.refuse([ballot for ballot in ballots if ballot is not chosen], "duplicate", chosen.line)


def _own_name(head: Head) -> tuple[str, ...]:
    """The name an owner signs with as much as with the id; where the roll has several, or says co-owned, it is one pen of some."""
    return head.names if head.ownership != "co" and len(set(map(key, head.names))) == 1 else ()


def _pen(ballot: Ballot) -> str:
    """Who held it; "the owner" says no more than an unsigned ballot does."""
    pen = key(ballot.cast_by)
    return "" if pen in _SELF else pen


def _with_right_pen(
    head: Head, ballots: list[Ballot], proxies: Proxies | None, designated: str, own: set[str], out: Resolved
) -> list[Ballot]:
    """Drop ballots whose pen had no right to vote for this head."""
    kept: list[Ballot] = []
    by_proxy: list[Ballot] = []
    for ballot in ballots:
        pen = _pen(ballot)
        if not pen or pen in own:
            kept.append(ballot)
        elif proxies is not None:
            names = () if designated and head.ownership != "sole" else head.names
            fault = proxies.objection(head.owner_ids, names, pen, ballot.cast_at)
            if fault == "":
                (kept if pen in map(key, names) else by_proxy).append(ballot)
            else:
                not_named = designated and head.ownership != "sole" and fault == "no_proxy"
                out.refuse([ballot], "not_designated" if not_named else fault)
        elif designated and head.ownership != "sole":
            out.refuse([ballot], "not_designated")
        else:
            kept.append(ballot)
    if any(ballot.choice != "invalid" for ballot in kept):
        out.refuse(by_proxy, "principal_voted")
        return kept
    keep = {id(ballot) for ballot in (*kept, *by_proxy)}
    return [ballot for ballot in ballots if id(ballot) in keep]


def _disagree(head: Head, ballots: list[Ballot], conflict: str, designated: str, own: set[str]) -> bool:
    """Several pens of one co-owned head, nobody designated, and their ballots differ. Where the roll says co-owned, two
    unsigned ballots may be two pens."""
    if designated or head.ownership == "sole" or head.is_developer:
        return False
    pens: dict[str, list[Ballot]] = {}
    for number, ballot in enumerate(ballots):
        pen = _pen(ballot)
        unsigned = f"#{number}" if head.ownership == "co" else ""
        pens.setdefault("" if pen in own else pen or unsigned, []).append(ballot)
    return len({_choose(mine, conflict).choice for mine in pens.values()}) > 1


def _choose(ballots: list[Ballot], conflict: str) -> Ballot:
    """The ballot that stands among a head's, in time order (SPEC 5.3)."""
    if conflict == "last":
        return ballots[-1]
    if conflict == "paper":
        return next((ballot for ballot in ballots if ballot.channel == "paper"), ballots[0])
    return ballots[0]
