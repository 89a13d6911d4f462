"""What the rules for webhooks forbid."""

from flask_babel import lazy_gettext as _l

from app.errors import DomainError


class WebhookAddressRefused(DomainError):
    """Nothing is sent to such an address."""

    code = "webhook_address_refused"
    status = 422
    sentence = _l(
        "Give an address like https://example.org/yinqiao, without a password and without a “#”."
    )


class WebhookAddressPrivate(DomainError):
    """The address lies within a network that is not public."""

    code = "webhook_address_private"
    status = 422
    sentence = _l("This address is not on the public internet, so nothing is sent there.")


class TooManyWebhooks(DomainError):
    """The incubator has as many as it may have."""

    code = "too_many_webhooks"
    sentence = _l("An incubator can have at most %(limit)s webhooks. Remove one first.")


class WebhookPaused(DomainError):
    """Nothing is sent while the webhook is paused."""

    code = "webhook_paused"
    sentence = _l("This webhook is paused. Resume it first.")


class DeliveryStillWaiting(DomainError):
    """It is tried again by itself."""

    code = "delivery_still_waiting"
    sentence = _l("This delivery is still being tried: it needs no repeat.")
