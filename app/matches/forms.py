"""The shape of what a founder says of suggestions."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField

from app.web.form_fields import CodeField, CodesField, VersionField
from models.vocabulary import (
    ConditionAttribute,
    DismissReason,
    NeedRole,
    ProposalAnswer,
    ProviderKind,
)


class RelaxForm(FlaskForm):  # type: ignore[misc]
    """Which conditions of a need are no longer required, and for which version of it."""

    version = VersionField()
    attributes = CodesField(
        _l("Conditions"), ConditionAttribute, required=_l("Choose at least one condition.")
    )


class CorrectionForm(FlaskForm):  # type: ignore[misc]
    """What a sentence of a need does, by its founder; without a role as matching reads it."""

    version = VersionField()
    # Its key: what is sent back of a text may have other ends of lines.
    sentence = HiddenField()
    role = CodeField(_l("What this sentence does"), NeedRole, blank=_l("As matching reads it"))


class ProposalForm(FlaskForm):  # type: ignore[misc]
    """What a founder makes of a condition that was read."""

    version = VersionField()
    attribute = CodeField(_l("Condition"), ConditionAttribute)
    # Codes and figures, with blanks between them.
    values = HiddenField()
    answer = CodeField(_l("Answer"), ProposalAnswer)


class DismissForm(FlaskForm):  # type: ignore[misc]
    """Why one suggestion is set aside."""

    reason = CodeField(_l("Why?"), DismissReason)


class DismissKindForm(DismissForm):
    """Why all suggestions of one kind are set aside."""

    kind = CodeField(_l("Kind"), ProviderKind)
