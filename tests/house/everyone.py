"""The sample council with every kind of person in it, every route's address there, and what each may expect of it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from starlette.routing import Route

from deliberation import steps
from deliberation.app import create_app
from deliberation.ballot.actions import cast
from deliberation.ballot.proxies import actions as proxy_actions
from deliberation.ballot.proxies.rules import Scope, Subject
from deliberation.ballot.rules import Choice
from deliberation.ballot.tables import Dispute
from deliberation.council import actions as council_actions
from deliberation.council.disputes import actions as dispute_actions
from deliberation.council.recovery import actions as recovery_actions
from deliberation.council.residents import actions as resident_actions
from deliberation.council.roll import queries as roll_queries
from deliberation.council.roll import upload_actions
from deliberation.council.seating import actions as seating_actions
from deliberation.council.slips import actions as slip_actions
from deliberation.council.tables import Council, Membership
from deliberation.db.engine import Database
from deliberation.db.migrate import migrate
from deliberation.decision import actions as decision_actions
from deliberation.demo import town as sample
from deliberation.demo.load import load_sample
from deliberation.jobs.clock import TravelClock
from deliberation.meeting import talk_actions
from deliberation.people import actions as people_actions
from deliberation.people.devices import actions as device_actions
from deliberation.people.passkeys import actions as passkey_actions
from deliberation.people.passkeys.ceremony import Made
from deliberation.people.queries import by_identifier
from deliberation.settings import Settings
from deliberation.web.forms import Upload
from deliberation.web.routing import Act, Page
from deliberation.web.viewer import Needs
from tests.conftest import Caller

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
KINDS = {
    "anonymous": "anonymous",
    "signed in, of no council": "stranger",
    "resident who votes": "resident",
    "resident who keeps to reading": "owner",
    "tenant": "tenant",
    "moderator": "secretary",
    "recorder": "recorder",
    "desk": "desk",
    "owners' committee": "committee",
    "property firm": "property",
    "building leader": "leader",
    "officer of the community": "community",
    "supervisor": "supervisor",
    "platform's admin": "admin",
    "another council's resident": "other_resident",
    "another council's staff": "other_moderator",
}
"""Each kind of person -> the account that stands for it. Another council's staff holds every staff seat there.

Trustees of a secret poll have no account here: they work with key files, away from the server (votes/secret/SPEC.md).
"""
PEOPLE = tuple(KINDS.values())
ELSEWHERE = {"stranger", "admin", "other_resident", "other_moderator"}
SEATS = {
    "secretary": {"moderator"},
    "recorder": {"recorder"},
    "desk": {"desk"},
    "committee": {"committee"},
    "property": {"property"},
    "leader": {"building"},
    "supervisor": {"supervisor"},
    "community": {"community"},
}
OWNERS = {"resident", "owner", "secretary", "recorder", "committee"}
LAST = re.compile(r"^/(sign-out|account|invitations|recovery|setup|demo)")
"""These end the caller's own sign-in or move the clock: they come when all else has been tried."""

