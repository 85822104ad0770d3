"""Each act on seats, residents, links, settings and the roll leaves one entry, in order."""

from deliberation.council.actions import appoint, change_settings, end_seat, new_link
from deliberation.council.residents import actions as residents
from deliberation.council.roll import upload_actions as uploads
from deliberation.web.forms import Upload
from tests.conftest import Town
from tests.deliberation.council.build import asked, verbs


def test_seats_settings_and_links(town: Town) -> None:
    before = len(verbs(town))
    with town.write("moderator") as tx:
        end_seat(tx, appoint(tx, town.cast.ids["owner"], "committee"))
        change_settings(tx, {"seconds_needed": 7})
        change_settings(tx, {"seconds_needed": 7})
        new_link(tx, town.cast.ids["resident"], by_moderator=True)
    assert verbs(town)[before:] == [
        "seat.appointed",
        "seat.ended",
        "council.settings_changed",
        "account.link_given",
    ]


def test_a_resident_asks_is_refused_asks_again_is_confirmed_and_moves_away(town: Town) -> None:
    before = len(verbs(town))
    member = asked(town)
    with town.write("moderator") as tx:
        residents.refuse(tx, member, "没有找到。")
    asked(town)
    with town.write("moderator") as tx:
        residents.confirm(tx, member, tie="family", head=None, in_person=True, note="")
        residents.end(tx, member, "搬走了。")
    assert verbs(town)[before:] == [
        "resident.asked",
        "resident.refused",
        "resident.asked",
        "resident.confirmed",
        "resident.ended",
    ]


def test_a_roll_that_is_handed_in_read_again_and_dropped(town: Town) -> None:
    before = len(verbs(town))
    with town.write("moderator") as tx:
        first = uploads.take(tx, Upload("roll.csv", b"x"), None)
        uploads.again(tx, first)
        uploads.throw_away(tx, first.id)
        uploads.expire(tx, uploads.take(tx, Upload("roll.csv", b"x"), None).id)
    assert verbs(town)[before:] == [
        "roll.upload_taken",
        "roll.upload_read_again",
        "roll.upload_thrown_away",
        "roll.upload_taken",
        "roll.upload_expired",
    ]
