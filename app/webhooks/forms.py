"""A webhook as it is typed."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from app.web.form_fields import CanonicalTextField, CodesField, Required
from models.webhooks import ADDRESS_LIMIT, WebhookEvent


class WebhookForm(FlaskForm):  # type: ignore[misc]
    """Where is sent to, and what is told."""

    url = CanonicalTextField(
        _l("Web address"),
        [Required(_l("Say where to send."))],
        limit=ADDRESS_LIMIT,
        description=_l("For example: https://example.org/yinqiao"),
    )
    events = CodesField(_l("Events"), WebhookEvent, required=_l("Choose at least one event."))
