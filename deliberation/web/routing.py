"""Routes born with what they need: a GET is a `page`, a POST is an `act` with permission, CSRF check and limit."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from anyio import to_thread
from sqlalchemy.exc import OperationalError
from starlette.concurrency import run_in_threadpool
from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from deliberation.web import csrf, kept, noted, once, readings
from deliberation.web.forms import BadForm, Form
from deliberation.web.lanes import HASHING, Lane
from deliberation.web.limits import TooOften
from deliberation.web.readings import Reads
from deliberation.web.site import Site
from deliberation.web.viewer import ANYONE, Needs, NotAllowed, NotHere, SeatRests, SecondStepFirst, SignInFirst
from deliberation.web.visit import Visit
from votes.refusal import Refused

log = logging.getLogger(__name__)
Handler = Callable[[Visit], Response]

UNSEEN = 1024 * 1024
"""Bytes of a form that are read before anybody asks who sends it."""
SIGN_IN = "/sign-in"
TOLD = {403: "forbidden", 413: "too_large", 429: "too_often", 500: "broken", 503: "not_saved"}
"""Answers that whoever runs the server is told of."""
SECOND_STEP = "/account/second-step"


class RowNumber(IntegerConvertor):
    """`{id:int}` in a path: more digits than a database holds are no address of ours."""

    regex = "[0-9]{1,15}"


register_url_convertor("int", RowNumber())


class Page:
    """A GET: finds, renders, changes nothing. Who is shown others' data in full (`reads`) is written down."""

    def __init__(
        self, path: str, handler: Handler, needs: Needs, reads: Reads | None, lane: Lane | None, shared: bool
    ) -> None:
        self.path, self.handler, self.needs, self.reads, self.lane = path, handler, needs, reads, lane
        self.shared = shared

    async def respond(self, request: Request) -> Response:
        visit = Visit(request.app.state.site, request)
        return await to_thread.run_sync(self._respond, visit, limiter=self.lane.limiter if self.lane else None)

    def _respond(self, visit: Visit) -> Response:
        try:
            visit.meet()
            self.needs.check(visit.viewer)
            visit.restore()
            response = self._shown(visit)
        except (SignInFirst, NotHere, NotAllowed, Refused) as problem:
            response = trouble(visit, problem)
        finally:
            visit.end()
        return finish(visit, response)

    def again(self, visit: Visit) -> Response:
        """Show the page after its form was refused: with what was typed, and why not."""
        self.needs.check(visit.viewer)
        return self._shown(visit)

    def _shown(self, visit: Visit) -> Response:
        response = self.handler(visit)
        if self.reads and response.status_code == 200:
            readings.note(visit, self.reads)
        return response


