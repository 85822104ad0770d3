"""Who asked to join, who belongs, and which heads on the roll somebody may be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, or_, select

from deliberation.council.roll.flags import flags
from deliberation.council.roll.search_rules import sought
from deliberation.council.rules import Level, State, Tie, known_by_two, known_level, same_room
from deliberation.council.tables import Membership, RollUnit
from deliberation.people.queries import names
from deliberation.people.tables import Account
from votes.table import key

PAGE = 50

BY_ONE = "by_one"
"""Among the states in which residents are listed: confirmed owners behind whom one of the staff stands alone."""


@dataclass(frozen=True)
class Resident:
    id: int
    account_id: int
    name: str
    phone: str | None
    has_password: bool
    tie: str
    home: str
    state: str
    head_key: str | None
    level: int
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    note: str
    seen_by: str = ""
    seen_by_id: int | None = None
    prepared_by: int | None = None
    ending_by: str = ""
    ending_by_id: int | None = None
    may_come_back: bool = False
    by_two: bool = False

    @property
    def on_paper(self) -> bool:
        """Whether this owner's ballots come in on paper alone, until a second one of the staff stands behind the tie."""
        return self.state == State.VERIFIED and self.tie == Tie.OWNER and not self.by_two


def _view(member: Membership, account: Account, deciders: dict[int, str]) -> Resident:
    return Resident(
        member.id,
        account.id,
        account.name,
        account.phone or account.claimed_phone,
        account.password_hash is not None,
        member.tie,
        member.home,
        member.state,
        member.head_key,
        known_level(member.level, phone_proved=account.phone_proved_at is not None),
        member.asked_at,
        deciders.get(member.decided_by or 0, ""),
        member.decided_at,
        member.note,
        deciders.get(member.seen_by or 0, ""),
        member.seen_by,
        member.prepared_by,
        deciders.get(member.ending_by or 0, ""),
        member.ending_by,
        member.state == State.ENDED and bool(member.before),
        known_by_two(member.level, member.slip_id),
    )


