"""The sentences for what is remarked on a cell or a row, in the language of the reader."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.errors import DomainError
from app.imports.column_shapes import Column, Shape
from app.imports.columns import get_column
from app.imports.merging import CODE_SEPARATOR
from app.imports.problems import Problem, Remark
from app.words.credit_codes import word_credit_code_problem
from app.words.labels import Tone, Word, get_label
from app.words.localisation import enumerate_words, list_words
from app.words.number_problems import word_number_problem
from app.words.numbers import NumberProblem
from app.words.places import name_place, name_place_in_full
from models.credit_code import CreditCode, CreditCodeInvalid
from models.imports import ImportKind, RowOutcome
from models.places import read_place

# By lifecycle, because the same word of the code may be worded differently.
STATES: Mapping[str, Mapping[str, Word]] = MappingProxyType(
    {
        "import": {
            "previewed": Word(_l("Previewed"), Tone.WAITS),
            "applying": Word(_l("In progress"), Tone.WAITS),
            "applied": Word(_l("Imported"), Tone.FITS),
            "discarded": Word(_l("Discarded"), Tone.OVER),
        },
    }
)

CODES: Mapping[type[StrEnum], Mapping[StrEnum, Word]] = MappingProxyType(
    {
        ImportKind: {
            ImportKind.MENTORS: Word(_l("Mentors")),
            ImportKind.STARTUPS: Word(_l("Startups")),
        },
        RowOutcome: {
            RowOutcome.CREATE: Word(_l("New"), Tone.FITS),
            RowOutcome.UPDATE: Word(_l("Changed"), Tone.FITS),
            RowOutcome.UNCHANGED: Word(_l("Unchanged")),
            RowOutcome.REFUSED: Word(_l("Refused"), Tone.FAILS),
        },
    }
)


# As many places of one name are named.
_PLACES_NAMED = 6


def word_problem(kind: ImportKind, problem: Problem) -> str:
    """The sentence for `problem`, in the language of the present reader."""
    if problem.column:
        column = get_column(kind, problem.column)
        return _CELL_SENTENCES[problem.remark](column, problem.text)
    return _ROW_SENTENCES[problem.remark](problem.text)


def _word_out_of_range(column: Column, text: str) -> str:
    return _("Give a whole number from %(low)s to %(high)s.", low=column.low, high=column.high)


def _word_too_long(column: Column, text: str) -> str:
    return _(
        "At most %(limit)s characters; there are %(count)s now.",
        limit=format_decimal(column.limit),
        count=format_decimal(int(text)),
    )


def _word_too_many(column: Column, text: str) -> str:
    return _(
        "At most %(limit)s entries; there are %(count)s now.", limit=column.most, count=int(text)
    )


def _word_word_too_long(column: Column, text: str) -> str:
    return _(
        "“%(text)s” is too long: each entry has at most %(limit)s characters.",
        text=text,
        limit=column.limit,
    )


def _word_no_credit_code(column: Column, text: str) -> str:
    try:
        CreditCode(text)
    except CreditCodeInvalid as error:
        return word_credit_code_problem(error)
    return ""


# Under which name a list is kept that was pasted; formerly also in the language of whoever did it.
PASTED: Final = "Pasted list"
_PASTED_NAMES: Final = (PASTED, "粘贴的名单")


def _list_places(text: str) -> str:
    """The places that have a name, as far as anybody reads on."""
    codes = read_place(text).codes
    names = list_words(name_place_in_full(code) for code in codes[:_PLACES_NAMED])
    return f"{names}…" if len(codes) > _PLACES_NAMED else names


def _word_replaced(column: Column, text: str) -> str:
    if column.vocabulary is not None:
        codes = (column.vocabulary(code) for code in text.split(CODE_SEPARATOR))
        text = list_words(str(get_label(code)) for code in codes)
    elif column.shape is Shape.PLACE:
        text = name_place(text)
    elif column.shape is Shape.YES_NO:
        text = _("yes") if text == "yes" else _("no")
    return _("Until now: %(value)s", value=text)


_CELL_SENTENCES: Mapping[Remark, Callable[[Column, str], str]] = MappingProxyType(
    {
        Remark.MISSING: lambda column, text: _("This is missing."),
        Remark.TOO_LONG: _word_too_long,
        Remark.WORD_TOO_LONG: _word_word_too_long,
        Remark.TOO_MANY: _word_too_many,
        Remark.UNKNOWN_WORD: lambda column, text: _("“%(text)s” is none of the words.", text=text),
        Remark.SEVERAL_WORDS: lambda column, text: _("Only one can be given here."),
        Remark.NO_NUMBER: _word_out_of_range,
        Remark.OUT_OF_RANGE: _word_out_of_range,
        Remark.NEITHER_YES_NOR_NO: lambda column, text: _("Write yes or no."),
        Remark.NO_EMAIL: lambda column, text: _("This is not an e-mail address."),
        Remark.NO_WEB_ADDRESS: lambda column, text: _(
            "Give a whole address, beginning with https://"
        ),
        Remark.PLACE_UNKNOWN: lambda column, text: _(
            "No such place is known. Write a district, a city, a province or its code, or abroad "
            "the country and the city."
        ),
        Remark.PLACE_AMBIGUOUS: lambda column, text: _(
            "Several places have this name: %(places)s. Write the city as well, or the code.",
            places=_list_places(text),
        ),
        Remark.SEVERAL_PLACES: lambda column, text: _(
            "These are several places. Write the one that counts most."
        ),
        Remark.DECIMAL_COMMA: lambda column, text: word_number_problem(NumberProblem.DECIMAL_COMMA),
        Remark.GROUPING_POINT: lambda column, text: word_number_problem(
            NumberProblem.GROUPING_POINT
        ),
        Remark.NUMBER_RANGE: lambda column, text: word_number_problem(NumberProblem.RANGE),
        Remark.PERCENT: lambda column, text: word_number_problem(NumberProblem.PERCENT),
        Remark.OTHER_CURRENCY: lambda column, text: word_number_problem(
            NumberProblem.OTHER_CURRENCY
        ),
        Remark.SEVERAL_EMAILS: lambda column, text: _(
            "These are several addresses. Write the one that mail should go to."
        ),
        Remark.EMAIL_OLD: lambda column, text: _(
            "Beside this address stands “%(text)s”. Write the one that holds, or empty the field.",
            text=text,
        ),
        Remark.EMAIL_REST: lambda column, text: _(
            "Only the address is kept, not “%(rest)s”.", rest=text
        ),
        Remark.NOTHING_ABOVE: lambda column, text: _(
            "“%(text)s” points to a cell above that says nothing. Write what is meant.", text=text
        ),
        Remark.NOT_SAID_YET: lambda column, text: _(
            "“%(text)s” says nothing yet, and was left out.", text=text
        ),
        Remark.OPEN_END: lambda column, text: _(
            "“%(text)s” says that there are more; only those with a name are taken.", text=text
        ),
        Remark.SEVERAL_EMPLOYERS: lambda column, text: _(
            "These are several organisations. The first is the employer; the others are kept as "
            "connected ones, so that conflicts with them are seen: %(names)s",
            names=text,
        ),
        Remark.NO_ONE_PLACE: lambda column, text: _(
            "“%(text)s” names no city, province or other country, so no place was taken.",
            text=text,
        ),
        Remark.NO_NAME: lambda column, text: _(
            "This is not the name of a person alone. Write the name, and what else there is in "
            "its own column."
        ),
        Remark.SEVERAL_NAMES: lambda column, text: _(
            "These are several people. Give each a row, or write the one who is meant."
        ),
        Remark.ESCAPED: lambda column, text: _(
            "Signs are written as programs write them (“&amp;”) and were read as what they "
            "stand for."
        ),
        Remark.NO_CREDIT_CODE: _word_no_credit_code,
        Remark.FORMULA_WITHOUT_VALUE: lambda column, text: _(
            "There is a formula here that was never worked out. Open the file in a spreadsheet "
            "program, save it and send it again, or write the value."
        ),
        Remark.CROSSED_OUT: lambda column, text: _(
            "This cell is crossed out in the spreadsheet. Correct the row: write what holds, or "
            "empty the field."
        ),
        Remark.PARTLY_CROSSED_OUT: lambda column, text: _(
            "A part of this is crossed out in the spreadsheet; what is left is “%(text)s”. Correct "
            "the row: write what holds.",
            text=text,
        ),
        Remark.INVISIBLE: lambda column, text: _(
            "This cannot be seen in the spreadsheet (in the colour of the paper, or not shown), "
            "and was read."
        ),
        Remark.COMMENT: lambda column, text: _(
            "A comment on this cell is not taken: “%(text)s”", text=text
        ),
        Remark.LINK: lambda column, text: _(
            "This cell leads to %(address)s, which is not taken.", address=text
        ),
        Remark.LINK_READ: lambda column, text: _(
            "The cell says “%(text)s”; the address is the one that it leads to.", text=text
        ),
        Remark.COVERED_BY_MERGED: lambda column, text: _(
            "Nothing was read here: the cell is merged with the one to its left, where the text "
            "stands."
        ),
        Remark.MAYBE_KNOWN: lambda column, text: _(
            "Is this “%(name)s”, who is known here? Correct the row to see both side by side: "
            "write the name in the same way, or say that this is someone else.",
            name=text,
        ),
        Remark.BROKEN_TEXT: lambda column, text: _(
            "Characters of this were lost before it came here: “%(text)s”. Write it anew, or send "
            "the file as it was before.",
            text=text,
        ),
        Remark.NAME_CLEANED: lambda column, text: _(
            "Read without what stands around it: “%(text)s”", text=text
        ),
        Remark.NAME_KEPT: lambda column, text: _(
            "Known here as “%(name)s”; the name stays so.", name=text
        ),
        Remark.PLACE_OLD: lambda column, text: _(
            "“%(name)s” is no more; this is the place that it belongs to today.", name=text
        ),
        Remark.PLACE_REST: lambda column, text: _(
            "Only the place is kept, not “%(rest)s”.", rest=text
        ),
        Remark.NOT_SPLIT: lambda column, text: _(
            "Organisation and position could not be told apart: both stand here. Without an "
            "employer, conflicts of interest may stay unseen."
        ),
        Remark.FILLED_FROM_MERGED: lambda column, text: _("Taken from the merged cell above."),
        Remark.FILLED_FROM_ABOVE: lambda column, text: _(
            "Taken from the row above, to which the cell points."
        ),
        Remark.SPREADSHEET_ERROR: lambda column, text: _(
            "The spreadsheet could not work this out: %(text)s", text=text
        ),
        Remark.SEVERAL_OF_THIS_NAME: lambda column, text: _(
            "Several have this name here. Give the e-mail address, so that it is clear which "
            "one is meant."
        ),
        Remark.OTHER_ADDRESS: lambda column, text: _(
            "A mentor of this name is known here under another address. Correct the row to see "
            "both side by side: correct the address, or say that this is someone else."
        ),
        Remark.NEEDED_WHILE_PUBLISHED: lambda column, text: _(
            "The profile is published and cannot do without this."
        ),
        Remark.NEEDED_TO_PUBLISH: lambda column, text: _(
            "Needed before the profile can be published."
        ),
        Remark.REPLACES: _word_replaced,
    }
)


def word_problem_with_column(kind: ImportKind, problem: Problem) -> str:
    """The sentence, with the column before it where it is about one."""
    sentence = word_problem(kind, problem)
    if not problem.column:
        return sentence
    label = get_column(kind, problem.column).label
    return _("%(column)s: %(sentence)s", column=label, sentence=sentence)


def name_file(filename: str) -> str:
    """What a file is called, in the reader's language where it is no name that somebody gave."""
    if filename in _PASTED_NAMES:
        return _("Pasted list")
    return filename or _("File without a name")


