"""Files as people really send them: nothing is lost, changed or guessed without a word."""

from base64 import b64encode
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest

from app.imports.errors import (
    ColumnMissing,
    FileLocked,
    FileUnreadable,
    OldSpreadsheet,
    OtherDocument,
    PackedFile,
    SeveralFiles,
    SeveralSheets,
    SheetMissing,
    TooManySheets,
)
from app.imports.headers import find_column
from app.imports.problems import FileRemark, Remark
from app.imports.reading import read_file
from app.imports.recognising import RecognisedFile, recognise_tables
from models.imports import ImportKind
from tests.app.imports.files import make_book, make_csv, save

MENTORS = ImportKind.MENTORS


def recognise(content: bytes, kind: ImportKind = MENTORS, *, sheet: str = "") -> RecognisedFile:
    return recognise_tables(kind, read_file(kind, content), sheet=sheet)


class TestText:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "，", "；", "｜"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
    def test_lists_in_cells_do_not_hide_the_delimiter(self, delimiter: str, encoding: str) -> None:
        content = make_csv(
            [
                ["专家姓名", "主题", "单位"],
                ["方某", "外延;刻蚀,退火|清洗、抛光", "某厂"],
            ],
            delimiter=delimiter,
            encoding=encoding,
        )
        (row,) = recognise(content).rows
        assert row.values["name"] == "方某"
        assert row.values["employer"] == "某厂"
        assert row.values["topics"] == ("外延", "刻蚀", "退火", "清洗", "抛光")

    def test_traditional_chinese_in_big5_is_read(self) -> None:
        content = make_csv([["姓名", "電郵", "職稱"], ["張某", "z@example.org", "總監"]])
        big5 = content.decode().encode("big5hkscs")
        (row,) = recognise(big5).rows
        assert row.cells == {"name": "張某", "email": "z@example.org", "headline": "總監"}

    def test_a_western_file_keeps_its_letters(self) -> None:
        content = make_csv([["name", "employer"], ["Jörg Müller", "Café"]], encoding="cp1252")
        assert recognise(content).rows[0].cells == {"name": "Jörg Müller", "employer": "Café"}

    def test_a_blank_before_a_quotation_mark_changes_nothing(self) -> None:
        content = '姓名, 单位, 简介\n方某, "某厂", "外延, 刻蚀"\n'.encode()
        assert recognise(content).rows[0].cells["summary"] == "外延, 刻蚀"

    @pytest.mark.parametrize("blank", ["\t", "\u3000", "\xa0 "])
    @pytest.mark.parametrize("delimiter", [",", ";"])
    def test_blanks_around_quotation_marks_change_nothing(self, blank: str, delimiter: str) -> None:
        lines = (("姓名", "简介", "单位"), ("方某", '外延, ""刻蚀"" ; 退火', "某厂"))
        quoted = ([f'{blank}"{text}"{blank}' for text in line] for line in lines)
        content = "\r\n".join(delimiter.join(cells) for cells in quoted).encode()
        assert recognise(content).rows[0].cells == {
            "name": "方某",
            "summary": '外延, "刻蚀" ; 退火',
            "employer": "某厂",
        }

    def test_a_quotation_mark_behind_a_backslash_ends_no_cell(self) -> None:
        content = '姓名,简介,单位\n方某,"做过 \\"热场\\", 和封装",8" 产线\n'.encode()
        assert recognise(content).rows[0].cells == {
            "name": "方某",
            "summary": '做过 "热场", 和封装',
            "employer": '8" 产线',
        }

    def test_the_line_that_says_the_delimiter_is_believed(self) -> None:
        content = "sep=|\r\n姓名|主题\r\n方某|a,b,c\r\n".encode()
        assert recognise(content).rows[0].values["topics"] == ("a", "b", "c")


