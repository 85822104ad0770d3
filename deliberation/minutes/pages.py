"""Reading minutes, saying one's word on them, and the paper and the file that can be taken away."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from deliberation.council.queries import settings_of
from deliberation.council.rules import STAFF, Role
from deliberation.meeting import queries as meetings
from deliberation.minutes import actions, editing_pages, queries
from deliberation.minutes.rules import State, Word
from deliberation.minutes.tables import Minutes
from deliberation.web import pdf
from deliberation.web.readings import Reads
from deliberation.web.routing import act, page
from deliberation.web.viewer import MEMBER, NotAllowed, seat
from deliberation.web.visit import Visit
from votes.refusal import Refused

MINUTES = "/c/{council}/minutes/{minutes_id:int}"
MEETING = "/c/{council}/meetings/{meeting_id:int}"
WORKS = frozenset({Role.MODERATOR, Role.RECORDER})


def found(visit: Visit) -> Minutes:
    return queries.minutes(
        visit.session, visit.council_id, visit.params["minutes_id"], drafts=bool(visit.roles & set(STAFF))
    )


def minutes_page(visit: Visit) -> Response:
    minutes = found(visit)
    given = queries.answers(visit.session, minutes)
    state = queries.state(minutes)
    asking = state is State.PUT_UP and minutes.confirm_until is not None and minutes.confirm_until > visit.now
    own_words = visit.value("word") == Word.OBJECTED and not visit.value("presence")
    return visit.render(
        "minutes/minutes.html",
        objecting=visit.value("position") if own_words else visit.query("object"),
        result=queries.result(given),
        minutes=minutes,
        meeting=meetings.meeting(visit.session, visit.council_id, minutes.meeting_id, drafts=True),
        state=state,
        asking=asking,
        parts=queries.parts(queries.paragraphs(visit.session, minutes.id), given),
        answers=given,
        missing=queries.missing(given),
        to_deleted=queries.to_deleted(given),
        mine=next((one for one in given if one.account_id == visit.me), None),
        without_account=[one for one in given if one.account_id is None],
        holds=minutes.sha256 == queries.fingerprint(visit.session, minutes) if minutes.sha256 else None,
        works=bool(visit.roles & WORKS),
        keys_in=asking and bool(visit.roles & set(STAFF)),
    )


def of_meeting_page(visit: Visit) -> Response:
    """A meeting's page knows no minutes; this address leads on to them."""
    meeting = meetings.meeting(
        visit.session, visit.council_id, visit.params["meeting_id"], drafts=bool(visit.roles & set(STAFF))
    )
    minutes = queries.of_meeting(visit.session, visit.council_id, meeting.id)
    if minutes and (visit.roles & set(STAFF) or queries.state(minutes) is not State.DRAFT):
        return visit.to(visit.url(f"/minutes/{minutes.id}"))
    return visit.render(
        "minutes/none.html", meeting=meeting, drafted=minutes is not None, works=bool(visit.roles & WORKS)
    )


def draft(visit: Visit) -> Response:
    meetings.meeting(visit.session, visit.council_id, visit.params["meeting_id"], drafts=True)
    before = queries.of_meeting(visit.session, visit.council_id, visit.params["meeting_id"])
    if before:
        return visit.to(visit.url(f"/minutes/{before.id}"))
    minutes = actions.draft(visit.tx, visit.params["meeting_id"])
    return visit.to(visit.url(f"/minutes/{minutes.id}/editing"), said="minutes_drafted")


def put_up(visit: Visit) -> Response:
    actions.put_up(visit.tx, visit.params["minutes_id"])
    return visit.to(visit.url(f"/minutes/{visit.params['minutes_id']}"), said="minutes_put_up")


def take_back(visit: Visit) -> Response:
    actions.take_back(visit.tx, visit.params["minutes_id"])
    return visit.to(visit.url(f"/minutes/{visit.params['minutes_id']}/editing"), said="minutes_taken_back")


def freeze(visit: Visit) -> Response:
    actions.freeze(visit.tx, visit.params["minutes_id"])
    return visit.to(visit.url(f"/minutes/{visit.params['minutes_id']}"), said="minutes_frozen")


