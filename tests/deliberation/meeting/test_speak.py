"""The list of speakers and the floor."""

import re
from datetime import timedelta

import pytest

from deliberation.meeting import board
from deliberation.meeting.board import Board
from tests.conftest import Town
from tests.deliberation.meeting import build
from tests.deliberation.meeting.build import Built


def now(town: Town, built: Built) -> Board:
    with town.db.read() as session:
        return board.read(session, town.cast.council_id, built.id, town.now)


def names(town: Town, built: Built) -> list[str]:
    return [place.name for place in now(town, built).queue]


@pytest.fixture
def built(town: Town) -> Built:
    found = build.opened(town)
    found.present("resident", "owner", "neighbor", "moderator")
    found.open_item()
    return found


def test_who_asks_sees_the_place_on_the_list(town: Town, built: Built) -> None:
    built.ask("owner")
    page = town.as_("resident").follow(f"{built.at}/turns")
    assert "您排在第 2 位" in page.text
    assert "不发言了" in page.text
    assert "我要发言" not in page.text
    assert names(town, built) == ["郑志婷", "谢玉志"]
    assert "下一位就是您" in town.as_("owner").get(f"{built.at}/live").text


def test_one_person_waits_once(town: Town, built: Built) -> None:
    built.ask("resident")
    answer = town.as_("resident").post(f"{built.at}/turns")
    assert (answer.status, "已经在发言名单里" in answer.text) == (422, True)
    assert names(town, built) == ["谢玉志"]


def test_who_has_not_signed_in_or_has_left_cannot_ask(town: Town, built: Built) -> None:
    answer = town.as_("tenant").post(f"{built.at}/turns")
    assert (answer.status, "请先签到" in answer.text) == (422, True)
    town.as_("resident").follow(f"{built.at}/leaving")
    assert town.as_("resident").post(f"{built.at}/turns").status == 422


def test_who_withdraws_is_off_the_list(town: Town, built: Built) -> None:
    built.ask("resident")
    page = town.as_("resident").follow(f"{built.at}/turns/withdrawing")
    assert "我要发言" in page.text
    assert names(town, built) == []


def test_the_floor_goes_to_the_next_and_ends_the_turn_before(town: Town, built: Built) -> None:
    turns = [built.ask(who) for who in ("resident", "owner")]
    console = town.as_("moderator")
    shown = console.get(f"{built.at}/console").html
    assert f'action="{built.at}/floor"' not in shown
    button = shown.index('data-key="n"')
    assert f'action="{built.at}/turns/{turns[0]}/starting"' in shown[shown.rindex("<form", 0, button) : button]
    page = console.follow(f"{built.at}/turns/{turns[0]}/starting")
    assert "下一位：郑志婷" in page.text
    first = now(town, built).speaker
    assert first is not None
    assert (first.name, first.ends_at) == ("谢玉志", town.now + timedelta(seconds=180))
    assert "请您发言" in town.as_("resident").get(f"{built.at}/live").text
    # A trembling thumb: the second post means the same person, who has the floor already.
    again = console.post(f"{built.at}/turns/{turns[0]}/starting")
    assert (again.status, "不在发言名单" in again.text) == (422, True)
    assert now(town, built).speaker == first
    console.follow(f"{built.at}/turns/{turns[1]}/starting")
    second = now(town, built).speaker
    assert second is not None
    assert second.name == "郑志婷"


def test_a_button_of_the_console_pressed_twice_does_it_once(town: Town, built: Built) -> None:
    built.ask("resident")
    built.give_floor()
    console = town.as_("moderator")
    html = console.get(f"{built.at}/console").html
    form = next(form for form in html.split("<form")[1:] if "/floor/extending" in form)
    once = re.search(r'name="once" value="([^"]+)"', form.split("</form>")[0])
    assert once is not None
    for _ in range(2):
        assert console.post(f"{built.at}/floor/extending", {"once": once.group(1)}).status == 303
    speaker = now(town, built).speaker
    assert speaker is not None
    assert speaker.seconds_allowed == 240


