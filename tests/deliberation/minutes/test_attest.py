import pytest

from deliberation.minutes import queries, waiting_queries
from deliberation.minutes.rules import Word
from tests.conftest import Town
from tests.deliberation.minutes.build import Built, drafted, put_up


def guest_presence(built: Built) -> int:
    with built.town.db.read() as session:
        return next(one.presence_id for one in queries.answers(session, built.row()) if one.account_id is None)


def test_who_was_there_confirms(town: Town) -> None:
    built = put_up(town)
    assert "纪要写得对吗" in town.as_("resident").get(built.at).text
    assert "纪要写得对吗" not in town.as_("neighbor").get(built.at).text
    assert built.say("resident").status == 303
    page = town.as_("resident").get(built.at)
    assert "您已确认这份会议纪要" in page.text
    assert "到会 3 人，已有 1 人回应" in page.text


def test_an_objection_stands_beside_its_paragraph(town: Town) -> None:
    built = put_up(town)
    built.say("owner", Word.OBJECTED, 8, "我说的是晚上的噪声。")
    html = town.as_("neighbor").get(built.at).html
    place = html.index("我说的是晚上的噪声。")
    assert html.index('id="p8"') < place < html.index('id="p9"')
    assert "郑志婷的异议" in html


def edited(built: Built, act: str, **fields: object) -> None:
    recorder = built.town.as_("recorder")
    recorder.follow(f"{built.at}/taking-back")
    recorder.follow(f"{built.at}/{act}", {"version": built.row().version, **fields})
    recorder.follow(f"{built.at}/putting-up")


def test_an_objection_goes_where_its_paragraph_goes(town: Town) -> None:
    built = put_up(town)
    number = next(one.position for one in built.paragraphs() if "我家在二楼" in one.text)
    built.say("owner", Word.OBJECTED, number, "我说的是晚上的噪声。")
    edited(built, "paragraphs", at=0, after=1, text="新的一段")
    before, after = "我家在二楼", built.paragraphs()[number + 1].text[:12]
    for page in (built.at, f"{built.at}/print"):
        html = town.as_("neighbor").get(page).html
        assert html.index(before) < html.index("我说的是晚上的噪声。") < html.index(after)
    edited(built, "paragraphs/moving", number=number + 1, to="up")
    html = town.as_("neighbor").get(built.at).html
    assert html.index(f'id="p{number}"') < html.index("我说的是晚上的噪声。") < html.index(f'id="p{number + 1}"')
    assert before in built.paragraphs()[number - 1].text


def test_an_objection_to_a_paragraph_that_was_deleted_is_listed_with_the_old_text(town: Town) -> None:
    built = put_up(town)
    number = next(one.position for one in built.paragraphs() if "我家在二楼" in one.text)
    gone = built.paragraphs()[number - 1].text
    built.say("owner", Word.OBJECTED, number, "我说的是晚上的噪声。")
    edited(built, "paragraphs/removing", number=number)
    recorder = town.as_("recorder")
    for page in (built.at, f"{built.at}/print", f"{built.at}/editing"):
        text = recorder.get(page).text
        assert "对已删去的段落" in text
        assert "我说的是晚上的噪声。" in text
        assert gone.split("：")[1] in text
    assert "对一段已删去的内容有异议" in town.as_("neighbor").get(built.at).text
    recorder.follow(f"{built.at}/taking-back")
    recorder.follow(f"{built.at}/removed/1/restoring", {"version": built.row().version})
    html = recorder.get(built.at).html
    assert "对已删去的段落" not in html
    assert html.index(f'id="p{number}"') < html.index("我说的是晚上的噪声。") < html.index(f'id="p{number + 1}"')
    assert built.paragraphs()[number - 1].text == gone


def test_a_word_may_be_changed_until_the_time_is_over(town: Town) -> None:
    built = put_up(town)
    built.say("owner", Word.OBJECTED, 8, "不对")
    built.say("owner")
    with town.db.read() as session:
        given = {one.name: one for one in queries.answers(session, built.row())}
    assert (given["郑志婷"].word, given["郑志婷"].number, given["郑志婷"].note) == ("confirmed", None, "")
    town.travel(days=3)
    late = built.say("owner", Word.OBJECTED, 8, "不对")
    assert late.status == 422
    assert "已经定稿" in late.text


