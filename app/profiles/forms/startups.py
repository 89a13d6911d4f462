"""A startup's profile as it is typed."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.fields import SelectChoice

from app.profiles.forms.profile import NAME_NEEDED, ProfileForm, in_order
from app.profiles.values import StartupValues
from app.web.credit_code_field import CreditCodeField
from app.web.form_fields import (
    CanonicalAreaField,
    CanonicalTextField,
    CodeField,
    CodesField,
    GroupedCodesField,
    OrganisationsField,
    PlaceField,
    Required,
    TopicsField,
    WebAddressField,
)
from app.words.limits import NAME_LIMIT
from models.vocabulary import FIELD_GROUPS, Field, FundingStage, Gate, Ladder, Language, Title

_WEBSITE_LIMIT = 300

_READINESS: Mapping[int, LazyString] = {
    1: _l("1 · Basic principle observed"),
    2: _l("2 · Concept of use formulated"),
    3: _l("3 · Proof of concept in experiments"),
    4: _l("4 · Validated in the lab"),
    5: _l("5 · Validated in a relevant environment"),
    6: _l("6 · Prototype shown in a relevant environment"),
    7: _l("7 · Prototype shown in use"),
    8: _l("8 · Complete and qualified"),
    9: _l("9 · Proven in use"),
}


def name_readiness(level: int) -> str:
    """A level of technology readiness (GB/T 22900: 1 to 9) in words."""
    return str(_READINESS[level])


def _list_readiness() -> list[SelectChoice]:
    levels = [SelectChoice(value=str(n), label=str(words)) for n, words in _READINESS.items()]
    return [SelectChoice(value="", label=_("Not said")), *levels]


def _read_level(value: object) -> int | None:
    if value in (None, ""):
        return None
    if (level := str(value)) in {str(n) for n in _READINESS}:
        return int(level)
    raise ValueError(level)


class StartupForm(ProfileForm):
    """What a startup says of itself."""

    name = CanonicalTextField(_l("Name"), [Required(NAME_NEEDED)], limit=NAME_LIMIT)
    credit_code = CreditCodeField()
    one_line = CanonicalTextField(_l("In one line"), description=_l("What you make, and for whom."))
    description = CanonicalAreaField(
        _l("Description"),
        rows=8,
        description=_l(
            "The technology, how far it has come in figures, the team, and what comes next."
        ),
    )
    fields = GroupedCodesField(_l("Fields"), Field, groups=FIELD_GROUPS)
    topics = TopicsField(
        _l("Topics"), description=_l("Finer than fields, separated by commas: SiC epitaxy, ALD.")
    )
    ladder = CodeField(_l("Company ladder"), Ladder, blank=_l("Not said"))
    titles = CodesField(_l("Titles"), Title)
    funding_stage = CodeField(_l("Funding stage"), FundingStage, blank=_l("Not said"))
    readiness = SelectField(
        _l("Technology readiness"),
        coerce=_read_level,
        choices=_list_readiness,
        invalid_value_message=_l("Choose from the list."),
        invalid_choice_message=_l("Choose from the list."),
    )
    gate = CodeField(
        _l("Verification gate"),
        Gate,
        blank=_l("Not said"),
        description=_l("The gate that you are working on."),
    )
    place_code = PlaceField(_l("Place"))
    remote = BooleanField(_l("Meetings can be online"), default=True)
    languages = CodesField(_l("Languages"), Language, default=(Language.CHINESE,))
    website = WebAddressField(_l("Website"), limit=_WEBSITE_LIMIT)
    shareholders = OrganisationsField(
        _l("Shareholders"),
        description=_l(
            "Organisations that hold shares in you, one a line. Names are enough; “Co., Ltd.” and "
            "the like may be left out. A credit code behind a name tells it from others."
        ),
    )
    employers = OrganisationsField(
        _l("Employers of the founders"),
        description=_l("Universities, institutes and companies where a founder is still employed."),
    )
    competitors = OrganisationsField(
        _l("Direct competitors"),
        description=_l(
            "Only you and your incubator see this. Who works for them, holds their shares or "
            "advises them is not suggested to you."
        ),
    )
    affiliations = OrganisationsField(
        _l("Other connected organisations"),
        description=_l("Whatever else would make a provider partial, for or against you."),
    )

    def get_values(self) -> StartupValues:
        """What was typed, once it is valid."""
        return StartupValues(
            name=self.name.data,
            credit_code=self.credit_code.data,
            one_line=self.one_line.data,
            description=self.description.data,
            fields=in_order(Field, self.fields.data),
            topics=tuple(self.topics.data),
            ladder=self.ladder.data,
            titles=in_order(Title, self.titles.data),
            funding_stage=self.funding_stage.data,
            readiness=self.readiness.data,
            gate=self.gate.data,
            place_code=self.place_code.data,
            remote=self.remote.data,
            languages=in_order(Language, self.languages.data),
            website=self.website.data or None,
            shareholders=tuple(self.shareholders.data),
            employers=tuple(self.employers.data),
            competitors=tuple(self.competitors.data),
            affiliations=tuple(self.affiliations.data),
        )
