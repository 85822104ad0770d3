"""Keeping pictures with the thing they show: a proposal, a check, a step of progress."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from sqlmodel import Session, col, select

from deliberation.db.engine import Tx
from deliberation.db.tables import Photo

DRAFT = "draft"
"""The subject of pictures whose form was shown again before it was carried out."""


class Picture(Protocol):
    @property
    def body(self) -> bytes: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...


def keep(tx: Tx, subject: str, subject_id: int, pictures: Iterable[Picture]) -> None:
    for picture in pictures:
        tx.session.add(
            Photo(
                council_id=tx.council,
                subject=subject,
                subject_id=subject_id,
                body=picture.body,
                width=picture.width,
                height=picture.height,
                uploaded_by=tx.actor,
                uploaded_at=tx.now,
            )
        )


def of(session: Session, council_id: int, subject: str, ids: Sequence[int]) -> dict[int, list[int]]:
    """Photo numbers by the thing they belong to; the bodies stay in the database until asked for."""
    rows = session.exec(
        select(Photo.subject_id, Photo.id)
        .where(Photo.council_id == council_id, Photo.subject == subject, col(Photo.subject_id).in_(ids))
        .order_by(col(Photo.id))
    )
    found: dict[int, list[int]] = {}
    for subject_id, photo_id in rows:
        found.setdefault(subject_id, []).append(photo_id)
    return found


def body(session: Session, council_id: int, photo_id: int, reader_id: int) -> bytes | None:
    """The picture, for `reader_id`; what was not sent yet is its sender's alone."""
    return session.exec(
        select(Photo.body).where(
            Photo.council_id == council_id,
            Photo.id == photo_id,
            (Photo.subject != DRAFT) | (Photo.uploaded_by == reader_id),
        )
    ).first()
