"""What each kind of route asks of who asks."""

import pytest

from deliberation.council.actions import change_settings
from deliberation.council.queries import resolve
from deliberation.web.viewer import (
    ANYONE,
    MEMBER,
    OWNER,
    PERSON,
    PLATFORM,
    VERIFIED,
    Needs,
    NotAllowed,
    NotHere,
    Person,
    SeatRests,
    SecondStepFirst,
    SignInFirst,
    Viewer,
    seat,
)
from tests.conftest import Town

SOMEBODY = Person(1, "某人", 1)
NOBODY = Viewer()
STRANGER = Viewer(SOMEBODY)
TENANT = Viewer(SOMEBODY, tie="tenant")
OWNS = Viewer(SOMEBODY, tie="owner", head_key="Y01")
DESK = Viewer(SOMEBODY, roles=frozenset({"desk"}))
ADMIN = Viewer(Person(1, "某人", 1, platform_admin=True))
EVERYBODY = {
    "nobody": NOBODY,
    "stranger": STRANGER,
    "tenant": TENANT,
    "owner": OWNS,
    "desk": DESK,
    "admin": ADMIN,
}


@pytest.mark.parametrize(
    ("needs", "may"),
    [
        (ANYONE, {"nobody", "stranger", "tenant", "owner", "desk", "admin"}),
        (PERSON, {"stranger", "tenant", "owner", "desk", "admin"}),
        (MEMBER, {"tenant", "owner", "desk"}),
        (VERIFIED, {"tenant", "owner"}),
        (OWNER, {"owner"}),
        (seat("desk", "moderator"), {"desk"}),
        (seat("moderator"), set()),
        (PLATFORM, {"admin"}),
    ],
)
def test_who_may(needs: Needs, may: set[str]) -> None:
    passed = set()
    for name, viewer in EVERYBODY.items():
        try:
            needs.check(viewer)
        except (SignInFirst, NotHere, NotAllowed):
            continue
        passed.add(name)
    assert passed == may


def test_who_is_not_signed_in_is_asked_to_and_a_stranger_learns_nothing() -> None:
    with pytest.raises(SignInFirst):
        MEMBER.check(NOBODY)
    with pytest.raises(NotHere):
        seat("desk").check(STRANGER)
    with pytest.raises(NotAllowed):
        seat("desk").check(TENANT)
    with pytest.raises(NotAllowed):
        PLATFORM.check(STRANGER)


RESTS = frozenset({"desk"})
NEWCOMER = Viewer(SOMEBODY, resting=RESTS)
NEWCOMER_AT_HOME = Viewer(SOMEBODY, tie="tenant", resting=RESTS)
MODERATES_AND_RESTS = Viewer(SOMEBODY, roles=frozenset({"moderator"}), resting=RESTS)
WITHHELD = Viewer(SOMEBODY, withheld=RESTS)
WITHHELD_AT_HOME = Viewer(SOMEBODY, tie="tenant", withheld=RESTS)
RESTS_AND_WITHHELD = Viewer(SOMEBODY, withheld=frozenset({"moderator"}), resting=RESTS)


@pytest.mark.parametrize(
    ("needs", "viewer", "answer"),
    [
        (MEMBER, NEWCOMER, SeatRests),
        (VERIFIED, NEWCOMER, SeatRests),
        (seat("desk"), NEWCOMER, SeatRests),
        (seat("moderator"), NEWCOMER, NotHere),
        (MEMBER, NEWCOMER_AT_HOME, None),
        (seat("desk"), NEWCOMER_AT_HOME, SeatRests),
        (seat("desk", "moderator"), NEWCOMER_AT_HOME, SeatRests),
        (seat("moderator"), NEWCOMER_AT_HOME, NotAllowed),
        (OWNER, NEWCOMER_AT_HOME, NotAllowed),
        (MEMBER, MODERATES_AND_RESTS, None),
        (seat("moderator"), MODERATES_AND_RESTS, None),
        (seat("desk", "moderator"), MODERATES_AND_RESTS, None),
        (seat("desk"), MODERATES_AND_RESTS, SeatRests),
        (seat("recorder"), MODERATES_AND_RESTS, NotAllowed),
        (VERIFIED, MODERATES_AND_RESTS, NotAllowed),
        (PERSON, NEWCOMER, None),
        (PLATFORM, NEWCOMER, NotAllowed),
        (MEMBER, WITHHELD, SecondStepFirst),
        (seat("desk"), WITHHELD_AT_HOME, SecondStepFirst),
        (seat("recorder"), WITHHELD_AT_HOME, NotAllowed),
        (MEMBER, WITHHELD_AT_HOME, None),
        (seat("desk"), RESTS_AND_WITHHELD, SeatRests),
        (seat("moderator"), RESTS_AND_WITHHELD, SecondStepFirst),
    ],
)
def test_a_seat_that_rests_or_waits_for_a_second_step_is_told_where_it_is_asked_for_and_nowhere_else(
    needs: Needs, viewer: Viewer, answer: type[Exception] | None
) -> None:
    told: type[Exception] | None = None
    try:
        needs.check(viewer)
    except (NotAllowed, NotHere) as refused:
        told = type(refused)
    assert told is answer


def test_who_asks_is_found_with_as_many_questions_for_staff_as_for_residents(town: Town) -> None:
    def asked(who: str) -> int:
        with town.asking() as seen, town.db.read() as session:
            viewer = resolve(session, town.cast.tokens[who], "jinxiu", town.now)
        assert viewer.member
        return len(seen)

    with town.write("moderator") as tx:
        change_settings(tx, {"staff_second_step": True})
    assert asked("desk") == asked("resident") <= 5
