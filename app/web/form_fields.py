"""Form fields that several rooms use: canonical text, codes, places, topics.

Every field says in both languages what is wrong with what was typed, and shows it again as it
was typed. What reaches an action is already of the type that the models store.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape
from wtforms import (
    FieldList,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields import SelectChoice
from wtforms.fields.choices import Choice
from wtforms.widgets import CheckboxInput, ListWidget, Select

from app.web.digits import read_number
from app.web.worded import name_code
from app.words.limits import (
    LINE_LIMIT,
    NAME_LIMIT,
    ORGANISATIONS_LIMIT,
    TEXT_LIMIT,
    TOPIC_LIMIT,
    TOPICS_LIMIT,
    measure_length,
)
from app.words.links import find_web_address, is_web_address
from app.words.localisation import list_words
from app.words.places import list_places, name_place
from models.canonical import canonical_line, canonical_text
from models.organisation_names import split_organisation_names
from models.orm import new_public_id
from models.place_tables import is_known_place

Validators = Sequence[Callable[[Any, Any], None]]

_TOPIC_SEPARATOR = re.compile(r"[,，、;；\n]+")
_NOT_IN_LIST = _l("Choose from the list.")


class LengthLimit:
    """A validator: at most `limit` characters.

    It sets no `maxlength`: a browser cuts a pasted text off there without a word.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, form: object, field: Any) -> None:
        """Raise ValidationError for a text that is too long."""
        count = measure_length(field.data or "")
        if count > self.limit:
            raise ValidationError(
                _(
                    "At most %(limit)s characters; there are %(count)s now.",
                    limit=self.limit,
                    count=count,
                )
            )


class Required:
    """A validator: something must be given. `message` says what."""

    def __init__(self, message: object) -> None:
        self.message = message
        self.field_flags: Mapping[str, bool] = {"required": True}

    def __call__(self, form: object, field: Any) -> None:
        """Raise ValidationError for what is empty, unless there is another error already."""
        if field.data in (None, "", [], ()) and not field.errors:
            raise ValidationError(self.message)


class CanonicalTextField(StringField):  # type: ignore[misc]
    """One line of canonical text, at most `limit` characters; empty text is ""."""

    def __init__(
        self,
        label: object = None,
        validators: Validators = (),
        *,
        limit: int = LINE_LIMIT,
        **options: Any,
    ) -> None:
        super().__init__(
            label,
            [*validators, LengthLimit(limit)],
            filters=(lambda text: canonical_line(text or ""),),
            **options,
        )


class CanonicalAreaField(TextAreaField):  # type: ignore[misc]
    """Several lines of canonical text, at most `limit` characters; empty text is ""."""

    def __init__(
        self,
        label: object = None,
        validators: Validators = (),
        *,
        limit: int = TEXT_LIMIT,
        rows: int = 6,
        **options: Any,
    ) -> None:
        shown = {"rows": rows, "data-limit": limit} | options.pop("render_kw", {})
        super().__init__(
            label,
            [*validators, LengthLimit(limit)],
            filters=(lambda text: canonical_text(text or ""),),
            render_kw=shown,
            **options,
        )


