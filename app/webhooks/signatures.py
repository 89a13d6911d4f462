"""Secrets of webhooks, and what is signed with them: as the Standard Webhooks specification says.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from app.sealing import Sealer
from models.webhooks import Webhook, WebhookDelivery

_PREFIX: Final = "whsec_"
_PURPOSE: Final = "webhook"
# The specification asks for 24 to 64.
_BYTES: Final = 32


def make_secret() -> str:
    """A new secret: the prefix, then 32 random bytes in base64."""
    return _PREFIX + base64.b64encode(os.urandom(_BYTES)).decode()


def sign(secret: str, *, name: str, moment: int, body: bytes) -> str:
    """The signature of a body that is sent under the id `name` at `moment` (in seconds)."""
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    signed = f"{name}.{moment}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def make_body(delivery: WebhookDelivery) -> bytes:
    """What is sent: the same bytes at each attempt."""
    return json.dumps(delivery.payload, sort_keys=True, separators=(",", ":")).encode()


def seal_secret(secret: str, sealer: Sealer) -> str:
    """`secret` as it is kept."""
    return sealer.seal(_PURPOSE, secret)


def open_secret(kept: str, sealer: Sealer) -> str | None:
    """The secret that was sealed; None when it was with another key."""
    # Releases before this one kept them as they are; the clean-up seals those.
    return kept if is_open(kept) else sealer.open(_PURPOSE, kept)


def is_open(kept: str) -> bool:
    """Whether a secret is kept as it is, as earlier releases did."""
    return kept.startswith(_PREFIX)


def list_secrets(webhook: Webhook, sealer: Sealer, at: datetime) -> list[str]:
    """What signs at `at`, the present secret first; a former one does for a while.

    None where they were sealed with another key.
    """
    kept = [webhook.sealed_secret]
    until = webhook.former_secret_until
    if webhook.former_sealed_secret and until and at < until:
        kept.append(webhook.former_sealed_secret)
    return [secret for each in kept if (secret := open_secret(each, sealer)) is not None]


def make_headers(
    delivery: WebhookDelivery, body: bytes, secrets: Iterable[str], at: datetime
) -> dict[str, str]:
    """The headers of an attempt at `at`, signed with each of `secrets`."""
    name, moment = f"msg_{delivery.public_id}", int(at.timestamp())
    return {
        "Content-Type": "application/json",
        "User-Agent": "Yinqiao-Webhooks/1",
        "Webhook-Id": name,
        "Webhook-Timestamp": str(moment),
        "Webhook-Signature": " ".join(
            sign(secret, name=name, moment=moment, body=body) for secret in secrets
        ),
    }