def test_the_floor_goes_to_a_chosen_one_and_not_to_one_who_is_gone(town: Town, built: Built) -> None:
    built.ask("resident")
    chosen = built.ask("owner")
    town.as_("moderator").follow(f"{built.at}/turns/{chosen}/starting")
    speaker = now(town, built).speaker
    assert speaker is not None
    assert speaker.name == "郑志婷"
    again = town.as_("moderator").post(f"{built.at}/turns/{chosen}/starting")
    assert (again.status, "不在发言名单" in again.text) == (422, True)
    assert town.as_("moderator").post(f"{built.at}/turns/999/starting").status == 404


def test_a_turn_is_stopped_by_the_moderator_or_by_the_speaker(town: Town, built: Built) -> None:
    built.ask("resident")
    built.ask("owner")
    built.give_floor()
    town.as_("moderator").follow(f"{built.at}/floor/stopping")
    assert now(town, built).speaker is None
    assert town.as_("moderator").post(f"{built.at}/floor/stopping").status == 422
    built.give_floor()
    town.as_("owner").follow(f"{built.at}/turns/withdrawing")
    assert now(town, built).speaker is None


def test_a_turn_is_extended_by_a_minute_up_to_half_an_hour(town: Town, built: Built) -> None:
    assert town.as_("moderator").post(f"{built.at}/floor/extending").status == 422
    built.ask("resident")
    built.give_floor()
    for _ in range(27):
        assert town.as_("moderator").post(f"{built.at}/floor/extending").status == 303
    speaker = now(town, built).speaker
    assert speaker is not None
    assert speaker.seconds_allowed == 1800
    answer = town.as_("moderator").post(f"{built.at}/floor/extending")
    assert (answer.status, "30 分钟" in answer.text) == (422, True)


def test_putting_first_changes_the_order_and_the_last_put_goes_before(town: Town, built: Built) -> None:
    turns = [built.ask(who) for who in ("resident", "owner", "neighbor")]
    for turn in turns[1:]:
        town.as_("moderator").follow(f"{built.at}/turns/{turn}/first")
    assert names(town, built) == ["吴志燕", "郑志婷", "谢玉志"]


def test_who_has_not_spoken_on_the_item_is_hinted_at(town: Town, built: Built) -> None:
    built.ask("resident")
    built.give_floor()
    built.stop()
    built.ask("resident")
    assert now(town, built).fairer is None
    newcomer = built.ask("owner")
    assert now(town, built).fairer == newcomer
    page = town.as_("moderator").get(f"{built.at}/console")
    assert "还没有发过言" in page.text
    assert "已发言 1 次" in page.text


def test_the_moderator_lists_somebody_without_a_phone_and_strikes_somebody(town: Town, built: Built) -> None:
    presence_id = now(town, built).here.people
    assert presence_id == 4
    presences = built.present("neighbor")
    town.as_("moderator").follow(f"{built.at}/presences/{presences['neighbor']}/turns")
    (place,) = now(town, built).queue
    assert place.name == "吴志燕"
    town.as_("moderator").follow(f"{built.at}/turns/{place.turn_id}/striking")
    assert names(town, built) == []


def test_an_item_that_is_concluded_clears_the_list_and_the_floor(town: Town, built: Built) -> None:
    built.ask("resident")
    built.give_floor()
    built.ask("owner")
    built.conclude()
    after = now(town, built)
    assert (after.speaker, after.queue) == (None, ())


@pytest.mark.parametrize("who", ["resident", "desk", "supervisor", "committee"])
@pytest.mark.parametrize(
    "verb", ["turns/1/starting", "floor/stopping", "floor/extending", "opening", "closing", "door-code"]
)
def test_only_moderator_and_recorder_steer(town: Town, built: Built, who: str, verb: str) -> None:
    assert town.as_(who).post(f"{built.at}/{verb}").status == 403


def test_another_council_s_moderator_finds_nothing(town: Town, built: Built) -> None:
    assert town.as_("other_moderator").post(f"{built.at}/turns/1/starting").status == 404
    assert town.as_("other_moderator").post(f"/c/other/meetings/{built.id}/turns/1/starting").status == 404
    assert town.as_("other_moderator").get(f"/c/other/meetings/{built.id}/console").status == 404
