"""Closing one's account: what the law does not keep goes at once."""

from __future__ import annotations

from dataclasses import replace

from sqlmodel import col, select

from deliberation.council.actions import lapse
from deliberation.council.disputes import actions as dispute_actions
from deliberation.council.rules import State
from deliberation.council.seating import past_queries
from deliberation.council.tables import Membership, Seat, SeatChange
from deliberation.db.engine import Tx
from deliberation.db.journal import record
from deliberation.people.actions import close_account
from deliberation.people.tables import Account
from votes.refusal import Refused


def leave(tx: Tx, account_id: int) -> None:
    """Of the person's own will. Raises Refused for who holds a seat or runs the platform: that is handed over first."""
    account = tx.session.get_one(Account, account_id)
    held = select(Seat.id).where(Seat.account_id == account_id, col(Seat.until).is_(None))
    if account.platform_admin or tx.session.exec(held).first() is not None:
        raise Refused("seat_first")
    for member in tx.session.exec(select(Membership).where(Membership.account_id == account_id)):
        tx.council_id = member.council_id
        if member.state in {State.WAITING, State.VERIFIED}:
            record(tx, "resident.left", member_id=member.id)
        member.state, member.home, member.note, member.head_key, member.level = State.ENDED, "", "", None, 0
        member.before = ""
        tx.session.add(member)
    dispute_actions.end_with(tx, account_id)
    for council_id in past_queries.waits_in(tx.session, account_id):
        lapse(replace(tx, council_id=council_id), col(SeatChange.account_id) == account_id)
    close_account(tx, account_id)
