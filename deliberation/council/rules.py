"""Roles in a council, ties to its compound, and what each may do; pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from votes.refusal import Refused
from votes.table import key
from votes.unit import room_key


class Role(StrEnum):
    MODERATOR = "moderator"
    RECORDER = "recorder"
    OWNERS_COMMITTEE = "committee"
    PROPERTY_FIRM = "property"
    AFFECTED_OWNER = "affected"
    SITTING_IN = "sitting_in"
    SUPERVISOR = "supervisor"
    DESK = "desk"
    COMMUNITY = "community"
    BUILDING = "building"


PLATFORM = "platform"
"""The office of the platform's admin, who acts in a council without a seat there; the others act by theirs."""


class Tie(StrEnum):
    OWNER = "owner"
    TENANT = "tenant"
    FAMILY = "family"


class State(StrEnum):
    """Of a membership: asked for, confirmed, refused with a reason, or ended because the person moved away."""

    WAITING = "waiting"
    VERIFIED = "verified"
    REFUSED = "refused"
    ENDED = "ended"


STAFF = (Role.MODERATOR, Role.RECORDER, Role.DESK)
"""Who works for the council: sees the workbench, keys in paper, confirms residents."""

SECOND_STEP = (*STAFF, Role.SUPERVISOR)
"""The seats for which a council may want a second step at every sign-in."""
SECOND_STEP_WITHIN = timedelta(days=14)
"""How long a new one of them works without: time to get an app, or codes on paper."""


def waiting_seats(
    seats: Mapping[str, datetime], *, wanted: bool, strong: bool, now: datetime
) -> tuple[frozenset[str], datetime | None]:
    """`seats`: role -> since when. The roles withheld until a sign-in shows a second step, and when the next ones will be."""
    if strong or not wanted:
        return frozenset(), None
    ends = {role: since + SECOND_STEP_WITHIN for role, since in seats.items() if role in SECOND_STEP}
    ahead = [end for end in ends.values() if end > now]
    return frozenset(role for role, end in ends.items() if end <= now), min(ahead, default=None)


COUNCIL_GIVES = tuple(role for role in Role if role != Role.COMMUNITY)
"""The seat of a community officer stands in every council of the community; the platform gives and ends it."""

PLATFORM_GIVES = (*SECOND_STEP, Role.COMMUNITY)

OFFICES = (*PLATFORM_GIVES, Role.BUILDING)
"""The seats that no moderator gives alone. Only they say whose it is to let somebody back in: with the others a moderator elsewhere
would take a hold on a resident's account, or take it out of their own council's hands."""

READS_ROLL = (*STAFF, Role.SUPERVISOR)
WRITES_ROLL = (Role.MODERATOR, Role.RECORDER)


def slug(text: str) -> str:
    """The council's short name in its address."""
    name = text.strip().lower()
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,28}[a-z0-9]", name):
        raise Refused("not_a_slug", field="slug")
    return name


def check_join(state: str | None) -> None:
    if state == State.VERIFIED:
        raise Refused("already_member")
    if state == State.WAITING:
        raise Refused("already_waiting")


class Level(IntEnum):
    """How well a resident is known; stamped on every ballot."""

    NOBODY = 0
    CHECKED = 1
    """Came with a household slip, or one of the staff compared them with the roll."""
    SEEN = 2
    """Two of the staff, one after the other, saw the person and the papers."""
    PHONE = 3
    """And a code sent to the phone came back."""


def level_after(level: int, seen_by: int | None, *, by: int, in_person: bool) -> tuple[int, int | None]:
    """Level and first witness after one of the staff has confirmed a tie that stays as it is. One alone makes no level 2. Who says
    nothing of papers this time takes back nothing that was said of them before."""
    if not in_person or level >= Level.SEEN:
        return max(level, Level.CHECKED), seen_by
    return (Level.CHECKED, by) if seen_by in {None, by} else (Level.SEEN, seen_by)


