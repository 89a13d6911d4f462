"""Reads .xlsx files, which are archives of XML, from people whom we need not trust.

What an archive unpacks to is counted before any of it is interpreted. The standard for these files
(ISO/IEC 29500-2) forbids document type declarations, and without one there are no entities: a
file that has one is refused. Formulas are not worked out: their last stored value is read, and one
that has none is marked.
"""

import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from functools import lru_cache
from io import BytesIO
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, cast
from xml.etree import ElementTree  # nosec B405  # what has a document type is refused

from app.errors import DomainError
from app.imports.crossed_out import read_crossed_out_texts
from app.imports.errors import FileUnreadable, TooManySheets
from app.imports.problems import Remark
from app.imports.sheet_comments import read_comments
from app.imports.sheet_counts import WorkbookCounts
from app.imports.sheet_links import read_links
from app.imports.sheet_looks import Looks, mark_coloured
from app.imports.sheet_marks import SheetMarks, read_marks
from app.imports.sheet_said import SheetSaid
from app.imports.strict_workbooks import relax
from app.imports.tables import (
    COLUMNS_LIMIT,
    MEGABYTE,
    Table,
    TableRow,
    keep_filled,
    make_too_large,
)

if TYPE_CHECKING:
    from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

    _Cell = ReadOnlyCell | EmptyCell

ARCHIVE_BEGINS: Final = b"PK\x03\x04"

_UNPACKED_LIMIT: Final = 50 * MEGABYTE
_PARTS_LIMIT: Final = 2_000

# 10,000 rows of 25 cells, each with its value and a text of its own, have some two million tags.
_TAGS_LIMIT: Final = 3_000_000

# Of whatever is neither a sheet nor a list of its texts: styles, names, relations. The largest that
# programs write have some ten thousand, and openpyxl takes a hundred times as long for each.
_TAGS_OF_OTHERS_LIMIT: Final = 60_000
_CONTENT_TYPES: Final = "[Content_Types].xml"
_SHEET_TYPE: Final = ".worksheet+xml"
_TEXTS_TYPE: Final = ".sharedStrings+xml"

# Rows that stand in the file and hold nothing: those that somebody has coloured down to the end.
_EMPTY_ROWS_LIMIT: Final = 100_000

# As many rows as a sheet can have; a file that claims more would keep us counting.
_SHEET_ROWS_LIMIT: Final = 1_048_576

_READ_AT_ONCE: Final = 256 * 1024
_DOCTYPES: Final = tuple("<!DOCTYPE".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))
# How the standard writes characters that XML has none for (ISO/IEC 29500-1, 22.9.2.19).
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")

# In formats of numbers: [$€-407] is a sign and whose it is, [$-407] only the latter.
_LOCALE: Final = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
_QUOTED: Final = re.compile(r'"[^"]*"|\\.')
_CURRENCY: Final = re.compile("[$€£]")
# A plain number between quoted words; scaled ones end in a comma or have a point that is quoted.
_FORMAT_OF_WORDS: Final = re.compile(
    r'((?:"[^"]*"|[_\\].| )*)(?:#,##)?[#0]*0(?:\.[0#]+)?((?:"[^"]*"|[_\\].| )*)'
)
_WORDS: Final = re.compile(r'"([^"]*)"|\\(.)')
_FORMAT_LIMIT: Final = 255

# More sheets than anybody looks through, or has forms of people.
_SHEETS_LIMIT: Final = 200


