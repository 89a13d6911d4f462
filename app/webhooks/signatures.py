"""Secrets of webhooks, and what is signed with them: as the Standard Webhooks specification says.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import hashlib
import hmac
import json
import secrets
from datetime import datetime
from typing import Final

from models.webhooks import WebhookDelivery

_PREFIX: Final = "whsec_"
# The specification asks for 24 to 64.
_BYTES: Final = 32


def make_secret() -> str:
    """A new secret: the prefix, then 32 random bytes in base64."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def sign(secret: str, *, name: str, moment: int, body: bytes) -> str:
    """The signature of a body that is sent under the id `name` at `moment` (in seconds)."""
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    signed = f"{name}.{moment}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def make_body(delivery: WebhookDelivery) -> bytes:
    """What is sent: the same bytes at each attempt."""
    return json.dumps(delivery.payload, sort_keys=True, separators=(",", ":")).encode()


def make_headers(delivery: WebhookDelivery, body: bytes, at: datetime) -> dict[str, str]:
    """The headers of an attempt at `at`; a secret that was exchanged signs as well for a while."""
    webhook, name, moment = delivery.webhook, f"msg_{delivery.public_id}", int(at.timestamp())
    good = [webhook.secret]
    if webhook.former_secret and webhook.former_secret_until and at < webhook.former_secret_until:
        good.append(webhook.former_secret)
    return {
        "Content-Type": "application/json",
        "User-Agent": "Yinqiao-Webhooks/1",
        "Webhook-Id": name,
        "Webhook-Timestamp": str(moment),
        "Webhook-Signature": " ".join(
            sign(secret, name=name, moment=moment, body=body) for secret in good
        ),
    }
