import pytest

from tests.conftest import Town
from tests.deliberation.minutes.build import drafted, put_up


def test_the_recorder_edits_one_paragraph_at_a_time(town: Town) -> None:
    built = drafted(town)
    recorder = town.as_("recorder")
    shown = recorder.get(f"{built.at}/editing?at=2")
    assert shown.html.count('name="text"') == 1
    page = recorder.follow(f"{built.at}/paragraphs", {"version": 1, "at": 2, "after": 0, "text": "时间改成晚上七点。"})
    assert "时间改成晚上七点。" in page.text
    assert built.row().version == 2


def test_paragraphs_are_added_moved_and_deleted_and_their_numbers_stay_whole(town: Town) -> None:
    built = drafted(town)
    before = [row.text for row in built.paragraphs()]
    recorder = town.as_("recorder")
    assert 'name="after" value="1"' in recorder.get(f"{built.at}/editing?after=1").html
    recorder.follow(f"{built.at}/paragraphs", {"version": 1, "at": 0, "after": 1, "text": "新的一段"})
    recorder.follow(f"{built.at}/paragraphs/moving", {"version": 2, "number": 2, "to": "up"})
    rows = built.paragraphs()
    assert [row.text for row in rows] == ["新的一段", *before]
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    recorder.follow(f"{built.at}/paragraphs/removing", {"version": 3, "number": 1})
    assert [row.text for row in built.paragraphs()] == before
    assert built.row().version == 4


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"version": 1, "at": 2, "text": ""}, "请填写这一项"),
        ({"version": 1, "at": 2, "text": "长" * 4001}, "最多 4000 个字"),
        ({"version": 7, "at": 2, "text": "我的改动"}, "已被别人改过"),
        ({"version": 1, "at": 500, "text": "我的改动"}, "没有这一段"),
    ],
)
def test_an_edit_that_does_not_fit_is_refused_and_kept(town: Town, fields: dict[str, object], sentence: str) -> None:
    built = drafted(town)
    answer = town.as_("recorder").post(f"{built.at}/paragraphs", fields)
    assert answer.status == 422
    assert sentence in answer.text
    if fields["at"] == 2 and fields["text"]:
        assert str(fields["text"]) in answer.html
    assert built.row().version == 1


def test_what_is_put_up_is_taken_back_first(town: Town) -> None:
    built = put_up(town)
    recorder = town.as_("recorder")
    refused = recorder.post(f"{built.at}/paragraphs", {"version": 1, "at": 1, "text": "改一改"})
    assert refused.status == 422
    assert "请先收回" in refused.text
    assert "已收回" in recorder.follow(f"{built.at}/taking-back").text
    recorder.follow(f"{built.at}/paragraphs", {"version": 1, "at": 1, "text": "改一改"})
    assert "正在更正" in town.as_("resident").get(built.at).text


@pytest.mark.parametrize("who", ["desk", "resident", "supervisor"])
def test_others_do_not_edit(town: Town, who: str) -> None:
    built = drafted(town)
    assert town.as_(who).get(f"{built.at}/editing").status == 403
    assert town.as_(who).post(f"{built.at}/paragraphs", {"version": 1, "at": 1, "text": "改"}).status == 403
    assert town.as_(who).post(f"{built.at}/putting-up").status == 403
