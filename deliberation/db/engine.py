"""Where the data is and who may write: one writer connection that alone commits, read-only ones beside it."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, Engine, Table, create_engine, event, insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from deliberation.db.numbers import Numbers

log = logging.getLogger(__name__)
Publish = Callable[[str], None]
_into = cache(insert)


class Written:
    """Where acts write: rows over the connection, entities over its session."""

    def __init__(self, connection: Connection, *, among_others: bool = False) -> None:
        self.connection, self._among_others = connection, among_others

    @cached_property
    def session(self) -> Session:
        """Made at first use: acts that come in storms do without, for an entity costs far more than a row."""
        mode: Literal["create_savepoint", "rollback_only"] = (
            "create_savepoint" if self._among_others else "rollback_only"
        )
        return Session(self.connection, join_transaction_mode=mode)

    def flush(self) -> None:
        """What the entities still hold goes to the connection."""
        if "session" in vars(self):
            self.session.commit()

    def close(self) -> None:
        if "session" in vars(self):
            self.session.close()


@dataclass
class Tx:
    """One short transaction: what is written, when, by whom, and what is told to whom after the commit."""

    into: Written
    now: datetime
    actor_id: int | None = None
    council_id: int | None = None
    effects: list[Callable[[], None]] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)

    @property
    def connection(self) -> Connection:
        return self.into.connection

    @property
    def session(self) -> Session:
        return self.into.session

    def after_commit(self, effect: Callable[[], None]) -> None:
        self.effects.append(effect)

    def touch(self, topic: str) -> None:
        """Readers of this topic (such as "meeting:7") are shown the new state after the commit."""
        if topic not in self.topics:
            self.topics.append(topic)

    def insert(self, table: Table, **values: object) -> int:
        """A row with all its columns, in one statement; its number."""
        made = self.connection.execute(_into(table), values)
        return int((made.inserted_primary_key or [0])[0])

    @property
    def council(self) -> int:
        if self.council_id is None:
            raise RuntimeError("this act needs a council")
        return self.council_id

    @property
    def actor(self) -> int:
        if self.actor_id is None:
            raise RuntimeError("this act needs a person")
        return self.actor_id


class Together:
    """Acts that one thread writes one after the other and that are committed at once, for a commit costs as much as a small act.

    What one of them raises undoes that one alone, where the database itself fails nothing of it is kept.
    The writer's turn is taken with the first that writes."""

    def __init__(self, db: Database) -> None:
        self._db, self.turn = db, ExitStack()
        self.connection: Connection | None = None
        self.written: list[Tx] = []
        self.lost: Exception | None = None
        """Why nothing of it can be kept any more."""

    @contextmanager
    def write(self, now: datetime, *, actor_id: int | None = None, council_id: int | None = None) -> Iterator[Tx]:
        if self.lost:
            raise self.lost
        if self.connection is None:
            self.connection = self._begun()
        with self._apart(self.connection), closing(Written(self.connection, among_others=True)) as into:
            tx = Tx(into, now, actor_id, council_id)
            yield tx
            into.flush()
        self.written.append(tx)

    def _begun(self) -> Connection:
        try:
            return self.turn.enter_context(self._db.begun())
        except OperationalError as problem:
            # Another program holds the file: one of them has waited for it as long as anybody does, and the others need not.
            self.lost = problem
            raise

    @contextmanager
    def _apart(self, connection: Connection) -> Iterator[None]:
        """A savepoint, said to the driver itself: SQLAlchemy's own takes longer than all that a sign-in writes."""
        _say(connection, "SAVEPOINT act")
        try:
            yield
            _say(connection, "RELEASE SAVEPOINT act")
        except OperationalError as problem:
            # A full disk, a lost race, a server that is gone: what came before is lost with it, and what comes now would be.
            self.lost = problem
            raise
        except BaseException:
            try:
                _say(connection, "ROLLBACK TO SAVEPOINT act")
                _say(connection, "RELEASE SAVEPOINT act")
            except Exception as problem:  # noqa: BLE001 -- raised again at the end
                # On a failing disk the database gives up all of it by itself; what came now would be committed alone.
                self.lost = problem
            raise


