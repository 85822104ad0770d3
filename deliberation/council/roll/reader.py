"""The one thread that reads uploaded rolls, so that a large file keeps nobody's page waiting."""

from __future__ import annotations

import json
import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime

from sqlmodel import select

from deliberation.council.roll import differences, upload_actions, upload_queries
from deliberation.council.tables import RollUpload
from deliberation.db.engine import Database

log = logging.getLogger(__name__)

_worker = ThreadPoolExecutor(1, "roll")
_in_hand: dict[tuple[str, int], Future[None]] = {}
_turn = threading.Lock()


def start(db: Database, upload_id: int, now: datetime) -> None:
    key = (db.url, upload_id)
    with _turn:
        if key not in _in_hand:
            _in_hand[key] = _worker.submit(_read, db, upload_id, now)


def _read(db: Database, upload_id: int, now: datetime) -> None:
    try:
        upload_actions.read(db, upload_id, now)
    except Exception:
        # Whatever it was, the person must not wait for ever.
        log.exception("an uploaded roll could not be read")
        problems = differences.sentences([differences.FileProblem(1, "", "not_a_workbook")])
        upload_actions.write_down(
            db, upload_id, now, state=upload_queries.BAD, report=json.dumps({"count": 1, "problems": problems})
        )
    finally:
        with _turn:
            _in_hand.pop((db.url, upload_id), None)


def wait(seconds: float = 60) -> None:
    """Until everything handed over so far is read."""
    with _turn:
        futures = list(_in_hand.values())
    for future in futures:
        future.result(seconds)


def resume(db: Database, now: datetime) -> None:
    """Take up again what a restart interrupted."""
    with db.read() as session:
        waiting = session.exec(select(RollUpload.id).where(RollUpload.state == upload_queries.READING)).all()
    for upload_id in waiting:
        start(db, upload_id, now)
