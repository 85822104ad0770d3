"""All that is kept of one person, in all councils: to be read, and to be taken along."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, LargeBinary, Table, and_, or_
from sqlmodel import Session, SQLModel, select

from deliberation.council.rules import State
from deliberation.council.tables import Membership, Roll, RollUnit
from deliberation.db.columns import Moment
from deliberation.people.tables import Account

NEVER = {
    "password_hash": "whoever had it could try passwords at home",
    "token_hash": "it stands for a sign-in",
    "salt": "it would show the choice on a ballot to whoever stands beside",
    "choice": "a file that shows a choice could be asked for by others; the slip's own page shows it",
    "first_choice": "somebody else's ballot, keyed in by this clerk",
    "second_choice": "as above",
    "body": "a picture or a roll file: it is shown on its page",
    "report": "what was found in a roll file: other people's homes",
    "mark": "the beginning of a code on paper",
    "door_code": "it lets people into a meeting",
}
"""Columns that are not given out, and why."""
ABOUT = {"id", "account_id", "author_id", "actor_id", "written_by", "given_by", "holder_id", "used_by"}
"""The columns whose rows are about the person they name; all others name who acted in an office."""
ALSO_ABOUT = {"photo": "uploaded_by"}
"""Table -> another such column, whose name means an office elsewhere: a picture is of whoever took it along."""
SECRET = re.compile(r"secret|hash|token|password|salt|seed|private|_code")
"""And whatever a table of later names like one."""


Rows = dict[str, list[dict[str, Any]]]
"""Table -> rows; column -> value."""


@dataclass(frozen=True)
class Belongings:
    """`about`: rows about the person, whole; `handled`: of rows where they only acted in an office, which and when, since those are
    about others. Neither has what is never given out."""

    about: Rows
    handled: Rows

    def together(self) -> Rows:
        names = dict.fromkeys([*self.about, *self.handled])
        return {name: [*self.about.get(name, []), *self.handled.get(name, [])] for name in names}


def belongings(session: Session, me: int) -> Belongings:
    """Rows that name this account, and the person's own units on the rolls."""
    tables = [table for table in SQLModel.metadata.sorted_tables if _pointing(table)]
    mine = {**{table.name: _about(session, table, me) for table in tables}, "roll_unit": _units(session, me)}
    handled = {table.name: _handled(session, table, me) for table in tables}
    return Belongings(*({name: rows for name, rows in some.items() if rows} for some in (mine, handled)))


def _pointing(table: Table) -> list[Column[Any]]:
    """The columns by which a row may name an account."""
    if table.name == Account.__tablename__:
        return [table.c.id]
    return [column for column in table.c if any(key.column.table.name == "account" for key in column.foreign_keys)]


def about(column: Column[Any]) -> bool:
    return column.name in ABOUT or ALSO_ABOUT.get(column.table.name) == column.name


def _given_out(column: Column[Any]) -> bool:
    return column.name not in NEVER and not SECRET.search(column.name) and not isinstance(column.type, LargeBinary)


def _about(session: Session, table: Table, me: int) -> list[dict[str, Any]]:
    whose = [column for column in _pointing(table) if about(column)]
    columns = [column for column in table.c if _given_out(column)]
    return _read(session, table, columns, or_(*(column == me for column in whose))) if whose else []


def _handled(session: Session, table: Table, me: int) -> list[dict[str, Any]]:
    whose = [column for column in _pointing(table) if about(column)]
    office = [column for column in _pointing(table) if not about(column)]
    if not office:
        return []
    columns = [column for column in table.c if _given_out(column)]
    traces = [one for one in columns if one.primary_key or one.name == "council_id" or isinstance(one.type, Moment)]
    acted = and_(or_(*(column == me for column in office)), *(column.is_distinct_from(me) for column in whose))
    return _read(session, table, traces, acted)


def _read(
    session: Session, table: Table, columns: list[Column[Any]], where: ColumnElement[bool]
) -> list[dict[str, Any]]:
    rows = session.execute(select(*columns).where(where).order_by(*table.primary_key)).mappings()
    return [dict(row) for row in rows]


def _units(session: Session, me: int) -> list[dict[str, Any]]:
    """Where the person is confirmed, the roll's rows of their head."""
    mine = and_(
        Membership.account_id == me,  # type: ignore[arg-type]
        Membership.state == State.VERIFIED,  # type: ignore[arg-type]
        Membership.head_key == RollUnit.head_key,  # type: ignore[arg-type]
        Membership.council_id == Roll.council_id,  # type: ignore[arg-type]
        Roll.id == RollUnit.roll_id,  # type: ignore[arg-type]
    )
    table = SQLModel.metadata.tables["roll_unit"]
    return [dict(row) for row in session.execute(select(*table.c).where(mine).order_by(table.c.id)).mappings()]
