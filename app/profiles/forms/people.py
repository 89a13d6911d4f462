"""Who is asked to act for the same startup or provider."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField
from wtforms.validators import Email

from app.web.form_fields import CanonicalTextField, LengthLimit, Required
from models.canonical import canonical_line

_EMAIL_LIMIT = 254
_PERSON_LIMIT = 80


class ColleagueForm(FlaskForm):  # type: ignore[misc]
    """Who is asked to act for the same startup or provider."""

    name = CanonicalTextField(_l("Colleague’s name"), limit=_PERSON_LIMIT)
    email = EmailField(
        _l("E-mail address"),
        [
            Required(_l("Give an e-mail address.")),
            LengthLimit(_EMAIL_LIMIT),
            Email(_l("This is not an e-mail address.")),
        ],
        filters=(lambda text: canonical_line(text or ""),),
    )
