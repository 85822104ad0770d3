"""Passkeys (WebAuthn): what a browser is asked, and whether what it answers holds. The mathematics is the library's."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from deliberation import keyed
from votes.refusal import Refused

MOST_ANSWER = 20_000


@dataclass(frozen=True)
class Party:
    """Whose passkeys these are: the domain of the address people use, and the only origin an answer may come from."""

    id: str
    origin: str


def party(base_url: str) -> Party | None:
    """None where browsers allow no passkeys: without https, and at a bare number."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        at_home = host == "localhost" or host.endswith(".localhost")
        return (
            Party(host, f"{parts.scheme}://{parts.netloc}") if host and (parts.scheme == "https" or at_home) else None
        )
    return None


def handle(secret: bytes, account_id: int) -> bytes:
    """What a passkey calls the account: nothing that tells who it is."""
    return keyed.digest(secret, "passkey", account_id)


def to_make(at: Party, *, user: bytes, name: str, challenge: bytes, known: Iterable[str]) -> str:
    """The options for a new passkey that signs in without a name typed, and only after the phone has checked its owner."""
    return options_to_json(
        generate_registration_options(
            rp_id=at.id,
            rp_name=at.id,
            user_id=user,
            user_name=name,
            user_display_name=name,
            challenge=challenge,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in known],
        )
    )


@dataclass(frozen=True)
class Made:
    credential_id: str
    public_key: bytes
    sign_count: int


def made(at: Party, answer: str, challenge: bytes) -> Made:
    """Raises Refused."""
    try:
        found = verify_registration_response(
            credential=answer[:MOST_ANSWER],
            expected_challenge=challenge,
            expected_rp_id=at.id,
            expected_origin=at.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as problem:
        raise Refused("passkey_does_not_hold") from problem
    return Made(bytes_to_base64url(found.credential_id), found.credential_public_key, found.sign_count)


def to_show(at: Party, challenge: bytes) -> str:
    return options_to_json(
        generate_authentication_options(
            rp_id=at.id, challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
        )
    )


def named_in(answer: str) -> tuple[str, bytes]:
    """The credential an answer speaks for, and what it calls the account. Raises Refused."""
    try:
        told = json.loads(answer[:MOST_ANSWER])
        return str(told["id"]), base64url_to_bytes(str(told["response"].get("userHandle") or ""))
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise Refused("passkey_does_not_hold") from problem


def count_shown(at: Party, answer: str, challenge: bytes, *, public_key: bytes, sign_count: int) -> int:
    """The key's new count; one that does not grow is a copied key. Raises Refused."""
    try:
        found = verify_authentication_response(
            credential=answer[:MOST_ANSWER],
            expected_challenge=challenge,
            expected_rp_id=at.id,
            expected_origin=at.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as problem:
        raise Refused("passkey_does_not_hold") from problem
    return found.new_sign_count
