"""What one request reads from and writes to: a read-only session until its one transaction begins, that one's from then on."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime

from sqlmodel import Session

from deliberation.db.engine import Database, Together, Tx


class Data:
    def __init__(self, db: Database) -> None:
        self._db = db
        self._into: Database | Together = db
        self._reading: AbstractContextManager[Session] | None = None
        self._session: Session | None = None
        self._writing: AbstractContextManager[Tx] | None = None
        self.tx: Tx | None = None
        self.began = False
        """Whether it ever wrote, or tried to."""

    @property
    def session(self) -> Session:
        if self.tx is not None:
            return self.tx.session
        if self._session is None:
            self._reading = self._db.read()
            self._session = self._reading.__enter__()
        return self._session

    def begin(self, now: datetime, *, actor_id: int | None, council_id: int | None) -> Tx:
        self.stop_reading()
        self.began = True
        self._writing = self._into.write(now, actor_id=actor_id, council_id=council_id)
        self.tx = self._writing.__enter__()
        return self.tx

    def write_into(self, group: Together) -> None:
        """What is written here is committed with what others write."""
        self._into = group

    def stop_reading(self) -> None:
        """Before a long wait: what is asked for afterwards is read anew."""
        if self._reading is not None:
            self._reading.__exit__(None, None, None)
            self._reading = self._session = None

    def end(self, error: BaseException | None = None) -> None:
        """Commit (or leave that to the group), or after an error leave nothing behind."""
        self.stop_reading()
        if self._writing is not None:
            writing, self._writing, self.tx = self._writing, None, None
            if error is None:
                writing.__exit__(None, None, None)
            else:
                # The context manager raises the same error again once it has rolled back; the caller has it already.
                try:
                    writing.__exit__(type(error), error, error.__traceback__)
                except type(error):
                    pass
