"""Codes for the second step of signing in: six digits that change every half minute (RFC 6238), and codes kept on paper."""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import datetime, timedelta

import pyotp

STEP = 30
"""Seconds for which a code stands; one step early or late is taken for a clock that goes wrong."""
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without those that look like another."""
ON_PAPER = 8
MARK = 2


def new_secret() -> str:
    return pyotp.random_base32()


def address(secret: str, *, name: str, issuer: str) -> str:
    """What the QR code says to the app that makes the codes."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=name, issuer_name=issuer)


def cleaned(text: str) -> str:
    """As typed, with blanks, hyphens and full-width signs -> "123456" or "ABCDEFGHJK"."""
    return re.sub(r"[\s\-－—]", "", unicodedata.normalize("NFKC", text)).upper()


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
    """Fifty bits each; the first two letters tell them apart, so that only one hash is compared with what is typed."""
    found: dict[str, str] = {}
    while len(found) < ON_PAPER:
        code = "".join(secrets.choice(LETTERS) for _ in range(MARK + 10))
        found.setdefault(code[:MARK], code)
    return list(found.values())