def attest(visit: Visit) -> Response:
    """By somebody who was there, or at the desk for somebody who was there and has no account."""
    minutes = found(visit)
    presence_id = visit.form.whole("presence", least=0, most=10**9, default=0)
    word = visit.form.choice("word", tuple(Word))
    version = visit.form.whole("version", least=1, most=10**9)
    position, note = None, ""
    if visit.form.raw("word") == Word.OBJECTED:
        position = visit.form.whole("position", least=1, most=9999)
        note = visit.form.text("note", most=500, least=2, one_line=False)
    visit.form.check()
    if presence_id:
        if not visit.roles & set(STAFF):
            raise NotAllowed
        queries.presence_without_account(visit.session, minutes.meeting_id, presence_id)
        account_id = None
    else:
        given = queries.answers(visit.session, minutes)
        mine = next((one for one in given if one.account_id == visit.me), None)
        if mine is None:
            raise Refused("was_not_there")
        presence_id, account_id = mine.presence_id, visit.me
    actions.attest(
        visit.tx,
        minutes.id,
        presence_id,
        version=version,
        word=word,
        position=position,
        note=note,
        account_id=account_id,
    )
    own = "minutes_objected" if word is Word.OBJECTED else "minutes_confirmed"
    said = own if account_id else "minutes_word_recorded"
    at = f"#p{position}" if account_id and position else ""
    return visit.to(visit.url(f"/minutes/{minutes.id}{at}"), said=said)


def _sheet(visit: Visit, minutes: Minutes, *, apology: str = "") -> Response:
    given = queries.answers(visit.session, minutes)
    return visit.render(
        "minutes/sheet.html",
        minutes=minutes,
        council=settings_of(visit.session, visit.council_id),
        state=queries.state(minutes),
        parts=queries.parts(queries.paragraphs(visit.session, minutes.id), given),
        answers=given,
        to_deleted=queries.to_deleted(given),
        apology=apology,
    )


def print_page(visit: Visit) -> Response:
    return _sheet(visit, found(visit))


def pdf_file(visit: Visit) -> Response:
    visit.site.limiter.hit("20/minute", "pdf", str(visit.me))
    minutes = found(visit)
    return pdf.answer(lambda apology: _sheet(visit, minutes, apology=apology), f"minutes-{minutes.serial_no}.pdf")


def record_file(visit: Visit) -> Response:
    """The very bytes whose hash is printed on the minutes."""
    minutes = found(visit)
    if minutes.frozen_at is None:
        raise Refused("minutes_not_frozen")
    name = f"minutes-{minutes.serial_no}.json"
    return Response(
        queries.canonical(visit.session, minutes),
        media_type="application/json",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


_WORKING = seat(*WORKS)
_TEXT, _FILE = Reads("minutes", of="minutes_id"), Reads("minutes_file", of="minutes_id")

routes: list[Route] = [
    page(f"{MEETING}/minutes", of_meeting_page, needs=MEMBER),
    act(f"{MEETING}/minutes", draft, needs=_WORKING, page=f"{MEETING}/minutes"),
    page(MINUTES, minutes_page, needs=MEMBER, reads=_TEXT),
    page(f"{MINUTES}/print", print_page, needs=MEMBER, reads=_FILE),
    page(f"{MINUTES}/pdf", pdf_file, needs=MEMBER, reads=_FILE),
    page(f"{MINUTES}/record.json", record_file, needs=MEMBER, reads=_FILE),
    act(f"{MINUTES}/putting-up", put_up, needs=_WORKING, page=MINUTES),
    act(f"{MINUTES}/taking-back", take_back, needs=_WORKING, page=MINUTES),
    act(f"{MINUTES}/freezing", freeze, needs=_WORKING, page=MINUTES),
    act(f"{MINUTES}/attestation", attest, needs=MEMBER, page=MINUTES),
    page(f"{MINUTES}/editing", editing_pages.editing_page, needs=_WORKING, reads=_TEXT),
    act(f"{MINUTES}/paragraphs", editing_pages.keep, needs=_WORKING, page=f"{MINUTES}/editing"),
    act(f"{MINUTES}/paragraphs/moving", editing_pages.move, needs=_WORKING, page=f"{MINUTES}/editing"),
    act(f"{MINUTES}/paragraphs/removing", editing_pages.remove, needs=_WORKING, page=f"{MINUTES}/editing"),
    act(
        MINUTES + "/removed/{removed_id:int}/restoring",
        editing_pages.restore,
        needs=_WORKING,
        page=f"{MINUTES}/editing",
    ),
]