def check_witness(*, by: int, in_person: bool, level: int, gave_key: Collection[int]) -> None:
    """Two who saw the papers stand for the person, not for whoever holds the account: who handed out its link may have used it, and
    is no witness for it. Where no third is there, a household slip stands for two, and so does whoever joined by themselves."""
    if in_person and level < Level.SEEN and by in gave_key:
        raise Refused("giver_is_no_witness", field="in_person")


def known_by_two(level: int, slip_id: int | None) -> bool:
    """Whether two of the staff stand behind a tie: both saw the papers, or one printed and another released the slip it came with.
    One alone could tie an account to the home of an owner who never came, and then cast for them."""
    return level >= Level.SEEN or slip_id is not None


def known_level(level: int, *, phone_proved: bool) -> int:
    """A phone adds to papers that two have seen; without them it proves nothing about a home."""
    return Level.PHONE if level >= Level.SEEN and phone_proved else level


def check_slip_tie(state: str | None, tied_to: str | None, head_key: str) -> None:
    """An account votes for one head: who is tied to another one goes to the desk first."""
    if state == State.VERIFIED and tied_to not in {None, head_key}:
        raise Refused("tied_to_another_home")


def check_confirm(
    *,
    by: int,
    account_id: int,
    tie: str,
    name: str,
    head_names: Collection[str] | None,
    note: str,
    prepared_by: int | None = None,
    flagged: bool = False,
) -> None:
    """`head_names`: whom the roll names for the chosen head; None when no head was chosen. `flagged`: the roll notes that its
    owner may not act alone."""
    if by == account_id:
        raise Refused("not_yourself")
    if by == prepared_by:
        raise Refused("another_must_confirm")
    if tie == Tie.OWNER:
        if head_names is None:
            raise Refused("owner_needs_head", field="head_key")
        if key(name) not in {key(one) for one in head_names} and not note:
            raise Refused("say_why_other_name", field="note")
        if flagged and not note:
            raise Refused("say_who_acts", field="note")


def check_end_tie(*, by: int, account_id: int, state: str, ending_by: int | None, by_two: bool) -> bool:
    """Whether it ends now; False: the first of two wants it. `by_two`: an owner's, while a poll is between notice and close."""
    check_refuse(by=by, account_id=account_id)
    if state != State.VERIFIED:
        raise Refused("decided_already")
    if by_two and ending_by == by:
        raise Refused("another_ends_tie")
    return not by_two or ending_by is not None


def check_put_back(*, by: int, account_id: int, ended_by: int | None, confirmed_by: int | None) -> None:
    """Undoing one's own ending is open to everybody; whoever had confirmed the tie does not overrule a colleague."""
    check_refuse(by=by, account_id=account_id)
    if by != ended_by and by == confirmed_by:
        raise Refused("another_puts_back")


def check_refuse(*, by: int, account_id: int) -> None:
    if by == account_id:
        raise Refused("not_yourself")


def check_seats_together(roles: Collection[str]) -> None:
    """Who watches the count does no work of the staff: otherwise the moderator could make themselves the supervisor. Who carries
    the slips of a building knows no phone numbers of its owners, and watches nothing."""
    if Role.SUPERVISOR in roles and set(STAFF) & set(roles):
        raise Refused("watches_or_works", field="role")
    if Role.BUILDING in roles and {*WRITES_ROLL, Role.SUPERVISOR} & set(roles):
        raise Refused("carries_or_knows", field="role")


def missing_hands(seats: Iterable[tuple[int, str]]) -> tuple[str, ...]:
    """What a vote that binds still lacks, so that whoever runs it is neither alone nor unwatched; each is the code of a refusal.
    `seats`: account and role."""
    held = list(seats)
    alone = len({account for account, role in held if role in STAFF}) < 2
    unwatched = Role.SUPERVISOR not in {role for _, role in held}
    return (*(["one_person_does_all"] if alone else []), *(["nobody_watches"] if unwatched else []))


