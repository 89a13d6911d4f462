"""A name in two columns, a place in three, an organisation and a position in one cell."""

import pytest

from app.imports.column_parts import split_organisation_and_position
from app.imports.errors import ColumnMissing
from app.imports.headers import find_column, find_column_part
from app.imports.problems import FileRemark, Remark
from app.imports.reading import read_file
from app.imports.recognising import RecognisedFile, recognise_tables
from models.imports import ImportKind
from tests.app.imports.files import make_csv

MENTORS = ImportKind.MENTORS


def recognise(*rows: list[str], kind: ImportKind = MENTORS) -> RecognisedFile:
    return recognise_tables(kind, read_file(kind, make_csv(rows)))


@pytest.mark.parametrize(
    ("headers", "cells", "name"),
    [
        (["姓", "名"], ["方", "远山"], "方远山"),
        (["姓氏", "名"], ["欧阳", ""], "欧阳"),
        (["名", "姓"], ["远山", "方"], "方远山"),
        (["姓（必填）", "*名"], ["方", "方远山"], "方远山"),
        (["First name", "Last name"], ["Jörg", "Brücke"], "Jörg Brücke"),
        (["Family Name", "Given Name"], ["Brücke", "Jörg Anton"], "Jörg Anton Brücke"),
        (["Surname", "Forename"], ["方", "远山"], "方远山"),
        (["姓/Surname", "名/Given name"], ["方", "远山"], "方远山"),
    ],
)
def test_a_name_in_two_columns_is_one(headers: list[str], cells: list[str], name: str) -> None:
    found = recognise([*headers, "邮箱"], [*cells, "f@example.org"])
    assert [row.values for row in found.rows] == [{"name": name, "email": "f@example.org"}]
    assert [note.remark for note in found.notes] == [FileRemark.COLUMNS_JOINED]
    assert found.unknown_columns == ()


def test_the_founder_of_a_startup_has_a_name_in_two_columns_too() -> None:
    found = recognise(["企业名称", "姓", "名"], ["某厂", "方", "远"], kind=ImportKind.STARTUPS)
    assert found.rows[0].values == {"name": "某厂", "founder_name": "方远"}


def test_a_whole_name_comes_before_its_parts_and_half_of_one_is_none() -> None:
    found = recognise(["姓名", "姓", "名"], ["方远山", "方", "远"])
    assert found.rows[0].values == {"name": "方远山"}
    assert found.unknown_columns == ("姓", "名")
    with pytest.raises(ColumnMissing):
        recognise(["First name", "邮箱"], ["Jörg", "f@example.org"])


@pytest.mark.parametrize(
    ("headers", "cells", "code"),
    [
        (["省", "市", "区"], ["浙江省", "杭州市", "西湖区"], "330106"),
        (["省份", "城市"], ["浙江", "杭州"], "330100"),
        (["所在省", "所在市", "区县"], ["江苏", "南京", "鼓楼区"], "320106"),
        (["城市", "省份"], ["浙江省杭州市", "浙江省"], "330100"),
        (["省/直辖市", "市"], ["上海市", "上海市"], "310000"),
        (["Province", "City"], ["Jiangsu", "Suzhou"], "320500"),
        (["省", "市", "区"], ["", "", "浦东新区"], "310115"),
    ],
)
def test_a_place_in_several_columns_is_one(headers: list[str], cells: list[str], code: str) -> None:
    found = recognise(["姓名", *headers], ["方某", *cells])
    assert found.rows[0].values == {"name": "方某", "place": code}
    assert found.rows[0].problems == ()


def test_headers_in_two_rows_name_the_parts_below() -> None:
    found = recognise(
        ["姓名", "联系方式", "", "所在地", ""],
        ["", "手机", "邮箱", "省", "市"],
        ["方某", "1", "f@example.org", "浙江省", "杭州市"],
    )
    values = {"name": "方某", "email": "f@example.org", "place": "330100"}
    assert [row.values for row in found.rows] == [values]


@pytest.mark.parametrize(
    "header",
    [
        *(
            "单位及职务",
            "工作单位及职务",
            "单位/职务",
            "单位职务",
            "现任单位及职务",
            "单位、职务（职称）",
        ),
        *("所在单位及职务/职称", "公司及职位", "Organisation and position", "Company & title"),
    ],
)
def test_organisation_and_position_are_told_in_the_header(header: str) -> None:
    assert find_column(MENTORS, header) is None
    assert find_column_part(MENTORS, header) == "organisation_and_position"


@pytest.mark.parametrize(
    ("cell", "organisation", "position"),
    [
        ("某某大学教授", "某某大学", "教授"),
        ("某某大学材料学院院长", "某某大学", "材料学院院长"),
        ("某某大学附属某某医院主任医师", "某某大学附属某某医院", "主任医师"),
        ("浙江某某科技有限公司 总经理", "浙江某某科技有限公司", "总经理"),
        ("某某（上海）有限公司董事长兼总经理", "某某（上海）有限公司", "董事长兼总经理"),
        ("某某研究院副院长、研究员", "某某研究院", "副院长、研究员"),
        ("某某资本／创始合伙人", "某某资本", "创始合伙人"),
        ("某某科技，首席科学家", "某某科技", "首席科学家"),
        ("董事长，某某科技", "某某科技", "董事长"),
        ("某某创投有限公司投资总监", "某某创投有限公司", "投资总监"),
        ("Acme Ltd, CTO", "Acme Ltd", "CTO"),
        ("Professor of Physics, Some University", "Some University", "Professor of Physics"),
        ("Partner at River Fund", "River Fund", "Partner"),
        ("某某集团", "某某集团", ""),
        ("总经理", "", "总经理"),
    ],
)
def test_a_regular_cell_is_split(cell: str, organisation: str, position: str) -> None:
    assert split_organisation_and_position(cell) == (organisation, position)


@pytest.mark.parametrize("cell", ["退休", "曾在多家公司工作，现为自由人", "Acme", "某某、某某"])
def test_a_cell_that_cannot_be_split_stays_whole_and_says_so(cell: str) -> None:
    assert split_organisation_and_position(cell) is None
    (row,) = recognise(["姓名", "单位及职务"], ["方某", cell]).rows
    assert row.values == {"name": "方某", "headline": cell}
    assert [(p.column, p.remark) for p in row.problems] == [("headline", Remark.NOT_SPLIT)]
    assert not row.is_refused


def test_what_stands_beside_is_kept() -> None:
    (row,) = recognise(["姓名", "单位及职务", "职称"], ["方某", "某某大学系主任", "教授"]).rows
    assert row.values["employer"] == "某某大学"
    assert row.values["headline"] == "系主任、教授"
