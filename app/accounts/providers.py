"""What a provider of log-ins says: where it is asked, by which keys it signs, who somebody is.

OpenID Connect Core 1.0 by the code flow, with PKCE (RFC 7636) and discovery. Nothing of the
database stands here.
"""

import base64
import http.client
import json
import secrets
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from urllib.parse import quote_plus, urlencode, urlsplit

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.accounts.errors import ProviderAway, ProviderWrong
from app.settings import LoginProvider
from models.provider_links import SUBJECT_LIMIT

# For one question, from the first connection to the last byte, in seconds.
DEADLINE: Final = 8.0
MOST_BYTES: Final = 200_000
# What a provider says of itself is asked for again after an hour; one that is away, after a while.
KNOWN_FOR_SECONDS: Final = 3600.0
AWAY_FOR_SECONDS: Final = 20.0
# So many threads of a process wait for providers at once: a slow one leaves the others free.
AT_ONCE: Final = 2

# For how long somebody may be at the provider.
BEGUN_FOR: Final = timedelta(minutes=15)

# Signatures by keys that the provider keeps for itself; never "none", nor one by our own secret.
_ALGORITHMS: Final = ("RS256", "ES256", "PS256", "EdDSA")
_LEEWAY_SECONDS: Final = 60
_CODE_LIMIT: Final = 4_000
_SCOPES: Final = "openid email"


class Begun(NamedTuple):
    """A log-in that a provider is asked about: where the browser goes, and what it has to match."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a provider vouches for. `email` is "" unless the provider says that it is verified."""

    issuer: str
    subject: str
    email: str
    name: str


class _Endpoints(NamedTuple):
    authorization: str
    token: str
    keys: str
    end_session: str
    takes_secret_in_body: bool


