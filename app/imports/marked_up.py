"""Reads what many programs call .xls and is none: tables of HTML, and SpreadsheetML of 2003."""

import codecs
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from typing import Final
from xml.etree.ElementTree import ParseError, iterparse  # nosec B405  # what has a document type is refused

from app.imports.errors import FileUnreadable
from app.imports.tables import COLUMNS_LIMIT, Table, TableRow, keep_filled

_BEGINNING: Final = 2_000
_CHARSET: Final = re.compile(rb"charset\s*=\s*[\"']?([\w-]{2,20})", re.IGNORECASE)
_LOOKED_AT: Final = 20_000
# Which encoding a file of XML says it has, in the form in which that says nothing any more.
_DECLARED: Final = re.compile(r"(?<=<\?xml version=\"1\.0\")\s+encoding=[\"'][\w-]+[\"']")
_HIDDEN_STYLE: Final = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SPREADSHEET: Final = b"urn:schemas-microsoft-com:office:spreadsheet"
_ROW_LIMIT: Final = 1_048_576
# Tables that lay out a page inside of others.
_TABLES_LIMIT: Final = 50


def is_marked_up(content: bytes) -> bool:
    """Whether `content` is a table in HTML or XML."""
    content = _narrow(content[:_LOOKED_AT])
    beginning = content[:_BEGINNING].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return beginning.startswith(b"<") and (
        _SPREADSHEET in beginning or any(sign in content.lower() for sign in (b"<table", b"<html"))
    )


def read_marked_up(content: bytes) -> tuple[Table, ...]:
    """The tables of `content`. Raises FileUnreadable, FileTooLarge."""
    content = _narrow(content)
    if _SPREADSHEET in content[:_BEGINNING]:
        return _read_spreadsheet_xml(content)
    parser = _TableParser()
    parser.feed(_decode(content))
    parser.close()
    tables = tuple(Table(keep_filled(rows)) for rows in parser.tables[:_TABLES_LIMIT] if rows)
    if not any(table.rows for table in tables):
        raise FileUnreadable
    return tables


