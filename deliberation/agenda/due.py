"""Pictures of a matter that was never sent are removed once a day."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, delete

from deliberation.db import photos
from deliberation.db.engine import Database
from deliberation.db.tables import Photo
from deliberation.jobs import retention
from deliberation.jobs.runner import once_a_day


@once_a_day
def clean(db: Database, now: datetime) -> None:
    with db.write(now) as tx:
        tx.session.exec(
            delete(Photo).where(
                col(Photo.subject) == photos.DRAFT, col(Photo.uploaded_at) < now - retention.DRAFT_PHOTO.span
            )
        )
