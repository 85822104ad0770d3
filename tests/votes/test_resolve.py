"""SPEC 5.1-5.5: which ballot speaks for a head."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.votes.make import ORDINARY, roll_of, row
from votes.ballots import Ballot
from votes.proxy import Proxy
from votes.roll import Roll
from votes.rules import preset
from votes.tally import Verdict, count

NINE = datetime.fromisoformat("2026-11-20T09:00:00+08:00")
HEADING = "owner_id,owner_name,area,use,delivery,co_ownership,voting_owner"


def at(hours: int) -> datetime:
    return NINE + timedelta(hours=hours)


def owned(co_ownership: str = "", voting_owner: str = "", name: str = "甲") -> Roll:
    return roll_of(["A", name, "10", "住宅", "已交付", co_ownership, voting_owner], heading=HEADING)


def counted(verdict: Verdict) -> str:
    totals = verdict.totals
    named = {"for": totals.for_, "against": totals.against, "abstain": totals.abstain, "invalid": totals.invalid}
    named |= {"held": totals.held, "not_returned": totals.not_returned}
    (choice,) = [name for name, measure in named.items() if measure.heads]
    return choice


def refusals(verdict: Verdict) -> list[tuple[int, str]]:
    return [(refused.line, refused.code) for refused in verdict.refused]


class TestConflict:
    ROLL = owned()
    BALLOTS = (
        Ballot("A", "for", "online", at(2), line=2),
        Ballot("A", "against", "paper", at(3), line=3),
        Ballot("A", "abstain", "hall", at(1), line=4),
        Ballot("A", "for", "paper", at(4), line=5),
    )

    @pytest.mark.parametrize(
        ("conflict", "choice", "left_out"),
        [("first", "abstain", [2, 3, 5]), ("last", "for", [2, 3, 4]), ("paper", "against", [2, 4, 5])],
    )
    def test_policies_choose_by_time_not_by_order_of_the_file(
        self, conflict: str, choice: str, left_out: list[int]
    ) -> None:
        verdict = count(preset(ORDINARY), self.ROLL, self.BALLOTS, conflict=conflict)
        assert counted(verdict) == choice
        assert refusals(verdict) == [(line, "duplicate") for line in left_out]
        assert count(preset(ORDINARY), self.ROLL, self.BALLOTS[::-1], conflict=conflict) == verdict

    def test_paper_wins_falls_back_to_the_first(self) -> None:
        ballots = [Ballot("A", "for", "hall", at(2)), Ballot("A", "against", "online", at(1))]
        assert counted(count(preset(ORDINARY), self.ROLL, ballots, conflict="paper")) == "against"

    def test_without_a_time_on_each_the_order_of_the_list_decides(self) -> None:
        ballots = [
            Ballot("A", "for", cast_at=at(5), line=2),
            Ballot("A", "against", line=3),
            Ballot("A", "abstain", cast_at=at(1), line=4),
        ]
        assert counted(count(preset(ORDINARY), self.ROLL, ballots)) == "for"
        assert counted(count(preset(ORDINARY), self.ROLL, ballots, conflict="last")) == "abstain"

    def test_equal_times_fall_back_to_the_order_of_the_list(self) -> None:
        ballots = [Ballot("A", "for", cast_at=at(1), line=3), Ballot("A", "against", cast_at=at(1), line=2)]
        assert counted(count(preset(ORDINARY), self.ROLL, ballots)) == "against"

    def test_a_time_without_a_zone_is_china_time(self) -> None:
        china = datetime.fromisoformat("2026-11-20T09:00:00")
        later = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
        ballots = [Ballot("A", "for", cast_at=later), Ballot("A", "against", cast_at=china)]
        assert counted(count(preset(ORDINARY), self.ROLL, ballots)) == "against"

    @pytest.mark.parametrize("conflict", ["first", "last", "paper"])
    def test_an_invalid_paper_never_displaces_a_valid_ballot(self, conflict: str) -> None:
        ballots = [
            Ballot("A", "invalid", "paper", at(1), line=2),
            Ballot("A", "for", "online", at(2), line=3),
            Ballot("A", "invalid", "paper", at(3), line=4),
        ]
        verdict = count(preset(ORDINARY), self.ROLL, ballots, conflict=conflict)
        assert counted(verdict) == "for"
        assert refusals(verdict) == [(2, "duplicate"), (4, "duplicate")]

    def test_two_invalid_papers_are_one_invalid_head(self) -> None:
        verdict = count(preset(ORDINARY), self.ROLL, [Ballot("A", "invalid", line=2), Ballot("A", "invalid", line=3)])
        assert counted(verdict) == "invalid"
        assert refusals(verdict) == [(3, "duplicate")]


class TestStrangers:
    def test_are_refused_each_with_the_reason(self) -> None:
        roll = roll_of(
            row("A", 10_00),
            row("P", 13_00, "parking"),
            row("D", 10_00, delivery="unsold"),
            row("B", 10_00, delivery="sold_undelivered"),
        )
        ballots = [Ballot(owner, "for", line=n) for n, owner in enumerate(["Z", "B", "P", "A"], start=2)]
        verdict = count(preset(ORDINARY), roll, ballots)
        assert refusals(verdict) == [(2, "not_on_roll"), (3, "undelivered"), (4, "parking_only")]
        assert [r.owner_id for r in verdict.refused] == ["Z", "B", "P"]
        with_parking = count(preset(ORDINARY), roll, ballots, count_parking=True)
        assert refusals(with_parking) == [(2, "not_on_roll"), (3, "undelivered")]

    def test_ids_match_across_width_case_and_space(self) -> None:
        verdict = count(preset(ORDINARY), roll_of(row("y1", 10_00)), [Ballot("Ｙ 1", "for")])
        assert counted(verdict) == "for"

    def test_any_of_several_developer_ids_casts_the_one_ballot(self) -> None:
        roll = roll_of(row("D1", 10_00, delivery="unsold"), row("D2", 10_00, delivery="unsold"))
        ballots = [Ballot("D2", "for", line=2), Ballot("D1", "against", line=3)]
        verdict = count(preset(ORDINARY), roll, ballots)
        assert counted(verdict) == "for"
        assert refusals(verdict) == [(3, "duplicate")]
        pens = [Ballot("D2", "for", cast_by="x"), Ballot("D1", "against", cast_by="y")]
        assert counted(count(preset(ORDINARY), roll, pens)) == "for"


class TestWindow:
    def test_takes_ballots_from_the_opening_up_to_the_close(self) -> None:
        roll = roll_of(*[row(f"A{n}", 10_00) for n in range(5)])
        ballots = [Ballot(f"A{n}", "for", cast_at=at(n), line=n) for n in range(4)] + [Ballot("A4", "for", line=4)]
        verdict = count(preset(ORDINARY), roll, ballots, opens=at(1), closes=at(3))
        assert refusals(verdict) == [(0, "too_early"), (3, "too_late")]
        assert verdict.totals.for_.heads == 3

    def test_a_naive_deadline_is_china_time(self) -> None:
        closes = datetime.fromisoformat("2026-11-20T10:00:00")
        verdict = count(preset(ORDINARY), owned(), [Ballot("A", "for", cast_at=at(1))], closes=closes)
        assert refusals(verdict) == [(0, "too_late")]

    def test_a_stranger_is_a_stranger_first(self) -> None:
        verdict = count(preset(ORDINARY), owned(), [Ballot("Z", "for", cast_at=at(1))], closes=at(0))
        assert refusals(verdict) == [(0, "not_on_roll")]


class TestCoOwners:
    HUSBAND = Ballot("A", "for", "paper", at(1), "husband", 2)
    WIFE = Ballot("A", "against", "online", at(2), "wife", 3)

    @pytest.mark.parametrize("co_ownership", ["", "共同共有", "按份共有"])
    @pytest.mark.parametrize("conflict", ["first", "last", "paper"])
    def test_who_disagree_are_held_under_every_policy(self, co_ownership: str, conflict: str) -> None:
        verdict = count(preset(ORDINARY), owned(co_ownership), [self.WIFE, self.HUSBAND], conflict=conflict)
        assert counted(verdict) == "held"
        assert verdict.held[0].lines == (2, 3)

    def test_who_agree_count_once(self) -> None:
        wife = Ballot("A", "for", "online", at(2), "wife", 3)
        verdict = count(preset(ORDINARY), owned("共同共有"), [self.HUSBAND, wife])
        assert counted(verdict) == "for"
        assert refusals(verdict) == [(3, "duplicate")]

    def test_each_pen_may_change_its_own_mind_under_the_policy(self) -> None:
        again = Ballot("A", "for", "online", at(3), "wife", 4)
        ballots = [self.HUSBAND, self.WIFE, again]
        assert counted(count(preset(ORDINARY), owned("共同共有"), ballots)) == "held"
        assert counted(count(preset(ORDINARY), owned("共同共有"), ballots, conflict="last")) == "for"

    def test_unsigned_ballots_of_a_co_owned_flat_that_differ_are_held(self) -> None:
        ballots = [Ballot("A", "for", line=2), Ballot("A", "against", line=3)]
        assert counted(count(preset(ORDINARY), owned("共同共有"), ballots)) == "held"
        assert counted(count(preset(ORDINARY), owned(""), ballots)) == "for"

    def test_an_invalid_paper_of_one_is_no_disagreement(self) -> None:
        wife = Ballot("A", "invalid", "paper", at(2), "wife", 3)
        verdict = count(preset(ORDINARY), owned("共同共有"), [self.HUSBAND, wife])
        assert counted(verdict) == "for"
        assert refusals(verdict) == [(3, "duplicate")]

    @pytest.mark.parametrize("co_ownership", ["", "共同共有"])
    def test_only_the_designated_one_counts(self, co_ownership: str) -> None:
        verdict = count(preset(ORDINARY), owned(co_ownership, "wife"), [self.HUSBAND, self.WIFE])
        assert counted(verdict) == "against"
        assert refusals(verdict) == [(2, "not_designated")]
        alone = count(preset(ORDINARY), owned(co_ownership, "wife"), [self.HUSBAND])
        assert counted(alone) == "not_returned"
        assert refusals(alone) == [(2, "not_designated")]

    def test_an_unsigned_ballot_is_the_designated_ones(self) -> None:
        ballots = [Ballot("A", "for", line=2), Ballot("A", "against", line=3)]
        assert counted(count(preset(ORDINARY), owned("共同共有", "wife"), ballots)) == "for"

    def test_naming_one_in_writing_releases_a_held_ballot(self) -> None:
        ballots = [self.HUSBAND, self.WIFE]
        verdict = count(preset(ORDINARY), owned("共同共有"), ballots, designated={"a": "WIFE"})
        assert counted(verdict) == "against"
        overruled = count(preset(ORDINARY), owned("共同共有", "wife"), ballots, designated={"A": "husband"})
        assert counted(overruled) == "for"

    def test_a_sole_owners_pen_is_not_questioned_without_proxies(self) -> None:
        verdict = count(preset(ORDINARY), owned("单独所有", "甲"), [self.HUSBAND, self.WIFE])
        assert counted(verdict) == "for"
        assert refusals(verdict) == [(3, "duplicate")]

    def test_a_sole_owners_two_pens_are_no_disagreement(self) -> None:
        verdict = count(preset(ORDINARY), owned("单独所有"), [self.HUSBAND, self.WIFE])
        assert counted(verdict) == "for"

    def test_the_owner_id_as_pen_is_the_owner(self) -> None:
        ballots = [Ballot("A", "for", cast_by="a", line=2), Ballot("A", "against", line=3)]
        assert counted(count(preset(ORDINARY), owned(), ballots)) == "for"

    @pytest.mark.parametrize(("name", "pen"), [("Zhang", "zhang"), ("Zhang", "本人"), ("", "self"), ("", "Self ")])
    @pytest.mark.parametrize("conflict", ["first", "last", "paper"])
    def test_an_owners_own_signature_is_no_second_pen(self, name: str, pen: str, conflict: str) -> None:
        ballots = [
            Ballot("A", "for", "online", at(1), "", 2),
            Ballot("A", "against", "paper", at(2), pen, 3),
        ]
        verdict = count(preset(ORDINARY), owned(name=name), ballots, conflict=conflict)
        assert (counted(verdict), refusals(verdict)) == (
            ("for", [(3, "duplicate")]) if conflict == "first" else ("against", [(2, "duplicate")])
        )

    def test_the_owners_name_gives_way_to_whoever_is_designated(self) -> None:
        verdict = count(preset(ORDINARY), owned(voting_owner="wife", name="husband"), [self.HUSBAND])
        assert refusals(verdict) == [(2, "not_designated")]

    def test_a_name_among_two_on_the_roll_is_a_pen_of_its_own(self) -> None:
        rows = [["A", name, "10", "住宅", "已交付", "", ""] for name in ("Zhang", "Li")]
        ballots = [Ballot("A", "for", cast_by="Zhang", line=2), Ballot("A", "against", cast_by="Li", line=3)]
        assert counted(count(preset(ORDINARY), roll_of(*rows, heading=HEADING), ballots)) == "held"

    def test_a_co_owner_named_on_the_roll_is_still_one_pen_of_several(self) -> None:
        ballots = [Ballot("A", "for", cast_by="Zhang", line=2), Ballot("A", "against", line=3)]
        assert counted(count(preset(ORDINARY), owned("共同共有", name="Zhang"), ballots)) == "held"
        ballots = [Ballot("A", "for", cast_by="Zhang", line=2), Ballot("A", "against", cast_by="A", line=3)]
        assert counted(count(preset(ORDINARY), owned("共同共有", name="Zhang"), ballots)) == "held"
        assert counted(count(preset(ORDINARY), owned("", name="Zhang"), ballots)) == "for"
        ballots = [Ballot("A", "for", cast_by="本人", line=2), Ballot("A", "against", cast_by="本人", line=3)]
        assert counted(count(preset(ORDINARY), owned("共同共有"), ballots)) == "held"

    def test_the_owner_self_needs_no_proxy_and_is_the_designated_one(self) -> None:
        ballots = [Ballot("A", "for", cast_by="本人")]
        assert counted(count(preset(ORDINARY), owned("共同共有", "wife"), ballots)) == "for"
        assert counted(count(preset(ORDINARY), owned(), ballots, proxies=[])) == "for"

    def test_any_word_but_sole_ownership_is_co_owned(self) -> None:
        ballots = [Ballot("A", "for", line=2), Ballot("A", "against", line=3)]
        for word in ("夫妻", "co-owned", "其他"):
            assert counted(count(preset(ORDINARY), owned(word), ballots)) == "held"
        for word in ("单独", "Sole", "-", ""):
            assert counted(count(preset(ORDINARY), owned(word), ballots)) == "for"

    def test_held_ballots_are_listed_in_the_order_of_the_list(self) -> None:
        later = Ballot("A", "against", "online", at(0), "wife", 9)
        assert count(preset(ORDINARY), owned("共同共有"), [self.HUSBAND, later]).held[0].lines == (2, 9)

    def test_several_held_heads_are_listed_in_order(self) -> None:
        roll = roll_of(row("A", 10_00), row("B", 20_00))
        ballots = [
            Ballot("B", "for", cast_by="x", line=2),
            Ballot("A", "for", cast_by="x", line=3),
            Ballot("A", "against", cast_by="y", line=4),
            Ballot("B", "against", cast_by="y", line=5),
        ]
        verdict = count(preset(ORDINARY), roll, ballots)
        assert [(h.owner_id, h.lines, h.area) for h in verdict.held] == [("B", (2, 5), 20_00), ("A", (3, 4), 10_00)]


class TestProxies:
    BALLOT = Ballot("A", "for", cast_at=at(2), cast_by="Lin", line=2)

    def fault(self, *proxies: Proxy, ballot: Ballot = BALLOT, matter: str = "m8", roll: Roll | None = None) -> str:
        verdict = count(preset(ORDINARY), roll or owned(), [ballot], proxies=proxies, matter=matter)
        return refusals(verdict)[0][1] if verdict.refused else counted(verdict)

    def test_a_written_proxy_lets_the_holder_vote(self) -> None:
        assert self.fault(Proxy("a", "L in")) == "for"

    def test_without_one_a_stranger_may_not(self) -> None:
        assert self.fault() == "no_proxy"
        assert self.fault(Proxy("A", "Chen")) == "no_proxy"
        assert self.fault(Proxy("B", "Lin")) == "no_proxy"

    def test_the_owner_needs_none(self) -> None:
        for pen in ("", "甲", "A"):
            assert self.fault(ballot=Ballot("A", "for", cast_by=pen)) == "for"

    def test_the_scope_must_name_the_matter(self) -> None:
        assert self.fault(Proxy("A", "Lin", scope=("m8", "m6"))) == "for"
        assert self.fault(Proxy("A", "Lin", scope=("M 8",))) == "for"
        assert self.fault(Proxy("A", "Lin", scope=("m6",))) == "proxy_scope"

    def test_one_cast_before_the_revocation_stands(self) -> None:
        assert self.fault(Proxy("A", "Lin", revoked_at=at(3))) == "for"
        assert self.fault(Proxy("A", "Lin", revoked_at=at(2))) == "proxy_revoked"
        assert (
            self.fault(Proxy("A", "Lin", revoked_at=at(3)), ballot=Ballot("A", "for", cast_by="Lin")) == "proxy_revoked"
        )

    def test_the_period_is_kept(self) -> None:
        assert self.fault(Proxy("A", "Lin", signed_at=at(2), until=at(2))) == "for"
        assert self.fault(Proxy("A", "Lin", until=at(1))) == "proxy_expired"
        assert self.fault(Proxy("A", "Lin", signed_at=at(3))) == "proxy_not_yet_signed"
        untimed = Ballot("A", "for", cast_by="Lin")
        assert self.fault(Proxy("A", "Lin", until=at(9)), ballot=untimed) == "proxy_expired"
        assert self.fault(Proxy("A", "Lin", signed_at=at(3)), ballot=untimed) == "for"

    def test_a_second_good_paper_heals_a_bad_one(self) -> None:
        assert self.fault(Proxy("A", "Lin", until=at(1)), Proxy("A", "Lin")) == "for"
        assert self.fault(Proxy("A", "Lin"), Proxy("A", "Lin", until=at(1))) == "for"

    def test_a_proxy_to_oneself_changes_nothing(self) -> None:
        ballot = Ballot("A", "for", cast_by="A", line=2)
        assert self.fault(Proxy("A", "A"), ballot=ballot) == "for"
        roll = roll_of(["A", "甲", "10", "住宅", "已交付", "共同共有", "wife"], heading=HEADING)
        assert self.fault(Proxy("A", "wife"), ballot=Ballot("A", "for", cast_by="wife"), roll=roll) == "for"

    def test_a_proxy_cannot_be_passed_on(self) -> None:
        assert self.fault(Proxy("A", "Chen"), Proxy("Chen", "Lin")) == "proxy_chain"
        assert self.fault(Proxy("A", "Chen"), Proxy("Chen", "Wu")) == "no_proxy"

    def test_a_holder_acts_for_at_most_three_those_who_signed_first(self) -> None:
        roll = roll_of(*[row(f"A{n}", 10_00) for n in range(6)])
        proxies = [
            Proxy("A0", "Lin", line=1),
            Proxy("A1", "Lin", signed_at=at(4), line=2),
            Proxy("A2", "Lin", signed_at=at(1), line=3),
            Proxy("A3", "Lin", signed_at=at(3), line=4),
            Proxy("A4", "Lin", signed_at=at(2), line=5),
            Proxy("A2", "Lin", signed_at=at(5), line=6),
            Proxy("A5", "Chen", line=7),
        ]
        ballots = [Ballot(f"A{n}", "for", cast_at=at(9), cast_by="Lin", line=n) for n in range(5)]
        ballots.append(Ballot("A5", "for", cast_by="Chen", line=5))
        verdict = count(preset(ORDINARY), roll, ballots, proxies=proxies)
        assert refusals(verdict) == [(0, "proxy_limit"), (1, "proxy_limit")]

    def test_undated_papers_come_after_dated_ones_in_their_order(self) -> None:
        roll = roll_of(*[row(f"A{n}", 10_00) for n in range(5)])
        proxies = [Proxy(f"A{n}", "Lin", line=9 - n) for n in range(4)] + [Proxy("A4", "Lin", signed_at=at(1), line=99)]
        ballots = [Ballot(f"A{n}", "for", cast_by="Lin", cast_at=at(2), line=n) for n in range(5)]
        verdict = count(preset(ORDINARY), roll, ballots, proxies=proxies)
        assert refusals(verdict) == [(0, "proxy_limit"), (1, "proxy_limit")]

    def test_the_owner_in_person_goes_before_the_proxy(self) -> None:
        own = Ballot("A", "against", cast_at=at(5), line=3)
        verdict = count(preset(ORDINARY), owned(), [self.BALLOT, own], proxies=[Proxy("A", "Lin")])
        assert counted(verdict) == "against"
        assert refusals(verdict) == [(2, "principal_voted")]

    def test_an_owners_invalid_paper_does_not_silence_the_proxy(self) -> None:
        own = Ballot("A", "invalid", cast_at=at(5), line=3)
        verdict = count(preset(ORDINARY), owned(), [self.BALLOT, own], proxies=[Proxy("A", "Lin")])
        assert counted(verdict) == "for"
        assert refusals(verdict) == [(3, "duplicate")]

    def test_a_designated_co_owner_may_give_one_and_the_others_may_not_vote(self) -> None:
        roll = roll_of(["A", "husband", "10", "住宅", "已交付", "共同共有", "wife"], heading=HEADING)
        assert self.fault(Proxy("A", "Lin"), roll=roll) == "for"
        assert self.fault(roll=roll) == "not_designated"
        assert self.fault(roll=roll, ballot=Ballot("A", "for", cast_by="husband")) == "not_designated"
        assert self.fault(roll=roll, ballot=Ballot("A", "for", cast_by="wife")) == "for"

    def test_a_sole_owner_is_known_by_name(self) -> None:
        roll = roll_of(["A", "husband", "10", "住宅", "已交付", "单独所有", "husband"], heading=HEADING)
        assert self.fault(roll=roll, ballot=Ballot("A", "for", cast_by="husband")) == "for"
        assert self.fault(roll=roll) == "no_proxy"
        assert self.fault(Proxy("A", "Lin"), roll=roll) == "for"
        named = roll_of(["A", "husband", "10", "住宅", "已交付", "单独所有", "guardian"], heading=HEADING)
        assert self.fault(roll=named, ballot=Ballot("A", "for", cast_by="husband")) == "for"

    def test_so_does_either_of_two_names_on_the_roll(self) -> None:
        roll = roll_of(*[["A", name, "10", "住宅", "已交付", "", ""] for name in ("Zhang", "Li")], heading=HEADING)
        own = Ballot("A", "against", cast_at=at(5), cast_by="Zhang", line=3)
        verdict = count(preset(ORDINARY), roll, [self.BALLOT, own], proxies=[Proxy("A", "Lin")])
        assert (counted(verdict), refusals(verdict)) == ("against", [(2, "principal_voted")])

    def test_the_owner_who_signs_by_name_goes_before_the_proxy(self) -> None:
        own = Ballot("A", "against", cast_at=at(5), cast_by="甲", line=3)
        verdict = count(preset(ORDINARY), owned(), [self.BALLOT, own], proxies=[Proxy("A", "Lin")])
        assert counted(verdict) == "against"
        assert refusals(verdict) == [(2, "principal_voted")]


@pytest.mark.parametrize(("field", "value"), [("choice", "maybe"), ("channel", "pigeon")])
def test_a_ballot_with_an_unknown_word_cannot_be_made(field: str, value: str) -> None:
    with pytest.raises(ValueError, match=value):
        Ballot(**{"owner_id": "A", "choice": "for", "channel": "paper", field: value})  # type: ignore[arg-type]
