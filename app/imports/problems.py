"""What can be said about a cell or a row: as codes here, in words in `words.py`."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

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
    NO_NAME = "no_name"
    NO_WEB_ADDRESS = "no_web_address"
    PLACE_UNKNOWN = "place_unknown"
    PLACE_AMBIGUOUS = "place_ambiguous"
    SEVERAL_PLACES = "several_places"
    SPREADSHEET_ERROR = "spreadsheet_error"
    DECIMAL_COMMA = "decimal_comma"
    GROUPING_POINT = "grouping_point"
    NUMBER_RANGE = "number_range"
    PERCENT = "percent"
    OTHER_CURRENCY = "other_currency"
    SEVERAL_EMAILS = "several_emails"
    SEVERAL_NAMES = "several_names"
    NO_CREDIT_CODE = "no_credit_code"
    FORMULA_WITHOUT_VALUE = "formula_without_value"
    BROKEN_TEXT = "broken_text"
    NOTHING_ABOVE = "nothing_above"
    EMAIL_OLD = "email_old"
    # Somebody marked in the file that it no longer holds.
    CROSSED_OUT = "crossed_out"
    PARTLY_CROSSED_OUT = "partly_crossed_out"
    SAYS_LEFT = "says_left"
    # The row is refused for what else there is, in the file or in the database.
    REPEATED = "repeated"
    MAYBE_REPEATED = "maybe_repeated"
    MAYBE_KNOWN = "maybe_known"
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
    NAME_KEPT = "name_kept"
    NEEDS_CONSENT = "needs_consent"
    PLACE_OLD = "place_old"
    PLACE_REST = "place_rest"
    NAME_CLEANED = "name_cleaned"
    EMAIL_REST = "email_rest"
    NOT_SAID_YET = "not_said_yet"
    OPEN_END = "open_end"
    SEVERAL_EMPLOYERS = "several_employers"
    NO_ONE_PLACE = "no_one_place"
    # Notes on how the file had it, which no cell shows.
    FILLED_FROM_MERGED = "filled_from_merged"
    FILLED_FROM_ABOVE = "filled_from_above"
    HIDDEN_ROW = "hidden_row"
    BEYOND_HEADER = "beyond_header"
    NOT_SPLIT = "not_split"
    INVISIBLE = "invisible"
    COLOURED = "coloured"
    COMMENT = "comment"
    LINK = "link"
    LINK_READ = "link_read"
    COVERED_BY_MERGED = "covered_by_merged"
    ESCAPED = "escaped"
    # Note on what somebody has answered.
    SOMEONE_ELSE = "someone_else"


# What a row says of the file, or somebody of it, rather than its cells: kept with it, since no cell
# says it again.
FROM_FILE: Final = frozenset(
    {
        Remark.FILLED_FROM_MERGED,
        Remark.FILLED_FROM_ABOVE,
        Remark.HIDDEN_ROW,
        Remark.BEYOND_HEADER,
        Remark.NOT_SPLIT,
        Remark.INVISIBLE,
        Remark.COLOURED,
        Remark.COMMENT,
        Remark.LINK,
        Remark.LINK_READ,
        Remark.COVERED_BY_MERGED,
        Remark.ESCAPED,
        Remark.FORMULA_WITHOUT_VALUE,
        Remark.CROSSED_OUT,
        Remark.PARTLY_CROSSED_OUT,
        Remark.SAYS_LEFT,
        Remark.SOMEONE_ELSE,
    }
)

# Those of them that somebody has to answer; the others are notes.
ASKED_OF_FILE: Final = frozenset(
    {
        Remark.FORMULA_WITHOUT_VALUE,
        Remark.CROSSED_OUT,
        Remark.PARTLY_CROSSED_OUT,
        Remark.SAYS_LEFT,
    }
)

# Questions about whom or what a row means, with another record to compare it with.
IDENTITY: Final = frozenset(
    {
        Remark.REPEATED,
        Remark.MAYBE_REPEATED,
        Remark.MAYBE_KNOWN,
        Remark.SEVERAL_OF_THIS_NAME,
        Remark.OTHER_ADDRESS,
    }
)

NOTES: Final = (FROM_FILE - ASKED_OF_FILE) | {
    Remark.REPLACES,
    Remark.NEEDED_TO_PUBLISH,
    Remark.STAYS_PAUSED,
    Remark.ADMITTED_AGAIN,
    Remark.NAME_KEPT,
    Remark.NEEDS_CONSENT,
    Remark.PLACE_OLD,
    Remark.PLACE_REST,
    Remark.NAME_CLEANED,
    Remark.EMAIL_REST,
    Remark.NOT_SAID_YET,
    Remark.OPEN_END,
    Remark.SEVERAL_EMPLOYERS,
    Remark.NO_ONE_PLACE,
}

# What somebody has to say before the row can be taken: nothing in it is wrong as such.
QUESTIONS: Final = frozenset(
    {
        Remark.PLACE_AMBIGUOUS,
        Remark.DECIMAL_COMMA,
        Remark.GROUPING_POINT,
        Remark.NUMBER_RANGE,
        Remark.OTHER_CURRENCY,
        Remark.SEVERAL_EMAILS,
        Remark.SEVERAL_NAMES,
        Remark.SEVERAL_WORDS,
        Remark.SEVERAL_PLACES,
        Remark.NOTHING_ABOVE,
        Remark.EMAIL_OLD,
        *ASKED_OF_FILE,
        *IDENTITY,
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

    @property
    def is_question(self) -> bool:
        """Whether an answer is missing rather than something wrong."""
        return self.remark in QUESTIONS

    def to_json(self) -> dict[str, str]:
        """As it is stored with the row."""
        return {"column": self.column, "code": self.remark.value, "text": self.text}


class FileRemark(StrEnum):
    """What is said about the file as a whole, or about a row that is no row of the list."""

    SHEET_READ = "sheet_read"
    HIDDEN_COLUMN = "hidden_column"
    HIDDEN_SHEET = "hidden_sheet"
    OLD_SHEET = "old_sheet"
    COLUMN_CROSSED_OUT = "column_crossed_out"
    COMMENT_ABOVE = "comment_above"
    TOTAL_LEFT_OUT = "total_left_out"
    NOTE_LEFT_OUT = "note_left_out"
    HEADER_AGAIN = "header_again"
    OTHER_HEADER = "other_header"
    COLUMNS_JOINED = "columns_joined"
    COLUMN_SPLIT = "column_split"
    CARDS_READ = "cards_read"
    ABOVE_HEADER = "above_header"
    OTHER_LIST = "other_list"
    COLUMNS_BEYOND = "columns_beyond"
    ENTRY_A_SHEET = "entry_a_sheet"


@dataclass(frozen=True, slots=True)
class FileNote:
    """A remark on the file, with the row that it is about, 0 for none, and a text."""

    remark: FileRemark
    row: int = 0
    text: str = ""

    def to_json(self) -> dict[str, str | int]:
        """As it is stored with the batch."""
        return {"code": self.remark.value, "row": self.row, "text": self.text}


def read_file_note(stored: Mapping[str, Any]) -> FileNote:
    """The note as it was stored with a batch."""
    return FileNote(FileRemark(stored["code"]), int(stored["row"]), str(stored["text"]))


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
