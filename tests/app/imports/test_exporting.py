"""Files that an operator takes away: they come back as they went, and run nothing."""

import csv
from io import BytesIO, StringIO

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from app.imports.columns import COLUMNS
from app.imports.exporting import (
    guard_cell,
    write_csv_template,
    write_rows,
    write_xlsx_template,
)
from app.imports.problems import Remark, make_problem
from app.imports.reading import read_table
from app.imports.recognising import recognise_table
from models.imports import ImportBatch, ImportKind, ImportRow, RowOutcome

on_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


def make_refused(**cells: str) -> ImportRow:
    return ImportRow(
        number=7,
        cells=cells,
        problems=[
            make_problem("email", Remark.NO_EMAIL, "x").to_json(),
            make_problem("", Remark.REPEATED, "2").to_json(),
        ],
        outcome=RowOutcome.REFUSED,
    )


@on_sqlite
@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
@pytest.mark.parametrize("kind", list(ImportKind))
def test_a_template_that_is_filled_in_is_understood(
    app: Flask, kind: ImportKind, locale: str
) -> None:
    with app.test_request_context(), force_locale(locale):
        as_text, as_sheet = write_csv_template(kind), write_xlsx_template(kind)
    assert as_text.startswith(b"\xef\xbb\xbf")
    (header,) = read_table(as_text)
    (same,) = read_table(as_sheet)
    assert header.cells == same.cells
    assert len(header.cells) == len(COLUMNS[kind])
    filled = as_text + ",".join(["x", *[""] * (len(header.cells) - 1)]).encode()
    found = recognise_table(kind, read_table(filled))
    assert (found.unknown_columns, found.rows[0].cells) == ((), {"name": "x"})


@on_sqlite
def test_a_template_says_which_words_may_stand_where(app: Flask) -> None:
    with app.test_request_context(), force_locale("zh_Hans_CN"):
        book = load_workbook(BytesIO(write_xlsx_template(ImportKind.MENTORS)))
    rows = {row[0]: row[1:] for row in book.worksheets[1].iter_rows(values_only=True)}
    assert str(rows["学术或产业"][1]) == "学术导师、产业导师"
    assert str(rows["每月小时数"][0]) == "0 到 200 之间的整数。"


@on_sqlite
def test_refused_rows_come_with_their_reasons_and_can_be_sent_again(app: Flask) -> None:
    row = make_refused(name="=HYPERLINK(1)", email="x", summary="a, b\n“c”")
    with app.test_request_context(), force_locale("en"):
        content = write_rows(ImportBatch(kind=ImportKind.MENTORS), [row])
    header, line = csv.reader(StringIO(content.decode("utf-8-sig"), newline=""))
    cells = dict(zip(header, line, strict=True))
    assert cells["Row"] == "7"
    assert cells["What is wrong"] == (
        "E-mail address: This is not an e-mail address.\n"
        "Row 2 has the same name or address already."
    )
    assert cells["Name of the mentor"] == "'=HYPERLINK(1)"

    again = recognise_table(ImportKind.MENTORS, read_table(content))
    assert again.unknown_columns == ()
    assert again.rows[0].cells == dict(row.cells)


@pytest.mark.fuzz
@given(st.text())
def test_no_cell_that_is_written_begins_a_formula(text: str) -> None:
    written = guard_cell(text)
    assert not written.startswith((*"=+-@\uff1d\uff0b\uff0d\uff20", "\t", "\r"))
    assert written.removeprefix("'") == text.removeprefix("'") or written == text