def read_spreadsheet(content: bytes) -> tuple[Table, ...]:
    """The filled rows of each sheet of `content`: those that are shown first, then hidden ones.

    A row that consists of one text across merged columns is a heading. A cell that is merged
    downwards fills the cells that it covers.
    Raises FileUnreadable for whatever is no such file, FileTooLarge for what unpacks to too much.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_archive(archive)
        content = relax(content)
        with warnings.catch_warnings():
            # Features that are not read (colours, dates out of range) are no concern of the file's
            # owner.
            warnings.simplefilter("ignore")
            # Imported here: it takes long, and few requests need it.
            from openpyxl import load_workbook

            workbook = load_workbook(BytesIO(content), read_only=True, data_only=True)
            try:
                # Read-only books hold read-only sheets, which the annotations do not say.
                sheets = cast("list[ReadOnlyWorksheet]", workbook.worksheets)
                shown = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
                hidden = [sheet for sheet in sheets if sheet.sheet_state != "visible"]
                # Each part is counted once, so it is read once.
                if len({_name_part(sheet) for sheet in sheets}) < len(sheets):
                    raise FileUnreadable
                if len(sheets) > _SHEETS_LIMIT:
                    raise TooManySheets(count=_SHEETS_LIMIT)
                texts, looks = _read_crossed_out(content), Looks()
                return tuple(
                    _read_sheet(sheet, content, texts, looks) for sheet in (*shown, *hidden)
                )
            finally:
                workbook.close()
    except DomainError:
        raise
    # A damaged or forged file makes the libraries fail in any way there is.
    except Exception as error:
        raise FileUnreadable from error


def _check_archive(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > _PARTS_LIMIT:
        raise make_too_large()
    unpacked = tags = 0
    tags_of: dict[str, int] = {}
    for part in parts:
        tags_before = tags
        with archive.open(part) as file:
            before = b""
            # The sizes that an archive states are what its maker wrote: only reading tells.
            while found := file.read(_READ_AT_ONCE):
                unpacked += len(found)
                tags += found.count(b"<")
                if unpacked > _UNPACKED_LIMIT or tags > _TAGS_LIMIT:
                    raise make_too_large()
                if any(doctype in before + found for doctype in _DOCTYPES):
                    raise FileUnreadable
                before = found[-32:]
        tags_of[part.filename] = tags_of.get(part.filename, 0) + tags - tags_before
    if tags_of.get(_CONTENT_TYPES, 0) > _TAGS_OF_OTHERS_LIMIT:
        raise make_too_large()
    types = _read_types(archive)
    counts = WorkbookCounts()
    for name, count in tags_of.items():
        kind = types.get(name, "")
        if kind.endswith(_SHEET_TYPE):
            counts.add_sheet(archive.read(name))
        elif kind.endswith(_TEXTS_TYPE):
            counts.add_texts(archive.read(name))
        elif count > _TAGS_OF_OTHERS_LIMIT:
            raise make_too_large()
        elif count:
            counts.add_other(archive.read(name))


def _read_types(archive: zipfile.ZipFile) -> dict[str, str]:
    """What the archive takes each of its parts for; "" where it says two things."""
    types: dict[str, str] = {}
    # Without a document type, which was looked for, there is nothing to expand.
    for each in ElementTree.fromstring(archive.read(_CONTENT_TYPES)):  # noqa: S314  # nosec B314
        name, kind = each.get("PartName", "").removeprefix("/"), each.get("ContentType", "")
        types[name] = kind if types.get(name, kind) == kind else ""
    return types


def _read_crossed_out(content: bytes) -> Mapping[int, str]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        types = _read_types(archive)
        parts = [name for name in archive.namelist() if types.get(name, "").endswith(_TEXTS_TYPE)]
        return read_crossed_out_texts(archive.read(parts[0])) if parts else {}


def _read_sheet(
    sheet: "ReadOnlyWorksheet", content: bytes, texts: Mapping[int, str], looks: Looks
) -> Table:
    # Read-only sheets keep no merged cells and no comments.
    with zipfile.ZipFile(BytesIO(content)) as archive:
        marks = read_marks(archive.read(_name_part(sheet)), texts)
        comments = read_comments(archive, _name_part(sheet))
        links = read_links(archive, _name_part(sheet), marks.links)
    beside = SheetSaid(marks, comments, links, looks)
    rows = keep_filled(_read_rows(sheet, marks, beside))
    return Table(
        mark_coloured(rows, beside.colours),
        name=str(sheet.title),
        hidden_columns=marks.hidden_columns,
        spans=marks.across,
        is_hidden=sheet.sheet_state != "visible",
        is_cut=marks.is_cut,
    )


def _name_part(sheet: "ReadOnlyWorksheet") -> str:
    # Only this says which part of the archive a sheet is.
    return str(getattr(sheet, "_worksheet_path")).removeprefix("/")  # noqa: B009


def _read_rows(
    sheet: "ReadOnlyWorksheet", marks: SheetMarks, beside: SheetSaid
) -> Iterator[TableRow]:
    # The size that a sheet states may be wrong, by mistake or on purpose.
    sheet.reset_dimensions()
    rows: Iterator[tuple[_Cell, ...]] = sheet.iter_rows(  # type: ignore[misc,assignment]  # says Worksheet
        min_row=1, max_col=COLUMNS_LIMIT
    )
    texts: dict[int, str] = {}
    empty: tuple[_Cell, ...] | None = None
    empty_rows = 0
    for number, row in enumerate(rows, start=1):
        if number > _SHEET_ROWS_LIMIT:
            raise make_too_large()
        # Rows that are not in the file are one and the same tuple, up to a million times.
        if row is empty and number not in marks.without_value:
            continue
        without_value = marks.without_value.get(number, frozenset())
        values = [cell.value for cell in row]
        if values.count(None) == len(values) and not without_value:
            empty, empty_rows = row, empty_rows + 1
            if empty_rows > _EMPTY_ROWS_LIMIT:
                raise make_too_large()
            continue
        cells = [
            _word_formatted(value, cell) if type(value) in (int, float) else _word(value)
            for value, cell in zip(values, row, strict=True)
        ]
        beside.look_at(number, row, cells)
        filled = sum(1 for cell in cells if cell)
        if number in marks.across and filled == 1 and not without_value:
            yield TableRow(number, tuple(cells), is_heading=True)
            continue
        said: dict[int, Remark] = dict.fromkeys(without_value, Remark.FORMULA_WITHOUT_VALUE)
        for place, left in marks.across.get(number, {}).items():
            if left < len(cells) and cells[left].strip() and place not in said:
                said[place] = Remark.COVERED_BY_MERGED
        for place, first in marks.down.items():
            first_row = first.get(number)
            if first_row is None:
                continue
            if first_row == number:
                texts[place] = cells[place] if place < len(cells) else ""
            elif texts.get(place) and not (place < len(cells) and cells[place]):
                cells += [""] * (place + 1 - len(cells))
                cells[place] = texts[place]
                said[place] = Remark.FILLED_FROM_MERGED
                beside.repeat(first_row, number, place)
        yield TableRow(
            number,
            tuple(cells),
            MappingProxyType(said),
            is_hidden=number in marks.hidden_rows,
            said=beside.list_said(number),
        )


def _word_formatted(value: object, cell: "_Cell") -> str:
    """A number with what the sheet shows beside it and changes its meaning: 5 as 500%, or $5."""
    shown = str(getattr(cell, "number_format", None) or "")
    if shown in ("", "General") or not isinstance(value, int | float):
        return _word(value)
    bare = _QUOTED.sub("", _LOCALE.sub(r"\1", shown))
    if "%" in bare:
        return f"{value * 100:.15g}%"
    currency = _CURRENCY.search(_LOCALE.sub(r"\1", shown))
    before, behind = _find_words(shown)
    return f"{currency[0] if currency else ''}{before}{_word(value)}{behind}"


@lru_cache(1_000)
def _find_words(shown: str) -> tuple[str, str]:
    """The words that a format puts before and behind a positive number: 0"天", "约"0.

    None where it shows the number in thousands or ten thousands, or a day: it is whole in the cell.
    """
    positive = shown[:_FORMAT_LIMIT].partition(";")[0]
    if not (found := _FORMAT_OF_WORDS.fullmatch(positive)):
        return "", ""
    before, behind = (
        "".join(quoted or escaped for quoted, escaped in _WORDS.findall(each)).strip()
        for each in found.groups()
    )
    return before, behind


def _word(value: object) -> str:
    """A cell as one would type it: whole numbers without a point, dates as in ISO 8601."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
        case datetime():
            at_midnight = value.time() == time()
            return value.date().isoformat() if at_midnight else f"{value:%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
        case _:
            text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value))
            return text.replace("\r\n", "\n").replace("\r", "\n")
