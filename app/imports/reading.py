"""Reads a file that somebody sent into tables of texts: no meaning yet, and nothing on disk."""

import codecs
import re
from collections.abc import Sequence
from typing import Final

from app.imports.errors import FileEmpty, FileUnreadable, OldSpreadsheet, OtherDocument
from app.imports.headers import count_known
from app.imports.marked_up import is_marked_up, read_marked_up
from app.imports.spreadsheets import ARCHIVE_BEGINS, read_spreadsheet
from app.imports.structured import is_json, is_vcard, read_json, read_vcards
from app.imports.tables import BYTES_LIMIT, Table, TableRow, make_too_large
from app.imports.text_files import Score, decode, read_text_file
from models.imports import ImportKind

# What a program puts before a text, here before none.
_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

# Spreadsheets of before 2007, and newer ones with a password.
_OLD_OFFICE_BEGINS: Final = b"\xd0\xcf\x11\xe0"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")

# What people send by mistake, and how it begins.
_OTHER_BEGINS: Final = (
    (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8", "JPEG"),
    (b"MIME-Version:", "MHTML"),
    (b"From: <Saved by", "MHTML"),
)
_OTHER_ARCHIVES: Final = (
    (b"application/vnd.oasis.opendocument", "OpenDocument"),
    (b"word/document.xml", "Word"),
    (b"ppt/presentation.xml", "PowerPoint"),
    (b"Index/Document.iwa", "Numbers"),
    (b"xl/workbook.bin", ".xlsb"),
)
# What begins as JSON does and cannot be read as such.
_BROKEN_JSON: Final = re.compile(r"\s*[\[{]\s*[\[{\"][^\n]*[:,{\n]")
# Texts of programs: a comma in them begins no column.
_OTHER_TEXTS: Final = (
    (re.compile(rb"<\?xml|<[a-zA-Z][\w:-]*[\s>]"), "XML"),
    (re.compile(rb"BEGIN:VCALENDAR\b"), "iCalendar"),
)


def read_tables(content: bytes, score: Score) -> tuple[Table, ...]:
    """The tables of a file, which is told by its contents, not by its name: one for each sheet.

    `score` says how much of a header the upper rows of a table are; by it a text file is cut.
    Raises FileTooLarge, FileUnreadable, OldSpreadsheet, OtherDocument, QuotesUnmatched.
    """
    if len(content) > BYTES_LIMIT:
        raise make_too_large()
    if content in _MARKS or not content.removeprefix(codecs.BOM_UTF8).strip():
        raise FileEmpty
    if content.startswith(_OLD_OFFICE_BEGINS):
        if _ENCRYPTED in content:
            raise FileUnreadable
        raise OldSpreadsheet
    for begins, name in _OTHER_BEGINS:
        if content.startswith(begins):
            raise OtherDocument(kind=name)
    if content.startswith(ARCHIVE_BEGINS):
        for sign, name in _OTHER_ARCHIVES:
            if sign in content[:200_000]:
                raise OtherDocument(kind=name)
        return read_spreadsheet(content)
    if is_marked_up(content):
        return read_marked_up(content, score)
    beginning = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    for pattern, name in _OTHER_TEXTS:
        if pattern.match(beginning):
            raise OtherDocument(kind=name)
    return (_read_structured(content) or read_text_file(content, score),)


def _read_structured(content: bytes) -> Table | None:
    """What programs hand out, where it is that; None for any other text."""
    text = next(decode(content), "")
    if is_vcard(text):
        return read_vcards(text)
    if not is_json(text):
        return None
    table = read_json(text)
    if table is None and _BROKEN_JSON.match(text):
        raise OtherDocument(kind="JSON")
    return table


def read_file(kind: ImportKind, content: bytes) -> tuple[Table, ...]:
    """The tables of a file that holds such things. Raises as `read_tables` does."""
    return read_tables(content, lambda rows: count_known(kind, rows))


def read_table(content: bytes) -> tuple[TableRow, ...]:
    """The filled rows of the first table of a file, whatever it holds. Raises as `read_tables`."""

    def score(rows: Sequence[TableRow]) -> int:
        return max(count_known(kind, rows) for kind in ImportKind)

    return read_tables(content, score)[0].rows
