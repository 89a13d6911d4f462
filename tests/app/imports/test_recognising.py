"""Texts get a meaning: which column is which, and what each cell says."""

from enum import StrEnum
from typing import Any

import pytest

from app.imports.cells import recognise_cells
from app.imports.column_shapes import Column
from app.imports.columns import COLUMNS
from app.imports.errors import ColumnMissing, ColumnRepeated, FileWithoutRows
from app.imports.in_both_languages import list_words, simplify
from app.imports.problems import FileRemark, Remark
from app.imports.reading import read_table
from app.imports.recognising import RecognisedFile, recognise_table
from app.words.labels import LABELS
from models.imports import ImportKind
from models.vocabulary import (
    Experience,
    Field,
    FundingStage,
    HelpMode,
    Language,
    Seat,
)
from tests.app.imports.files import COMPLETE_MENTOR, COMPLETE_STARTUP, make_csv, make_csv_of

ALL_COLUMNS = [(kind, column) for kind, columns in COLUMNS.items() for column in columns]


def recognise(content: bytes, kind: ImportKind = ImportKind.MENTORS) -> RecognisedFile:
    return recognise_table(kind, read_table(content))


def test_a_complete_mentor_in_chinese_is_understood() -> None:
    (row,) = recognise(make_csv_of(COMPLETE_MENTOR, encoding="gb18030")).rows
    assert row.problems == ()
    assert row.values == {
        "name": "碳化硅工艺导师",
        "email": "sic.mentor@example.org",
        "headline": "碳化硅器件工艺与良率",
        "summary": COMPLETE_MENTOR["经历与专长"],
        "can_help_with": "看你的缺陷图，告诉你先改哪一步。",
        "fields": (Field.INTEGRATED_CIRCUITS, Field.ADVANCED_MATERIALS),
        "topics": ("碳化硅", "良率"),
        "place": "310115",
        "remote": True,
        "languages": (Language.CHINESE, Language.ENGLISH),
        "experience": (Experience.ENGINEER,),
        "seat": Seat.INDUSTRIAL,
        "help_modes": (HelpMode.TECHNICAL_REVIEW, HelpMode.MANUFACTURING),
        "hours_per_month": 6,
        "years_of_experience": 10,
        "capacity": 2,
        "open_to_all": False,
    }


def test_a_complete_startup_in_english_is_understood() -> None:
    (row,) = recognise(make_csv_of(COMPLETE_STARTUP), ImportKind.STARTUPS).rows
    assert row.problems == ()
    assert row.values["funding_stage"] is FundingStage.SEED
    assert row.values["readiness"] == 4
    assert row.values["website"] == "https://wafer.example.org"


@pytest.mark.parametrize(
    ("kind", "column"), ALL_COLUMNS, ids=lambda value: getattr(value, "name", value)
)
def test_every_column_is_known_by_its_code_and_in_both_languages(
    kind: ImportKind, column: Column
) -> None:
    words = list_words(column.label)
    assert len(words) == 2, "the label is not translated"
    for header in (column.name, *words, *column.other_names):
        written = f" {header.upper()}： "
        columns = [["name", "x"], [written, "y"]] if column.name != "name" else [[written, "x"]]
        table = make_csv([[head for head, _ in columns], [cell for _, cell in columns]])
        found = recognise(table, kind)
        assert column.name in found.rows[0].cells, header
        assert found.unknown_columns == ()


@pytest.mark.parametrize("kind", list(ImportKind))
def test_no_header_means_two_columns(kind: ImportKind) -> None:
    owners: dict[str, set[str]] = {}
    for column in COLUMNS[kind]:
        for header in (column.name, *list_words(column.label), *column.other_names):
            owners.setdefault(simplify(header), set()).add(column.name)
    assert {header: names for header, names in owners.items() if len(names) > 1} == {}


VOCABULARIES = sorted(
    {c.vocabulary for _, c in ALL_COLUMNS if c.vocabulary is not None}, key=lambda v: v.__name__
)


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_every_code_is_taken_as_code_and_in_both_languages(vocabulary: type[StrEnum]) -> None:
    kind, column = next((k, c) for k, c in ALL_COLUMNS if c.vocabulary is vocabulary)
    for code in vocabulary:
        for word in (code.value, *list_words(LABELS[vocabulary][code])):
            values, problems = recognise_cells(kind, {"name": "x", column.name: word.upper()})
            found = values[column.name]
            assert problems == ()
            assert found in (code, (code,)), word


def test_unknown_headers_are_named_and_our_own_additions_are_not() -> None:
    found = recognise(
        make_csv([["行", "问题", "姓名", "手机", "备注 1"], ["2", "x", "甲", "1", "2"]])
    )
    assert found.unknown_columns == ("手机", "备注 1")
    assert found.rows[0].cells == {"name": "甲"}


def test_a_title_above_the_header_does_not_matter() -> None:
    found = recognise(make_csv([["2026 年导师名单"], [], ["填表人", "王"], ["姓名"], ["甲"]]))
    assert [(row.number, row.cells) for row in found.rows] == [(5, {"name": "甲"})]


