"""A form counts only when it was made for this browser and this sign-in."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from deliberation import keyed


def new_guard() -> str:
    return secrets.token_urlsafe(18)


def token(secret: bytes, guard: str, sign_in: str | None) -> str:
    return keyed.digest(secret, "csrf", guard, sign_in or "").hex()


def holds(secret: bytes, guard: str | None, sign_in: str | None, sent: str) -> bool:
    return guard is not None and keyed.same(token(secret, guard, sign_in), sent)


def from_our_own_page(connection: HTTPConnection) -> bool:
    """Whether a page of ours led here, not somebody's link; browsers that do not say by themselves still name the page."""
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(connection.headers.get("referer", "")).netloc == connection.headers.get("host")


def same_origin(connection: HTTPConnection) -> bool:
    """Browsers name where a request comes from; another site's is refused, whatever else it carries."""
    site = connection.headers.get("sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    origin = connection.headers.get("origin")
    if origin is None:
        return True
    return urlsplit(origin).netloc == connection.headers.get("host")
