"""What a phone number, a sign-in name and a password must look like; how a name is shown to strangers."""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import timedelta

from deliberation import keyed
from votes.refusal import Refused

LEAST_PASSWORD = 8
MOST_PASSWORD = 128


def phone(text: str) -> str:
    """A mobile number as typed, full-width digits and spaces allowed -> 11 digits. Raises Refused."""
    digits = re.sub(r"[\s\-－]", "", unicodedata.normalize("NFKC", text)).removeprefix("+86")
    if not re.fullmatch(r"1[3-9][0-9]{9}", digits):
        raise Refused("not_a_phone", field="phone")
    return digits


PHONE_CODE_DIGITS = 6
PHONE_CODE_FOR = timedelta(minutes=5)
PHONE_CODE_TRIES = 5


def new_phone_code() -> str:
    return f"{secrets.randbelow(10**PHONE_CODE_DIGITS):0{PHONE_CODE_DIGITS}d}"


def phone_code(text: str) -> str:
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", text))
    if len(digits) != PHONE_CODE_DIGITS:
        raise Refused("phone_code_has_digits", field="code", length=PHONE_CODE_DIGITS)
    return digits


def phone_code_hash(secret: bytes, *, account_id: int, phone: str, code: str) -> str:
    """Keyed: a million plain hashes are tried in a second."""
    return keyed.digest(secret, "phone code", account_id, phone, code).hex()


def sign_in_name(text: str) -> str:
    name = unicodedata.normalize("NFKC", text).strip().lower()
    if not re.fullmatch(r"[\w\-.]{2,40}", name) or name.isdigit():
        raise Refused("not_a_sign_in_name", field="sign_in_name")
    return name


def identifier(text: str) -> str:
    """What somebody typed to sign in: a phone number or a sign-in name, in the form it is kept."""
    cleaned = unicodedata.normalize("NFKC", text).strip().lower()
    digits = re.sub(r"[\s\-]", "", cleaned).removeprefix("+86")
    return digits if digits.isdigit() else cleaned


def password(text: str) -> str:
    if len(text) < LEAST_PASSWORD:
        raise Refused("password_too_short", field="password", least=LEAST_PASSWORD)
    if len(text) > MOST_PASSWORD:
        raise Refused("too_long", field="password", most=MOST_PASSWORD, have=len(text))
    return text


def masked(name: str) -> str:
    """林玉志 -> 林**: how a person is named outside the council."""
    return name[:1] + "**" if name else ""


def masked_phone(number: str) -> str:
    """13800001234 -> 138********: that there is one, and of which kind."""
    return number[:3] + "*" * len(number[3:])


_BROWSERS = (
    ("MicroMessenger", "微信 WeChat"),
    ("Edg", "Edge"),
    ("HuaweiBrowser", "Huawei"),
    ("MiuiBrowser", "MIUI"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def device(agent: str) -> tuple[str, str]:
    """What a browser says of itself -> (word code of the kind of device, the browser's name or "")."""
    if "iPad" in agent or "Tablet" in agent:
        kind = "tablet"
    elif "Mobile" in agent or "Android" in agent or "iPhone" in agent:
        kind = "phone"
    else:
        kind = "computer" if any(one in agent for one in ("Windows", "Macintosh", "X11", "Linux")) else "unknown"
    return kind, next((name for mark, name in _BROWSERS if mark in agent), "")