class TestMarkup:
    def test_a_table_in_html_is_read_whatever_it_is_called(self) -> None:
        content = (
            "<html><meta charset=gb2312><table><tr><th>姓名<th>单位</tr>"
            "<tr><td rowspan=2>方某</td><td>一厂&amp;二厂</td></tr><tr><td>三厂</td></tr></table>"
        ).encode("gb18030")
        rows = recognise(content).rows
        assert [row.cells for row in rows] == [
            {"name": "方某", "employer": "一厂&二厂"},
            {"name": "方某", "employer": "三厂"},
        ]

    def test_spreadsheet_xml_of_2003_is_read(self) -> None:
        content = (
            '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
            'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="A"><Table>'
            '<Row><Cell><Data ss:Type="String">姓名</Data></Cell>'
            '<Cell ss:Index="3"><Data ss:Type="String">单位</Data></Cell></Row>'
            '<Row><Cell><Data ss:Type="String">方某</Data></Cell>'
            '<Cell ss:Index="3"><Data ss:Type="String">某厂</Data></Cell></Row>'
            "</Table></Worksheet></Workbook>"
        ).encode()
        assert recognise(content).rows[0].cells == {"name": "方某", "employer": "某厂"}

    def test_entities_in_spreadsheet_xml_are_refused(self) -> None:
        content = (
            b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>'
            b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
        )
        with pytest.raises(FileUnreadable):
            recognise(content)

    @pytest.mark.parametrize(
        ("content", "error"),
        [
            (b"\xd0\xcf\x11\xe0" + b"\0" * 600, OldSpreadsheet),
            (b"%PDF-1.7", OtherDocument),
            (b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet", OtherDocument),
            (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), FileLocked),
            (b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le"), OtherDocument),
            (b"\0\0\0\x18ftypheic", OtherDocument),
            (b"GIF89a", OtherDocument),
            (b"Rar!\x1a\x07\x01\0", PackedFile),
            (save(make_book(*((str(n), [["姓名"]]) for n in range(201)))), TooManySheets),
        ],
    )
    def test_what_is_another_kind_of_file_is_called_by_its_name(
        self, content: bytes, error: type[Exception]
    ) -> None:
        with pytest.raises(error):
            recognise(content)

    def test_a_workbook_of_strict_names_is_read_and_a_late_sign_of_a_document_is_seen(self) -> None:
        usual = save(make_book(("表", [["姓名", "单位"], ["方某", "某厂"]])))
        strict, document = BytesIO(), BytesIO()
        with ZipFile(BytesIO(usual)) as old, ZipFile(strict, "w") as new:
            for name in old.namelist():
                text = old.read(name).replace(
                    b"http://schemas.openxmlformats.org/spreadsheetml/2006/",
                    b"http://purl.oclc.org/ooxml/spreadsheetml/",
                )
                usual_name = b"http://schemas.openxmlformats.org/officeDocument/2006/"
                text = text.replace(usual_name, b"http://purl.oclc.org/ooxml/officeDocument/")
                new.writestr(name, text)
        assert recognise(strict.getvalue()).rows[0].cells == {"name": "方某", "employer": "某厂"}
        with ZipFile(document, "w") as archive:
            archive.writestr("Data/picture.jpg", bytes(300_000))
            archive.writestr("Index/Document.iwa", b"x")
        with pytest.raises(OtherDocument):
            recognise(document.getvalue())

    def test_the_files_in_an_archive_are_named(self) -> None:
        file = BytesIO()
        with ZipFile(file, "w") as archive:
            for name in ("导师/名单.xlsx", "b.csv", "__MACOSX/._b.csv"):
                archive.writestr(name, b"x")
        with pytest.raises(SeveralFiles) as raised:
            recognise(file.getvalue())
        assert raised.value.facts == {"files": ("名单.xlsx", "b.csv")}

    def test_a_page_that_was_saved_as_one_file_is_read(self) -> None:
        page = "<table><tr><td>姓名<td>单位</tr><tr><td>方某<td>某厂</tr></table>"
        content = (
            'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\n'
            'Content-Type: text/html; charset="gb2312"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
            f"{b64encode(page.encode('gb18030')).decode()}\r\n--b--\r\n"
        )
        assert recognise(content.encode()).rows[0].cells == {"name": "方某", "employer": "某厂"}


class TestWorkbooks:
    def test_the_sheet_with_a_header_is_read_and_the_others_are_named(self) -> None:
        book = make_book(
            ("填写说明", [["请在第二页填写"], ["每行一位"]]),
            ("名单", [["姓名", "邮箱"], ["方某", "f@example.org"]]),
        )
        found = recognise(save(book))
        assert [row.cells["name"] for row in found.rows] == ["方某"]
        assert [(n.remark, n.text) for n in found.notes] == [
            (FileRemark.SHEET_READ, "名单\n填写说明")
        ]

    @pytest.mark.parametrize(
        ("name", "rows"),
        [
            ("Read me", [["Name: as in the passport"], ["E-mail: the one at work"]]),
            ("要求", [["姓名：与证件一致"], ["邮箱：常用的"], ["单位：全称"], ["简介：百字"]]),
            ("Sheet1", [["字段", "说明"], ["姓名", "与证件一致"], ["邮箱", "常用的"]]),
            ("填写说明", [["姓名", "邮箱", "单位"], ["真实姓名", "常用的", "全称"]]),
        ],
    )
    def test_what_says_how_a_list_is_filled_in_is_no_list(
        self, name: str, rows: list[list[str]]
    ) -> None:
        book = make_book((name, rows), ("表二", [["姓名", "邮箱"], ["方某", "f@example.org"]]))
        found = recognise(save(book))
        assert [row.cells["name"] for row in found.rows] == ["方某"]
        assert [(n.remark, n.text) for n in found.notes] == [
            (FileRemark.SHEET_READ, f"表二\n{name}")
        ]

    def test_of_two_like_sheets_the_one_that_is_meant_is_asked_for(self) -> None:
        book = make_book(("2025", [["姓名"], ["方某"]]), ("2026", [["姓名"], ["圆某"]]))
        with pytest.raises(SeveralSheets) as raised:
            recognise(save(book))
        assert raised.value.facts == {"sheets": ("2025", "2026")}
        assert recognise(save(book), sheet="2026").rows[0].cells == {"name": "圆某"}
        with pytest.raises(SheetMissing):
            recognise(save(book), sheet="2027")

    def test_a_hidden_sheet_is_read_only_when_no_other_has_such_rows(self) -> None:
        book = make_book(("封面", [["导师名单"]]), ("数据", [["姓名"], ["方某"]]))
        book["数据"].sheet_state = "hidden"
        assert recognise(save(book)).rows[0].cells == {"name": "方某"}

    @pytest.mark.parametrize("above", [0, 3, 30])
    def test_a_header_is_found_below_titles(self, above: int) -> None:
        rows = [[f"第{n}条说明"] for n in range(above)] + [["姓名", "单位"], ["方某", "某厂"]]
        (row,) = recognise(save(make_book(("表", rows)))).rows
        assert (row.number, row.cells["employer"]) == (above + 2, "某厂")

    def test_a_header_of_two_rows_is_one(self) -> None:
        book = make_book(
            (
                "表",
                [
                    ["序号", "姓名", "联系方式", None, "工作情况", None],
                    [None, None, "手机", "邮箱", "单位", "职务"],
                    [1, "方某", "1390000", "f@example.org", "某厂", "厂长"],
                ],
            )
        )
        for span in ("A1:A2", "B1:B2", "C1:D1", "E1:F1"):
            book["表"].merge_cells(span)
        found = recognise(save(book))
        assert [row.cells for row in found.rows] == [
            {"name": "方某", "email": "f@example.org", "employer": "某厂", "headline": "厂长"}
        ]

    def test_cells_merged_downwards_fill_what_they_cover_and_say_so(self) -> None:
        book = make_book(
            ("表", [["单位", "姓名", "所在地"], ["某院", "方某", "杭州"], [None, "圆某", None]])
        )
        for span in ("A2:A3", "C2:C3"):
            book["表"].merge_cells(span)
        second = recognise(save(book)).rows[1]
        assert second.values == {"employer": "某院", "name": "圆某", "place": "330100"}
        assert [(p.column, p.remark) for p in second.problems] == [
            ("employer", Remark.FILLED_FROM_MERGED),
            ("place", Remark.FILLED_FROM_MERGED),
        ]

    def test_a_merge_over_empty_rows_makes_no_rows(self) -> None:
        book = make_book(("表", [["单位", "姓名"], ["某院", "方某"], [None, None]]))
        book["表"].merge_cells("A2:A9")
        assert len(recognise(save(book)).rows) == 1

    def test_what_is_hidden_is_read_and_named(self) -> None:
        book = make_book(("表", [["姓名", "单位"], ["方某", "甲厂"], ["圆某", "乙厂"]]))
        book["表"].row_dimensions[3].hidden = True
        book["表"].column_dimensions["B"].hidden = True
        found = recognise(save(book))
        assert [p.remark for p in found.rows[1].problems] == [Remark.HIDDEN_ROW]
        assert [(n.remark, n.text) for n in found.notes] == [(FileRemark.HIDDEN_COLUMN, "employer")]

    def test_a_formula_that_was_never_worked_out_is_asked_about(self) -> None:
        book = make_book(
            ("表", [["姓名", "邮箱"], ["方某", '="f"&"@example.org"'], ["圆某", None]])
        )
        first, second = recognise(save(book)).rows
        assert [(p.column, p.remark) for p in first.problems] == [
            ("email", Remark.FORMULA_WITHOUT_VALUE)
        ]
        assert second.problems == ()

    def test_escaped_line_ends_are_line_ends(self) -> None:
        book = make_book(("表", [["姓名", "简介"], ["方某", "第一行_x000D_\n第二行"]]))
        assert recognise(save(book)).rows[0].values["summary"] == "第一行\n第二行"

    def test_what_stands_beyond_the_header_is_named_at_its_row(self) -> None:
        found = recognise(save(make_book(("表", [["姓名"], ["方某", None, "另：下月起"]]))))
        assert [(p.remark, p.text) for p in found.rows[0].problems] == [
            (Remark.BEYOND_HEADER, "另：下月起")
        ]


@pytest.mark.parametrize(
    "text",
    [
        *("合计", "合 计", "总计：", "小计", "Total", "Grand total", "共 3 人", "平均"),
        *("总计（人）", "合计人数", "本页小计", "总人数：3", "Sum:", "Totals", "人数合计"),
        *("导师总计", "共计 3 名专家", "共三位导师", "人数：2", "2 mentors in total"),
        *("Total: 1 company", "Total number of mentors: 2"),
    ],
)
def test_a_total_is_no_entry(text: str) -> None:
    found = recognise(make_csv([["姓名", "每月小时"], ["方某", "3"], [text, "3"]]))
    assert [row.cells["name"] for row in found.rows] == ["方某"]
    assert [(n.remark, n.row) for n in found.notes] == [(FileRemark.TOTAL_LEFT_OUT, 3)]


@pytest.mark.parametrize(
    "text",
    [
        *("注：以上自愿填写", "备注: x", "填表人：王某", "Note: draft", "* 必填"),
        *("注2：自愿", "制表时间：五月", "名单更新至五月", "名单完", "复核人", "(end of list)"),
        *("第 2 页，共 3 页", "Page 2 of 3", "（完）", "截至2026年3月", "内部资料，请勿外传"),
        *("Last updated 3 March 2026", "Confidential", "Industry mentors", "Group B: optics"),
    ],
)
def test_a_note_below_is_no_entry(text: str) -> None:
    found = recognise(make_csv([["姓名", "单位"], ["方某", "某厂"], [text, ""]]))
    assert len(found.rows) == 1
    assert [n.remark for n in found.notes] == [FileRemark.NOTE_LEFT_OUT]


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("姓名（必填）", "name"),
        ("*姓名", "name"),
        ("1. 导师姓名：", "name"),
        ("姓名/Name", "name"),
        ("Name 姓名", "name"),
        ("Name（姓名）", "name"),
        ("①姓名", "name"),
        ("B. 单位", "employer"),
        ("姓名-Name", "name"),
        ("（2）电邮地址：", "email"),
        ("简介 ≤500字", "summary"),
        ("個人簡介，300-500字以內", "summary"),
        ("Bio, max 200 words", "summary"),
        ("是否接受線上（必填）", "remote"),
        ("每月投入時間(h)", "hours_per_month"),
        ("電子信箱", "email"),
        ("您的邮箱", "email"),
        ("E-mail address (required)", "email"),
        ("每月小时（小时）", "hours_per_month"),
        ("個人簡介(300字以內)", "summary"),
        ("所在省市", "place"),
        ("工作單位", "employer"),
        ("手机", None),
        ("备注", None),
        ("", None),
        ("姓名和邮箱", None),
    ],
)
def test_a_header_is_known_however_it_is_decorated(header: str, column: str | None) -> None:
    found = find_column(MENTORS, header)
    assert (found.name if found else None) == column


