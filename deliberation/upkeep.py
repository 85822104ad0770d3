"""Looking after an installation: a copy of the data while people vote, and a doctor that checks what must always hold."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, col, select

from deliberation.ballot.chain_rules import broken_at
from deliberation.ballot.tables import Ballot, Poll
from deliberation.council.tables import Council
from deliberation.db import journal, migrate
from deliberation.db.engine import Database
from deliberation.db.tables import Event
from deliberation.settings import Settings


@dataclass(frozen=True)
class Check:
    name: str
    ok: bool
    detail: str


def backup(settings: Settings, folder: Path, now: datetime) -> Path:
    """A consistent copy of the embedded database, made without stopping the server, then read back whole."""
    source = _file(settings)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = folder / f"council-{now:%Y%m%d-%H%M%S}.db"
    if target.exists():
        raise FileExistsError(target)
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        found = copy.execute("PRAGMA integrity_check").fetchone()[0]
    target.chmod(0o600)
    if found != "ok":
        raise OSError(f"the copy is damaged: {found}")
    return target


def _file(settings: Settings) -> Path:
    if not settings.database_url.startswith("sqlite"):
        raise ValueError("PostgreSQL has its own tool for this: pg_dump")
    return Path(settings.database_url.removeprefix("sqlite:///"))


def doctor(settings: Settings) -> Iterator[Check]:
    db = Database(settings.database_url)
    try:
        head = migrate.newest()
        found = migrate.current(settings.database_url)
        yield Check("schema", found == head, f"{found} / {head}")
        if found != head:
            return
        if db.embedded:
            yield from _file_checks(_file(settings))
        with db.read() as session:
            yield from _journal_checks(session)
            yield from _ballot_checks(session)
    finally:
        db.close()
    yield _pdf_check()


def _file_checks(path: Path) -> Iterator[Check]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        integrity = connection.execute("PRAGMA integrity_check").fetchone()[0]
        yield Check("integrity", integrity == "ok", str(integrity))
        orphans = len(connection.execute("PRAGMA foreign_key_check").fetchall())
        yield Check("foreign keys", orphans == 0, f"{orphans} orphans")


def _journal_checks(session: Session) -> Iterator[Check]:
    for council_id, name in session.exec(select(Council.id, Council.name)).all():
        events = session.exec(select(Event).where(Event.council_id == council_id).order_by(col(Event.seq)))
        broken = journal.broken_at(events)
        detail = "unbroken" if broken is None else f"broken at {broken}"
        yield Check(f"journal of {name}", broken is None, detail)


def _ballot_checks(session: Session) -> Iterator[Check]:
    for poll in session.exec(select(Poll).order_by(col(Poll.id))):
        ballots = list(session.exec(select(Ballot).where(Ballot.poll_id == poll.id).order_by(col(Ballot.seq))))
        broken = broken_at(ballots)
        detail = f"{len(ballots)} ballots, unbroken" if broken is None else f"broken at {broken}"
        yield Check(f"ballots of poll {poll.id}", broken is None, detail)


def _pdf_check() -> Check:
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError) as problem:
        first = str(problem).strip().splitlines()[0]
        return Check("PDF", True, f"no PDF on this machine, the print page serves instead ({first})")
    return Check("PDF", True, "available")
