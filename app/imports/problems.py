"""What can be said about a cell or a row: as codes here, in words in `words.py`."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# As much of what is wrong as is repeated beside it.
_TEXT_SHOWN: Final = 80


class Remark(StrEnum):
    """What is said about a cell, or, without a column, about its row."""

    # The cell cannot be taken, and so its row is refused.
    MISSING = "missing"
    TOO_LONG = "too_long"
    WORD_TOO_LONG = "word_too_long"
    TOO_MANY = "too_many"
    UNKNOWN_WORD = "unknown_word"
    SEVERAL_WORDS = "several_words"
    NO_NUMBER = "no_number"
    OUT_OF_RANGE = "out_of_range"
    NEITHER_YES_NOR_NO = "neither_yes_nor_no"
    NO_EMAIL = "no_email"
    NO_WEB_ADDRESS = "no_web_address"
    PLACE_UNKNOWN = "place_unknown"
    PLACE_AMBIGUOUS = "place_ambiguous"
    SPREADSHEET_ERROR = "spreadsheet_error"
    # The row is refused for what else there is, in the file or in the database.
    REPEATED = "repeated"
    SEVERAL_OF_THIS_NAME = "several_of_this_name"
    OTHER_ADDRESS = "other_address"
    OTHER_INCUBATOR = "other_incubator"
    NEEDED_WHILE_PUBLISHED = "needed_while_published"
    # A mentor with an account keeps the profile that they wrote; what is done instead.
    OWN_ACCOUNT = "own_account"
    OWN_ACCOUNT_INVITED = "own_account_invited"
    OWN_ACCOUNT_ADMITTED = "own_account_admitted"
    OWN_ACCOUNT_LEFT = "own_account_left"
    # The preview was good, and then something came in between.
    CHANGED_MEANWHILE = "changed_meanwhile"
    NO_LONGER_PERMITTED = "no_longer_permitted"
    FAILED = "failed"
    # Notes: what the operator should know of a row that is taken.
    REPLACES = "replaces"
    NEEDED_TO_PUBLISH = "needed_to_publish"
    STAYS_PAUSED = "stays_paused"
    ADMITTED_AGAIN = "admitted_again"


NOTES: Final = frozenset(
    {
        Remark.REPLACES,
        Remark.NEEDED_TO_PUBLISH,
        Remark.STAYS_PAUSED,
        Remark.ADMITTED_AGAIN,
    }
)


@dataclass(frozen=True, slots=True)
class Problem:
    """A remark on `column` ("" for the whole row), with the text that it is about."""

    column: str
    remark: Remark
    text: str = ""

    @property
    def is_note(self) -> bool:
        """Whether the row is taken all the same."""
        return self.remark in NOTES

    def to_json(self) -> dict[str, str]:
        """As it is stored with the row."""
        return {"column": self.column, "code": self.remark.value, "text": self.text}


def read_problem(stored: Mapping[str, str]) -> Problem:
    """The problem as it was stored with a row."""
    return Problem(stored["column"], Remark(stored["code"]), stored["text"])


def make_problem(column: str, remark: Remark, text: str = "") -> Problem:
    """A remark whose text is cut to what is shown beside a cell."""
    return Problem(column, remark, shorten(text))


def shorten(text: str, limit: int = _TEXT_SHOWN) -> str:
    """`text` on one line with at most `limit` characters, the last one a … where it was cut."""
    # Cut first: a cell may be as long as its file.
    line = " ".join(text[: limit * 4].split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
