"""Paper ballots: two of the staff, two readings, one ballot."""

import pytest
from sqlmodel import col, select

from deliberation.ballot.tables import Ballot, PaperBallot, PaperReading
from deliberation.db.tables import Event
from tests.conftest import Answer, Town
from tests.deliberation.ballot import build

FIRST = {"slip_no": "a7", "room": "水仙里1幢1单元0102", "choice": "against", "cast_by": "张建强"}


@pytest.fixture
def poll_id(town: Town) -> int:
    return build.opened(town)


def key_in(town: Town, poll_id: int, who: str = "desk", **changes: str) -> Answer:
    return town.as_(who).post(f"{build.PATH}/{poll_id}/paper", {**FIRST, **changes})


def key_in_again(town: Town, poll_id: int, who: str = "desk2", **changes: str) -> Answer:
    fields = {"room": "1幢1单元0102", "choice": "against", "cast_by": "张建强", **changes}
    return town.as_(who).post(f"{build.PATH}/{poll_id}/paper/{paper(town).id}", fields)


def paper(town: Town) -> PaperBallot:
    with town.db.read() as session:
        return session.exec(select(PaperBallot).order_by(col(PaperBallot.id).desc())).first() or pytest.fail("no paper")


def ballots(town: Town) -> list[Ballot]:
    with town.db.read() as session:
        return list(session.exec(select(Ballot).order_by(col(Ballot.seq))))


def journal(town: Town) -> list[str]:
    """What the journal tells of papers after the close; until then nothing, since a moment would tell whose ballot it is."""
    with town.db.read() as session:
        assert session.exec(select(Event).where(col(Event.verb).startswith("paper."))).all() == []
    build.close(town)
    with town.db.read() as session:
        events = session.exec(select(Event).where(col(Event.verb).startswith("paper."))).all()
    assert not any(word in event.facts for event in events for word in ("against", "abstain", "choice", "Y02"))
    return [event.verb for event in events]


def test_two_equal_readings_make_one_ballot_and_a_receipt_to_hand_out(town: Town, poll_id: int) -> None:
    assert key_in(town, poll_id).status == 303
    assert ballots(town) == []
    page = town.as_("desk2").get(key_in_again(town, poll_id).location)
    kept = ballots(town)[0]
    assert (kept.head_key, kept.choice, kept.channel, kept.account_id) == ("Y02", "against", "paper", None)
    assert kept.cast_by == "张建强"
    assert kept.receipt[:4] in page.text
    assert journal(town) == ["paper.keyed_in", "paper.taken"]


def test_the_second_reader_does_not_see_the_first_reading(town: Town, poll_id: int) -> None:
    key_in(town, poll_id)
    for page in (
        town.as_("desk2").get(f"{build.PATH}/{poll_id}/paper"),
        town.as_("desk2").get(f"{build.PATH}/{poll_id}/paper/{paper(town).id}"),
    ):
        assert "A7" in page.text
        assert "checked" not in page.html
        assert "张建强" not in page.text


def test_the_same_person_cannot_read_twice(town: Town, poll_id: int) -> None:
    key_in(town, poll_id)
    answer = key_in_again(town, poll_id, who="desk")
    assert answer.status == 422
    assert "同一个人不能录两遍" in answer.text
    assert ballots(town) == []


@pytest.mark.parametrize("changes", [{"choice": "for"}, {"room": "0103"}, {"cast_by": "张健强"}])
def test_different_readings_count_nothing_until_two_of_them_agree(
    town: Town, poll_id: int, changes: dict[str, str]
) -> None:
    key_in(town, poll_id)
    page = town.as_("desk2").get(key_in_again(town, poll_id, **changes).location)
    assert "两遍录入不一致" in page.text
    assert "两遍不一致" in town.as_("desk").get(f"{build.PATH}/{poll_id}/paper").text
    assert ballots(town) == []
    key_in(town, poll_id, who="desk2")
    key_in_again(town, poll_id, who="recorder")
    assert [one.choice for one in ballots(town)] == ["against"]
    assert journal(town) == ["paper.keyed_in", "paper.differs", "paper.keyed_in", "paper.taken"]


