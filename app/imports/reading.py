"""Reads a file that somebody sent into tables of texts: no meaning yet, and nothing on disk."""

import codecs
import re
from collections.abc import Sequence
from typing import Final

from app.imports.errors import FileEmpty, OtherDocument
from app.imports.headers import count_known
from app.imports.kinds import refuse_others, take_page
from app.imports.marked_up import is_marked_up, read_marked_up
from app.imports.spreadsheets import ARCHIVE_BEGINS, read_spreadsheet
from app.imports.structured import is_json, is_vcard, read_json, read_vcards
from app.imports.tables import BYTES_LIMIT, Table, TableRow, make_too_large
from app.imports.text_files import Score, decode, read_text_file
from models.imports import ImportKind

# What a program puts before a text, here before none.
_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

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
    Raises FileTooLarge, FileUnreadable or what says more than that, QuotesUnmatched.
    """
    if len(content) > BYTES_LIMIT:
        raise make_too_large()
    if content in _MARKS or not content.removeprefix(codecs.BOM_UTF8).strip():
        raise FileEmpty
    refuse_others(content)
    if content.startswith(ARCHIVE_BEGINS):
        return read_spreadsheet(content)
    content = take_page(content)
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