class WebAddressField(CanonicalTextField):
    """An address of the web, whole, however it is typed or pasted; "" where nothing is.

    Only addresses of the web: anything else could run something in a reader's browser.
    """

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the address out of what was pasted."""
        typed = valuelist[0] if valuelist else ""
        found = find_web_address(typed) if typed.strip() else ""
        super().process_formdata([typed if found is None else found])

    def pre_validate(self, form: object) -> None:
        """Raise ValidationError for what holds no address, or several."""
        if self.data and not is_web_address(self.data):
            raise ValidationError(_("Give a whole address, beginning with https://"))


def _make_choice(code: StrEnum) -> SelectChoice:
    return SelectChoice(value=code.value, label=name_code(code))


class CodeField(SelectField):  # type: ignore[misc]
    """One code of `vocabulary`. `blank` words the choice of none, whose value is None.

    Without `blank` one must be chosen.
    """

    def __init__(
        self,
        label: object,
        vocabulary: type[StrEnum],
        validators: Validators = (),
        *,
        blank: object | None = None,
        **options: Any,
    ) -> None:
        def list_choices() -> list[SelectChoice]:
            none = [] if blank is None else [SelectChoice(value="", label=str(blank))]
            return none + [_make_choice(code) for code in vocabulary]

        def coerce(value: object) -> StrEnum | None:
            return vocabulary(str(value)) if value else None

        super().__init__(
            label,
            validators,
            coerce=coerce,
            choices=list_choices,
            invalid_value_message=_NOT_IN_LIST,
            invalid_choice_message=_NOT_IN_LIST,
            **options,
        )
        if blank is None:
            self.flags.required = True


class CodesField(SelectMultipleField):  # type: ignore[misc]
    """Any number of codes of `vocabulary`, as checkboxes; at least one where `required`.

    `required` is the message for none. It is no validator, because its flag would ask the
    browser to have every single box ticked.
    """

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(
        self,
        label: object,
        vocabulary: type[StrEnum],
        validators: Validators = (),
        *,
        required: object | None = None,
        **options: Any,
    ) -> None:
        options.setdefault("default", ())
        super().__init__(
            label,
            validators,
            coerce=lambda value: vocabulary(str(value)),
            choices=lambda: [_make_choice(code) for code in vocabulary],
            invalid_value_message=_NOT_IN_LIST,
            invalid_choice_message=_NOT_IN_LIST,
            **options,
        )
        self._required = required
        if required is not None:
            self.flags.required = True

    def process_formdata(self, valuelist: list[str]) -> None:
        """Each code once."""
        super().process_formdata(list(dict.fromkeys(valuelist)))

    def pre_validate(self, form: object) -> None:
        """Raise ValidationError for an unknown code, and for none where one is required."""
        super().pre_validate(form)
        if self._required is not None and not self.data and not self.errors:
            raise ValidationError(self._required)


class GroupedCodesField(CodesField):
    """`CodesField` whose boxes stand in groups, each with a heading."""

    def __init__(
        self,
        label: object,
        vocabulary: type[StrEnum],
        validators: Validators = (),
        *,
        groups: Mapping[Any, Iterable[StrEnum]],
        **options: Any,
    ) -> None:
        super().__init__(label, vocabulary, validators, **options)
        self._groups = groups

    def list_groups(self) -> Iterator[tuple[str, list[Any]]]:
        """The heading of each group and its options, ready to be rendered."""
        by_value = {option.choice.value: option for option in self}
        for group, codes in self._groups.items():
            yield name_code(group), [by_value[code.value] for code in codes]


class _LongSelect(Select):  # type: ignore[misc]
    """A list whose options are written without asking each for attributes that it has not.

    With hundreds of them that was most of the time of a page.
    """

    @classmethod
    def render_option(cls, choice: Choice, **kwargs: Any) -> Markup:
        """The element of `choice`."""
        if choice.render_kw or kwargs:
            rendered: Markup = super().render_option(choice, **kwargs)
            return rendered
        selected = Markup("selected ") if choice.selected else ""
        value, label = escape(str(choice.value)), escape(str(choice.label))
        return Markup(f'<option {selected}value="{value}">{label}</option>')  # noqa: S704  # nosec B704  # escaped above


class PlaceField(SelectField):  # type: ignore[misc]
    """A place by its code, grouped by province; those abroad last; None where none is chosen."""

    widget = _LongSelect()

    def __init__(
        self,
        label: object = None,
        validators: Validators = (),
        *,
        blank: object = _l("No place given"),
        **options: Any,
    ) -> None:
        super().__init__(
            label,
            validators,
            coerce=lambda value: str(value) if value else None,
            choices=(),
            validate_choice=False,
            **options,
        )
        self._blank = blank

    def iter_choices(self) -> Iterator[Choice]:
        """All places in one row."""
        for _name, choices in self.iter_groups():
            yield from choices

    def has_groups(self) -> bool:
        """Provinces are the groups."""
        return True

    def iter_groups(self) -> Iterator[tuple[str | None, list[Choice]]]:
        """The blank choice, then the provinces with their places."""
        first = [Choice("", str(self._blank), self.data is None, {})]
        groups = list_places()
        offered = {place.code for group in groups for place in group.places}
        if self.data is not None and self.data not in offered and is_known_place(self.data):
            # Brought in by its name: what is there must not get lost when something else is edited.
            first.append(Choice(self.data, name_place(self.data), True, {}))
        yield None, first
        for group in groups:
            yield (
                group.name,
                [Choice(p.code, p.name, p.code == self.data, {}) for p in group.places],
            )

    def pre_validate(self, form: object) -> None:
        """Raise ValidationError for a code that is not known."""
        if self.data is not None and not is_known_place(self.data):
            raise ValidationError(_NOT_IN_LIST)


class TopicsField(TextAreaField):  # type: ignore[misc]
    """Short free texts, separated by comma, 、, semicolon or line end: a list of lines.

    They are shown again as the reader of the page lists things, unless with `separator`.
    """

    def __init__(
        self,
        label: object = None,
        validators: Validators = (),
        *,
        limit: int = TOPICS_LIMIT,
        length_limit: int = TOPIC_LIMIT,
        separator: str = "",
        rows: int = 2,
        **options: Any,
    ) -> None:
        options.setdefault("default", ())
        super().__init__(label, validators, render_kw={"rows": rows}, **options)
        self._limit = limit
        self._length_limit = length_limit
        self._separator = separator

    def process_formdata(self, valuelist: list[str]) -> None:
        """Cut what was typed into topics, each once."""
        if valuelist:
            lines = (
                canonical_line(t) for t in _TOPIC_SEPARATOR.split(canonical_text(valuelist[0]))
            )
            self.data = list(dict.fromkeys(line for line in lines if line))

    def _value(self) -> str:
        return self._list(self.data or ())

    def _list(self, texts: Iterable[str]) -> str:
        """`texts` in one line, as the reader would type them, or with the field's own separator."""
        return self._separator.join(texts) if self._separator else list_words(texts)

    def pre_validate(self, form: object) -> None:
        """Raise ValidationError for too many topics or a topic that is too long."""
        topics = self.data or ()
        if len(topics) > self._limit:
            raise ValidationError(
                _(
                    "At most %(limit)s entries; there are %(count)s now.",
                    limit=self._limit,
                    count=len(topics),
                )
            )
        if any(measure_length(topic) > self._length_limit for topic in topics):
            raise ValidationError(
                _("Each entry has at most %(limit)s characters.", limit=self._length_limit)
            )


