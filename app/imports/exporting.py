"""Writes the files that an operator takes away: templates to fill in, and what was not taken.

Nothing that a file said is written as a formula: a spreadsheet that opens it runs nothing.
"""

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO

from flask_babel import gettext as _

from app.imports.cells import FORMULA_BEGINS
from app.imports.column_shapes import Column, Shape
from app.imports.columns import COLUMNS, LINE_LABEL, REASON_LABEL
from app.imports.problems import read_problem
from app.imports.words import CODES, word_problem
from app.words.labels import get_label
from app.words.localisation import enumerate_words, list_words
from models.imports import ImportBatch, ImportKind, ImportRow

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_COLUMN_WIDTH = 22


def guard_cell(text: str) -> str:
    """`text` such that no spreadsheet program takes it for a formula; reading takes it back."""
    return f"'{text}" if text.startswith((*FORMULA_BEGINS, "\t", "\r")) else text


def write_csv_template(kind: ImportKind) -> bytes:
    """A file with nothing but the header, in the reader's language."""
    return _write_csv([[str(column.label) for column in COLUMNS[kind]]])


def write_xlsx_template(kind: ImportKind) -> bytes:
    """The header on a first sheet; on a second one what may stand below each of its cells."""
    # Imported here: it takes long, and few requests need it.
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=False)
    sheet = book.worksheets[0]
    sheet.title = str(CODES[ImportKind][kind].label)
    sheet.freeze_panes = "A2"
    for number, column in enumerate(COLUMNS[kind], start=1):
        sheet.cell(1, number, str(column.label)).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = _COLUMN_WIDTH
    notes = book.create_sheet(_("What may stand where"))
    notes.append([_("Column"), _("What may stand there"), _("Words")])
    for column in COLUMNS[kind]:
        notes.append([str(column.label), describe_column(column), list_words(list_labels(column))])
    for letter, width in (("A", _COLUMN_WIDTH), ("B", 60), ("C", 80)):
        notes.column_dimensions[letter].width = width
    for cell in notes[1]:
        cell.font = Font(bold=True)
    for row in notes.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def write_rows(batch: ImportBatch, rows: Iterable[ImportRow]) -> bytes:
    """`rows` as they came or were corrected, what is said of each in front: to send them again."""
    columns = COLUMNS[batch.kind]
    lines = [[str(LINE_LABEL), str(REASON_LABEL), *(str(column.label) for column in columns)]]
    for row in rows:
        reasons = []
        for stored in row.problems:
            problem = read_problem(stored)
            label = next((str(c.label) for c in columns if c.name == problem.column), None)
            sentence = word_problem(batch.kind, problem)
            reasons.append(
                sentence
                if label is None
                else _("%(column)s: %(sentence)s", column=label, sentence=sentence)
            )
        cells = (row.cells.get(column.name, "") for column in columns)
        lines.append([str(row.number), "\n".join(reasons), *cells])
    return _write_csv(lines)


def list_labels(column: Column) -> list[str]:
    """The words that may stand in a column with a closed vocabulary."""
    return [] if column.vocabulary is None else [str(get_label(c)) for c in column.vocabulary]


def describe_column(column: Column) -> str:
    """What may stand in the cells of `column`, in a sentence."""
    match column.shape:
        case Shape.LINE:
            return _("One line of at most %(limit)s characters.", limit=column.limit)
        case Shape.TEXT:
            return _("A text of at most %(limit)s characters.", limit=column.limit)
        case Shape.EMAIL:
            return _("An e-mail address. By it the same person is known again.")
        case Shape.CODE:
            return _("One of the words, in Chinese or in English.")
        case Shape.CODES:
            return _("One or more of the words, in Chinese or in English.")
        case Shape.WORDS | Shape.ORGANISATIONS:
            return _(
                "Up to %(most)s short texts of at most %(limit)s characters each.",
                most=column.most,
                limit=column.limit,
            )
        case Shape.NUMBER:
            return _("A whole number from %(low)s to %(high)s.", low=column.low, high=column.high)
        case Shape.CREDIT_CODE:
            return _("The 18 characters on the business licence.")
        case Shape.YES_NO:
            return _("yes or no")
        case Shape.PLACE:
            return _(
                "A district, a city or a province, by its name or its code (GB/T 2260), or abroad "
                "the country and the city."
            )
        case Shape.WEB_ADDRESS:
            return _("An address of the web.")


def describe_with_words(column: Column) -> str:
    """The same, with the words where only some may stand there."""
    words = list_labels(column)
    described = describe_column(column)
    return f"{described} {enumerate_words(words)}" if words else described


def _write_csv(lines: Iterable[Sequence[str]]) -> bytes:
    """With a byte order mark, by which spreadsheet programs know that it is UTF-8."""
    file = StringIO(newline="")
    csv.writer(file).writerows([guard_cell(cell) for cell in line] for line in lines)
    return file.getvalue().encode("utf-8-sig")
