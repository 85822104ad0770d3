"""Choose k of n, approval, Schulze, instant run-off, majority judgment (SPEC 9.2-9.6). Integers only; a tie is always named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from votes.question import Question, Result, fill, levels

Ranking = Sequence[Collection[str]]


def marked(question: Question, ballots: Iterable[Collection[str]]) -> Result:
    """Choose k of n (`at_most`, else as many as seats) or approval (any number). A ballot that marks too many, marks an unknown
    option or marks nothing is spoiled. For "nothing suits me" offer an option that says so."""
    most = (question.at_most or question.seats) if question.method == "choose" else len(question.options)
    score = dict.fromkeys(question.options, 0)
    counted = spoiled = 0
    for ballot in ballots:
        marks = set(ballot)
        if not 1 <= len(ballot) <= most or len(marks) != len(ballot) or not marks <= set(question.options):
            spoiled += 1
            continue
        counted += 1
        for option in marks:
            score[option] += 1
    order = levels(question.options, score)
    winners, tied = fill(order, question.seats) if counted else ((), question.options)
    return Result(winners, tied, order, counted, spoiled, ({"score": score},))


def _usable(
    question: Question, ballots: Iterable[Ranking], strict: bool
) -> tuple[list[tuple[tuple[str, ...], ...]], int]:
    """Ballots as tuples of levels, best first; options left out stand together behind all others."""
    known = set(question.options)
    kept: list[tuple[tuple[str, ...], ...]] = []
    spoiled = 0
    for ballot in ballots:
        named = [option for level in ballot for option in level]
        bad = not named or len(set(named)) != len(named) or not set(named) <= known
        if bad or (strict and any(len(level) != 1 for level in ballot)):
            spoiled += 1
        else:
            kept.append(tuple(tuple(level) for level in ballot if level))
    return kept, spoiled


def schulze(question: Question, ballots: Iterable[Ranking]) -> Result:
    """Beat paths with winning votes. Levels of a ballot may hold several equal options; those left out are last together."""
    kept, spoiled = _usable(question, ballots, strict=False)
    options = question.options
    prefer = {(a, b): 0 for a in options for b in options if a != b}
    for ballot, times in Counter(kept).items():
        place = {option: rank for rank, level in enumerate(ballot) for option in level}
        for a, b in prefer:
            if place.get(a, len(ballot)) < place.get(b, len(ballot)):
                prefer[a, b] += times
    path = {(a, b): prefer[a, b] if prefer[a, b] > prefer[b, a] else 0 for a, b in prefer}
    for middle in options:
        for a, b in prefer:
            if middle not in (a, b):
                path[a, b] = max(path[a, b], min(path[a, middle], path[middle, b]))
    left = list(options)
    order: list[tuple[str, ...]] = []
    while left:
        best = tuple(a for a in left if all(path[a, b] >= path[b, a] for b in left if b != a))
        order.append(best)
        left = [option for option in left if option not in best]
    steps = tuple({"pair": (a, b), "prefer": prefer[a, b], "strength": path[a, b]} for a, b in prefer)
    winners, tied = fill(order, 1)
    return Result(winners, tied, tuple(order), len(kept), spoiled, steps)


def instant_runoff(question: Question, ballots: Iterable[Ranking], lots: Sequence[str] = ()) -> Result:
    """Drop the last until one holds more than half of the ballots still in play. Several last ones are dropped together when even
    their sum is below the next; else it is a tie, named and left standing, unless `lots` (options in the order drawn in public,
    first drawn stays longest) was given, and then the step says "by_lot"."""
    kept, spoiled = _usable(question, ballots, strict=True)
    papers = Counter(tuple(level[0] for level in ballot) for ballot in kept)
    left = list(question.options)
    gone: list[tuple[str, ...]] = []
    steps: list[dict[str, object]] = []
    while True:
        score = _first_choices(papers, left)
        in_play = sum(score.values())
        steps.append({"score": score, "exhausted": len(kept) - in_play})
        best = max(left, key=lambda option: score[option])
        if 2 * score[best] > in_play or len(left) == 1:
            rest = levels([o for o in left if o != best], {o: score[o] for o in left if o != best})
            return Result((best,), (), ((best,), *rest, *gone), len(kept), spoiled, tuple(steps))
        out = _to_drop(left, score, lots, steps[-1])
        if not out:
            tied = tuple(option for option in left if score[option] == min(score.values()))
            return Result((), tied, (tuple(left), *gone), len(kept), spoiled, tuple(steps))
        steps[-1]["dropped"] = out
        gone.insert(0, out)
        left = [option for option in left if option not in out]


def _first_choices(papers: Mapping[tuple[str, ...], int], left: Sequence[str]) -> dict[str, int]:
    score = dict.fromkeys(left, 0)
    for paper, times in papers.items():
        first = next((option for option in paper if option in score), None)
        if first is not None:
            score[first] += times
    return score


def _to_drop(
    left: Sequence[str], score: Mapping[str, int], lots: Sequence[str], step: dict[str, object]
) -> tuple[str, ...]:
    last = tuple(option for option in left if score[option] == min(score.values()))
    above = [score[option] for option in left if option not in last]
    if len(last) == 1 or (above and len(last) * score[last[0]] < min(above)):
        return last
    if set(last) <= set(lots):
        step["by_lot"] = last
        return (max(last, key=list(lots).index),)
    return ()


def majority_judgment(question: Question, ballots: Iterable[Mapping[str, str]]) -> Result:
    """Each ballot grades every option; an option without a grade gets the worst one. Options are compared by the grade in the
    middle (the lower one of two), which is then taken away from both, until they differ. Equal to the end is a tie."""
    worst = len(question.grades) - 1
    rank = {grade: place for place, grade in enumerate(question.grades)}
    tally = {option: [0] * len(question.grades) for option in question.options}
    counted = spoiled = 0
    for ballot in ballots:
        if not ballot or not set(ballot) <= set(tally) or not set(ballot.values()) <= set(rank):
            spoiled += 1
            continue
        counted += 1
        for option in question.options:
            tally[option][rank[ballot[option]] if option in ballot else worst] += 1
    middles = {option: _middles(grades, counted) for option, grades in tally.items()}
    order = tuple(
        tuple(option for option in question.options if middles[option] == value)
        for value in sorted(set(middles.values()))
    )
    winners, tied = fill(order, 1) if counted else ((), question.options)
    steps: list[dict[str, object]] = []
    for option, grades in tally.items():
        steps.append({"option": option, "grades": dict(zip(question.grades, grades, strict=True))})
    return Result(winners, tied, order, counted, spoiled, tuple(steps))


def _middles(grades: Sequence[int], ballots: int) -> tuple[int, ...]:
    """The places of the middle grades, one after another, each taken away before the next is read; smaller is better."""
    left = list(grades)
    out: list[int] = []
    for taken in range(ballots):
        below = (ballots - taken) // 2
        place = 0
        while below >= left[place]:
            below -= left[place]
            place += 1
        left[place] -= 1
        out.append(place)
    return tuple(out)
