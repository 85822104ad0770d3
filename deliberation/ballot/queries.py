"""Polls and ballots read inside one council. Choices are read in two places only: by who cast them, and by the count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_
from sqlmodel import Session, col, func, select

from deliberation import typed
from deliberation.ballot import chain_rules, rules
from deliberation.ballot.tables import Ballot, PaperBallot, Poll
from deliberation.council.tables import Membership, RollUnit
from deliberation.i18n.dates import LOCAL
from deliberation.web.viewer import NotHere

BALLOT_COLUMNS = ("owner_id", "choice", "channel", "cast_at", "cast_by", "receipt", "proxy_no", "slip_no")
"""`votes` reads the first five; by the others a receipt, a paper or a written proxy is found in the list."""


@dataclass(frozen=True)
class Slip:
    """What a receipt proves: that a ballot is in the chain, when, and at which place. Never what it says."""

    receipt: str
    seq: int
    cast_at: datetime
    channel: str
    hash: str


def poll(session: Session, council_id: int, poll_id: int) -> Poll:
    found = session.get(Poll, poll_id)
    if found is None or found.council_id != council_id:
        raise NotHere
    return found


def polls(session: Session, council_id: int, *, page: int = 1, size: int = 30) -> list[Poll]:
    """Newest first; one more than `size` tells that there is another page."""
    return list(
        session.exec(
            select(Poll)
            .where(Poll.council_id == council_id)
            .order_by(col(Poll.id).desc())
            .offset((page - 1) * size)
            .limit(size)
        )
    )


def poll_count(session: Session, council_id: int) -> int:
    return session.exec(select(func.count()).select_from(Poll).where(Poll.council_id == council_id)).one()


def standing_poll(session: Session, council_id: int, motion_id: int) -> Poll | None:
    """The poll on this motion that stands in the way of another: not withdrawn, and no consultation that is over."""
    found = session.exec(
        select(Poll).where(Poll.council_id == council_id, Poll.motion_id == motion_id, col(Poll.withdrawn_at).is_(None))
    )
    return next((one for one in found if one.closed_at is None or rules.binds(one.standing)), None)


def _on_frozen_roll(head_key: str) -> ColumnElement[bool]:
    return exists().where(
        col(RollUnit.roll_id) == col(Poll.roll_id),
        col(RollUnit.head_key) == head_key,
        or_(col(Poll.count_parking), col(RollUnit.use) != "parking"),
    )


def not_over(council_id: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Polls that are announced or open: what `rules.state` says of one, put to the database for all."""
    return (
        col(Poll.council_id) == council_id,
        col(Poll.withdrawn_at).is_(None),
        col(Poll.closed_at).is_(None),
        col(Poll.closes_at) > now,
    )


