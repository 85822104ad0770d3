"""A roll file on its way in: taken, read, previewed, then confirmed or thrown away."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from deliberation.council.roll import changes as roll_changes
from deliberation.council.roll import differences
from deliberation.council.roll import queries as roll_queries
from deliberation.council.roll import rules as roll_rules
from deliberation.council.roll.actions import keep
from deliberation.council.roll.upload_queries import BAD, KEPT, READING, READY, upload_of
from deliberation.council.tables import Council, Membership, Roll, RollUpload
from deliberation.db.engine import Database, Tx
from deliberation.db.journal import record
from deliberation.web.forms import Upload
from votes.refusal import Refused
from votes.roll import Roll as VotingRoll
from votes.roll import Unusable

SHOWN = 60


def take(
    tx: Tx, upload: Upload, record_date: date | None, register: tuple[int | None, int | None] = (None, None)
) -> RollUpload:
    """`register`: the heads and the area that the register has, as the uploader typed them in."""
    found = RollUpload(
        council_id=tx.council,
        file_name=upload.name[:120],
        body=upload.body,
        uploaded_by=tx.actor,
        uploaded_at=tx.now,
        record_date=record_date,
        register_heads=register[0],
        register_area=register[1],
    )
    tx.session.add(found)
    tx.session.flush()
    record(tx, "roll.upload_taken", file_name=found.file_name)
    return found


def read(db: Database, upload_id: int, now: datetime) -> None:
    """Read one upload and write down what was found; in short transactions, so that nobody waits for it."""
    with db.read() as session:
        found = session.get(RollUpload, upload_id)
        if found is None or found.state != READING:
            return
        name, body, council_id = found.file_name, found.body, found.council_id

    def tell(done: int, total: int) -> None:
        write_down(db, upload_id, now, done=done, total=total)

    try:
        voting = differences.read_file(name, body, tell)
    except Unusable as problem:
        report: dict[str, Any] = {
            "count": problem.facts["problems"],
            "problems": differences.sentences(problem.problems),
        }
        write_down(db, upload_id, now, state=BAD, report=json.dumps(report, ensure_ascii=False))
        return
    with db.read() as session:
        report = _preview(session, council_id, voting)
    lines = len(voting.units)
    write_down(db, upload_id, now, state=READY, report=json.dumps(report, ensure_ascii=False), done=lines, total=lines)


def write_down(db: Database, upload_id: int, now: datetime, **values: object) -> None:
    with db.write(now) as tx:
        tx.session.exec(update(RollUpload).where(col(RollUpload.id) == upload_id).values(**values))


def _preview(session: Session, council_id: int, voting: VotingRoll) -> dict[str, Any]:
    parking = session.get_one(Council, council_id).count_parking
    before = roll_queries.newest(session, council_id)
    old = roll_queries.voting_roll(session, before.id) if before else VotingRoll(())
    heads = voting.heads(parking)
    keys = {head.key for head in voting.heads(count_parking=True)}
    linked = session.exec(
        select(Membership.head_key).where(
            Membership.council_id == council_id, Membership.state == "verified", col(Membership.head_key).is_not(None)
        )
    )
    return {
        "base": before.version if before else 0,
        "units": len(voting.units),
        "heads": len(heads),
        "area": voting.area(parking),
        "fingerprint": voting.fingerprint(),
        "same": before is not None and before.fingerprint == voting.fingerprint(),
        "unlinked": sum(one not in keys for one in linked),
        "notices": [
            {"code": notice.code, "lines": list(notice.lines), "value": notice.value}
            for notice in voting.notices(heads)[:SHOWN]
        ],
        "changes": roll_changes.compare(old, voting).as_json(SHOWN) if before else None,
    }


def again(tx: Tx, upload: RollUpload) -> None:
    """Compare with what has become the newest roll meanwhile."""
    upload.state, upload.done, upload.total, upload.report = READING, 0, 0, "{}"
    tx.session.add(upload)
    record(tx, "roll.upload_read_again", file_name=upload.file_name)


def fits(upload: RollUpload, report: dict[str, Any]) -> bool | None:
    """Whether the file has the totals that were typed in from the register."""
    return roll_rules.fits_register(
        report["heads"], report["area"], register_heads=upload.register_heads, register_area=upload.register_area
    )


def confirm(tx: Tx, upload_id: int, voting: VotingRoll, *, reason: str = "") -> Roll:
    """`voting`: the upload's file, read once more before this transaction began."""
    upload = upload_of(tx.session, tx.council, upload_id)
    if upload is None or upload.state != READY:
        raise Refused("upload_not_ready")
    report = json.loads(upload.report)
    newest = roll_queries.newest(tx.session, tx.council)
    if report["base"] != (newest.version if newest else 0):
        raise Refused("roll_changed_meanwhile")
    if report["fingerprint"] != voting.fingerprint():
        raise Refused("upload_not_ready")
    roll_rules.check_new_roll(
        first=newest is None, fits=fits(upload, report), by=tx.actor, brought_by=upload.uploaded_by, reason=reason
    )
    roll = keep(
        tx,
        voting,
        file_name=upload.file_name,
        record_date=upload.record_date,
        brought_by=upload.uploaded_by,
        reason=reason,
        register=(upload.register_heads, upload.register_area),
    )
    upload.state, upload.body, upload.report = KEPT, b"", "{}"
    tx.session.add(upload)
    return roll


def throw_away(tx: Tx, upload_id: int) -> None:
    _remove(tx, upload_id, "roll.upload_thrown_away")


def expire(tx: Tx, upload_id: int) -> None:
    """Nobody imported it for so long that the council's next one will be newer."""
    _remove(tx, upload_id, "roll.upload_expired")


def _remove(tx: Tx, upload_id: int, verb: str) -> None:
    upload = upload_of(tx.session, tx.council, upload_id)
    if upload is None or upload.state == KEPT:
        raise Refused("upload_not_ready")
    tx.session.exec(delete(RollUpload).where(col(RollUpload.id) == upload_id))
    record(tx, verb, file_name=upload.file_name)