@pytest.mark.parametrize(
    ("column", "cell", "remark"),
    [
        ("每月小时", "3,5", Remark.DECIMAL_COMMA),
        ("每月小时", "3-5", Remark.NUMBER_RANGE),
        ("每月小时", "50%", Remark.PERCENT),
        ("每月小时", "10年", Remark.NO_NUMBER),
        ("每月小时", "4²", Remark.NO_NUMBER),
        ("所在地", "西湖区", Remark.PLACE_AMBIGUOUS),
        ("所在地", "广东省杭州市", Remark.PLACE_UNKNOWN),
        ("邮箱", "a@example.org; b@example.org", Remark.SEVERAL_EMAILS),
        ("邮箱", "方@example.org", Remark.NO_EMAIL),
    ],
)
def test_what_can_be_meant_in_two_ways_is_asked(column: str, cell: str, remark: Remark) -> None:
    (row,) = recognise(make_csv([["姓名", column], ["方某", cell]])).rows
    assert [problem.remark for problem in row.problems] == [remark]


@pytest.mark.parametrize(
    ("column", "cell", "name", "value"),
    [
        ("每月小时", "每月６小时", "hours_per_month", 6),
        ("每月小时", "十二", "hours_per_month", 12),
        ("从业年限", "20年", "years_of_experience", 20),
        ("所在地", "浙江省杭州市余杭区", "place", "330110"),
        ("所在地", "Hangzhou, Zhejiang", "place", "330100"),
        ("邮箱", "方某 <Fang@Example.ORG>", "email", "fang@example.org"),
        ("邮箱", "mailto:fang@example.org", "email", "fang@example.org"),
        ("邮箱", "fang＠example。org", "email", "fang@example.org"),
        ("邮箱", "fang@测试.中国", "email", "fang@xn--0zwm56d.xn--fiqs8s"),
    ],
)
def test_a_cell_is_read_as_it_was_meant(column: str, cell: str, name: str, value: object) -> None:
    (row,) = recognise(make_csv([["姓名", column], ["方某", cell]])).rows
    assert row.problems == ()
    assert row.values[name] == value


