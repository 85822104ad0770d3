"""A server of its own behind a real port, for what floods or dawdles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deliberation.jobs.clock import SystemClock
from deliberation.people.actions import sign_in
from tests.conftest import Town
from tests.deliberation.live.test_restart import Server


@pytest.fixture
def server(town: Town, tmp_path: Path) -> Iterator[Server]:
    with town.db.write(SystemClock().now()) as tx:
        token = sign_in(tx, town.cast.ids["resident"], "test")
    found = Server(tmp_path, town.site.settings.database_url, token)
    found.start()
    yield found
    found.stop()
