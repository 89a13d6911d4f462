"""What people mark in a file as no longer meant is never taken without a word."""

from typing import Any

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from app.imports.problems import FileRemark, Remark
from app.imports.reading import read_file
from app.imports.recognising import RecognisedFile, recognise_tables
from app.imports.sheet_comments import says_that_somebody_left
from models.imports import ImportKind
from tests.app.imports.files import make_book, save

HEADER = ["姓名", "单位", "职务", "备注"]
CROSSED_OUT = Font(strike=True)
GREY = PatternFill("solid", fgColor="FFBFBFBF")


def recognise(content: bytes) -> RecognisedFile:
    return recognise_tables(ImportKind.MENTORS, read_file(ImportKind.MENTORS, content))


def list_said(found: RecognisedFile) -> list[list[tuple[str, Remark, str]]]:
    return [[(p.column, p.remark, p.text) for p in row.problems] for row in found.rows]


def make_list(*names: str) -> Any:
    return make_book(("名单", [HEADER, *([name, "某厂", "厂长", None] for name in names)]))


def test_what_is_crossed_out_waits_for_an_answer() -> None:
    book = make_list("方某", "圆某", "田某", "尖某")
    sheet = book.worksheets[0]
    for cell in (*sheet[2], sheet["A3"], sheet["B4"]):
        cell.font = CROSSED_OUT
    sheet["B5"] = CellRichText(TextBlock(InlineFont(strike=True), "旧厂"), "新厂")
    sheet["C5"] = CellRichText(TextBlock(InlineFont(strike=True), "厂"), " ")
    found = recognise(save(book))
    assert list_said(found) == [
        [("", Remark.CROSSED_OUT, "")],
        [("", Remark.CROSSED_OUT, "")],
        [("employer", Remark.CROSSED_OUT, "")],
        [
            ("employer", Remark.PARTLY_CROSSED_OUT, "新厂"),
            ("headline", Remark.CROSSED_OUT, ""),
        ],
    ]
    assert all(row.is_refused for row in found.rows)
    assert all(p.is_question for row in found.rows for p in row.problems)


def test_a_merged_cell_and_a_header_are_crossed_out_for_all_that_they_stand_for() -> None:
    book = make_list("方某", "圆某")
    sheet = book.worksheets[0]
    sheet["B3"] = None
    sheet.merge_cells("B2:B3")
    sheet["B2"].font = sheet["C1"].font = CROSSED_OUT
    found = recognise(save(book))
    assert ("employer", Remark.CROSSED_OUT, "") in list_said(found)[1]
    assert [(n.remark, n.text) for n in found.notes] == [
        (FileRemark.COLUMN_CROSSED_OUT, "headline")
    ]


@pytest.mark.parametrize(
    "content",
    [
        "<table><tr><th>姓名<th>单位</tr><tr><td><s>方某</s><td>某厂</tr></table>",
        "<style>.xl7{color:black;text-decoration:line-through;}</style><table><tr><td>姓名<td>单位"
        "</tr><tr class=xl7><td>方某<td>某厂</tr></table>",
        "<table><tr><td>姓名<td>单位</tr><tr><td style='text-decoration: line-through'>方某<td>某厂"
        "</tr></table>",
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Styles><Style ss:ID="s1"><Font '
        'ss:StrikeThrough="1"/></Style></Styles><Worksheet ss:Name="A"><Table><Row><Cell><Data>姓名'
        "</Data></Cell><Cell><Data>单位</Data></Cell></Row><Row><Cell ss:StyleID='s1'><Data>方某"
        "</Data></Cell><Cell><Data>某厂</Data></Cell></Row></Table></Worksheet></Workbook>",
        "姓名,单位\n方̶某̶,某厂\n",
        "姓名,单位\n~~方某~~,某厂\n",
        "姓名,单位\n方某（已退出）,某厂\n",
        "姓名,单位,状态\n方某,某厂,2024年5月离职\n",
        "姓名：方某\n单位：某厂\n备注：已退出\n\n姓名：~~圆某~~\n单位：某厂\n备注：无\n",
    ],
)
def test_other_files_cross_out_and_say_who_has_left_as_well(content: str) -> None:
    for row in recognise(content.encode()).rows:
        assert row.is_refused
        assert [p.remark for p in row.problems][-1] in (Remark.CROSSED_OUT, Remark.SAYS_LEFT)
        assert "~" not in row.cells["name"]
        assert "\u0336" not in row.cells["name"]


def test_a_part_of_a_cell_of_html_is_crossed_out() -> None:
    page = "<table><tr><th>姓名<th>单位</tr><tr><td>方某<td><del>旧厂</del> 新厂</tr></table>"
    assert list_said(recognise(page.encode())) == [
        [("employer", Remark.PARTLY_CROSSED_OUT, "新厂")]
    ]


def test_comments_colours_and_what_cannot_be_seen_are_said() -> None:
    book = make_list(*(f"方{n}" for n in "一二三四五六"))
    sheet = book.worksheets[0]
    sheet["A2"].comment = Comment("已退出", "某")
    sheet["B3"].comment = Comment("周末联系", "某")
    for cell in sheet[4]:
        cell.fill = GREY
    sheet["C5"].font = Font(color="FFFFFFFF")
    for cell in sheet[6]:
        cell.number_format = ";;;"
    sheet.row_dimensions[7].height = 0.5
    found = recognise(save(book))
    assert list_said(found) == [
        [("", Remark.SAYS_LEFT, "已退出")],
        [("employer", Remark.COMMENT, "周末联系")],
        [("", Remark.COLOURED, "")],
        [("headline", Remark.INVISIBLE, "")],
        [("", Remark.INVISIBLE, "")],
        [("", Remark.HIDDEN_ROW, "")],
    ]
    assert [row.is_refused for row in found.rows] == [True, *[False] * 5]


def test_what_stands_behind_a_cell_is_taken_where_it_belongs_and_said_elsewhere() -> None:
    rows: list[list[Any]] = [
        ["姓名", "邮箱", "职务", "每月小时数"],
        ["方某", "写信", "厂长", 5],
        ["圆某", "y@example.org", None, 6],
        ["田某", '=HYPERLINK("mailto:t@example.org","写信")', "工程师", 7],
        ["尖某", "j@example.org", "某厂厂长", None],
    ]
    book = make_book(("名单", rows))
    sheet = book.worksheets[0]
    sheet["B2"].hyperlink = "mailto:fang@example.org?subject=x"
    sheet["B3"].hyperlink = "mailto:other@example.org"
    sheet["C2"].hyperlink = "https://example.org/fang"
    sheet["D1"].comment = Comment("按天填写", "某")
    sheet["D2"].number_format, sheet["D3"].number_format = '0"天"', '"约"0'
    sheet["D4"].number_format = "0\\h_ "
    sheet.merge_cells("C5:D5")
    found = recognise(save(book))
    assert [(n.remark, n.row, n.text) for n in found.notes] == [
        (FileRemark.COMMENT_ABOVE, 1, "按天填写")
    ]
    assert found.rows[0].values["email"] == "fang@example.org"
    assert found.rows[2].values["hours_per_month"] == 7
    assert list_said(found) == [
        [
            ("hours_per_month", Remark.NO_NUMBER, "5天"),
            ("email", Remark.LINK_READ, "写信"),
            ("headline", Remark.LINK, "https://example.org/fang"),
        ],
        [
            ("hours_per_month", Remark.NUMBER_RANGE, "约6"),
            ("email", Remark.LINK, "other@example.org"),
        ],
        [("email", Remark.FORMULA_WITHOUT_VALUE, "")],
        [("hours_per_month", Remark.COVERED_BY_MERGED, "")],
    ]


def test_a_page_shows_one_thing_and_holds_another() -> None:
    page = (
        "<table><tr><th>姓名<th>邮箱<th>单位<th>领域</tr><tr><td>方某"
        "<td><a href='mailto:f@example.org'>写信</a><td title='某某大学材料学院'>某某大…"
        "<td><select><option>材料<option selected>半导体</select></tr><tr><td>圆某"
        "<td><a href='mailto:y@example.org'>y@example.org</a>"
        "<td><span style='display:none'>旧厂</span>新厂<td style='display:none'>材料</tr></table>"
    )
    first, second = recognise(page.encode()).rows
    assert (first.values["email"], first.cells["fields"]) == ("f@example.org", "半导体")
    assert second.values["employer"] == "新厂"
    assert [(p.column, p.remark, p.text) for p in (*first.problems, *second.problems)] == [
        ("email", Remark.LINK_READ, "写信"),
        ("employer", Remark.COMMENT, "某某大学材料学院"),
        ("fields", Remark.INVISIBLE, ""),
    ]


def test_stripes_and_dark_headers_are_no_remark() -> None:
    book = make_list(*(f"方{n}" for n in "一二三四五六"))
    sheet = book.worksheets[0]
    for number in (2, 4, 6):
        for cell in sheet[number]:
            cell.fill = GREY
    for cell in sheet[1]:
        cell.font, cell.fill = Font(color="FFFFFFFF"), PatternFill("solid", fgColor="FF1F3864")
    assert list_said(recognise(save(book))) == [[]] * 6


def test_a_sheet_that_is_called_old_or_hidden_is_not_preferred_and_is_named() -> None:
    old: list[list[Any]] = [[*HEADER, "邮箱"], ["旧某", "某厂", "厂长", None, "o@example.org"]]
    book = make_book(("名单（旧）", old), ("名单", [HEADER, ["方某", "某厂", None, None]]))
    found = recognise(save(book))
    assert [row.cells["name"] for row in found.rows] == ["方某"]
    assert [(n.remark, n.text) for n in found.notes] == [
        (FileRemark.SHEET_READ, "名单\n名单（旧）")
    ]
    book = make_book(("封面", [["名单"]]), ("作废", old))
    book["作废"].sheet_state = "hidden"
    notes = [n.remark for n in recognise(save(book)).notes]
    assert notes == [FileRemark.SHEET_READ, FileRemark.HIDDEN_SHEET, FileRemark.OLD_SHEET]


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        *(
            (text, True)
            for text in ("已退出", "该导师已离职。", "2024.3 退库", "left in May", "作废")
        ),
        *((text, False) for text in ("未退出", "退休教授", "退出机制专家", "left-handed tools")),
        *((text, False) for text in ("", "注销企业名称的办法", "已取得证书")),
    ],
)
def test_only_a_remark_as_a_whole_says_that_somebody_left(text: str, is_so: bool) -> None:
    assert says_that_somebody_left(text) is is_so
