"""The shape of what operators and mentors send about pools."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import DataRequired, Length

from app.accounts.forms import EmailField
from app.pools.actions.incubators import IncubatorValues
from app.pools.actions.terms import TermValues
from app.web.credit_code_field import CreditCodeField
from app.web.digits import read_number
from app.web.form_fields import (
    CanonicalAreaField,
    CanonicalTextField,
    CodeField,
    PlaceField,
    TopicsField,
)
from matching.text.own_terms import FORM_LIMIT, FORMS_LIMIT
from models.vocabulary import IncubatorKind

_REQUIRED = DataRequired(_l("Please fill this in."))
_LINE = Length(max=120, message=_l("At most 120 characters."))
_TEXT = Length(max=8000, message=_l("At most 8,000 characters."))


class IncubatorForm(FlaskForm):  # type: ignore[misc]
    """What an incubator says of itself."""

    name = CanonicalTextField(_l("Name"), validators=[_REQUIRED, _LINE])
    kind = CodeField(_l("Kind"), IncubatorKind, validators=[_REQUIRED])
    credit_code = CreditCodeField()
    place_code = PlaceField(_l("Place"), validators=[_REQUIRED])
    service_officer = CanonicalTextField(
        _l("Service officer"),
        validators=[Length(max=80, message=_l("At most 80 characters."))],
        description=_l("Whom the city and the district can turn to."),
    )
    introduction = CanonicalAreaField(_l("Introduction"), validators=[_TEXT])
    selection_standard = CanonicalAreaField(
        _l("Selection standard"),
        validators=[_TEXT],
        description=_l("By which criteria mentors are admitted. Everyone can read it."),
    )
    version = HiddenField(validators=[DataRequired()])

    def get_version(self) -> int:
        """The version that the form was filled in over; 0, which no row has, for nonsense."""
        # A forged form may lack it: then the field holds the number that it was shown with.
        return read_number(str(self.version.data or "")) or 0

    def get_values(self) -> IncubatorValues:
        """What was typed, once it is valid."""
        return IncubatorValues(
            name=self.name.data,
            kind=IncubatorKind(self.kind.data),
            credit_code=self.credit_code.data,
            place_code=self.place_code.data,
            introduction=self.introduction.data or "",
            selection_standard=self.selection_standard.data or "",
            service_officer=self.service_officer.data or "",
        )


class InviteMentorForm(FlaskForm):  # type: ignore[misc]
    """Whom to ask into the pool."""

    email = EmailField(_l("E-mail address"), is_new=True, autocomplete="off")
    name = CanonicalTextField(
        _l("Name"),
        validators=[_REQUIRED, Length(max=80, message=_l("At most 80 characters."))],
        description=_l("How the mentor's profile is called at first. The mentor can change it."),
    )


class InviteStartupForm(FlaskForm):  # type: ignore[misc]
    """Which startup to host, and who acts for it."""

    startup_name = CanonicalTextField(_l("Name of the startup"), validators=[_REQUIRED, _LINE])
    name = CanonicalTextField(
        _l("Name of the founder"),
        validators=[_REQUIRED, Length(max=80, message=_l("At most 80 characters."))],
    )
    email = EmailField(_l("E-mail address of the founder"), is_new=True, autocomplete="off")


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """Why somebody is declined, paused or retired: the other side reads it."""

    reason = CanonicalAreaField(
        _l("Reason"),
        validators=[_REQUIRED, Length(max=1000, message=_l("At most 1,000 characters."))],
        description=_l("The mentor reads it."),
    )


class ApplicationForm(FlaskForm):  # type: ignore[misc]
    """How a mentor meets the selection standard."""

    provider = HiddenField(validators=[DataRequired()])
    application = CanonicalAreaField(
        _l("How you meet the selection standard"),
        validators=[_REQUIRED, Length(max=4000, message=_l("At most 4,000 characters."))],
    )


class NoteForm(FlaskForm):  # type: ignore[misc]
    """A note for operators alone."""

    note = CanonicalAreaField(
        _l("Private note"),
        validators=[Length(max=4000, message=_l("At most 4,000 characters."))],
        description=_l("Only operators of this incubator read it."),
    )


class TermForm(FlaskForm):  # type: ignore[misc]
    """What means the same, in both languages."""

    chinese = TopicsField(
        _l("Chinese forms"),
        limit=FORMS_LIMIT,
        length_limit=FORM_LIMIT,
        description=_l("Between commas or a line each, the preferred one first."),
    )
    english = TopicsField(
        _l("English forms"), limit=FORMS_LIMIT, length_limit=FORM_LIMIT, separator=", "
    )
    abbreviations = TopicsField(
        _l("Abbreviations"), limit=FORMS_LIMIT, length_limit=FORM_LIMIT, separator=", "
    )

    def get_values(self) -> TermValues:
        """What was typed, once it is valid."""
        return TermValues(
            chinese=tuple(self.chinese.data or ()),
            english=tuple(self.english.data or ()),
            abbreviations=tuple(self.abbreviations.data or ()),
        )
