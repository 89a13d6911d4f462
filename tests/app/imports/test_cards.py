"""Lists written as cards: a line for each thing, an entry after the other."""

import pytest

from app.imports.errors import CardsUnclear
from app.imports.problems import FileRemark, Remark
from app.imports.structured import read_json
from models.imports import ImportKind
from tests.app.imports.files import make_book, make_csv, save
from tests.app.imports.test_messy_files import recognise as recognise_book
from tests.app.imports.test_recognising import recognise

LINES = """青年专家推荐
姓名：方某
单位：甲厂
邮箱：fang@example.org
擅长：镀膜
也看抛光

姓名：田某
邮箱：tian@example.org
微信：tian
擅长：封装
微信：tian2
合计：2人
"""


def test_each_person_is_an_entry_and_nothing_of_a_line_is_lost() -> None:
    found = recognise(LINES.encode())
    assert [(row.number, dict(row.cells)) for row in found.rows] == [
        (
            2,
            {
                "name": "方某",
                "employer": "甲厂",
                "email": "fang@example.org",
                "can_help_with": "镀膜\n也看抛光",
            },
        ),
        (8, {"name": "田某", "email": "tian@example.org", "can_help_with": "封装"}),
    ]
    assert [(note.remark, note.row, note.text) for note in found.notes] == [
        (FileRemark.CARDS_READ, 0, ""),
        (FileRemark.NOTE_LEFT_OUT, 1, "青年专家推荐"),
        (FileRemark.NOTE_LEFT_OUT, 13, "合计：2人"),
    ]
    assert found.unknown_columns == ("微信",)


@pytest.mark.parametrize(
    "content",
    [
        "姓名：方某 邮箱：f@example.org 单位：甲厂\n姓名：田某 邮箱：t@example.org 单位：乙厂\n",
        "姓名：方某，邮箱：f@example.org，单位：甲厂\n姓名：田某，邮箱：t@example.org，单位：乙厂\n",
        "单位: 甲厂\n姓名: 方某\n邮箱: f@example.org\n"
        "单位: 乙厂\n邮箱: t@example.org\n姓名: 田某\n",
        "Name: 方某\nE-mail: f@example.org\nOrganisation: 甲厂\n"
        "Name: 田某\nOrganisation: 乙厂\nE-mail: t@example.org\n",
    ],
)
def test_names_of_what_is_said_stand_in_one_line_or_in_several(content: str) -> None:
    found = recognise(content.encode())
    assert [dict(row.values) for row in found.rows] == [
        {"name": "方某", "email": "f@example.org", "employer": "甲厂"},
        {"name": "田某", "email": "t@example.org", "employer": "乙厂"},
    ]
    assert [note.remark for note in found.notes] == [FileRemark.CARDS_READ]


@pytest.mark.parametrize(
    "content",
    [
        "姓名\t方某\n单位\t甲厂\n\n姓名\t田某\n单位\t乙厂\n",
        "姓名：方某\n单位：甲厂\n--------\n姓名：田某\n单位：乙厂\n",
        "1、姓名：方某\n单位：甲厂\n2、姓名：田某\n单位：乙厂\n",
    ],
)
def test_names_stand_beside_what_they_say_and_cards_are_kept_apart_by_lines(content: str) -> None:
    assert [dict(row.cells) for row in recognise(content.encode()).rows] == [
        {"name": "方某", "employer": "甲厂"},
        {"name": "田某", "employer": "乙厂"},
    ]


def test_companies_are_written_so_too() -> None:
    content = "企业名称：某某光学\n网址：https://a.example.org\n\n企业名称：某某材料\n网址：b.example.org\n"
    rows = recognise(content.encode(), ImportKind.STARTUPS).rows
    assert [row.values["name"] for row in rows] == ["某某光学", "某某材料"]
    assert rows[0].values["website"] == "https://a.example.org"


def test_where_nothing_tells_whose_line_it_is_nobody_guesses() -> None:
    content = "单位：甲厂\n姓名：方某\n邮箱：f@example.org\n姓名：田某\n邮箱：t@example.org\n"
    with pytest.raises(CardsUnclear):
        recognise(content.encode())


def test_a_table_is_no_list_of_cards_for_having_colons() -> None:
    tables = (
        [["姓名：", "擅长："], ["方某", "方法：镀膜"], ["田某", "封装"]],
        [["姓名", "擅长"], ["方某", "擅长：镀膜"], ["田某", "擅长：封装"]],
    )
    for table in tables:
        rows = recognise(make_csv(table)).rows
        assert [row.cells["name"] for row in rows] == ["方某", "田某"]


