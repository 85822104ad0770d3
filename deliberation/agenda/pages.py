"""Raising a matter, seconding it, and deciding whether the council takes it up."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from deliberation.agenda import actions, motion_pages, queries, rules
from deliberation.agenda.rules import Category, Channel, Kind
from deliberation.council.queries import settings_of
from deliberation.council.rules import STAFF, Role
from deliberation.db import photos
from deliberation.people.queries import names
from deliberation.web.routing import act, page
from deliberation.web.viewer import MEMBER, VERIFIED, NotAllowed, seat
from deliberation.web.visit import Visit

DOSSIER = "/c/{council}/matters/{proposal_id:int}"
TRIAGE = DOSSIER + "/triage"
OUTCOMES = {"acceptance": "accept", "merging": "merge", "answer": "answer", "refusal": "decline"}
"""Last word of the address -> which of the four ways the triage page shows."""


def may_raise(visit: Visit) -> None:
    """Verified residents raise their own; staff key in what came on paper or by phone."""
    if not visit.viewer.verified and not visit.roles & set(STAFF):
        raise NotAllowed


LEAST_TEXT = 10


def new_page(visit: Visit) -> Response:
    may_raise(visit)
    return _new(visit)


def _kept(visit: Visit) -> list[int]:
    """Numbers of pictures that came with an earlier sending of this form."""
    return [int(one) for one in visit.values("kept")[: rules.MOST_PHOTOS] if one.isdecimal() and len(one) < 16]


def _new(visit: Visit, *, found: list[queries.Similar] | None = None, kept: list[int] | None = None) -> Response:
    title = visit.value("title")
    return visit.render(
        "agenda/new.html",
        categories=list(Category),
        channels=[one for one in Channel if one != Channel.ONLINE or visit.viewer.verified],
        staff=bool(visit.roles & set(STAFF)),
        similar=queries.similar(visit.session, visit.council_id, title) if found is None else found,
        kept=_kept(visit) if kept is None else kept,
        ask=found is not None,
        least=LEAST_TEXT,
    )


def similar(visit: Visit) -> Response:
    """The part of the form that shows matters like the title typed so far."""
    found = queries.similar(visit.session, visit.council_id, visit.query("title"))
    if visit.htmx:
        return visit.block("agenda/new.html", "similar", similar=found, ask=False)
    return visit.render("agenda/similar.html", similar=found, title=visit.query("title"))


def propose(visit: Visit) -> Response:
    may_raise(visit)
    form = visit.form
    title = form.text("title", most=60, least=4)
    category = form.choice("category", list(Category))
    text = form.text("text", most=2000, least=LEAST_TEXT, one_line=False)
    suggestion = form.text("suggestion", most=1000, required=False, one_line=False)
    place = form.text("place", most=60, required=False)
    staff = bool(visit.roles & set(STAFF))
    default = Channel.ONLINE if visit.viewer.verified else None
    channel = form.choice("channel", list(Channel), default=default) if staff else Channel.ONLINE
    if channel == Channel.ONLINE and not visit.viewer.verified:
        form.fault("channel", "missing")
    raised_for = form.text("raised_for", most=40, required=False) if staff and channel != Channel.ONLINE else ""
    kept = _kept(visit)
    pictures = form.photos("photos", most=rules.MOST_PHOTOS - len(kept))
    form.check()
    # Whoever saw the list while typing has its numbers in the form and is not asked again.
    seen = set(visit.values("seen"))
    alike = queries.similar(visit.session, visit.council_id, title)
    if any(str(one.id) not in seen for one in alike):
        if pictures:
            kept += actions.keep_pictures(visit.tx, pictures)
        return _new(visit, found=alike, kept=kept)
    proposal = actions.propose(
        visit.tx,
        title=title,
        text=text,
        category=category,
        suggestion=suggestion,
        place=place,
        channel=channel,
        raised_for=raised_for,
        pictures=pictures,
        kept=kept,
    )
    return visit.to(visit.url(f"/matters/{proposal.id}"), said="raised")


def second(visit: Visit) -> Response:
    proposal_id = visit.params["proposal_id"]
    actions.second(visit.tx, proposal_id)
    return visit.to(visit.url(f"/matters/{proposal_id}"), said="seconded")


def withdraw_second(visit: Visit) -> Response:
    proposal_id = visit.params["proposal_id"]
    actions.withdraw_second(visit.tx, proposal_id)
    return visit.to(visit.url(f"/matters/{proposal_id}"), said="second_withdrawn")


def triage_page(visit: Visit) -> Response:
    proposal = queries.proposal(visit.session, visit.council_id, visit.params["proposal_id"])
    sent = visit.path.rsplit("/", 1)[-1]
    wanted = OUTCOMES.get(sent) or visit.query("do")
    way = wanted if wanted in OUTCOMES.values() else "accept"
    if proposal.state != rules.State.RAISED and not visit.refusal:
        return visit.to(visit.url(f"/matters/{proposal.id}"))
    return visit.render(
        "agenda/triage.html",
        proposal=proposal,
        way=way,
        author=names(visit.session, [proposal.author_id])[proposal.author_id],
        due_at=rules.triage_due(proposal.raised_at),
        support=queries.support(visit.session, [proposal.id]).get(proposal.id, 0),
        needed=settings_of(visit.session, visit.council_id).seconds_needed,
        similar=queries.similar(visit.session, visit.council_id, proposal.title, but=proposal.id),
        targets=queries.merge_targets(visit.session, visit.council_id, proposal.id) if way == "merge" else [],
        pictures=photos.of(visit.session, visit.council_id, "proposal", [proposal.id]).get(proposal.id, []),
        kinds=list(Kind),
    )


def accept(visit: Visit) -> Response:
    reason = visit.form.text("reason", most=500)
    kind = visit.form.choice("kind", list(Kind))
    visit.form.check()
    motion = actions.accept(visit.tx, visit.params["proposal_id"], reason=reason, kind=kind)
    return visit.to(visit.url(f"/motions/{motion.id}"), said="accepted")


def merge(visit: Visit) -> Response:
    reason = visit.form.text("reason", most=500)
    into_id = visit.form.whole("into_id", least=1, most=10**12)
    visit.form.check()
    actions.merge(visit.tx, visit.params["proposal_id"], into_id=into_id, reason=reason)
    return visit.to(visit.url(f"/matters/{into_id}"), said="merged")


def answer(visit: Visit) -> Response:
    reason = visit.form.text("reason", most=1000, one_line=False)
    visit.form.check()
    actions.answer(visit.tx, visit.params["proposal_id"], reason=reason)
    return visit.to(visit.url(f"/matters/{visit.params['proposal_id']}"), said="answered")


def decline(visit: Visit) -> Response:
    reason = visit.form.text("reason", most=1000, one_line=False)
    visit.form.check()
    actions.decline(visit.tx, visit.params["proposal_id"], reason=reason)
    return visit.to(visit.url(f"/matters/{visit.params['proposal_id']}"), said="declined")


_MODERATOR = seat(Role.MODERATOR)
_OF = "/c/{council}/proposals/{proposal_id:int}"

routes: list[Route] = [
    page("/c/{council}/matters/new", new_page, needs=MEMBER),
    page("/c/{council}/matters/similar", similar, needs=MEMBER),
    act("/c/{council}/matters", propose, needs=MEMBER, page="/c/{council}/matters/new", rate="10/minute", most_mb=80),
    act(f"{_OF}/seconding", second, needs=VERIFIED, page=DOSSIER),
    act(f"{_OF}/seconding/withdrawal", withdraw_second, needs=VERIFIED, page=DOSSIER),
    page(TRIAGE, triage_page, needs=_MODERATOR),
    act(f"{_OF}/acceptance", accept, needs=_MODERATOR, page=TRIAGE),
    act(f"{_OF}/merging", merge, needs=_MODERATOR, page=TRIAGE),
    act(f"{_OF}/answer", answer, needs=_MODERATOR, page=TRIAGE),
    act(f"{_OF}/refusal", decline, needs=_MODERATOR, page=TRIAGE),
    *motion_pages.routes,
]
