import pytest
from sqlmodel import select

from deliberation.council.queries import by_slug
from deliberation.council.tables import SeatChange
from deliberation.people.actions import make_link
from deliberation.people.tables import Account
from tests.conftest import Town
from tests.deliberation.council.build import PASSWORD, verbs
from tests.deliberation.council.test_platform import slip_address

FILLED = {
    "admin": "王管理",
    "phone": "13611112222",
    "password": PASSWORD,
    "again": PASSWORD,
    "name": "南苑邻里议事会",
    "compound": "南苑小区",
    "community": "南苑社区",
    "slug": "nanyuan",
}


@pytest.fixture
def address(town: Town) -> str:
    with town.write() as tx:
        return f"/setup/{make_link(tx, 'setup')}"


def test_one_page_makes_the_admin_and_the_first_council(town: Town, address: str) -> None:
    browser = town.as_(None)
    first = browser.get(address).text
    assert "设立第一个议事会" in first
    assert "最好请另一位当主持人" in first
    page = browser.follow(address, FILLED)
    assert "南苑邻里议事会" in page.text
    assert "议事会已设立" in page.text
    assert "共有 3 个议事会" in browser.get("/platform").text
    assert browser.get("/c/nanyuan/seats").status == 404


def test_the_branch_secretary_who_sets_it_up_may_moderate_it_at_once(town: Town, address: str) -> None:
    browser = town.as_(None)
    page = browser.follow(address, {**FILLED, "moderates": "1"})
    assert "王管理" in page.text
    assert "任命席位" in page.text
    with town.db.read() as session:
        council = by_slug(session, "nanyuan")
        assert council
    assert verbs(town, council.id) == ["council.made", "seat.appointed"]


def test_the_link_works_once(town: Town, address: str) -> None:
    town.as_(None).post(address, FILLED)
    assert "这个链接已经用过" in town.as_(None).get(address).text
    again = town.as_(None).post(address, {**FILLED, "phone": "13611113333", "slug": "second"})
    assert again.status == 422
    assert "共有 3 个议事会" in town.as_("admin").get("/platform").text


def test_an_admin_who_moderates_alone_finds_the_first_others(town: Town, address: str) -> None:
    """Nobody could agree yet: what they put forward as a moderator would wait for ever, so the platform seats the first at once."""
    browser = town.as_(None)
    browser.follow(address, {**FILLED, "moderates": "1"})
    with town.write() as tx:
        for account in tx.session.exec(select(Account).where(Account.id == town.cast.ids["admin"])):
            account.platform_admin = False
            tx.session.add(account)
    new = {"name": "新记录", "phone": "13611114444", "role": "recorder"}
    no = browser.post("/c/nanyuan/seats", new)
    assert no.status == 422
    assert "现在没有另一个人可以同意" in no.text
    assert 'value="新记录"' in no.html
    assert "/invitations/" in browser.post("/platform/councils/nanyuan", new).html
    assert "新记录" in browser.get("/c/nanyuan/seats").text


def test_an_admin_who_works_there_waits_for_a_second_once_there_is_one(town: Town, address: str) -> None:
    browser = town.as_(None)
    browser.follow(address, {**FILLED, "moderates": "1"})
    form = {"name": "新记录", "phone": "13611114444", "role": "recorder"}
    assert "等另一位同意后生效" in browser.follow("/platform/councils/nanyuan", form).text


def test_an_admin_who_works_there_takes_back_what_they_put_and_the_platform_then_gives_the_link(
    town: Town, address: str
) -> None:
    """Whoever was put forward has an account without a password; seated at once, they got no link and never came in."""
    browser = town.as_(None)
    browser.follow(address, {**FILLED, "moderates": "1"})
    new = {"name": "新记录", "phone": "13611114444", "role": "recorder"}
    browser.post("/c/nanyuan/seats", new)
    with town.db.read() as session:
        number = max(session.exec(select(SeatChange.id)).all())
    assert browser.post(f"/platform/councils/nanyuan/changes/{number}/refusal").status == 303
    with town.db.read() as session:
        assert session.get_one(SeatChange, number).state == "refused"
    slip = town.as_("admin").post("/platform/councils/nanyuan", new)
    guest = town.as_(None)
    guest.post(slip_address(slip.html), {"password": PASSWORD, "again": PASSWORD})
    assert guest.get("/c/nanyuan/residents").status == 200


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"admin": ""}, "请填写这一项"),
        ({"phone": "12345"}, "请填写 11 位手机号"),
        ({"phone": "13800000007"}, "不能用来新建账号"),
        ({"again": "another"}, "两次填写的密码不一样"),
        ({"slug": "南苑"}, "请用 3 到 30 个小写字母"),
        ({"slug": "jinxiu"}, "这个简称已有议事会在用"),
        ({"name": "议" * 61}, "最多 60 个字"),
    ],
)
def test_a_fault_keeps_the_form_and_makes_nothing(
    town: Town, address: str, changed: dict[str, str], sentence: str
) -> None:
    answer = town.as_(None).post(address, {**FILLED, **changed})
    assert answer.status == 422
    assert sentence in answer.text
    assert 'value="南苑小区"' in answer.html
    assert "共有 2 个议事会" in town.as_("admin").get("/platform").text
    assert town.as_(None).post("/sign-in", {"identifier": FILLED["phone"], "password": PASSWORD}).status == 422
    assert town.as_(None).get(address).status == 200
