"""In the meeting, on one's own phone: sign in, follow, ask to speak, write, mark a straw poll."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from deliberation.meeting import board, floor_actions, presence_actions, queries, rules, talk_actions, who
from deliberation.meeting.board import Board
from deliberation.meeting.plan_pages import found, number, steers
from deliberation.web.viewer import MEMBER
from deliberation.web.visit import Visit
from votes.refusal import Refused

PHONE = "meeting/live.html"


def live_page(visit: Visit) -> Response:
    return visit.render(PHONE, **_context(visit))


def own_part(visit: Visit) -> Response:
    """What this person may do now; fetched again whenever the live page is told that it may have changed."""
    return visit.block(PHONE, "own", **_context(visit))


def _context(visit: Visit) -> dict[str, Any]:
    now = board.read(visit.session, visit.council_id, number(visit), visit.now, drafts=steers(visit))
    mine = queries.presence_of(visit.session, now.meeting.id, visit.me)
    here = mine is not None and mine.left_at is None
    return {
        "board": now,
        "mine": mine if here else None,
        "signing_in": rules.signing_in(now.state, now.meeting.starts_at, visit.now),
        "door_opens": rules.door_opens(now.meeting.starts_at),
        "code_digits": rules.DOOR_CODE_DIGITS,
        "dropped": mine is not None and now.state is rules.State.OPEN and queries.was_dropped(visit.session, mine.id),
        "my_place": next(
            (at for at, place in enumerate(now.queue, start=1) if mine and place.presence_id == mine.id), 0
        ),
        "speaking": bool(mine and now.speaker and now.speaker.presence_id == mine.id),
        "my_mark": _my_mark(visit, now, mine.id) if mine and now.straw else None,
        "steers": steers(visit),
        "live_at": visit.url(f"/live/meetings/{now.meeting.id}"),
        "at": visit.url(f"/meetings/{now.meeting.id}"),
        "most_statement": talk_actions.MOST_STATEMENT,
    }


def _my_mark(visit: Visit, now: Board, presence_id: int) -> int | None:
    return queries.mark_of(visit.session, now.straw.id, presence_id) if now.straw else None


def _back(visit: Visit, said: str | None = None) -> Response:
    return visit.to(visit.url(f"/meetings/{number(visit)}/live"), said=said)


def sign_in_online(visit: Visit) -> Response:
    _enter(visit, rules.Mode.ONLINE)
    return _back(visit, said="signed_in_online")


def _enter(visit: Visit, mode: rules.Mode) -> None:
    found(visit)
    presence_actions.sign_in(
        visit.tx,
        number(visit),
        name=visit.person.name if visit.person else "",
        home=visit.viewer.home,
        role=who.capacity(visit.roles, visit.viewer.tie),
        head_key=visit.viewer.head_key,
        mode=mode,
    )


def leave(visit: Visit) -> Response:
    meeting = found(visit)
    mine = queries.presence_of(visit.session, meeting.id, visit.me)
    if mine is None:
        raise Refused("sign_in_to_meeting")
    presence_actions.leave(visit.tx, meeting.id, mine.id)
    return _back(visit, said="left_meeting")


def door_page(visit: Visit) -> Response:
    """Behind the QR code in the room: one button, and nothing changes before it is pressed."""
    if visit.person is None:
        return visit.render("meeting/door_stranger.html")
    MEMBER.check(visit.viewer)
    meeting = found(visit)
    mine = queries.presence_of(visit.session, meeting.id, visit.me)
    return visit.render(
        "meeting/door.html",
        meeting=meeting,
        state=rules.state(meeting, visit.now),
        fits=visit.refused is None and _code_fits(visit, visit.params["code"]),
        signing_in=rules.signing_in(rules.state(meeting, visit.now), meeting.starts_at, visit.now),
        door_opens=rules.door_opens(meeting.starts_at),
        mode=mine.mode if mine is not None and mine.left_at is None else "",
    )


def come_in(visit: Visit) -> Response:
    if not _code_fits(visit, visit.params["code"]):
        raise Refused("door_code_old")
    _enter(visit, rules.Mode.ROOM)
    return _back(visit, said="signed_in_room")


def come_in_by_typing(visit: Visit) -> Response:
    """For a phone without a camera at hand: the digits under the picture."""
    code = visit.form.text("door_code", most=24)
    visit.form.check()
    if not _code_fits(visit, rules.typed_code(code)):
        raise Refused("door_code_wrong", field="door_code")
    _enter(visit, rules.Mode.ROOM)
    return _back(visit, said="signed_in_room")


def _code_fits(visit: Visit, code: str) -> bool:
    """Is it the code of this door? A wrong one counts against whoever tries it, by scanning, typing or looking."""
    meeting = found(visit)
    who_tries = ("door", str(meeting.id), str(visit.me))
    visit.site.limiter.room(rules.GUESSES, *who_tries)
    fits = presence_actions.code_opens(meeting, code)
    if not fits:
        visit.site.limiter.hit(rules.GUESSES, *who_tries)
    return fits


def ask(visit: Visit) -> Response:
    floor_actions.ask_to_speak(visit.tx, number(visit))
    return _back(visit, said="asked_to_speak")


def withdraw(visit: Visit) -> Response:
    floor_actions.withdraw(visit.tx, number(visit))
    return _back(visit, said="turn_withdrawn")


def say(visit: Visit) -> Response:
    text = visit.form.text("statement", most=talk_actions.MOST_STATEMENT, one_line=False)
    visit.form.check()
    talk_actions.write_statement(visit.tx, number(visit), text)
    return visit.to(visit.url(f"/meetings/{number(visit)}/live#say"), said="statement_written")


def mark(visit: Visit) -> Response:
    choice = visit.form.whole("choice", least=0, most=rules.MOST_OPTIONS - 1)
    visit.form.check()
    talk_actions.mark_straw(visit.tx, number(visit), visit.params["straw_id"], choice)
    return _back(visit, said="straw_marked")
