"""What becomes due: one thing that fails stops no other, and what nobody can use any more goes away."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import SQLModel, func, select

from deliberation.ballot import actions as ballot_actions
from deliberation.ballot.tables import Poll
from deliberation.council.tables import RollUpload
from deliberation.db import photos
from deliberation.db.engine import Database, Tx
from deliberation.db.tables import Photo, Submission
from deliberation.jobs.runner import Runner, each, once_a_day
from deliberation.people.tables import OneTimeLink, SignIn
from deliberation.web.photos import Picture
from tests.conftest import Town
from tests.deliberation.ballot import build as ballot
from tests.deliberation.council import build as council


def fails(*_: object) -> None:
    raise OSError("the disk is full")


def test_what_fails_first_starves_nothing_after_it(town: Town) -> None:
    done: list[datetime] = []
    runner = Runner(town.db, town.clock, [fails, lambda db, now: done.append(now), fails])
    with pytest.raises(ExceptionGroup) as failed:
        runner.run_once()
    assert len(done) == 1
    assert len(failed.value.exceptions) == 2


def test_a_poll_that_cannot_open_keeps_no_other_poll_closed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = ballot.announced(town), ballot.announced(town, title="粉刷楼道")
    plain = ballot_actions.open_now

    def open_now(tx: Tx, poll_id: int) -> object:
        if poll_id == first:
            fails()
        return plain(tx, poll_id)

    monkeypatch.setattr(ballot_actions, "open_now", open_now)
    with pytest.raises(ExceptionGroup):
        town.travel(days=15, hours=1)
    with town.db.read() as session:
        assert session.get_one(Poll, first).opened_at is None
        assert session.get_one(Poll, second).opened_at is not None


def test_each_raises_nothing_when_nothing_failed() -> None:
    done: list[int] = []
    each([1, 2], done.append)
    assert done == [1, 2]


def test_a_daily_task_is_done_once_a_day_and_again_soon_when_it_failed(town: Town) -> None:
    tried: list[datetime] = []

    @once_a_day
    def daily(db: Database, now: datetime) -> None:
        tried.append(now)
        if len(tried) == 1:
            fails()

    with pytest.raises(OSError, match="disk"):
        daily(town.db, town.now)
    for hours in (0, 1, 25):
        daily(town.db, town.now + timedelta(hours=hours))
    assert len(tried) == 3


def count(town: Town, table: type[SQLModel]) -> int:
    with town.db.read() as session:
        return session.exec(select(func.count()).select_from(table)).one()


def test_what_nobody_can_use_any_more_is_removed(town: Town) -> None:
    desk = town.as_("moderator")
    council.uploaded(desk, council.as_csv(council.table()[:-1]))
    assert council.verbs(town)[-1] == "roll.upload_taken"
    with town.write("resident") as tx:
        tx.session.add(Submission(once="x", location="/", at=tx.now))
        tx.session.add(OneTimeLink(purpose="invite", token_hash="x", created_at=tx.now, expires_at=tx.now))
        photos.keep(tx, photos.DRAFT, tx.actor, [Picture(b"x", 1, 1)])
        photos.keep(tx, "proposal", 1, [Picture(b"x", 1, 1)])
    sent, sign_ins = count(town, Submission), count(town, SignIn)
    town.travel(hours=23)
    assert (count(town, Submission), count(town, Photo)) == (sent, 2)
    town.travel(days=3)
    assert (count(town, Submission), count(town, Photo)) == (0, 1)
    town.travel(days=20)
    assert (count(town, RollUpload), count(town, OneTimeLink), count(town, SignIn)) == (1, 1, sign_ins)
    town.travel(days=10)
    assert (count(town, RollUpload), count(town, OneTimeLink), count(town, SignIn)) == (0, 0, sign_ins)
    assert council.verbs(town)[-1] == "roll.upload_expired"
    town.travel(days=40)
    assert count(town, SignIn) == 0
