"""The motion: its text, its options, the law item it falls under, and the three checks."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from deliberation.agenda import actions, queries, rules
from deliberation.agenda.rules import Check, Outcome, State
from deliberation.council.rules import Role
from deliberation.db import photos
from deliberation.people.queries import names
from deliberation.web.routing import act, page
from deliberation.web.viewer import MEMBER, seat
from deliberation.web.visit import Visit
from votes.rules import MATTERS

MOTION = "/c/{council}/motions/{motion_id:int}"


def motion_page(visit: Visit) -> Response:
    motion = queries.motion(visit.session, visit.council_id, visit.params["motion_id"])
    checks = queries.check_views(visit.session, motion)
    records = [one.record.id for one in checks if one.record]
    return visit.render(
        "agenda/motion.html",
        motion=motion,
        matter=queries.proposal(visit.session, visit.council_id, motion.proposal_id),
        options=queries.options(visit.session, motion.id),
        checks=checks,
        pictures=photos.of(visit.session, visit.council_id, "check", records),
        item=_item(motion.law_item),
        drafted_by=names(visit.session, [motion.drafted_by])[motion.drafted_by],
        in_the_way=queries.before_poll(visit.session, motion.id),
    )


def _item(number: int) -> object:
    return next((one for one in MATTERS if one.number == number), None)


def editing_page(visit: Visit) -> Response:
    motion = queries.motion(visit.session, visit.council_id, visit.params["motion_id"])
    rows = queries.options(visit.session, motion.id)
    return visit.render(
        "agenda/editing.html",
        motion=motion,
        texts=[rows[index].text if index < len(rows) else "" for index in range(rules.MOST_OPTIONS)],
        chosen=next((index for index, row in enumerate(rows, start=1) if row.chosen), 0),
        items=MATTERS,
        closed=queries.proposal(visit.session, visit.council_id, motion.proposal_id).state == State.CLOSED,
        checked=bool(queries.newest_checks(visit.session, [motion.id])),
    )


def edit(visit: Visit) -> Response:
    form = visit.form
    version = form.whole("version", least=1, most=10**9)
    title = form.text("title", most=60, least=4)
    text = form.text("text", most=6000, least=10, one_line=False)
    cost = form.text("cost", most=200, required=False)
    income_share = form.text("income_share", most=200, required=False)
    law_item = form.whole("law_item", least=0, most=9, default=0)
    law_reason = form.text("law_reason", most=500, required=False)
    typed = {
        number: form.text(f"option_{number}", most=300, required=False) for number in range(1, rules.MOST_OPTIONS + 1)
    }
    chosen = form.whole("chosen", least=0, most=rules.MOST_OPTIONS, default=0)
    if chosen and not typed[chosen]:
        form.fault(f"option_{chosen}", "chosen_way_empty")
    for field, code in rules.motion_faults(law_item=law_item, law_reason=law_reason, income_share=income_share).items():
        form.fault(field, code)
    form.check()
    given = [number for number, way in typed.items() if way]
    motion = actions.edit_motion(
        visit.tx,
        visit.params["motion_id"],
        version=version,
        title=title,
        text=text,
        cost=cost,
        income_share=income_share,
        law_item=law_item,
        law_reason=law_reason,
        options=[typed[number] for number in given],
        chosen=given.index(chosen) if chosen else None,
    )
    said = "motion_unchanged" if motion.version == version else "motion_edited"
    return visit.to(visit.url(f"/motions/{motion.id}"), said=said)


def checks_page(visit: Visit) -> Response:
    motion = queries.motion(visit.session, visit.council_id, visit.params["motion_id"])
    matter = queries.proposal(visit.session, visit.council_id, motion.proposal_id)
    views = queries.check_views(visit.session, motion)
    wanted = visit.value("check") or visit.query("check")
    open_ones = [one.kind for one in views if not one.holds]
    kind = wanted if wanted in set(Check) else (open_ones or [Check.COMPETENCE])[0]
    return visit.render(
        "agenda/checks.html",
        motion=motion,
        closed=matter.state == State.CLOSED,
        charging=rules.about_charging(matter.category, motion.title, motion.text),
        views=views,
        view=next(one for one in views if one.kind == kind),
        outcomes=list(Outcome),
    )


def check(visit: Visit) -> Response:
    form = visit.form
    version = form.whole("version", least=1, most=10**9)
    kind = form.choice("check", list(Check))
    outcome = form.choice("outcome", list(Outcome))
    note = form.text("note", most=500, one_line=False)
    opinion_by = form.text("opinion_by", most=60, required=False)
    pictures = form.photos("photos", most=rules.MOST_PHOTOS)
    form.check()
    motion_id = visit.params["motion_id"]
    actions.record_check(
        visit.tx,
        motion_id,
        version=version,
        kind=kind,
        outcome=outcome,
        note=note,
        opinion_by=opinion_by,
        pictures=pictures,
    )
    done = outcome != Outcome.HOLDS or queries.checks_complete(visit.session, motion_id)
    return visit.to(visit.url(f"/motions/{motion_id}{'' if done else '/checks'}"), said="checked")


_WORDING = seat(Role.MODERATOR, Role.RECORDER)
_CHECKING = seat(Role.MODERATOR)

routes: list[Route] = [
    page(MOTION, motion_page, needs=MEMBER),
    page(f"{MOTION}/editing", editing_page, needs=_WORDING),
    act(f"{MOTION}/editing", edit, needs=_WORDING, page=f"{MOTION}/editing"),
    page(f"{MOTION}/checks", checks_page, needs=_CHECKING),
    act(f"{MOTION}/checks", check, needs=_CHECKING, page=f"{MOTION}/checks", most_mb=80),
]
