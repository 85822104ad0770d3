"""Another council's meeting, poll and decision are one's own; what hangs on ours is not to be reached through them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import text
from starlette.routing import Route

from deliberation.db.engine import Tx
from tests.conftest import Caller
from tests.house.everyone import NOW, World, address, all_routes

PARENTS = ("meeting_id", "poll_id", "decision_id")
BEFORE_OPENING = {"moving", "removing"}
"""Acts on a meeting that must not have opened yet."""
FORM = {
    "reason": "说明理由，写够字数。",
    "conclusion": "none",
    "conclusion_text": "说明",
    "choice": "for",
    "way": "up",
    "slip_no": "9001",
    "room": "水仙里1幢1单元0101",
    "cast_by": "某人",
    "text": "写够十个字的一句话，不多不少。",
    "to": "up",
}
"""Good enough for any of these forms: what they refuse must be the number in the address alone."""


def crossing() -> list[Route]:
    """The routes that name something inside a meeting, a poll or a decision; a door's code is a secret, not a number."""
    return [
        route
        for route in all_routes()
        if (names := re.findall(r"\{(\w+)", route.path))[1:2]
        and names[1] in PARENTS
        and names[2:] not in ([], ["code"])
    ]


def copied(tx: Tx, table: str, source: int, **changes: object) -> int:
    """The same row once more for the other council."""
    columns = [row[1] for row in tx.session.execute(text(f"PRAGMA table_info({table})")) if row[1] != "id"]
    values = [f":{name}" if name in changes else name for name in columns]
    tx.session.execute(
        text(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table} WHERE id = {source}"),
        changes,
    )
    return int(tx.session.execute(text("SELECT last_insert_rowid()")).scalar_one())


@pytest.fixture
def parents(app: Any, world: World) -> dict[str, int]:
    with app.state.site.db.write(NOW) as tx:
        other = {"council_id": tx.session.execute(text("SELECT id FROM council WHERE slug = 'other'")).scalar_one()}
        poll = copied(tx, "poll", int(world.values["poll_id"]), **other)
        meeting = int(world.values["meeting_id"])
        decision = int(world.values["decision_id"])
        return {
            "meeting_id": copied(tx, "meeting", meeting, current_item_id=None, door_code="another", **other),
            "unopened": copied(tx, "meeting", meeting, current_item_id=None, opened_at=None, **other),
            "poll_id": poll,
            "decision_id": copied(tx, "decision", decision, poll_id=poll, **other),
        }


def through(route: Route, world: World, parents: dict[str, int]) -> str:
    name = re.findall(r"\{(\w+)", route.path)[1]
    own = parents["unopened" if route.path.rpartition("/")[2] in BEFORE_OPENING else name]
    return address(
        Route(re.sub(rf"\{{{name}[^}}]*\}}", str(own), route.path), route.endpoint, methods=["GET"]), world, "other"
    )


def test_there_are_such_routes() -> None:
    assert len(crossing()) >= 15


def test_what_is_ours_is_not_found_under_what_is_theirs(
    app: Any,
    world: World,
    parents: dict[str, int],
) -> None:
    """80: what hangs on a meeting, a poll or a decision."""
    caller = Caller(app, world.tokens["other_moderator"])
    found = []
    for route in crossing():
        path = through(route, world, parents)
        objection = world.values["objection_id"]
        form = {**FORM, f"done_{objection}": "explained", f"answer_{objection}": FORM["text"]}
        form[f"finding_{world.values['dispute_id']}"] = FORM["text"]
        form |= {"choice": "0"} if "/straws/" in path else {}
        answer = caller.get(path) if route.name.startswith("GET") else caller.post(path, form)
        if answer.status == 303 and answer.location.startswith("/c/other/"):
            answer = caller.get(answer.location)
        if answer.status != 404:
            found.append(f"{route.name}: {answer.status} {answer.text[:400]}")
    assert found == []
