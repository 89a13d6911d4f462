"""One object of the data that a rule is read from, and the error that names a place in it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from app.clauses.documents import NO_WORDS, Words
from app.clauses.terms import Dimension, Number, make_number

# More checks, or lists longer, than any rule that people read has.
CHECKS_LIMIT: Final = 1_000

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")
CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,79}")
_DECIMAL: Final = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,9})?")


class Problem(StrEnum):
    """What is wrong with the data at one place."""

    NOT_AN_OBJECT = "not_an_object"
    NOT_A_LIST = "not_a_list"
    EMPTY = "empty"
    MISSING_KEY = "missing_key"
    UNKNOWN_KEY = "unknown_key"
    UNKNOWN_KIND = "unknown_kind"
    UNKNOWN_FORMAT = "unknown_format"
    UNKNOWN_COMPARATOR = "unknown_comparator"
    UNKNOWN_AGGREGATE = "unknown_aggregate"
    UNKNOWN_UNIT = "unknown_unit"
    UNKNOWN_FACT = "unknown_fact"
    UNIT_DOES_NOT_FIT = "unit_does_not_fit"
    NOT_A_NAME = "not_a_name"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_WHOLE_NUMBER = "not_a_whole_number"
    FLOATING_POINT = "floating_point"
    NOT_A_DATE = "not_a_date"
    NOT_A_CODE = "not_a_code"
    NOT_TRUE_OR_FALSE = "not_true_or_false"
    NOT_WORDS = "not_words"
    OUT_OF_RANGE = "out_of_range"
    REVERSED = "reversed"
    DOES_NOT_GO_TOGETHER = "does_not_go_together"
    NOT_REACHABLE = "not_reachable"
    TOO_DEEP = "too_deep"
    TOO_MANY = "too_many"
    NOT_JSON = "not_json"


class ClauseInvalid(ValueError):
    """The data is no rule. `path` is where, such as `clause.of[2].bound`; `found` what stood there.

    Everything that reads rules from people words `problem` for them.
    """

    def __init__(self, path: str, problem: Problem, found: object = None) -> None:
        said = "" if found is None else f": {found!r}"[:120]
        super().__init__(f"{path or 'the document'}: {problem.value.replace('_', ' ')}{said}")
        self.path = path
        self.problem = problem
        self.found = found


class Reader:
    """One object of the data, with the place where it stands."""

    def __init__(
        self, data: object, path: str, vocabulary: Mapping[str, Dimension | None] | None
    ) -> None:
        if not isinstance(data, Mapping) or not all(isinstance(key, str) for key in data):
            raise ClauseInvalid(path, Problem.NOT_AN_OBJECT, data)
        self.data: Mapping[str, Any] = data
        self.path = path
        self.vocabulary = vocabulary

    def at(self, key: str) -> str:
        """The place of what stands under `key`."""
        return f"{self.path}.{key}" if self.path else key

    def keys(self, *, required: Sequence[str], optional: Iterable[str] = ()) -> None:
        """Nothing but these keys stands here. Raises ClauseInvalid."""
        known = {*required, *optional}
        for key in self.data:
            if key not in known:
                raise ClauseInvalid(self.at(key), Problem.UNKNOWN_KEY)
        for key in required:
            if key not in self.data:
                raise ClauseInvalid(self.at(key), Problem.MISSING_KEY)

    def inner(self, key: str) -> "Reader":
        """The object under `key`. Raises ClauseInvalid."""
        return Reader(self.data[key], self.at(key), self.vocabulary)

    def list(self, key: str) -> "list[Reader]":
        """The objects of the list under `key`, at least one. Raises ClauseInvalid."""
        found = self.data[key]
        if not isinstance(found, list | tuple):
            raise ClauseInvalid(self.at(key), Problem.NOT_A_LIST, found)
        if not found:
            raise ClauseInvalid(self.at(key), Problem.EMPTY)
        if len(found) > CHECKS_LIMIT:
            raise ClauseInvalid(self.at(key), Problem.TOO_MANY, len(found))
        return [
            Reader(each, f"{self.at(key)}[{place}]", self.vocabulary)
            for place, each in enumerate(found)
        ]

    def whole(self, key: str, low: int, high: int) -> int:
        """The whole number under `key`. Raises ClauseInvalid."""
        found = self.data[key]
        if isinstance(found, bool) or not isinstance(found, int):
            raise ClauseInvalid(self.at(key), Problem.NOT_A_WHOLE_NUMBER, found)
        if not low <= found <= high:
            raise ClauseInvalid(self.at(key), Problem.OUT_OF_RANGE, found)
        return found

    def truth(self, key: str, default: bool) -> bool:
        """True or false under `key`. Raises ClauseInvalid."""
        found = self.data.get(key, default)
        if not isinstance(found, bool):
            raise ClauseInvalid(self.at(key), Problem.NOT_TRUE_OR_FALSE, found)
        return found

    def fact(self, key: str) -> str:
        """The name of a fact under `key`. Raises ClauseInvalid."""
        found = self.data[key]
        if not isinstance(found, str) or not NAME.fullmatch(found):
            raise ClauseInvalid(self.at(key), Problem.NOT_A_NAME, found)
        if self.vocabulary is not None and found not in self.vocabulary:
            raise ClauseInvalid(self.at(key), Problem.UNKNOWN_FACT, found)
        return found

    def number(self, key: str) -> Number:
        """The exact number under `key`. Raises ClauseInvalid."""
        return read_number(self.data[key], self.at(key))

    def words(self, key: str) -> Words:
        """Texts by language under `key`; none where nothing stands there. Raises ClauseInvalid."""
        found = self.data.get(key)
        if found is None:
            return NO_WORDS
        if not isinstance(found, Mapping) or not all(
            isinstance(language, str) and isinstance(text, str) and text.strip()
            for language, text in found.items()
        ):
            raise ClauseInvalid(self.at(key), Problem.NOT_WORDS, found)
        return MappingProxyType(dict(found))


def read_number(found: object, path: str) -> Number:
    """A whole number, or a decimal as text; floating point would not be what was meant."""
    if isinstance(found, float):
        raise ClauseInvalid(path, Problem.FLOATING_POINT, found)
    if isinstance(found, str | int | Decimal) and not isinstance(found, bool):
        text = format(found, "f") if isinstance(found, Decimal) else str(found)
        if _DECIMAL.fullmatch(text):
            return make_number(Decimal(text))
    raise ClauseInvalid(path, Problem.NOT_A_NUMBER, found)
