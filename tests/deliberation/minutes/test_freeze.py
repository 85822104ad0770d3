import hashlib
import json

import pytest

from deliberation.minutes import queries
from deliberation.minutes.rules import State, Word
from tests.conftest import Town
from tests.deliberation.minutes.build import put_up


def test_minutes_freeze_by_themselves_when_the_time_is_over(town: Town) -> None:
    built = put_up(town)
    built.say("resident")
    town.travel(days=2, hours=23)
    assert built.state() is State.PUT_UP
    town.travel(hours=1)
    assert built.state() is State.FROZEN
    page = town.as_("resident").get(built.at)
    assert "已定稿：1 人确认，0 人异议，2 人没有回应" in page.text
    assert "还没回应" not in page.text


def test_the_recorder_freezes_once_everybody_has_answered(town: Town) -> None:
    built = put_up(town)
    refused = town.as_("recorder").post(f"{built.at}/freezing")
    assert refused.status == 422
    assert "还有 3 位到会人没有回应" in refused.text
    built.all_confirm()
    assert "已定稿" in town.as_("recorder").follow(f"{built.at}/freezing").text


def test_the_file_has_the_printed_hash_and_carries_objections(town: Town) -> None:
    built = put_up(town)
    built.say("owner", Word.OBJECTED, 8, "我说的是晚上的噪声。")
    town.travel(days=3)
    minutes = built.row()
    answer = town.as_("neighbor").get(f"{built.at}/record.json")
    body = answer.response.content
    assert hashlib.sha256(body).hexdigest() == minutes.sha256
    content = json.loads(body)
    assert content["serial_no"] == "2026-01"
    words = {one["name"]: (one["word"], one["paragraph"]) for one in content["present"]}
    assert words == {"谢玉志": (None, None), "郑志婷": ("objected", 8), "租户甲": (None, None)}
    assert minutes.sha256[:4] in town.as_("neighbor").get(built.at).html


def test_the_file_carries_objections_to_an_older_text_and_to_what_was_deleted(town: Town) -> None:
    built = put_up(town)
    number = next(one.position for one in built.paragraphs() if "我家在二楼" in one.text)
    gone = built.paragraphs()[number - 1].text
    built.say("owner", Word.OBJECTED, number, "我说的是晚上的噪声。")
    built.say("resident", Word.OBJECTED, 1, "会名不对")
    recorder = town.as_("recorder")
    recorder.follow(f"{built.at}/taking-back")
    recorder.follow(f"{built.at}/paragraphs/removing", {"version": 1, "number": number})
    recorder.follow(f"{built.at}/paragraphs", {"version": 2, "at": 0, "after": 1, "text": "新的一段"})
    recorder.follow(f"{built.at}/paragraphs/moving", {"version": 3, "number": 2, "to": "up"})
    recorder.follow(f"{built.at}/putting-up")
    town.travel(days=3)
    body = town.as_("neighbor").get(f"{built.at}/record.json").response.content
    assert hashlib.sha256(body).hexdigest() == built.row().sha256
    content = json.loads(body)
    assert content["format"] == "deliberation-minutes-2"
    told = {one["name"]: (one["paragraph"], one["deleted_text"], one["note"]) for one in content["objections"]}
    assert told == {"郑志婷": (None, gone, "我说的是晚上的噪声。"), "谢玉志": (2, None, "会名不对")}
    assert {one["version"] for one in content["objections"]} == {1}
    with town.write("moderator") as tx:
        word = queries.attestation(tx.session, built.id, built.presence("owner"))
        assert word is not None
        word.note = "没有意见"
        tx.session.add(word)
    assert "与校验码不符" in town.as_("resident").get(built.at).text


def test_what_was_frozen_in_the_first_format_still_fits_its_hash(town: Town) -> None:
    built = put_up(town)
    with town.write("recorder") as tx:
        row = queries.minutes(tx.session, town.cast.council_id, built.id)
        row.record_format = 1
        tx.session.add(row)
    built.say("owner", Word.OBJECTED, 8, "我说的是晚上的噪声。")
    town.travel(days=3)
    content = json.loads(town.as_("neighbor").get(f"{built.at}/record.json").response.content)
    assert content["format"] == "deliberation-minutes-1"
    assert "objections" not in content
    assert [one["paragraph"] for one in content["present"]] == [None, 8, None]


def test_a_change_behind_the_back_shows(town: Town) -> None:
    built = put_up(town)
    town.travel(days=3)
    assert "定稿以来没有改动" in town.as_("resident").get(built.at).text
    with town.write("moderator") as tx:
        row = queries.paragraphs(tx.session, built.id)[2]
        row.text = "假的"
        tx.session.add(row)
    assert "与校验码不符" in town.as_("resident").get(built.at).text


@pytest.mark.parametrize("act", ["putting-up", "taking-back", "freezing"])
def test_nothing_moves_after_that(town: Town, act: str) -> None:
    built = put_up(town)
    town.travel(days=3)
    answer = town.as_("recorder").post(f"{built.at}/{act}")
    assert answer.status == 422
    assert "已经定稿" in answer.text
    edit = town.as_("recorder").post(f"{built.at}/paragraphs", {"version": 1, "at": 1, "text": "改"})
    assert "已经定稿" in edit.text


def test_there_is_no_file_before_that(town: Town) -> None:
    answer = town.as_("resident").get(f"{put_up(town).at}/record.json")
    assert answer.status == 422
    assert "定稿以后才有" in answer.text


@pytest.mark.parametrize("place", ["", "/print", "/record.json", "/pdf"])
def test_minutes_stay_inside_the_council(town: Town, place: str) -> None:
    built = put_up(town)
    assert town.as_("stranger").get(built.at + place).status == 404
    assert town.as_("other_moderator").get(f"/c/other/minutes/{built.id}{place}").status == 404
    assert town.as_(None).get(built.at + place).status == 303
