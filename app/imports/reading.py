"""Reads a file that somebody sent into rows of texts: no meaning yet, and nothing on disk."""

from app.imports.errors import FileUnreadable
from app.imports.spreadsheets import ARCHIVE_BEGINS, read_spreadsheet
from app.imports.tables import BYTES_LIMIT, TableRow, make_too_large
from app.imports.text_files import read_text_file

# Spreadsheets of before 2007, and newer ones with a password.
_OLD_OFFICE_BEGINS = b"\xd0\xcf\x11\xe0"


def read_table(content: bytes) -> tuple[TableRow, ...]:
    """The filled rows of an .xlsx or .csv file, which is told by its contents, not by its name.

    Raises FileTooLarge, FileUnreadable, QuotesUnmatched.
    """
    if len(content) > BYTES_LIMIT:
        raise make_too_large()
    if content.startswith(_OLD_OFFICE_BEGINS):
        raise FileUnreadable
    if content.startswith(ARCHIVE_BEGINS):
        return read_spreadsheet(content)
    return read_text_file(content)