def test_a_district_that_is_no_more_leads_to_its_successor_with_a_note() -> None:
    (row,) = recognise(make_csv([["姓名", "所在地"], ["方某", "杭州市江干区"]])).rows
    assert row.values["place"] == "330102"
    assert [(p.remark, p.text) for p in row.problems] == [(Remark.PLACE_OLD, "江干区")]
    assert not row.is_refused


def test_without_any_known_header_the_column_is_named() -> None:
    with pytest.raises(ColumnMissing):
        recognise(make_csv([["甲", "乙"], ["1", "2"]]))


@pytest.mark.parametrize(
    "text",
    [
        *("必填", "（必填）", "必填，与证件一致", "Required", "选填"),
        *("示例：林某", "例：林某", "（示例）林某", "e.g. Lin", "Example: Lin"),
    ],
)
def test_what_is_said_of_a_column_below_its_header_is_no_entry(text: str) -> None:
    found = recognise(make_csv([["姓名", "单位"], [text, "某厂"], ["方某", "某院"]]))
    assert [row.cells["name"] for row in found.rows] == ["方某"]
    assert [(n.remark, n.row, n.text) for n in found.notes] == [(FileRemark.NOTE_LEFT_OUT, 2, text)]


@pytest.mark.parametrize(
    "name",
    [
        *("总计华", "必要", "合计科技", "例安", "Sumana Totaro", "一鸣", "Page Wu"),
        *("完颜赵", "人杰", "共田明", "Group Adams", "Parth A. Rao", "Total Wang"),
    ],
)
def test_a_name_that_resembles_a_note_is_a_name(name: str) -> None:
    assert [row.cells["name"] for row in recognise(make_csv([["姓名"], [name]])).rows] == [name]