def is_open(council_id: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (*not_over(council_id, now), col(Poll.opens_at) <= now)


def polls_ahead(session: Session, council_id: int, now: datetime) -> list[Poll]:
    """Announced or open, the first to close first."""
    return list(session.exec(select(Poll).where(*not_over(council_id, now)).order_by(col(Poll.closes_at))))


def open_for(session: Session, council_id: int, head_key: str | None, now: datetime) -> list[Poll]:
    """Polls that wait for the ballot of this head, the first to close first."""
    if head_key is None:
        return []
    cast = exists().where(col(Ballot.poll_id) == col(Poll.id), col(Ballot.head_key) == head_key)
    return list(
        session.exec(
            select(Poll)
            .where(*is_open(council_id, now), ~cast, _on_frozen_roll(head_key))
            .order_by(col(Poll.closes_at))
        )
    )


def heads_in(
    session: Session,
    poll_id: int,
    *,
    before: datetime | None = None,
    channel: str | None = None,
    by_proxy: bool = False,
) -> list[str]:
    """Whose ballots are in, up to a moment, by one channel, or by written proxy alone."""
    found = select(Ballot.head_key).where(Ballot.poll_id == poll_id).order_by(col(Ballot.seq))
    if by_proxy:
        found = found.where(col(Ballot.proxy_id).is_not(None))
    if before is not None:
        found = found.where(col(Ballot.cast_at) < before)
    return list(session.exec(found if channel is None else found.where(Ballot.channel == channel)))


def levels_in(session: Session, poll_id: int) -> list[tuple[tuple[int, ...], int | None]]:
    """How well those were known who cast on their own device, as far as it may be told; papers are counted by their channel."""
    rows = session.exec(
        select(Ballot.level, func.count())
        .where(Ballot.poll_id == poll_id, Ballot.channel == "online")
        .group_by(col(Ballot.level))
    )
    return rules.levels_shown(dict(rows.all()))


def slip_of(ballot: Ballot) -> Slip:
    return Slip(ballot.receipt, ballot.seq, ballot.cast_at, ballot.channel, ballot.hash)


def slip_of_head(session: Session, poll_id: int, head_key: str | None) -> tuple[Slip, int | None] | None:
    """The slip of a head's ballot, and the account that cast it (None on paper)."""
    if head_key is None:
        return None
    found = session.exec(select(Ballot).where(Ballot.poll_id == poll_id, Ballot.head_key == head_key)).first()
    return (slip_of(found), found.account_id) if found else None


def proxy_of(session: Session, poll_id: int, head_key: str | None) -> int | None:
    """The written proxy by which a head's ballot was cast, if it was."""
    return session.exec(select(Ballot.proxy_id).where(Ballot.poll_id == poll_id, Ballot.head_key == head_key)).first()


def tied_at(session: Session, council_id: int, account_id: int) -> datetime | None:
    """When this account was last tied to its head, in whatever way."""
    found = session.exec(
        select(Membership.decided_at, Membership.asked_at).where(
            Membership.council_id == council_id, Membership.account_id == account_id
        )
    ).first()
    return found and (found[0] or found[1])


def other_head_of(session: Session, poll_id: int, account_id: int, head_key: str) -> str | None:
    """Another head for which this account cast in the same poll, before it was tied to this one."""
    return session.exec(
        select(Ballot.head_key).where(
            Ballot.poll_id == poll_id,
            Ballot.account_id == account_id,
            Ballot.head_key != head_key,
            col(Ballot.proxy_id).is_(None),
        )
    ).first()


def own_choice(session: Session, poll_id: int, account_id: int, head_key: str | None) -> str | None:
    """What this account chose for this head: for nobody but itself."""
    return session.exec(
        select(Ballot.choice).where(
            Ballot.poll_id == poll_id, Ballot.account_id == account_id, Ballot.head_key == head_key
        )
    ).first()


def slip_by_receipt(session: Session, receipt: str, council_id: int | None = None) -> tuple[Slip, int, int] | None:
    """The slip of this receipt with its council and poll; in one council, or wherever it is."""
    query = select(Ballot).where(Ballot.receipt == typed.letters(receipt))
    found = session.exec(query if council_id is None else query.where(Ballot.council_id == council_id)).first()
    return (slip_of(found), found.council_id, found.poll_id) if found else None


def last_ballot(session: Session, poll_id: int) -> Ballot | None:
    return session.exec(
        select(Ballot).where(Ballot.poll_id == poll_id).order_by(col(Ballot.seq).desc()).limit(1)
    ).first()


def broken_at(session: Session, poll_id: int) -> int | None:
    """The number of the first ballot that does not fit the chain, or None."""
    chain = session.exec(select(Ballot).where(Ballot.poll_id == poll_id).order_by(col(Ballot.seq))).all()
    return chain_rules.broken_at(chain)


def ballot_rows(session: Session, poll_id: int) -> list[tuple[str, ...]]:
    """The ballots of a closed poll as `votes count` reads them, heading first: what is counted is what is handed out."""
    rows = session.exec(
        select(Ballot, PaperBallot.slip_no)
        .join(PaperBallot, col(PaperBallot.id) == col(Ballot.paper_id), isouter=True)
        .where(Ballot.poll_id == poll_id)
        .order_by(col(Ballot.seq))
    )
    return [BALLOT_COLUMNS, *(_row(ballot, slip_no or "") for ballot, slip_no in rows)]


def _row(ballot: Ballot, slip_no: str) -> tuple[str, ...]:
    # Who signed an invalid paper does not decide whether it is one. A holder's right was looked at by `votes.proxy` when the
    # ballot came in, at that moment; it counts as the owner's own, and the proxy's number says whose hand it was.
    cast_by = "" if ballot.choice == "invalid" or ballot.proxy_id else ballot.cast_by
    proxy_no = str(ballot.proxy_id or "")
    cast_at = ballot.cast_at.astimezone(LOCAL).isoformat(timespec="seconds")
    return ballot.head_key, ballot.choice, ballot.channel, cast_at, cast_by, ballot.receipt, proxy_no, slip_no


def voted(session: Session, poll_ids: Sequence[int], head_key: str | None) -> set[int]:
    """Which of these polls this head has voted in."""
    if head_key is None or not poll_ids:
        return set()
    return set(
        session.exec(select(Ballot.poll_id).where(col(Ballot.poll_id).in_(list(poll_ids)), Ballot.head_key == head_key))
    )
