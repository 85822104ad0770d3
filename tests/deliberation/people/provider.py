"""A small OpenID provider for the tests: real HTTP, real keys, RS256; it can be told to lie in one thing."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "the-council", "a shared secret"


def _unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Provider:
    """`person` is who sits at the provider's page; `lies` change the token's claims; `forge` how it is signed."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.person = "person-1"
        self.lies: dict[str, Any] = {}
        self.forge = ""
        self.led = 0
        self.codes: dict[str, dict[str, str]] = {}
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self.app = Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.description),
                Route("/moved/.well-known/openid-configuration", self.moved),
                Route("/moved/there", self.elsewhere),
                Route("/keys", self.keys),
                Route("/authorize", self.authorize),
                Route("/token", self.token, methods=["POST"]),
            ]
        )

    async def description(self, request: Request) -> Response:
        told = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }
        return JSONResponse(told)

    async def moved(self, request: Request) -> Response:
        return RedirectResponse(f"{self.issuer}/moved/there", 302)

    async def elsewhere(self, request: Request) -> Response:
        self.led += 1
        return JSONResponse({})

    async def keys(self, request: Request) -> Response:
        return JSONResponse(KeySet([self.key]).as_dict(private=False))

    async def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        if asked["client_id"] != CLIENT or asked["response_type"] != "code" or asked["code_challenge_method"] != "S256":
            return Response("no", 400)
        code = secrets.token_urlsafe(16)
        self.codes[code] = {**asked, "sub": self.person}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}", 303)

    async def token(self, request: Request) -> Response:
        sent = dict(await request.form())
        scheme, _, told = request.headers.get("authorization", "").partition(" ")
        asked = self.codes.pop(str(sent.get("code")), None)
        proof = _unpadded(hashlib.sha256(str(sent.get("code_verifier", "")).encode()).digest())
        known = scheme == "Basic" and base64.b64decode(told).decode().startswith(CLIENT)
        if (
            asked is None
            or not known
            or proof != asked["code_challenge"]
            or sent["redirect_uri"] != asked["redirect_uri"]
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": self._made_out(asked)})

    def _made_out(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": asked["sub"],
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "phone_number": "13800000007",
            "email": "resident@council.example",
            **self.lies,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.forge == "none":
            parts = ({"alg": "none"}, claims)
            import json

            return ".".join(_unpadded(json.dumps(part).encode()) for part in parts) + "."
        if self.forge == "hmac":
            public = OctKey.import_key(self.key.as_pem(private=False))
            return jwt.encode({"alg": "HS256", "kid": "one"}, claims, public, algorithms=["HS256"])
        key = RSAKey.generate_key(2048) if self.forge == "another key" else self.key
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)
