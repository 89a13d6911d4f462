"""The addresses on this site to which this room's notices lead."""

from models.webhooks import Webhook


def address_of_webhook(webhook: Webhook) -> str:
    """The page of a webhook, with its last deliveries."""
    return f"/webhooks/{webhook.public_id}"
