"""Whoever handed out the link of a new owner's account uses it before the owner does, while two honest colleagues see the owner's
papers. The second of them asks for the number on the owner's own phone: without the account there is none."""

import re

import pytest

from deliberation.council.residents import rules
from deliberation.council.residents.queries import by_two
from deliberation.web.limits import Limiter
from tests.conftest import Answer, Caller, Town
from tests.deliberation.council.build import membership
from tests.deliberation.people.build import with_password

C = "/c/jinxiu"
NEW = {"password": "a-long-password", "again": "a-long-password"}
OTHER = {"password": "quite-another", "again": "quite-another"}


def link_for(town: Town, who: str = "owner7", by: str = "moderator") -> str:
    found = re.search(r"/invitations/[\w-]{20,}", town.as_(by).post(f"{C}/people/{town.cast.ids[who]}/link").html)
    assert found
    return found[0]


def opened(town: Town, link: str, password: dict[str, str] = NEW) -> Caller:
    browser = town.as_(None)
    assert browser.post(link, password).status == 303
    return browser


def number_on(phone: Caller) -> str:
    found = re.search(r"\b(\d{3}) (\d{3})\b", phone.get(f"{C}/residents/me").text)
    assert found
    return "".join(found.groups())


def confirmed(town: Town, by: str, number: str = "", **changes: str) -> Answer:
    form = {"tie": "owner", "head_key": "Y07", "in_person": "1", "number": number, **changes}
    return town.as_(by).post(f"{C}/residents/{membership(town, 'owner7').id}/confirmation", form)


def votes_online(town: Town) -> bool:
    with town.db.read() as session:
        return by_two(session, town.cast.council_id, town.cast.ids["owner7"])


def test_two_who_saw_the_papers_do_not_stand_behind_an_account_that_the_owner_cannot_open(town: Town) -> None:
    opened(town, link_for(town))
    assert confirmed(town, "desk").status == 303
    page = town.as_("desk2").get(f"{C}/residents/{membership(town, 'owner7').id}")
    assert 'name="number"' in page.html
    answer = confirmed(town, "desk2")
    assert answer.status == 422
    assert "本人手机上的六位数字" in answer.text
    assert re.search(r'name="in_person"[^>]* checked', answer.html), "what was filled in stays"
    assert not votes_online(town)
    assert 'name="number"' not in town.as_("desk").get(f"{C}/residents/{membership(town, 'owner7').id}").html
    wrong = confirmed(town, "desk2", "000000")
    assert wrong.status == 422
    assert "数字不对。请看着本人的手机" in wrong.text
    assert not votes_online(town)


def test_the_owner_who_opened_it_shows_the_number_and_votes_online(town: Town) -> None:
    owner = opened(town, link_for(town))
    assert confirmed(town, "desk").status == 303
    number = number_on(owner)
    assert confirmed(town, "desk2", f" {number[:3]} {number[3:]}").status == 303
    assert votes_online(town)
    assert "六位数字" not in owner.get(f"{C}/residents/me").text, "asked for once"
    page = town.as_("desk").get(f"{C}/residents/{membership(town, 'owner7').id}")
    assert 'name="number"' not in page.html


def test_a_link_that_nobody_has_used_yet_gives_no_number_and_the_owner_opens_it_first(town: Town) -> None:
    link = link_for(town)
    assert confirmed(town, "desk").status == 303
    assert confirmed(town, "desk2").status == 422
    owner = opened(town, link)
    assert confirmed(town, "desk2", number_on(owner)).status == 303
    assert votes_online(town)


def test_a_link_still_out_there_opens_nothing_once_the_owner_has_shown_that_they_are_in(town: Town) -> None:
    owner = with_password(town, "owner7")
    link = link_for(town)
    assert confirmed(town, "desk").status == 303
    assert confirmed(town, "desk2", number_on(owner)).status == 303
    assert town.as_(None).post(link, OTHER).status == 422
    assert votes_online(town)


def test_the_number_that_the_giver_saw_is_worth_nothing_after_the_owner_got_a_link_of_their_own(town: Town) -> None:
    thief = opened(town, link_for(town))
    assert confirmed(town, "desk").status == 303
    seen = number_on(thief)
    owner = opened(town, link_for(town, by="recorder"), OTHER)
    assert confirmed(town, "desk").status == 303
    assert confirmed(town, "desk2", seen).status == 422
    assert confirmed(town, "desk2", number_on(owner)).status == 303


def test_a_wrong_number_is_said_so_even_where_none_is_asked_for(town: Town) -> None:
    """Whoever types one means to say that they saw it; nothing else is kept beside a wrong one."""
    opened(town, link_for(town))
    assert confirmed(town, "desk").status == 303
    assert confirmed(town, "desk2", "000000", in_person="", note="改过名").status == 422
    assert membership(town, "owner7").note == ""


def test_the_number_is_not_found_by_trying(town: Town) -> None:
    owner = opened(town, link_for(town))
    assert confirmed(town, "desk").status == 303
    right = number_on(owner)
    wrong = [f"{(int(right) + 1 + more) % 1_000_000:06d}" for more in range(21)]
    assert {confirmed(town, "desk2", number).status for number in wrong[:20]} == {422}
    assert confirmed(town, "desk2", wrong[20]).status == 429
    assert confirmed(town, "desk2", right).status == 429
    town.site.limiter = Limiter()
    assert confirmed(town, "desk2", right).status == 303


def test_the_number_belongs_to_one_account_one_password_and_one_server() -> None:
    numbers = {
        rules.number(secret, member_id=member_id, password_hash=password_hash)
        for secret in (b"one", b"two")
        for member_id in (1, 2)
        for password_hash in (None, "hash", "another hash")
    }
    assert len(numbers) == 12
    assert all(re.fullmatch(r"\d{6}", one) for one in numbers)


@pytest.mark.parametrize("tie", ["tenant", "family"])
def test_who_has_no_ballot_is_asked_for_no_number(town: Town, tie: str) -> None:
    opened(town, link_for(town))
    for who in ("desk", "desk2"):
        assert confirmed(town, who, tie=tie, head_key="").status == 303
    assert membership(town, "owner7").level == 2


def test_without_the_phone_the_rest_is_saved_and_the_owner_votes_on_paper(town: Town) -> None:
    opened(town, link_for(town))
    assert confirmed(town, "desk").status == 303
    assert confirmed(town, "desk2", in_person="", note="改过名").status == 303
    assert (membership(town, "owner7").level, membership(town, "owner7").note) == (1, "改过名")
