"""The shape of what a founder says of suggestions."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from app.web.form_fields import CodeField, CodesField, VersionField
from models.vocabulary import ConditionAttribute, DismissReason, ProviderKind


class RelaxForm(FlaskForm):  # type: ignore[misc]
    """Which conditions of a need are no longer required, and for which version of it."""

    version = VersionField()
    attributes = CodesField(
        _l("Conditions"), ConditionAttribute, required=_l("Choose at least one condition.")
    )


class DismissForm(FlaskForm):  # type: ignore[misc]
    """Why one suggestion is set aside."""

    reason = CodeField(_l("Why?"), DismissReason)


class DismissKindForm(DismissForm):
    """Why all suggestions of one kind are set aside."""

    kind = CodeField(_l("Kind"), ProviderKind)