class Database:
    """Readers and the writer of one database, embedded SQLite or PostgreSQL."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.embedded = url.startswith("sqlite")
        self.publish: Publish = lambda topic: None
        self._turn = threading.RLock()
        if self.embedded:
            path = Path(url.removeprefix("sqlite:///"))
            self.path: Path | None = path
            self.writer = _sqlite(f"sqlite:///{path}", "BEGIN IMMEDIATE", writer=True)
            self.reader = _sqlite(f"sqlite:///file:{path}?mode=ro&uri=true", "BEGIN", writer=False)
        else:
            self.path = None
            url = url.replace("postgresql://", "postgresql+psycopg://", 1)
            self.writer = create_engine(url, isolation_level="SERIALIZABLE", pool_pre_ping=True, hide_parameters=True)
            self.reader = create_engine(
                url,
                pool_pre_ping=True,
                hide_parameters=True,
                execution_options={"postgresql_readonly": True},
                isolation_level="REPEATABLE READ",
            )
        self.numbers = Numbers(self.path)

    @contextmanager
    def read(self) -> Iterator[Session]:
        with Session(self.reader) as session:
            yield session

    @contextmanager
    def write(self, now: datetime, *, actor_id: int | None = None, council_id: int | None = None) -> Iterator[Tx]:
        """Commit at the end, then tell; anything raised inside leaves nothing behind."""
        with self.begun() as connection, closing(Written(connection)) as into:
            tx = Tx(into, now, actor_id, council_id)
            yield tx
            into.flush()
            _commit(connection)
        self._tell(tx)

    @contextmanager
    def begun(self) -> Iterator[Connection]:
        # Also on PostgreSQL one server writes one act at a time: all of them append to the same journal, and taking turns
        # is cheaper than losing races. A second server's acts are what the retry in web.routing is for.
        with self._turn, self.writer.connect() as connection:
            connection.begin()
            yield connection

    @contextmanager
    def together(self) -> Iterator[Together]:
        """Commit at the end what was written until then, then tell of each."""
        group = Together(self)
        with group.turn:
            yield group
            if group.connection is not None:
                if group.lost:
                    raise group.lost
                _commit(group.connection)
        for tx in group.written:
            self._tell(tx)

    def _tell(self, tx: Tx) -> None:
        for effect in tx.effects:
            try:
                effect()
            except Exception:
                # What was written stays written, whoever else is told of it.
                log.exception("an effect of what was written failed")
        for topic in tx.topics:
            self.publish(topic)

    def close(self) -> None:
        self.numbers.close()
        self.reader.dispose()
        self.writer.dispose()


def _say(connection: Connection, statement: str) -> None:
    driver = connection.connection
    try:
        driver.cursor().execute(statement)
    except connection.dialect.loaded_dbapi.Error as problem:
        raise OperationalError(statement, None, problem) from problem


def _commit(connection: Connection) -> None:
    try:
        connection.commit()
    except BaseException:
        # What could not be committed is still open on this connection, and the next one's act would meet it there.
        connection.invalidate()
        raise


def _sqlite(url: str, begin: str, *, writer: bool) -> Engine:
    pool: dict[str, Any] = {"pool_size": 1, "max_overflow": 0} if writer else {"pool_size": 8, "max_overflow": 32}
    # What is being written, a choice or a hash of a password, stands in no error and so in no log.
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": 5.0}, hide_parameters=True, **pool)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: ConnectionPoolEntry) -> None:
        # The driver's own implicit BEGIN comes too late for a read-then-write; SQLAlchemy says when instead.
        connection.isolation_level = None
        run = connection.execute
        run("PRAGMA busy_timeout = 5000")
        run("PRAGMA foreign_keys = ON")
        if writer:
            run("PRAGMA journal_mode = WAL")
            run("PRAGMA synchronous = FULL")
        else:
            run("PRAGMA query_only = ON")

    @event.listens_for(engine, "begin")
    def start(connection: Any) -> None:
        try:
            connection.connection.cursor().execute(begin)
        except sqlite3.OperationalError as problem:
            # As SQLAlchemy would have said it: somebody else writes, and whoever waited is told so.
            raise OperationalError(begin, None, problem) from problem

    return engine
