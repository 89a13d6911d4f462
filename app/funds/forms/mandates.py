"""A mandate and a need's ask as they are typed."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, ValidationError

from app.funds.values import MandateValues, list_missing
from app.mandates.values import AskValues
from app.web.form_fields import (
    CodeField,
    CodesField,
    GroupedCodesField,
    TopicsField,
    VersionField,
)
from app.web.number_fields import MoneyField, PercentField
from app.words.formats import show_money
from app.words.localisation import enumerate_words
from app.words.places import name_place_in_full
from models.funds import PLACES_LIMIT
from models.places import read_place
from models.providers import SEED_FUND_FIELDS_LIMIT
from models.vocabulary import FIELD_GROUPS, Field, FundingStage, Gate, Instrument


class PlacesField(TopicsField):
    """Names of places, separated as topics are: a list of codes of GB/T 2260.

    What names no place, or several, is asked about in words.
    """

    def __init__(self, label: object = None, **options: Any) -> None:
        super().__init__(label, limit=PLACES_LIMIT, rows=2, **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read each name. Raises ValueError with what is wrong with the first that is no place."""
        super().process_formdata(valuelist)
        codes: list[str] = []
        for typed in self.data or ():
            codes.append(_read_one_place(typed))
        self.data = list(dict.fromkeys(codes))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self._list(_write_place(code) for code in self.data or ())


def _write_place(code: str) -> str:
    """A name without a comma that is read as this place again; else its code."""
    name = name_place_in_full(code).replace(", ", " ")
    return name if read_place(name).codes == (code,) else code


def _read_one_place(typed: str) -> str:
    codes = read_place(typed).codes
    if not codes:
        raise ValueError(_("There is no place called “%(name)s”.", name=typed))
    if len(codes) > 1:
        names = enumerate_words([name_place_in_full(code) for code in codes[:4]], is_choice=True)
        raise ValueError(_("“%(name)s” can be %(places)s. Say which.", name=typed, places=names))
    return codes[0]


