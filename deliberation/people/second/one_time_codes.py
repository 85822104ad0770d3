"""Codes for the second step of signing in: six digits that change every half minute (RFC 6238), and codes kept on paper."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyotp

from deliberation import typed
from votes.refusal import Refused

DIGITS = 6
STEP = 30
"""Seconds for which a code stands; one step early or late is taken for a clock that goes wrong."""
ON_PAPER = 8
RANDOM_DIGITS = 11
"""Digits alone are typed by a thumb on the keyboard with the large keys. Who knows the password has 30 tries a day (people.pages),
so in a whole year finds one of eight codes with 365 x 30 x 8 / 10^11: 1 in 1.1 million. The app's own six digits, of which three
are good at a time, stand at 1 in 30. A copy of the database gives nothing to try, since the hashes are keyed. The twelfth digit
only shows a slip of the pen."""
PAPER_LENGTH = RANDOM_DIGITS + 1
MARK = 2
"""So many first digits tell an account's codes apart, so that only one hash is compared with what is typed."""


def new_secret() -> str:
    return pyotp.random_base32()


def address(secret: str, *, name: str, issuer: str) -> str:
    """What the QR code says to the app that makes the codes."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=name, issuer_name=issuer)


def step_of(secret: str, code: str, now: datetime, *, after: int = 0) -> int | None:
    """The half minute whose code this is, if it comes after the last one used; a code that was used counts no more."""
    made = pyotp.TOTP(secret, interval=STEP)
    for late in (0, -1, 1):
        moment = now + timedelta(seconds=late * STEP)
        step = made.timecode(moment)
        if step > after and made.verify(code, for_time=moment):
            return step
    return None


def new_paper_codes() -> list[str]:
    found: dict[str, str] = {}
    while len(found) < ON_PAPER:
        code = typed.new_digits(RANDOM_DIGITS)
        found.setdefault(code[:MARK], code)
    return list(found.values())


def paper_code(text: str, *, letters: bool) -> str:
    """As typed -> as kept; "" when it cannot be one. Raises Refused for a digit copied wrong.

    `letters`: printed before codes were of digits alone."""
    if letters:
        return typed.letters(text)
    digits = typed.digits(text)
    if len(digits) != PAPER_LENGTH:
        return ""
    if not typed.copied_right(digits):
        raise Refused("code_miscopied", field="code")
    return digits
