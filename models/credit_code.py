"""The unified social credit code (统一社会信用代码, GB 32100-2015): which organisation it is.

Eighteen characters: the registration department (1), the category of the organisation there (1),
the administrative division of the registration by GB/T 2260 (6), the organisation code (9, whose
last one is its own check by GB 11714-1997), and a check over all of them (1). Two checks catch
every single wrong character and every swap of neighbours that are not both behind both checks.

Names are many and change; the code is one and stays. So it is compared before names are.
"""

import unicodedata
from enum import StrEnum
from typing import Final, Self

from sqlalchemy import Dialect, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, validates
from sqlalchemy.types import TypeDecorator

from models.erasure import erasure_empties

LENGTH: Final = 18

# GB 32100-2015, table 2: digits and capitals without I, O, S, V and Z.
_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES: Final = {character: value for value, character in enumerate(_ALPHABET)}
# GB 32100-2015, 5: powers of 3 modulo 31.
_WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(LENGTH - 1))
# GB 11714-1997, 3.3: over the eight characters of the body, a letter counting from A = 10.
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)

# Dashes of every kind and invisible characters, beside blanks: how people group the characters.
_SEPARATING_CATEGORIES: Final = frozenset({"Pd", "Cf", "Cc"})

# What stands between a name and the code behind it.
_BEFORE_CODE: Final = " \t\u3000,，;；:：(（[【"
_AFTER_CODE: Final = " \t\u3000)）]】"
# What is left around a code that was copied out of a text or a cell.
_AROUND_CODE: Final = "'\"‘’“”`()[].。,、;"
_CODE_LABELS: Final = (
    "统一社会信用代码",
    "社会信用代码",
    "信用代码",
    "税号",
    "uscc",
    "credit code",
    "代码",
)


class CreditCodeProblem(StrEnum):
    """What is wrong with a text that should be a code, in the order in which it is looked for."""

    LENGTH = "length"
    CHARACTER = "character"
    DIVISION = "division"
    ORGANISATION = "organisation"
    CHECK = "check"


class CreditCodeInvalid(ValueError):
    """A text is no credit code.

    `length` is how many characters were left after folding; `place` counts from 1 and `character`
    stands there, for a problem with one character; 0 and "" otherwise.
    """

    def __init__(
        self, problem: CreditCodeProblem, *, length: int, place: int = 0, character: str = ""
    ) -> None:
        super().__init__(f"no credit code: {problem.value}")
        self.problem = problem
        self.length = length
        self.place = place
        self.character = character


class CreditCode(str):
    """A valid code in its one way of writing: eighteen digits and capitals.

    Made from a text as people type it: full width, lower case, blanks, hyphens and invisible
    characters are folded away. Raises CreditCodeInvalid for anything else. The division is
    historical, since districts are merged and split while codes stay: it must be six digits and is
    never looked up in today's list. Codes of the pilot before October 2015 that do not satisfy the
    standard were replaced and are refused.
    """

    __slots__ = ()

    def __new__(cls, typed: str) -> Self:
        """Fold what was `typed` and check it."""
        if isinstance(typed, cls):
            return typed
        folded = fold_credit_code(typed)
        # 统一社会信用代码：… as it stands on the licence.
        for label in _CODE_LABELS:
            folded = folded.strip(_AROUND_CODE).removeprefix(fold_credit_code(label)).lstrip(":")
        _check(folded)
        return super().__new__(cls, folded)

    @property
    def department(self) -> str:
        """The registration department: 9 for market supervision, 1 for public institutions…"""
        return self[0]

    @property
    def category(self) -> str:
        """The category of the organisation within its department: 91 is an enterprise."""
        return self[1]

    @property
    def division(self) -> str:
        """The administrative division where it was registered, as it was then (GB/T 2260)."""
        return self[2:8]

    @property
    def organisation(self) -> str:
        """The organisation code (GB 11714) with its check character."""
        return self[8:17]

    @property
    def grouped(self) -> str:
        """The code for eyes: its parts with blanks between them."""
        return f"{self[:2]} {self[2:8]} {self[8:17]} {self[17]}"


