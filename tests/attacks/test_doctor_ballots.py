"""`doctor` checks what must always hold; ballots that were changed in the file are the first of it."""

from sqlmodel import select

from deliberation import upkeep
from deliberation.ballot.tables import Ballot
from tests.conftest import Town
from tests.deliberation.ballot import build


def test_doctor_finds_a_ballot_that_was_changed_in_the_file(town: Town) -> None:
    poll_id = build.opened(town)
    build.cast(town, poll_id, {"Y01": "for", "Y02": "for"})
    with town.write() as tx:
        one = tx.session.exec(select(Ballot).where(Ballot.seq == 1)).one()
        one.choice = "against"
        tx.session.add(one)
    assert not all(check.ok for check in upkeep.doctor(town.site.settings))