VALUES = {
    "sign_in_id": "SELECT max(sign_in.id) FROM sign_in JOIN account ON account.id = account_id WHERE name = '苏志燕'",
    "notice_id": "SELECT id FROM account_notice WHERE code = 'password_changed'",
    "account_id": "SELECT id FROM account WHERE sign_in_name = 'committee'",
    "seat_id": "SELECT id FROM seat WHERE role = 'property'",
    "change_id": "SELECT max(id) FROM seat_change",
    "photo_id": "SELECT min(id) FROM photo",
    "resident_id": "SELECT id FROM membership WHERE state = 'waiting'",
    "roll_dispute_id": "SELECT max(id) FROM roll_dispute",
    "amendment_id": "SELECT max(id) FROM roll_amendment",
    "proxy_id": "SELECT max(id) FROM proxy",
    "upload_id": "SELECT max(id) FROM roll_upload",
    "batch_id": "SELECT max(id) FROM slip_batch",
    "proposal_id": "SELECT id FROM proposal WHERE state = 'raised'",
    "motion_id": "SELECT id FROM motion WHERE locked_at IS NULL LIMIT 1",
    "poll_id": "SELECT id FROM poll WHERE closed_at IS NULL AND opened_at IS NOT NULL",
    "receipt": "SELECT receipt FROM ballot ORDER BY id DESC LIMIT 1",
    "paper_id": "SELECT max(id) FROM paper_ballot",
    "dispute_id": "SELECT max(id) FROM dispute",
    "meeting_id": "SELECT id FROM meeting WHERE closed_at IS NULL AND opened_at IS NOT NULL",
    "item_id": "SELECT current_item_id FROM meeting WHERE closed_at IS NULL AND opened_at IS NOT NULL",
    "turn_id": "SELECT max(id) FROM turn",
    "presence_id": "SELECT max(id) FROM presence",
    "straw_id": "SELECT max(id) FROM straw",
    "statement_id": "SELECT max(id) FROM statement",
    "action_point_id": "SELECT max(id) FROM action_point",
    "code": "SELECT door_code FROM meeting WHERE closed_at IS NULL AND opened_at IS NOT NULL",
    "decision_id": "SELECT max(id) FROM decision",
    "objection_id": "SELECT max(id) FROM objection",
    "minutes_id": "SELECT id FROM minutes WHERE frozen_at IS NULL",
    "removed_id": "SELECT coalesce(max(id), 1) FROM removed_paragraph",
    "task_id": "SELECT max(id) FROM task",
    "token": "SELECT 'no-such-link'",
    "slug": "SELECT 'jinxiu'",
    "recovery_id": "SELECT max(id) FROM recovery",
    "passkey_id": "SELECT max(id) FROM passkey",
}
INSTEAD = {
    "/account/notices/{notice_id:int}/reading": {
        "notice_id": "SELECT id FROM account_notice WHERE code = 'new_device'"
    },
    "/c/{council}/polls/{poll_id:int}/decision": {"poll_id": "SELECT max(poll_id) FROM decision"},
    "/platform/councils/{slug}/people/{account_id:int}/recovery": {
        "account_id": "SELECT id FROM account WHERE sign_in_name = 'secretary'"
    },
    "/platform/councils/{slug}/officers/{account_id:int}/ending": {
        "account_id": "SELECT id FROM account WHERE sign_in_name = 'community'"
    },
    "/platform/councils/{slug}/people/{account_id:int}/link": {
        "account_id": "SELECT id FROM account WHERE sign_in_name = 'secretary'"
    },
}
"""Routes that are reached with another value: a poll that is over, an account that moderates."""
NOBODY = {"/invitations/{token}", "/setup/{token}", "/recovery/{token}"}
"""A link that was never made lets nobody in; the ways that do are tested with their actions."""


def _turn(route: Route) -> tuple[int, str]:
    return bool(LAST.match(route.path)) + route.path.endswith("/not-me"), route.path.replace("{", " ")


def all_routes() -> list[Route]:
    """In the order they are tried: ending one sign-in comes before ending all, and taking passkeys away after what needs one."""
    routes = [route for route in steps.routes(demo=True) if isinstance(route, Route)]
    return sorted(routes, key=_turn)


def is_read(route: Route) -> bool:
    """Whether it is a page whose text can be looked at: a sheet made into a file cannot, and takes seconds to make."""
    return isinstance(owner_of(route), Page) and not route.path.endswith("pdf")


def owner_of(route: Route) -> Page | Act:
    owner = route.endpoint.__self__  # type: ignore[attr-defined]
    assert isinstance(owner, Page | Act), f"{route.path} is neither a page nor an act"
    return owner


