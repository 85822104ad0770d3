"""What a meeting's open pages are told over their sockets: the same blocks that the page renders, free of any one viewer."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime

from starlette.routing import WebSocketRoute

from deliberation.i18n.catalog import Lang
from deliberation.live.hub import Source
from deliberation.live.socket import Ask, Show, live
from deliberation.live.wire import Frame
from deliberation.meeting import board, queries
from deliberation.meeting.console_pages import door_qr
from deliberation.meeting.plan_pages import STAFF, STEERS
from deliberation.web.site import Site
from deliberation.web.viewer import MEMBER, NotAllowed

PHONE_BLOCKS = ("item", "speaker", "here", "queue", "straw", "statements", "agenda")
WALL_BLOCKS = ("wall-item", "wall-speaker", "wall-here", "wall-join")


@dataclass(frozen=True)
class Onlooker:
    """All that a pushed block may know of its reader: nothing. It stands where a page has its `visit`."""

    now: datetime
    root: str

    def url(self, path: str = "") -> str:
        return self.root + path


def phone(site: Site, council_id: int, root: str, meeting_id: int) -> Source:
    def source(langs: Set[Lang]) -> Mapping[Lang, Frame]:
        with site.db.read() as session:
            moment = site.clock.now()
            now = board.read(session, council_id, meeting_id, moment, drafts=True)
            context = {"visit": Onlooker(moment, root), "board": now}
            return {
                lang: Frame(
                    now.meeting.live_seq, _blocks(site, "meeting/live.html", PHONE_BLOCKS, lang, context), now.stamp
                )
                for lang in langs
            }

    return source


def wall(site: Site, council_id: int, root: str, meeting_id: int) -> Source:
    def source(langs: Set[Lang]) -> Mapping[Lang, Frame]:
        with site.db.read() as session:
            moment = site.clock.now()
            now = board.read(session, council_id, meeting_id, moment, drafts=True)
            context = {
                "visit": Onlooker(moment, root),
                "board": now,
                "qr": door_qr(site.settings.base_url, root, now.meeting),
            }
            return {
                lang: Frame(now.meeting.live_seq, _blocks(site, "meeting/projector.html", WALL_BLOCKS, lang, context))
                for lang in langs
            }

    return source


def console(site: Site, council_id: int, meeting_id: int) -> Source:
    """The console holds forms of one person; it is told that something changed and fetches itself."""

    def source(langs: Set[Lang]) -> Mapping[Lang, Frame]:
        with site.db.read() as session:
            seq = queries.meeting(session, council_id, meeting_id, drafts=True).live_seq
        return {lang: Frame(seq, {}, str(seq)) for lang in langs}

    return source


def _blocks(
    site: Site, template: str, blocks: tuple[str, ...], lang: Lang, context: dict[str, object]
) -> dict[str, str]:
    # A block is named like its element, which may hold a hyphen where a template's name may not.
    return {name: site.renderer.block(template, name.replace("-", "_"), lang, context) for name in blocks}


def join(ask: Ask) -> Show:
    meeting_id = int(str(ask.params["meeting_id"]))
    staff = bool(ask.viewer.roles & set(STAFF))
    with ask.site.db.read() as session:
        queries.meeting(session, ask.council_id, meeting_id, drafts=bool(ask.viewer.roles & set(STEERS)))
    root = f"/c/{ask.params['council']}"
    view = ask.query.get("view", "phone")
    if view in {"wall", "console"} and not staff:
        raise NotAllowed
    if view == "wall":
        source = wall(ask.site, ask.council_id, root, meeting_id)
    elif view == "console":
        source = console(ask.site, ask.council_id, meeting_id)
    else:
        view, source = "phone", phone(ask.site, ask.council_id, root, meeting_id)
    return Show(f"meeting:{meeting_id}", view, source)


routes: list[WebSocketRoute] = [live("/c/{council}/live/meetings/{meeting_id:int}", join, needs=MEMBER)]
