"""The shape of what a script lays into the forms for passkeys, and what people type beside it."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField

from app.web.form_fields import CanonicalTextField, Required
from models.passkeys import PASSKEY_NAME_LIMIT


class PasskeyForm(FlaskForm):  # type: ignore[misc]
    """What a script lays into it: the answer of a device to the signed `question`.

    The step before and where to go then ride along.
    """

    answer = HiddenField()
    question = HiddenField()
    first = HiddenField()
    next = HiddenField()
    typed = HiddenField()


class AddPasskeyForm(FlaskForm):  # type: ignore[misc]
    """A new passkey: its name, and what a script lays into it."""

    name = CanonicalTextField(
        _l("Name"),
        [Required(_l("Give it a name by which you know it again."))],
        limit=PASSKEY_NAME_LIMIT,
        description=_l("Such as the device or the keyring in which it is."),
    )
    answer = HiddenField()
    question = HiddenField()
