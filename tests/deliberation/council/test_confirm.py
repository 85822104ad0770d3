import re
from collections.abc import Callable

import pytest

from deliberation.council.rules import level_after
from deliberation.council.tables import Membership
from deliberation.people.tables import Account
from tests.conftest import Town
from tests.deliberation.council.build import asked, membership, verbs

NOTED = {"tie": "owner", "head_key": "Y04", "note": "看过房产证，是共有人", "in_person": "1"}


@pytest.fixture
def waiting(town: Town) -> int:
    return asked(town)


def address(number: int, what: str = "") -> str:
    return f"/c/jinxiu/residents/{number}{what}"


def test_the_list_begins_with_who_waits(town: Town, waiting: int) -> None:
    page = town.as_("desk").get("/c/jinxiu/residents")
    assert "有 1 份申请等您确认" in page.text
    assert "路人" in page.text
    assert "谢玉志" not in page.text


@pytest.mark.parametrize("search", ["谢玉志", "1单元0101", "13800000007"])
def test_residents_are_found_by_name_home_and_phone(town: Town, search: str) -> None:
    page = town.as_("desk").get(f"/c/jinxiu/residents?state=verified&q={search}")
    assert "谢玉志" in page.text
    assert "吴志燕" not in page.text


def test_a_search_takes_signs_as_they_are(town: Town) -> None:
    assert "没有找到" in town.as_("desk").get("/c/jinxiu/residents?state=verified&q=%25").text
    assert town.as_("desk").get("/c/jinxiu/residents?state=everything").status == 404


def test_the_head_of_the_stated_room_is_suggested(town: Town, waiting: int) -> None:
    page = town.as_("desk").get(address(waiting))
    assert "房号相符" in page.text
    assert "郑志婷" in page.text
    assert "已有 1 个账号" in page.text
    assert "张建强" not in page.text


def test_a_fitting_room_and_name_is_chosen_beforehand(town: Town) -> None:
    with town.write("desk") as tx:
        tx.session.get_one(Account, town.cast.ids["stranger"]).name = "谢玉志"
    page = town.as_("desk").get(address(asked(town, home="水仙里1幢1单元101")))
    assert "房号和姓名都相符" in page.text
    assert 'value="Y01" checked' in page.html


def test_heads_are_searched_by_room_name_and_number(town: Town, waiting: int) -> None:
    for search in ("庄淑辉", "S01", "y08"):
        page = town.as_("desk").get(f"{address(waiting)}?head={search}")
        assert "红茶里商铺S01" in page.text
        assert "张建强" not in page.text
    assert "名册上没有相符的" in town.as_("desk").get(f"{address(waiting)}?head=九号楼").text


@pytest.mark.parametrize("who", ["moderator", "recorder", "desk"])
def test_staff_confirm_an_owner_who_then_has_a_ballot(town: Town, waiting: int, who: str) -> None:
    page = town.as_(who).follow(address(waiting, "/confirmation"), NOTED)
    assert "已确认这位居民" in page.text
    assert "再请一位工作人员当面核对证件，就能在手机上投" in page.text
    member = membership(town, "stranger")
    assert (member.state, member.head_key, member.level) == ("verified", "Y04", 1)
    assert member.seen_by == town.cast.ids[who]
    assert member.decided_by == town.cast.ids[who]
    counted = town.as_("stranger").get("/c/jinxiu/residents/me")
    assert "您计 1 人、120.00 ㎡" in counted.text
    assert "郑志婷" in counted.text
    assert verbs(town)[-1] == "resident.confirmed"


def test_papers_not_seen_in_person_make_the_lower_level(town: Town, waiting: int) -> None:
    for who in ("desk", "desk2"):
        town.as_(who).post(address(waiting, "/confirmation"), {**NOTED, "in_person": ""})
    assert membership(town, "stranger").level == 1


