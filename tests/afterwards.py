"""A pytest plugin: hashing a password costs next to nothing, and no test finds what another left behind in the process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from deliberation.people import passwords
from deliberation.web import noted

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


@pytest.fixture(autouse=True)
def _put_back() -> Iterator[None]:
    """What a test changed of the process is as before for the next one: nothing depends on which worker plays what, and when."""
    environment, folder, log = dict(os.environ), Path.cwd(), noted.log
    level, propagate, handlers = log.level, log.propagate, list(log.handlers)
    yield
    for name in {*os.environ, *environment} - {"PYTEST_CURRENT_TEST"}:
        if os.environ.get(name) != environment.get(name):
            os.environ.pop(name, None)
            os.environ.update({name: environment[name]} if name in environment else {})
    os.chdir(folder)
    log.setLevel(level)
    log.propagate, log.handlers = propagate, handlers
