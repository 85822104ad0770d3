"""Who may be the second person for a seat, and what shows whose account it is."""

from dataclasses import replace
from typing import Any

import pytest

from deliberation.council.seating import queries as seating_queries
from deliberation.council.seating import rules
from deliberation.council.seating.rules import Asked, Kind, Second
from deliberation.council.tables import Seat
from tests.conftest import Town
from votes.refusal import Refused


def sits(
    town: Town, role: str, by: str, *, confirmed_by: str = "", ended: bool = False, elsewhere: bool = False
) -> None:
    """The neighbor has this seat, or had it."""
    with town.write("admin", town.cast.other_council_id if elsewhere else None) as tx:
        tx.session.add(
            Seat(
                council_id=tx.council,
                account_id=town.cast.ids["neighbor"],
                role=role,
                since=tx.now,
                until=tx.now if ended else None,
                appointed_by=town.cast.ids[by],
                confirmed_by=town.cast.ids[confirmed_by] if confirmed_by else None,
            )
        )


@pytest.mark.parametrize(
    ("role", "by", "options", "counts"),
    [
        ("moderator", "desk", {}, True),
        ("recorder", "desk", {}, False),
        ("moderator", "admin", {}, False),
        ("moderator", "desk", {"confirmed_by": "desk2"}, False),
        ("moderator", "desk", {"ended": True}, False),
        ("moderator", "desk", {"elsewhere": True}, False),
    ],
)
def test_behind_a_moderator_stands_who_alone_seats_them_here(
    town: Town, role: str, by: str, options: dict[str, Any], counts: bool
) -> None:
    sits(town, role, by, **options)
    neighbor = town.cast.ids["neighbor"]
    with town.db.read() as session:
        behind = seating_queries.behind(session, town.cast.council_id, [neighbor])
    assert behind == {neighbor: {town.cast.ids[by]} if counts else set()}


@pytest.mark.parametrize(
    ("role", "by", "options", "counts"),
    [
        ("desk", "desk", {}, True),
        ("desk", "moderator", {}, False),
        ("desk", "moderator", {"confirmed_by": "supervisor"}, True),
        ("desk", "desk", {"ended": True}, False),
        ("property", "desk", {}, False),
    ],
)
def test_an_office_that_rests_on_whoever_appoints_shows_nothing(
    town: Town, role: str, by: str, options: dict[str, Any], counts: bool
) -> None:
    sits(town, role, by, **options)
    with town.db.read() as session:
        found = seating_queries.offices(session, town.cast.ids["neighbor"], given_by=town.cast.ids["moderator"])
    assert found == ({town.cast.council_id} if counts else set())


def test_rules_of_the_second_person() -> None:
    appointing, ending_it = Asked(Kind.APPOINTING, 2, 1), Asked(Kind.ENDING, 2, 1)
    behind = Asked(Kind.APPOINTING, 2, 1, frozenset({5}))
    rests_on_them, rests_on_another = by(3, (1, None)), by(3, (9, None))
    for asked, one, code in (
        (appointing, by(1, (9, None)), "another_agrees"),
        (appointing, by(2, (9, None)), "not_yourself"),
        (appointing, rests_on_them, "seat_rests_on_them"),
        (behind, by(3, (5, None)), "seat_rests_on_them"),
        (behind, by(5, (9, None)), "seat_rests_on_them"),
        (appointing, replace(rests_on_another, opened_by=1), "key_from_them"),
        (behind, replace(rests_on_another, opened_by=5), "key_from_them"),
    ):
        with pytest.raises(Refused, match=code):
            rules.check_agree(asked, [one])
    rules.check_agree(appointing, [by(3, (1, 4))])
    rules.check_agree(appointing, [by(3, (1, None), (9, None))])
    rules.check_agree(appointing, [rests_on_them, rests_on_another])
    rules.check_agree(appointing, [replace(rests_on_another, opened_by=2)])
    rules.check_agree(ending_it, [by(2, (9, None))])


def by(account_id: int, *sits: tuple[int | None, int | None]) -> Second:
    return Second(account_id, "", "supervisor", sits)


def test_whose_seat_it_would_be_may_say_no_to_it_but_not_to_its_end() -> None:
    rules.check_refuse(by=2, put_by=1, account_id=2, kind=Kind.APPOINTING, second=True)
    with pytest.raises(Refused, match="own_ending"):
        rules.check_refuse(by=2, put_by=1, account_id=2, kind=Kind.ENDING, second=True)


def test_by_what_others_have_shown_whose_account_it_is() -> None:
    nothing = {"works": False, "by_two": False}
    assert not rules.known(**nothing)
    assert all(rules.known(**{**nothing, one: True}) for one in nothing)


@pytest.mark.parametrize(
    ("facts", "new"),
    [
        ({"has_password": False, "opened_by": None, "known": True, "elsewhere": False}, True),
        ({"has_password": True, "opened_by": 1, "known": True, "elsewhere": False}, True),
        ({"has_password": True, "opened_by": None, "known": False, "elsewhere": False}, True),
        ({"has_password": True, "opened_by": 2, "known": True, "elsewhere": False}, False),
        ({"has_password": True, "opened_by": 1, "known": False, "elsewhere": True}, False),
    ],
)
def test_when_the_second_person_hands_over_a_new_link(facts: dict[str, bool], new: bool) -> None:
    assert rules.new_key(put_by=1, **facts) is new
