"""The sentences for what is said of a file as a whole, in the language of the reader."""

from collections.abc import Sequence

from flask_babel import gettext as _

from app.imports.columns import get_column
from app.imports.problems import FileNote, FileRemark
from app.words.localisation import enumerate_words
from models.imports import ImportKind


def list_file_remarks(
    kind: ImportKind, unknown_columns: Sequence[str], notes: Sequence[FileNote]
) -> list[str]:
    """All that is to be said of a file as a whole."""
    remarks = [word_file_note(kind, note) for note in notes]
    if unknown_columns:
        remarks.append(
            _("Columns that are not known: %(names)s", names=enumerate_words(unknown_columns))
        )
    return remarks


def word_file_note(kind: ImportKind, note: FileNote) -> str:
    """The sentence for what is said of a file as a whole."""
    match note.remark:
        case FileRemark.SHEET_READ:
            sheet, _nothing, others = note.text.partition("\n")
            return _(
                "Read was the sheet “%(sheet)s”. Not read: %(others)s",
                sheet=sheet,
                others=enumerate_words(others.split("、")),
            )
        case FileRemark.HIDDEN_SHEET:
            return _(
                "The sheet “%(sheet)s” is hidden in the workbook, and was read.", sheet=note.text
            )
        case FileRemark.OLD_SHEET:
            return _(
                "The sheet that was read is called “%(sheet)s”. If another one is meant, say "
                "which.",
                sheet=note.text,
            )
        case FileRemark.COLUMN_CROSSED_OUT:
            return _(
                "The header of “%(column)s” is crossed out in the spreadsheet, and its cells were "
                "read. Take the column out of the file if it is not meant.",
                column=get_column(kind, note.text).label,
            )
        case FileRemark.COMMENT_ABOVE:
            return _(
                "A comment above the list, in row %(row)s, is not taken: “%(text)s”",
                row=note.row,
                text=note.text,
            )
        case FileRemark.HIDDEN_COLUMN:
            return _(
                "The column “%(column)s” is hidden in the spreadsheet, and was read.",
                column=get_column(kind, note.text).label,
            )
        case FileRemark.TOTAL_LEFT_OUT:
            return _("Row %(row)s is a total, no entry: “%(text)s”", row=note.row, text=note.text)
        case FileRemark.NOTE_LEFT_OUT:
            return _("Row %(row)s is a note, no entry: “%(text)s”", row=note.row, text=note.text)
        case FileRemark.HEADER_AGAIN:
            return _("Row %(row)s is the header once more.", row=note.row)
        case FileRemark.OTHER_HEADER:
            return _(
                "Row %(row)s is the header of another list: the rows below it were read by it.",
                row=note.row,
            )
        case FileRemark.COLUMNS_JOINED:
            columns, headers = _read_parts(kind, note.text)
            return _(
                "The columns “%(headers)s” were read together as “%(column)s”.",
                headers=headers,
                column=columns,
            )
        case FileRemark.COLUMN_SPLIT:
            columns, headers = _read_parts(kind, note.text)
            return _(
                "The column “%(header)s” was read as “%(columns)s”.",
                header=headers,
                columns=columns,
            )
        case FileRemark.ABOVE_HEADER:
            return _(
                "Row %(row)s stands above the header and was not read: “%(text)s”",
                row=note.row,
                text=note.text,
            )
        case FileRemark.OTHER_LIST:
            return _(
                "Row %(row)s begins a list of something else (“%(text)s”): it and the rows below "
                "it were not read. Send it as a file of its own.",
                row=note.row,
                text=note.text,
            )
        case FileRemark.COLUMNS_BEYOND:
            return _(
                "Only the first %(count)s columns were looked at. Move what is needed to the left, "
                "or take out the columns that are not.",
                count=note.text,
            )
        case FileRemark.ENTRY_A_SHEET:
            return _(
                "Each of these sheets was read as one entry, which has the number of its place "
                "among them: %(sheets)s",
                sheets=enumerate_words(note.text.split("\n")),
            )
        case FileRemark.CARDS_READ:
            return _(
                "Lines such as “name: …” were put together as entries; each has the number of its"
                " first line."
            )


def _read_parts(kind: ImportKind, text: str) -> tuple[str, str]:
    """The labels of the columns that a note names first, and the headers below."""
    names, *headers = text.split("\n")
    labels = (str(get_column(kind, name).label) for name in names.split("、"))
    return enumerate_words(list(labels)), enumerate_words(headers)
