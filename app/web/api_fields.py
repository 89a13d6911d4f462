"""What stands in the JSON of programs: strict fields, which say in words what is wrong.

A field takes exactly what the document says: no number in quotes, no yes for true. Texts become
canonical as in forms.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Final, cast

import marshmallow as ma
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow.validate import Length, OneOf, Range

from models.canonical import canonical_line, canonical_text
from models.place_tables import is_known_place

ID_PATTERN: Final = "^[0-9a-f]{16}$"

# The orders of lists.
NEWEST: Final = "newest"
OLDEST: Final = "oldest"
NAME_ORDER: Final = "name"


def _say(words: LazyString) -> str:
    """The library writes down that it wants a text, and takes whatever becomes one."""
    return cast(str, words)


# What every field can say.
_GENERAL: Final[Mapping[str, LazyString]] = {
    "required": _l("This is needed."),
    "null": _l("This cannot be null."),
    "validator_failed": _l("This is not allowed."),
}
_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})",
    re.ASCII,
)
# Calendars of programs end with the year 9999: whoever reads a moment in another zone, or reckons
# weeks on from it, must not come to that end.
_FIRST: Final = datetime(1900, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(9000, 1, 1, tzinfo=UTC)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_COUNT: Final = re.compile(r"[0-9]{1,9}", re.ASCII)


def _word(**messages: LazyString) -> dict[str, Any]:
    return {**_GENERAL, **messages}


class ApiSchema(ma.Schema):
    """A JSON object whose fields are all known."""

    class Meta:
        """What is not known is refused: a field with a slip of the pen must not be lost."""

        unknown = ma.RAISE

    error_messages = {
        "type": _say(_l("This has to be an object.")),
        "unknown": _say(_l("There is no such field.")),
    }


class Line(ma.fields.String):
    """One line of canonical text, of `least` to `most` characters."""

    default_error_messages = _word(invalid=_l("This has to be a text."))

    def __init__(self, *, most: int, least: int = 0, **options: Any) -> None:
        self.most = most
        super().__init__(
            validate=Length(
                least or None,
                most,
                error=_say(
                    _l("This has to have %(least)s to %(most)s characters.", least=least, most=most)
                ),
            ),
            **options,
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **others: Any) -> str:
        text = super()._deserialize(value, attr, data, **others)
        if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
            raise ma.ValidationError(_("The text has characters that cannot be stored."))
        # What is too long stays so, whatever would be taken off its ends.
        return text if len(text) > self.most else self.make_canonical(text)

    def make_canonical(self, text: str) -> str:
        """As it is stored."""
        return canonical_line(text)


class Text(Line):
    """Canonical text of several lines."""

    def make_canonical(self, text: str) -> str:
        """As it is stored."""
        return canonical_text(text)


class FileContent(ma.fields.Field[bytes]):
    """The bytes of a file: base64 of at most `most` characters in JSON, themselves in a form."""

    default_error_messages = _word(invalid=_l("This has to be a file in base64."))

    def __init__(self, *, most: int, **options: Any) -> None:
        self._most = most
        said = "In base64; in a form, the file itself. JSON 中为 base64，表单中为文件本身。"
        limits = {"type": "string", "format": "byte", "minLength": 1, "maxLength": most}
        super().__init__(metadata=limits | {"description": said}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **others: Any) -> bytes:
        # JSON has no bytes: this is the file of a form.
        if isinstance(value, bytes):
            return value
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if not 0 < len(value) <= self._most:
            raise ma.ValidationError(
                _("This has to have %(least)s to %(most)s characters.", least=1, most=self._most)
            )
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            raise self.make_error("invalid") from None


class Id(ma.fields.String):
    """The public id of a thing."""

    default_error_messages = _word(invalid=_l("This has to be an id."))

    def __init__(self, **options: Any) -> None:
        pattern = ma.validate.Regexp(ID_PATTERN, error=_say(_l("This has to be an id.")))
        super().__init__(validate=pattern, **options)


class Whole(ma.fields.Integer):
    """A whole number from `low` to `high`; neither true nor "7" nor 7.5 is one."""

    default_error_messages = _word(invalid=_l("This has to be a whole number."))

    def __init__(self, *, low: int, high: int, **options: Any) -> None:
        super().__init__(
            strict=True,
            validate=Range(
                low,
                high,
                error=_say(_l("This has to be from %(low)s to %(high)s.", low=low, high=high)),
            ),
            **options,
        )

    def _validated(self, value: Any) -> int:
        if type(value) is not int:
            raise self.make_error("invalid")
        return super()._validated(value)


class Count(Whole):
    """A whole number in an address, where everything is text."""

    def _validated(self, value: Any) -> int:
        if not isinstance(value, str) or not _COUNT.fullmatch(value):
            raise self.make_error("invalid")
        return super()._validated(int(value))


class Flag(ma.fields.Boolean):
    """True or false, and nothing that could be taken for it."""

    default_error_messages = _word(invalid=_l("This has to be true or false."))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **others: Any) -> bool:
        if value is not True and value is not False:
            raise self.make_error("invalid")
        return bool(value)


class Code(ma.fields.String):
    """One code of a vocabulary, as a member of it."""

    default_error_messages = _word(invalid=_l("This has to be a text."))

    def __init__(self, vocabulary: type[StrEnum], **options: Any) -> None:
        self.vocabulary = vocabulary
        codes = [code.value for code in vocabulary]
        super().__init__(
            validate=OneOf(
                codes, error=_say(_l("This is none of: %(codes)s.", codes=", ".join(codes)))
            ),
            **options,
        )

    def deserialize(self, value: Any, *others: Any, **more: Any) -> Any:
        """The member that `value` names."""
        read = super().deserialize(value, *others, **more)
        return self.vocabulary(read) if isinstance(read, str) else read


class State(ma.fields.String):
    """One of the states of a lifecycle."""

    default_error_messages = _word(invalid=_l("This has to be a text."))

    def __init__(self, states: tuple[str, ...], **options: Any) -> None:
        super().__init__(
            validate=OneOf(
                states, error=_say(_l("This is none of: %(codes)s.", codes=", ".join(states)))
            ),
            **options,
        )


class Chosen(ma.fields.String):
    """Some of `names`, with commas between them, in an address; given on as a tuple."""

    default_error_messages = _word(invalid=_l("This has to be a text."))

    def __init__(self, *names: str, description: str) -> None:
        super().__init__(
            load_default=(),
            validate=ma.validate.Regexp(
                make_choice_pattern(names),
                error=_say(_l("This is none of: %(codes)s.", codes=", ".join(names))),
            ),
            metadata={"description": description},
        )

    def deserialize(self, value: Any, *others: Any, **more: Any) -> Any:
        """The names that `value` has."""
        read = super().deserialize(value, *others, **more)
        return tuple(dict.fromkeys(read.split(","))) if isinstance(read, str) else read


def make_choice_pattern(names: Iterable[str]) -> str:
    """The regular expression of some of `names` with commas between them."""
    one = "|".join(names)
    return f"^({one})(,({one}))*$"


class Listed(ma.fields.List[Any]):
    """A list of `least` to `most` values."""

    default_error_messages = _word(invalid=_l("This has to be a list."))

    def __init__(self, inner: Any, *, least: int = 0, most: int = 100, **options: Any) -> None:
        checks = [
            Length(max=most, error=_say(_l("There can be at most %(most)s of these.", most=most)))
        ]
        if least:
            checks.append(
                Length(
                    min=least,
                    error=_say(_l("There have to be at least %(least)s of these.", least=least)),
                )
            )
        super().__init__(inner, validate=checks, **options)


class Place(ma.fields.String):
    """A place as its code of six signs: GB/T 2260, a country (DE0000) or a city abroad (DEMUNI)."""

    default_error_messages = _word(invalid=_l("This has to be a text."))

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=ma.validate.Regexp("^[0-9A-Z]{6}$"), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **others: Any) -> str:
        code = super()._deserialize(value, attr, data, **others)
        if not is_known_place(code):
            raise ma.ValidationError(_("There is no place with this code."))
        return code


class Moment(ma.fields.DateTime):
    """A time with its zone (RFC 3339); given out in UTC."""

    default_error_messages = _word(
        invalid=_l("This has to be a time with its zone, such as 2026-03-03T10:00:00+08:00."),
        unreckonable=_l("This has to be a time between the years 1900 and 9000."),
    )

    def _serialize(
        self, value: datetime | None, attr: str | None, obj: Any, **others: Any
    ) -> str | None:
        return None if value is None else write_moment(value)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **others: Any) -> datetime:
        if not isinstance(value, str) or not _MOMENT.fullmatch(value):
            raise self.make_error("invalid")
        try:
            moment = datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise self.make_error("invalid") from error
        if not _FIRST <= moment <= _LAST:
            raise self.make_error("unreckonable")
        return moment


class Day(ma.fields.Date):
    """A day, such as 2026-11-24."""

    default_error_messages = _word(invalid=_l("This has to be a day, such as 2026-11-24."))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **others: Any) -> date:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **others)


def write_moment(moment: datetime) -> str:
    """ISO 8601 in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def make_after() -> ma.fields.String:
    """Which part of a list comes next, for the schema of a query."""
    return ma.fields.String(
        load_default=None,
        validate=Length(
            1, 400, error=_say(_l("“after” has to be the “next” of an earlier answer."))
        ),
        metadata={"description": "The `next` of the page before. 上一页的 `next`。"},
    )


class PartSchema(ApiSchema):
    """Which part of a list: at most `limit` items after the one that `after` names."""

    limit = Count(
        low=1,
        high=200,
        load_default=50,
        metadata={"description": "How many items at most. 最多几项。"},
    )
    after = make_after()


class PageSchema(PartSchema):
    """Which part of a list, in one of two orders."""

    sort = State(
        (NEWEST, OLDEST),
        load_default=NEWEST,
        metadata={"description": "What comes first. 排序。"},
    )


def make_next() -> ma.fields.String:
    """Where a list goes on, for the schema of an answer with one."""
    return ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "`after` of the next part. 下一页的 `after`。"},
    )


class NothingSchema(ApiSchema):
    """An empty object."""
