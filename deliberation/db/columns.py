"""Column types shared by all tables."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, MetaData, Table
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention


def table_of(entity: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(entity.__tablename__)]


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC; SQLite would otherwise forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def moment(**options: Any) -> Any:
    """A required moment column."""
    return Field(sa_type=Moment, nullable=False, **options)


def moment_or_none(**options: Any) -> Any:
    return Field(default=None, sa_type=Moment, nullable=True, **options)


def key() -> Any:
    """The row's number; None only before it is written."""
    return Field(default=None, primary_key=True)


def ref(target: str, **options: Any) -> Any:
    """A foreign key by name, so that steps need not import each other's tables."""
    return Field(foreign_key=target, index=True, **options)


def ref_or_none(target: str) -> Any:
    return Field(default=None, foreign_key=target, index=True, nullable=True)
