"""What tests stand on: a migrated database with the cast in it, a clock that travels, and a caller for each person."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from sqlalchemy import event
from starlette.applications import Starlette
from starlette.testclient import TestClient

from deliberation.app import create_app
from deliberation.db.engine import Database, Tx
from deliberation.db.migrate import migrate
from deliberation.jobs.clock import TravelClock
from deliberation.settings import Settings
from deliberation.web import csrf
from deliberation.web.limits import Limiter
from deliberation.web.site import Site
from tests import cast as the_cast

pytest_plugins = ["tests.strict", "tests.afterwards", "tests.house.everyone"]
"""Not imported where it is used: a fixture of the session that two files import is two fixtures, and played through twice."""

hypothesis.settings.register_profile("patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("patient")
SHORT = Path(__file__).parent / "deliberation"
START = datetime(2026, 3, 1, 1, 0, tzinfo=UTC)
"""Sunday 1 March 2026, 09:00 in Fujian."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with long tests first and the many short ones of the app last, so that no worker is left alone at the end."""
    long = {item.path for item in items if any(mark.name in {"long", "browser"} for mark in item.iter_markers())}
    items.sort(key=lambda item: (item.path not in long, SHORT in item.path.parents))


class Answer:
    """What came back: its status, where it sends on, its text without markup for plain assertions."""

    def __init__(self, response: Any) -> None:
        self.response = response
        self.status: int = response.status_code
        self.location: str = response.headers.get("location", "")
        self.html: str = response.text
        self.text: str = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


class Caller:
    """One person's browser, without JavaScript: cookies are kept, forms carry their CSRF field."""

    def __init__(self, app: Starlette, token: str | None) -> None:
        self.site: Site = app.state.site
        self.client = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
        self.client.cookies.set("guard", "test-guard")
        self.token = token
        if token:
            # With its domain, so that a new one from the server takes its place.
            self.client.cookies.set("sign-in", token, domain="127.0.0.1")

    def get(self, path: str, **options: Any) -> Answer:
        return Answer(self.client.get(path, **options))

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> Answer:
        """Post a form as the page's own form would; `csrf` in data replaces the right token."""
        token = csrf.token(self.site.settings.secret, "test-guard", self.client.cookies.get("sign-in"))
        return Answer(self.client.post(path, data={"csrf": token, **(data or {})}, **options))

    def follow(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> Answer:
        """Post, expect to be sent on, and show the page one is sent to."""
        answer = self.post(path, data, **options)
        assert answer.status == 303, f"{path}: {answer.status} {answer.text[:600]}"
        return self.get(answer.location, headers={"referer": f"http://127.0.0.1{path}"})


class Town:
    """The app with its cast: `town.as_("resident").get(...)`, `town.write("moderator")`, `town.travel(days=15)`."""

    def __init__(self, app: Starlette, cast: the_cast.Cast, clock: TravelClock) -> None:
        self.app, self.cast, self.clock = app, cast, clock
        self.site: Site = app.state.site
        self.db: Database = self.site.db

    def as_(self, who: str | None) -> Caller:
        return Caller(self.app, self.cast.tokens[who] if who else None)

    def write(self, who: str | None = None, council_id: int | None = None) -> Any:
        """A transaction in the council's name, by one of the cast: `with town.write("moderator") as tx: ...`."""
        return self.db.write(
            self.clock.now(),
            actor_id=self.cast.ids[who] if who else None,
            council_id=council_id or self.cast.council_id,
        )

    def travel(self, **span: float) -> None:
        """Move the clock and do what became due."""
        self.clock.travel(timedelta(**span))
        self.site.runner.run_once()

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @contextmanager
    def asking(self) -> Iterator[list[str]]:
        """The statements with which pages ask the database meanwhile."""
        sent: list[str] = []

        def note(*args: Any) -> None:
            sent.append(args[2])

        event.listen(self.db.reader, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(self.db.reader, "before_cursor_execute", note)


@pytest.fixture(scope="session")
def template_database(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, the_cast.Cast]:
    path = tmp_path_factory.mktemp("template") / "council.db"
    url = f"sqlite:///{path}"
    migrate(url)
    db = Database(url)
    with db.write(START) as tx:
        cast = the_cast.enter(tx)
    with db.writer.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    db.close()
    return path, cast


def settings_in(folder: Path, template: tuple[Path, the_cast.Cast]) -> Settings:
    shutil.copy(template[0], folder / "council.db")
    return Settings(folder, f"sqlite:///{folder / 'council.db'}", b"a secret for the tests")


@contextmanager
def living(settings: Settings, cast: the_cast.Cast) -> Iterator[Town]:
    """The app over these settings, at the start of the cast's time."""
    clock = TravelClock(at=START)
    app = create_app(settings, clock, run_jobs=False)
    # A slow machine must not forget tries that a quick one still counts.
    app.state.site.limiter = Limiter(lambda: clock.now().timestamp())
    yield Town(app, cast, clock)
    app.state.site.db.close()


@pytest.fixture
def settings(tmp_path: Path, template_database: tuple[Path, the_cast.Cast]) -> Settings:
    return settings_in(tmp_path, template_database)


@pytest.fixture
def town(settings: Settings, template_database: tuple[Path, the_cast.Cast]) -> Iterator[Town]:
    with living(settings, template_database[1]) as found:
        yield found


@pytest.fixture
def tx(town: Town) -> Iterator[Tx]:
    """A transaction of the moderator's that the test looks into before it commits."""
    with town.write("moderator") as transaction:
        yield transaction
