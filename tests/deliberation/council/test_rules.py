from typing import Any

import pytest

from deliberation.council import rules
from votes.refusal import Refused


@pytest.mark.parametrize(("typed", "kept"), [("jinxiu", "jinxiu"), (" Jin-Xiu2 ", "jin-xiu2"), ("abc", "abc")])
def test_a_short_name_is_kept_in_small_letters(typed: str, kept: str) -> None:
    assert rules.slug(typed) == kept


@pytest.mark.parametrize("typed", ["", "ab", "2abc", "锦绣", "a b c", "abc-", "x" * 31, "a/../b"])
def test_a_short_name_fits_into_an_address(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.slug(typed)
    assert refused.value.code == "not_a_slug"


@pytest.mark.parametrize(("state", "code"), [("verified", "already_member"), ("waiting", "already_waiting")])
def test_nobody_asks_twice(state: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.check_join(state)
    assert refused.value.code == code


@pytest.mark.parametrize("state", [None, "refused", "ended"])
def test_after_a_refusal_or_a_move_one_may_ask_again(state: str | None) -> None:
    rules.check_join(state)


def confirm(**changed: object) -> None:
    facts: dict[str, object] = {
        "by": 1,
        "account_id": 2,
        "tie": "owner",
        "name": "谢玉志",
        "head_names": ["谢玉志"],
        "note": "",
    }
    rules.check_confirm(**{**facts, **changed})  # type: ignore[arg-type]


def test_an_owner_whom_the_roll_names_is_confirmed() -> None:
    confirm()
    confirm(name=" 谢 玉志")
    confirm(tie="tenant", head_names=None)
    confirm(name="林某", note="配偶，看过结婚证")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"account_id": 1}, "not_yourself"),
        ({"head_names": None}, "owner_needs_head"),
        ({"head_names": ["张建强"]}, "say_why_other_name"),
    ],
)
def test_an_owner_is_not_confirmed_otherwise(changed: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refused:
        confirm(**changed)
    assert refused.value.code == code


def new_link(**changed: object) -> None:
    facts: dict[str, object] = {
        "by": 1,
        "account_id": 2,
        "admin": False,
        "seats_here": frozenset(),
        "seats_elsewhere": False,
        "by_moderator": False,
    }
    rules.check_new_link(**{**facts, **changed})  # type: ignore[arg-type]


def test_the_desk_gives_residents_a_link_and_the_moderator_gives_those_who_do_not_work_here_one() -> None:
    new_link()
    new_link(seats_here={"committee"}, by_moderator=True)
    with pytest.raises(Refused, match="colleague_by_two"):
        new_link(seats_here={"desk"}, by_moderator=True, worked_here=True)


@pytest.mark.parametrize(
    "changed",
    [
        {"admin": True},
        {"seats_elsewhere": True},
        {"seats_elsewhere": True, "by_moderator": True},
        {"seats_here": {"desk"}},
        {"seats_here": {"moderator"}, "by_moderator": True},
    ],
)
def test_a_link_never_opens_more_power_than_its_giver_has(changed: dict[str, object]) -> None:
    with pytest.raises(Refused) as refused:
        new_link(**changed)
    assert refused.value.code == "link_not_yours_to_give"


def test_the_last_moderator_stays() -> None:
    rules.check_end_seat(role="moderator", moderators_left=1)
    rules.check_end_seat(role="desk", moderators_left=0)
    with pytest.raises(Refused) as refused:
        rules.check_end_seat(role="moderator", moderators_left=0)
    assert refused.value.code == "last_moderator"


@pytest.mark.parametrize(("one", "other"), [("101", "0101"), ("１０１", "101"), ("S01", "s01"), (" 0302", "302")])
def test_one_room_has_many_spellings(one: str, other: str) -> None:
    assert rules.same_room(one, other)


@pytest.mark.parametrize(("one", "other"), [("", ""), ("101", "1010"), ("S01", "01")])
def test_other_rooms_are_other_rooms(one: str, other: str) -> None:
    assert not rules.same_room(one, other)


@pytest.mark.parametrize(
    ("seats", "code"),
    [
        ([(1, "moderator"), (1, "recorder"), (1, "desk"), (2, "supervisor")], "one_person_does_all"),
        ([(1, "moderator"), (2, "committee"), (3, "supervisor")], "one_person_does_all"),
        ([(1, "moderator"), (2, "desk")], "nobody_watches"),
        ([(1, "moderator"), (2, "recorder"), (3, "supervisor")], None),
        ([(1, "moderator"), (2, "moderator"), (3, "supervisor")], None),
    ],
)
def test_a_vote_that_binds_is_run_by_two_and_watched_by_a_third(seats: list[tuple[int, str]], code: str | None) -> None:
    if code is None:
        rules.check_hands(seats)
        return
    with pytest.raises(Refused) as refused:
        rules.check_hands(seats)
    assert refused.value.code == code


def test_two_stand_behind_a_tie_by_what_both_saw_or_by_a_slip() -> None:
    assert [rules.known_by_two(level, None) for level in rules.Level] == [False, False, True, True]
    assert rules.known_by_two(rules.Level.CHECKED, 7)


def test_who_puts_a_tie_back() -> None:
    rules.check_put_back(by=1, account_id=9, ended_by=1, confirmed_by=1)
    rules.check_put_back(by=3, account_id=9, ended_by=1, confirmed_by=2)
    for by, code in ((2, "another_puts_back"), (9, "not_yourself")):
        with pytest.raises(Refused, match=code):
            rules.check_put_back(by=by, account_id=9, ended_by=1, confirmed_by=2)


def test_who_ends_a_tie() -> None:
    facts: dict[str, Any] = {"by": 1, "account_id": 9, "state": "verified", "ending_by": None, "by_two": True}
    assert rules.check_end_tie(**{**facts, "by_two": False})
    assert not rules.check_end_tie(**facts)
    assert rules.check_end_tie(**{**facts, "ending_by": 2})
    for changed, code in (
        ({"ending_by": 1}, "another_ends_tie"),
        ({"account_id": 1}, "not_yourself"),
        ({"state": "ended"}, "decided_already"),
    ):
        with pytest.raises(Refused, match=code):
            rules.check_end_tie(**{**facts, **changed})


def test_another_council_s_resident_is_let_in_by_the_desk_only_where_they_have_a_seat_or_a_home_here() -> None:
    rules.check_own_person(seated=True, state_here=None, tied_elsewhere=True)
    rules.check_own_person(seated=False, state_here="verified", tied_elsewhere=True)
    rules.check_own_person(seated=False, state_here=None, tied_elsewhere=False)
    for state in (None, "waiting", "ended"):
        with pytest.raises(Refused, match="belongs_elsewhere"):
            rules.check_own_person(seated=False, state_here=state, tied_elsewhere=True)
