"""A pytest plugin: hashing a password costs next to nothing, and a test that leaves something behind for the next one fails."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from deliberation.people import passwords
from deliberation.people.provider import openid

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
REAL, REAL_NOBODY = passwords._hasher, passwords._nobody


@pytest.fixture
def real_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """For what is about the hashing itself."""
    monkeypatch.setattr(passwords, "_hasher", REAL)
    monkeypatch.setattr(passwords, "_nobody", REAL_NOBODY)


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    passwords._hasher, passwords._nobody = QUICK, QUICK.hash("nobody has this password")
    yield
    passwords._hasher, passwords._nobody = REAL, REAL_NOBODY


def _standing() -> dict[str, object]:
    """What a test shares with those after it and puts back when it changes it."""
    root = logging.getLogger()
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    return {
        "environment": environment,
        "folder": Path.cwd(),
        "logging": (root.level, list(root.handlers)),
        "places at the provider": openid._places._value,
        "passwords": (passwords._hasher, passwords._nobody),
    }


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    before = _standing()
    yield
    left = {
        name: (was, now) for (name, was), now in zip(before.items(), _standing().values(), strict=True) if was != now
    }
    assert not left, f"left behind for the next test: {left}"
