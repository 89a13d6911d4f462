"""Files that were made or damaged to do harm end in a named error, soon."""

import random
import re
import time
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import DomainError
from app.imports.errors import FileMostlyEmpty, FileTooLarge, FileUnreadable
from app.imports.problems import Remark
from app.imports.reading import read_table
from app.imports.recognising import recognise_table
from app.imports.tables import TableRow
from models.imports import ImportKind
from tests.app.imports.files import COMPLETE_MENTOR, make_csv, make_csv_of, make_xlsx

pytestmark = [pytest.mark.fuzz, pytest.mark.timeout(60)]

SHEET = "xl/worksheets/sheet1.xml"
GOOD = make_xlsx([["name", "summary"], ["A", "x"]])


def change_part(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The archive with one part replaced by what `change` makes of it."""
    file = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            found = old.read(name)
            new.writestr(name, change(found) if name == part else found)
    return file.getvalue()


def read_and_recognise(content: bytes) -> None:
    recognise_table(ImportKind.MENTORS, read_table(content))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=2_000))
def test_garbage_is_refused_by_name(content: bytes) -> None:
    with pytest.raises(DomainError):
        read_and_recognise(content)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=500))
def test_garbage_behind_the_mark_of_an_archive_is_refused_by_name(content: bytes) -> None:
    with pytest.raises(DomainError):
        read_and_recognise(b"PK\x03\x04" + content)


def test_an_archive_that_was_cut_off_is_refused() -> None:
    for length in range(4, len(GOOD) - 1, 97):
        with pytest.raises(FileUnreadable):
            read_table(GOOD[:length])


def test_an_archive_with_single_wrong_bytes_is_read_or_refused_by_name() -> None:
    chance = random.Random(20260303)  # noqa: S311
    for _ in range(150):
        content = bytearray(GOOD)
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        try:
            rows = read_table(bytes(content))
        except DomainError:
            continue
        assert all(isinstance(row, TableRow) for row in rows)


def put_rows(rows: bytes) -> bytes:
    return change_part(
        GOOD, SHEET, lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>")
    )


def test_a_cell_at_the_far_end_takes_no_longer_than_one_nearby() -> None:
    far = put_rows(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    assert len(far) < 6_000
    begun = time.process_time()

    rows = read_table(far)

    assert len(rows) == 2
    # Two hundred looks at each of a million rows took ten seconds and more.
    assert time.process_time() - begun < 3


@pytest.mark.parametrize(
    ("part", "mark", "repeated"),
    [
        (SHEET, b"</sheetData>", b"<row/>"),
        ("xl/styles.xml", b"</cellXfs>", b'<xf numFmtId="0" xfId="0"/>'),
        ("xl/workbook.xml", b"</workbook>", b"<x/>"),
    ],
)
def test_some_kilobytes_that_would_take_minutes_are_refused(
    part: str, mark: bytes, repeated: bytes
) -> None:
    content = change_part(GOOD, part, lambda xml: xml.replace(mark, repeated * 110_000 + mark))
    assert len(content) < 20_000

    with pytest.raises(FileTooLarge):
        read_table(content)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "[Content_Types].xml"])
def test_entities_are_never_expanded(part: str, encoding: str) -> None:
    laughs = '<!ENTITY l0 "haha">' + "".join(
        f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10)
    )
    declared = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [{laughs}]>'

    def laugh(xml: bytes) -> bytes:
        body = re.sub(r"^<\?xml.*?\?>", "", xml.decode())
        return (declared + body.replace(">A<", ">&l9;<")).encode(encoding)

    with pytest.raises(FileUnreadable):
        read_table(change_part(GOOD, part, laugh))


def test_an_entity_from_another_file_is_not_read() -> None:
    def include(xml: bytes) -> bytes:
        declared = b'<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
        return declared + xml.replace(b">A<", b">&secret;<")

    with pytest.raises(FileUnreadable):
        read_table(change_part(GOOD, SHEET, include))


def put_after_rows(xml: bytes) -> bytes:
    return change_part(
        GOOD, SHEET, lambda part: part.replace(b"</sheetData>", b"</sheetData>" + xml)
    )


def name_one_part_often(times: int) -> bytes:
    """A workbook of so many sheets that are all the same part."""
    sheets = b"".join(
        b'<sheet name="s%d" sheetId="%d" xmlns:r="http://schemas.openxmlformats.org/officeDocument/'
        b'2006/relationships" r:id="rId1"/>' % (number, number + 10)
        for number in range(times)
    )
    return change_part(
        GOOD, "xl/workbook.xml", lambda xml: xml.replace(b"</sheets>", sheets + b"</sheets>")
    )


def put_texts(texts: bytes) -> bytes:
    """The workbook with a list of shared texts, which it says that it has."""
    content = change_part(
        GOOD,
        "[Content_Types].xml",
        lambda xml: xml.replace(
            b"</Types>",
            b'<Override PartName="/xl/texts.xml" ContentType="application/vnd.openxmlformats-'
            b'officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
        ),
    )
    file = BytesIO(content)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/texts.xml", b"<sst>" + texts + b"</sst>")
    return file.getvalue()


ROW = b'<row r="9">%s</row>'
# How many of what, in a file of some kilobytes, took how many seconds before it was counted.
MOSTLY_EMPTY = {
    "empty cells in a row": lambda: put_rows(ROW % (b"<c/>" * 100_000)),
    "empty cells under another name": lambda: put_rows(
        b'<row r="9">' + b'<y:c xmlns:y="u"/>' * 20_000 + b"</row>"
    ),
    "empty cells in many rows": lambda: put_rows((b"<row>" + b"<c/>" * 28 + b"</row>") * 9_000),
    "filled cells in a row": lambda: put_rows(ROW % (b"<c><v>1</v></c>" * 20_000)),
    "filled cells": lambda: put_rows((b"<row>" + b"<c><v>1</v></c>" * 52 + b"</row>") * 9_990),
    "empty rows": lambda: put_rows(b"<row/>" * 110_000),
    "merged cells": lambda: put_after_rows(b'<mergeCell ref="A5:XFD1048576"/>' * 110_000),
    "hidden columns": lambda: put_after_rows(b'<col min="1" max="16384" hidden="1"/>' * 110_000),
    "unknown tags": lambda: put_after_rows(b"<x/>" * 110_000),
    "pieces in a cell": lambda: put_rows(ROW % (b"<c><is>" + b"<t/>" * 110_000 + b"</is></c>")),
    "cells in a cell": lambda: put_rows(b"<c>" * 50_000 + b"</c>" * 50_000),
    "attributes": lambda: put_rows(
        ROW % (b"<c " + b" ".join(b'a%d="1"' % number for number in range(100_000)) + b"/>")
    ),
    "sheets": lambda: name_one_part_often(1_100),
    "shared texts": lambda: put_texts(b"<si><t>x</t></si>" * 310_000),
    "pieces of a shared text": lambda: put_texts(b"<si>" + b"<r/>" * 110_000 + b"</si>"),
}


@pytest.mark.parametrize("kind", MOSTLY_EMPTY)
def test_what_holds_nothing_is_counted_before_it_is_read(kind: str) -> None:
    content = MOSTLY_EMPTY[kind]()
    begun = time.process_time()
    with pytest.raises(FileMostlyEmpty) as refused:
        read_table(content)
    assert "new workbook" in str(refused.value.sentence)
    assert time.process_time() - begun < 2.5


def test_a_part_is_one_sheet() -> None:
    with pytest.raises(FileUnreadable):
        read_table(name_one_part_often(2))


def test_what_is_coloured_far_beyond_the_list_is_read() -> None:
    """Two hundred columns of nine hundred rows, and rows to a thousand times the list."""
    coloured = (b"<row>" + b'<c s="0"/>' * 200 + b"</row>") * 900 + b'<row s="0"/>' * 20_000
    assert len(read_table(put_rows(coloured))) == 2


def test_an_archive_that_unpacks_to_too_much_is_refused_before_it_is_interpreted() -> None:
    bomb = change_part(GOOD, SHEET, lambda xml: xml + b" " * 60_000_000)
    assert len(bomb) < 100_000
    with pytest.raises(FileTooLarge):
        read_table(bomb)


def test_a_bomb_in_a_part_that_nobody_reads_is_refused_as_well() -> None:
    file = BytesIO(GOOD)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", b"\0" * 60_000_000)
    with pytest.raises(FileTooLarge):
        read_table(file.getvalue())


def test_an_archive_of_millions_of_tags_is_refused() -> None:
    many = b"<row/>" * 3_000_100
    with pytest.raises(FileTooLarge):
        read_table(change_part(GOOD, SHEET, lambda xml: xml.replace(b"</sheetData>", many)))


def test_an_archive_of_thousands_of_parts_is_refused() -> None:
    file = BytesIO(GOOD)
    with zipfile.ZipFile(file, "a") as archive:
        for number in range(2_100):
            archive.writestr(f"xl/part{number}.xml", b"")
    with pytest.raises(FileTooLarge):
        read_table(file.getvalue())


@pytest.mark.parametrize("claimed", ["A1:XFD1048576", "A1:B999999999", "nonsense", ""])
def test_the_size_that_a_sheet_claims_does_not_matter(claimed: str) -> None:
    def claim(xml: bytes) -> bytes:
        return re.sub(rb'<dimension ref="[^"]*"', f'<dimension ref="{claimed}"'.encode(), xml)

    try:
        rows = read_table(change_part(GOOD, SHEET, claim))
    except FileUnreadable:
        assert claimed in ("nonsense", "")
    else:
        assert [row.cells for row in rows] == [("name", "summary"), ("A", "x")]


def test_a_row_with_a_number_beyond_every_sheet_is_refused() -> None:
    def move(xml: bytes) -> bytes:
        return xml.replace(b'<row r="2"', b'<row r="99999999999"')

    with pytest.raises(FileTooLarge):
        read_table(change_part(GOOD, SHEET, move))


def test_a_long_text_in_many_cells_is_refused() -> None:
    # One text of the archive, shown in ten thousand cells, is a hundred million characters.
    content = make_xlsx([["name", "summary"], *([f"M{i}", "x" * 10_000] for i in range(9_000))])
    assert len(content) < 1_000_000
    with pytest.raises(FileTooLarge):
        read_table(content)


def test_a_cell_of_a_megabyte_is_refused_in_its_row_and_kept_short() -> None:
    long = dict(COMPLETE_MENTOR) | {"经历与专长": "长" * 1_000_000}
    found = recognise_table(ImportKind.MENTORS, read_table(make_csv_of(long)))
    (row,) = found.rows
    assert [(p.column, p.remark, p.text) for p in row.problems] == [
        ("summary", Remark.TOO_LONG, "1000000")
    ]
    assert len(row.cells["summary"]) < 10_000


def test_every_cell_of_a_megabyte_gets_an_answer() -> None:
    header = list(COMPLETE_MENTOR)
    for name in header:
        cells = dict(COMPLETE_MENTOR) | {name: "=+x'\"｜" * 200_000}
        found = recognise_table(ImportKind.MENTORS, read_table(make_csv_of(cells)))
        assert len(found.rows[0].problems) == 1


def test_control_characters_do_not_reach_a_profile() -> None:
    name = "Men\x07tor \u202efdp\u202c\u200b of\x1b wafers"
    found = recognise_table(ImportKind.MENTORS, read_table(make_csv([["name"], [name]])))
    assert found.rows[0].values == {"name": "Mentor fdp of wafers"}


@pytest.mark.parametrize(
    "cell", ["=cmd|' /C calc'!A0", '=HYPERLINK("https://evil.example","x")', "@SUM(1)", "+1", "-1"]
)
def test_a_formula_is_a_text_like_any_other(cell: str) -> None:
    found = recognise_table(ImportKind.MENTORS, read_table(make_csv([["name"], [cell]])))
    assert found.rows[0].values == {"name": cell}
