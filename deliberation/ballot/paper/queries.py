"""Paper ballots and disputed ones, as the desk, the supervisor and the owner may see them: never what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from deliberation.ballot.paper.rules import LEFT_AT_CLOSE, Keyed
from deliberation.ballot.queries import Slip, slip_of
from deliberation.ballot.tables import Ballot, Dispute, PaperBallot, PaperReading, Poll
from deliberation.people.queries import names
from deliberation.web.viewer import NotHere


@dataclass(frozen=True)
class PaperView:
    """A paper slip as the desk sees it: who keyed it in and whether both readings agreed."""

    id: int
    slip_no: str
    state: str
    first_by: int
    first_name: str
    second_name: str
    at: datetime


@dataclass(frozen=True)
class KeyingView:
    kind: str
    name: str
    at: datetime
    slip_no: str
    room: str
    cast_by: str
    note: str


@dataclass(frozen=True)
class CastView:
    """How the ballot of a home came in, for its own owner."""

    channel: str
    at: datetime
    slip_no: str
    signed: str
    by_proxy: str
    dispute: Dispute | None


@dataclass(frozen=True)
class DisputeView:
    id: int
    owner: str
    text: str
    at: datetime
    channel: str
    cast_at: datetime
    slip_no: str
    head_key: str
    keyings: Sequence[KeyingView]
    finding: str
    settled_by: str
    settled_at: datetime | None


@dataclass(frozen=True)
class PaperAct:
    """One keying as the journal tells it after the close: who did what with which slip, not when and not what it says."""

    verb: str
    by: int
    facts: dict[str, Any]


def acts(session: Session, poll_id: int) -> list[PaperAct]:
    """Every keying of a poll's papers, in their order."""
    rows = session.exec(
        select(PaperReading, PaperBallot)
        .join(PaperBallot, col(PaperBallot.id) == col(PaperReading.paper_id))
        .where(PaperBallot.poll_id == poll_id)
        .order_by(col(PaperReading.id))
    ).all()
    last = {reading.paper_id: reading.id for reading, _ in rows}
    numbers: dict[int, str] = {}
    found = []
    for reading, paper in rows:
        facts: dict[str, Any] = {"slip_no": reading.slip_no}
        # Only a slip that was read two ways is ever read anew, so a second reading that was not the last one differed.
        state = paper.state if last[paper.id] == reading.id else "conflict"
        verb = SECOND[state] if reading.kind == "second" else KEYED[reading.kind]
        if reading.kind == "corrected":
            facts["was"] = numbers[paper.id]
        elif reading.kind == "withdrawn":
            facts["reason"] = reading.note
        elif verb == "paper.not_counted":
            facts["paper_why"] = paper.why
        numbers[paper.id] = reading.slip_no
        found.append(PaperAct(verb, reading.by, facts))
    return found


KEYED = {"first": "paper.keyed_in", "corrected": "paper.corrected", "withdrawn": "paper.withdrawn"}
SECOND = {"matched": "paper.taken", "refused": "paper.not_counted", "conflict": "paper.differs"}


def papers(session: Session, poll_id: int) -> list[PaperView]:
    rows = session.exec(
        select(PaperBallot).where(PaperBallot.poll_id == poll_id).order_by(col(PaperBallot.id).desc())
    ).all()
    people = names(session, {person for row in rows for person in (row.first_by, row.second_by)})
    return [
        PaperView(
            id=row.id,
            slip_no=row.slip_no,
            state=row.state,
            first_by=row.first_by,
            first_name=people.get(row.first_by, ""),
            second_name=people.get(row.second_by or 0, ""),
            at=row.second_at or row.first_at,
        )
        for row in rows
    ]


def paper(session: Session, poll_id: int, paper_id: int) -> PaperBallot:
    found = session.get(PaperBallot, paper_id)
    if found is None or found.poll_id != poll_id:
        raise NotHere
    return found


def numbered(session: Session, poll_id: int, slip_no: str) -> PaperBallot | None:
    return session.exec(
        select(PaperBallot).where(PaperBallot.poll_id == poll_id, PaperBallot.slip_no == slip_no)
    ).first()


def first_keyed(row: PaperBallot) -> Keyed:
    return Keyed(row.head_key, row.first_room, row.first_choice, row.first_cast_by)


def differs(row: PaperBallot) -> list[str]:
    """Which fields the two readings of a paper do not agree in."""
    second = Keyed(row.second_head_key or "", row.second_room or "", row.second_choice or "", row.second_cast_by or "")
    return first_keyed(row).differs(second)


def keyed_by(session: Session, paper_id: int) -> set[int]:
    """Everybody who ever keyed this paper in, also where it was corrected later."""
    return set(session.exec(select(PaperReading.by).where(PaperReading.paper_id == paper_id)))


