"""Making a council, its settings, who sits on it, and links for a first password."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, select, update

from deliberation.council import later_queries, notice_actions, queries, rules
from deliberation.council.residents import actions as resident_actions
from deliberation.council.residents import queries as resident_queries
from deliberation.council.roll import actions as roll_actions
from deliberation.council.roll import queries as roll_queries
from deliberation.council.roll import rules as roll_rules
from deliberation.council.rules import Role
from deliberation.council.seating.rules import BY_TWO
from deliberation.council.seating.rules import State as ChangeState
from deliberation.council.tables import Council, Seat, SeatChange
from deliberation.db.engine import Tx
from deliberation.db.journal import record
from deliberation.people.actions import create_account, make_link
from deliberation.people.phone.actions import unprove
from deliberation.people.queries import by_identifier, entered
from deliberation.people.tables import Account
from votes.refusal import Refused
from votes.table import key


@dataclass(frozen=True)
class Invited:
    """`token` is set when the account still needs a password; it is shown once, on a slip."""

    account_id: int
    name: str
    token: str | None


def make_council(tx: Tx, *, slug: str, name: str, compound: str, community: str) -> Council:
    if queries.by_slug(tx.session, slug):
        raise Refused("slug_taken", field="slug")
    council = Council(
        slug=slug, name=name, compound=compound, community=community, staff_second_step=True, created_at=tx.now
    )
    tx.session.add(council)
    tx.session.flush()
    tx.council_id = council.id
    record(tx, "council.made", name=name, compound=compound)
    for account_id in queries.officers(tx.session, community):
        appoint(tx, account_id, Role.COMMUNITY)
    return council


def person_at(tx: Tx, *, name: str, phone: str | None, sign_in_name: str | None = None, link: bool = True) -> Invited:
    """The account of this person, made when there is none. A phone that belongs to somebody else's name is refused.

    An account that exists gets no link here: a link opens it, and it may belong to another council (see `new_link`). Nor does a
    new one without `link`: whoever agrees with an appointment hands it out.
    """
    for identifier in (phone, sign_in_name):
        known = by_identifier(tx.session, identifier) if identifier else None
        if known:
            if key(known.name) != key(name):
                raise Refused("known_by_other_name", field="name")
            return Invited(known.id, known.name, None)
    account = create_account(tx, name=name, phone=phone, sign_in_name=sign_in_name)
    signs_in = link and (phone or sign_in_name)
    return Invited(account.id, name, make_link(tx, "invite", account_id=account.id) if signs_in else None)


def check_appoint(tx: Tx, account_id: int, role: str, building: str = "") -> None:
    sits = queries.held(tx.session, tx.council, account_id, role)
    if any(one.building == building for one in sits):
        raise Refused("sits_already", field="role")
    rules.check_seats_together({*queries.roles_of(tx.session, tx.council, account_id), role})


def appoint(
    tx: Tx,
    account_id: int,
    role: str,
    *,
    building: str = "",
    appointed_by: int | None = None,
    confirmed_by: int | None = None,
    verb: str = "seat.appointed",
    change_id: int | None = None,
) -> Seat:
    """From now on the person has the seat. A seat that takes two is put first (seating.actions), or given by the platform."""
    check_appoint(tx, account_id, role, building)
    seat = Seat(
        council_id=tx.council,
        account_id=account_id,
        role=role,
        building=building,
        since=tx.now,
        appointed_by=appointed_by or tx.actor_id,
        confirmed_by=confirmed_by,
    )
    tx.session.add(seat)
    tx.session.flush()
    _written(tx, verb, seat, change_id)
    return seat


def check_end(tx: Tx, seat: Seat) -> None:
    """Somebody moderates, and while a binding poll is on its way those who run and watch it stay until others are there."""
    if seat.rests_since is not None and seat.role in rules.COUNCIL_GIVES:
        # Nobody works by it.
        return
    left = queries.hands(tx.session, tx.council, but=seat.id)
    rules.check_end_seat(role=seat.role, moderators_left=sum(role == Role.MODERATOR for _, role in left))
    if seat.role in rules.SECOND_STEP:
        ahead = later_queries.binding_polls(tx.session, tx.council)
        rules.check_hands_stay(left, ahead)


def end_seat(tx: Tx, seat: Seat, *, reason: str = "", verb: str = "seat.ended", change_id: int | None = None) -> None:
    check_end(tx, seat)
    _end(tx, seat, reason, verb, change_id)


def _written(tx: Tx, verb: str, seat: Seat, change_id: int | None, reason: str = "") -> None:
    """`change_id`: what the second person agreed with."""
    facts: dict[str, Any] = {} if change_id is None else {"change_id": change_id}
    if reason:
        facts["reason"] = reason
    record(tx, verb, seat_id=seat.id, role=seat.role, **facts)


def _end(tx: Tx, seat: Seat, reason: str = "", verb: str = "seat.ended", change_id: int | None = None) -> None:
    seat.until = tx.now
    tx.session.add(seat)
    _written(tx, verb, seat, change_id, reason)
    lapse(tx, SeatChange.seat_id == seat.id)
    tx.touch(f"account:{seat.account_id}")


def lapse(tx: Tx, wanted: ColumnElement[bool] | bool) -> None:
    """What waits for a second person and cannot come about any more is over, and whoever put it is told."""
    waiting = select(SeatChange).where(
        SeatChange.council_id == tx.council, SeatChange.state == ChangeState.WAITING, wanted
    )
    for change in tx.session.exec(waiting).all():
        change.state, change.decided_at = ChangeState.LAPSED, tx.now
        tx.session.add(change)
        record(tx, "seat.change_lapsed", change_id=change.id, role=change.role)
        notice_actions.seat_settled(tx, change, "seat_end_asked")


def appoint_officer(tx: Tx, community: str, account_id: int) -> None:
    """Somebody of the community, above its councils, who reads what members read in each of them."""
    if account_id in queries.officers(tx.session, community):
        raise Refused("sits_already", field="name")
    for council_id in queries.of_community(tx.session, community):
        appoint(replace(tx, council_id=council_id), account_id, Role.COMMUNITY)


def end_officer(tx: Tx, community: str, account_id: int, *, reason: str) -> None:
    for council_id in queries.of_community(tx.session, community):
        for seat in queries.held(tx.session, council_id, account_id, Role.COMMUNITY):
            _end(replace(tx, council_id=council_id), seat, reason)
    notice_actions.of_office(tx, account_id, "seat_ended", community=community, reason=reason)


def change_settings(tx: Tx, changes: Mapping[str, object]) -> list[str]:
    """Returns the names of what changed. Running polls keep the numbers they were announced with."""
    council = tx.session.get_one(Council, tx.council)
    changed = [name for name, value in changes.items() if getattr(council, name) != value]
    for name in changed:
        setattr(council, name, changes[name])
    if not changed:
        return []
    tx.session.add(council)
    tx.session.flush()
    said = {name: changes[name] for name in changed if name not in {"rules_text", "contact"}}
    record(tx, "council.settings_changed", fields=sorted(changed), values=said)
    if changes.get("staff_second_step") and "staff_second_step" in changed:
        # The time to set it up in begins for those who sit already too.
        tx.session.exec(update(Seat).where(col(Seat.council_id) == tx.council).values(seen_at=tx.now))
    newest = roll_queries.newest(tx.session, tx.council)
    if "count_parking" in changed and newest:
        # The heads and the area of a version are written with it; another way to count is another version.
        voting = roll_queries.voting_roll(tx.session, newest.id)
        roll_actions.keep(
            tx, voting, file_name=newest.file_name, record_date=newest.record_date, origin=roll_rules.Origin.SETTINGS
        )
    return changed


def new_link(tx: Tx, account_id: int, *, by_moderator: bool) -> Invited:
    """A link with which a person of this council chooses a new password."""
    account = tx.session.get_one(Account, account_id)
    here = queries.roles_of(tx.session, tx.council, account_id)
    rules.check_new_link(
        by=tx.actor,
        account_id=account_id,
        admin=account.platform_admin,
        seats_here=here,
        seats_elsewhere=queries.sits_elsewhere(tx.session, tx.council, account_id),
        by_moderator=by_moderator,
        worked_here=bool(queries.roles_ever(tx.session, tx.council, account_id) & set(BY_TWO)),
    )
    member = resident_queries.membership_of(tx.session, tx.council, account_id)
    rules.check_own_person(
        seated=False,
        state_here=member.state if member else None,
        tied_elsewhere=queries.tied_elsewhere(tx.session, tx.council, account_id),
    )
    if not (account.phone or account.sign_in_name):
        raise Refused("no_way_to_sign_in")
    check_no_poll(tx, account)
    return give_link(tx, account)


def check_no_poll(tx: Tx, account: Account) -> None:
    """Who was never here cannot vote online anyway. A household slip lets people in who have no password."""
    if entered(tx.session, account):
        resident_actions.check_no_poll(tx, resident_queries.ties_of_account(tx.session, account.id), "link_in_poll")


def give_link(tx: Tx, account: Account) -> Invited:
    """Whoever holds the link holds the account: until a colleague has confirmed the person again, it carries no ballot."""
    token = make_link(tx, "invite", account_id=account.id)
    unprove(tx, account.id)
    here = resident_queries.membership_of(tx.session, tx.council, account.id)
    for member in resident_queries.ties_of_account(tx.session, account.id):
        resident_actions.suspend(tx, member)
    record(tx, "account.link_given", member_id=here.id if here else None)
    return Invited(account.id, account.name, token)


def first_link(tx: Tx, account_id: int) -> Invited:
    """The same for somebody with a seat who has not signed in yet, by the platform's admin. With a key to one who has, the admin
    would put something forward under that name and agree with it: there is a way back in for that. Nor do they give one for a seat
    in a council where they work themselves, unless they alone gave it: another has agreed that it is not theirs."""
    account = tx.session.get_one(Account, account_id)
    if account.platform_admin:
        raise Refused("link_not_yours_to_give")
    if entered(tx.session, account):
        raise Refused("colleague_by_two")
    if queries.roles_of(tx.session, tx.council, tx.actor) - {Role.COMMUNITY}:
        sits = select(Seat).where(
            Seat.council_id == tx.council, Seat.account_id == account_id, col(Seat.until).is_(None)
        )
        if any(one.appointed_by != tx.actor or one.confirmed_by is not None for one in tx.session.exec(sits)):
            raise Refused("admin_gives_no_key")
    check_no_poll(tx, account)
    return give_link(tx, account)