def residents(
    session: Session, council_id: int, *, state: str, search: str = "", page: int = 1
) -> tuple[list[Resident], int]:
    """One page of the people in this state, the longest waiting first; and how many pages there are."""
    wanted = [col(Membership.council_id) == council_id, *_in_state(state)]
    if search:
        like = f"%{_plain(search)}%"
        wanted.append(
            or_(
                col(Account.name).like(like, escape="\\"),
                col(Membership.home).like(like, escape="\\"),
                Account.phone == search,
                Account.claimed_phone == search,
            )
        )
    found = select(Membership, Account).join(Account, col(Account.id) == col(Membership.account_id)).where(*wanted)
    total = session.exec(select(func.count()).select_from(found.subquery())).one()
    rows = session.exec(
        found.order_by(col(Membership.asked_at), col(Membership.id)).offset((page - 1) * PAGE).limit(PAGE)
    ).all()
    deciders = names(session, [member.decided_by for member, _ in rows])
    return [_view(member, account, deciders) for member, account in rows], max(1, -(-total // PAGE))


def _in_state(state: str) -> list[ColumnElement[bool]]:
    if state != BY_ONE:
        return [col(Membership.state) == state]
    by_one = [col(Membership.level) < Level.SEEN, col(Membership.slip_id).is_(None)]
    return [col(Membership.state) == State.VERIFIED, col(Membership.tie) == Tie.OWNER, *by_one]


def _plain(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def count(session: Session, council_id: int, state: str) -> int:
    return session.exec(select(func.count()).where(col(Membership.council_id) == council_id, *_in_state(state))).one()


def resident(session: Session, council_id: int, membership_id: int) -> Resident | None:
    row = session.exec(
        select(Membership, Account)
        .join(Account, col(Account.id) == col(Membership.account_id))
        .where(Membership.council_id == council_id, Membership.id == membership_id)
    ).first()
    return _view(row[0], row[1], names(session, [row[0].decided_by, row[0].seen_by, row[0].ending_by])) if row else None


def membership_of(session: Session, council_id: int, account_id: int) -> Membership | None:
    return session.exec(
        select(Membership).where(Membership.council_id == council_id, Membership.account_id == account_id)
    ).first()


def ties_of_account(session: Session, account_id: int) -> list[Membership]:
    """Those confirmed or asked for, in whatever council, and those ended that can be put back as they were."""
    wanted = or_(col(Membership.state).in_([State.WAITING, State.VERIFIED]), col(Membership.before) != "")
    return list(session.exec(select(Membership).where(Membership.account_id == account_id, wanted)))


def by_two(session: Session, council_id: int, account_id: int) -> bool:
    """Whether this account is a confirmed resident's, and two of the staff stand behind that."""
    found = membership_of(session, council_id, account_id)
    return found is not None and found.state == State.VERIFIED and known_by_two(found.level, found.slip_id)


def sharing_head(session: Session, council_id: int, head_key: str) -> dict[int, str]:
    """Account -> name of all confirmed owners who may cast this head's one ballot; two accounts may bear one name."""
    found = session.exec(
        select(Membership.account_id, Account.name)
        .join(Account, col(Account.id) == col(Membership.account_id))
        .where(
            Membership.council_id == council_id,
            Membership.head_key == head_key,
            Membership.state == State.VERIFIED,
            Membership.tie == "owner",
        )
        .order_by(col(Membership.id))
    )
    return dict(found.all())


@dataclass(frozen=True)
class HeadCard:
    """A head as staff choose it: whom the roll names, where, how much. `fits` says why it is suggested."""

    key: str
    names: tuple[str, ...]
    places: tuple[str, ...]
    area: int
    accounts: int
    fits: str = ""
    flags: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"{'、'.join(self.names) or self.key}"


def cards(
    session: Session, council_id: int, roll_id: int, keys: Iterable[str], fits: dict[str, str] | None = None
) -> list[HeadCard]:
    wanted = list(dict.fromkeys(keys))
    units = session.exec(
        select(RollUnit)
        .where(RollUnit.roll_id == roll_id, col(RollUnit.head_key).in_(wanted))
        .order_by(col(RollUnit.line))
    ).all()
    linked = session.exec(
        select(Membership.head_key).where(
            Membership.council_id == council_id,
            col(Membership.head_key).in_(wanted),
            Membership.state == State.VERIFIED,
            Membership.tie == "owner",
        )
    ).all()
    found = []
    for one in wanted:
        own = [unit for unit in units if unit.head_key == one]
        if own:
            found.append(
                HeadCard(
                    one,
                    tuple(dict.fromkeys(name for unit in own for name in (unit.owner_name, unit.voting_owner) if name)),
                    tuple(place(unit) for unit in own),
                    sum(unit.area for unit in own),
                    linked.count(one),
                    (fits or {}).get(one, ""),
                    flags(own),
                )
            )
    return found


def place(unit: RollUnit) -> str:
    return "".join(part for part in (unit.group, unit.building, unit.entrance, unit.room) if part)


def suggested(session: Session, council_id: int, roll_id: int, *, home: str, name: str) -> list[HeadCard]:
    """Heads of the stated home first, then heads of the same name."""
    fits: dict[str, str] = {}
    where = _where(session, roll_id)
    for group, building, entrance, room, head_key in where:
        if _at_home(home, group + building + entrance, room):
            fits.setdefault(head_key, "room")
    same_name = session.exec(
        select(RollUnit.head_key).where(
            RollUnit.roll_id == roll_id, or_(RollUnit.owner_name == name, RollUnit.voting_owner == name)
        )
    )
    for head_key in same_name:
        fits[head_key] = "both" if fits.get(head_key) in {"room", "both"} else "name"
    order = {"both": 0, "room": 1, "name": 2}
    keys = sorted(fits, key=lambda one: order[fits[one]])[:12]
    return cards(session, council_id, roll_id, keys, fits)


MOST_FOUND = 20


def searched(session: Session, council_id: int, roll_id: int, text: str) -> tuple[list[HeadCard], int]:
    """The first heads whose room, owner or number holds every word of the search, and how many there are in all."""
    if not text.split():
        return [], 0
    rows = session.execute(
        select(
            *(
                getattr(RollUnit, one)
                for one in ("group", "building", "entrance", "room", "owner_name", "owner_id", "head_key")
            )
        )
        .where(col(RollUnit.roll_id) == roll_id)
        .order_by(col(RollUnit.line))
    )
    holds = sought(text)
    hits = list(dict.fromkeys(row[-1] for row in rows if holds("".join(row[:-1]))))
    return cards(session, council_id, roll_id, hits[:MOST_FOUND]), len(hits)


def _where(session: Session, roll_id: int) -> Sequence[tuple[str, str, str, str, str]]:
    rows = session.execute(
        select(*(getattr(RollUnit, one) for one in ("group", "building", "entrance", "room", "head_key")))
        .where(col(RollUnit.roll_id) == roll_id)
        .order_by(col(RollUnit.line))
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


def _at_home(home: str, building: str, room: str) -> bool:
    stated, standing = key(home), key(building)
    return stated.startswith(standing) and same_room(stated.removeprefix(standing), room)


def buildings(session: Session, roll_id: int) -> list[str]:
    """Building by building, as on the roll; nothing of who lives there."""
    rows = session.execute(
        select(*(getattr(RollUnit, one) for one in ("group", "building", "entrance")))
        .where(col(RollUnit.roll_id) == roll_id, col(RollUnit.use) != "parking")
        .order_by(col(RollUnit.line))
    )
    return list(dict.fromkeys("".join(row) for row in rows))


def off_the_roll(session: Session, council_id: int, roll_id: int) -> list[Resident]:
    """Confirmed owners whose head is not on this version: they moved, sold, or the number changed."""
    heads = select(RollUnit.head_key).where(RollUnit.roll_id == roll_id)
    rows = session.exec(
        select(Membership, Account)
        .join(Account, col(Account.id) == col(Membership.account_id))
        .where(
            Membership.council_id == council_id,
            Membership.state == State.VERIFIED,
            Membership.tie == "owner",
            col(Membership.head_key).is_not(None),
            col(Membership.head_key).not_in(heads),
        )
    )
    return [_view(member, account, {}) for member, account in rows]
