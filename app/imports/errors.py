"""What the rules for files that are brought in forbid."""

from flask_babel import lazy_gettext as _l

from app.errors import DomainError


class FileUnreadable(DomainError):
    """The file is not a table that can be read."""

    code = "file_unreadable"
    status = 422
    sentence = _l("This file cannot be read as a table. Save it as .xlsx or as .csv and try again.")


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
    sentence = _l("No row of this file names a column “%(column)s”. Begin with the template below.")


class ColumnRepeated(DomainError):
    """Two headers of the file mean the same column, `column`."""

    code = "column_repeated"
    status = 422
    sentence = _l("Two columns of this file mean “%(column)s”. Keep one of them.")


class FileWithoutRows(DomainError):
    """Below its header the file is empty."""

    code = "file_without_rows"
    status = 422
    sentence = _l("Below its header this file is empty.")
