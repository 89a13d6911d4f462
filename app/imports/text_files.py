"""Reads tables that were saved as text, whatever program and language they were saved with.

Neither the encoding nor the delimiter is said by such a file. Each pair that is possible is tried,
and the one under which a header is recognised is right; the widest row says nothing, because lists
in cells have separators of their own.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Final

from app.imports.crossed_out import read_plain
from app.imports.errors import FileUnreadable, QuotesUnmatched
from app.imports.tables import (
    BYTES_LIMIT,
    COLUMNS_LIMIT,
    HEADER_WITHIN,
    ROWS_LIMIT,
    Table,
    TableRow,
    keep_filled,
)
from models.folding import simplify_characters

# How many columns of some kind of file the upper rows of a table name.
Score = Callable[[Sequence[TableRow]], int]

# The full-width ones are typed by hand, in a text that somebody calls a table.
_DELIMITERS: Final = (",", ";", "\t", "|", "，", "；", "｜")

# With this line, which it does not show, a spreadsheet program is told the delimiter.
_DELIMITER_LINE: Final = re.compile(r"sep=(.?)\s*", re.IGNORECASE)

# What people leave before and behind a quoted cell, where a program would have put nothing.
_BLANKS: Final = " \t\u3000\xa0"

_TEXT_FORMULA: Final = re.compile(r'="(.*)"\s*', re.DOTALL)

# Columns that only blanks keep apart; each row must have as many, or a cell that is empty would
# move all behind it.
_ALIGNED: Final = re.compile(r"(?<=\S)(?: {2,}|[ \u3000]*\u3000[ \u3000]*)(?=\S)")

_EASTERN: Final = ("gb18030", "big5hkscs", "cp932")

# Where fewer characters than one of so many are zeros, they came with a text; every second byte of
# English in UTF-16 is one.
_FEW_ZEROS: Final = 5

# Quotation marks of print, which a program that splits at commas knows nothing of.
_CELLS_JOINED: Final = 50
_PRINTED: Final = {"“": "”", "「": "」", "『": "』"}

# Enough to see a header, also below a title.
_LOOKED_AT: Final = 60_000

# A letter beyond ASCII between letters of ASCII is one of a western alphabet; Chinese characters
# have two bytes, and frequent ones begin with less than the small letters of the west.
_WESTERN: Final = re.compile(rb"[\xc0-\xff]|[\xd8-\xff]{2,3}|[\x80-\x9f\xa0\xab\xbb\xd8-\xff]{1,3}")
_NO_CHARACTER: Final = re.compile("[\uf8f0-\uf8ff]")
# The more frequent half of the characters of GB 2312 is its first level.
_FREQUENT: Final = range(0xB0, 0xD8)
_SAMPLE: Final = 2_000
_BEYOND: Final = re.compile(rb"[\x80-\xff]+")


def read_text_file(content: bytes, score: Score) -> Table:
    """The filled rows of `content`.

    Raises FileUnreadable for what is no text, QuotesUnmatched, FileTooLarge.
    """
    best: tuple[int, float, str, str] | None = None
    for text in decode(content):
        if "\0" in text:
            # A few come with texts of old programs; a file of them is none.
            if text.count("\0") * _FEW_ZEROS > len(text):
                continue
            text = text.replace("\0", "")
        said, rest = _take_delimiter_line(text)
        beginning = rest[:_LOOKED_AT]
        # Headers in English are the same in every encoding; the cells below tell.
        frequent = _measure_frequent(beginning)
        for delimiter in (said,) if said else _DELIMITERS:
            found = score(_read_beginning(beginning, delimiter))
            if best is None or (found, frequent) > best[:2]:
                best = (found, frequent, rest, delimiter)
    if best is None:
        raise FileUnreadable
    found, _frequent, text, delimiter = best
    if not found and _is_broken(content, score):
        raise FileUnreadable
    if not found and (aligned := _read_aligned(text)) and score(aligned[:HEADER_WITHIN]):
        return Table(keep_filled(aligned))
    if not found and delimiter == _DELIMITERS[0]:
        # No header is known. Somebody will say which column is which, and needs to see columns.
        beginning = text[:_LOOKED_AT]
        delimiter = max(_DELIMITERS, key=lambda one: _count_cells(_read_beginning(beginning, one)))
    rows = _read_rows(text, delimiter)
    header = text.partition("\n")[0]
    return Table(rows, is_cut=header.count(delimiter) >= COLUMNS_LIMIT)


def _read_rows(text: str, delimiter: str) -> tuple[TableRow, ...]:
    """The filled rows of a text. Raises QuotesUnmatched, FileTooLarge."""
    try:
        return keep_filled(_split(text, delimiter))
    except QuotesUnmatched:
        # Programs that write \" for a quotation mark inside of a quoted cell.
        if '\\"' not in text:
            raise
        return keep_filled(_split(text.replace('\\"', '""'), delimiter))


def decode(content: bytes) -> Iterator[str]:
    """The text by each encoding that it can be in, the likeliest first."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    elif (wide := _guess_utf_16(content)) is not None:
        encodings = (wide,)
    else:
        parts = _BEYOND.findall(content[:_LOOKED_AT])
        # Where no letter is plain, bytes beyond ASCII belong to no Western word.
        has_letters = any(bytes((byte,)).isalpha() for byte in content[:_LOOKED_AT])
        is_western = bool(parts) and has_letters and all(map(_WESTERN.fullmatch, parts))
        # Most bytes of Chinese text in GB18030 are no UTF-8, so that UTF-8 is right where it fits.
        # The other way round anything would fit.
        encodings = ("utf-8-sig", "cp1252") if is_western else ("utf-8-sig", *_EASTERN)
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        # What stands for a byte that the encoding does not have.
        if _NO_CHARACTER.search(text):
            continue
        yield text
        if encoding in ("utf-8-sig", "utf-16"):
            return