def test_a_check_in_person_takes_two_of_the_staff(town: Town, waiting: int) -> None:
    town.as_("desk").post(address(waiting, "/confirmation"), NOTED)
    town.as_("desk").post(address(waiting, "/confirmation"), NOTED)
    assert membership(town, "stranger").level == 1, "one alone, twice, is still one"
    page = town.as_("desk2").get(address(waiting))
    assert "服务台甲已当面核对过本人和证件" in page.text
    assert 'name="in_person" value="1" checked' not in page.html, "the second one ticks it knowingly"
    first = membership(town, "stranger")
    town.travel(days=1)
    town.as_("desk2").post(address(waiting, "/confirmation"), NOTED)
    member = membership(town, "stranger")
    assert member.level == 2
    assert (member.decided_by, member.decided_at) == (first.decided_by, first.decided_at), "the tie is as old as it was"
    assert "两位工作人员当面核对过证件" in town.as_("desk").get(address(waiting)).text


def test_that_one_saw_the_papers_is_said_anew_each_time_and_what_was_said_before_is_kept(
    town: Town, waiting: int
) -> None:
    ticked, noted = 'name="in_person" value="1" checked', {**NOTED, "in_person": "", "note": "门牌换过，还是这一户"}
    town.as_("desk").post(address(waiting, "/confirmation"), NOTED)
    page = town.as_("desk").get(address(waiting))
    assert ticked not in page.html
    assert "您核对过的仍然算数" in page.text
    town.as_("desk").post(address(waiting, "/confirmation"), noted)
    assert membership(town, "stranger").seen_by == town.cast.ids["desk"]
    town.as_("desk2").post(address(waiting, "/confirmation"), NOTED)
    for who in ("desk", "desk2", "moderator"):
        page = town.as_(who).get(address(waiting))
        assert ticked not in page.html
        assert "两位工作人员核对过的仍然算数" in page.text
        town.as_(who).post(address(waiting, "/confirmation"), noted)
    assert (membership(town, "stranger").level, membership(town, "stranger").note) == (2, noted["note"])
    town.as_("moderator").post(address(waiting, "/confirmation"), {**noted, "head_key": "Y05"})
    assert (membership(town, "stranger").level, membership(town, "stranger").seen_by) == (1, None)


def test_who_has_no_ballot_is_not_among_those_who_cast_it_on_paper_only(town: Town) -> None:
    with town.write("desk") as tx:
        for who in ("tenant", "family"):
            tx.session.merge(membership(town, who)).level = 1
    assert "只能投纸质票 0" in town.as_("desk").get("/c/jinxiu/residents").text


def test_the_desk_sees_who_votes_on_paper_only_and_what_lifts_it(town: Town, waiting: int) -> None:
    listed = "/c/jinxiu/residents?state=by_one"
    assert "只能投纸质票 0" in town.as_("desk").get(listed).text
    town.as_("desk").post(address(waiting, "/confirmation"), NOTED)
    assert "只能投纸质票 1" in town.as_("desk").get("/c/jinxiu/residents").text
    page = town.as_("desk2").get(listed)
    assert "再有一位工作人员当面核对本人和证件" in page.text
    assert f'href="{address(waiting)}"' in page.html
    assert "只能投纸质票" in town.as_("desk2").get("/c/jinxiu/residents?state=verified&q=路人").html.split("entries")[1]
    assert "没有待确认的申请" not in page.text, "that is another list"
    sends = {who: town.as_(who).get(address(waiting)).html.split("/confirmation")[1] for who in ("desk", "desk2")}
    assert "<span>确认</span>" in sends["desk2"].split("</form>")[0], "for the second one it is no mere change"
    assert "<span>保存</span>" in sends["desk"].split("</form>")[0]
    alone = town.as_("desk2").get(address(waiting)).text
    assert "目前只能投纸质票" in alone
    assert "已有 1 个账号" in alone, "the one who lived there already, not the person looked at"
    assert "已有 2 个账号" not in alone
    assert "服务台甲已当面核对过本人和证件" in alone
    answer = town.as_("desk2").follow(address(waiting, "/confirmation"), NOTED)
    assert "已确认这位居民，可以在手机上投票" in answer.text
    assert "只能投纸质票 0" in answer.text
    assert "目前只能投纸质票" not in town.as_("desk2").get(address(waiting)).text


