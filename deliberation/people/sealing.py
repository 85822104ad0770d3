"""What only this server can read again: a secret it has to keep, or a ticket that a browser carries for it.

AES-256-GCM under a key for each purpose, derived from the server's secret file: whoever has the database alone, a lost backup
say, reads none of it. What is sealed for one purpose opens for no other.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12


def _cipher(secret: bytes, purpose: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=f"sealing\n{purpose}".encode()).derive(secret))


def seal(secret: bytes, purpose: str, plain: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + _cipher(secret, purpose).encrypt(nonce, plain, purpose.encode())


def unseal(secret: bytes, purpose: str, sealed: bytes) -> bytes | None:
    """None when it was sealed for something else, with another secret, or changed."""
    try:
        return _cipher(secret, purpose).decrypt(sealed[:NONCE], sealed[NONCE:], purpose.encode())
    except (InvalidTag, ValueError):
        return None


def ticket(secret: bytes, purpose: str, until: datetime, facts: Mapping[str, object]) -> str:
    """Facts for the browser to bring back before `until`; it can neither read nor change them."""
    body = json.dumps({**facts, "until": until.timestamp()}, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(seal(secret, purpose, body)).decode()


def read_ticket(secret: bytes, purpose: str, text: str, now: datetime) -> dict[str, Any] | None:
    try:
        body = unseal(secret, purpose, base64.urlsafe_b64decode(text.encode()))
    except (binascii.Error, ValueError):
        return None
    if body is None:
        return None
    facts: dict[str, Any] = json.loads(body)
    return facts if facts.pop("until") > now.timestamp() else None
