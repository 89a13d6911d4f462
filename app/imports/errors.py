"""What the rules for files that are brought in forbid."""

from flask_babel import lazy_gettext as _l

from app.errors import DomainError


class FileUnreadable(DomainError):
    """The file is not a table that can be read."""

    code = "file_unreadable"
    status = 422
    sentence = _l("This file cannot be read as a table. Save it as .xlsx or as .csv and try again.")


class OldSpreadsheet(FileUnreadable):
    """The file is a workbook as Excel saved it before 2007."""

    code = "old_spreadsheet"
    status = 422
    sentence = _l(
        "This is a workbook of before 2007 (.xls), or one with a password. Open it, choose “Save "
        "as”, take .xlsx without a password, and send that."
    )


class FileLocked(FileUnreadable):
    """The file is a workbook that only a password opens."""

    code = "file_with_password"
    status = 422
    sentence = _l(
        "This workbook has a password. Open it, save it without one (File – Info – Protect "
        "workbook – Encrypt with password: leave it empty), and send that."
    )


class SeveralFiles(FileUnreadable):
    """The file is an archive that packs others up, `files`; some of their names, or none."""

    code = "several_files"
    status = 422
    sentence = _l(
        "This is an archive with other files in it: %(files)s. Unpack it, and send the table alone."
    )


class PackedFile(FileUnreadable):
    """The file is an archive of the kind `kind`, which nobody looks into."""

    code = "packed_file"
    status = 422
    sentence = _l("This is an archive (%(kind)s). Unpack it, and send the table alone.")


class OtherDocument(FileUnreadable):
    """The file is a document of another kind, `kind`."""

    code = "other_document"
    status = 422
    sentence = _l(
        "This is a %(kind)s document, not a table. Save the table as .xlsx or as .csv and send "
        "that."
    )


class SeveralSheets(DomainError):
    """Several sheets, `sheets`, have a header of this kind of file."""

    code = "several_sheets"
    status = 422
    sentence = _l(
        "Several sheets of this workbook hold such rows: %(sheets)s. Say which one is meant."
    )


class SheetMissing(DomainError):
    """The workbook has no sheet called `sheet`."""

    code = "sheet_missing"
    status = 422
    sentence = _l("This workbook has no sheet “%(sheet)s”.")


class FileTooLarge(DomainError):
    """The file has more rows or bytes than can be taken, which are `rows` and `megabytes`."""

    code = "file_too_large"
    status = 422
    sentence = _l("This file is too large: at most %(rows)s rows and %(megabytes)s MB.")


class QuotesUnmatched(DomainError):
    """In row `row` of the text file a quotation mark does not end where it should."""

    code = "quotes_unmatched"
    status = 422
    sentence = _l(
        "In row %(row)s a quotation mark does not end where it should. Correct it, or save "
        "the table as .xlsx."
    )


class ColumnMissing(DomainError):
    """No row of the file names the column `column`, without which nothing can be taken."""

    code = "column_missing"
    status = 422
    sentence = _l(
        "No row of this file names a column “%(column)s”. Send it again and say which column is "
        "which, or begin with the template below."
    )


class ColumnRepeated(DomainError):
    """Several `headers` of the file mean the same column, `column`."""

    code = "column_repeated"
    status = 422
    sentence = _l(
        "Several columns of this file mean “%(column)s”: %(headers)s. Keep one of them; of two "
        "lists beside each other, put one below the other."
    )


class ImportChanged(DomainError):
    """Somebody else has changed the file in the meantime."""

    code = "import_changed"
    status = 409
    sentence = _l("Somebody else is correcting this file as well. Try again in a moment.")


class FileWithoutRows(DomainError):
    """Below its header the file is empty."""

    code = "file_without_rows"
    status = 422
    sentence = _l("Below its header this file is empty.")


class FileEmpty(FileWithoutRows):
    """There is nothing in the file at all."""

    code = "file_without_table"
    status = 422
    sentence = _l("There is nothing in this file.")


class TableAcross(FileWithoutRows):
    """The table is written across: what should be a row is a column."""

    code = "table_across"
    status = 422
    sentence = _l(
        "This table is written across, with a column for each. Turn it, so that each has a row, "
        "and send it again."
    )


class CardsUnclear(TableAcross):
    """In a list written as cards nothing tells to which of them the line `row` belongs."""

    code = "cards_unclear"
    status = 422
    sentence = _l(
        "In this list nothing tells where an entry begins (see line %(row)s). Begin each with the "
        "same line, such as the name, or leave an empty line between them."
    )


class TooManySheets(FileTooLarge):
    """The workbook has more than `count` sheets."""

    code = "too_many_sheets"
    sentence = _l(
        "This workbook has more than %(count)s sheets. Copy those that are meant into a new one, "
        "and send that."
    )


class FileMostlyEmpty(FileTooLarge):
    """The workbook has more cells without a value, or marks, than texts could need."""

    code = "file_mostly_empty"
    sentence = _l(
        "This workbook has very many empty or formatted cells beside its list. Copy the list alone "
        "into a new workbook, or save it as .csv, and send that."
    )
