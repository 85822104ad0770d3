"""The key that makes a double tap harmless must not swallow another form."""

from sqlmodel import select

from deliberation.ballot.tables import PaperBallot
from tests.conftest import Town
from tests.deliberation.ballot import build

SLIP = {"slip_no": "a7", "room": "水仙里1幢1单元0102", "choice": "against", "cast_by": "张建强", "once": "one-showing"}


def _slips(town: Town) -> list[str]:
    with town.db.read() as session:
        return list(session.exec(select(PaperBallot.slip_no)))


def test_a_second_slip_sent_from_the_same_showing_is_kept_or_refused_but_not_lost(town: Town) -> None:
    poll_id = build.opened(town)
    desk = build.signed_in(town, "desk")
    assert desk.post(f"{build.PATH}/{poll_id}/paper", SLIP).status == 303
    other = {**SLIP, "slip_no": "a8", "room": "水仙里1幢1单元0103", "cast_by": "吴志燕"}
    answer = desk.post(f"{build.PATH}/{poll_id}/paper", other)
    assert "A8" in _slips(town) or answer.status in {409, 422}


def test_the_same_slip_sent_twice_stays_one_slip(town: Town) -> None:
    poll_id = build.opened(town)
    desk = build.signed_in(town, "desk")
    for _ in range(2):
        assert desk.post(f"{build.PATH}/{poll_id}/paper", SLIP).status == 303
    assert _slips(town) == ["A7"]