@pytest.mark.parametrize(
    "content",
    [
        "【姓名】方某\n【单位】甲厂\n【微信】w\n\n【姓名】田某\n【单位】乙厂\n",
        "【姓名】方某【单位】甲厂【微信】w\n【姓名】田某【单位】乙厂【微信】w\n",
        "姓名=方某\n单位=甲厂\n微信=w\n\n姓名=田某\n单位=乙厂\n微信=w\n",
        "名单\n姓名　方某\n单位　甲厂\n\n姓名　田某\n单位　乙厂\n微信　w\n微信　v\n",
        "- 姓名: 方某\n- 单位: 甲厂\n- 微信: w\n\n- 姓名: 田某\n- 单位: 乙厂\n",
        "**姓名**：方某\n**单位**：甲厂\n---\n**姓名：** 田某\n**单位：** 乙厂\n**微信：** w\n",
        "姓名 — 方某\n单位 — 甲厂\n\n姓名 — 田某\n单位 — 乙厂\n",
        "姓名→方某\n单位→甲厂\n\n姓名→田某\n单位→乙厂\n",
        "## 方某\n单位：甲厂\n微信：w\n\n2. 田某\n单位：乙厂\n",
        "单位：甲厂\n姓名：方某\n\n姓名：田某\n单位：乙厂\n微信：w\n",
        "姓名,方某,单位,甲厂\n\n姓名,田某,单位,乙厂\n微信,w,电话,1\n",
        "<div><p>姓名：方某</p><p>单位：甲厂</p><p></p>姓名：田某<br>单位：乙厂</div>",
        "<table><tr><td>姓名<td>方某<tr><td>单位<td>甲厂</table>"
        "<table><tr><td>姓名<td>田某<tr><td>单位<td>乙厂</table>",
        '{"name": "方某", "单位": "甲厂", "x": 1}\n{"name": "田某", "单位": ["乙厂"]}\n',
        '{"data": [{"姓名": "方某", "单位": "甲厂"}, {"姓名": "田某", "单位": "乙厂"}], "n": 2}',
        "BEGIN:VCARD\r\nFN:方某\r\nORG:甲厂;一部\r\nEND:VCARD\r\nBEGIN:VCARD\r\nN:田;某;;;\r\n"
        "ORG;ENCODING=QUOTED-PRINTABLE:=E4=B9=99=\r\n=E5=8E=82\r\nEND:VCARD\r\n",
        "| 姓名 | 单位 |\n|:--|---|\n| 方某 | 甲厂 |\n| 田某 | 乙厂 |\n",
    ],
)
def test_lines_of_other_forms_are_cards_too(content: str) -> None:
    found = recognise(content.encode())
    assert [dict(row.cells) for row in found.rows] == [
        {"name": "方某", "employer": "甲厂"},
        {"name": "田某", "employer": "乙厂"},
    ]
    assert set(found.unknown_columns) <= {"微信", "电话", "x", "部门"}


def test_a_thing_that_is_unknown_never_goes_into_the_line_above() -> None:
    (row,) = recognise("姓名：方某\n单位：甲厂\n微信：w\n".encode()).rows
    assert dict(row.cells) == {"name": "方某", "employer": "甲厂"}
    (row,) = recognise("姓名：方某\n擅长：镀膜\n还有\n微信：w\n".encode()).rows
    assert row.cells["can_help_with"] == "镀膜\n还有"
    (row,) = recognise("姓名：方某\n擅长：镀膜\n还有\n注意：贵\n".encode()).rows
    assert row.cells["can_help_with"] == "镀膜\n还有\n注意：贵"


def test_a_workbook_with_one_form_a_sheet_is_read_whole() -> None:
    forms = [
        (name, [["登记表"], ["姓名", name], [label, "甲厂"], ["邮箱", address]])
        for name, label, address in (
            ("方某", "单位", "f@example.org"),
            ("田某", "微信", "t@example.org"),
            ("圆某", "单位", "y@"),
        )
    ]
    book = make_book(*forms, ("旧表", [["姓名", "旧某"], ["单位", "丙厂"]]))
    found = recognise_book(save(book))
    assert [(row.number, row.cells["name"], row.cells.get("employer")) for row in found.rows] == [
        (1, "方某", "甲厂"),
        (2, "田某", None),
        (3, "圆某", "甲厂"),
    ]
    assert [p.remark for row in found.rows for p in row.problems] == [Remark.NO_EMAIL]
    assert found.unknown_columns == ("微信",)
    notes = {(note.remark, note.text) for note in found.notes}
    assert (FileRemark.ENTRY_A_SHEET, "方某\n田某\n圆某") in notes
    assert (FileRemark.SHEET_READ, "方某、田某、圆某\n旧表") in notes
    assert [row.cells["name"] for row in recognise_book(save(book), sheet="田某").rows] == ["田某"]


def test_escaped_signs_are_read_and_a_number_behind_a_name_stays() -> None:
    # Whoever numbers two people of one name, or everybody, means that.
    rows = [["姓名", "擅长"], ["张伟1", "R&amp;D &lt;10 nm"], ["O&#39;Neil", "A&B; C&copy;"]]
    first, second = recognise(make_csv(rows)).rows
    assert [(p.column, p.remark) for p in first.problems] == [("can_help_with", Remark.ESCAPED)]
    assert first.problems[0].is_note
    assert first.values == {"name": "张伟1", "can_help_with": "R&D <10 nm"}
    assert second.values == {"name": "O'Neil", "can_help_with": "A&B; C&copy;"}
    assert [(p.column, p.remark) for p in second.problems] == [("name", Remark.ESCAPED)]


def test_an_object_inside_of_another_stands_as_it_was_written() -> None:
    table = read_json('[{"name": "方某", "at": {"office": {"rooms": [{"no": 3}]}}}]')
    assert table is not None
    assert [row.cells for row in table.rows] == [
        ("name", "at/office"),
        ("方某", '{"rooms": [{"no": 3}]}'),
    ]
