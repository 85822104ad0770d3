"""Key files (SPEC S13.3): mode 0600, never overwritten, sealed with a passphrase by argon2id and AES-256-GCM.

The only module of `votes` that needs packages beyond gmpy2.
"""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path
from typing import Any

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from votes.refusal import Refused
from votes.secret import wire

KIND = "neighbor-council-sealed"
TIME, MEMORY_KIB, LANES = 3, 65536, 4
MOST_TIME, MOST_MEMORY_KIB, MOST_LANES = 16, 1 << 20, 16
SHORTEST_PASSPHRASE = 8
LIMIT = 1 << 26


def seal(content: dict[str, Any], passphrase: str) -> bytes:
    """Refused("key.passphrase") for one that is too short to protect anything."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise Refused("key.passphrase", least=SHORTEST_PASSPHRASE)
    head: dict[str, Any] = {
        "kind": KIND,
        "version": 1,
        "kdf": "argon2id",
        "time": TIME,
        "memory": MEMORY_KIB,
        "lanes": LANES,
        "salt": base64.b64encode(secrets.token_bytes(16)).decode(),
        "nonce": base64.b64encode(secrets.token_bytes(12)).decode(),
    }
    sealed = AESGCM(_key(head, passphrase)).encrypt(_raw(head["nonce"], 12), wire.dumps(content), wire.dumps(head))
    data = wire.dumps(head | {"sealed": base64.b64encode(sealed).decode()}) + b"\n"
    if len(data) > LIMIT:
        raise Refused("key.long", size=len(data), limit=LIMIT)  # nobody could ever open it
    return data


def unseal(data: bytes, passphrase: str) -> dict[str, Any]:
    """Refused("key.wrong") for a wrong passphrase or a changed file; the two cannot be told apart."""
    names = ("kind", "version", "kdf", "time", "memory", "lanes", "salt", "nonce", "sealed")
    found = wire.fields(wire.canonical(data.removesuffix(b"\n"), "key", LIMIT), "key", *names)
    if (found["kind"], found["version"], found["kdf"]) != (KIND, 1, "argon2id"):
        raise Refused("key.kind")
    wire.natural(found["time"], "key", MOST_TIME)
    wire.natural(found["memory"], "key", MOST_MEMORY_KIB)
    wire.natural(found["lanes"], "key", MOST_LANES)
    sealed = _raw(found.pop("sealed"), None)
    try:
        plain = AESGCM(_key(found, passphrase)).decrypt(_raw(found["nonce"], 12), sealed, wire.dumps(found))
    except InvalidTag:
        raise Refused("key.wrong") from None
    value = wire.loads(plain, "key", LIMIT)  # nobody but us sealed it: a list of all codes may be long
    if not isinstance(value, dict):
        raise Refused("key.shape")
    return value


def _key(head: dict[str, Any], passphrase: str) -> bytes:
    if head["time"] < 1 or head["lanes"] < 1 or head["memory"] < 8 * head["lanes"]:
        raise Refused("key.number")
    try:
        return hash_secret_raw(
            passphrase.encode(),
            _raw(head["salt"], 16),
            time_cost=head["time"],
            memory_cost=head["memory"],
            parallelism=head["lanes"],
            hash_len=32,
            type=Type.ID,
        )
    except HashingError:
        raise MemoryError from None


def _raw(text: object, size: int | None) -> bytes:
    try:
        raw = base64.b64decode(wire.text(text, "key"), validate=True)
    except ValueError:
        raise Refused("key.base64") from None
    if size is not None and len(raw) != size:
        raise Refused("key.base64")
    return raw


def write_new(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Refused("key.exists") rather than ever overwriting; readable by the owner alone; on the disk when this returns."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), mode)
    except FileExistsError:
        raise Refused("key.exists", path=str(path)) from None
    try:
        with os.fdopen(handle, "wb") as file:
            if hasattr(os, "fchmod"):
                os.fchmod(file.fileno(), mode)  # whatever the umask took away
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def write_all(*files: tuple[Path, bytes, int]) -> None:
    """Each new, with its mode; where one cannot be written none stays."""
    written: list[Path] = []
    try:
        for path, data, mode in files:
            write_new(path, data, mode)
            written.append(path)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise
