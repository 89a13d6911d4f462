"""Bytes become rows of texts, whatever program and language they were saved with."""

from datetime import date, datetime, time

import pytest

from app.imports.errors import FileTooLarge, FileUnreadable, QuotesUnmatched
from app.imports.problems import Remark
from app.imports.reading import read_table
from app.imports.tables import BYTES_LIMIT, TableRow
from tests.app.imports.files import make_csv, make_xlsx

# A spreadsheet knows no zones.
AT_HALF_PAST = datetime(2026, 3, 1, 9, 30)  # noqa: DTZ001

ROWS = [["姓名", "简介"], ["甲", "碳化硅，第一行\n第二行"], ["乙", "x"]]
READ = (
    TableRow(1, ("姓名", "简介")),
    TableRow(2, ("甲", "碳化硅，第一行\n第二行")),
    TableRow(3, ("乙", "x")),
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_is_read_whatever_its_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    assert read_table(make_csv(ROWS, delimiter=delimiter, encoding=encoding)) == READ


def test_a_spreadsheet_says_the_same_as_a_text_file() -> None:
    assert read_table(make_xlsx(ROWS)) == READ


def test_the_delimiter_can_be_said_in_the_first_line() -> None:
    content = b"sep=;\r\nname;summary\r\nA, B and C;one, two, three\r\n"
    assert read_table(content) == (
        TableRow(1, ("name", "summary")),
        TableRow(2, ("A, B and C", "one, two, three")),
    )


def test_a_delimiter_inside_quotes_does_not_count() -> None:
    content = b'"a,b,c,d";e\r\n"1,2,3,4";5\r\n'
    assert read_table(content) == (TableRow(1, ("a,b,c,d", "e")), TableRow(2, ("1,2,3,4", "5")))


def test_empty_rows_are_left_out_and_the_others_keep_their_number() -> None:
    text = b"name,summary\r\n\r\n , \r\nA,x\r\n"
    sheet = make_xlsx([["name", "summary"], [], [None, "  "], ["A", "x"]])
    kept = (TableRow(1, ("name", "summary")), TableRow(4, ("A", "x")))
    assert (read_table(text), read_table(sheet)) == (kept, kept)


def test_numbers_and_dates_become_what_one_would_type() -> None:
    row = [4.0, 0.1, 10**15, True, date(2026, 3, 1), AT_HALF_PAST, time(9, 5), "x"]
    texts = ("4", "0.1", str(10**15), "TRUE", "2026-03-01", "2026-03-01 09:30", "09:05", "x")
    assert read_table(make_xlsx([row])) == (TableRow(1, texts),)


def test_a_formula_is_not_worked_out() -> None:
    assert read_table(make_xlsx([["name", "sum"], ["A", "=1+1"]])) == (
        TableRow(1, ("name", "sum")),
        TableRow(2, ("A", ""), {1: Remark.FORMULA_WITHOUT_VALUE}),
    )


def test_a_text_across_merged_columns_is_a_heading() -> None:
    content = make_xlsx(
        [["姓名", "领域"], ["一、材料类导师", None], ["甲", "材料"], ["乙", None]],
        merged=["A2:B2"],
    )
    rows = read_table(content)
    assert [row.cells[0] for row in rows] == ["姓名", "一、材料类导师", "甲", "乙"]
    assert [row.is_heading for row in rows] == [False, True, False, False]


def test_what_was_merged_and_holds_more_than_a_heading_stays() -> None:
    content = make_xlsx([["姓名", "领域", "简介"], ["甲", None, "x"]], merged=["A2:B2"])
    assert [row.cells for row in read_table(content)] == [("姓名", "领域", "简介"), ("甲", "", "x")]


def test_a_quotation_mark_that_does_not_end_is_named_by_its_row() -> None:
    with pytest.raises(QuotesUnmatched) as raised:
        read_table(b'name,summary\r\nA,x\r\n"B,y\r\nC,z\r\n')
    assert raised.value.facts == {"row": 3}


def test_too_many_rows_are_refused_with_the_limit() -> None:
    content = make_csv([["name"], *([f"Mentor {i}"] for i in range(10_030))])
    with pytest.raises(FileTooLarge) as raised:
        read_table(content)
    assert raised.value.facts == {"rows": 10_000, "megabytes": 10}


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(FileTooLarge):
        read_table(b"a" * (BYTES_LIMIT + 1))


@pytest.mark.parametrize("content", [b"\xd0\xcf\x11\xe0 old", b"\x00\x01,\x02", b"\xff\xff\xff"])
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(FileUnreadable):
        read_table(content)
