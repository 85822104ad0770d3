"""A tie that lets somebody vote online rests on two of the staff, and on neither who handed out the account's link."""

import re

from sqlmodel import select

from deliberation.council.residents.queries import by_two
from deliberation.people.tables import Account, OneTimeLink
from tests.attacks.test_the_giver_opens_it_before_the_owner import number_on
from tests.conftest import Answer, Caller, Town
from tests.deliberation.council.build import asked, membership

C = "/c/jinxiu"
NEW = {"password": "a-long-password", "again": "a-long-password"}


def _confirm(town: Town, who: str, *, in_person: bool = True, whom: str = "owner7", number: str = "") -> Answer:
    form = {"tie": "owner", "head_key": "Y07", "number": number, **({"in_person": "1"} if in_person else {})}
    return town.as_(who).post(f"{C}/residents/{membership(town, whom).id}/confirmation", form)


def _given(town: Town, by: str = "moderator", *, used: bool = True) -> Caller:
    """The phone on which the link was used, if it was."""
    link = re.search(r"/invitations/[\w-]{20,}", town.as_(by).post(f"{C}/people/{town.cast.ids['owner7']}/link").html)
    assert link
    phone = town.as_(None)
    if used:
        assert phone.post(link[0], NEW).status == 303
    return phone


def _votes_online(town: Town, whom: str = "owner7") -> bool:
    with town.db.read() as session:
        return by_two(session, town.cast.council_id, town.cast.ids[whom])


def test_the_giver_who_confirms_after_an_honest_colleague_is_not_the_second(town: Town) -> None:
    phone = _given(town)
    assert _confirm(town, "desk").status == 303
    answer = _confirm(town, "moderator")
    assert answer.status == 422
    assert "家庭验证码纸条" in answer.text
    assert not _votes_online(town)
    assert _confirm(town, "desk2", number=number_on(phone)).status == 303
    assert _votes_online(town)


def test_nor_the_first_when_the_colleague_did_not_see_the_person(town: Town) -> None:
    _given(town)
    assert _confirm(town, "desk", in_person=False).status == 303
    assert _confirm(town, "moderator").status == 422
    assert _confirm(town, "moderator", in_person=False).status == 303
    assert _confirm(town, "desk").status == 303
    assert not _votes_online(town)


def test_a_link_that_is_not_used_yet_counts_too(town: Town) -> None:
    _given(town, used=False)
    assert _confirm(town, "desk").status == 303
    assert _confirm(town, "moderator").status == 422


def test_a_link_that_ran_out_unused_opens_nothing_and_its_giver_is_a_witness(town: Town) -> None:
    _given(town, used=False)
    with town.write() as tx:
        for link in tx.session.exec(select(OneTimeLink).where(OneTimeLink.account_id == town.cast.ids["owner7"])):
            link.expires_at = tx.now
            tx.session.add(link)
    assert _confirm(town, "desk").status == 303
    assert _confirm(town, "moderator").status == 303
    assert _votes_online(town)


def test_who_saw_the_papers_first_and_then_gave_the_link_back_in_does_not_count_either(town: Town) -> None:
    with town.write("moderator") as tx:
        member = tx.session.get_one(type(membership(town, "owner7")), membership(town, "owner7").id)
        member.level, member.seen_by = 1, town.cast.ids["moderator"]
        tx.session.add(member)
        account = tx.session.get_one(Account, town.cast.ids["owner7"])
        account.opened_by = town.cast.ids["moderator"]
        tx.session.add(account)
    assert _confirm(town, "desk").status == 303
    assert not _votes_online(town)


def test_the_giver_is_told_on_the_page_instead_of_finding_the_tick(town: Town) -> None:
    _given(town)
    _confirm(town, "desk")
    page = town.as_("moderator").get(f"{C}/residents/{membership(town, 'owner7').id}")
    assert "您不能再算当面核对的一位" in page.text
    assert 'name="in_person"' not in page.html


def test_two_staff_are_enough_for_whoever_joined_by_themselves(town: Town) -> None:
    """The way of a council that has no third: the person made the account."""
    asked(town, home="红茶里2幢1单元0102")
    form = {"tie": "owner", "head_key": "Y07", "in_person": "1", "note": "改过名"}
    for who in ("desk", "moderator"):
        at = f"{C}/residents/{membership(town, 'stranger').id}/confirmation"
        assert town.as_(who).post(at, form).status == 303
    assert _votes_online(town, "stranger")
