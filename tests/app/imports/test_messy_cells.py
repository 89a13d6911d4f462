"""Cells and headers as people fill them in: understood, asked about or named, never guessed."""

import pytest

from app.imports.errors import FileWithoutRows
from app.imports.headers import find_column
from app.imports.problems import FileRemark, Remark
from app.imports.reading import read_file
from app.imports.recognising import RecognisedFile, recognise_tables
from models.imports import ImportKind
from models.vocabulary import Field, Language
from tests.app.imports.files import make_book, make_csv, save

BOTH = (Language.CHINESE, Language.ENGLISH)


def recognise(*rows: list[str]) -> RecognisedFile:
    return recognise_tables(ImportKind.MENTORS, read_file(ImportKind.MENTORS, make_csv(rows)))


@pytest.mark.parametrize(
    ("header", "cell", "column", "value"),
    [
        ("邮箱", "邮箱：fang@example.org", "email", "fang@example.org"),
        ("邮箱", "fang@example.org（常用）", "email", "fang@example.org"),
        ("邮箱", "张某 <fang@example.org>", "email", "fang@example.org"),
        (
            "领域",
            "AI、半导体",
            "fields",
            (Field.INTEGRATED_CIRCUITS, Field.ARTIFICIAL_INTELLIGENCE),
        ),
        ("领域", "新材料", "fields", (Field.ADVANCED_MATERIALS,)),
        ("语言", "中英文", "languages", BOTH),
        ("语言", "中文（母语）、英语（流利）", "languages", BOTH),
        ("语言", "中英双语", "languages", BOTH),
        ("语言", "中 / 英", "languages", BOTH),
        ("语言", "Chinese and English", "languages", BOTH),
        ("语言", "中文 English", "languages", BOTH),
        ("语言", "中英日", "languages", (*BOTH, Language.JAPANESE)),
        (
            "领域",
            "半导体与 AI",
            "fields",
            (Field.INTEGRATED_CIRCUITS, Field.ARTIFICIAL_INTELLIGENCE),
        ),
        ("线上", "均可", "remote", True),
        ("线上", "支持", "remote", True),
        ("线上", "仅线下", "remote", False),
        ("线上", "✔️", "remote", True),
        ("邮箱", "“fang@example.org”", "email", "fang@example.org"),
        ("每月小时数", "10hrs/month", "hours_per_month", 10),
        ("每月小时数", "6个小时", "hours_per_month", 6),
        ("每月小时数", "6（小时）", "hours_per_month", 6),
    ],
)
def test_a_cell_is_read_as_it_was_meant(header: str, cell: str, column: str, value: object) -> None:
    (row,) = recognise(["姓名", header], ["方某", cell]).rows
    assert row.problems == ()
    assert row.values[column] == value


@pytest.mark.parametrize(
    ("header", "cell", "remark"),
    [
        ("邮箱", "1@example.org\n备用 x@example.org", Remark.SEVERAL_EMAILS),
        ("邮箱", "主 a@example.org 副 b@example.org", Remark.SEVERAL_EMAILS),
        ("邮箱", "fang@example,org", Remark.NO_EMAIL),
        ("语言", "中文 方言", Remark.UNKNOWN_WORD),
        ("领域", "材料与其他", Remark.UNKNOWN_WORD),
        ("每月小时数", "每周2小时", Remark.NO_NUMBER),
        ("每月小时数", "45292", Remark.OUT_OF_RANGE),
        ("从业年限", "20余年", Remark.NUMBER_RANGE),
        ("从业年限", "1998年至今", Remark.NO_NUMBER),
        ("地点", "Taizhou", Remark.PLACE_AMBIGUOUS),
        ("地点", "Lüliang", Remark.PLACE_AMBIGUOUS),
    ],
)
def test_what_may_be_meant_otherwise_is_asked_or_refused(
    header: str, cell: str, remark: Remark
) -> None:
    (row,) = recognise(["姓名", header], ["方某", cell]).rows
    assert [problem.remark for problem in row.problems] == [remark]


@pytest.mark.parametrize(
    ("header", "cell", "column", "value", "remark", "text"),
    [
        (
            "邮箱",
            "a@example.org 13800138000",
            "email",
            "a@example.org",
            "email_rest",
            "13800138000",
        ),
        ("邮箱", "a@example.org（已失效）", "email", None, "email_old", "已失效"),
        ("单位", "同上", "employer", None, "nothing_above", "同上"),
        ("单位", "保密", "employer", None, "not_said_yet", "保密"),
        ("简介", "详见附件", "summary", None, "not_said_yet", "详见附件"),
        ("单位", "#CALC!", "employer", None, "spreadsheet_error", "#CALC!"),
        ("单位", "Err:502", "employer", None, "spreadsheet_error", "Err:502"),
        ("主题", "镀膜、抛光等", "topics", ("镀膜", "抛光"), "open_end", "等"),
        ("投资企业", "甲科技等3家企业", "portfolio", ("甲科技",), "open_end", "等3家企业"),
        (
            "主题",
            "plating, polishing, etc.",
            "topics",
            ("plating", "polishing"),
            "open_end",
            "etc.",
        ),
        (
            "单位",
            "某某大学/甲光电有限公司",
            "employer",
            "某某大学",
            "several_employers",
            "甲光电有限公司",
        ),
        ("所在地", "德国伊尔梅瑙", "place", "DE0000", "place_rest", "伊尔梅瑙"),
        ("所在地", "Cambridge", "place", None, "place_ambiguous", "Cambridge"),
        ("所在地", "UK/China", "place", None, "place_unknown", "UK/China"),
        ("所在地", "中国", "place", None, "no_one_place", "中国"),
        ("所在地", "Remote", "place", None, "no_one_place", "Remote"),
    ],
)
def test_what_is_left_out_is_said(
    header: str, cell: str, column: str, value: object, remark: str, text: str
) -> None:
    (row,) = recognise(["姓名", header], ["方某", cell]).rows
    assert row.values.get(column) == value
    assert [(p.column, p.remark, p.text) for p in row.problems] == [(column, Remark(remark), text)]
    if remark == "several_employers":
        assert row.values["affiliations"] == (text,)


