"""Which written proxies stand, and for whom: each condition by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from deliberation.ballot import queries
from deliberation.ballot.proxies import queries as proxy_queries
from deliberation.ballot.proxies import rules as proxy_rules
from deliberation.ballot.proxies.rules import Paper, Scope, Subject
from deliberation.ballot.tables import Proxy
from deliberation.council.tables import Membership
from tests.conftest import START, Town
from tests.deliberation.ballot import build
from tests.deliberation.ballot.test_proxies import LIST, given, proxies, recorded
from tests.deliberation.council.build import asked, verbs
from votes.refusal import Refused


@pytest.mark.parametrize("act", ["confirmation", "refusal", "revocation"])
def test_what_was_decided_about_a_paper_is_not_decided_again(town: Town, act: str) -> None:
    recorded(town)
    desk = build.signed_in(town, "desk2")
    note = {"note_1": "没有签名"}
    assert desk.post(f"{LIST}/1/refusal", note).status == 303
    assert desk.post(f"{LIST}/1/{act}", note).status == 422
    assert proxies(town)[0].state == "refused"
    assert verbs(town)[-1] == "proxy.refused"


def test_a_paper_in_force_is_taken_back_and_no_more_refused(town: Town) -> None:
    recorded(town)
    desk = build.signed_in(town, "desk2")
    assert desk.post(f"{LIST}/1/confirmation").status == 303
    assert desk.post(f"{LIST}/1/refusal", {"note_1": "没有签名"}).status == 422
    assert proxies(town)[0].state == "valid"


def test_with_the_poll_that_is_withdrawn_its_proxies_are_over(town: Town) -> None:
    poll_id = build.announced(town)
    assert given(town, "owner5", "tenant", f"poll:{poll_id}", until="").status == 303
    town.as_("moderator").follow(f"{build.PATH}/{poll_id}/withdrawal", {"reason": "费用写错了"})
    with town.db.read() as session:
        assert proxy_queries.live(session, town.cast.council_id, town.now) == []


def test_who_only_asked_to_join_holds_none(town: Town) -> None:
    asked(town)
    answer = build.signed_in(town, "owner5").post(
        f"{LIST}/new",
        {"holder_name": "路人", "holder_phone": "13700000001", "scope": "general", "until": "2026-06-30"},
    )
    assert answer.status == 422
    assert proxies(town) == []


def test_one_that_waits_for_its_second_is_told_to_nobody_else(town: Town) -> None:
    poll_id = build.announced(town)
    recorded(town, scope=f"poll:{poll_id}", until="")
    assert "水仙里1幢1单元0201" not in build.signed_in(town, "neighbor").get(LIST).text
    assert "老李" not in build.signed_in(town, "owner5").get(f"{build.PATH}/{poll_id}").text


def test_nor_does_it_let_anybody_vote(town: Town) -> None:
    poll_id = build.announced(town)
    recorded(town, holder_name="租户甲", holder_phone="13800000013")
    tenant = town.cast.ids["tenant"]
    for mine, signs in (0, None), (1, 1):
        with town.db.read() as session:
            poll = queries.poll(session, town.cast.council_id, poll_id)
            assert len(proxy_queries.for_poll(session, poll, tenant, town.now)) == mine
            used, _ = proxy_queries.on_paper(session, poll, "Y05", "租户甲", town.now)
            assert (used.id if used else None) == signs
        build.signed_in(town, "desk2").post(f"{LIST}/1/confirmation")


def test_with_a_closed_account_goes_what_was_recorded_for_it_and_waits(town: Town) -> None:
    recorded(town, holder_name="租户甲", holder_phone="13800000013")
    with town.db.read() as session:
        assert len(proxy_queries.standing_of(session, town.cast.ids["tenant"])) == 1


def test_one_of_another_council_counts_for_no_home_here(town: Town) -> None:
    """Whose head may have the same number."""
    poll_id = build.announced(town)
    recorded(town)
    build.signed_in(town, "desk2").post(f"{LIST}/1/confirmation")
    here = town.cast.council_id
    for council_id, found in ((here, 1), (town.cast.other_council_id, None)):
        with town.write("desk") as tx:
            tx.session.exec(select(Proxy)).one().council_id = council_id
        with town.db.read() as session:
            poll = queries.poll(session, here, poll_id)
            used, fault = proxy_queries.on_paper(session, poll, "Y05", "老李", town.now)
            assert (used.id if used else None, fault) == (found, "")
            assert len(proxy_queries.live(session, here, town.now)) == (1 if found else 0)


@pytest.mark.parametrize(
    "changed", [{"head_key": "Y06"}, {"tie": "tenant"}, {"state": "ended"}, {"council_id": None}], ids=str
)
def test_what_an_account_gave_falls_with_its_tie_to_that_home(town: Town, changed: dict[str, str | None]) -> None:
    given(town, "owner5", "tenant")
    with town.db.read() as session:
        assert proxy_queries.principal_objection(session, session.get_one(Proxy, 1)) == ""
    with town.write("desk") as tx:
        tie = tx.session.exec(select(Membership).where(Membership.account_id == town.cast.ids["owner5"])).one()
        for name, value in changed.items():
            setattr(tie, name, value or town.cast.other_council_id)
    with town.db.read() as session:
        assert proxy_queries.principal_objection(session, session.get_one(Proxy, 1)) == "proxy_principal_gone"


GENERAL, ONE, OTHER = Subject(Scope.GENERAL), Subject(Scope.POLL, 1), Subject(Scope.POLL, 2)


@pytest.mark.parametrize(
    ("first", "then", "head", "room"),
    [
        (GENERAL, ONE, "A", False),
        (ONE, GENERAL, "A", False),
        (ONE, ONE, "A", False),
        (ONE, OTHER, "A", True),
        (GENERAL, ONE, "B", True),
    ],
)
def test_one_home_names_one_person_for_one_thing_whichever_is_the_wider(
    first: Subject, then: Subject, head: str, room: bool
) -> None:
    until = START + timedelta(days=90)
    there = Paper(1, "A", "account 1", first, START, until, None)
    paper = Paper(2, head, "account 2", then, START, until, None)
    if room:
        proxy_rules.check_room(paper, [there], limit=3, now=START)
        return
    with pytest.raises(Refused, match="proxy_given_already"):
        proxy_rules.check_room(paper, [there], limit=3, now=START)
