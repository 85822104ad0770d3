"""The result of a poll: public, without personal data; objections; and the files with which it can be counted again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from deliberation.ballot import pages as ballot_pages
from deliberation.ballot import queries as ballots
from deliberation.ballot import rolls
from deliberation.ballot import rules as ballot_rules
from deliberation.ballot.paper import queries as paper_queries
from deliberation.ballot.tables import Poll
from deliberation.council.queries import seats
from deliberation.council.roll import changes as roll_changes
from deliberation.council.roll import queries as roll_queries
from deliberation.council.rules import STAFF, Role
from deliberation.decision import actions, queries, rules
from deliberation.decision.tables import Decision
from deliberation.i18n.catalog import word
from deliberation.jobs.clock import local
from deliberation.web import qr
from deliberation.web.routing import act, page
from deliberation.web.spreadsheet import csv_file
from deliberation.web.viewer import ANYONE, MEMBER, VERIFIED, seat
from deliberation.web.visit import Visit
from votes.words import measured

ROWS = ("for", "against", "abstain", "invalid", "held", "not_returned")


def _found(visit: Visit) -> tuple[Decision, Poll]:
    decision = queries.decision(visit.session, visit.council_id, visit.params["decision_id"])
    return decision, ballots.poll(visit.session, visit.council_id, decision.poll_id)


def _facts(visit: Visit) -> dict[str, Any]:
    decision, poll = _found(visit)
    verdict = queries.verdict_of(decision)
    pending = queries.pending(visit.session, decision)
    headline, reasons = verdict.headline(visit.lang), verdict.reasons(visit.lang)
    if not ballot_rules.binds(poll.standing):
        code = rules.outcome(valid=verdict.valid, passed=verdict.passed, binds=False)
        headline = word("opinion", code, visit.lang)
        reasons = [measured(test, visit.lang) for test in verdict.tests]
    return {
        **ballot_pages.facts(visit, poll),
        "decision": decision,
        "verdict": verdict,
        "headline": headline,
        "reasons": reasons,
        "totals": [(row, verdict.totals[row]) for row in ROWS if row != "held" or verdict.totals[row]["heads"]],
        "channels": _channels(visit, poll),
        "levels": ballots.levels_in(visit.session, poll.id),
        "left_out": paper_queries.not_counted(visit.session, poll.id),
        "recounts": queries.recounts(visit.session, decision.id),
        "pending": pending,
        "stage": pending.state(visit.now),
        "command": _command(poll),
        "address": f"{visit.site.settings.base_url}{visit.url(f'/decisions/{decision.id}')}",
    }


def _channels(visit: Visit, poll: Poll) -> list[tuple[str, rolls.Turnout]]:
    """How the ballots came in; who takes part is no secret, what they say is not in it."""
    by = {channel: ballots.heads_in(visit.session, poll.id, channel=channel) for channel in ("online", "paper")}
    if held := ballots.heads_in(visit.session, poll.id, by_proxy=True):
        by["proxy"] = held
    return [(how, rolls.turnout(visit.session, poll, heads)) for how, heads in by.items()]


def _command(poll: Poll) -> str:
    options = (" --invalid-takes-part" if poll.invalid_takes_part else "") + (
        " --count-parking" if poll.count_parking else ""
    )
    closes = local(poll.closes_at).isoformat(timespec="minutes")
    given = f"--rule {poll.rule} --roll roll.csv --ballots ballots.csv --closes {closes}"
    return f"python -m votes count {given}{options} --explain"


def decision_page(visit: Visit) -> Response:
    found = _facts(visit)
    objections = queries.objections(visit.session, found["decision"].id)
    return visit.render(
        "decision/decision.html",
        objections=objections if visit.viewer.member else [],
        objection_count=len(objections),
        owed=found["pending"].unanswered,
        staff=bool(visit.roles & set(STAFF)),
        supervises=Role.SUPERVISOR in visit.roles,
        supervised=any(seat.role == Role.SUPERVISOR for seat in seats(visit.session, visit.council_id)),
        hands=found["pending"].hands,
        ways=list(rules.Done),
        **found,
    )


def sheet(visit: Visit) -> Response:
    found = _facts(visit)
    return visit.render("decision/sheet.html", qr_svg=qr.svg(found["address"]), **found)


def of_poll(visit: Visit) -> Response:
    """The way from a poll to its result, also in the seconds before it is counted."""
    poll = ballots.poll(visit.session, visit.council_id, visit.params["poll_id"])
    decision = queries.of_poll(visit.session, visit.council_id, poll.id)
    if decision:
        return visit.to(visit.url(f"/decisions/{decision.id}"))
    held_back = queries.held_back(visit.session, visit.council_id, poll)
    return visit.render("decision/counting.html", held_back=held_back, **ballot_pages.facts(visit, poll))


def public_record(visit: Visit) -> Response:
    """The verdict exactly as `votes` gave it, and under "decision" what it was sealed with."""
    decision, poll = _found(visit)
    body = {
        **json.loads(decision.verdict),
        "decision": {
            "title": decision.title,
            "published_at": decision.published_at.isoformat(),
            "motion_sha256": poll.text_sha256,
            "roll_fingerprint": poll.roll_fingerprint,
            "rule_hash": poll.rule_hash,
            "last_ballot": actions.last_ballot_hash(visit.session, poll.id),
            "sha256": decision.sha256,
            "online_levels": [
                {"levels": levels, "ballots": count} for levels, count in ballots.levels_in(visit.session, poll.id)
            ],
        },
    }
    text = json.dumps(body, ensure_ascii=False, indent=2)
    return Response(text, media_type="application/json", headers={"x-content-type-options": "nosniff"})


def object_to(visit: Visit) -> Response:
    text = visit.form.text("text", most=2000, least=10, one_line=False)
    visit.form.check()
    actions.object_to(visit.tx, visit.params["decision_id"], text=text)
    return visit.to(visit.url(f"/decisions/{visit.params['decision_id']}#objections"), said="objected")


def answer(visit: Visit) -> Response:
    number: int = visit.params["objection_id"]
    done = visit.form.choice(f"done_{number}", list(rules.Done))
    text = visit.form.text(f"answer_{number}", most=2000, least=4, one_line=False)
    visit.form.check()
    actions.answer(visit.tx, visit.params["decision_id"], number, done=done, text=text)
    return visit.to(visit.url(f"/decisions/{visit.params['decision_id']}#objections"), said="objection_answered")


def recount(visit: Visit) -> Response:
    outcome = visit.form.choice("recount", ("same", "different"))
    note = visit.form.text("note", most=500, least=4, one_line=False)
    visit.form.check()
    actions.recount(visit.tx, visit.params["decision_id"], same=outcome == "same", note=note)
    return visit.to(visit.url(f"/decisions/{visit.params['decision_id']}#verify"), said="recounted")


def ballots_file(visit: Visit) -> Response:
    _, poll = _found(visit)
    return _file(visit, "ballots.csv", ballots.ballot_rows(visit.session, poll.id))


def roll_file(visit: Visit) -> Response:
    _, poll = _found(visit)
    # Read anew, not from memory: whoever checks must get what is kept.
    return _file(visit, "roll.csv", roll_changes.rows_of(roll_queries.voting_roll(visit.session, poll.roll_id)))


def _file(visit: Visit, name: str, rows: Iterable[Sequence[str]]) -> Response:
    actions.note_taken_out(visit.tx, visit.params["decision_id"], choices=name == "ballots.csv")
    return csv_file(name, rows)


_SUPERVISOR = seat(Role.SUPERVISOR)
"""Who runs the council and answers objections must not know how each owner voted; who checks the count has to."""
_ONE = "/c/{council}/decisions/{decision_id:int}"
routes: list[Route] = [
    page("/c/{council}/polls/{poll_id:int}/decision", of_poll, needs=MEMBER),
    page(_ONE, decision_page, needs=ANYONE, shared=True),
    page(f"{_ONE}/sheet", sheet, needs=ANYONE, shared=True),
    page(f"{_ONE}/record.json", public_record, needs=ANYONE, shared=True),
    act(f"{_ONE}/objections", object_to, needs=VERIFIED, page=_ONE, rate="10/hour"),
    act(f"{_ONE}/objections/{{objection_id:int}}/answer", answer, needs=seat("moderator"), page=_ONE),
    act(f"{_ONE}/ballots.csv", ballots_file, needs=_SUPERVISOR, page=_ONE),
    act(f"{_ONE}/roll.csv", roll_file, needs=_SUPERVISOR, page=_ONE),
    act(f"{_ONE}/recount", recount, needs=_SUPERVISOR, page=_ONE),
]
