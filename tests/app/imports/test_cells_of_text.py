"""Cells of free text as people fill them: numbered items, ditto marks, names that are none."""

import pytest

from app.imports.errors import ColumnMissing, TableAcross
from app.imports.problems import Remark
from app.imports.reading import read_file
from app.imports.recognising import RecognisedFile, recognise_tables
from models.imports import ImportKind
from tests.app.imports.files import make_book, make_csv, save

MENTORS, STARTUPS = ImportKind.MENTORS, ImportKind.STARTUPS


def recognise(content: bytes, kind: ImportKind = MENTORS) -> RecognisedFile:
    return recognise_tables(kind, read_file(kind, content))


@pytest.mark.parametrize(
    ("cell", "topics"),
    [
        ("1.镀膜 2.抛光", ("镀膜", "抛光")),
        ("①镀膜②抛光", ("镀膜", "抛光")),
        ("（1）镀膜（2）抛光", ("镀膜", "抛光")),
        ("1）镀膜；2）抛光。", ("镀膜", "抛光")),
        ("#镀膜 #抛光", ("镀膜", "抛光")),
        ("1、镀膜\n2、抛光", ("镀膜", "抛光")),
        ("C# 2.0、Ga(2)O3", ("C# 2.0", "Ga(2)O3")),
        ("3.5 GHz、5G", ("3.5 GHz", "5G")),
        ("ISO 9001. IEC 61508", ("ISO 9001. IEC 61508",)),
    ],
)
def test_numbered_items_are_items_without_their_numbers(cell: str, topics: tuple[str, ...]) -> None:
    content = save(make_book(("A", [["姓名", "主题"], ["方某", cell]])))
    assert recognise(content).rows[0].values["topics"] == topics


def test_a_cell_that_points_to_the_one_above_says_what_that_says() -> None:
    content = save(
        make_book(
            (
                "A",
                [
                    ["姓名", "单位", "地点"],
                    ["方某", "某厂", "上海"],
                    ["田某", "同上", "〃"],
                    ["石某", "Ditto", '"'],
                ],
            )
        )
    )
    rows = recognise(content).rows
    assert [row.values["employer"] for row in rows] == ["某厂"] * 3
    assert [row.values["place"] for row in rows] == ["310000"] * 3
    assert [[p.remark for p in row.problems] for row in rows] == [
        [],
        [Remark.FILLED_FROM_ABOVE] * 2,
        [Remark.FILLED_FROM_ABOVE] * 2,
    ]
    assert not any(row.is_refused for row in rows)


@pytest.mark.parametrize(
    ("name", "remark"),
    [
        ("方远、田野", Remark.SEVERAL_NAMES),
        ("方远和田野", Remark.SEVERAL_NAMES),
        ("Fang Yuan; Tian Ye", Remark.SEVERAL_NAMES),
        ("方远 教授；田野 博士", Remark.SEVERAL_NAMES),
        ("方远 13800138000", Remark.NO_NAME),
        ("fang@example.org", Remark.NO_NAME),
        ("姓名：方远", Remark.NO_NAME),
        ("12", Remark.NO_NAME),
        ("方远、教授", None),
        ("方远 博士/高工", None),
        ("张和平", None),
        ("Brücke, Jörg", None),
        ("买买提·艾山", None),
        ("Mentor 2: optics", None),
    ],
)
def test_what_is_no_name_of_one_person_is_said(name: str, remark: Remark | None) -> None:
    (mentor,) = recognise(make_csv([["姓名", "主题"], [name, "镀膜"]])).rows
    founder = recognise(make_csv([["企业名称", "创始人"], ["某某光学", name]]), STARTUPS).rows[0]
    for row, column in ((mentor, "name"), (founder, "founder_name")):
        assert row.values.get(column) == (name if remark is None else None)
        assert [p.remark for p in row.problems] == ([] if remark is None else [remark])
        assert row.cells[column] == name


def test_a_table_that_is_written_across_is_called_so() -> None:
    across = [
        ["姓名", "方某", "田某"],
        ["邮箱", "f@example.org", "t@example.org"],
        ["单位", "甲厂", "乙厂"],
    ]
    for content in (make_csv(across), save(make_book(("A", across)))):
        with pytest.raises(TableAcross):
            recognise(content)


def test_a_text_in_a_formula_is_the_text() -> None:
    content = b'name,email,hours per month\n="Li Ming",="li@example.org",="5"\n'
    (row,) = recognise(content).rows
    assert row.values == {"name": "Li Ming", "email": "li@example.org", "hours_per_month": 5}


def test_columns_kept_apart_by_blanks_are_read_where_none_is_empty() -> None:
    even = (
        "姓名    邮箱            地点\n方某    f@example.org   上海\n\n"
        "田某　　t@example.org　　北京\n"
    )
    assert [dict(row.values) for row in recognise(even.encode()).rows] == [
        {"name": "方某", "email": "f@example.org", "place": "310000"},
        {"name": "田某", "email": "t@example.org", "place": "110000"},
    ]
    with pytest.raises(ColumnMissing):
        recognise(even.replace("t@example.org", "").encode())
