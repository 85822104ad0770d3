"""A page that is slow to make must not take every worker: people are voting meanwhile."""

import threading

import pytest

from deliberation.web import pdf
from tests.conftest import Town
from tests.deliberation.minutes import build as minutes
from tests.serving import PATIENCE, wait_until


def test_one_member_cannot_have_dozens_of_pdfs_made_at_once(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    at = minutes.put_up(town).at
    gate, entered = threading.Event(), []

    def slow(html: str) -> bytes:
        entered.append(html)
        gate.wait(PATIENCE)
        return b"%PDF"

    monkeypatch.setattr(pdf, "make", slow)
    monkeypatch.setattr(pdf, "_kept", {})
    tenant = town.as_("tenant")
    threads = [threading.Thread(target=tenant.get, args=(f"{at}/pdf",)) for _ in range(12)]
    for one in threads:
        one.start()
    wait_until(lambda: sum(one.is_alive() for one in threads) == 1, "the others are answered at once")
    gate.set()
    for one in threads:
        one.join()
    assert len(entered) == 1
