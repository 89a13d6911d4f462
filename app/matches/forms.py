"""The shape of what a founder says of suggestions."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from app.form_fields import CodeField
from models.vocabulary import DismissReason, ProviderKind


class DismissForm(FlaskForm):  # type: ignore[misc]
    """Why one suggestion is set aside."""

    reason = CodeField(_l("Why?"), DismissReason)


class DismissKindForm(DismissForm):
    """Why all suggestions of one kind are set aside."""

    kind = CodeField(_l("Kind"), ProviderKind)