def _narrow(content: bytes) -> bytes:
    """The same in UTF-8 where it is UTF-16 by its mark."""
    if not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content
    # The beginning of a file may be cut inside of a character.
    text = content[: len(content) // 2 * 2].decode("utf-16", errors="replace")
    return _DECLARED.sub("", text, count=1).encode()


def _decode(content: bytes) -> str:
    said = _CHARSET.search(content[:_BEGINNING])
    for encoding in ("utf-8-sig", said[1].decode("ascii") if said else "gb18030", "gb18030"):
        try:
            return content.decode("gb18030" if encoding.lower() == "gb2312" else encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    raise FileUnreadable


class _TableParser(HTMLParser):
    """Collects rows of cells. A cell over several columns leaves those behind it empty, one over
    several rows fills those below."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[TableRow]] = []
        self._cells: list[str] | None = None
        self._text: list[str] | None = None
        self._across = self._down = 1
        self._from_above: dict[int, tuple[int, str]] = {}
        self._is_hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row or a cell."""
        if tag == "table":
            self._end_row()
            self.tables.append([])
            self._from_above = {}
        elif tag == "tr":
            self._end_row()
            self._cells = []
            self._is_hidden = _is_hidden(attrs)
        elif tag in ("td", "th"):
            self._end_cell()
            if self._cells is None:
                self._cells = []
            said = dict(attrs)
            self._across, self._down = (_read_span(said.get(n)) for n in ("colspan", "rowspan"))
            self._text = []
        elif tag in ("br", "p", "div") and self._text:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End a cell or a row."""
        if tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "table"):
            self._end_row()

    def handle_data(self, data: str) -> None:
        """Line ends in the source are blanks."""
        if self._text is not None:
            self._text.append(" ".join(data.split()) if data.strip() else " ")

    def close(self) -> None:
        """Keep a last row that nothing ends."""
        super().close()
        self._end_row()

    def _end_cell(self) -> None:
        if self._text is None or self._cells is None:
            return
        text = "".join(self._text).strip()
        self._fill_from_above()
        if len(self._cells) < COLUMNS_LIMIT:
            if self._down > 1:
                self._from_above[len(self._cells)] = (self._down - 1, text)
            self._cells += [text, *[""] * (self._across - 1)]
        self._text = None

    def _fill_from_above(self) -> None:
        while self._cells is not None and len(self._cells) in self._from_above:
            place = len(self._cells)
            rows, text = self._from_above.pop(place)
            if rows > 1:
                self._from_above[place] = (rows - 1, text)
            self._cells.append(text)

    def _end_row(self) -> None:
        self._end_cell()
        if self._cells is not None and self.tables:
            self._fill_from_above()
            rows = self.tables[-1]
            cells = tuple(self._cells[:COLUMNS_LIMIT])
            rows.append(TableRow(len(rows) + 1, cells, is_hidden=self._is_hidden))
        self._cells, self._is_hidden = None, False


def _is_hidden(attrs: list[tuple[str, str | None]]) -> bool:
    return any(
        name == "hidden" or (name == "style" and _HIDDEN_STYLE.search(said or ""))
        for name, said in attrs
    )


def _read_span(said: str | None) -> int:
    return min(int(said), COLUMNS_LIMIT) if said and said.isdecimal() and len(said) < 6 else 1


def _read_spreadsheet_xml(content: bytes) -> tuple[Table, ...]:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise FileUnreadable
    try:
        return tuple(
            Table(keep_filled(rows), name=name, hidden_columns=hidden)
            for name, rows, hidden in _read_worksheets(content)
        )
    except (ParseError, ValueError, LookupError) as error:
        raise FileUnreadable from error


def _read_worksheets(content: bytes) -> Iterator[tuple[str, list[TableRow], frozenset[int]]]:
    rows: list[TableRow] = []
    cells: list[str] = []
    down: dict[int, tuple[int, str]] = {}
    number = column = 0
    hidden: set[int] = set()
    is_hidden = False
    for event, element in iterparse(BytesIO(content), events=("start", "end")):  # noqa: S314  # nosec B314
        tag = element.tag.rpartition("}")[2]
        said = {name.rpartition("}")[2]: value for name, value in element.attrib.items()}
        if event == "start":
            if tag == "Worksheet":
                rows, number, down = [], 0, {}
                column, hidden = 0, set()
            elif tag == "Column":
                first = _read_span(said["Index"]) if "Index" in said else column + 1
                column = first + (_read_span(said["Span"]) if "Span" in said else 0)
                if said.get("Hidden") == "1":
                    hidden |= set(range(first - 1, column))
            elif tag == "Row":
                index = said.get("Index", "")
                number = int(index) if index.isdecimal() and len(index) < 8 else number + 1
                cells, is_hidden = [], said.get("Hidden") == "1"
            continue
        if tag == "Cell":
            place = int(said["Index"]) - 1 if said.get("Index", "").isdecimal() else len(cells)
            if place < COLUMNS_LIMIT:
                cells += [""] * (place - len(cells))
                text = "".join(
                    "".join(data.itertext()) for data in element if data.tag.endswith("}Data")
                )
                cells.append(text)
                across = _read_span(said.get("MergeAcross")) if "MergeAcross" in said else 0
                cells += [""] * across
                if said.get("MergeDown", "").isdecimal():
                    down[place] = (_read_span(said["MergeDown"]), text)
        elif tag == "Row" and number <= _ROW_LIMIT:
            for place, (left, text) in list(down.items()):
                if place < len(cells) and cells[place] == text:
                    continue
                cells += [""] * (place + 1 - len(cells))
                cells[place] = cells[place] or text
                down.pop(place)
                if left > 1:
                    down[place] = (left - 1, text)
            rows.append(TableRow(number, tuple(cells[:COLUMNS_LIMIT]), is_hidden=is_hidden))
            element.clear()
        elif tag == "Worksheet":
            yield said.get("Name", ""), rows, frozenset(hidden)
