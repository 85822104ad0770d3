"""The second verifier is slow on purpose; tests that call it often lend it faster powers. One test runs it as it is."""

from __future__ import annotations

import gmpy2
import pytest

from votes import audit


@pytest.fixture(autouse=True)
def quick_powers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "power", lambda base, exponent: int(gmpy2.powmod(base, exponent, audit.P)))