class MandateForm(FlaskForm):  # type: ignore[misc]
    """A draft of a mandate. `do` is the button: "publish" asks for all that has to be said."""

    fields = GroupedCodesField(_l("Fields"), Field, groups=FIELD_GROUPS)
    stages = CodesField(_l("Stages"), FundingStage)
    ticket_min = MoneyField(
        _l("Smallest ticket, in 10,000 CNY"),
        description=_l("Compared with what a startup still seeks, not with its target."),
    )
    ticket_max = MoneyField(
        _l("Largest ticket, in 10,000 CNY"),
        description=_l("Compared with the smallest part that one fund may take."),
    )
    places = PlacesField(
        _l("Places"),
        description=_l("Provinces, cities or districts, separated by commas. Nothing: everywhere."),
    )
    instruments = CodesField(_l("Instruments"), Instrument)
    holding_limit = PercentField(
        _l("Holding limit, in percent"),
        description=_l("The largest share of a company that you hold. Nothing: no limit."),
    )
    excluded_topics = TopicsField(
        _l("Topics excluded"),
        description=_l("Separated by commas. A startup that names one of them does not pass."),
    )
    gate = CodeField(
        _l("Gate that has to be verified"),
        Gate,
        blank=_l("None"),
        description=_l("A later gate is as good. Only what was confirmed counts."),
    )
    version = VersionField()
    do = HiddenField(default="save")

    def __init__(self, *args: Any, is_seed_fund: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self._is_seed_fund = is_seed_fund
        for name in ("fields", "stages", "ticket_min", "ticket_max", "instruments"):
            # Its word is "needed to publish" in place of "optional".
            self[name].flags.needed_to_publish = True

    @property
    def publishes(self) -> bool:
        """Whether the button said that the draft is to be published."""
        return bool(self.do.data == "publish")

    def fill_from(self, values: MandateValues, version: int | None) -> None:
        """Show what `values` say."""
        self.fields.data = list(values.fields)
        self.stages.data = list(values.stages)
        self.ticket_min.data = values.ticket_min_yuan
        self.ticket_max.data = values.ticket_max_yuan
        self.places.data = list(values.places)
        self.instruments.data = list(values.instruments)
        self.holding_limit.data = values.holding_limit_bp
        self.excluded_topics.data = list(values.excluded_topics)
        self.gate.data = values.gate
        self.version.process_data(version)

    def get_values(self) -> MandateValues:
        """What was typed, once it is valid."""
        return MandateValues(
            fields=_in_order(Field, self.fields.data),
            stages=_in_order(FundingStage, self.stages.data),
            ticket_min_yuan=self.ticket_min.data,
            ticket_max_yuan=self.ticket_max.data,
            places=tuple(self.places.data or ()),
            instruments=_in_order(Instrument, self.instruments.data),
            holding_limit_bp=self.holding_limit.data,
            excluded_topics=tuple(self.excluded_topics.data or ()),
            gate=self.gate.data,
        )

    def validate_fields(self, field: Any) -> None:
        """Raise ValidationError for a seed fund with more fields than it may have."""
        count = len(field.data or ())
        if self._is_seed_fund and count > SEED_FUND_FIELDS_LIMIT:
            raise ValidationError(
                _(
                    "A seed fund covers at most %(limit)s fields; there are %(count)s now.",
                    limit=SEED_FUND_FIELDS_LIMIT,
                    count=count,
                )
            )

    def validate_ticket_max(self, field: Any) -> None:
        """Raise ValidationError where it is smaller than the smallest ticket."""
        least = self.ticket_min.data
        if least is not None and field.data is not None and field.data < least:
            raise ValidationError(_("This is smaller than the smallest ticket."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether it can be stored; with the button for it, whether it can be published too."""
        is_valid = bool(super().validate(extra_validators))
        if not self.publishes:
            return is_valid
        names = {"ticket_min_yuan": "ticket_min", "ticket_max_yuan": "ticket_max"}
        for missing in list_missing(self.get_values()):
            field = self[names.get(missing, missing)]
            if not field.errors:
                field.errors = [_("A published mandate has to say this.")]
                is_valid = False
        return is_valid


class PublishForm(FlaskForm):  # type: ignore[misc]
    """The button that publishes the draft as it was shown."""

    version = VersionField()


class AskForm(FlaskForm):  # type: ignore[misc]
    """What a need asks of one fund."""

    raised = MoneyField(
        _l("Already raised of it, in 10,000 CNY"),
        description=_l("Promised or paid by others. Tickets are compared with the rest."),
    )
    least_part = MoneyField(
        _l("Smallest part that one fund may take, in 10,000 CNY"),
        description=_l("Nothing: one fund takes the whole rest."),
    )
    share = PercentField(
        _l("Share of the company that one fund is offered, in percent"),
        description=_l("Compared with how much a fund may hold."),
    )
    shows_gate = BooleanField(
        _l("Funds that have accepted a request may see that a verified gate is enough for them"),
        description=_l("A proof that is missing, or not enough, is never shown."),
    )

    def __init__(self, *args: Any, amount: int | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self._amount = amount

    def fill_from(self, values: AskValues) -> None:
        """Show what `values` say."""
        self.raised.data = values.raised_yuan or None
        self.least_part.data = values.least_part_yuan
        self.share.data = values.share_bp
        self.shows_gate.data = values.shows_gate

    def get_values(self) -> AskValues:
        """What was typed, once it is valid."""
        return AskValues(
            raised_yuan=self.raised.data or 0,
            least_part_yuan=self.least_part.data,
            share_bp=self.share.data,
            shows_gate=bool(self.shows_gate.data),
        )

    def validate_raised(self, field: Any) -> None:
        """Raise ValidationError where it is more than the need seeks."""
        if self._amount is not None and (field.data or 0) > self._amount:
            raise ValidationError(
                _("The need seeks %(amount)s in all.", amount=show_money(self._amount))
            )

    def validate_least_part(self, field: Any) -> None:
        """Raise ValidationError for nothing, and for more than is left."""
        if field.data == 0:
            raise ValidationError(_("A part is more than nothing."))
        if self._amount is None or field.data is None:
            return
        rest = self._amount - (self.raised.data or 0)
        if field.data > rest:
            raise ValidationError(_("Only %(amount)s is left.", amount=show_money(max(rest, 0))))


def _in_order(vocabulary: type[Any], chosen: Sequence[Any] | None) -> tuple[Any, ...]:
    wanted = set(chosen or ())
    return tuple(code for code in vocabulary if code in wanted)