@pytest.mark.parametrize("is_merged", [True, False])
def test_a_heading_between_the_rows_is_named(is_merged: bool) -> None:
    book = make_book(
        ("表", [["姓名", "邮箱"], ["方某", "f@example.org"], ["二、材料", None], ["圆某", None]])
    )
    if is_merged:
        book.worksheets[0].merge_cells("A3:B3")
    found = recognise(save(book))
    assert [row.cells["name"] for row in found.rows] == ["方某", "圆某"]
    assert [(n.remark, n.row, n.text) for n in found.notes] == [
        (FileRemark.NOTE_LEFT_OUT, 3, "二、材料")
    ]


def test_a_row_with_nothing_below_a_known_header_is_named_unless_it_is_only_numbered() -> None:
    found = recognise(make_csv([["No.", "姓名"], ["1", "方某"], ["2", ""], ["待补充", ""]]))
    assert [row.number for row in found.rows] == [2]
    assert [(n.remark, n.row) for n in found.notes] == [(FileRemark.NOTE_LEFT_OUT, 4)]


def test_what_stands_between_columns_below_no_header_is_named() -> None:
    found = recognise(make_csv([["姓名", "", "单位"], ["方某", "兼职", "某厂"]]))
    assert [(p.remark, p.text) for p in found.rows[0].problems] == [(Remark.BEYOND_HEADER, "兼职")]


