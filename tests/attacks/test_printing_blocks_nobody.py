"""A page that is slow to make must not take every worker: people are voting meanwhile."""

import threading
import time

import pytest

from deliberation.web import pdf
from tests.conftest import Town
from tests.deliberation.minutes import build as minutes


def test_one_member_cannot_have_dozens_of_pdfs_made_at_once(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    at = minutes.put_up(town).at
    gate, entered, turn = threading.Event(), [0], threading.Lock()

    def slow(_: str) -> bytes:
        with turn:
            entered[0] += 1
        gate.wait(3)
        return b"%PDF"

    monkeypatch.setattr(pdf, "make", slow)
    monkeypatch.setattr(pdf, "_kept", {})
    tenant = town.as_("tenant")
    threads = [threading.Thread(target=tenant.get, args=(f"{at}/pdf",)) for _ in range(12)]
    for one in threads:
        one.start()
    time.sleep(1)
    waiting = entered[0]
    gate.set()
    for one in threads:
        one.join()
    assert waiting <= 4
