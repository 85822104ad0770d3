"""Asking an OpenID provider who somebody is: code flow with PKCE, and an ID token that must be for us, fresh and signed.

The provider is asked anew each time for its addresses and keys: sign-ins are few, and keys change.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from deliberation.settings import OpenId
from deliberation.web.deadline import within
from votes.refusal import Refused

PATIENCE = 8.0
"""Seconds that a provider may take for one answer."""
TOGETHER = 16.0
"""Seconds for all that one sign-in asks of it, however it comes."""
MOST_ASKING = 4
"""How many may wait for it at a time: whoever comes beyond that is told at once that it is slow."""
SIGNED_WITH = ("RS256", "ES256")
LEEWAY = 60
MOST_SUBJECT = 255


@dataclass(frozen=True)
class Asking:
    """What one sign-in is known by: the browser keeps it sealed until it comes back."""

    state: str
    nonce: str
    verifier: str


def address(provider: OpenId, back: str, asking: Asking) -> str:
    """Where the browser is sent to."""
    try:
        with _client(provider, back) as client:
            place = str(_told(client, provider)["authorization_endpoint"])
            found, _ = client.create_authorization_url(
                place, state=asking.state, nonce=asking.nonce, code_verifier=asking.verifier
            )
            return str(found)
    except _TROUBLE as problem:
        raise Refused("provider_away") from problem


def subject(provider: OpenId, back: str, asking: Asking, code: str, now: datetime) -> str:
    """The provider's own number for the person who signed in there. Raises Refused for whatever does not hold."""
    try:
        with _client(provider, back) as client:
            told = _told(client, provider)
            token = client.fetch_token(
                told["token_endpoint"], grant_type="authorization_code", code=code, code_verifier=asking.verifier
            )
            keys = KeySet.import_key_set(
                client.request("GET", told["jwks_uri"], withhold_token=True).raise_for_status().json()
            )
        claims = jwt.decode(str(token["id_token"]), keys, algorithms=list(SIGNED_WITH)).claims
        _rules(provider, asking, now).validate(claims)
        if claims.get("azp", provider.client_id) != provider.client_id:
            raise ValueError("made out to somebody else")
        found = str(claims["sub"])
        if not found or len(found) > MOST_SUBJECT:
            raise ValueError("nobody is named")
        return found
    except _TROUBLE as problem:
        raise Refused("provider_does_not_hold") from problem


_TROUBLE = (httpx2.HTTPError, AuthlibBaseError, JoseError, ValueError, KeyError, TypeError, AttributeError)


_places = BoundedSemaphore(MOST_ASKING)


@contextmanager
def _client(provider: OpenId, back: str) -> Iterator[Any]:
    if not _places.acquire(blocking=False):
        raise Refused("provider_slow")
    try:
        with OAuth2Client(
            provider.client_id,
            provider.client_secret,
            token_endpoint_auth_method="client_secret_basic",  # noqa: S106 - the name of a method
            scope="openid",
            redirect_uri=back,
            code_challenge_method="S256",
            timeout=PATIENCE,
        ) as client:
            within(client, TOGETHER)
            yield client
    finally:
        _places.release()


def _told(client: Any, provider: OpenId) -> dict[str, Any]:
    """The provider's description of itself: under its own name, and with no address less safe than that."""
    place = f"{provider.issuer}/.well-known/openid-configuration"
    told: dict[str, Any] = client.request("GET", place, withhold_token=True).raise_for_status().json()
    if str(told["issuer"]).rstrip("/") != provider.issuer:
        raise ValueError("it calls itself otherwise")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if urlsplit(str(told[name])).scheme not in {"https", urlsplit(provider.issuer).scheme}:
            raise ValueError("an address without https")
    return told


def _rules(provider: OpenId, asking: Asking, now: datetime) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=LEEWAY,
        iss={"essential": True, "values": [provider.issuer, f"{provider.issuer}/"]},
        aud={"essential": True, "value": provider.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": asking.nonce},
    )
