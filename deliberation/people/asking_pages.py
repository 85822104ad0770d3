"""What a form asks a passkey to answer: fresh for each showing, for this browser alone, and good once."""

from __future__ import annotations

import secrets
from datetime import timedelta

from deliberation.people.passkeys import ceremony as passkeys
from deliberation.people.sealing import read_ticket, ticket
from deliberation.web.visit import Visit
from votes.refusal import Refused

ASKED_FOR = timedelta(minutes=10)
TO_MAKE = "passkey to make"
TO_SHOW = "passkey to show"


def challenge_for(visit: Visit, purpose: str) -> tuple[bytes, str]:
    """Fresh for this showing of a form on this browser: the challenge, and the ticket that brings it back."""
    challenge = secrets.token_urlsafe(32)
    facts = {"challenge": challenge, "guard": visit.guard}
    return challenge.encode(), ticket(visit.site.settings.secret, purpose, visit.now + ASKED_FOR, facts)


def answered(visit: Visit, purpose: str) -> str:
    """The challenge that this form was shown with, on this browser and not long ago."""
    facts = read_ticket(visit.site.settings.secret, purpose, visit.form.raw("ticket"), visit.now)
    if facts is None or facts["guard"] != visit.guard:
        raise Refused("passkey_does_not_hold")
    return str(facts["challenge"])


def sign_in_options(visit: Visit) -> tuple[str, str]:
    """For the sign-in page: what the browser is asked, and its ticket; empty where there are no passkeys."""
    at = passkeys.party(visit.site.settings.base_url)
    if at is None:
        return "", ""
    challenge, made_out = challenge_for(visit, TO_SHOW)
    return passkeys.to_show(at, challenge), made_out
