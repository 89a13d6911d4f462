"""Who is asked to act for the same startup or provider."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from app.accounts.forms import EmailField
from app.web.form_fields import CanonicalTextField

_PERSON_LIMIT = 80


class ColleagueForm(FlaskForm):  # type: ignore[misc]
    """Who is asked to act for the same startup or provider."""

    name = CanonicalTextField(_l("Colleague’s name"), limit=_PERSON_LIMIT)
    email = EmailField(_l("E-mail address"), is_new=True, autocomplete="off")