class OrganisationsField(TopicsField):
    """Names of organisations, one a line or separated as topics are: a list of names."""

    def __init__(self, label: object = None, **options: Any) -> None:
        super().__init__(
            label,
            limit=ORGANISATIONS_LIMIT,
            length_limit=NAME_LIMIT,
            separator="\n",
            rows=2,
            **options,
        )

    def process_formdata(self, valuelist: list[str]) -> None:
        """Cut what was typed into names, each once."""
        if valuelist:
            names = split_organisation_names(canonical_text(valuelist[0]))
            self.data = list(dict.fromkeys(canonical_line(name) for name in names))


class VersionField(HiddenField):  # type: ignore[misc]
    """The version of the record that the form was filled from; None where there is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number. Raises ValueError for anything else."""
        if not valuelist or not valuelist[0]:
            return
        number = read_number(valuelist[0])
        if number is None:
            raise ValueError(_("This page is out of date. Load it again."))
        self.data = number

    def renew(self, version: int | None) -> None:
        """What was typed stays, and the next saving is knowingly over the other one's."""
        self.process_data(version)
        self.raw_data = None


class PublicIdField(HiddenField):  # type: ignore[misc]
    """The public id that a new record will get, so that a form sent twice creates one record.

    Whatever else was sent counts as none.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, default=new_public_id, **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep the id that the form was shown with."""
        sent = valuelist[0] if valuelist else ""
        self.data = sent if re.fullmatch("[0-9a-f]{16}", sent) else None


class RowsField(FieldList):  # type: ignore[misc]
    """A list of like rows, at most `max_entries`; a forged row number is no row."""

    def _extract_indices(self, prefix: str, formdata: Mapping[str, Any]) -> Iterator[int]:
        row = re.compile(rf"{re.escape(prefix)}-([0-9]{{1,4}})-")
        for key in formdata:
            if found := row.match(key):
                yield int(found.group(1))