def test_a_second_list_below_the_first_is_read_by_its_own_header() -> None:
    found = recognise(
        "姓名,单位,邮箱,擅长\n何一,一所,he@example.org,封装\n,,,\n产业导师,,,\n"
        "姓名,邮箱,单位,爱好,擅长\n吕二,lv@example.org,二厂,垂钓,减速器\n姓名,邮箱,单位,爱好,擅长\n"
        "施三,shi@example.org,三厂,,伺服\n".encode()
    )
    said = [(r.values["name"], r.values["employer"], r.values["email"]) for r in found.rows]
    assert said == [
        ("何一", "一所", "he@example.org"),
        ("吕二", "二厂", "lv@example.org"),
        ("施三", "三厂", "shi@example.org"),
    ]
    assert [(note.remark, note.row) for note in found.notes] == [
        (FileRemark.NOTE_LEFT_OUT, 4),
        (FileRemark.OTHER_HEADER, 5),
        (FileRemark.HEADER_AGAIN, 7),
    ]
    assert found.unknown_columns == ("爱好",)


def test_a_row_that_holds_a_word_of_a_header_is_a_row() -> None:
    found = recognise("姓名,单位,擅长,备注\n何一,擅长,封装,单位\n".encode())
    assert [row.values["name"] for row in found.rows] == ["何一"]


def test_without_its_name_column_a_file_is_refused() -> None:
    with pytest.raises(ColumnMissing) as raised:
        recognise(make_csv([["邮箱", "领域"], ["a@example.org", "汽车"]]))
    assert raised.value.facts == {"column": "name"}


def test_names_that_stand_there_twice_are_refused() -> None:
    with pytest.raises(ColumnRepeated) as raised:
        recognise(make_csv([["姓名", "邮箱", "", "专家姓名"], ["甲", "a@example.org", "", "乙"]]))
    assert raised.value.facts == {"column": "name", "headers": ("姓名 (A)", "专家姓名 (D)")}


def test_a_header_alone_is_refused() -> None:
    with pytest.raises(FileWithoutRows):
        recognise(make_csv([["姓名", "邮箱"], ["", " "]]))


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("place", "310115", "310115"),
        ("place", "上海浦东", "310115"),
        ("place", "Laoshan, Qingdao", "370212"),
        ("email", " Some.One@Example.ORG ", "some.one@example.org"),
        ("hours_per_month", "４ 小时", 4),
        ("hours_per_month", "4.0", 4),
        ("remote", "TRUE", True),
        ("remote", "不可以", False),
        ("topics", "CMOS/BiCMOS；ALD、ALD", ("CMOS/BiCMOS", "ALD")),
        ("fields", "automobiles | 集成电路 / Future energy", None),
        ("summary", "'=not a formula any more", "=not a formula any more"),
        ("seat", "学术", Seat.ACADEMIC),
    ],
)
def test_cells_are_read_as_people_write_them(column: str, cell: str, value: Any) -> None:
    found = recognise(make_csv([["name", column], ["A", cell]])).rows[0]
    assert found.problems == ()
    if column == "fields":
        value = (Field.INTEGRATED_CIRCUITS, Field.AUTOMOBILES, Field.FUTURE_ENERGY)
    assert found.values[column] == value


@pytest.mark.parametrize(
    ("column", "cell", "remark", "text"),
    [
        ("email", "not an address", Remark.NO_EMAIL, "not an address"),
        ("email", "a@" + "b" * 300 + ".org", Remark.NO_EMAIL, "a@" + "b" * 77 + "…"),
        ("fields", "汽车、炼丹", Remark.UNKNOWN_WORD, "炼丹"),
        ("fields", "、", Remark.UNKNOWN_WORD, "、"),
        ("seat", "学术、产业", Remark.SEVERAL_WORDS, "学术、产业"),
        ("place", "Atlantis", Remark.PLACE_UNKNOWN, "Atlantis"),
        ("place", "吉林", Remark.PLACE_AMBIGUOUS, "吉林"),
        ("hours_per_month", "many", Remark.NO_NUMBER, "many"),
        ("hours_per_month", "1e3", Remark.NO_NUMBER, "1e3"),
        ("hours_per_month", "-4", Remark.NO_NUMBER, "-4"),
        ("hours_per_month", "4.5", Remark.NO_NUMBER, "4.5"),
        ("hours_per_month", "201", Remark.OUT_OF_RANGE, "201"),
        ("remote", "maybe", Remark.NEITHER_YES_NOR_NO, "maybe"),
        ("headline", "x" * 201, Remark.TOO_LONG, "201"),
        ("topics", "、".join(map(str, range(13))), Remark.TOO_MANY, "13"),
        ("topics", "t" * 41, Remark.WORD_TOO_LONG, "t" * 41),
        ("employer", "#REF!", Remark.SPREADSHEET_ERROR, "#REF!"),
    ],
)
def test_what_cannot_be_taken_is_said_of_its_cell(
    column: str, cell: str, remark: Remark, text: str
) -> None:
    found = recognise(make_csv([["name", column], ["A", cell]])).rows[0]
    assert [(p.column, p.remark, p.text) for p in found.problems] == [(column, remark, text)]
    assert column not in found.values


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https://", "ftp://a.example", "x y.z"])
def test_only_addresses_of_the_web_are_websites(address: str) -> None:
    _, problems = recognise_cells(ImportKind.STARTUPS, {"name": "A", "website": address})
    assert [(p.column, p.remark) for p in problems] == [("website", Remark.NO_WEB_ADDRESS)]


@pytest.mark.parametrize("nothing", ["", "-", "—", "/", "无", "N/A", "  "])
def test_a_cell_that_says_there_is_nothing_is_empty(nothing: str) -> None:
    found = recognise(make_csv([["name", "employer", "place"], ["A", nothing, nothing]]))
    assert found.rows[0].cells == {"name": "A"}


def test_a_row_without_a_name_says_so() -> None:
    found = recognise(make_csv([["name", "employer"], ["", "Fab"]]))
    assert [(p.column, p.remark) for p in found.rows[0].problems] == [("name", Remark.MISSING)]