def test_a_room_typed_wrongly_by_one_clerk_costs_nobody_the_ballot(town: Town, poll_id: int) -> None:
    """The clerk keys the room of a household that has voted: that is said first, settles nothing, and can be put right."""
    town.as_("resident").follow(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
    wrong = {"room": "水仙里1幢1单元0101"}
    asked = key_in(town, poll_id, **wrong)
    assert asked.status == 422
    assert "这一户的表决票已经投出" in asked.text
    assert "纸上确实这样写" in asked.text
    assert key_in(town, poll_id, **wrong, finding="already_cast").status == 303
    assert paper(town).state == "waiting"
    corrected = f"{build.PATH}/{poll_id}/paper/{paper(town).id}/correction"
    assert "已更正" in town.as_("desk").follow(corrected, FIRST).text
    key_in_again(town, poll_id)
    assert [(one.head_key, one.choice) for one in ballots(town)] == [("Y01", "for"), ("Y02", "against")]
    assert journal(town) == ["paper.keyed_in", "paper.corrected", "paper.taken"]
    with town.db.read() as session:
        kept = session.exec(select(PaperReading).order_by(col(PaperReading.id))).all()
    assert [(one.kind, one.room) for one in kept] == [
        ("first", wrong["room"]),
        ("corrected", FIRST["room"]),
        ("second", "1幢1单元0102"),
    ]


def test_a_paper_that_came_too_late_is_left_out_only_by_two_equal_readings(town: Town, poll_id: int) -> None:
    town.as_("committee").follow(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
    key_in(town, poll_id, finding="already_cast")
    assert key_in_again(town, poll_id).status == 422
    page = town.as_("desk2").get(key_in_again(town, poll_id, finding="already_cast").location)
    assert "这张票不计入" in page.text
    assert "先到的有效" in page.text
    assert [one.choice for one in ballots(town)] == ["for"]
    assert "已经录完两遍" in key_in(town, poll_id).text
    assert journal(town) == ["paper.keyed_in", "paper.not_counted"]


def test_a_finding_that_the_second_reader_does_not_share_settles_nothing(town: Town, poll_id: int) -> None:
    town.as_("resident").follow(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
    key_in(town, poll_id, room="水仙里1幢1单元0101", finding="already_cast")
    page = town.as_("desk2").get(key_in_again(town, poll_id).location)
    assert "录得不一样的是：房屋" in page.text
    assert paper(town).state == "conflict"


def test_an_online_ballot_between_the_two_readings_counts_and_the_paper_does_not(town: Town, poll_id: int) -> None:
    key_in(town, poll_id)
    town.as_("committee").follow(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
    assert key_in_again(town, poll_id).status == 422
    assert "这张票不计入" in town.as_("desk2").get(key_in_again(town, poll_id, finding="already_cast").location).text
    assert [one.choice for one in ballots(town)] == ["for"]
    assert journal(town) == ["paper.keyed_in", "paper.not_counted"]


@pytest.mark.parametrize(
    ("changes", "finding", "asked", "told"),
    [
        ({"room": "9幢9999"}, "unknown_room", "名册上没有“9幢9999”", "名册上没有票上写的这套房"),
        (
            {"room": "水仙里1幢1单元0104", "cast_by": "别人"},
            "not_designated",
            "由郑志婷投票",
            "不是名册上指定投票的共有人",
        ),
    ],
)
def test_what_is_wrong_with_a_paper_is_shown_first_and_settled_by_the_second(
    town: Town, poll_id: int, changes: dict[str, str], finding: str, asked: str, told: str
) -> None:
    assert asked in key_in(town, poll_id, **changes).text
    assert key_in(town, poll_id, **changes, finding="already_cast").status == 422
    assert key_in(town, poll_id, **changes, finding=finding).status == 303
    page = town.as_("desk2").get(key_in_again(town, poll_id, **changes, finding=finding).location)
    assert told in page.text
    assert ballots(town) == []
    build.close(town)
    result = build.signed_in(town, "resident").get(f"{build.PATH}/{poll_id}/decision").location
    for who, listed in (("resident", False), ("desk", True), ("supervisor", True)):
        text = build.signed_in(town, who).get(result).text
        assert told in text
        assert "（1 张）" in text
        assert ("票号 A7" in text) is listed


def test_a_keying_is_taken_back_with_a_reason_and_its_number_keyed_in_anew(town: Town, poll_id: int) -> None:
    key_in(town, poll_id)
    path = f"{build.PATH}/{poll_id}/paper/{paper(town).id}/withdrawal"
    assert town.as_("desk2").post(path, {"reason": "拿错了"}).status == 422
    assert town.as_("desk").post(path, {"reason": ""}).status == 422
    assert "录入已撤回" in town.as_("desk").follow(path, {"reason": "拿错了"}).text
    assert key_in_again(town, poll_id).status == 422
    assert key_in(town, poll_id, who="desk2").status == 303
    key_in_again(town, poll_id, who="desk")
    assert journal(town) == ["paper.keyed_in", "paper.withdrawn", "paper.keyed_in", "paper.taken"]


def test_nobody_corrects_the_keying_of_another_nor_a_settled_one(town: Town, poll_id: int) -> None:
    key_in(town, poll_id)
    path = f"{build.PATH}/{poll_id}/paper/{paper(town).id}/correction"
    assert "只有录过这张票的人" in town.as_("desk2").post(path, FIRST).text
    assert town.as_("resident").post(path, FIRST).status == 403
    key_in_again(town, poll_id)
    assert town.as_("desk").post(path, {**FIRST, "choice": "for"}).status == 422
    assert [one.choice for one in ballots(town)] == ["against"]


def test_a_correction_to_a_number_that_is_taken_is_refused(town: Town, poll_id: int) -> None:
    key_in(town, poll_id)
    key_in(town, poll_id, slip_no="200", room="0103", cast_by="吴志燕")
    path = f"{build.PATH}/{poll_id}/paper/{paper(town).id}/correction"
    assert town.as_("desk").post(path, FIRST).status == 422
    assert paper(town).slip_no == "0200"


def test_numbered_ballots_are_printed_two_to_a_page_with_all_that_a_paper_needs(town: Town, poll_id: int) -> None:
    desk = town.as_("desk")
    key_in(town, poll_id, slip_no="199")
    assert 'name="first" value="200"' in desk.get(f"{build.PATH}/{poll_id}/paper").html
    sheet = desk.get(f"{build.PATH}/{poll_id}/paper/blank?count=3&first=0200")
    assert sheet.status == 200
    assert [number for number in ("0199", "0200", "0201", "0202", "0203") if number in sheet.text] == [
        "0200",
        "0201",
        "0202",
    ]
    for word in ("架空层设充电桩", "同意", "反对", "弃权", "无效票", "楼栋房号", "签名", "日期"):
        assert sheet.text.count(word) >= 3, word
    assert desk.get(f"{build.PATH}/{poll_id}/paper/blank?count=9999&first=x").html.count("paper-number") == 200
    assert town.as_("resident").get(f"{build.PATH}/{poll_id}/paper/blank").status == 403


def test_an_owner_whose_paper_is_in_cannot_vote_online_as_well(town: Town, poll_id: int) -> None:
    key_in(town, poll_id)
    key_in_again(town, poll_id)
    assert town.as_("committee").post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"}).status == 422
    page = town.as_("committee").get(f"{build.PATH}/{poll_id}/slip")
    for shown in ("服务台交的纸质票", "票号 A7", "签名人 张建强", "我没有投过这张票"):
        assert shown in page.text
    assert "反对" not in page.text
    assert ballots(town)[0].receipt not in page.html


def test_an_invalid_paper_needs_no_signature(town: Town, poll_id: int) -> None:
    assert key_in(town, poll_id, choice="against", cast_by="").status == 422
    assert key_in(town, poll_id, choice="invalid", cast_by="").status == 303
    key_in_again(town, poll_id, choice="invalid")
    assert [one.choice for one in ballots(town)] == ["invalid"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"room": "0101"}, "有几套房都对得上：水仙里1幢1单元0101、"),
        ({"room": ""}, "请填写这一项"),
        ({"slip_no": ""}, "请填写这一项"),
        ({"choice": "yes"}, "请从列出的选项中选一项"),
    ],
)
def test_a_faulty_reading_is_refused_with_what_was_typed(
    town: Town, poll_id: int, changes: dict[str, str], sentence: str
) -> None:
    answer = key_in(town, poll_id, **changes)
    assert answer.status == 422
    assert sentence in answer.text
    assert "A7" not in answer.text


@pytest.mark.parametrize(
    "room",
    [
        "水仙里1幢1单元0102",
        "水仙里1幢0102",
        "1幢0102",
        "1栋102室",
        "水仙里1幢1单元102",
        "１幢 １单元 ０１０２",
        "1幢-1单元-102",
    ],
)
def test_a_home_is_found_as_people_write_it(town: Town, poll_id: int, room: str) -> None:
    assert key_in(town, poll_id, room=room).status == 303
    assert paper(town).head_key == "Y02"


def test_the_form_shows_how_a_home_is_written_and_lists_them(town: Town, poll_id: int) -> None:
    page = town.as_("desk").get(f"{build.PATH}/{poll_id}/paper")
    assert "如 水仙里1幢1单元0101" in page.text
    assert '<option value="水仙里1幢1单元0102">' in page.html


def test_a_slip_number_is_used_once(town: Town, poll_id: int) -> None:
    key_in(town, poll_id)
    answer = key_in(town, poll_id, slip_no="Ａ７", room="0103", cast_by="吴志燕")
    assert answer.status == 422
    assert "这个票号已经录过" in answer.text
    key_in(town, poll_id, slip_no="200", room="0103", cast_by="吴志燕")
    assert "这个票号已经录过" in key_in(town, poll_id, slip_no="0200", room="0103", cast_by="吴志燕").text


def test_only_staff_key_in_and_only_while_voting_is_open(town: Town, poll_id: int) -> None:
    for who, status in {"resident": 403, "supervisor": 403, "property": 403, "other_moderator": 404}.items():
        assert key_in(town, poll_id, who=who).status == status, who
    key_in(town, poll_id)
    build.close(town)
    assert key_in(town, poll_id, slip_no="b1").status == 422
    assert key_in_again(town, poll_id).status == 422
    assert ballots(town) == []