def test_after_a_change_everybody_is_asked_again(town: Town) -> None:
    built = put_up(town)
    built.say("resident")
    recorder = town.as_("recorder")
    recorder.follow(f"{built.at}/taking-back")
    recorder.follow(f"{built.at}/paragraphs", {"version": 1, "at": 1, "text": "改一改"})
    town.travel(hours=5)
    recorder.follow(f"{built.at}/putting-up")
    page = town.as_("resident").get(built.at)
    assert "您回应以后，纪要又改过了" in page.text
    assert "回应的是旧稿" in page.text
    with town.db.read() as session:
        waits = waiting_queries.waiting_for(session, town.cast.council_id, town.cast.ids["resident"], town.now)
    assert [one.id for one in waits] == [built.id]
    stale = town.as_("resident").post(f"{built.at}/attestation", {"word": "confirmed", "version": 1})
    assert stale.status == 422
    assert "看的时候改过了" in stale.text


def test_taking_back_without_a_change_keeps_the_words(town: Town) -> None:
    built = put_up(town)
    built.say("resident")
    recorder = town.as_("recorder")
    recorder.follow(f"{built.at}/taking-back")
    recorder.follow(f"{built.at}/putting-up")
    assert "您已确认这份会议纪要" in town.as_("resident").get(built.at).text


def test_the_desk_enters_the_word_of_somebody_without_an_account(town: Town) -> None:
    built = put_up(town, guest="老周")
    presence = guest_presence(built)
    assert built.say("desk", Word.OBJECTED, 2, "时间不对", presence=presence).status == 303
    text = town.as_("resident").get(built.at).text
    assert "老周的异议" in text
    assert "由服务台甲在服务台代录" in text


def test_the_desk_speaks_for_nobody_who_has_an_account(town: Town) -> None:
    built = put_up(town, guest="老周")
    with town.db.read() as session:
        own = next(one for one in queries.answers(session, built.row()) if one.account_id == town.cast.ids["resident"])
    assert built.say("desk", presence=own.presence_id).status == 404
    assert built.say("resident", presence=guest_presence(built)).status == 403


@pytest.mark.parametrize(
    ("who", "fields", "sentence"),
    [
        ("neighbor", {"word": "confirmed"}, "只有签到参加这次会议的人"),
        ("owner", {"word": "objected", "position": 8, "note": ""}, "请填写这一项"),
        ("owner", {"word": "objected", "position": 500, "note": "不对的"}, "没有这一段"),
        ("owner", {"word": "objected", "position": "", "note": "不对的"}, "请填写这一项"),
        ("owner", {"word": "perhaps"}, "请从列出的选项"),
    ],
)
def test_a_word_that_does_not_fit_is_refused(town: Town, who: str, fields: dict[str, object], sentence: str) -> None:
    built = put_up(town)
    answer = town.as_(who).post(f"{built.at}/attestation", {"version": 1, **fields})
    assert answer.status == 422
    assert sentence in answer.text


def test_a_draft_takes_no_words(town: Town) -> None:
    assert drafted(town).say("resident").status == 404


def test_after_one_s_own_word_the_page_speaks_of_it_and_asks_no_more(town: Town) -> None:
    built = put_up(town)
    resident = town.as_("resident")
    assert "还没回应" in resident.get(built.at).text
    page = resident.follow(f"{built.at}/attestation", {"word": "confirmed", "version": 1})
    assert "您已确认这份会议纪要" in page.text
    assert "会议纪要已确认" not in page.text
    assert "纪要写得对吗" not in page.text


def test_an_objection_is_written_beside_its_paragraph(town: Town) -> None:
    built = put_up(town)
    owner = town.as_("owner")
    html = owner.get(built.at).html
    assert html.count("?object=") == len(built.paragraphs())
    assert "<select" not in html
    html = owner.get(f"{built.at}?object=8").html
    assert html.index('id="p8"') < html.index('name="note"') < html.index('id="p9"')
    fields = {"word": "objected", "version": 1, "position": 8, "note": ""}
    refused = owner.post(f"{built.at}/attestation", fields)
    assert refused.status == 422
    assert refused.html.index('id="p8"') < refused.html.index('name="note"') < refused.html.index('id="p9"')
    sent = owner.post(f"{built.at}/attestation", {**fields, "note": "我说的是晚上。"})
    assert sent.location.endswith("#p8")
    assert "?object=" not in town.as_("neighbor").get(built.at).html