class Act:
    """A POST: checks, calls one action, and sends the person on."""

    def __init__(
        self, path: str, handler: Handler, needs: Needs, page: str | None, rate: str, most_mb: int, lane: Lane | None
    ) -> None:
        self.path, self.handler, self.needs = path, handler, needs
        self.page, self.rate, self.most_mb, self.lane = page, rate, most_mb, lane

    async def respond(self, request: Request) -> Response:
        site: Site = request.app.state.site
        length = request.headers.get("content-length", "")
        if not length.isdigit() or int(length) > self.most_mb * 1024 * 1024:
            return await run_in_threadpool(_too_large, Visit(site, request))
        if int(length) > UNSEEN and (no := await run_in_threadpool(self._not_from_here, Visit(site, request))):
            form = await kept.beginning(request) if isinstance(no, SignInFirst) else Form()
            return await run_in_threadpool(self._turn_away, Visit(site, request, form), no)
        try:
            async with request.form(max_files=12, max_fields=300, max_part_size=1024 * 1024) as data:
                form = await Form.read(data)
        except (MultiPartException, ClientDisconnect, ValueError, LookupError):
            return PlainTextResponse("400", 400)
        return await self._in_turn(Visit(site, request, form))

    async def _in_turn(self, visit: Visit) -> Response:
        return await to_thread.run_sync(self.alone, visit, limiter=self.lane.limiter if self.lane else None)

    def _not_from_here(self, visit: Visit) -> Exception | None:
        """Why somebody may not send this at all; a large body is not read for them."""
        try:
            self._let_in(visit)
        except (SignInFirst, NotHere, NotAllowed) as problem:
            return problem
        finally:
            visit.end()
        return None

    def _turn_away(self, visit: Visit, problem: Exception) -> Response:
        try:
            if isinstance(problem, SignInFirst):
                visit.meet()
                return finish(visit, self._sign_in_first(visit, with_files=True))
            return finish(visit, trouble(visit, problem))
        finally:
            visit.end()

    def _sign_in_first(self, visit: Visit, *, with_files: bool = False) -> Response:
        """The sign-in ended while they wrote: their words go along through the sign-in page, and back to the form.

        Only from a page of ours, or somebody else's link could put words into the form; never a ballot.
        """
        place, sign_in = self.place(visit.request), visit.site.pages.get(SIGN_IN)
        own = csrf.from_our_own_page(visit.request) and self.needs.level != "owner"
        typed = kept.carried(visit.form) if own else ""
        if not typed or visit.htmx or sign_in is None:
            return visit.to(f"{SIGN_IN}?{urlencode({'next': place, 'expired': 1})}")
        files = {"with_files": ["1"]} if with_files or visit.form.files else {}
        visit.form = Form({"next": [place], "typed": [typed], **files})
        response = sign_in.again(visit)
        response.status_code = 403
        return response

    def place(self, request: Request) -> str:
        """The address of the page whose form this is, as it was looked at."""
        council = request.path_params.get("council")
        pattern = self.page or ("/c/{council}" if council else "/")
        path = re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: quote(str(request.path_params[found[1]])), pattern)
        came_from = urlsplit(request.headers.get("referer", ""))
        if came_from.netloc != request.headers.get("host") or came_from.path != path:
            return path
        query = urlencode([pair for pair in parse_qsl(came_from.query) if pair[0] not in {"said", "typed"}])
        return f"{path}?{query}" if query else path

    def _let_in(self, visit: Visit) -> None:
        if not csrf.same_origin(visit.request):
            raise NotAllowed
        visit.meet()
        self.needs.check(visit.viewer)

    def alone(self, visit: Visit, tries: int = 3) -> Response:
        try:
            response = self.admit(visit) or self.done(visit, self.handler(visit))
            visit.end()
        except BaseException as problem:  # noqa: BLE001 -- raised again where nobody foresaw it
            return self.failed(visit, problem, tries)
        return finish(visit, response)

    def failed(self, visit: Visit, problem: BaseException, tries: int = 1) -> Response:
        """What is answered when nothing was written; what nobody foresaw is raised again."""
        visit.end(problem)
        if tries > 1 and _lost_a_race(problem):
            return self.alone(visit.again(), tries - 1)
        try:
            return finish(visit, self._instead(visit, problem))
        finally:
            visit.end()

    def _instead(self, visit: Visit, problem: BaseException) -> Response:
        match problem:
            case OperationalError():
                # The disk is full or failing, or the file is held by somebody: nothing was written, and the form is kept.
                log.error("an act could not be written", exc_info=problem)
                return self._refuse(visit, Refused("not_saved"), 503)
            case SignInFirst():
                return self._sign_in_first(visit)
            case NotHere() | NotAllowed():
                return trouble(visit, problem)
            case Refused() | BadForm():
                done = once.done_before(visit)
                return done or self._refuse(visit, problem, 429 if isinstance(problem, TooOften) else 422)
            case once.DoneBefore():
                return visit.to(problem.location)
        raise problem

    def admit(self, visit: Visit) -> Response | None:
        """The answer at once, for a form that is too old or was sent before; else the handler may have it."""
        self._let_in(visit)
        sent = visit.form.raw("csrf")
        if not csrf.holds(visit.site.settings.secret, visit.cookie("guard"), visit.sign_in_token, sent):
            return self._refuse(visit, Refused("form_expired"), 403)
        who = str(visit.viewer.person.account_id) if visit.viewer.person else visit.network
        visit.site.limiter.hit(self.rate, self.path, who)
        return once.done_before(visit)

    def done(self, visit: Visit, response: Response) -> Response:
        """Where it led is written with it, for the same form sent again."""
        if response.status_code == 303:
            once.only_once(visit, response.headers["location"])
        return response

    def _refuse(self, visit: Visit, problem: Refused | BadForm, status: int) -> Response:
        visit.refuse(problem)
        page = visit.site.pages.get(self.page) if self.page else None
        try:
            response = page.again(visit) if page else visit.render("web/refused.html")
        except (NotHere, NotAllowed, SignInFirst, Refused) as gone:
            return trouble(visit, problem if isinstance(problem, TooOften) else gone)
        response.status_code = status
        return response


