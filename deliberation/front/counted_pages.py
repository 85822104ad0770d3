"""How am I counted: the one page that tells a resident all the roll says of them, and where to say that it is wrong."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from deliberation.council import queries
from deliberation.council.disputes import queries as dispute_queries
from deliberation.council.residents import number_queries
from deliberation.council.residents import queries as resident_queries
from deliberation.council.roll import queries as roll_queries
from deliberation.front import counted_queries
from deliberation.front.account_pages import desk_alone
from deliberation.people.queries import names
from deliberation.web.routing import page
from deliberation.web.viewer import VERIFIED, NotHere
from deliberation.web.visit import Visit


def me_page(visit: Visit) -> Response:
    member = resident_queries.membership_of(visit.session, visit.council_id, visit.me)
    if member is None:
        raise NotHere
    key = visit.viewer.head_key
    head = roll_queries.head(visit.session, visit.council_id, key) if key else None
    sharing = resident_queries.sharing_head(visit.session, visit.council_id, key) if key else {}
    roll = roll_queries.newest(visit.session, visit.council_id)
    disputes = dispute_queries.disputes(visit.session, visit.council_id, account_id=visit.me)
    return visit.render(
        "front/counted.html",
        member=member,
        head=head,
        others=[name for account_id, name in sharing.items() if account_id != visit.me],
        roll=roll,
        confirmer=names(visit.session, [roll.confirmed_by]).get(roll.confirmed_by or 0, "") if roll else "",
        parking=queries.settings_of(visit.session, visit.council_id).count_parking,
        rights=counted_queries.rights(visit.session, visit.council_id, visit.viewer, head),
        polls=counted_queries.in_polls(visit.session, visit.council_id, visit.viewer, roll, visit.now),
        disputes=disputes,
        arrived=(arrived := visit.query("said") == "tied_by_slip"),
        desk_alone=arrived and desk_alone(visit),
        number=number_queries.phone_number(visit.session, visit.site.settings.secret, member, visit.now),
        may_dispute=all(one.outcome for one in disputes),
    )


routes: list[Route] = [page("/c/{council}/residents/me", me_page, needs=VERIFIED)]
