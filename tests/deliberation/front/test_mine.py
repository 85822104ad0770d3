"""My own page leads back to what I did, and never says what I chose."""

import pytest

from deliberation.council.actions import appoint
from deliberation.decision.actions import answer, object_to
from deliberation.decision.rules import Done
from tests.conftest import Town
from tests.deliberation.ballot import build as ballots
from tests.deliberation.decision.build import PASSING, decided
from tests.deliberation.followup import build as followup


def test_what_one_raised_and_seconded_is_listed_with_its_place(town: Town) -> None:
    matter_id = followup.matter(town, accepted=False)
    mine = town.as_("resident").get("/account")
    assert "我提的事（1）" in mine.text
    assert f'href="/c/jinxiu/matters/{matter_id}"' in mine.html
    assert "还没有答复" in mine.text
    neighbor = town.as_("neighbor").get("/account")
    assert "我提的事（0）" in neighbor.text
    assert "我附议的事（1）" in neighbor.text
    assert "我附议的事（0）" in town.as_("owner").get("/account").text


@pytest.mark.parametrize("choice", ["for", "against", "abstain"])
def test_a_poll_one_voted_in_leads_to_the_slip_and_hides_the_choice(town: Town, choice: str) -> None:
    poll_id = ballots.opened(town)
    ballots.cast(town, poll_id, {"Y01": choice})
    mine = ballots.signed_in(town, "resident").get("/account")
    assert "我的投票记录（1）" in mine.text
    assert f'href="/c/jinxiu/polls/{poll_id}/slip"' in mine.html
    assert not any(word in mine.text for word in ("同意", "反对", "弃权"))
    assert "我的投票记录（0）" in ballots.signed_in(town, "neighbor").get("/account").text


def test_an_objection_shows_whether_it_was_answered(town: Town) -> None:
    decision = decided(town, PASSING)
    with town.write("resident") as tx:
        objection_id = object_to(tx, decision.id, text="名册里我家的面积写错了。").id
    mine = ballots.signed_in(town, "resident").get("/account")
    assert "我的异议（1）" in mine.text
    assert f'href="/c/jinxiu/decisions/{decision.id}#objections"' in mine.html
    assert "还没有答复" in mine.text
    with town.write("moderator") as tx:
        answer(tx, decision.id, objection_id, done=Done.EXPLAINED, text="已与登记簿核对，面积无误。")
    assert "还没有答复" not in ballots.signed_in(town, "resident").get("/account").text


@pytest.mark.parametrize(
    ("who", "path", "led"),
    [
        ("resident", "/account", True),
        ("resident", "/account/data", True),
        ("resident", "/help", False),
        ("stranger", "/account", False),
    ],
)
def test_on_one_s_own_pages_the_tabs_lead_to_the_one_council(town: Town, who: str, path: str, led: bool) -> None:
    page = town.as_(who).get(path)
    assert ('href="/c/jinxiu/matters"' in page.html) is led
    assert ('<li><a href="/"' in page.html) is not led


def test_who_belongs_to_two_councils_is_led_to_neither(town: Town) -> None:
    with town.write("admin", town.cast.other_council_id) as tx:
        appoint(tx, town.cast.ids["resident"], "recorder")
    assert '<li><a href="/"' in town.as_("resident").get("/account").html
