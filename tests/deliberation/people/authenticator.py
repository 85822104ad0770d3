"""A passkey made of software, for the tests: answers as a phone would, and lies where it is told to."""

from __future__ import annotations

import hashlib
import json
import os
import struct
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Phone:
    origin: str
    rp_id: str
    flags: int = PRESENT | VERIFIED
    count: int = 0
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    user: bytes = b""

    def _told(self, kind: str, challenge: str) -> bytes:
        told = {"type": f"webauthn.{kind}", "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _data(self, extra: bytes = b"", flags: int = 0) -> bytes:
        self.count += 1
        place = hashlib.sha256(self.rp_id.encode()).digest()
        return place + struct.pack(">BI", self.flags | flags, self.count) + extra

    def make(self, options: str) -> str:
        asked = json.loads(options)
        self.user = base64url_to_bytes(asked["user"]["id"])
        point = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        attested = bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + cbor2.dumps(cose)
        data = self._data(attested, ATTESTED)
        return self._answer(
            clientDataJSON=self._told("create", asked["challenge"]),
            attestationObject=cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data}),
        )

    def show(self, options: str) -> str:
        told = self._told("get", json.loads(options)["challenge"])
        data = self._data()
        signature = self.key.sign(data + hashlib.sha256(told).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=told, authenticatorData=data, signature=signature, userHandle=self.user)

    def _answer(self, **response: bytes) -> str:
        number = bytes_to_base64url(self.credential_id)
        said = {name: bytes_to_base64url(value) for name, value in response.items()}
        return json.dumps({"id": number, "rawId": number, "type": "public-key", "response": said})