def test_of_papers_nobody_has_seen_yet_the_desk_reads_that_two_have_to(town: Town, waiting: int) -> None:
    town.as_("desk").post(address(waiting, "/confirmation"), {**NOTED, "in_person": ""})
    page = town.as_("desk2").get(address(waiting)).text
    assert "目前只能投纸质票" in page
    assert "两位工作人员各自当面核对" in page


def test_another_head_needs_both_witnesses_anew(town: Town, waiting: int) -> None:
    for who in ("desk", "desk2"):
        town.as_(who).post(address(waiting, "/confirmation"), NOTED)
    town.as_("desk2").post(address(waiting, "/confirmation"), {**NOTED, "head_key": "Y05"})
    member = membership(town, "stranger")
    assert (member.level, member.seen_by) == (1, town.cast.ids["desk2"])


@pytest.mark.parametrize(
    ("before", "ticked", "after"),
    [
        ((0, None), True, (1, 7)),
        ((0, None), False, (1, None)),
        ((1, 7), True, (1, 7)),
        ((1, 8), True, (2, 8)),
        ((1, 8), False, (1, 8)),
        ((1, 7), False, (1, 7)),
        ((2, 8), True, (2, 8)),
        ((2, 8), False, (2, 8)),
        ((2, None), False, (2, None)),
        ((3, 8), True, (3, 8)),
    ],
)
def test_what_one_of_the_staff_adds_to_the_level(
    before: tuple[int, int | None], ticked: bool, after: tuple[int, int | None]
) -> None:
    assert level_after(*before, by=7, in_person=ticked) == after


@pytest.mark.parametrize("tie", ["tenant", "family"])
def test_of_who_owns_nothing_no_title_paper_is_asked(town: Town, tie: str) -> None:
    page = town.as_("desk").get(address(asked(town, tie=tie))).text
    assert "住在这里的凭证（如租赁合同）" in page
    assert "身份证和产权证明" not in page


def test_of_an_owner_the_title_paper_is_asked(town: Town, waiting: int) -> None:
    assert "已当面核对本人、身份证和产权证明" in town.as_("desk").get(address(waiting)).text


@pytest.mark.parametrize("tie", ["tenant", "family"])
def test_a_tenant_and_family_are_confirmed_without_a_ballot(town: Town, waiting: int, tie: str) -> None:
    town.as_("desk").post(address(waiting, "/confirmation"), {"tie": tie, "head_key": ""})
    page = town.as_("stranger").get("/c/jinxiu/residents/me")
    assert "您可以议事，表决票由业主投" in page.text


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"note": ""}, "姓名与名册上的不同"),
        ({"head_key": ""}, "要选定名册上的表决权人"),
        ({"head_key": "Y99"}, "名册上没有这一位"),
        ({"tie": "king"}, "请从列出的选项中选一项"),
        ({"note": "字" * 201}, "最多 200 个字"),
    ],
)
def test_a_confirmation_without_ground_is_refused(
    town: Town, waiting: int, changed: dict[str, str], sentence: str
) -> None:
    answer = town.as_("desk").post(address(waiting, "/confirmation"), {**NOTED, **changed})
    assert answer.status == 422
    assert sentence in answer.text
    assert membership(town, "stranger").state == "waiting"


def test_the_note_is_called_the_same_at_its_field_and_in_its_fault(town: Town, waiting: int) -> None:
    answer = town.as_("desk").post(address(waiting, "/confirmation"), {**NOTED, "note": ""})
    label = re.search(r'<label[^>]*for="f-note"[^>]*>\s*([^<\s]+)', answer.html)
    assert label
    assert f">{label[1]}：" in answer.html


