from deliberation.people.actions import make_link
from tests.conftest import Town
from tests.deliberation.people.build import PASSWORD, invitation

BOTH = {"password": PASSWORD, "again": PASSWORD}


def test_whoever_holds_the_slip_chooses_a_password_and_is_signed_in(town: Town) -> None:
    browser, link = town.as_(None), f"/invitations/{invitation(town)}"
    assert "路人" in browser.get(link).text
    assert browser.post(link, BOTH).status == 303
    assert "路人" in browser.get("/account").text
    assert town.as_(None).post("/sign-in", {"identifier": "13700000001", "password": PASSWORD}).status == 303


def test_a_link_works_once(town: Town) -> None:
    link = f"/invitations/{invitation(town)}"
    town.as_(None).post(link, BOTH)
    for answer in (town.as_(None).get(link), town.as_(None).post(link, BOTH)):
        assert answer.status == 422
        assert "这个链接已经用过或过期了" in answer.text


def test_a_link_is_out_of_date_after_its_days(town: Town) -> None:
    link = f"/invitations/{invitation(town, days=7)}"
    town.travel(days=8)
    assert town.as_(None).get(link).status == 422
    assert town.as_(None).post(link, BOTH).status == 422


def test_a_guessed_link_and_one_for_another_purpose_open_nothing(town: Town) -> None:
    with town.write() as tx:
        setup = make_link(tx, "setup")
    for token in ("x" * 32, setup):
        assert town.as_(None).get(f"/invitations/{token}").status == 422


def test_faults_stand_at_their_fields_and_the_link_stays_good(town: Town) -> None:
    browser, link = town.as_(None), f"/invitations/{invitation(town)}"
    assert "密码至少 8 位" in browser.post(link, {"password": "short", "again": "short"}).text
    answer = browser.post(link, {"password": PASSWORD, "again": "another-one"})
    assert answer.status == 422
    assert "两次填写的密码不一样" in answer.text
    assert PASSWORD not in answer.html
    assert browser.post(link, BOTH).status == 303


def test_a_new_password_by_link_ends_earlier_sign_ins(town: Town) -> None:
    link = f"/invitations/{invitation(town, 'resident')}"
    assert town.as_("resident").get("/account").status == 200
    town.as_(None).post(link, BOTH)
    assert town.as_("resident").get("/account").status == 303
