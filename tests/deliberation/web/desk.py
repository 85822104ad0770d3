"""An act of a crowd for the tests, and those who come to it at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from sqlmodel import select

from deliberation.people.tables import Account
from deliberation.web import crowd, crowd_act
from deliberation.web.crowd import Member
from deliberation.web.crowd_act import Parts
from deliberation.web.viewer import ANYONE
from deliberation.web.visit import Visit
from tests.conftest import Answer, Town
from tests.serving import PATIENCE, wait_until
from votes.refusal import Refused


class Desk:
    """Where names are written, in the tests' own act: slow until the gate opens, and with one answer for each name."""

    def __init__(self, town: Town) -> None:
        self.town, self.gate, self.asked, self.readers = town, threading.Event(), list[str](), list[int]()
        self.went_on = list[str]()
        town.app.router.routes[:0] = [crowd_act.act("/desk", self.write, needs=ANYONE, rate="6000/minute")]

    def write(self, visit: Visit) -> Parts:
        name = visit.form.raw("name")
        if name == "refused early":
            raise Refused("wrong_sign_in")
        if name == "a fault at once":
            raise ZeroDivisionError(name)
        went_well = yield partial(self.slow, name)
        self.went_on.append(name)
        if not went_well and name != "went wrong, and written":
            raise Refused("wrong_sign_in")
        visit.tx.session.get_one(Account, self.town.cast.ids["resident"]).name = f"after {name}"
        if name == "refused late":
            raise Refused("wrong_sign_in")
        if name == "a fault of ours" or (name == "a fault when alone" and self.asked.count(name) == 2):
            raise ZeroDivisionError(name)
        visit.tx.session.add(Account(name=name, created_at=visit.now))
        return visit.to(f"/written/{name}")

    def slow(self, name: str) -> bool:
        self.asked.append(name)
        self.readers.append(self.town.db.reader.pool.checkedout())  # type: ignore[attr-defined]
        self.gate.wait(PATIENCE)
        if name == "no memory":
            raise MemoryError(name)
        return not name.startswith("went wrong")

    def send(self, name: str, **more: str) -> Answer:
        return self.town.as_(None).post("/desk", {"name": name, **more})

    def names(self) -> set[str]:
        with self.town.db.read() as session:
            return set(session.exec(select(Account.name)))


def all_at_once(desk: Desk, names: list[str]) -> dict[str, Answer | BaseException]:
    """The gate opens when all have come: the first ones hold every core and every thread until then."""
    crowd, come = desk.town.site.crowd, list[Member]()
    join = crowd.join

    def count(member: Member) -> None:
        join(member)
        come.append(member)

    crowd.join = count  # type: ignore[method-assign]
    with ThreadPoolExecutor(len(names)) as senders:
        sent = {name: senders.submit(desk.send, name) for name in names}
        wait_until(lambda: len(come) == len(names), "all have come")
        desk.gate.set()
        return {name: one.exception() or one.result() for name, one in sent.items()}


def one_party(monkeypatch: pytest.MonkeyPatch, town: Town, sends: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """All of them in one, in this order."""
    joined, join = list[Member](), town.site.crowd.join

    def count(member: Member) -> None:
        join(member)
        joined.append(member)

    with monkeypatch.context() as patch, ThreadPoolExecutor(len(sends)) as senders:
        patch.setattr(crowd, "share", lambda waiting, busy: waiting if waiting == len(sends) else 0)
        patch.setattr(town.site.crowd, "join", count)
        sent = []
        for number, send in enumerate(sends, 1):
            sent.append(senders.submit(send))
            wait_until(lambda number=number: len(joined) == number, "one has come")  # type: ignore[misc]
        return [one.result() for one in sent]
