"""Every table, imported once, so that metadata is complete for migrations."""

from sqlmodel import SQLModel

import deliberation.agenda.tables
import deliberation.ballot.tables
import deliberation.council.tables
import deliberation.db.tables
import deliberation.decision.tables
import deliberation.followup.tables
import deliberation.meeting.tables
import deliberation.minutes.tables
import deliberation.people.tables  # noqa: F401

metadata = SQLModel.metadata
