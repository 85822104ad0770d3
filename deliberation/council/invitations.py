"""The slip with a link for a first password: shown once, in the answer itself, since the link is not kept."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from deliberation.council.actions import Invited
from deliberation.people import rules as people_rules
from deliberation.web import qr
from deliberation.web.visit import Visit
from votes.refusal import Refused


def invited(
    visit: Visit, guest: Invited, *, council: str, back: str, role: str | None = None, onward: str = ""
) -> Response:
    """`onward`: where the next step with this person is, if there is one."""
    address = f"{visit.site.settings.base_url}/invitations/{guest.token}"
    return visit.render(
        "council/invitation.html",
        guest=guest,
        address=address,
        qr_svg=qr.svg(address),
        council_name=council,
        back=back,
        role=role,
        onward=onward,
    )


def read_fault(visit: Visit, field: str, reader: Callable[[str], str], text: str) -> str:
    """Read with a rule that refuses, and note the refusal at the field instead of stopping there."""
    try:
        return reader(text)
    except Refused as refusal:
        visit.form.faults.setdefault(field, refusal)
        return ""


def phone_of(visit: Visit, field: str = "phone", *, required: bool = True) -> str:
    text = visit.form.text(field, most=30, required=required)
    return read_fault(visit, field, people_rules.phone, text) if text else ""
