"""The shape of what an owner says of how a profile is read."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField

from app.web.form_fields import CodeField, VersionField
from models.vocabulary import ProfileRole


class ProfileCorrectionForm(FlaskForm):  # type: ignore[misc]
    """What a sentence of the profile does; without a role as matching reads it."""

    version = VersionField()
    # Its key: what is sent back of a text may have other ends of lines.
    sentence = HiddenField()
    role = CodeField(_l("What this sentence does"), ProfileRole, blank=_l("As matching reads it"))
