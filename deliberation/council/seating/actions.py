"""Giving and ending the seats that take two people: one puts it, a second agrees, and only then anything changes."""

from __future__ import annotations

from deliberation.council import actions, notice_actions, queries
from deliberation.council.actions import Invited
from deliberation.council.residents import queries as resident_queries
from deliberation.council.resting import actions as resting_actions
from deliberation.council.resting.rules import Why
from deliberation.council.rules import PLATFORM
from deliberation.council.seating import past_queries, rules
from deliberation.council.seating import queries as seating_queries
from deliberation.council.seating.rules import Asked, Kind, Second, State
from deliberation.council.tables import Seat, SeatChange
from deliberation.db.engine import Tx
from deliberation.db.journal import record
from deliberation.people.queries import entered
from deliberation.people.recovery.actions import shut
from deliberation.people.tables import Account
from deliberation.web.viewer import NotHere
from votes.refusal import Refused


def put(tx: Tx, account_id: int, role: str, *, building: str = "") -> SeatChange:
    """Appoint somebody to a seat that takes two: it waits for the second."""
    check_not_asked(tx, account_id, role, building)
    actions.check_appoint(tx, account_id, role, building)
    if not seating_queries.seconds(tx.session, tx.council, tx.actor, account_id):
        raise Refused("nobody_agrees")
    change = _keep(tx, Kind.APPOINTING, account_id, role, building=building)
    record(tx, "seat.put", change_id=change.id, role=role)
    return change


def platform_seats(tx: Tx, role: str) -> bool:
    """Whether the platform's admin gives this seat alone."""
    works = seating_queries.works_here(tx.session, tx.council, tx.actor)
    if works and seating_queries.seconds(tx.session, tx.council, tx.actor, 0):
        return False
    return rules.platform_seats(
        role,
        held_before=seating_queries.ever_held(tx.session, tx.council, role, but=tx.actor),
        works=works,
        moderated=seating_queries.moderated(tx.session, tx.council, tx.now),
    )


def end(tx: Tx, seat: Seat, *, reason: str = "") -> bool:
    """End a seat; False while it waits for a second person."""
    actions.check_end(tx, seat)
    if not rules.ends_by_two(seat.role, own=seat.account_id == tx.actor):
        actions.end_seat(tx, seat, reason=reason)
        notice_actions.of_seat(tx, seat, "seat_ended", reason=reason)
        return True
    if seating_queries.waits(tx.session, tx.council, seat.account_id, Kind.ENDING, seat.role):
        raise Refused("seat_waits")
    change = _keep(tx, Kind.ENDING, seat.account_id, seat.role, seat_id=seat.id)
    record(tx, "seat.end_put", change_id=change.id, role=seat.role, reason=reason)
    notice_actions.of_seat(tx, seat, "seat_end_asked", reason=reason)
    return False


def _keep(
    tx: Tx, kind: Kind, account_id: int, role: str, *, building: str = "", seat_id: int | None = None
) -> SeatChange:
    put_by = seating_queries.who_put(tx.session, tx.council)
    rules.check_room(waiting=len(put_by), own=put_by.count(tx.actor))
    change = SeatChange(
        council_id=tx.council,
        kind=kind,
        account_id=account_id,
        role=role,
        building=building,
        seat_id=seat_id,
        put_by=tx.actor,
        put_at=tx.now,
    )
    tx.session.add(change)
    tx.session.flush()
    return change


def agree(tx: Tx, change_id: int, *, by_platform: bool = False) -> Invited | None:
    """The second person says yes. What comes back is a new link that they hand to whoever was appointed, or None where nobody
    but its owner can know the account's password."""
    change = _waiting(tx, change_id)
    by_what = _by_what(tx, by_platform=by_platform)
    if not by_what:
        # The seat by which they were let in has ended since.
        raise NotHere
    behind = seating_queries.behind(tx.session, tx.council, {change.put_by})[change.put_by]
    rules.check_agree(Asked(change.kind, change.account_id, change.put_by, behind), by_what)
    change.state, change.decided_by, change.decided_at = State.DONE, tx.actor, tx.now
    tx.session.add(change)
    if change.kind == Kind.ENDING:
        seat = tx.session.get_one(Seat, change.seat_id)
        if seat.until is None:
            reason = past_queries.reasons(tx.session, tx.council).get(change.id, "")
            actions.end_seat(tx, seat, verb="seat.end_agreed", change_id=change.id)
            notice_actions.seat_settled(tx, change, "seat_end_asked")
            notice_actions.of_seat(
                tx, seat, "seat_ended", reason=reason, also_by=change.put_by, by_platform=by_platform
            )
        return None
    guest = _new_key(tx, change)
    seat = actions.appoint(
        tx,
        change.account_id,
        change.role,
        building=change.building,
        appointed_by=change.put_by,
        confirmed_by=tx.actor,
        verb="seat.agreed",
        change_id=change.id,
    )
    if guest is not None:
        # Whoever hands out the link could use it first.
        resting_actions.rest(tx, seat, Why.KEY, seen_by=tx.actor)
    return guest


