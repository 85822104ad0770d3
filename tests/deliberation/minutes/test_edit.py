import pytest

from tests.conftest import Town
from tests.deliberation.minutes.build import Built, drafted, put_up


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


def number_of(built: Built, text: str) -> int:
    return next(row.position for row in built.paragraphs() if text in row.text)


def test_a_paragraph_is_closed_with_one_control_and_opens_its_own_tools(town: Town) -> None:
    built = drafted(town)
    recorder = town.as_("recorder")
    html = recorder.get(f"{built.at}/editing").html
    assert html.count("?at=") == len(built.paragraphs()) - 1
    assert "/paragraphs/removing" not in html
    assert "/paragraphs/moving" not in html
    number = number_of(built, "我家在二楼")
    opened = recorder.get(f"{built.at}/editing?at={number}").html
    assert opened.count("/paragraphs/removing") == 1
    assert opened.count("/paragraphs/moving") == 2


@pytest.mark.parametrize("text", ["到会 3 人", "租户（1 人）", "最低到会人数", "议程第 1 项", "议程第 2 项", "校验码"])
def test_what_the_record_wrote_cannot_be_deleted(town: Town, text: str) -> None:
    built = drafted(town)
    number = number_of(built, text)
    recorder = town.as_("recorder")
    assert "/paragraphs/removing" not in recorder.get(f"{built.at}/editing?at={number}").html
    answer = recorder.post(f"{built.at}/paragraphs/removing", {"version": 1, "number": number})
    assert (answer.status, "不能删去" in answer.text) == (422, True)
    assert built.row().version == 1


def test_the_hash_of_the_journal_cannot_be_rewritten(town: Town) -> None:
    built = drafted(town)
    number = number_of(built, "校验码")
    recorder = town.as_("recorder")
    assert "textarea" not in recorder.get(f"{built.at}/editing?at={number}").html
    answer = recorder.post(f"{built.at}/paragraphs", {"version": 1, "at": number, "text": "校验码 0"})
    assert (answer.status, "用来核对日志，不能改" in answer.text) == (422, True)


def test_what_is_deleted_is_offered_back_where_it_stood_until_the_freeze(town: Town) -> None:
    built = drafted(town)
    before = [row.text for row in built.paragraphs()]
    number = number_of(built, "我家在二楼")
    recorder = town.as_("recorder")
    page = recorder.follow(f"{built.at}/paragraphs/removing", {"version": 1, "number": number})
    assert f"第 {number} 段已删去，定稿以前可以恢复" in page.text
    assert page.html.index(f'id="p{number - 1}"') < page.html.index('id="gone"') < page.html.index(f'id="p{number}"')
    assert "已删去的段落（1 段）" in recorder.get(f"{built.at}/editing").text
    stale = recorder.post(f"{built.at}/removed/1/restoring", {"version": 1})
    assert (stale.status, "已被别人改过" in stale.text) == (422, True)
    page = recorder.follow(f"{built.at}/removed/1/restoring", {"version": 2})
    assert "已恢复" in page.text
    assert "已删去的段落" not in page.text
    assert [row.text for row in built.paragraphs()] == before
    assert recorder.post(f"{built.at}/removed/1/restoring", {"version": 3}).status == 404
    recorder.follow(f"{built.at}/paragraphs/removing", {"version": 3, "number": number})
    built.put_up()
    refused = recorder.post(f"{built.at}/removed/1/restoring", {"version": 4})
    assert (refused.status, "请先收回" in refused.text) == (422, True)
    assert "已删去的段落" not in recorder.get(f"{built.at}/editing").text
    assert "我家在二楼" not in town.as_("owner").get(built.at).text
