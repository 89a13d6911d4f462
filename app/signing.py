"""Signed tokens: facts that leave the server in a link or a form and come back unchanged."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from itsdangerous import BadData, URLSafeSerializer

_EXPIRES = "expires"

# Of a mark: 72 bits, which nobody guesses.
_MARK_BYTES: Final = 9
_MARK_LENGTH: Final = 12


class Signer:
    """Makes and reads tokens with one secret key. A token is good for one purpose and a while.

    A token can be read by whoever holds it: it protects from change, not from eyes.
    """

    def __init__(self, secret_key: str) -> None:
        self._secret_key = secret_key

    def sign(self, purpose: str, facts: Mapping[str, Any], *, expires_at: datetime) -> str:
        """A token for `facts` (what JSON can hold), in characters that an address may have."""
        payload = {**facts, _EXPIRES: int(expires_at.timestamp())}
        token: str = self._make_serializer(purpose).dumps(payload)
        return token

    def read(self, purpose: str, token: str, *, at: datetime) -> dict[str, Any] | None:
        """The facts of `token`; None when it is not ours, for another purpose, or too old."""
        try:
            payload = self._make_serializer(purpose).loads(token)
        except (BadData, UnicodeEncodeError):
            return None
        if not isinstance(payload, dict):
            return None
        if datetime.fromtimestamp(payload.pop(_EXPIRES), UTC) <= at:
            return None
        return payload

    def mark(self, purpose: str, text: str) -> str:
        """`text` and at its end what only this installation can write behind it.

        Whoever holds a marked text can be told from whoever makes one up, without a look at
        anything that is stored. It has characters that an address may have.
        """
        key = hmac.digest(self._secret_key.encode(), f"yinqiao.{purpose}".encode(), hashlib.sha256)
        told = hmac.digest(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256)
        return text + base64.urlsafe_b64encode(told[:_MARK_BYTES]).decode()

    def is_marked(self, purpose: str, text: str) -> bool:
        """Whether `mark` gave `text`."""
        expected = self.mark(purpose, text[:-_MARK_LENGTH])
        return hmac.compare_digest(
            expected.encode("utf-8", "surrogatepass"), text.encode("utf-8", "surrogatepass")
        )

    def _make_serializer(self, purpose: str) -> URLSafeSerializer:
        return URLSafeSerializer(self._secret_key, salt=f"yinqiao.{purpose}")
