"""Casting over HTTP: choose, read back, slip; one ballot for each head."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from deliberation.ballot import actions, queries
from deliberation.ballot.rules import Choice
from deliberation.ballot.tables import Ballot
from deliberation.council.tables import Membership
from tests.conftest import Town
from tests.deliberation.ballot import build
from votes.refusal import Refused


@pytest.fixture
def poll_id(town: Town) -> int:
    return build.opened(town)


def test_the_poll_page_says_what_is_asked_how_one_counts_and_leads_to_the_ballot(town: Town, poll_id: int) -> None:
    page = town.as_("resident").get(f"{build.PATH}/{poll_id}")
    assert "在三处架空层各装 12 个充电桩" in page.text
    assert "200.00 ㎡" in page.text
    assert "水仙里1幢1单元0101" in page.text
    assert f"{build.PATH}/{poll_id}/ballot" in page.html


def test_choosing_preselects_nothing(town: Town, poll_id: int) -> None:
    page = town.as_("resident").get(f"{build.PATH}/{poll_id}/ballot")
    assert page.status == 200
    assert page.html.count('type="radio"') == 3
    assert "checked" not in page.html


def test_a_ballot_is_read_back_then_cast_and_its_slip_kept(town: Town, poll_id: int) -> None:
    resident = town.as_("resident")
    check = resident.follow(f"{build.PATH}/{poll_id}/ballot/check", {"choice": "for"})
    assert check.status == 200
    assert "您对“架空层设充电桩”投 同意" in check.text
    assert "1 人、200.00 ㎡" in check.text
    assert build.ballots(town, poll_id) == []
    slip = resident.follow(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
    kept = build.ballots(town, poll_id)[0]
    assert (kept.head_key, kept.choice, kept.channel, kept.level, kept.cast_by) == ("Y01", "for", "online", 2, "谢玉志")
    assert kept.receipt[:4] in slip.text
    assert "您的表决票已记下" in slip.text


def test_every_step_of_casting_is_a_page_to_come_back_to_and_none_asks_to_send_a_form_again(
    town: Town, poll_id: int
) -> None:
    """The phone's back button asks again for what it shows: a form's answer would ask to be sent again (ERR_CACHE_MISS)."""
    resident = town.as_("resident")
    path = f"{build.PATH}/{poll_id}"
    read_back = resident.post(f"{path}/ballot/check", {"choice": "against"})
    assert read_back.status == 303
    assert "against" not in read_back.location
    slip = resident.post(f"{path}/casting", {"choice": "against"})
    assert (slip.status, slip.location) == (303, f"{path}/slip")
    for earlier in (read_back.location, f"{path}/ballot"):
        back = resident.get(earlier)
        assert back.status == 303
        page = resident.get(back.location).text
        assert "您已经投票" in page
        assert build.ballots(town, poll_id)[0].receipt[:4] in page
    again = resident.post(f"{path}/ballot/check", {"choice": "for"})
    assert (again.status, "您已经投票" in resident.get(again.location).text) == (303, True)


def test_the_read_back_of_another_person_or_poll_is_not_ones_own(town: Town, poll_id: int) -> None:
    read_back = town.as_("resident").post(f"{build.PATH}/{poll_id}/ballot/check", {"choice": "against"}).location
    for who, address in (("neighbor", read_back), ("resident", read_back[:-1]), ("resident", read_back.split("?")[0])):
        assert town.as_(who).get(address).location == f"{build.PATH}/{poll_id}/ballot", (who, address)


def test_a_choice_is_read_back_without_writing_anything(town: Town, poll_id: int) -> None:
    page = town.as_("resident").get(f"{build.PATH}/{poll_id}/ballot").html
    assert 'name="once"' not in page


def test_nothing_chosen_is_told_at_the_rows(town: Town, poll_id: int) -> None:
    answer = town.as_("resident").follow(f"{build.PATH}/{poll_id}/ballot/check", {})
    assert "请填写这一项" in answer.text
    assert answer.html.count('type="radio"') == 3


@pytest.mark.parametrize("choice", ["invalid", "FOR", "", "maybe"])
def test_no_other_choice_can_be_cast_online(town: Town, poll_id: int, choice: str) -> None:
    assert town.as_("resident").post(f"{build.PATH}/{poll_id}/casting", {"choice": choice}).status == 422
    assert build.ballots(town, poll_id) == []


def test_a_second_ballot_is_refused_and_shows_the_way_to_the_slip(town: Town, poll_id: int) -> None:
    resident = town.as_("resident")
    resident.follow(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
    answer = resident.post(f"{build.PATH}/{poll_id}/casting", {"choice": "against"})
    assert answer.status == 422
    assert "您名下房屋的表决票已经投出" in answer.text
    assert f"{build.PATH}/{poll_id}/slip" in answer.html
    assert resident.get(f"{build.PATH}/{poll_id}/ballot").location == f"{build.PATH}/{poll_id}/slip?again=1"
    assert [one.choice for one in build.ballots(town, poll_id)] == ["for"]


def test_the_same_form_sent_twice_casts_once_and_shows_the_slip_twice(town: Town, poll_id: int) -> None:
    resident = town.as_("resident")
    fields = {"choice": "for", "once": "one-showing"}
    first = resident.post(f"{build.PATH}/{poll_id}/casting", fields)
    again = resident.post(f"{build.PATH}/{poll_id}/casting", fields)
    assert (first.status, again.status) == (303, 303)
    assert len(build.ballots(town, poll_id)) == 1


def test_two_devices_in_the_same_instant_cast_one_ballot(town: Town, poll_id: int) -> None:
    callers = [town.as_("resident") for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda one: one.post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"}), callers))
    assert sorted(answer.status for answer in answers) == [303, 422]
    assert len(build.ballots(town, poll_id)) == 1


def test_the_database_itself_refuses_a_second_ballot_of_a_head(
    town: Town, poll_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    build.cast(town, poll_id, {"Y01": "for"})
    monkeypatch.setattr(queries, "slip_of_head", lambda *_: None)
    with pytest.raises(Refused) as refused, town.write("resident") as tx:
        actions.cast(tx, poll_id, head_key="Y01", choice=Choice.AGAINST, cast_by="谢玉志", level=2)
    assert refused.value.code == "already_cast"
    assert [one.choice for one in build.ballots(town, poll_id)] == ["for"]


def test_a_co_owner_learns_that_the_home_has_voted_and_neither_who_nor_what(town: Town, poll_id: int) -> None:
    with town.write("moderator") as tx:
        other = tx.session.exec(select(Membership).where(Membership.account_id == town.cast.ids["family"])).one()
        other.tie = "owner"
        tx.session.add(other)
    town.as_("resident").follow(f"{build.PATH}/{poll_id}/casting", {"choice": "against"})
    co_owner = town.as_("family")
    refused = co_owner.post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
    assert refused.status == 422
    slip = co_owner.get(f"{build.PATH}/{poll_id}/slip")
    receipt = build.ballots(town, poll_id)[0].receipt
    for page in (refused, slip):
        assert "您名下房屋的表决票已经投出" in page.text
        assert "谢玉志" not in page.text
        assert "反对" not in page.text
        assert receipt not in page.html


def test_where_the_roll_names_one_co_owner_another_cannot_cast(town: Town, poll_id: int) -> None:
    with pytest.raises(Refused) as refused, town.write("owner") as tx:
        actions.cast(tx, poll_id, head_key="Y04", choice=Choice.FOR, cast_by="郑某某", level=2)
    assert refused.value.code == "not_designated"
    assert town.as_("owner").post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"}).status == 303


def test_who_is_not_on_the_frozen_roll_is_told_so(town: Town, poll_id: int) -> None:
    with town.write("moderator") as tx:
        newcomer = tx.session.exec(select(Membership).where(Membership.account_id == town.cast.ids["owner7"])).one()
        newcomer.head_key = "Y99"
        tx.session.add(newcomer)
    owner = town.as_("owner7")
    assert "名册上没有这一户" in owner.get(f"{build.PATH}/{poll_id}/ballot").text
    assert owner.post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"}).status == 422
    assert "不在这次表决的名册上" in owner.get(f"{build.PATH}/{poll_id}").text


def test_only_owners_cast(town: Town, poll_id: int) -> None:
    expected = {
        "tenant": 403,
        "family": 403,
        "moderator": 403,
        "supervisor": 403,
        "stranger": 404,
        "other_resident": 404,
    }
    for who, status in expected.items():
        assert town.as_(who).post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"}).status == status, who
    assert town.as_(None).post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"}).location.startswith("/sign-in")
    assert build.ballots(town, poll_id) == []


def test_before_the_opening_and_from_the_close_on_no_ballot_is_taken(town: Town) -> None:
    poll_id = build.announced(town)
    with town.db.read() as session:
        poll = queries.poll(session, town.cast.council_id, poll_id)
    resident = town.as_("resident")
    moments = {
        poll.opens_at - timedelta(seconds=1): (422, "还没有到投票时间"),
        poll.closes_at: (422, "投票已经截止"),
        poll.closes_at - timedelta(seconds=1): (303, ""),
    }
    for moment, (status, sentence) in moments.items():
        town.clock.set(moment)
        answer = resident.post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
        assert answer.status == status, moment
        assert sentence in answer.text


def test_once_the_close_is_recorded_a_request_that_began_before_it_is_refused(town: Town, poll_id: int) -> None:
    with town.db.read() as session:
        poll = queries.poll(session, town.cast.council_id, poll_id)
    before = poll.closes_at - timedelta(seconds=1)
    town.clock.set(poll.closes_at)
    town.site.runner.run_once()
    with pytest.raises(Refused) as refused, town.db.write(before, actor_id=1, council_id=town.cast.council_id) as tx:
        actions.cast(tx, poll_id, head_key="Y01", choice=Choice.FOR, cast_by="谢玉志", level=2)
    assert refused.value.code == "poll_closed"


def test_ballots_form_one_chain_and_a_change_shows(town: Town, poll_id: int) -> None:
    build.cast(town, poll_id, {"Y01": "for", "Y02": "against", "Y03": "abstain"})
    chain = build.ballots(town, poll_id)
    assert [one.seq for one in chain] == [1, 2, 3]
    assert chain[1].prev == chain[0].hash
    with town.db.read() as session:
        assert queries.broken_at(session, poll_id) is None
    with town.write("moderator") as tx:
        forged = tx.session.get_one(Ballot, chain[1].id)
        forged.choice = "for"
        tx.session.add(forged)
    with town.db.read() as session:
        assert queries.broken_at(session, poll_id) == 2


def test_what_needs_my_ballot_is_listed_until_it_is_cast(town: Town, poll_id: int) -> None:
    def waiting(head_key: str | None) -> list[int]:
        with town.db.read() as session:
            return [one.id for one in queries.open_for(session, town.cast.council_id, head_key, town.now)]

    assert waiting("Y01") == [poll_id]
    assert waiting("Y99") == []
    assert waiting(None) == []
    build.cast(town, poll_id, {"Y01": "for"})
    assert waiting("Y01") == []
    build.close(town)
    assert waiting("Y02") == []
