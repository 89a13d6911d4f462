"""Reads what many programs call .xls and is none: tables of HTML, and SpreadsheetML of 2003."""

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Final
from xml.etree.ElementTree import ParseError, iterparse  # nosec B405  # what has a document type is refused

from app.imports.errors import FileUnreadable
from app.imports.html_tables import TableParser, read_lines, read_span
from app.imports.problems import Remark
from app.imports.tables import COLUMNS_LIMIT, CellMark, Table, TableRow, keep_filled
from app.imports.text_files import Score, read_text_file

_BEGINNING: Final = 2_000
_CHARSET: Final = re.compile(rb"charset\s*=\s*[\"']?([\w-]{2,20})", re.IGNORECASE)
_LOOKED_AT: Final = 20_000
# Which encoding a file of XML says it has, in the form in which that says nothing any more.
_DECLARED: Final = re.compile(r"(?<=<\?xml version=\"1\.0\")\s+encoding=[\"'][\w-]+[\"']")
_SPREADSHEET: Final = b"urn:schemas-microsoft-com:office:spreadsheet"
_ROW_LIMIT: Final = 1_048_576
# What stands in a page, or in the piece of one that was pasted.
_SIGNS: Final = (b"<table", b"<html", b"<p>", b"<p ", b"<div", b"<br")
# Tables that lay out a page inside of others.
_TABLES_LIMIT: Final = 50


def is_marked_up(content: bytes) -> bool:
    """Whether `content` is a table in HTML or XML."""
    content = _narrow(content[:_LOOKED_AT])
    beginning = content[:_BEGINNING].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return beginning.startswith(b"<") and (
        _SPREADSHEET in beginning or any(sign in content.lower() for sign in _SIGNS)
    )


def read_marked_up(content: bytes, score: Score) -> tuple[Table, ...]:
    """The tables of `content`, or its text where it has none. Raises FileUnreadable, FileTooLarge.

    Several tables have numbers for names.
    """
    content = _narrow(content)
    if _SPREADSHEET in content[:_BEGINNING]:
        return _read_spreadsheet_xml(content)
    text = _decode(content)
    parser = TableParser(text)
    parser.feed(text)
    parser.close()
    tables = [keep_filled(rows) for rows in parser.tables[:_TABLES_LIMIT]]
    joined = _join_tables([rows for rows in tables if rows])
    if not joined:
        return (read_text_file(read_lines(text).encode(), score),)
    if len(joined) == 1:
        return (Table(joined[0]),)
    return tuple(Table(rows, name=str(number)) for number, rows in enumerate(joined, start=1))


def _join_tables(tables: Sequence[tuple[TableRow, ...]]) -> list[tuple[TableRow, ...]]:
    """`tables`, of which those are one that follow one another and have the same header, or two
    columns: such are cards, or pages of one list. An empty row is between them."""
    joined: list[tuple[TableRow, ...]] = []
    for rows in tables:
        before = joined[-1] if joined else ()
        if before and (
            before[0].cells == rows[0].cells or _measure_width(before) == _measure_width(rows) == 2
        ):
            begins = before[-1].number + 1
            joined[-1] = (*before, *(replace(row, number=begins + row.number) for row in rows))
        else:
            joined.append(rows)
    return joined


def _measure_width(rows: Sequence[TableRow]) -> int:
    return max(len(row.cells) for row in rows)


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
    crossed_out: set[str] = set()
    said_of: list[CellMark] = []
    is_hidden = is_crossed_out = False
    style = ""
    for event, element in iterparse(BytesIO(content), events=("start", "end")):  # noqa: S314  # nosec B314
        tag = element.tag.rpartition("}")[2]
        said = {name.rpartition("}")[2]: value for name, value in element.attrib.items()}
        if event == "start":
            if tag == "Worksheet":
                rows, number, down = [], 0, {}
                column, hidden = 0, set()
            elif tag == "Column":
                first = read_span(said["Index"]) if "Index" in said else column + 1
                column = first + (read_span(said["Span"]) if "Span" in said else 0)
                if said.get("Hidden") == "1":
                    hidden |= set(range(first - 1, column))
            elif tag == "Row":
                index = said.get("Index", "")
                number = int(index) if index.isdecimal() and len(index) < 8 else number + 1
                cells, is_hidden, said_of = [], said.get("Hidden") == "1", []
                is_crossed_out = said.get("StyleID", "") in crossed_out
            elif tag == "Style":
                style = said.get("ID", "")
            elif tag == "Font" and said.get("StrikeThrough") == "1":
                crossed_out.add(style)
            continue
        if tag == "Cell":
            place = int(said["Index"]) - 1 if said.get("Index", "").isdecimal() else len(cells)
            if place < COLUMNS_LIMIT:
                cells += [""] * (place - len(cells))
                text = "".join(
                    "".join(data.itertext()) for data in element if data.tag.endswith("}Data")
                )
                cells.append(text)
                if text.strip() and (is_crossed_out or said.get("StyleID") in crossed_out):
                    said_of.append(CellMark(place, Remark.CROSSED_OUT))
                for comment in element:
                    if comment.tag.endswith("}Comment"):
                        words = " ".join("".join(comment.itertext()).split())
                        said_of.append(CellMark(place, Remark.COMMENT, words))
                across = read_span(said.get("MergeAcross")) if "MergeAcross" in said else 0
                cells += [""] * across
                if said.get("MergeDown", "").isdecimal():
                    down[place] = (read_span(said["MergeDown"]), text)
        elif tag == "Row" and number <= _ROW_LIMIT:
            for place, (left, text) in list(down.items()):
                if place < len(cells) and cells[place] == text:
                    continue
                cells += [""] * (place + 1 - len(cells))
                cells[place] = cells[place] or text
                down.pop(place)
                if left > 1:
                    down[place] = (left - 1, text)
            rows.append(
                TableRow(
                    number,
                    tuple(cells[:COLUMNS_LIMIT]),
                    is_hidden=is_hidden,
                    said=tuple(said_of),
                )
            )
            element.clear()
        elif tag == "Worksheet":
            yield said.get("Name", ""), rows, frozenset(hidden)
