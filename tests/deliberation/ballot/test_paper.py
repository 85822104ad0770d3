"""Paper ballots: two of the staff, two readings, one ballot."""

import pytest
from sqlmodel import col, select

from deliberation.ballot.tables import Ballot, PaperBallot
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
    fields = {"room": "1幢1单元0102", "choice": "against", **changes}
    return town.as_(who).post(f"{build.PATH}/{poll_id}/paper/{paper(town).id}", fields)


def paper(town: Town) -> PaperBallot:
    with town.db.read() as session:
        return session.exec(select(PaperBallot).order_by(col(PaperBallot.id).desc())).first() or pytest.fail("no paper")


def ballots(town: Town) -> list[Ballot]:
    with town.db.read() as session:
        return list(session.exec(select(Ballot).order_by(col(Ballot.seq))))


def journal(town: Town) -> list[str]:
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


@pytest.mark.parametrize("changes", [{"choice": "for"}, {"room": "0103"}])
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


def test_paper_of_a_household_that_voted_online_is_refused_and_logged(town: Town, poll_id: int) -> None:
    town.as_("committee").follow(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
    page = town.as_("desk").get(key_in(town, poll_id).location)
    assert "这张票不计入" in page.text
    assert [one.choice for one in ballots(town)] == ["for"]
    assert journal(town) == ["paper.refused"]


def test_an_online_ballot_between_the_two_readings_counts_and_the_paper_does_not(town: Town, poll_id: int) -> None:
    key_in(town, poll_id)
    town.as_("committee").follow(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
    assert "这张票不计入" in town.as_("desk2").get(key_in_again(town, poll_id).location).text
    assert [one.choice for one in ballots(town)] == ["for"]
    assert journal(town) == ["paper.keyed_in", "paper.refused"]


def test_an_owner_whose_paper_is_in_cannot_vote_online_as_well(town: Town, poll_id: int) -> None:
    key_in(town, poll_id)
    key_in_again(town, poll_id)
    assert town.as_("committee").post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"}).status == 422
    assert "服务台交的纸质票" in town.as_("committee").get(f"{build.PATH}/{poll_id}/slip").text


def test_an_invalid_paper_needs_no_signature(town: Town, poll_id: int) -> None:
    assert key_in(town, poll_id, choice="against", cast_by="").status == 422
    assert key_in(town, poll_id, choice="invalid", cast_by="").status == 303
    key_in_again(town, poll_id, choice="invalid")
    assert [one.choice for one in ballots(town)] == ["invalid"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"room": "9999"}, "名册上找不到这套房。请这样写：水仙里1幢1单元0101"),
        ({"room": "0101"}, "有几套房都对得上：水仙里1幢1单元0101、"),
        ({"room": ""}, "请填写这一项"),
        ({"slip_no": ""}, "请填写这一项"),
        ({"choice": "yes"}, "请从列出的选项中选一项"),
        ({"room": "水仙里1幢1单元0104", "cast_by": "别人"}, "由郑志婷投票"),
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


def test_only_staff_key_in_and_only_while_voting_is_open(town: Town, poll_id: int) -> None:
    for who, status in {"resident": 403, "supervisor": 403, "property": 403, "other_moderator": 404}.items():
        assert key_in(town, poll_id, who=who).status == status, who
    key_in(town, poll_id)
    build.close(town)
    assert key_in(town, poll_id, slip_no="b1").status == 422
    assert key_in_again(town, poll_id).status == 422
    assert ballots(town) == []
