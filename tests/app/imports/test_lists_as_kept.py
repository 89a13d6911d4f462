"""Lists as people keep them: what is odd in them is read, named or asked about, and never lost."""

import pytest

from app.imports.errors import FileEmpty
from app.imports.problems import FileRemark, Remark
from models.imports import ImportKind
from tests.app.imports.files import make_book, make_csv, save
from tests.app.imports.test_messy_files import recognise


@pytest.mark.parametrize(
    ("cell", "value", "remark"),
    [
        ("1.方某", "方某", Remark.NAME_CLEANED),
        ("①方某", "方某", Remark.NAME_CLEANED),
        ("(3) 方某", "方某", Remark.NAME_CLEANED),
        ("★方某", "方某", Remark.NAME_CLEANED),
        ("方某*", "方某", Remark.NAME_CLEANED),
        ("方某（女）", "方某", Remark.NAME_CLEANED),
        ("方某 男", "方某", Remark.NAME_CLEANED),
        *((name, name, None) for name in ("𠮷某", "José Ñandú", "O'Neil", "阿卜杜拉·买买提")),
        *((name, None, Remark.SEVERAL_NAMES) for name in ("方某/田某", "方某，田某", "方某＆田某")),
        *((name, None, Remark.NO_NAME) for name in ("待定", "（空缺）", "TBD", "xxx", "女")),
        ("方\ufffd", None, Remark.BROKEN_TEXT),
        ("??", None, Remark.BROKEN_TEXT),
    ],
)
def test_what_stands_around_a_name_or_for_one(
    cell: str, value: str | None, remark: Remark | None
) -> None:
    (row,) = recognise(make_csv([["姓名", "单位"], [cell, "某厂"]])).rows
    assert row.values.get("name") == value
    assert [problem.remark for problem in row.problems] == ([remark] if remark else [])
    assert row.is_refused is (value is None)


def test_columns_of_one_thing_are_read_together_and_their_differences_asked_about() -> None:
    found = recognise(
        make_csv(
            [
                ["姓名", "工作邮箱", "个人邮箱", "擅长1", "擅长2"],
                ["方某", "f@example.org", "", "镀膜", "抛光"],
                ["田某", "", "t@example.org", "镀膜", "镀膜"],
                ["长某", "c@example.org", "d@example.org", "", ""],
            ]
        )
    )
    assert [row.values.get("email") for row in found.rows] == [
        "f@example.org",
        "t@example.org",
        None,
    ]
    assert [row.cells.get("can_help_with") for row in found.rows] == ["镀膜；抛光", "镀膜", None]
    assert [p.remark for p in found.rows[2].problems] == [Remark.SEVERAL_EMAILS]
    assert [(n.remark, n.text) for n in found.notes] == [
        (FileRemark.COLUMNS_JOINED, "email\n工作邮箱\n个人邮箱"),
        (FileRemark.COLUMNS_JOINED, "can_help_with\n擅长1\n擅长2"),
    ]


def test_a_second_address_that_is_joined_to_a_word_is_asked_about() -> None:
    (row,) = recognise(
        make_csv([["姓名", "邮箱"], ["方某", "a@example.org；备用b@example.org"]])
    ).rows
    assert [p.remark for p in row.problems] == [Remark.SEVERAL_EMAILS]


def test_shares_belong_to_who_stands_before_them_and_nobody_is_nobody() -> None:
    (row,) = recognise(
        make_csv(
            [["企业名称", "股东", "竞争对手"], ["某光学", "1.甲投资，占30% 2.乙投资 20%", "没有"]]
        ),
        ImportKind.STARTUPS,
    ).rows
    assert row.values["shareholders"] == ("甲投资 占30%", "乙投资 20%")
    assert not row.values.get("competitors")


def test_a_list_of_something_else_below_is_named_and_not_read() -> None:
    rows = [["姓名", "邮箱"], ["方某", "f@example.org"], ["企业名称", "股东"], ["某光学", "甲投资"]]
    found = recognise(make_csv([*rows, ["某材料", "乙投资"], ["姓名", "邮箱"], ["田某", ""]]))
    assert [row.cells["name"] for row in found.rows] == ["方某", "田某"]
    assert [(n.remark, n.row) for n in found.notes] == [
        (FileRemark.OTHER_LIST, 3),
        (FileRemark.HEADER_AGAIN, 6),
    ]


def test_rows_above_the_header_that_look_like_a_list_are_named() -> None:
    found = recognise(make_csv([["方某", "f@example.org"], ["姓名", "邮箱"], ["田某", ""]]))
    assert [(n.remark, n.row) for n in found.notes] == [(FileRemark.ABOVE_HEADER, 1)]


def test_columns_beyond_those_that_are_looked_at_are_named() -> None:
    header = ["姓名", *[f"x{number}" for number in range(250)], "邮箱"]
    row = ["方某", *[""] * 250, "f@example.org"]
    for content in (make_csv([header, row]), save(make_book(("表", [header, row])))):
        assert [n.remark for n in recognise(content).notes] == [FileRemark.COLUMNS_BEYOND]


@pytest.mark.parametrize(
    ("content", "cells"),
    [
        ("姓名,简介\n方某,“封装, 测试”\n", {"name": "方某", "summary": "“封装,测试”"}),
        ("姓名,单位\n方\0某,某厂\n", {"name": "方某", "employer": "某厂"}),
        ("name,employer\nfang\0,x\n", {"name": "fang", "employer": "x"}),
        ("单位 Affiliation,姓名 Name\n某厂,方某\n", {"name": "方某", "employer": "某厂"}),
        (",姓名,邮箱\n四、,方某,\n", {"name": "方某"}),
    ],
)
def test_odd_texts_are_read_whole(content: str, cells: dict[str, str]) -> None:
    (row,) = recognise(content.encode()).rows
    assert (dict(row.cells), row.problems) == (cells, ())


@pytest.mark.parametrize(
    "text",
    ["负责人签字：", "单位（盖章）：", "审批意见:", "集成电路领域", "新材料组", "先进制造类专家"],
)
def test_what_asks_for_a_signature_or_heads_a_part_is_no_entry(text: str) -> None:
    found = recognise(make_csv([["姓名", "单位"], ["方某", "某厂"], [text, ""]]))
    assert [row.cells["name"] for row in found.rows] == ["方某"]
    assert [n.remark for n in found.notes] == [FileRemark.NOTE_LEFT_OUT]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b" \r\n\t\n", b"\xff\xfe"])
def test_an_empty_file_is_called_so(content: bytes) -> None:
    with pytest.raises(FileEmpty):
        recognise(content)