def test_nobody_confirms_or_refuses_themselves(town: Town) -> None:
    number = asked(town, "desk")
    assert "这是您本人" in town.as_("desk").get(address(number)).text
    for what, form in (("/confirmation", NOTED), ("/refusal", {"reason": "不"})):
        answer = town.as_("desk").post(address(number, what), form)
        assert answer.status == 422
        assert "不能由本人确认自己" in answer.text
    assert town.as_("desk2").post(address(number, "/confirmation"), NOTED).status == 303


def test_a_refusal_carries_its_reason_to_the_person_who_may_ask_again(town: Town, waiting: int) -> None:
    page = town.as_("desk").follow(address(waiting, "/refusal"), {"reason": "房号与产权证不符"})
    assert "没有待确认的申请" in page.text
    mine = town.as_("stranger").get("/c/jinxiu/join")
    assert "您的申请没有确认" in mine.text
    assert "房号与产权证不符" in mine.text
    again = {"tie": "owner", "building": "红茶里2幢1单元", "room": "0101"}
    assert "您的申请已送到服务台" in town.as_("stranger").follow("/c/jinxiu/join", again).text


def test_a_refusal_needs_its_reason(town: Town, waiting: int) -> None:
    answer = town.as_("desk").post(address(waiting, "/refusal"), {"reason": " "})
    assert answer.status == 422
    assert membership(town, "stranger").state == "waiting"


def test_two_staff_deciding_at_once_decide_once(town: Town, waiting: int) -> None:
    assert town.as_("desk").post(address(waiting, "/refusal"), {"reason": "缺材料"}).status == 303
    answer = town.as_("desk2").post(address(waiting, "/refusal"), {"reason": "缺材料"})
    assert answer.status == 422
    assert "已有人处理" in answer.text


def test_who_moves_away_keeps_an_account_and_loses_the_ballot(town: Town) -> None:
    number = membership(town, "neighbor").id
    town.as_("moderator").follow(address(number, "/ending"), {"reason": "已出售"})
    assert town.as_("neighbor").get("/c/jinxiu/seats").status == 404
    assert "您的成员身份已结束" in town.as_("neighbor").get("/c/jinxiu/join").text
    assert verbs(town)[-1] == "resident.ended"
    assert town.as_("moderator").post(address(number, "/ending"), {"reason": "已出售"}).status == 422


@pytest.mark.parametrize("who", ["resident", "tenant", "supervisor", "property", "committee"])
def test_only_staff_see_and_decide(town: Town, waiting: int, who: str) -> None:
    for path in ("/c/jinxiu/residents", "/c/jinxiu/residents/new", address(waiting)):
        assert town.as_(who).get(path).status == 403
    for what in ("/confirmation", "/refusal", "/ending"):
        assert town.as_(who).post(address(waiting, what), NOTED).status == 403


@pytest.mark.parametrize("who", ["other_moderator", "stranger"])
def test_another_council_s_staff_find_nothing_here(town: Town, waiting: int, who: str) -> None:
    assert town.as_(who).get(address(waiting)).status == 404
    assert town.as_("other_moderator").get(f"/c/other/residents/{waiting}").status == 404
    elsewhere = town.as_("other_moderator").post(f"/c/other/residents/{waiting}/confirmation", NOTED)
    assert elsewhere.status == 404
    assert membership(town, "stranger").state == "waiting"


def changed_head(town: Town, who: str) -> Callable[[], str | None]:
    def read() -> str | None:
        with town.db.read() as session:
            return session.get_one(Membership, membership(town, who).id).head_key

    return read


def test_a_confirmed_owner_can_be_linked_to_another_head(town: Town) -> None:
    head = changed_head(town, "neighbor")
    assert head() == "Y03"
    number = membership(town, "neighbor").id
    assert 'value="Y03" checked' in town.as_("desk").get(address(number)).html
    town.as_("desk").post(address(number, "/confirmation"), NOTED)
    assert head() == "Y04"