def _by_what(tx: Tx, *, by_platform: bool) -> list[Second]:
    """By what the person who acts may be the second: the platform's admin only as long as they do not work here themselves."""
    watches = seating_queries.watching(tx.session, tx.council)
    found = [one for one in watches if one.account_id == tx.actor and by_platform is (one.role == PLATFORM)]
    if by_platform and not found:
        raise Refused("admin_works_here")
    return found


def _new_key(tx: Tx, change: SeatChange) -> Invited | None:
    account = tx.session.get_one(Account, change.account_id)
    if not (account.phone or account.sign_in_name):
        # Closed since it was put forward: nobody sits there any more.
        raise Refused("no_way_to_sign_in")
    offices = seating_queries.offices(tx.session, account.id, given_by=change.put_by)
    needed = rules.new_key(
        has_password=account.password_hash is not None,
        opened_by=account.opened_by,
        put_by=change.put_by,
        known=rules.known(
            works=tx.council in offices,
            by_two=resident_queries.by_two(tx.session, tx.council, account.id),
        ),
        elsewhere=account.platform_admin or bool(offices - {tx.council}),
    )
    if not needed:
        return None
    actions.check_no_poll(tx, account)
    shut(tx, account.id)
    return actions.give_link(tx, account)


def check_not_asked(tx: Tx, account_id: int, role: str, building: str = "") -> None:
    """What waits here for somebody's yes is agreed with or refused first: nobody is put forward twice, and the platform seats
    nobody past it. Whoever could be the second is told that they are asked."""
    asked = (account_id, Kind.APPOINTING, role, building)
    for one in seating_queries.waiting(tx.session, tx.council):
        if (one.account_id, one.kind, one.role, one.building) == asked:
            asked_me = any(second.account_id == tx.actor for second in one.seconds)
            raise Refused("agree_instead" if asked_me else "seat_waits", field="role")


def seat_at_once(tx: Tx, guest: Invited, role: str) -> Invited:
    """By the platform alone."""
    check_not_asked(tx, guest.account_id, role)
    guest = first_key(tx, guest)
    actions.appoint(tx, guest.account_id, role)
    return guest


def first_key(tx: Tx, guest: Invited) -> Invited:
    """A link for whoever was put forward here and not agreed with: they have an account that nobody could open yet."""
    account = tx.session.get_one(Account, guest.account_id)
    opened = guest.token is not None or entered(tx.session, account) or account.platform_admin
    if opened or not seating_queries.was_put(tx.session, tx.council, account.id):
        return guest
    if queries.sits_elsewhere(tx.session, tx.council, account.id) or queries.tied_elsewhere(
        tx.session, tx.council, account.id
    ):
        return guest
    return actions.give_link(tx, account)


def expire(tx: Tx, change_id: int) -> None:
    """Nobody decided it in time: it falls away, and may be put forward anew."""
    change = tx.session.get_one(SeatChange, change_id)
    if change.state != State.WAITING:
        return
    change.state, change.decided_at = State.OVER, tx.now
    tx.session.add(change)
    record(tx, "seat.change_over", change_id=change.id, role=change.role)
    notice_actions.seat_settled(tx, change, "seat_end_asked")


def refuse(tx: Tx, change_id: int, *, by_platform: bool = False) -> None:
    """The second person says no, or whoever put it takes it back, as an admin who works there may do too."""
    change = _waiting(tx, change_id)
    own = change.put_by == tx.actor
    rules.check_refuse(
        by=tx.actor,
        put_by=change.put_by,
        account_id=change.account_id,
        kind=change.kind,
        second=own or bool(_by_what(tx, by_platform=by_platform)),
    )
    change.state, change.decided_by, change.decided_at = State.REFUSED, tx.actor, tx.now
    tx.session.add(change)
    record(tx, "seat.change_refused", change_id=change.id, role=change.role)
    if change.kind == Kind.ENDING:
        notice_actions.seat_settled(tx, change, "seat_end_asked")
        notice_actions.of_seat(tx, change, "seat_kept", by_platform=by_platform)
    else:
        notice_actions.of_seat(tx, change, "seat_not_given", by_platform=by_platform)


def _waiting(tx: Tx, change_id: int) -> SeatChange:
    change = seating_queries.change(tx.session, tx.council, change_id)
    if change is None:
        raise NotHere
    if change.state != State.WAITING:
        raise Refused("seat_change_over")
    return change
