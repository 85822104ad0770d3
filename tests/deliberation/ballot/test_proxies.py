"""Written proxies over HTTP (64): given, recorded by two, limited, taken back, used once, and published without names."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from deliberation.ballot import later_queries, queries
from deliberation.ballot.proxies import rules as proxy_rules
from deliberation.ballot.proxies.rules import Scope
from deliberation.ballot.tables import Ballot, Proxy
from deliberation.council.tables import Council, Membership
from deliberation.decision.actions import counted
from deliberation.i18n.catalog import words
from tests.conftest import Answer, Town
from tests.deliberation.ballot import build
from tests.deliberation.council.build import as_csv, replaced, table, verbs
from tests.deliberation.meeting import build as meetings

LIST = "/c/jinxiu/proxies"
NAMES = {
    "resident": ("谢玉志", "13800000007"),
    "neighbor": ("吴志燕", "13800000008"),
    "owner": ("郑志婷", "13800000009"),
    "tenant": ("租户甲", "13800000013"),
    "family": ("家属甲", "13800000014"),
}


def given(town: Town, who: str, to: str, scope: str = "general", **changes: str) -> Answer:
    name, phone = NAMES[to]
    form = {"holder_name": name, "holder_phone": phone, "scope": scope, "until": "2026-06-30", **changes}
    return build.signed_in(town, who).post(f"{LIST}/new", form)


def recorded(town: Town, who: str = "desk", **changes: str) -> Answer:
    form = {
        "room": "水仙里1幢1单元0201",
        "given_name": "王淑英",
        "holder_name": "老李",
        "scope": "general",
        "signed_on": "2026-03-01",
        "until": "2026-06-30",
        **changes,
    }
    return build.signed_in(town, who).post(f"{LIST}/desk", form)


def cast_by_proxy(town: Town, who: str, poll_id: int, proxy_id: int, choice: str = "for") -> Answer:
    return build.signed_in(town, who).post(f"{build.PATH}/{poll_id}/proxies/{proxy_id}/casting", {"choice": choice})


def cast_oneself(town: Town, who: str, poll_id: int, choice: str = "against") -> Answer:
    return build.signed_in(town, who).post(f"{build.PATH}/{poll_id}/casting", {"choice": choice})


def proxies(town: Town) -> list[Proxy]:
    with town.db.read() as session:
        return list(session.exec(select(Proxy).order_by(col(Proxy.id))))


def test_an_owner_names_somebody_who_then_casts_that_head_s_one_ballot(town: Town) -> None:
    poll_id = build.announced(town)
    page = given(town, "owner5", "tenant", f"poll:{poll_id}", until="")
    assert page.status == 303, page.text
    assert verbs(town)[-1] == "proxy.given"
    assert "您已委托租户甲在这次表决中代您投票" in build.signed_in(town, "owner5").get(f"{build.PATH}/{poll_id}").text
    town.travel(days=15, hours=1)
    tenant = build.signed_in(town, "tenant")
    assert "请代 1 位业主投票：架空层设充电桩" in tenant.get("/c/jinxiu").text
    poll = tenant.get(f"{build.PATH}/{poll_id}")
    assert "水仙里1幢1单元0201" in poll.text
    assert "100.00 ㎡" in poll.text
    at = f"{build.PATH}/{poll_id}/proxies/1"
    choosing = tenant.get(f"{at}/ballot")
    assert "您受书面委托" in choosing.text
    check = tenant.follow(f"{at}/ballot/check", {"choice": "against"})
    assert "您代水仙里1幢1单元0201的业主对“架空层设充电桩”投反对" in check.text.replace(" ", "")
    slip = tenant.follow(f"{at}/casting", {"choice": "against"})
    kept = build.ballots(town, poll_id)[0]
    assert (kept.head_key, kept.choice, kept.cast_by, kept.proxy_id) == ("Y05", "against", "租户甲", 1)
    assert kept.receipt[:4] in slip.text
    assert "位业主投票" not in tenant.get("/c/jinxiu").text
    assert "请把回执交给业主" in slip.text
    assert "租户甲 凭这一户的书面委托投的" in build.signed_in(town, "owner5").get(f"{build.PATH}/{poll_id}/slip").text


def test_a_ballot_cast_by_proxy_is_chained_with_its_proxy_and_counted_once(town: Town) -> None:
    poll_id = build.announced(town)
    given(town, "owner5", "tenant")
    town.travel(days=15, hours=1)
    cast_by_proxy(town, "tenant", poll_id, 1)
    build.cast(town, poll_id, {"Y01": "for"})
    with town.db.read() as session:
        assert queries.broken_at(session, poll_id) is None
        rows = queries.ballot_rows(session, poll_id)
        verdict = counted(session, queries.poll(session, town.cast.council_id, poll_id))
    assert [row[-2] for row in rows] == ["proxy_no", "1", ""]
    assert (verdict.totals.for_.heads, verdict.totals.for_.area) == (2, 30_000)
    town.travel(days=30)
    owner = build.signed_in(town, "owner")
    decided = owner.get(owner.get(f"{build.PATH}/{poll_id}/decision").location).text
    assert "其中凭书面委托 1 人、100.00 ㎡" in decided
    with town.write() as tx:
        tx.session.get_one(Ballot, 1).proxy_id = None
    with town.db.read() as session:
        assert queries.broken_at(session, poll_id) == 1


def test_a_named_co_owner_s_proxy_counts_though_the_roll_names_another_hand(town: Town) -> None:
    poll_id = build.announced(town)
    given(town, "owner", "neighbor")
    town.travel(days=15, hours=1)
    assert cast_by_proxy(town, "neighbor", poll_id, 1).status == 303
    with town.db.read() as session:
        verdict = counted(session, queries.poll(session, town.cast.council_id, poll_id))
    assert verdict.refused == ()
    assert verdict.totals.for_.area == 12_000


def test_where_the_roll_of_the_poll_names_another_owner_of_the_home_the_proxy_of_the_first_is_worth_nothing(
    town: Town,
) -> None:
    """Given before the co-owners named somebody else in writing."""
    assert given(town, "owner", "neighbor").status == 303
    rows = table()
    rows[4][9] = "郑志强"
    replaced(town, as_csv(rows))
    poll_id = build.opened(town)
    answer = cast_by_proxy(town, "neighbor", poll_id, 1)
    assert answer.status == 422
    assert "由郑志强投票" in answer.text
    assert build.ballots(town, poll_id) == []


def test_each_principal_is_cast_for_on_its_own_beside_one_s_own_ballot(town: Town) -> None:
    poll_id = build.announced(town)
    given(town, "owner5", "neighbor")
    given(town, "owner6", "neighbor")
    town.travel(days=15, hours=1)
    page = build.signed_in(town, "neighbor").get(f"{build.PATH}/{poll_id}")
    assert page.text.count("代这一户投票") == 2
    assert cast_by_proxy(town, "neighbor", poll_id, 1, "for").status == 303
    assert cast_by_proxy(town, "neighbor", poll_id, 2, "against").status == 303
    assert cast_oneself(town, "neighbor", poll_id, "abstain").status == 303
    assert [(one.head_key, one.choice, one.proxy_id) for one in build.ballots(town, poll_id)] == [
        ("Y05", "for", 1),
        ("Y06", "against", 2),
        ("Y03", "abstain", None),
    ]


def test_64_a_proxy_beyond_the_limit_is_refused_and_the_limit_is_the_council_s(town: Town) -> None:
    for who in ("owner5", "owner6", "owner7"):
        assert given(town, who, "neighbor").status == 303
    answer = given(town, "resident", "neighbor")
    assert answer.status == 422
    assert "一个人最多接受 3 位业主的委托" in answer.text
    with town.write("moderator") as tx:
        tx.session.get_one(Council, tx.council).proxy_limit = 4
    assert given(town, "resident", "neighbor").status == 303


def test_64_a_lower_limit_of_the_poll_holds_at_casting_for_those_who_signed_last(town: Town) -> None:
    for who in ("owner5", "owner6"):
        given(town, who, "neighbor")
    with town.write("moderator") as tx:
        tx.session.get_one(Council, tx.council).proxy_limit = 1
    poll_id = build.opened(town)
    assert cast_by_proxy(town, "neighbor", poll_id, 1).status == 303
    answer = cast_by_proxy(town, "neighbor", poll_id, 2)
    assert answer.status == 422
    assert "一个人最多接受 1 位业主的委托" in answer.text
    assert len(build.ballots(town, poll_id)) == 1


def test_64_an_owner_who_voted_in_person_takes_no_room_in_the_limit(town: Town) -> None:
    for who in ("owner5", "owner6"):
        given(town, who, "neighbor")
    with town.write("moderator") as tx:
        tx.session.get_one(Council, tx.council).proxy_limit = 1
    poll_id = build.opened(town)
    assert cast_oneself(town, "owner5", poll_id).status == 303
    assert cast_by_proxy(town, "neighbor", poll_id, 2).status == 303


def test_64_proxies_for_different_polls_do_not_add_up(town: Town) -> None:
    first, second = build.announced(town), build.announced(town, title="更换电梯", law_item=5)
    for who in ("owner5", "owner6", "owner7"):
        given(town, who, "neighbor", f"poll:{first}", until="")
    assert given(town, "resident", "neighbor", f"poll:{second}", until="").status == 303
    assert given(town, "committee", "neighbor", f"poll:{first}", until="").status == 422


def test_64_a_proxy_is_not_passed_on(town: Town) -> None:
    """王淑英 names 郑志婷, 郑志婷 names 吴志燕: 吴志燕 votes for 郑志婷 alone."""
    given(town, "owner5", "owner")
    given(town, "owner", "neighbor")
    poll_id = build.opened(town)
    assert cast_by_proxy(town, "neighbor", poll_id, 1).status == 404
    assert cast_by_proxy(town, "neighbor", poll_id, 2).status == 303
    assert cast_by_proxy(town, "owner", poll_id, 1).status == 303


@pytest.mark.parametrize("to", ["resident", "family"])
def test_64_nobody_is_their_own_proxy_nor_one_who_casts_that_ballot_anyway(town: Town, to: str) -> None:
    answer = given(town, "resident", to)
    assert answer.status == 422
    assert "本来就能投这张票" in answer.text
    assert proxies(town) == []


def test_64_who_has_voted_gives_no_proxy_for_that_poll_and_one_given_before_is_of_no_use(town: Town) -> None:
    poll_id = build.announced(town)
    given(town, "owner5", "neighbor", f"poll:{poll_id}", until="")
    town.travel(days=15, hours=1)
    cast_oneself(town, "owner5", poll_id)
    answer = cast_by_proxy(town, "neighbor", poll_id, 1)
    assert answer.status == 422
    assert "以业主自己的为准" in answer.text
    cast_oneself(town, "owner6", poll_id)
    assert "已经投出" in given(town, "owner6", "neighbor", f"poll:{poll_id}", until="").text
    assert len(build.ballots(town, poll_id)) == 2


def test_64_a_proxy_taken_back_while_voting_is_on_lets_nobody_vote(town: Town) -> None:
    poll_id = build.announced(town)
    given(town, "owner5", "neighbor")
    town.travel(days=15, hours=1)
    assert "已撤回" in build.signed_in(town, "owner5").follow(f"{LIST}/1/revocation").text
    assert verbs(town)[-1] == "proxy.revoked"
    answer = cast_by_proxy(town, "neighbor", poll_id, 1)
    assert answer.status == 422
    assert "撤回了这份委托" in answer.text
    assert cast_oneself(town, "owner5", poll_id).status == 303


def test_64_a_used_proxy_cannot_be_taken_back_and_its_ballot_stands(town: Town) -> None:
    poll_id = build.announced(town)
    given(town, "owner5", "neighbor", f"poll:{poll_id}", until="")
    town.travel(days=15, hours=1)
    cast_by_proxy(town, "neighbor", poll_id, 1)
    assert "不能撤回了" in build.signed_in(town, "owner5").post(f"{LIST}/1/revocation").text
    assert "已经投出" in cast_oneself(town, "owner5", poll_id).text
    again = cast_by_proxy(town, "neighbor", poll_id, 1, "against")
    assert again.status == 422
    assert "以业主自己的为准" not in again.text
    assert [one.choice for one in build.ballots(town, poll_id)] == ["for"]


def test_64_a_general_proxy_taken_back_after_one_poll_keeps_that_ballot_and_serves_no_other(town: Town) -> None:
    first, second = build.announced(town), build.announced(town, title="更换电梯", law_item=5)
    given(town, "owner5", "neighbor")
    town.travel(days=15, hours=1)
    cast_by_proxy(town, "neighbor", first, 1)
    build.signed_in(town, "owner5").follow(f"{LIST}/1/revocation")
    assert cast_by_proxy(town, "neighbor", second, 1).status == 422
    assert len(build.ballots(town, first)) == 1


def test_64_a_proxy_for_another_poll_or_out_of_time_is_of_no_use(town: Town) -> None:
    first, second = build.announced(town), build.announced(town, title="更换电梯", law_item=5)
    given(town, "owner5", "neighbor", f"poll:{first}", until="")
    given(town, "owner6", "neighbor", until="2026-03-10")
    town.travel(days=15, hours=1)
    assert "不是为这次表决写的" in cast_by_proxy(town, "neighbor", second, 1).text
    assert "已经过期" in cast_by_proxy(town, "neighbor", second, 2).text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"until": ""}, "请填写这一项"),
        ({"until": "2026-02-27"}, "截止日期请定在今天以后"),
        ({"until": "2027-06-30"}, "今天以后、一年以内"),
        ({"holder_phone": "13799999999"}, "没有找到用这个姓名和手机号的成员"),
        ({"holder_name": "别人"}, "没有找到用这个姓名和手机号的成员"),
        ({"scope": "poll:99"}, "请"),
    ],
)
def test_what_is_written_on_it_is_checked_and_the_form_kept(town: Town, changes: dict[str, str], sentence: str) -> None:
    answer = given(town, "owner5", "neighbor", **changes)
    assert answer.status == 422
    assert sentence in answer.text
    assert proxies(town) == []


def test_one_head_names_one_person_for_one_thing(town: Town) -> None:
    given(town, "owner5", "neighbor")
    assert "已经委托了人" in given(town, "owner5", "owner").text


def test_an_owner_whom_one_of_the_staff_confirmed_gives_no_online_proxy_and_is_told_the_ways(town: Town) -> None:
    build.confirmed_by_one(town, "owner5")
    page = town.as_("owner5").get(f"{LIST}/new")
    assert "还不能在网上委托" in page.text
    assert 'name="holder_name"' not in page.html
    assert 'href="/c/jinxiu/home-code"' in page.html
    refused = given(town, "owner5", "neighbor")
    assert refused.status == 422
    assert "还不能在网上委托" in refused.text


def test_what_they_gave_before_is_of_no_use_until_a_second_one_has_seen_them(town: Town) -> None:
    given(town, "owner5", "neighbor")
    build.confirmed_by_one(town, "owner5")
    poll_id = build.opened(town)
    answer = cast_by_proxy(town, "neighbor", poll_id, 1)
    assert answer.status == 422
    assert "只有一位工作人员核对过" in answer.text
    with town.write() as tx:
        tx.session.exec(select(Membership).where(Membership.account_id == town.cast.ids["owner5"])).one().level = 2
    assert cast_by_proxy(town, "neighbor", poll_id, 1).status == 303


def test_a_principal_who_left_takes_the_proxy_along(town: Town) -> None:
    given(town, "owner5", "neighbor")
    poll_id = build.opened(town)
    with town.write("moderator") as tx:
        tx.session.exec(
            select(Membership).where(Membership.account_id == town.cast.ids["owner5"])
        ).one().state = "ended"
    assert "不再是这一户的业主" in cast_by_proxy(town, "neighbor", poll_id, 1).text


def test_the_list_is_published_by_room_and_names_nobody(town: Town) -> None:
    given(town, "owner5", "neighbor")
    recorded(town, room="红茶里2幢1单元0101", given_name="黄文辉")
    build.signed_in(town, "desk2").follow(f"{LIST}/2/confirmation")
    page = town.as_("property").get(LIST)
    for told in ("水仙里1幢1单元0201", "水仙里1幢1单元0103", "红茶里2幢1单元0101", "没有写明住处"):
        assert told in page.text
    for name in ("王淑英", "吴志燕", "黄文辉", "老李", "13800000008"):
        assert name not in page.html
    mine = town.as_("owner5").get(LIST)
    assert "吴志燕" in mine.text


@pytest.mark.parametrize("who", ["tenant", "neighbor", "property"])
def test_nobody_else_takes_an_owner_s_proxy_back(town: Town, who: str) -> None:
    given(town, "owner5", "neighbor")
    assert town.as_(who).post(f"{LIST}/1/revocation").status == 404
    assert proxies(town)[0].state == "valid"


def test_a_meeting_may_be_what_it_is_for_and_that_serves_no_poll(town: Town) -> None:
    meetings.announced(town)
    with town.db.read() as session:
        [(number, title)] = later_queries.meetings_ahead(session, town.cast.council_id)
    form = town.as_("owner5").get(f"{LIST}/new").text
    assert title in form
    assert "不算业主到会" in form
    assert given(town, "owner5", "neighbor", f"meeting:{number}", until="").status == 303
    assert title in town.as_("property").get(LIST).text
    poll_id = build.announced(town)
    town.travel(days=15, hours=1)
    assert "不是为这次表决写的" in cast_by_proxy(town, "neighbor", poll_id, 1).text


def test_every_objection_of_the_counting_library_has_words_here() -> None:
    codes = {
        "proxy_limit",
        "proxy_scope",
        "proxy_revoked",
        "proxy_expired",
        "proxy_not_yet_signed",
        "no_proxy",
        "proxy_chain",
    }
    assert codes <= set(words()["refusal"])
    assert proxy_rules.Subject(Scope.GENERAL).label == ()
