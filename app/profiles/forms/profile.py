"""What the forms of all profiles have in common: words for what is missing, and the version."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from app.profiles.completeness import SUMMARY_LEAST
from app.web.form_fields import PublicIdField, VersionField

NAME_NEEDED = _l("Give a name.")
CODE_BEHIND_NAME = _l("If you know its credit code, put it behind the name.")

# What to do about each thing that a profile still lacks.
_MISSING: Mapping[str, LazyString] = {
    "one_line": _l("Say in one line what you make."),
    "description": _l("Describe it in at least %(least)s characters.", least=SUMMARY_LEAST),
    "headline": _l("Say in one line what you bring."),
    "summary": _l("Describe it in at least %(least)s characters.", least=SUMMARY_LEAST),
    "fields": _l("Choose at least one field."),
    "languages": _l("Choose at least one language."),
    "capacity": _l("Take at least one engagement at a time."),
    "hours_per_month": _l("Give at least one hour a month."),
    "help_modes": _l("Choose at least one way in which you help."),
    "ticket_min_yuan": _l("Give the smallest ticket."),
    "ticket_max_yuan": _l("Give the largest ticket."),
    "funding_stages": _l("Choose at least one funding stage."),
    "instruments": _l("Choose at least one instrument."),
    "services": _l("Offer at least one service."),
}


class ProfileForm(FlaskForm):  # type: ignore[misc]
    """What every profile's form has: a version to compare, and words for what is missing."""

    version = VersionField()
    new_public_id = PublicIdField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self:
            if field.short_name in _MISSING and not field.flags.required:
                field.flags.needed_to_publish = True

    def mark_missing(self, names: Iterable[str]) -> None:
        """Each of the named fields says what to do, so that the profile can be published."""
        for name in names:
            field = self[name]
            field.errors = [*field.errors, _MISSING[name]]


def in_order(vocabulary: type[Any], chosen: Iterable[Any]) -> tuple[Any, ...]:
    """The chosen codes in the order of the vocabulary, as they are stored."""
    found = set(chosen)
    return tuple(code for code in vocabulary if code in found)
