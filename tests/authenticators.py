"""A device with passkeys, in software: it answers as a browser would (W3C WebAuthn, CTAP2)."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256

_PRESENT, _VERIFIED, _NEW = 0x01, 0x04, 0x40


def to_text(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def to_bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Authenticator:
    """One passkey on one device, used on pages of `origin`.

    `count` is what it says it has signed, 0 for ever where `counts` is false.
    """

    origin: str = "https://bridge.example"
    party_id: str = "bridge.example"
    verifies: bool = True
    counts: bool = True
    count: int = 0
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    user: str = ""

    def make(self, options: str, **changed: Any) -> str:
        """The answer to being asked for a new passkey; `changed` is what the page says of itself.

        The device remembers for whom it is.
        """
        asked = json.loads(options)
        self.user = asked["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        public_key = cbor2.dumps(
            {
                1: 2,
                3: -7,
                -1: 1,
                -2: numbers.x.to_bytes(32, "big"),
                -3: numbers.y.to_bytes(32, "big"),
            }
        )
        size = len(self.credential_id).to_bytes(2, "big")
        data = self._say(_NEW) + bytes(16) + size + self.credential_id + public_key
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._write(
            {
                "clientDataJSON": to_text(self._say_page("webauthn.create", asked, changed)),
                "attestationObject": to_text(made),
                "transports": ["internal", "hybrid", "a way of tomorrow"],
            }
        )

    def show(self, options: str, **changed: Any) -> str:
        """The answer to being asked for a signature."""
        asked = json.loads(options)
        if self.counts:
            self.count += 1
        data, page = self._say(0), self._say_page("webauthn.get", asked, changed)
        signature = self.key.sign(data + hashlib.sha256(page).digest(), ECDSA(SHA256()))
        return self._write(
            {
                "clientDataJSON": to_text(page),
                "authenticatorData": to_text(data),
                "signature": to_text(signature),
                "userHandle": self.user or None,
            }
        )

    def _say(self, flags: int) -> bytes:
        flags |= _PRESENT | (_VERIFIED if self.verifies else 0)
        party = hashlib.sha256(self.party_id.encode()).digest()
        return party + bytes([flags]) + self.count.to_bytes(4, "big")

    def _say_page(self, kind: str, asked: Any, changed: dict[str, Any]) -> bytes:
        said = {
            "type": kind,
            "challenge": asked["challenge"],
            "origin": self.origin,
            "crossOrigin": False,
        }
        return json.dumps(said | changed).encode()

    def _write(self, response: dict[str, Any]) -> str:
        named = to_text(self.credential_id)
        return json.dumps({"id": named, "rawId": named, "type": "public-key", "response": response})
