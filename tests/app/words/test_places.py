"""Names of places: the table itself, and how a place is named for its reader."""

import re
from pathlib import Path

import pytest
import yaml
from flask import Flask
from flask_babel import force_locale

from app.words.places import list_places, name_place, name_place_in_full
from models.place_tables import is_place, list_codes
from models.places import read_place

ROOT = Path(__file__).parents[3]
TABLE = [
    line.split("\t")
    for line in (ROOT / "models/places.tsv").read_text(encoding="utf-8").splitlines()
]

SHANGHAI_DISTRICTS = 16
PROVINCES = 34

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("code", "chinese", "english"),
    [
        ("310000", "上海市", "Shanghai"),
        ("310115", "上海市浦东新区", "Pudong, Shanghai"),
        ("370200", "青岛市", "Qingdao"),
        ("370212", "青岛市崂山区", "Laoshan, Qingdao"),
        ("320583", "苏州市昆山市", "Kunshan, Suzhou"),
        ("810000", "香港特别行政区", "Hong Kong"),
        ("310103", "上海市卢湾区", "卢湾区, Shanghai"),
        ("DE0000", "德国", "Germany"),
        ("DEMUNI", "德国慕尼黑", "Munich, Germany"),
        ("999999", "999999", "999999"),
        ("", "", ""),
        (None, "", ""),
    ],
)
def test_a_place_is_named_in_the_language_of_its_reader(
    app: Flask, code: str | None, chinese: str, english: str
) -> None:
    with app.test_request_context():
        with force_locale("zh_Hans_CN"):
            assert name_place(code) == chinese
        with force_locale("en"):
            assert name_place(code) == english


def test_without_a_reader_places_are_named_in_chinese(dialect: str) -> None:
    assert name_place("310115") == "上海市浦东新区"


def test_places_are_offered_by_province(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        groups = list_places()
    *groups, abroad = groups
    assert len(groups) == PROVINCES
    assert abroad.name == "Abroad"
    assert {"DE0000", "DEMUNI", "SG0000"} <= {place.code for place in abroad.places}
    shanghai = next(group for group in groups if group.name == "Shanghai")
    assert shanghai.places[0].code == "310000"
    assert len(shanghai.places) == 1 + SHANGHAI_DISTRICTS
    offered = [p.code for g in groups for p in g.places]
    assert offered == sorted(offered)
    assert {row[0] for row in TABLE if row[0].endswith("00")} <= set(offered)
    assert "370212" in offered


def test_the_table_is_whole(dialect: str) -> None:
    assert all(len(row) == 3 and all(row) for row in TABLE)
    codes = [row[0] for row in TABLE]
    assert len(set(codes)) == len(codes)
    assert [code for code in codes if not re.fullmatch("[1-9][0-9]{5}", code)] == []
    # A district without its city, or a city without its province, could not be named.
    provinces = {code for code in codes if code.endswith("0000")}
    assert {code[:2] + "0000" for code in codes} == provinces
    municipalities = {"11", "12", "31", "50"}
    cities = {code for code in codes if code.endswith("00")}
    # 仙桃, 石河子 and others stand directly below their province: 90 says so.
    districts = [c for c in codes if c[:2] not in municipalities and c[2:4] != "90"]
    assert [c for c in districts if c[:4] + "00" not in cities] == []


def test_no_two_places_have_one_name(app: Flask) -> None:
    for locale in ("zh_Hans_CN", "en"):
        with app.test_request_context(), force_locale(locale):
            names = [place.name for group in list_places() for place in group.places]
        assert sorted({name for name in names if names.count(name) > 1}) == []


@pytest.mark.parametrize("code", ["", "31", "310199", "31011５", "310115 ", "x"])
def test_what_is_not_in_the_table_is_no_place(dialect: str, code: str) -> None:
    assert not is_place(code)


def test_every_place_of_the_demonstration_is_known(dialect: str) -> None:
    codes = {
        str(record["place_code"])
        for path in sorted((ROOT / "app/demo").glob("*.yaml"))
        for record in yaml.safe_load(path.read_text(encoding="utf-8"))
        if isinstance(record, dict) and record.get("place_code")
    }
    assert codes
    assert sorted(code for code in codes if not is_place(code)) == []


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("浦东", ("310115",)),
        ("浦东新区", ("310115",)),
        ("上海 浦东", ("310115",)),
        ("上海市浦东新区", ("310115",)),
        ("pudong, SHANGHAI", ("310115",)),
        ("Shanghai Pudong", ("310115",)),
        ("吉林", ("220000", "220200")),
        ("吉林市", ("220200",)),
        ("Linxia City, Linxia", ("622901",)),
        ("Hainan, Qinghai", ("632500",)),
        ("Hotan", ("653200",)),
        ("东湖高新区", ("420100",)),
        ("合肥高新区", ("340100",)),
        ("南山高新区", ()),
        ("亚特兰蒂斯", ()),
        ("区", ()),
        ("", ()),
    ],
)
def test_a_place_is_found_by_the_names_that_people_use(
    dialect: str, name: str, codes: tuple[str, ...]
) -> None:
    assert read_place(name).codes == codes


def test_every_place_is_found_by_its_own_full_name(app: Flask) -> None:
    with app.test_request_context():
        for locale in ("zh_Hans_CN", "en"):
            with force_locale(locale):
                for code in list_codes():
                    assert code in read_place(name_place(code)).codes, code


def test_a_place_can_be_named_with_its_province(app: Flask) -> None:
    with app.test_request_context():
        with force_locale("zh_Hans_CN"):
            assert name_place_in_full("440305") == "广东省深圳市南山区"
            assert name_place_in_full("310115") == "上海市浦东新区"
            assert name_place_in_full("320000") == "江苏省"
        with force_locale("en"):
            assert name_place_in_full("440305") == "Nanshan, Shenzhen, Guangdong"