@pytest.mark.parametrize(
    ("header", "cell", "column", "value"),
    [
        *(
            ("每月小时数", cell, "hours_per_month", None)
            for cell in ("NULL", "n.a.", "(空)", "nan")
        ),
        ("简介", "无", "summary", None),
        ("线上", "无", "remote", False),
        ("线上", "线上/线下", "remote", True),
        ("线上", "☑是 □否", "remote", True),
        ("线上", "是（ ）否（√）", "remote", False),
        ("领域", "□材料 ☑半导体", "fields", (Field.INTEGRATED_CIRCUITS,)),
        ("主题", "#镀膜#抛光", "topics", ("镀膜", "抛光")),
        ("主题", "男女平等", "topics", ("男女平等",)),
        ("每月小时数", "12 小时 / 月", "hours_per_month", 12),
        ("最多同时辅导企业数", "3家企业", "capacity", 3),
        ("单位", "浙江大学/材料学院", "employer", "浙江大学/材料学院"),
        ("单位", "某某大学 材料研究所", "employer", "某某大学 材料研究所"),
        ("单位", "AT&T", "employer", "AT&T"),
        ("所在地", "Munich", "place", "DEMUNI"),
        ("所在地", "新加坡", "place", "SG0000"),
    ],
)
def test_what_fills_a_cell_is_told_from_what_it_says(
    header: str, cell: str, column: str, value: object
) -> None:
    (row,) = recognise(["姓名", header], ["方某", cell]).rows
    assert row.problems == ()
    assert row.values.get(column) == value


def test_a_country_stands_beside_its_city() -> None:
    rows = (["方某", "德国", "慕尼黑"], ["圆某", "中国", "上海"], ["田某", "美国", ""])
    found = recognise(["姓名", "国家", "城市"], *rows, ["石某", "中国", ""])
    places = [row.values.get("place") for row in found.rows]
    assert places == ["DEMUNI", "310000", "US0000", None]
    assert [note.remark for note in found.notes] == [FileRemark.COLUMNS_JOINED]


def test_two_people_on_two_lines_are_two_and_two_scripts_are_one() -> None:
    names = ("方某\n圆某", "方某某\nFang Moumou", "方某某\n教授", "方某（线上）")
    rows = recognise(["姓名", "邮箱"], *([name, ""] for name in names)).rows
    assert [[p.remark for p in row.problems] for row in rows] == [
        [Remark.SEVERAL_NAMES],
        [],
        [],
        [],
    ]


@pytest.mark.parametrize(
    ("kind", "header", "column"),
    [
        (ImportKind.MENTORS, "每月可投入时间（天）", None),
        (ImportKind.MENTORS, "Hours (weekly)", None),
        (ImportKind.MENTORS, "从业年限（起始年份）", None),
        (ImportKind.MENTORS, "推荐单位", None),
        (ImportKind.STARTUPS, "目标TRL", None),
        (ImportKind.MENTORS, "推荐导师姓名", "name"),
        (ImportKind.MENTORS, "每月可投入时间（小时，周末除外）", "hours_per_month"),
        (ImportKind.MENTORS, "从业年限（截至2026年3月）", "years_of_experience"),
    ],
)
def test_a_header_that_means_something_near_is_no_column(
    kind: ImportKind, header: str, column: str | None
) -> None:
    found = find_column(kind, header)
    assert (found.name if found else None) == column


def test_a_header_above_two_columns_says_whose_name_it_is() -> None:
    rows = [
        ["姓名", "单位", None],
        [None, "名称", "职务"],
        ["方某", "甲厂", "厂长"],
        ["圆某", None, "工程师"],
    ]
    book = make_book(("名单", rows))
    for merged in ("B1:C1", "A1:A2", "B3:B4"):
        book.worksheets[0].merge_cells(merged)
    found = recognise_tables(ImportKind.MENTORS, read_file(ImportKind.MENTORS, save(book)))
    assert [(row.values["name"], row.values["employer"]) for row in found.rows] == [
        ("方某", "甲厂"),
        ("圆某", "甲厂"),
    ]


def test_the_company_of_a_mentor_is_no_name_of_theirs() -> None:
    (row,) = recognise(["导师姓名", "企业名称"], ["方某", "某厂"]).rows
    assert row.values == {"name": "方某", "employer": "某厂"}
    book = make_book(("导师", [["姓名"], ["方某"]]), ("企业", [["企业名称"], ["某厂"]]))
    found = recognise_tables(ImportKind.MENTORS, read_file(ImportKind.MENTORS, save(book)))
    assert [row.values for row in found.rows] == [{"name": "方某"}]


def test_nobody_is_called_like_a_header() -> None:
    with pytest.raises(FileWithoutRows):
        recognise(["姓名", "甲", "乙"], ["邮箱", "a@example.org", "b@example.org"])
    found = recognise(["姓名", "邮箱"], ["方某", "a@example.org"], ["工作单位", "负责人"])
    assert len(found.rows) == 1
    assert [note.remark for note in found.notes] == [FileRemark.NOTE_LEFT_OUT]