def _lost_a_race(problem: BaseException) -> bool:
    """PostgreSQL asks for another try when two acts touched the same rows; embedded, the one writer takes turns."""
    return isinstance(problem, OperationalError) and getattr(problem.orig, "sqlstate", None) in {"40001", "40P01"}


def page(
    path: str,
    handler: Handler,
    *,
    needs: Needs,
    reads: Reads | None = None,
    lane: Lane | None = None,
    shared: bool = False,
) -> Route:
    """`reads`: what it shows of others in full; who looks is written down, and a test of the house finds pages that forget it.

    `shared`: one rendering of it serves all who are not signed in (web/shared.py).
    """
    if shared and (needs != ANYONE or reads is not None or not path.startswith("/c/{council}")):
        raise ValueError(f"{path} is not for everybody, or of no one council")
    return Route(path, Page(path, handler, needs, reads, lane, shared).respond, methods=["GET"], name=f"GET {path}")


def act(
    path: str,
    handler: Handler,
    *,
    needs: Needs,
    page: str | None = None,
    rate: str = "60/minute",
    most_mb: int = 1,
    hashes: bool = False,
    lane: Lane | None = None,
) -> Route:
    """`page`: the path pattern of the GET page whose form this is; it is shown again when the form is refused.

    `hashes`: it hashes a password, which takes a while; those wait in a lane of their own. `lane`: another one than that.
    """
    made = Act(path, handler, needs, page, rate, most_mb, lane or (HASHING if hashes else None))
    return Route(path, made.respond, methods=["POST"], name=f"POST {path}")


def pages_of(routes: list[Route]) -> dict[str, Page]:
    found = {}
    for route in routes:
        owner = getattr(route.endpoint, "__self__", None)
        if isinstance(owner, Page):
            found[route.path] = owner
    return found


def shared_of(routes: list[Route]) -> list[Route]:
    return [route for route in routes if getattr(getattr(route.endpoint, "__self__", None), "shared", False)]


def instead_of_act(request: Request) -> str | None:
    """Where a GET on an act's address leads, such as one left in the address bar by a refused form: to its form's page."""
    owner = getattr(request.scope.get("endpoint"), "__self__", None)
    return owner.place(request) if request.method in {"GET", "HEAD"} and isinstance(owner, Act) else None


def trouble(visit: Visit, problem: Exception) -> Response:
    if isinstance(problem, SignInFirst):
        # A sign-in that is sent along but counts no more has ended; without one, nobody had signed in.
        ended = {"expired": 1} if visit.sign_in_token else {}
        return visit.to(f"{SIGN_IN}?{urlencode({'next': visit.here, **ended})}")
    if isinstance(problem, Refused):
        visit.refuse(problem)
        return visit.render("web/refused.html", 429 if isinstance(problem, TooOften) else 422)
    if isinstance(problem, SecondStepFirst):
        return visit.to(f"{SECOND_STEP}?{urlencode({'next': visit.here, 'wanted': 1})}")
    if isinstance(problem, SeatRests):
        return visit.to(visit.url("/resting"))
    status, title = (404, "not_found") if isinstance(problem, NotHere) else (403, "forbidden")
    return visit.render("web/trouble.html", status, title=title)


def _too_large(visit: Visit) -> Response:
    try:
        return finish(visit, visit.render("web/trouble.html", 413, title="too_large"))
    finally:
        visit.end()


def finish(visit: Visit, response: Response) -> Response:
    """What every answer carries: where it holds a form, the browser's guard cookie; and no trace of a signed-in page in a cache."""
    if "guard" in vars(visit) and visit.cookie("guard") is None:
        visit.keep(response, "guard", visit.guard)
    if "cache-control" not in response.headers:
        response.headers["cache-control"] = "no-store" if visit.viewer.person else "no-cache"
    response.headers.append("vary", "Cookie, HX-Request")
    if response.status_code in TOLD:
        noted.note(visit, TOLD[response.status_code], **({"code": visit.refused.code} if visit.refused else {}))
    return response
