"""The sentences for what is remarked on a cell or a row, in the language of the reader."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.imports.columns import Column, Shape, get_column
from app.imports.merging import CODE_SEPARATOR
from app.imports.problems import Problem, Remark
from app.words.labels import Tone, Word, get_label
from app.words.places import name_place
from models.imports import ImportKind, RowOutcome

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


def _word_replaced(column: Column, text: str) -> str:
    if column.vocabulary is not None:
        codes = (column.vocabulary(code) for code in text.split(CODE_SEPARATOR))
        text = "、".join(str(get_label(code)) for code in codes)
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
            "No such place is known. Write a district, a city, a province or its code."
        ),
        Remark.PLACE_AMBIGUOUS: lambda column, text: _(
            "Several places have this name. Write the city as well, or the code."
        ),
        Remark.SPREADSHEET_ERROR: lambda column, text: _(
            "The spreadsheet could not work this out: %(text)s", text=text
        ),
        Remark.SEVERAL_OF_THIS_NAME: lambda column, text: _(
            "Several have this name here. Give the e-mail address, so that it is clear which "
            "one is meant."
        ),
        Remark.OTHER_ADDRESS: lambda column, text: _(
            "A mentor of this name is known here under another address. Correct the address, or "
            "add something to the name if this is someone else."
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

_ROW_SENTENCES: Mapping[Remark, Callable[[str], str]] = MappingProxyType(
    {
        Remark.REPEATED: lambda text: _(
            "Row %(row)s has the same name or address already.", row=text
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
        Remark.STAYS_PAUSED: lambda text: _("The profile is paused and stays so."),
        Remark.ADMITTED_AGAIN: lambda text: _(
            "This mentor had left the pool and is admitted again."
        ),
    }
)
