"""Powers are remembered: casting and both verifiers raise the same numbers. The second verifier, slow on purpose, gets faster
ones as well; one test runs it as it is."""

from __future__ import annotations

import functools

import gmpy2
import pytest

from votes import audit
from votes.secret import group


@pytest.fixture(autouse=True)
def remembered_powers(monkeypatch: pytest.MonkeyPatch) -> None:
    powmod = functools.lru_cache(1 << 15)(gmpy2.powmod)
    monkeypatch.setattr(group, "_powmod", powmod)
    monkeypatch.setattr(audit, "power", lambda base, exponent: int(powmod(base, exponent, audit.P)))