@dataclass
class World:
    folder: Path
    tokens: dict[str, str]
    values: dict[str, str]
    instead: dict[str, dict[str, str]]


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The sample council, and beside it another one whose moderator and resident have every right there."""
    folder = tmp_path_factory.mktemp("sample")
    settings = Settings(folder, f"sqlite:///{folder / 'council.db'}", b"a secret for the tests", demo=True)
    migrate(settings.database_url)
    load_sample(settings, TravelClock(at=NOW))
    db = Database(settings.database_url)
    tokens: dict[str, str] = {}
    with db.write(NOW) as tx:
        tx.actor_id = _account(tx, "admin")
        other = council_actions.make_council(
            tx, slug="other", name="东园邻里议事会", compound="东园", community="东园社区"
        )
        for name in ("stranger", "other_resident", "other_moderator", "newcomer"):
            people_actions.create_account(tx, name=name, sign_in_name=name)
        for role in ("moderator", "recorder", "desk"):
            council_actions.appoint(tx, _account(tx, "other_moderator"), role)
        for name in ("other_resident", "other_moderator"):
            tx.session.add(_member(other, _account(tx, name), tx.now))
    jinxiu = 1
    with db.write(NOW, council_id=jinxiu) as tx:
        tx.actor_id = _account(tx, "secretary")
        seating_actions.put(tx, _account(tx, "tenant"), "desk")
        tx.actor_id = _account(tx, "newcomer")
        resident_actions.join(tx, tx.actor, tie="owner", home="水仙里1幢1单元0103")
        tx.actor_id = _account(tx, "resident")
        decision = tx.session.execute(text("SELECT max(id) FROM decision")).scalar_one()
        poll = int(tx.session.execute(text(VALUES["poll_id"])).scalar_one())
        head = tx.session.execute(text(f"SELECT head_key FROM membership WHERE account_id = {tx.actor}")).scalar_one()
        ballot = cast(tx, poll, head_key=head, choice=Choice.ABSTAIN, cast_by="林建国", level=1)
        tx.session.add(Dispute(council_id=jinxiu, poll_id=poll, ballot_id=ballot.id, account_id=tx.actor, at=tx.now))
        decision_actions.object_to(tx, decision, text="参加表决的面积算错了。")
        tx.actor_id = _account(tx, "committee")
        theirs = tx.session.execute(text(f"SELECT head_key FROM membership WHERE account_id = {tx.actor}")).scalar_one()
        principal = roll_queries.head(tx.session, jinxiu, theirs)
        assert principal is not None
        terms = proxy_actions.Terms("吴志燕", "", Subject(Scope.GENERAL), tx.now, tx.now + timedelta(days=90))
        proxy = proxy_actions.give(tx, principal, name=principal.name, terms=terms)
        proxy.holder_id = _account(tx, "owner")
        tx.actor_id = _account(tx, "resident")
        roll_dispute = dispute_actions.dispute(tx, text="面积不对。", head_key=head)
        tx.actor_id = _account(tx, "desk")
        passkey_actions.keep(tx, _account(tx, "resident"), "我的手机", Made("no-real-key", b"", 0))
        recovery_actions.start(tx, _account(tx, "neighbor"), "看过身份证，是本人")
        tx.actor_id = _account(tx, "recorder")
        newest = roll_queries.newest(tx.session, jinxiu)
        assert newest is not None
        dispute_actions.put(
            tx, kind="stays", base_id=newest.id, edits=(), reason="与登记簿相同。", dispute=roll_dispute
        )
        upload_actions.take(tx, Upload("roll.csv", (sample.HERE / "roll.csv").read_bytes()), None)
        tx.actor_id = _account(tx, "desk")
        slip_actions.print_slips(tx, b"a secret for the tests", place="")
        tx.actor_id = _account(tx, "recorder")
        meeting = int(tx.session.execute(text(VALUES["meeting_id"])).scalar_one())
        talk_actions.note_action_point(tx, meeting, text="接水管", assignee="物业", due_on=None)
        for code in ("new_device", "password_changed"):
            device_actions.tell(tx, _account(tx, "resident"), code)
        for who in sorted(PEOPLE, key=lambda one: one == "secretary"):
            if who != "anonymous":
                tokens[who] = people_actions.sign_in(tx, _account(tx, who), "tests")
        values = {name: str(tx.session.execute(text(query)).scalar_one()) for name, query in VALUES.items()}
        instead = {
            path: {name: str(tx.session.execute(text(query)).scalar_one()) for name, query in queries.items()}
            for path, queries in INSTEAD.items()
        }
    with db.writer.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    db.close()
    return World(folder, tokens, values, instead)


def _account(tx: Any, name: str) -> int:
    account = by_identifier(tx.session, name)
    assert account is not None
    return int(account.id)


def _member(council: Council, account_id: int, now: datetime) -> Membership:
    return Membership(
        council_id=council.id,
        account_id=account_id,
        tie="owner",
        home="1",
        state="verified",
        head_key="Y0001",
        level=2,
        asked_at=now,
    )


@contextmanager
def served(world: World, folder: Path) -> Iterator[Any]:
    """The app over a copy of the sample."""
    shutil.copy(world.folder / "council.db", folder / "council.db")
    url = f"sqlite:///{folder / 'council.db'}"
    settings = Settings(folder, url, b"a secret for the tests", demo=True, sms="console")
    made = create_app(settings, TravelClock(at=NOW), run_jobs=False)
    # Routes are the program's, not this app's: what a test lets through is held back again for the next one.
    acts = [owner for route in all_routes() if isinstance(owner := owner_of(route), Act)]
    rates = [one.rate for one in acts]
    yield made
    for one, rate in zip(acts, rates, strict=True):
        one.rate = rate
    made.state.site.db.close()


@pytest.fixture
def app(world: World, tmp_path: Path) -> Iterator[Any]:
    with served(world, tmp_path) as made:
        yield made


def address(route: Route, world: World, council: str = "jinxiu") -> str:
    values = {**world.values, **world.instead.get(route.path, {}), "council": council}
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: values[found.group(1)], route.path)


def expected(needs: Needs, who: str, *, in_council: bool) -> str:
    """What the declared need means for this person: "in", "sign-in", "404" or "403"; written anew, not by `Needs.check`."""
    if needs.level == "anyone":
        return "in"
    if who == "anonymous":
        return "sign-in"
    if needs.level == "person":
        return "in"
    if needs.level == "platform":
        return "in" if who == "admin" else "403"
    if in_council and who in ELSEWHERE:
        return "404"
    allowed = {
        "member": True,
        "verified": who in OWNERS | {"tenant", "leader"},
        "owner": who in OWNERS,
        "seat": bool(SEATS.get(who, set()) & needs.roles),
    }[needs.level]
    return "in" if allowed else "403"


def outcome(status: int, location: str) -> str:
    if status == 303 and location.startswith("/sign-in?next="):
        return "sign-in"
    return {404: "404", 403: "403"}.get(status, "in" if status in {200, 303, 409, 413, 422, 429} else str(status))


def signed_in(app: Any, who: str) -> Caller:
    """On a new device, since the route before may have ended the last sign-in."""
    if who == "anonymous":
        return Caller(app, None)
    with app.state.site.db.write(NOW) as tx:
        return Caller(app, people_actions.sign_in(tx, _account(tx, who), "tests"))


def call(caller: Caller, route: Route, path: str) -> tuple[int, str]:
    owner = owner_of(route)
    if isinstance(owner, Page):
        answer = caller.get(path)
        return answer.status, answer.location
    owner.rate = "100000/minute"
    answer = caller.post(path)
    return answer.status, answer.location


def rows(app: Any) -> dict[str, list[Any]]:
    """All that stands in the database but who read what, which a look alone writes (tests/house/test_readings.py)."""
    with app.state.site.db.read() as session:
        tables = [
            row[0] for row in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1"))
        ]
        return {name: list(session.execute(text(f'SELECT * FROM "{name}"'))) for name in tables if name != "reading"}
