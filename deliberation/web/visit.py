"""One request and everything its handler may need; also what templates see as `visit`."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from functools import cached_property
from ipaddress import IPv6Network, ip_address
from typing import Any, Literal
from urllib.parse import urlencode

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from deliberation.db.engine import Tx
from deliberation.i18n.catalog import Lang, translations, word, words
from deliberation.i18n.dates import days, moment
from deliberation.web import csrf
from deliberation.web.data import Data
from deliberation.web.forms import BadForm, Form
from deliberation.web.site import Site
from deliberation.web.viewer import CouncilName, NotHere, Person, Viewer
from votes.refusal import Refused

SIZES = ("s", "m", "l")
MOST_PAGES = 10_000


class Visit:
    def __init__(self, site: Site, request: Request, form: Form | None = None) -> None:
        self.site = site
        self.request = request
        self.form = form or Form()
        self.now: datetime = site.clock.now()
        self.faults: dict[str, Refused] = {}
        self.refused: Refused | None = None
        self.restored = False
        """Whether the form holds what was typed before the person had to sign in again."""
        self.data = Data(site.db)
        self.viewer = Viewer()
        self.about: int | None = None
        """Whose page a handler found this to be; who reads it is written down beside them."""
        self.fresh_token: str | None = None
        """The sign-in that begins with this answer, and the device it is on."""
        self.fresh_device: int | None = None

    def again(self) -> Visit:
        """The same request from its beginning, after another's act came in between."""
        return Visit(self.site, self.request, Form(dict(self.form.fields), dict(self.form.files)))

    # --- who, where, how -------------------------------------------------------------------------------------------
    def meet(self) -> None:
        """Find out who asks; raises NotHere for an unknown council."""
        self.viewer = self.site.resolve(self.session, self.sign_in_token, self.params.get("council"), self.now)

    def restore(self) -> None:
        """Fill the page's form with what its reader had typed when their sign-in ended."""
        name = self.query("typed")
        if name and self.viewer.person:
            self.form.fields = self.site.kept.of(name, self.viewer.person.account_id, self.now)
            self.restored = bool(self.form.fields)

    @property
    def sign_in_token(self) -> str | None:
        return self.fresh_token or self.cookie("sign-in")

    @cached_property
    def guard(self) -> str:
        """What ties this page's forms to this browser."""
        return self.cookie("guard") or csrf.new_guard()

    @property
    def device_key(self) -> str:
        """What this browser is known by when it signs in again; nobody is signed in by it."""
        return (self.cookie("device") or "")[:100]

    @property
    def device_id(self) -> int | None:
        """The device that acts, as the account of whoever is signed in knows it."""
        return self.fresh_device or (self.person.device_id if self.person else None)

    def cookie(self, name: str) -> str | None:
        return self.request.cookies.get(self.site.settings.cookie(name))

    def keep(self, response: Response, name: str, value: str, *, seconds: int | None = None) -> None:
        """Set a cookie of ours; no script needs any of them."""
        response.set_cookie(
            self.site.settings.cookie(name),
            value,
            max_age=seconds,
            path="/",
            httponly=True,
            samesite="lax",
            secure=self.site.settings.secure,
        )

    def drop(self, response: Response, name: str) -> None:
        self.keep(response, name, "", seconds=0)

    @property
    def params(self) -> dict[str, Any]:
        return self.request.path_params

    @property
    def person(self) -> Person | None:
        return self.viewer.person

    @property
    def me(self) -> int:
        """The account that acts; only on routes that need a person."""
        if self.viewer.person is None:
            raise RuntimeError("this route does not need a person")
        return self.viewer.person.account_id

    @property
    def council(self) -> CouncilName | None:
        return self.viewer.council

    @property
    def council_id(self) -> int:
        if self.viewer.council is None:
            raise NotHere
        return self.viewer.council.id

    @cached_property
    def home(self) -> Viewer:
        """Where the tabs lead: to the council of the address, on one's own pages to the one council that one belongs to."""
        if self.council or not self.person or not self.path.startswith("/account"):
            return self.viewer
        slug = self.site.only_council(self.session, self.person.account_id)
        return self.site.resolve(self.session, self.sign_in_token, slug, self.now) if slug else self.viewer

    @property
    def roles(self) -> frozenset[str]:
        return self.viewer.roles

    @property
    def lang(self) -> Lang:
        return "en" if self.cookie("lang") == "en" else "zh"

    @property
    def size(self) -> Literal["s", "m", "l"]:
        chosen = self.cookie("size")
        return "m" if chosen == "m" else "l" if chosen == "l" else "s"

    @property
    def path(self) -> str:
        return self.request.url.path

    @property
    def here(self) -> str:
        """Path and query, to come back to after a change of language or size."""
        query = self.request.url.query
        return f"{self.path}?{query}" if query and self.request.method == "GET" else self.path

    @property
    def htmx(self) -> bool:
        return self.request.headers.get("hx-request") == "true"

    @property
    def demo(self) -> bool:
        return self.site.settings.demo

    @property
    def address(self) -> str:
        return self.request.client.host if self.request.client else "?"

    @cached_property
    def network(self) -> str:
        """Whom limits count as one where nobody is signed in: an IPv4 address, or the /64 that one line of IPv6 has for itself,
        with more addresses than any table holds."""
        try:
            found = ip_address(self.address)
        except ValueError:
            return self.address
        if found.version == 4:
            return str(found)
        return str(found.ipv4_mapped or IPv6Network((found, 64), strict=False))

    def query(self, name: str, default: str = "") -> str:
        return self.request.query_params.get(name, default)[:300].replace("\0", "")

    @property
    def page_number(self) -> int:
        """Which page of a list is asked for, counting from 1; anything else asks for the first."""
        asked = self.query("page")
        return int(asked) if asked.isdecimal() and 0 < int(asked) < MOST_PAGES else 1

    # --- data ------------------------------------------------------------------------------------------------------
    @property
    def session(self) -> Session:
        return self.data.session

    @property
    def tx(self) -> Tx:
        """The one transaction of this request; it begins at first use and commits after the handler returns."""
        if self.data.tx is not None:
            return self.data.tx
        if self.request.method != "POST":
            raise RuntimeError("only a POST may write")
        person, council = self.viewer.person, self.viewer.council
        tx = self.data.begin(
            self.now, actor_id=person.account_id if person else None, council_id=council.id if council else None
        )
        if person:
            self.site.seen(tx, person.sign_in_id)
        return tx

    def end(self, error: BaseException | None = None) -> None:
        if error is not None:
            # What was to begin with the answer has not begun: a form that is shown again belongs to the sign-in there was.
            self.fresh_token = self.fresh_device = None
        self.data.end(error)

    # --- what templates ask ----------------------------------------------------------------------------------------
    def _(self, text: str, **facts: object) -> str:
        translated = translations(self.lang).gettext(text)
        return translated % facts if facts else translated

    @cached_property
    def csrf(self) -> str:
        return csrf.token(self.site.settings.secret, self.guard, self.sign_in_token)

    @cached_property
    def once(self) -> str:
        """Names this showing of a form, so that sending it twice does it once."""
        return self.form.raw("once") or secrets.token_urlsafe(12)

    @property
    def flash(self) -> str | None:
        """What was just done; a link from elsewhere cannot make the page say it."""
        if not csrf.from_our_own_page(self.request):
            return None
        said = self.query("said")
        return word("said", said, self.lang) if said in words().get("said", {}) else None

    def value(self, name: str, default: object = "") -> str:
        if name in self.form.fields:
            return self.form.raw(name)
        return "" if default is None else str(default)

    def values(self, name: str) -> list[str]:
        return self.form.fields.get(name, [])

    def error(self, name: str) -> str | None:
        fault = self.faults.get(name)
        return self.sentence(fault) if fault else None

    def field_name(self, name: str) -> str:
        """What a field is called where its fault is told away from it; option_2 goes by the name of all options."""
        code = re.sub(r"_[0-9]+$", "", name)
        return word("field", code, self.lang) if code in words()["field"] else ""

    @property
    def refusal(self) -> str | None:
        if self.refused is not None:
            return self.sentence(self.refused)
        if self.faults:
            return word("refusal", "fix_fields", self.lang, count=len(self.faults))
        return None

    def sentence(self, refused: Refused) -> str:
        facts = {name: _said(value, self.lang) for name, value in refused.facts.items() if name != "field"}
        return word("refusal", refused.code, self.lang, **facts)

    def refuse(self, problem: Refused | BadForm) -> None:
        """Remember what was wrong, to be shown at its field or on top of the form."""
        if isinstance(problem, BadForm):
            self.faults = problem.faults
        elif "field" in problem.facts:
            self.faults = {str(problem.facts["field"]): problem}
        else:
            self.refused = problem

    # --- answers ---------------------------------------------------------------------------------------------------
    def render(self, template: str, status: int = 200, **context: Any) -> HTMLResponse:
        html = self.site.renderer.page(template, self.lang, {"visit": self, **context})
        return HTMLResponse(html, status)

    def block(self, template: str, block: str, **context: Any) -> HTMLResponse:
        return HTMLResponse(self.site.renderer.block(template, block, self.lang, {"visit": self, **context}))

    def url(self, path: str = "") -> str:
        """An address inside the council asked in: visit.url("/matters/3") -> "/c/jinxiu/matters/3"."""
        return f"/c/{self.council.slug}{path}" if self.council else path or "/"

    def to(self, location: str, said: str | None = None) -> Response:
        """Go on by GET; `said` names a short confirmation (words section "said") to show there."""
        if said:
            place, _, anchor = location.partition("#")
            location = f"{place}{'&' if '?' in place else '?'}{urlencode({'said': said})}" + (
                f"#{anchor}" if anchor else ""
            )
        return RedirectResponse(location, 303)


def _said(value: object, lang: Lang) -> object:
    if isinstance(value, timedelta):
        return days(value.days, lang)
    return moment(value, lang) if isinstance(value, datetime) else value
