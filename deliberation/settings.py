"""What an installation decides: where its data lies, what it is called from outside, whether it is the demo."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True)
class OpenId:
    """A provider at which people may sign in instead, such as a city's or a company's; `name` is what they call it."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str


@dataclass(frozen=True)
class Settings:
    data_dir: Path
    database_url: str
    secret: bytes
    base_url: str = "http://127.0.0.1:8000"
    demo: bool = False
    sms: str = "none"
    """How texts are sent: "none", "console", or the address of a gateway that takes them by POST."""
    sms_secret: str = field(default="", repr=False)
    openid: OpenId | None = None

    @property
    def secure(self) -> bool:
        return self.base_url.startswith("https://")

    def cookie(self, name: str) -> str:
        """Over https a browser keeps `__Host-` cookies for this very host alone: no neighboring one can plant them."""
        return f"__Host-{name}" if self.secure else name


def load(
    data_dir: Path, *, database_url: str | None = None, base_url: str | None = None, demo: bool = False
) -> Settings:
    """Make the data folder on first use; its secret is readable by its owner alone."""
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Settings(
        data_dir=data_dir,
        database_url=database_url or os.environ.get("DATABASE_URL") or f"sqlite:///{data_dir / 'council.db'}",
        secret=_secret(data_dir / "secret.key"),
        base_url=(base_url or "http://127.0.0.1:8000").rstrip("/"),
        demo=demo,
        sms=sms_way(os.environ.get("SMS_GATEWAY", "none")),
        sms_secret=os.environ.get("SMS_SECRET", ""),
        openid=_openid(os.environ),
    )


class BadSetting(ValueError):
    pass


def sms_way(text: str) -> str:
    if text not in {"none", "console"} and not _safe(text):
        raise BadSetting(f"SMS_GATEWAY: none, console, or https://… (http:// on this machine alone), not {text!r}")
    return text


def _safe(address: str) -> bool:
    """Secrets go there: in the clear to this machine alone."""
    parts = urlsplit(address)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"})
    )


def _openid(told: Mapping[str, str]) -> OpenId | None:
    """From OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET and OIDC_NAME; the first three belong together."""
    issuer, number, secret = (told.get(f"OIDC_{name}", "") for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET"))
    if not issuer:
        return None
    if not number or not secret:
        raise BadSetting("OIDC_ISSUER: OIDC_CLIENT_ID and OIDC_CLIENT_SECRET belong beside it")
    if not _safe(issuer):
        raise BadSetting(f"OIDC_ISSUER: https://… (http:// on this machine alone), not {issuer!r}")
    return OpenId(issuer.rstrip("/"), number, secret, told.get("OIDC_NAME") or "OpenID")


def _secret(path: Path) -> bytes:
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(32))
    return path.read_bytes()
