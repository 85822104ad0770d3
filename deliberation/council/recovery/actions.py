"""Two people at the desk let somebody back into their account: one begins, another confirms."""

from __future__ import annotations

import secrets
from dataclasses import replace

from deliberation.council import queries, rules
from deliberation.council.residents import actions as resident_actions
from deliberation.council.residents import queries as resident_queries
from deliberation.council.resting import actions as resting_actions
from deliberation.council.seating import queries as seating_queries
from deliberation.db.engine import Tx
from deliberation.db.journal import record
from deliberation.people import actions
from deliberation.people.devices import actions as device_actions
from deliberation.people.queries import token_hash
from deliberation.people.recovery import queries as recovery_queries
from deliberation.people.tables import Account, Recovery
from votes.refusal import Refused


def _check(tx: Tx, account: Account, *, started_by: int | None, by_moderator: bool) -> None:
    rules.check_recovery(
        by=tx.actor,
        account_id=account.id,
        admin=account.platform_admin,
        seats_here=queries.roles_of(tx.session, tx.council, account.id),
        seats_elsewhere=queries.sits_elsewhere(tx.session, tx.council, account.id),
        started_by=started_by,
        by_moderator=by_moderator,
        by_platform=_by_platform(tx, started_by or tx.actor),
    )
    member = resident_queries.membership_of(tx.session, tx.council, account.id)
    rules.check_own_person(
        seated=bool(queries.roles_of(tx.session, tx.council, account.id) & set(rules.OFFICES)),
        state_here=member.state if member else None,
        tied_elsewhere=queries.tied_elsewhere(tx.session, tx.council, account.id),
    )
    if not (account.phone or account.sign_in_name):
        raise Refused("no_way_to_sign_in")
    _check_at_home(tx, account)


def _check_at_home(tx: Tx, account: Account) -> None:
    """Whom two have seated in a council is let in there, as long as a colleague who moderates is left: a council made for the
    purpose, in which the platform alone has seated them, takes their account out of nobody's hands."""
    firm = seating_queries.seated_by_two(tx.session, account.id)
    if tx.council in firm:
        return
    for council in firm:
        moderate = {one.account_id for one in queries.seats(tx.session, council) if one.role == rules.Role.MODERATOR}
        if moderate - {account.id}:
            raise Refused("let_in_where_seated")


def _by_platform(tx: Tx, account_id: int) -> bool:
    admin = tx.session.get_one(Account, account_id).platform_admin
    return admin and not queries.roles_of(tx.session, tx.council, account_id)


def start(tx: Tx, account_id: int, checked: str) -> Recovery:
    """`checked`: what the person showed. They are told on every device on which they are still signed in."""
    account = tx.session.get_one(Account, account_id)
    _check(tx, account, started_by=None, by_moderator=False)
    if any(one.council_id == tx.council for one in recovery_queries.open_for(tx.session, account_id, tx.now)):
        raise Refused("recovery_begun")
    recovery = Recovery(
        council_id=tx.council, account_id=account_id, checked=checked, started_by=tx.actor, started_at=tx.now
    )
    tx.session.add(recovery)
    tx.session.flush()
    device_actions.tell(tx, account_id, "recovery_started")
    _record(tx, "account.recovery_started", recovery)
    return recovery


def confirm(tx: Tx, recovery: Recovery, *, by_moderator: bool) -> tuple[str, str]:
    """The name, and the token for the slip; it is kept nowhere. The lost phone is signed out at once.

    Councils whose staff did not see the person see them again before any ballot or office of theirs counts there."""
    account = tx.session.get_one(Account, recovery.account_id)
    _check(tx, account, started_by=recovery.started_by, by_moderator=by_moderator)
    handed_out = _hand_out(tx, recovery, account, "account.recovery_confirmed")
    resting_actions.let_in_here(tx, account.id)
    return handed_out


def by_platform_alone(tx: Tx, account_id: int) -> bool:
    """Whether the platform's admin, who works in none of the councils concerned, is enough (rules.platform_alone). A council made
    for the purpose, in which the person is the only one, does not make it so; nor does it to let colleagues in through such a one,
    so that their seats rest here."""
    concerned = _concerned(tx, account_id)
    staff = {
        one.account_id for council in concerned for one in queries.seats(tx.session, council) if one.role in rules.STAFF
    }
    works = any(set(queries.roles_of(tx.session, one, tx.actor)) for one in concerned)
    return not works and rules.platform_alone(
        queries.roles_anywhere(tx.session, account_id),
        others=len(staff - {account_id}),
        tied=bool(resident_queries.ties_of_account(tx.session, account_id)),
    )


def let_in(tx: Tx, account_id: int, checked: str) -> tuple[str, str]:
    """By the platform's admin, where no second person can be had; the person is told, and each council concerned reads it."""
    if not by_platform_alone(tx, account_id):
        raise Refused("another_must_confirm_recovery")
    recovery = start(tx, account_id, checked)
    account = tx.session.get_one(Account, account_id)
    return _hand_out(tx, recovery, account, "account.recovery_by_platform")


def _hand_out(tx: Tx, recovery: Recovery, account: Account, verb: str) -> tuple[str, str]:
    if recovery.confirmed_at is not None or not recovery_queries.is_open(recovery, tx.now):
        raise Refused("recovery_over")
    token = secrets.token_urlsafe(24)
    recovery.confirmed_by, recovery.confirmed_at, recovery.token_hash = tx.actor, tx.now, token_hash(token)
    tx.session.add(recovery)
    for member in resident_queries.ties_of_account(tx.session, account.id):
        if member.council_id != tx.council and member.state != rules.State.WAITING:
            resident_actions.suspend(tx, member)
    actions.sign_out_everywhere(tx, account.id)
    _record(tx, verb, recovery)
    return account.name, token


def _concerned(tx: Tx, account_id: int) -> set[int]:
    """This council, and every other in which the person has a seat or a home."""
    homes = {one.council_id for one in resident_queries.ties_of_account(tx.session, account_id)}
    return {tx.council, *queries.sits_in(tx.session, account_id), *homes}


def _record(tx: Tx, verb: str, recovery: Recovery) -> None:
    """In each council concerned."""
    for council_id in sorted(_concerned(tx, recovery.account_id)):
        there = replace(tx, council_id=council_id)
        record(there, verb, recovery_id=recovery.id, member_id=_member(there, recovery.account_id))


def _member(tx: Tx, account_id: int) -> int | None:
    here = resident_queries.membership_of(tx.session, tx.council, account_id)
    return here.id if here else None
