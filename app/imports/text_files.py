"""Reads tables that were saved as text: commas, semicolons or tabs; UTF-8, UTF-16 or GB18030."""

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import islice

from app.imports.errors import FileUnreadable, QuotesUnmatched
from app.imports.tables import BYTES_LIMIT, COLUMNS_LIMIT, TableRow, keep_filled

_DELIMITERS = (",", ";", "\t")

# With this line, which it does not show, a spreadsheet program is told the delimiter.
_DELIMITER_LINE = "sep="

# Enough to see a header, also below a title.
_LOOKED_AT = 20_000
_ROWS_LOOKED_AT = 10


def read_text_file(content: bytes) -> tuple[TableRow, ...]:
    """The filled rows of `content`.

    Raises FileUnreadable for what is no text, QuotesUnmatched, FileTooLarge.
    """
    text = _decode(content)
    if "\0" in text:
        raise FileUnreadable
    first_line, _, rest = text.partition("\n")
    said = first_line.strip().lower().removeprefix(_DELIMITER_LINE)
    if first_line.lower().startswith(_DELIMITER_LINE) and said in (",", ";", ""):
        return keep_filled(_split(rest, said or "\t"))
    return keep_filled(_split(text, _choose_delimiter(text)))


def _decode(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        # Most bytes of Chinese text in GB18030 are no UTF-8, so that the first one that fits is
        # the right one. The other way round anything would fit.
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileUnreadable


def _choose_delimiter(text: str) -> str:
    """The one that cuts one of the first rows into most cells; a comma where none cuts at all."""
    beginning = text[:_LOOKED_AT]
    return max(_DELIMITERS, key=lambda delimiter: _count_cells(beginning, delimiter))


def _count_cells(beginning: str, delimiter: str) -> int:
    most = 0
    try:
        for row in islice(_split(beginning, delimiter), _ROWS_LOOKED_AT):
            most = max(most, len(row.cells))
    except QuotesUnmatched:
        # The beginning may end inside a quoted cell.
        pass
    return most


def _split(text: str, delimiter: str) -> Iterator[TableRow]:
    # A field can be as long as the file; what is too long for its column is said there. The limit
    # belongs to the whole process, and nothing else in it reads such files.
    csv.field_size_limit(BYTES_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise QuotesUnmatched(row=number) from error
        yield TableRow(number, tuple(cells[:COLUMNS_LIMIT]))