def keyings(session: Session, paper_ids: Sequence[int]) -> dict[int, list[KeyingView]]:
    rows = session.exec(
        select(PaperReading).where(col(PaperReading.paper_id).in_(list(paper_ids))).order_by(col(PaperReading.id))
    ).all()
    people = names(session, {row.by for row in rows})
    found: dict[int, list[KeyingView]] = {}
    for row in rows:
        view = KeyingView(row.kind, people.get(row.by, ""), row.at, row.slip_no, row.room, row.cast_by, row.note)
        found.setdefault(row.paper_id, []).append(view)
    return found


def not_counted(session: Session, poll_id: int) -> list[tuple[str, str]]:
    """Slip number and reason of every paper that does not count, or would not if voting closed now."""
    rows = session.exec(
        select(PaperBallot.slip_no, PaperBallot.state, PaperBallot.why)
        .where(PaperBallot.poll_id == poll_id, PaperBallot.state != "matched")
        .order_by(col(PaperBallot.slip_no))
    )
    return [(slip_no, why or LEFT_AT_CLOSE[state]) for slip_no, state, why in rows]


def slip_of_paper(session: Session, paper_id: int) -> Slip | None:
    found = session.exec(select(Ballot).where(Ballot.paper_id == paper_id)).first()
    return slip_of(found) if found else None


def highest_number(session: Session, poll_id: int) -> int:
    """The highest plain number keyed in so far."""
    numbers = session.exec(select(PaperBallot.slip_no).where(PaperBallot.poll_id == poll_id))
    return max((int(number) for number in numbers if number.isdecimal()), default=0)


def ballot_of_head(session: Session, poll_id: int, head_key: str) -> Ballot:
    found = session.exec(select(Ballot).where(Ballot.poll_id == poll_id, Ballot.head_key == head_key)).first()
    if found is None:
        raise NotHere
    return found


def cast_of_head(session: Session, poll_id: int, head_key: str) -> CastView:
    ballot = ballot_of_head(session, poll_id, head_key)
    row = session.get(PaperBallot, ballot.paper_id) if ballot.paper_id else None
    # Who of several co-owners pressed the button stays between them; a signature on paper is the owner's own to see.
    return CastView(
        channel=ballot.channel,
        at=ballot.cast_at,
        slip_no=row.slip_no if row else "",
        signed=ballot.cast_by if row else "",
        by_proxy=ballot.cast_by if ballot.proxy_id else "",
        dispute=dispute_of(session, ballot.id),
    )


def dispute_of(session: Session, ballot_id: int) -> Dispute | None:
    return session.exec(select(Dispute).where(Dispute.ballot_id == ballot_id)).first()


def dispute(session: Session, poll_id: int, dispute_id: int) -> Dispute:
    found = session.get(Dispute, dispute_id)
    if found is None or found.poll_id != poll_id:
        raise NotHere
    return found


def disputes(session: Session, poll_id: int) -> list[DisputeView]:
    rows = session.exec(
        select(Dispute, Ballot, PaperBallot.slip_no)
        .join(Ballot, col(Ballot.id) == col(Dispute.ballot_id))
        .join(PaperBallot, col(PaperBallot.id) == col(Ballot.paper_id), isouter=True)
        .where(Dispute.poll_id == poll_id)
        .order_by(col(Dispute.id))
    ).all()
    people = names(session, {person for row, _, _ in rows for person in (row.account_id, row.settled_by)})
    keyed = keyings(session, [ballot.paper_id for _, ballot, _ in rows if ballot.paper_id])
    return [
        DisputeView(
            id=row.id,
            owner=people.get(row.account_id, ""),
            text=row.text,
            at=row.at,
            channel=ballot.channel,
            cast_at=ballot.cast_at,
            slip_no=slip_no or "",
            head_key=ballot.head_key,
            keyings=keyed.get(ballot.paper_id or 0, ()),
            finding=row.finding,
            settled_by=people.get(row.settled_by or 0, ""),
            settled_at=row.settled_at,
        )
        for row, ballot, slip_no in rows
    ]


def open_disputes(session: Session, council_id: int) -> list[tuple[int, str, int]]:
    """(poll, title, how many) of the polls with disputed ballots that nobody has looked into yet."""
    rows = session.exec(
        select(Poll.id, Poll.title, func.count())
        .join(Dispute, col(Dispute.poll_id) == col(Poll.id))
        .where(Dispute.council_id == council_id, col(Dispute.settled_at).is_(None))
        .group_by(col(Poll.id), col(Poll.title))
        .order_by(col(Poll.id))
    )
    return list(rows.all())