class ProviderClient:
    """One provider, as this process knows it. Safe for several threads."""

    def __init__(self, provider: LoginProvider) -> None:
        self.provider = provider
        self._lock = threading.Lock()
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._endpoints: _Endpoints | None = None
        self._keys: KeySet | None = None
        self._known_until = 0.0
        self._away_until = 0.0

    def begin(self, *, back: str) -> Begun:
        """Where a browser goes that comes back to `back`. Raises ProviderAway, ProviderWrong."""
        state, nonce = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        verifier = secrets.token_urlsafe(48)
        address = add_params_to_uri(
            self._find_endpoints().authorization,
            [
                ("response_type", "code"),
                ("client_id", self.provider.client_id),
                ("redirect_uri", back),
                ("scope", _SCOPES),
                ("state", state),
                ("nonce", nonce),
                ("code_challenge", create_s256_code_challenge(verifier)),
                ("code_challenge_method", "S256"),
            ],
        )
        return Begun(str(address), state, nonce, verifier)

    def finish(self, *, code: str, nonce: str, verifier: str, back: str, at: datetime) -> Identity:
        """Who came back with `code`. Raises ProviderAway; ProviderWrong for what is not right."""
        if not 0 < len(code) <= _CODE_LIMIT:
            raise ProviderWrong
        endpoints = self._find_endpoints()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": verifier,
            "client_id": self.provider.client_id,
        }
        headers: dict[str, str] = {}
        if endpoints.takes_secret_in_body:
            form["client_secret"] = self.provider.client_secret
        else:
            headers["Authorization"] = self._make_authorization()
        told = self._ask(endpoints.token, form=form, headers=headers)
        token = told.get("id_token")
        if not isinstance(token, str):
            raise ProviderWrong
        return self._read_token(token, told.get("access_token"), nonce=nonce, at=at)

    def find_log_out(self, *, back: str) -> str | None:
        """Where a browser ends its log-in at the provider; None where it offers no such thing.

        Raises ProviderAway, ProviderWrong.
        """
        address = self._find_endpoints().end_session
        if not address:
            return None
        given = [("client_id", self.provider.client_id), ("post_logout_redirect_uri", back)]
        return str(add_params_to_uri(address, given))

    def _read_token(self, token: str, access: object, *, nonce: str, at: datetime) -> Identity:
        try:
            claims = self._check_token(token, access, nonce=nonce, at=at)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
            # Hostile claims break the libraries in ways of their own: a list for a number.
            raise ProviderWrong from error
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= SUBJECT_LIMIT:
            raise ProviderWrong
        email, name = claims.get("email"), claims.get("name")
        is_verified = claims.get("email_verified") is True and isinstance(email, str)
        return Identity(
            issuer=self.provider.issuer,
            subject=subject,
            email=str(email) if is_verified else "",
            name=name if isinstance(name, str) else "",
        )

    def _check_token(
        self, token: str, access: object, *, nonce: str, at: datetime
    ) -> Mapping[str, Any]:
        try:
            decoded = jwt.decode(token, self._find_keys(), algorithms=list(_ALGORITHMS))
        except (JoseError, ValueError):
            # The provider may have new keys since they were read.
            decoded = jwt.decode(token, self._find_keys(afresh=True), algorithms=list(_ALGORITHMS))
        client = self.provider.client_id
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            options={
                "iss": {"essential": True, "value": self.provider.issuer},
                "aud": {"essential": True, "value": client},
            },
            params={
                "client_id": client,
                "nonce": nonce,
                "access_token": access if isinstance(access, str) else None,
            },
        )
        moment = int(at.timestamp())
        claims.validate(now=moment, leeway=_LEEWAY_SECONDS)
        if claims["exp"] <= moment - _LEEWAY_SECONDS:
            raise ValueError("over")
        result: Mapping[str, Any] = claims
        return result

    def _make_authorization(self) -> str:
        pair = f"{quote_plus(self.provider.client_id)}:{quote_plus(self.provider.client_secret)}"
        return f"Basic {base64.b64encode(pair.encode()).decode()}"

    def _find_endpoints(self) -> _Endpoints:
        with self._lock:
            if self._endpoints is not None and time.monotonic() < self._known_until:
                return self._endpoints
        issuer = self.provider.issuer
        told = self._ask(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if told.get("issuer") != issuer:
            raise ProviderWrong
        challenges = _read_list(told, "code_challenge_methods_supported")
        if challenges and "S256" not in challenges:
            # Whoever catches a code could use it. Some that know S256 do not say so; the nonce
            # binds their codes to the browser, too.
            raise ProviderWrong
        methods = _read_list(told, "token_endpoint_auth_methods_supported")
        endpoints = _Endpoints(
            authorization=self._read_address(told, "authorization_endpoint"),
            token=self._read_address(told, "token_endpoint"),
            keys=self._read_address(told, "jwks_uri"),
            end_session=(
                self._read_address(told, "end_session_endpoint")
                if told.get("end_session_endpoint")
                else ""
            ),
            takes_secret_in_body=bool(methods) and "client_secret_basic" not in methods,
        )
        with self._lock:
            self._endpoints, self._keys = endpoints, None
            self._known_until = time.monotonic() + KNOWN_FOR_SECONDS
        return endpoints

    def _find_keys(self, *, afresh: bool = False) -> KeySet:
        with self._lock:
            if self._keys is not None and not afresh:
                return self._keys
        told = self._ask(self._find_endpoints().keys)
        try:
            keys = KeySet.import_key_set({"keys": [dict(each) for each in told["keys"]]})
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise ProviderWrong from error
        with self._lock:
            self._keys = keys
        return keys

    def _read_address(self, told: Mapping[str, Any], name: str) -> str:
        address = told.get(name)
        if not isinstance(address, str):
            raise ProviderWrong
        # An encrypted provider does not send us on to where anybody reads along.
        if urlsplit(self.provider.issuer).scheme == "https" and not address.startswith("https://"):
            raise ProviderWrong
        return address

    def _ask(
        self,
        url: str,
        *,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Mapping[str, Any]:
        """The object in JSON that stands at `url`, or that answers `form`."""
        with self._lock:
            if time.monotonic() < self._away_until:
                raise ProviderAway(name=self.provider.name)
        if not self._turns.acquire(timeout=1.0):
            raise ProviderAway(name=self.provider.name)
        try:
            status, body = _fetch(url, form, headers or {})
        except _NotAnswered as error:
            with self._lock:
                self._away_until = time.monotonic() + AWAY_FOR_SECONDS
            raise ProviderAway(name=self.provider.name) from error
        finally:
            self._turns.release()
        if status >= http.client.INTERNAL_SERVER_ERROR:
            raise ProviderAway(name=self.provider.name)
        if status != http.client.OK:
            raise ProviderWrong
        try:
            told = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise ProviderWrong from error
        if not isinstance(told, dict):
            raise ProviderWrong
        return told


class _NotAnswered(Exception):
    """There is no answer within the deadline, or none of a size that is read."""


def _fetch(
    url: str, form: Mapping[str, str] | None, headers: Mapping[str, str]
) -> tuple[int, bytes]:
    """Status and body of one answer; nothing is followed. Raises _NotAnswered."""
    connections: list[http.client.HTTPConnection] = []

    def cut_off() -> None:
        for each in connections:
            try:
                each.sock.shutdown(socket.SHUT_RDWR)
            except (OSError, AttributeError):
                continue

    # A server that sends a byte now and then would be waited for without end.
    timer = threading.Timer(DEADLINE, cut_off)
    timer.daemon = True
    timer.start()
    try:
        connection = _connect(url)
        connections.append(connection)
        try:
            parts = urlsplit(url)
            target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
            sent = {"Accept": "application/json", "User-Agent": "Yinqiao", **headers}
            if form is None:
                connection.request("GET", target, headers=sent)
            else:
                sent["Content-Type"] = "application/x-www-form-urlencoded"
                connection.request("POST", target, urlencode(form), sent)
            response = connection.getresponse()
            body = response.read(MOST_BYTES + 1)
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError, UnicodeError) as error:
        raise _NotAnswered from error
    finally:
        timer.cancel()
    if len(body) > MOST_BYTES:
        raise _NotAnswered
    return response.status, body


def _connect(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, parts.port, timeout=DEADLINE, context=context)
    if parts.scheme == "http":
        return http.client.HTTPConnection(host, parts.port, timeout=DEADLINE)
    raise ValueError("no address that is asked")


def _read_list(told: Mapping[str, Any], name: str) -> list[object]:
    value = told.get(name)
    return value if isinstance(value, list) else []
