"""A server of its own behind a real port, for what floods or dawdles: one for each file that asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deliberation.jobs.clock import SystemClock
from deliberation.people.actions import sign_in
from tests import cast as the_cast
from tests.conftest import Town, living, settings_in
from tests.serving import Server


@pytest.fixture(scope="module")
def served_town(
    tmp_path_factory: pytest.TempPathFactory, template_database: tuple[Path, the_cast.Cast]
) -> Iterator[Town]:
    """The town that `server` serves: what its tests write into it stays there for the next one."""
    settings = settings_in(tmp_path_factory.mktemp("served"), template_database)
    with living(settings, template_database[1]) as town:
        yield town


@pytest.fixture(scope="module")
def server(served_town: Town) -> Iterator[Server]:
    # A served program goes by the real clock, in which the cast's own sign-ins are long over.
    with served_town.db.write(SystemClock().now()) as tx:
        token = sign_in(tx, served_town.cast.ids["resident"], "test")
    settings = served_town.site.settings
    found = Server(settings.data_dir, settings.database_url, token)
    found.start()
    yield found
    found.stop()
