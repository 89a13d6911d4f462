"""A provider of log-ins on this machine (OpenID Connect), which can be told to do it wrong."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from flask import Flask, Response, jsonify, redirect, request
from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from tests.serving import serve_application

CLIENT, WORD = "yinqiao", "the client's word/+"


def _make_keys() -> dict[str, RSAKey | ECKey]:
    return {
        "RS256": RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig", "alg": "RS256"}),
        "ES256": ECKey.generate_key("P-256", {"kid": "ec", "use": "sig", "alg": "ES256"}),
    }


@dataclass
class ProviderOfLogIns:
    """`claims` go over those of an ID token; `discovery` over what it says of itself."""

    issuer: str = ""
    algorithm: str = "RS256"
    keys: dict[str, RSAKey | ECKey] = field(default_factory=_make_keys)
    claims: dict[str, Any] = field(default_factory=dict)
    discovery: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    status: int = 200
    body: bytes | None = None
    signs: bool = True
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def make_app(self) -> Flask:
        app = Flask(__name__)
        app.add_url_rule("/.well-known/openid-configuration", "say", self._say)
        app.add_url_rule("/keys", "keys", self._show_keys)
        app.add_url_rule("/authorize", "authorize", self._authorize)
        app.add_url_rule("/token", "token", self._give_token, methods=["POST"])
        return app

    def _say(self) -> Response:
        time.sleep(self.seconds)
        told = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/leave",
            "code_challenge_methods_supported": ["S256"],
        }
        if self.body is not None:
            return Response(self.body)
        return Response(json.dumps(told | self.discovery), self.status)

    def _show_keys(self) -> Response:
        kept = KeySet(list(self.keys.values()))
        return jsonify(kept.as_dict(private=False))

    def _authorize(self) -> Response:
        """Somebody is logged in here: back at once, with a code for what was asked."""
        code = secrets.token_urlsafe(8)
        self._codes[code] = dict(request.args)
        back = {"code": code, "state": request.args["state"], "iss": self.issuer}
        return redirect(f"{request.args['redirect_uri']}?{urlencode(back)}")  # type: ignore[return-value]

    def _give_token(self) -> tuple[Response, int] | Response:
        asked = self._codes.pop(request.form["code"], {})
        given = request.form.get("code_verifier", "")
        digest = hashlib.sha256(given.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        pair = request.authorization
        known = pair and (pair.username, pair.password) == (CLIENT, "the+client%27s+word%2F%2B")
        if (
            not known
            or asked.get("code_challenge_method") != "S256"
            or not secrets.compare_digest(challenge, asked.get("code_challenge", ""))
            or asked["redirect_uri"] != request.form["redirect_uri"]
        ):
            return jsonify(error="invalid_grant"), 400
        return jsonify(id_token=self._make_token(asked["nonce"]), access_token="for nothing")

    def _make_token(self, nonce: str) -> str:
        moment = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": "someone",
            "aud": CLIENT,
            "iat": moment,
            "exp": moment + 300,
            "nonce": nonce,
        } | self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        if not self.signs:
            head, body = (
                base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
                for part in ({"alg": "none"}, claims)
            )
            return f"{head}.{body}."
        if self.algorithm == "HS256":
            # Our own word as the key: what somebody does who knows only that.
            from joserfc.jwk import OctKey

            key = OctKey.import_key(WORD.ljust(32, "x"))
            return jws.serialize_compact({"alg": "HS256"}, json.dumps(claims).encode(), key)
        key = self.keys[self.algorithm]
        return jwt.encode({"alg": self.algorithm, "kid": key.kid}, claims, key)


@contextmanager
def provide() -> Iterator[ProviderOfLogIns]:
    """The provider, answering at `issuer`."""
    provider = ProviderOfLogIns()
    with serve_application(provider.make_app()) as port:
        provider.issuer = f"http://127.0.0.1:{port}"
        yield provider


def read_query(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
