"""Roll files on their way in, without the files themselves, which are fetched when they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from sqlalchemy.orm import QueryableAttribute, defer
from sqlmodel import Session, col, select

from deliberation.council.tables import RollUpload

READING, READY, BAD, KEPT = "reading", "ready", "bad", "kept"
_NO_BODY = defer(cast("QueryableAttribute[bytes]", RollUpload.body))


def upload_of(session: Session, council_id: int, upload_id: int) -> RollUpload | None:
    return session.exec(
        select(RollUpload).where(RollUpload.council_id == council_id, RollUpload.id == upload_id).options(_NO_BODY)
    ).first()


def open_uploads(session: Session, council_id: int) -> Sequence[RollUpload]:
    return session.exec(
        select(RollUpload)
        .where(RollUpload.council_id == council_id, RollUpload.state != KEPT)
        .options(_NO_BODY)
        .order_by(col(RollUpload.id).desc())
    ).all()
