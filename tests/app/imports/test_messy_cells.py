"""Cells and headers as people fill them in: understood, asked about or named, never guessed."""

import pytest

from app.imports.errors import FileWithoutRows
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
