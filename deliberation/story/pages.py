"""The list of matters, and the dossier: one matter's whole way on one page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from deliberation.agenda import queries as agenda
from deliberation.agenda.rules import Category, State
from deliberation.council.hands_queries import hands
from deliberation.db import photos
from deliberation.i18n import dates
from deliberation.i18n.catalog import Lang, word, words
from deliberation.story import course_queries, queries, reading, rules, timeline
from deliberation.story.asks import ask, ways
from deliberation.story.course import Course, When
from deliberation.story.station_rules import Station
from deliberation.web.routing import page
from deliberation.web.viewer import MEMBER, NotHere
from deliberation.web.visit import Visit

SUPPORT_SHOWN = 12


@dataclass(frozen=True)
class Shown:
    """A station in the reader's words, as the line's macro wants it."""

    key: str
    state: str
    name: str
    date: When | None
    actor: str
    text: str
    next: str
    by_when: When | None
    who: str
    href: str


def shown(visit: Visit, station: Station) -> Shown:
    lang = visit.lang
    past = station.state in {"past", "stopped"}
    return Shown(
        station.key,
        station.state,
        name_of(station, lang),
        station.date,
        station.actor if past else "",
        word("station", station.said, lang, **station.facts) if station.said in words()["station"] else "",
        word("next", station.next, lang, **station.facts) if station.next else "",
        station.by_when,
        word("who", station.who, lang) if station.who else ("" if past else station.actor),
        visit.url(station.path) if station.path else "",
    )


def name_of(station: Station, lang: Lang) -> str:
    """What the station is called in its state: "taken up" is said of a matter only once it is."""
    code = f"{station.state}_{station.key}"
    if station.key == "accepted" and station.state == "stopped":
        code = f"stopped_{station.said}"
    return word("station_name", code if code in words()["station_name"] else station.key, lang)


def along_the_line(station: Shown) -> Shown:
    """The open station's box stands on top of the dossier; further down it is told in one line."""
    if station.state != "present":
        return station
    return replace(station, text=station.text or station.next, next="")


def travelled(line: tuple[Station, ...]) -> tuple[Station, ...]:
    """The stations a matter that has ended did reach; those it never needed would only be in the way."""
    return tuple(one for one in line if one.state in {"past", "stopped"} or one.said)


def folded(visit: Visit, line: tuple[Station, ...]) -> list[Shown]:
    """Neighboring stations of which nothing can be told yet, or ever, share one row."""
    rows: list[Shown] = []
    for one in (along_the_line(shown(visit, station)) for station in line):
        last = rows[-1] if rows else None
        if last and one.state in {"coming", "skipped"} and one.state == last.state and not (one.text or last.text):
            rows[-1] = replace(last, name=last.name + visit._(", ") + one.name)
        else:
            rows.append(one)
    return rows


def matters_page(visit: Visit) -> Response:
    group, category, q = visit.query("state"), visit.query("category"), visit.query("q").strip()
    found = queries.matters(
        visit.session,
        visit.council_id,
        visit.now,
        group=group if group in queries.STATES else "",
        category=category if category in set(Category) else "",
        q=q[:80],
        page=visit.page_number,
    )
    kept = {name: value for name, value in (("state", group), ("category", category), ("q", q)) if value}
    return visit.render(
        "story/matters.html",
        found=found,
        ending=rules.ending,
        group=group,
        category=category,
        q=q,
        categories=list(Category),
        states={name: visit.url("/matters?" + urlencode({**kept, "state": name})) for name in queries.STATES},
        all_states=visit.url("/matters?" + urlencode({k: v for k, v in kept.items() if k != "state"})),
        pager_href=visit.url("/matters?" + urlencode({**kept, "page": ""})),
        may_raise=visit.viewer.verified or bool(visit.roles & {"moderator", "recorder", "desk"}),
    )


def dossier(visit: Visit) -> Response:
    matter_id = visit.params["proposal_id"]
    matter = agenda.proposal(visit.session, visit.council_id, matter_id)
    course = course_queries.courses(visit.session, visit.council_id, [matter_id]).get(matter_id)
    if course is None:
        raise NotHere
    line = rules.stations(course, visit.now)
    present = rules.present_of(line)
    reader = reading.reader(visit.session, course, visit.viewer, visit.now)
    seconders = reading.seconders(visit.session, matter_id)
    wanted, others = ask(course, line, reader), ways(course, line, reader)
    return visit.render(
        "story/dossier.html",
        matter=matter,
        course=course,
        mini=line,
        line_of=folded(visit, line if present else travelled(line)),
        ending=rules.ending(course, line),
        present=shown(visit, present) if present else None,
        ask=wanted,
        ways=others,
        hands=hands(visit.session, visit.council_id)
        if any(one.code == "announce" for one in (wanted, *others) if one)
        else None,
        reader=reader,
        may_withdraw=reader.seconded and reader.verified and matter.state == State.RAISED,
        seconders=seconders[:SUPPORT_SHOWN],
        more_seconders=max(0, len(seconders) - SUPPORT_SHOWN),
        merged=agenda.merged_into(visit.session, matter_id),
        target=reading.titles(visit.session, visit.council_id, [matter.merged_into_id]),
        pictures=photos.of(visit.session, visit.council_id, "proposal", [matter_id]).get(matter_id, []),
        documents=documents(visit, course),
        entries=timeline.of_matter(visit.session, visit.viewer, visit.council_id, matter_id, visit.lang),
    )


def documents(visit: Visit, course: Course) -> list[tuple[str, str]]:
    """(what it is, where it is) of each paper the matter has brought forth so far."""
    papers = queries.papers(visit.session, course.id)
    found: list[tuple[str, str]] = []
    if course.motion:
        found.append((visit._("The motion and its checks"), f"/motions/{course.motion.id}"))
    met = [one for one in papers.meetings if one.notice_at or one.opened_at]
    for meeting in met:
        # Where there was more than one, each is told by its day.
        held = meeting.opened_at or meeting.starts_at
        day = f" · {dates.day(held, visit.lang)}" if len(met) > 1 else ""
        found.append((visit._("The meeting and its agenda") + day, f"/meetings/{meeting.id}"))
        minutes = papers.minutes.get(meeting.id)
        if minutes and minutes.put_up_at:
            found.append((visit._("The minutes") + day, f"/minutes/{minutes.id}"))
            if minutes.frozen_at:
                found.append((visit._("The minutes as PDF") + day, f"/minutes/{minutes.id}/pdf"))
    for number, notice_at, withdrawn in papers.polls:
        if withdrawn:
            day = dates.day(notice_at, visit.lang)
            found.append((visit._("The poll announced on %(day)s and withdrawn", day=day), f"/polls/{number}"))
        else:
            found.append((visit._("The poll and its notice"), f"/polls/{number}"))
            found.append((visit._("The notice, to print"), f"/polls/{number}/sheet"))
    if course.decision:
        found.append((visit._("The result"), f"/decisions/{course.decision.id}"))
        found.append((visit._("The result sheet, to print"), f"/decisions/{course.decision.id}/sheet"))
        found.append(
            (visit._("The count as data, to check it yourself"), f"/decisions/{course.decision.id}/record.json")
        )
    found.extend((visit._("Carried out: %(title)s", title=title), f"/tasks/{number}") for number, title in papers.tasks)
    return [(label, visit.url(path)) for label, path in found]


routes: list[Route] = [
    page("/c/{council}/matters", matters_page, needs=MEMBER),
    page("/c/{council}/matters/{proposal_id:int}", dossier, needs=MEMBER),
]