def test_a_number_that_a_spreadsheet_made_a_day_of_is_no_range() -> None:
    book = make_book(("表", [["姓名", "每月小时"], ["方某", date(2026, 3, 5)]]))
    assert [p.remark for p in recognise(save(book)).rows[0].problems] == [Remark.NO_NUMBER]


def test_what_the_sheet_shows_beside_a_number_is_part_of_it() -> None:
    rows_of_sheet = [["姓名", "每月小时数"], ["甲", 0.5], ["乙", 5], ["丙", 6], ["丁", 7]]
    book = make_book(("名单", rows_of_sheet))
    sheet = book.worksheets[0]
    for cell, shown in (("B2", "0%"), ("B3", '0.0"%"'), ("B4", "[$$-409]#,##0"), ("B5", '0"小时"')):
        sheet[cell].number_format = shown
    rows = recognise(save(book)).rows
    assert [[p.remark for p in row.problems] for row in rows] == [
        [Remark.PERCENT],
        [Remark.PERCENT],
        [Remark.OTHER_CURRENCY],
        [],
    ]
    assert rows[3].values["hours_per_month"] == 7


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("每月可提供辅导时间（单位：小时）", "hours_per_month"),
        ("推荐导师姓名", "name"),
        ("1、您的姓名是？", "name"),
        ("您的邮箱是", "email"),
        ("主要研究方向", "topics"),
        ("專長領域", "topics"),
        ("Short bio (max 300 words)", "summary"),
        ("Languages spoken *", "languages"),
        ("所在单位全称", "employer"),
        ("Areas of expertise", "topics"),
        ("通讯地址", "place"),
        ("请问您所在的城市是？", "place"),
        ("3、您所在的单位", "employer"),
        ("您每月可以投入多少小时？", "hours_per_month"),
        ("您能够提供哪些支持？", "can_help_with"),
        ("每月可投入小时数(h)", "hours_per_month"),
        ("每月可投入時數", "hours_per_month"),
        ("What is your name?", "name"),
        ("Where are you based?", "place"),
        ("How many hours a month can you give?", "hours_per_month"),
        ("Which languages do you speak?", "languages"),
    ],
)
def test_what_is_put_around_a_header_is_taken_off(header: str, column: str) -> None:
    found = find_column(MENTORS, header)
    assert found is not None
    assert found.name == column


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("企业的名称是什么？", "name"),
        ("What is the name of your company?", "name"),
        ("What is your name?", "founder_name"),
        ("您的姓名", "founder_name"),
    ],
)
def test_whose_name_is_asked_for_is_told_apart(header: str, column: str) -> None:
    found = find_column(ImportKind.STARTUPS, header)
    assert found is not None
    assert found.name == column
