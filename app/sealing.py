"""Sealed texts: kept where others may look, and read again only with the installation's key."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_KEY_BYTES = 32


class Sealer:
    """Seals and opens texts with one secret key, each for one purpose (RFC 5869, Fernet)."""

    def __init__(self, secret_key: str) -> None:
        self._secret_key = secret_key

    def seal(self, purpose: str, text: str) -> str:
        """`text` as nobody can read or change it; two seals of one text differ."""
        return self._make_fernet(purpose).encrypt(text.encode()).decode()

    def open(self, purpose: str, sealed: str) -> str | None:
        """The text in `sealed`; None when it was sealed by another key or for another purpose."""
        try:
            return self._make_fernet(purpose).decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None

    def _make_fernet(self, purpose: str) -> Fernet:
        derived = HKDF(SHA256(), _KEY_BYTES, salt=None, info=f"yinqiao.{purpose}".encode())
        return Fernet(base64.urlsafe_b64encode(derived.derive(self._secret_key.encode())))