def check_hands(seats: Iterable[tuple[int, str]]) -> None:
    for code in missing_hands(seats):
        raise Refused(code)


def check_hands_stay(left: Iterable[tuple[int, str]], ahead: Collection[str]) -> None:
    """`left`: who would still sit; `ahead`: titles of the binding polls between their notice and their final result."""
    if not ahead:
        return
    try:
        check_hands(left)
    except Refused as refusal:
        raise Refused("poll_needs_hands", titles="".join(f"“{one}”" for one in ahead)) from refusal


def check_new_link(
    *,
    by: int,
    account_id: int,
    admin: bool,
    seats_here: Collection[str],
    seats_elsewhere: bool,
    by_moderator: bool,
    worked_here: bool = False,
) -> None:
    """A link for a new password opens the account to whoever holds it, so it is not given out for accounts that hold power
    beyond the giver's own council, and for who only has a say in it by the moderator alone. Whoever `worked_here` at any time is
    let in by two, also for a first password: with the account of a colleague the moderator would be the second person to
    themselves, and a seat is soon ended and given anew."""
    if by == account_id:
        raise Refused("not_yourself")
    held = {Role.MODERATOR, Role.SUPERVISOR, Role.COMMUNITY} & set(seats_here)
    if admin or seats_elsewhere or (seats_here and not by_moderator) or held:
        raise Refused("link_not_yours_to_give")
    if worked_here:
        raise Refused("colleague_by_two")


def check_own_person(*, seated: bool, state_here: str | None, tied_elsewhere: bool) -> None:
    """Entering somebody at one's own desk gives no hold on an account that another council's resident has: whoever would let
    them in anew has confirmed them first, which takes a second person. `seated`: holds an office here, where two let them in."""
    if tied_elsewhere and not seated and state_here != State.VERIFIED:
        raise Refused("belongs_elsewhere")


def check_recovery(
    *,
    by: int,
    account_id: int,
    admin: bool,
    seats_here: Collection[str],
    seats_elsewhere: bool,
    started_by: int | None,
    by_moderator: bool,
    by_platform: bool,
) -> None:
    """Two of the staff, neither of them the person. `started_by` is None for the first; for a colleague the second is a
    moderator. Who watches the staff, and who holds power beyond this council, is not theirs to let in.

    `by_platform`: the platform's admin, who works in this council in no way, began it: so a council's only moderator, whom
    anybody of the staff may then confirm, and its supervisor, whom a moderator confirms, come back in too."""
    watches = bool({Role.SUPERVISOR, Role.COMMUNITY} & set(seats_here))
    if by == account_id:
        raise Refused("not_yourself")
    if admin or ((seats_elsewhere or watches) and not by_platform):
        raise Refused("recovery_not_yours_to_give")
    if started_by is None:
        return
    if by == started_by:
        raise Refused("another_must_confirm_recovery")
    if seats_here and not by_moderator and (watches or not by_platform):
        raise Refused("moderator_confirms_recovery")


def platform_alone(seats: Collection[str], *, others: int, tied: bool) -> bool:
    """Whether the platform lets somebody back in without a second: an officer, whose seat it gives alone as well, or one of a
    council's staff when nobody else is left who could be the second. `seats`: all they hold, anywhere; `others`: the staff of the
    councils where they sit or live. Whoever lives somewhere (`tied`) is not let in as an officer: that seat is given to anybody."""
    return bool(seats) and ((set(seats) == {Role.COMMUNITY} and not tied) or others == 0)


def check_end_seat(*, role: str, moderators_left: int) -> None:
    if role not in COUNCIL_GIVES:
        raise Refused("seat_of_the_community")
    if role == Role.MODERATOR and moderators_left < 1:
        raise Refused("last_moderator")


def same_room(one: str, other: str) -> bool:
    """101, 0101 and １０１ name one room."""
    return bool(one) and room_key(key(one)) == room_key(key(other))
