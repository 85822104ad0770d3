"""Whoever ends an item, a meeting or a stay ends what ran in it, and the journal says so."""

import pytest

from deliberation.meeting import floor_actions, queries, turns
from tests.conftest import Town
from tests.deliberation.council.build import verbs
from tests.deliberation.meeting import build
from tests.deliberation.meeting.build import Built


@pytest.fixture
def busy(town: Town) -> Built:
    """Somebody speaks, somebody waits, a straw poll runs; no item is on the floor."""
    built = build.opened(town)
    built.present("resident", "owner")
    built.ask("resident")
    built.give_floor()
    built.ask("owner")
    built.straw()
    return built


def running(town: Town, built: Built) -> tuple[bool, int, bool]:
    """(somebody speaks, how many wait, a straw poll runs)"""
    with town.db.read() as session:
        return (
            turns.running(session, built.id) is not None,
            len(turns.waiting(session, built.id)),
            queries.running_straw(session, built.id) is not None,
        )


def test_a_concluded_item_ends_its_speakers_and_its_straw_poll(town: Town) -> None:
    built = build.opened(town)
    built.present("resident", "owner")
    built.open_item()
    built.ask("resident")
    built.give_floor()
    built.ask("owner")
    built.straw()
    assert running(town, built) == (True, 1, True)
    built.conclude()
    assert running(town, built) == (False, 0, False)
    assert verbs(town)[-3:] == ["floor.taken", "straw.closed", "item.concluded"]


def test_the_next_item_ends_what_ran_between_the_items(town: Town, busy: Built) -> None:
    busy.open_item()
    assert running(town, busy) == (False, 0, False)
    assert verbs(town)[-3:] == ["floor.taken", "straw.closed", "item.opened"]


def test_a_closed_meeting_ends_everything(town: Town, busy: Built) -> None:
    with town.write("moderator") as tx:
        floor_actions.close_meeting(tx, busy.id)
    assert running(town, busy) == (False, 0, False)
    assert verbs(town)[-3:] == ["floor.taken", "straw.closed", "meeting.closed"]


def test_who_leaves_while_speaking_ends_their_turn(town: Town, busy: Built) -> None:
    with town.db.read() as session:
        speaker = turns.running(session, busy.id)
    assert speaker is not None
    town.as_("desk").follow(f"{busy.at}/presences/{speaker.presence_id}/leaving")
    assert running(town, busy) == (False, 1, True)
    assert verbs(town)[-2:] == ["floor.taken", "presence.left"]


def test_who_has_no_turn_withdraws_nothing_and_nothing_is_noted(town: Town, busy: Built) -> None:
    busy.present("tenant")
    before = verbs(town)
    town.as_("tenant").follow(f"{busy.at}/turns/withdrawing")
    assert verbs(town) == before
    town.as_("owner").follow(f"{busy.at}/turns/withdrawing")
    assert verbs(town)[len(before) :] == ["turn.withdrawn"]