def word_file_error(kind: ImportKind, error: DomainError) -> str:
    """The sentence for a file that cannot be taken at all, with the column by its label."""
    facts = dict(error.facts)
    if "column" in facts:
        facts["column"] = str(get_column(kind, str(facts["column"])).label)
    worded = {
        name: enumerate_words(fact) if isinstance(fact, tuple) else fact
        for name, fact in facts.items()
    }
    return str(error.sentence) % worded if worded else str(error.sentence)


_ROW_SENTENCES: Mapping[Remark, Callable[[str], str]] = MappingProxyType(
    {
        Remark.REPEATED: lambda text: _(
            "Row %(row)s has the same name or address already.", row=text
        ),
        Remark.MAYBE_REPEATED: lambda text: _(
            "Row %(row)s may be about the same person, whose name is written in another way there.",
            row=text,
        ),
        Remark.SOMEONE_ELSE: lambda text: _(
            "You said that this is someone else than who has the same name."
        ),
        Remark.OTHER_INCUBATOR: lambda text: _(
            "Another incubator looks after this profile as well, so a file cannot change it."
        ),
        Remark.OWN_ACCOUNT: lambda text: _(
            "This mentor has an account and writes this profile in person. It stays as it is."
        ),
        Remark.OWN_ACCOUNT_INVITED: lambda text: _(
            "This mentor has an account and writes this profile in person. It stays as it is, and "
            "the mentor is asked to join the pool."
        ),
        Remark.OWN_ACCOUNT_ADMITTED: lambda text: _(
            "This mentor has an account and writes this profile in person. It stays as it is, and "
            "the mentor, who has applied, is admitted to the pool."
        ),
        Remark.OWN_ACCOUNT_LEFT: lambda text: _(
            "This mentor has an account and has left the pool. Invite them yourself if they are "
            "to come back."
        ),
        Remark.CHANGED_MEANWHILE: lambda text: _(
            "This changed after the preview, so nothing was done. Import the row again to see how "
            "it stands."
        ),
        Remark.NO_LONGER_PERMITTED: lambda text: _(
            "Whoever confirmed this file no longer operates the incubator."
        ),
        Remark.FAILED: lambda text: _(
            "Something went wrong on our side with this row. Nothing of it was saved."
        ),
        Remark.HIDDEN_ROW: lambda text: _("This row is hidden in the spreadsheet, and was read."),
        Remark.CROSSED_OUT: lambda text: _(
            "This row is crossed out in the spreadsheet. Correct the row to take it all the same."
        ),
        Remark.SAYS_LEFT: lambda text: _(
            "The file says here: “%(text)s”. Correct the row to take it all the same.", text=text
        ),
        Remark.INVISIBLE: lambda text: _(
            "This row cannot be seen in the spreadsheet (in the colour of the paper, or not "
            "shown), and was read."
        ),
        Remark.COLOURED: lambda text: _(
            "This row has another colour than most in the spreadsheet. Colours are not taken: see "
            "whether it is meant."
        ),
        Remark.COMMENT: lambda text: _("A comment on this row is not taken: “%(text)s”", text=text),
        Remark.BEYOND_HEADER: lambda text: _(
            "Not taken, because it stands below no header: “%(text)s”", text=text
        ),
        Remark.NEEDS_CONSENT: lambda text: _(
            "This is for the mentor alone to agree to. It stays closed until then."
        ),
        Remark.STAYS_PAUSED: lambda text: _("The profile is paused and stays so."),
        Remark.ADMITTED_AGAIN: lambda text: _(
            "This mentor had left the pool and is admitted again."
        ),
    }
)
