"""The recorder's page: one paragraph at a time, without JavaScript, safe against a colleague who edits too."""

from __future__ import annotations

from starlette.responses import Response

from deliberation.minutes import actions, queries, rules
from deliberation.minutes.rules import State
from deliberation.web.visit import Visit

MOST = 9999


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def editing_page(visit: Visit) -> Response:
    minutes = queries.minutes(visit.session, visit.council_id, visit.params["minutes_id"], drafts=True)
    given = queries.answers(visit.session, minutes)
    state = queries.state(minutes)
    rows = queries.paragraphs(visit.session, minutes.id)
    texts = queries.texts(rows)
    at = _number(visit.value("at") or visit.query("at"))
    return visit.render(
        "minutes/editing.html",
        minutes=minutes,
        parts=queries.parts(rows, given),
        to_deleted=queries.to_deleted(given),
        at=at,
        ways=[to for to in ("up", "down") if 1 <= at <= len(texts) and rules.may_move(texts, at, up=to == "up")],
        after=_number(visit.value("after") or visit.query("after")),
        state=state,
        open=state in (State.DRAFT, State.CORRECTING),
        last=_number(visit.query("last")),
        removed=queries.removed(visit.session, minutes.id),
        gone=_number(visit.query("gone")),
        most=rules.MOST_LETTERS,
    )


def _back(visit: Visit, number: int, said: str) -> Response:
    return visit.to(visit.url(f"/minutes/{visit.params['minutes_id']}/editing?last={number}#p{number}"), said=said)


def keep(visit: Visit) -> Response:
    """`at`: the paragraph that is changed; or `after`: the one a new paragraph follows."""
    form = visit.form
    version = form.whole("version", least=1, most=10**9)
    at = form.whole("at", least=0, most=MOST, default=0)
    after = form.whole("after", least=0, most=MOST, default=0)
    text = form.text("text", most=rules.MOST_LETTERS, one_line=False)
    form.check()
    minutes_id = visit.params["minutes_id"]
    if at:
        actions.change(visit.tx, minutes_id, version=version, at=at, text=text)
        return _back(visit, at, "paragraph_kept")
    actions.insert(visit.tx, minutes_id, version=version, after=after, text=text)
    return _back(visit, after + 1, "paragraph_kept")


def move(visit: Visit) -> Response:
    version = visit.form.whole("version", least=1, most=10**9)
    number = visit.form.whole("number", least=1, most=MOST)
    to = visit.form.choice("to", ("up", "down"))
    visit.form.check()
    actions.move(visit.tx, visit.params["minutes_id"], version=version, at=number, up=to == "up")
    return _back(visit, number - 1 if to == "up" else number + 1, "paragraph_moved")


def remove(visit: Visit) -> Response:
    version = visit.form.whole("version", least=1, most=10**9)
    number = visit.form.whole("number", least=1, most=MOST)
    visit.form.check()
    minutes_id = visit.params["minutes_id"]
    gone = actions.remove(visit.tx, minutes_id, version=version, at=number)
    return visit.to(visit.url(f"/minutes/{minutes_id}/editing?gone={gone.id}#gone"), said="paragraph_removed")


def restore(visit: Visit) -> Response:
    version = visit.form.whole("version", least=1, most=10**9)
    visit.form.check()
    number = actions.restore(visit.tx, visit.params["minutes_id"], visit.params["removed_id"], version=version)
    return _back(visit, number, "paragraph_restored")
