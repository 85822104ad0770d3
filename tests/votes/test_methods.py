"""SPEC 9: other methods a council uses."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from votes.methods import instant_runoff, majority_judgment, marked, schulze
from votes.question import METHODS, Question
from votes.refusal import Refused

LETTERS = ("A", "B", "C", "D", "E")


def strict(*counts: tuple[int, str]) -> list[list[list[str]]]:
    return [[[option] for option in order] for times, order in counts for _ in range(times)]


# The 45-voter example of Schulze's paper, and the Tennessee capital example used in textbooks.
SCHULZE_45 = strict(
    (5, "ACBED"), (5, "ADECB"), (8, "BEDAC"), (3, "CABED"), (7, "CAEBD"), (2, "CBADE"), (7, "DCEBA"), (8, "EBADC")
)
TENNESSEE = strict((42, "MNCK"), (26, "NCKM"), (15, "CKNM"), (17, "KCNM"))
CITIES = ("M", "N", "C", "K")


def ranked(method: str, options: Sequence[str] = LETTERS) -> Question:
    return Question("q", tuple(options), method)


class TestMarked:
    def test_choose_k_of_n_seats_the_most_marked(self) -> None:
        question = Question("q", LETTERS, "choose", seats=2)
        result = marked(question, [["A", "B"], ["A", "C"], ["B"], ["A"]])
        assert (result.winners, result.tied, result.decided) == (("A", "B"), (), True)
        assert result.order == (("A",), ("B",), ("C",), ("D", "E"))
        assert result.steps == ({"score": {"A": 3, "B": 2, "C": 1, "D": 0, "E": 0}},)

    def test_a_tie_at_the_last_seat_is_named_and_not_broken(self) -> None:
        question = Question("q", LETTERS, "choose", seats=2)
        result = marked(question, [["A", "B"], ["A", "C"]])
        assert (result.winners, result.tied, result.decided) == (("A",), ("B", "C"), False)

    def test_a_tie_that_fits_the_seats_is_none(self) -> None:
        question = Question("q", LETTERS, "choose", seats=2)
        assert marked(question, [["C", "B"]]).winners == ("B", "C")

    def test_ballots_that_break_the_rule_are_spoiled(self) -> None:
        question = Question("q", LETTERS, "choose", seats=1, at_most=2)
        result = marked(question, [["A", "B"], ["A", "B", "C"], [], ["A", "A"], ["Z"], ["B"]])
        assert (result.counted, result.spoiled, result.winners) == (2, 4, ("B",))
        assert marked(Question("q", LETTERS, "choose"), [["A", "B"], ["B"]]).spoiled == 1

    def test_approval_marks_any_number(self) -> None:
        result = marked(Question("q", LETTERS, "approval", at_most=1), [list(LETTERS), ["E"]])
        assert (result.counted, result.spoiled, result.winners) == (2, 0, ("E",))

    def test_no_ballot_decides_nothing(self) -> None:
        result = marked(Question("q", LETTERS, "approval"), [])
        assert (result.winners, result.tied, result.decided) == ((), LETTERS, False)


class TestSchulze:
    def test_the_papers_example(self) -> None:
        result = schulze(ranked("schulze"), SCHULZE_45)
        assert result.order == (("E",), ("A",), ("C",), ("B",), ("D",))
        assert (result.winners, result.tied, result.counted) == (("E",), (), 45)
        strengths = {step["pair"]: (step["prefer"], step["strength"]) for step in result.steps}
        assert strengths[("A", "B")] == (20, 28)
        assert strengths[("E", "A")] == (23, 25)
        assert strengths[("A", "E")] == (22, 24)
        assert strengths[("D", "C")] == (28, 28)

    def test_the_winner_of_every_pair_wins(self) -> None:
        assert schulze(ranked("schulze", CITIES), TENNESSEE).order == (("N",), ("C",), ("K",), ("M",))

    def test_equal_options_and_options_left_out_are_equal(self) -> None:
        result = schulze(ranked("schulze", "ABCD"), [[["A"], ["B", "C"]], [["A"]], [["B", "A"]]])
        assert result.order == (("A",), ("B",), ("C",), ("D",))
        strengths = {step["pair"]: step["prefer"] for step in result.steps}
        assert (strengths[("C", "B")], strengths[("B", "C")], strengths[("C", "D")]) == (0, 1, 1)

    def test_a_perfect_circle_is_a_named_tie(self) -> None:
        result = schulze(ranked("schulze", "ABC"), strict((1, "ABC"), (1, "BCA"), (1, "CAB")))
        assert (result.winners, result.tied, result.order) == ((), ("A", "B", "C"), (("A", "B", "C"),))

    def test_spoiled_ballots(self) -> None:
        result = schulze(ranked("schulze", "AB"), [[], [["A"], ["A"]], [["Z"]], [["A", "B"]], [[], ["A"]]])
        assert (result.counted, result.spoiled, result.winners) == (2, 3, ("A",))

    @given(st.lists(st.permutations("ABCD"), max_size=9))
    def test_who_beats_everyone_in_pairs_always_wins(self, orders: list[list[str]]) -> None:
        result = schulze(ranked("schulze", "ABCD"), [[[o] for o in order] for order in orders])
        for option in "ABCD":
            if all(2 * sum(o.index(option) < o.index(b) for o in orders) > len(orders) for b in "ABCD" if b != option):
                assert result.winners == (option,)
        assert sorted(itertools.chain(*result.order)) == list("ABCD")


class TestInstantRunoff:
    def test_the_capital_of_tennessee(self) -> None:
        result = instant_runoff(ranked("instant_runoff", CITIES), TENNESSEE)
        assert (result.winners, result.order) == (("K",), (("K",), ("M",), ("N",), ("C",)))
        assert [step["score"] for step in result.steps] == [
            {"M": 42, "N": 26, "C": 15, "K": 17},
            {"M": 42, "N": 26, "K": 32},
            {"M": 42, "K": 58},
        ]
        assert [step.get("dropped") for step in result.steps] == [("C",), ("N",), None]

    def test_more_than_half_wins_at_once_and_exactly_half_does_not(self) -> None:
        assert len(instant_runoff(ranked("instant_runoff", "ABC"), strict((3, "ABC"), (2, "BAC"))).steps) == 1
        assert (
            len(instant_runoff(ranked("instant_runoff", "ABC"), strict((3, "ABC"), (2, "BAC"), (1, "CBA"))).steps) == 2
        )

    def test_a_tie_for_the_last_place_is_named(self) -> None:
        result = instant_runoff(ranked("instant_runoff", "ABC"), strict((2, "ABC"), (1, "BAC"), (1, "CAB")))
        assert (result.winners, result.tied, result.order, result.decided) == (
            (),
            ("B", "C"),
            (("A", "B", "C"),),
            False,
        )

    def test_hopeless_ones_are_dropped_together(self) -> None:
        ballots = strict((5, "AB"), (4, "BA"), (1, "CB"), (1, "DB"))
        result = instant_runoff(ranked("instant_runoff", "ABCD"), ballots)
        assert result.steps[0]["dropped"] == ("C", "D")
        assert (result.winners, result.order) == (("B",), (("B",), ("A",), ("C", "D")))
        tied = strict((4, "AB"), (2, "BA"), (1, "CB"), (1, "DB"))
        assert instant_runoff(ranked("instant_runoff", "ABCD"), tied).tied == ("C", "D")

    def test_lots_drawn_in_public_settle_it_and_the_step_says_so(self) -> None:
        ballots = strict((2, "ABC"), (1, "BAC"), (1, "CBA"))
        result = instant_runoff(ranked("instant_runoff", "ABC"), ballots, lots=("C", "A", "B"))
        assert result.steps[0]["by_lot"] == ("B", "C")
        assert result.steps[0]["dropped"] == ("B",)
        assert result.winners == ("A",)
        assert instant_runoff(ranked("instant_runoff", "ABC"), ballots, lots=("C",)).tied == ("B", "C")

    def test_two_left_and_equal_is_a_tie(self) -> None:
        result = instant_runoff(ranked("instant_runoff", "AB"), strict((1, "AB"), (1, "BA")))
        assert (result.winners, result.tied) == ((), ("A", "B"))

    def test_ballots_run_out_and_are_shown(self) -> None:
        result = instant_runoff(ranked("instant_runoff", "ABC"), strict((3, "A"), (2, "B"), (1, "C"), (1, "BA")))
        assert [step["exhausted"] for step in result.steps] == [0, 1]
        assert result.tied == ("A", "B")

    def test_no_ballot_decides_nothing_and_equal_ranks_are_spoiled(self) -> None:
        assert instant_runoff(ranked("instant_runoff", "AB"), []).tied == ("A", "B")
        assert instant_runoff(ranked("instant_runoff", "AB"), [[["A", "B"]], [["A"]]]).spoiled == 1

    @given(st.lists(st.permutations("ABCD"), min_size=1, max_size=9))
    def test_a_first_choice_of_more_than_half_always_wins(self, orders: list[list[str]]) -> None:
        result = instant_runoff(ranked("instant_runoff", "ABCD"), [[[o] for o in order] for order in orders])
        firsts = [order[0] for order in orders]
        for option in "ABCD":
            if 2 * firsts.count(option) > len(orders):
                assert result.winners == (option,)
        assert sorted(itertools.chain(*result.order)) == list("ABCD")
        assert bool(result.winners) != bool(result.tied)


GRADES = ("很好", "好", "一般", "不行")


class TestMajorityJudgment:
    QUESTION = Question("q", CITIES, "majority_judgment", grades=GRADES)

    def test_the_capital_of_tennessee(self) -> None:
        ballots = []
        for times, order in ((42, "MNCK"), (26, "NCKM"), (15, "CKNM"), (17, "KCNM")):
            grades = {"M": 3 if order[0] != "M" else 0, **{city: order.index(city) for city in "NCK"}}
            ballots += [{city: GRADES[grade] for city, grade in grades.items()}] * times
        result = majority_judgment(self.QUESTION, ballots)
        assert result.winners == ("N",)
        assert result.order[-1] == ("M",)

    def test_the_lower_of_two_middles_counts(self) -> None:
        question = Question("q", ("A", "B"), "majority_judgment", grades=GRADES)
        result = majority_judgment(question, [{"A": "很好", "B": "好"}, {"A": "一般", "B": "好"}])
        assert result.winners == ("B",)

    def test_middles_are_taken_away_until_they_differ(self) -> None:
        question = Question("q", ("A", "B"), "majority_judgment", grades=GRADES)
        ballots = [{"A": "好", "B": "好"}, {"A": "很好", "B": "好"}, {"A": "一般", "B": "一般"}]
        assert majority_judgment(question, ballots).winners == ("A",)
        assert majority_judgment(question, ballots).steps[0] == {
            "option": "A",
            "grades": {"很好": 1, "好": 1, "一般": 1, "不行": 0},
        }

    def test_equal_to_the_end_is_a_tie(self) -> None:
        question = Question("q", ("A", "B", "C"), "majority_judgment", grades=GRADES)
        result = majority_judgment(question, [{"A": "好", "B": "一般"}, {"A": "一般", "B": "好"}])
        assert (result.winners, result.tied, result.order) == ((), ("A", "B"), (("A", "B"), ("C",)))

    def test_no_grade_is_the_worst_grade_and_unknown_words_spoil(self) -> None:
        question = Question("q", ("A", "B"), "majority_judgment", grades=GRADES)
        result = majority_judgment(question, [{"B": "一般"}, {}, {"Z": "好"}, {"A": "棒"}])
        assert (result.winners, result.counted, result.spoiled) == (("B",), 1, 3)
        assert majority_judgment(question, []).tied == ("A", "B")

    @given(st.lists(st.tuples(*[st.sampled_from(GRADES)] * 3), min_size=1, max_size=7))
    def test_the_order_is_that_of_the_removed_medians(self, ballots: list[tuple[str, str, str]]) -> None:
        question = Question("q", ("A", "B", "C"), "majority_judgment", grades=GRADES)
        result = majority_judgment(question, [dict(zip("ABC", ballot, strict=True)) for ballot in ballots])

        def medians(column: int) -> list[int]:
            grades = sorted(GRADES.index(ballot[column]) for ballot in ballots)
            return [grades.pop(len(grades) // 2) for _ in ballots]

        place = {option: n for n, level in enumerate(result.order) for option in level}
        for (n, a), (m, b) in itertools.combinations(enumerate("ABC"), 2):
            assert (place[a] < place[b]) == (medians(n) < medians(m))
            assert (place[a] == place[b]) == (medians(n) == medians(m))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"method": "coin"}, "unknown_method"),
        ({"options": ("A",)}, "bad_options"),
        ({"options": ("A", "A")}, "bad_options"),
        ({"seats": 0}, "bad_seats"),
        ({"seats": 3}, "bad_seats"),
        ({"seats": 2, "method": "schulze"}, "bad_seats"),
        ({"at_most": -1}, "bad_seats"),
        ({"at_most": 4}, "bad_seats"),
        ({"grades": GRADES}, "bad_grades"),
        ({"method": "majority_judgment"}, "bad_grades"),
        ({"method": "majority_judgment", "grades": ("好",)}, "bad_grades"),
        ({"method": "majority_judgment", "grades": ("好", "好")}, "bad_grades"),
    ],
)
def test_a_question_that_cannot_be_counted_cannot_be_asked(change: dict[str, object], code: str) -> None:
    fields = {"key": "q", "options": ("A", "B", "C"), "method": "choose", **change}
    with pytest.raises(Refused) as refused:
        Question(**fields)  # type: ignore[arg-type]
    assert refused.value.code == code


def test_a_straw_poll_is_the_same_question_marked_not_binding() -> None:
    for method in METHODS:
        grades = GRADES if method == "majority_judgment" else ()
        assert Question("q", ("A", "B"), method, at_most=2, grades=grades).binding
        assert not Question("q", ("A", "B"), method, grades=grades, binding=False).binding