def _read_aligned(text: str) -> list[TableRow]:
    """The rows of a text whose columns are kept apart by blanks, none where they are not even."""
    rows = [
        TableRow(number, tuple(_ALIGNED.split(line.strip())))
        for number, line in enumerate(text.splitlines()[: ROWS_LIMIT + HEADER_WITHIN], start=1)
        if line.strip()
    ]
    widths = {len(row.cells) for row in rows}
    return rows if len(widths) == 1 and min(widths) > 1 else []


def _is_broken(content: bytes, score: Score) -> bool:
    """Whether a header is known in it that is followed by something which is no UTF-8."""
    beginning = content[:_LOOKED_AT].decode(errors="replace")
    return "\ufffd" in beginning and any(
        score(_read_beginning(beginning, delimiter)) for delimiter in _DELIMITERS
    )


def _measure_frequent(text: str) -> float:
    """Which part of what is beyond ASCII are frequent characters: little, by a wrong encoding."""
    beyond = [character for character in text if not character.isascii()][:_SAMPLE]
    return sum(map(_is_frequent, beyond)) / len(beyond) if beyond else 1.0


def _is_frequent(character: str) -> bool:
    try:
        written = simplify_characters(character).encode("gb2312")
    except UnicodeEncodeError:
        return False
    # Before them stand punctuation, full-width letters and kana.
    return written[0] in _FREQUENT or written[0] in (0xA1, 0xA3, 0xA4, 0xA5)


def _guess_utf_16(content: bytes) -> str | None:
    """UTF-16 without its mark: line ends and delimiters have a zero before or behind them."""
    beginning = content[:2_000]
    if b"\0" not in beginning or _is_text_with_zeros(beginning):
        return None
    little = sum(beginning.count(sign) for sign in (b"\n\0", b",\0", b"\t\0", b";\0"))
    big = sum(beginning.count(sign) for sign in (b"\0\n", b"\0,", b"\0\t", b"\0;"))
    if not little and not big:
        return None
    # Where each is followed by the other's beginning, the higher count is right.
    return "utf-16-le" if little >= big else "utf-16-be"


def _is_text_with_zeros(beginning: bytes) -> bool:
    """Whether it is UTF-8 all the same, which Chinese in UTF-16 is not."""
    if beginning.count(b"\0") * _FEW_ZEROS > len(beginning):
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(beginning)
    except UnicodeDecodeError:
        return False
    return True


def _take_delimiter_line(text: str) -> tuple[str, str]:
    """The delimiter that the first line says, "" for none, and what is below."""
    first_line, _, rest = text.partition("\n")
    found = _DELIMITER_LINE.fullmatch(first_line)
    if found is None:
        return "", text
    return found[1].strip("\r\n ") or "\t", rest


def _read_beginning(beginning: str, delimiter: str) -> list[TableRow]:
    rows = []
    try:
        for row in islice(_split(beginning, delimiter), HEADER_WITHIN):
            rows.append(row)
    except QuotesUnmatched:
        # The beginning may end inside a quoted cell, and so may a row under a wrong delimiter.
        pass
    return rows


def _count_cells(rows: Sequence[TableRow]) -> int:
    return max((len(row.cells) for row in rows), default=0)


def _split(text: str, delimiter: str) -> Iterator[TableRow]:
    # A field can be as long as the file; what is too long for its column is said there. The limit
    # belongs to the whole process, and nothing else in it reads such files.
    csv.field_size_limit(BYTES_LIMIT)
    if '"' in text:
        text = _make_quoted_cell(delimiter).sub(r"\1", text)
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True
    )
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise QuotesUnmatched(row=number) from error
        cells = _join_quoted(cells, delimiter)
        read = [
            read_plain(_take_text(cell), place) for place, cell in enumerate(cells[:COLUMNS_LIMIT])
        ]
        said = tuple(mark for _, mark in read if mark is not None)
        yield TableRow(number, tuple(text for text, _ in read), said=said)


@cache
def _make_quoted_cell(delimiter: str) -> re.Pattern[str]:
    """A cell in quotation marks with the blanks around it."""
    blanks = f"[{_BLANKS.replace(delimiter, '')}]*+"
    ends = re.escape(delimiter)
    return re.compile(
        rf'(?:^|(?<={ends})){blanks}("(?:[^"]|"")*+"){blanks}(?=$|\r|{ends})', re.MULTILINE
    )


def _join_quoted(cells: list[str], delimiter: str) -> list[str]:
    """`cells`, of which those are one again that printed quotation marks hold together."""
    if not any(cell[:1] in _PRINTED for cell in cells):
        return cells
    joined: list[str] = []
    closing = ""
    for place, cell in enumerate(cells):
        if closing:
            joined[-1] += delimiter + cell
        else:
            joined.append(cell)
            closing = _PRINTED.get(cell[:1], "")
            if closing and not any(
                closing in other for other in cells[place : place + _CELLS_JOINED]
            ):
                closing = ""
        if closing and cell.rstrip().endswith(closing):
            closing = ""
    return joined


def _take_text(cell: str) -> str:
    """What ="0012" says: so programs tell a spreadsheet to show a text as it is."""
    found = _TEXT_FORMULA.fullmatch(cell)
    return found[1].replace('""', '"') if found else cell
