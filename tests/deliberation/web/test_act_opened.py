"""After a refused form its act's address stands in the address bar; somebody reloads it, or opens it from the history."""

import re

from starlette.routing import Match, Route

from deliberation import steps
from deliberation.web.routing import Act, Page
from tests.conftest import Town


def test_an_acts_address_opened_leads_to_the_page_of_its_form(town: Town) -> None:
    answer = town.as_("moderator").get("/c/jinxiu/proposals/7/refusal")
    assert (answer.status, answer.location) == (303, "/c/jinxiu/matters/7/triage")


def test_every_act_leads_to_a_page(town: Town) -> None:
    routes = [route for route in steps.routes(demo=False) if isinstance(route, Route)]
    acts = [route for route in routes if isinstance(getattr(route.endpoint, "__self__", None), Act)]
    pages = [route for route in routes if isinstance(getattr(route.endpoint, "__self__", None), Page)]
    caller = town.as_("moderator")
    lost = []
    for act in acts:
        path = re.sub(r"\{(\w+)(:int)?\}", lambda found: "1" if found[2] else "jinxiu", act.path)
        scope = {"type": "http", "method": "GET", "path": path}
        if any(page.matches(scope)[0] is Match.FULL for page in pages):
            continue
        answer = caller.get(path)
        there = {**scope, "path": answer.location.split("?")[0]}
        if answer.status != 303 or not any(page.matches(there)[0] is Match.FULL for page in pages):
            lost.append(f"{path}: {answer.status} {answer.location}")
    assert len(acts) > 30
    assert lost == []