class CreditCodeType(TypeDecorator[CreditCode]):
    """A column of credit codes. A text that is none raises CreditCodeInvalid when it is bound."""

    impl = String(LENGTH)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Check what is stored or looked for."""
        return None if value is None else str(CreditCode(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> CreditCode | None:
        """What was stored was checked; it comes back without being checked again."""
        return None if value is None else str.__new__(CreditCode, value)


class Registered:
    """Mixin: an organisation that may say its code. None where it has none or does not say it.

    Each table has its `make_credit_code_index`.
    """

    credit_code: Mapped[CreditCode | None] = mapped_column(CreditCodeType, info=erasure_empties())

    @validates("credit_code")
    def _read_credit_code(self, attribute: str, typed: str | None) -> CreditCode | None:
        """Raises CreditCodeInvalid."""
        return None if typed is None else CreditCode(typed)


def make_credit_code_index(name: str, *columns: str, unique: bool = False) -> Index:
    """An index called `name` over `columns`, the first of which is the code, of what has one.

    Most rows have none. An index over those too would tell a planner that a code selects nothing.
    The same holds for the keys of other names (`models/organisation_names.py`).
    """
    is_there = text(f"{columns[0]} IS NOT NULL")
    return Index(name, *columns, unique=unique, sqlite_where=is_there, postgresql_where=is_there)


def fold_credit_code(typed: str) -> str:
    """What was `typed` in half width and capitals, without blanks, dashes and invisible ones."""
    return "".join(
        character
        for character in unicodedata.normalize("NFKC", typed).upper()
        if not character.isspace() and unicodedata.category(character) not in _SEPARATING_CATEGORIES
    )


def find_credit_code(typed: str) -> CreditCode | None:
    """The code that was `typed`; None for anything else."""
    try:
        return CreditCode(typed)
    except CreditCodeInvalid:
        return None


def split_credit_code(name: str) -> tuple[str, CreditCode | None]:
    """A name and the code that somebody wrote behind it, in brackets or not.

    Eighteen characters that are no valid code belong to the name, and so does a code without a
    name before it: it names the organisation well enough.
    """
    said = name.rstrip(_AFTER_CODE)
    before, code = said[:-LENGTH], find_credit_code(said[-LENGTH:])
    if code is None or (before[-1:].isascii() and before[-1:].isalnum()):
        return name, None
    before = before.rstrip(_BEFORE_CODE)
    for label in _CODE_LABELS:
        if before.lower().endswith(label):
            before = before[: -len(label)].rstrip(_BEFORE_CODE)
            break
    return before or name, code


def complete_credit_code(first_sixteen: str) -> CreditCode:
    """The code that begins with `first_sixteen`, its two check characters worked out.

    Raises CreditCodeInvalid when these cannot begin one.
    """
    folded = fold_credit_code(first_sixteen)
    if len(folded) != LENGTH - 2:
        raise CreditCodeInvalid(CreditCodeProblem.LENGTH, length=len(folded))
    _check_characters(folded)
    body = folded + _compute_organisation_check(folded[8:16])
    return CreditCode(body + _compute_check(body))


def _check(folded: str) -> None:
    length = len(folded)
    if length != LENGTH:
        raise CreditCodeInvalid(CreditCodeProblem.LENGTH, length=length)
    _check_characters(folded)
    if folded[16] != _compute_organisation_check(folded[8:16]):
        raise CreditCodeInvalid(CreditCodeProblem.ORGANISATION, length=length)
    if folded[17] != _compute_check(folded[:17]):
        raise CreditCodeInvalid(CreditCodeProblem.CHECK, length=length)


def _check_characters(folded: str) -> None:
    for place, character in enumerate(folded, start=1):
        if character not in _VALUES:
            raise CreditCodeInvalid(
                CreditCodeProblem.CHARACTER,
                length=len(folded),
                place=place,
                character=character,
            )
    for place, character in enumerate(folded[2:8], start=3):
        if not character.isdecimal():
            raise CreditCodeInvalid(
                CreditCodeProblem.DIVISION,
                length=len(folded),
                place=place,
                character=character,
            )


def _compute_check(first_seventeen: str) -> str:
    """GB 32100-2015, 5: C18 = 31 - MOD(sum of C_i W_i, 31), with 31 standing for 0."""
    total = sum(
        _VALUES[character] * weight
        for character, weight in zip(first_seventeen, _WEIGHTS, strict=True)
    )
    return _ALPHABET[-total % len(_ALPHABET)]


def _compute_organisation_check(body: str) -> str:
    """GB 11714-1997, 3.3: C9 = 11 - MOD(sum of C_i W_i, 11), with X for 10 and 0 for 11."""
    total = sum(
        int(character, 36) * weight
        for character, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X"[-total % 11]
