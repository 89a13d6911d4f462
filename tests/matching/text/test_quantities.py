"""Figures with units are quantities; names of standards and models are names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.text.quantities import (
    Closeness,
    Quantity,
    compare,
    find_designations,
    find_quantities,
    read_chinese_number,
)


def read(text: str) -> Quantity:
    found = find_quantities(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("8 英寸", "200 mm"),
        ("八英寸晶圆", "二百毫米"),
        ("6-inch wafers", "150毫米"),
        ("1.2 kV", "1200 V"),
        ("八百伏", "800V母线"),
        ("融资300万", "¥3,000,000"),
        ("二百万元", "2 million RMB"),
        ("两个月", "60 days"),
        ("5 MWh", "5000 kWh"),
        ("９０nm", "90 纳米"),
        ("twenty-five kilowatts", "25 kW"),
        ("half a million yuan", "50万元"),
        ("two weeks", "14 天"),
        ("真空度5×10⁻⁴ Pa", "5e-4 Pa"),
        ("10^-6 mbar", "1e-4 Pa"),
        ("1550±5 nm", "1550纳米"),
        ("高温 373 K", "373 kelvin"),
        ("212 °F", "100 degrees Celsius"),
        ("36 km/h", "10 米/秒"),
        ("12万转每分钟", "one hundred and twenty thousand rpm"),
        ("5 kN", "five kilonewtons"),
        ("3 mWh", "0.003 Wh"),
        ("1250度退火", "1250℃"),
        ("三百度的胶", "300 °C"),
        ("炉温1800 K", "1526.85 ℃"),
        ("2个大气压", "202.65 kPa"),
        ("6公斤压力", "0.588 MPa"),
        ("10 ft", "3.048 m"),
        ("20 lbs", "9.07 kg"),
        ("融資300萬", "300万元"),
        ("循环2万次", "20,000 cycles"),
        ("百万次插拔", "1e6 mating cycles"),
        ("弯折20萬次", "200,000 bends"),
        ("5 million strokes", "往复500万次"),
        ("128-channel", "128个通道"),
    ],
)
def test_one_quantity_in_two_forms_is_equal(one: str, other: str) -> None:
    assert compare(read(one), read(other)) is Closeness.EQUAL


@pytest.mark.parametrize(
    ("one", "other", "closeness"),
    [
        ("8 英寸", "12 英寸", Closeness.APART),
        ("750 V", "800 V", Closeness.NEAR),
        ("100 mW", "4 MW", Closeness.APART),
        ("100-300万元", "200 万", Closeness.EQUAL),
        ("100-300万元", "800 万", Closeness.APART),
        ("30 天", "300 V", None),
    ],
)
def test_closeness(one: str, other: str, closeness: Closeness | None) -> None:
    assert compare(read(one), read(other)) is closeness
    assert compare(read(other), read(one)) is closeness


@pytest.mark.parametrize(
    "text",
    [
        "公司成立于2024年",
        "pH 7",
        "第3条",
        "入射角60度",
        "转台每次转90度",
        "近视四百度",
        "硬度60度的橡胶",
        "4K投影",
        "1,5 hours",
        "version 2.0.1",
        "四川",
        "model 3",
        "每年两次循环",
        "每周20次例会",
        "four-stroke engine",
        "第300次例会",
        "10万级洁净间",
        "200万美元",
        "400 W/mK",
        "50 m²",
        "50mm2",
        "5 kg/h",
        "4K屏",
        "10K samples",
        "5G基站",
        "3M胶带",
        "three a day",
        "two in Xi'an",
        "n=30",
        "转90度",
    ],
)
def test_bare_numbers_years_and_doubtful_commas_are_no_quantities(text: str) -> None:
    assert find_quantities(text) == []


@given(st.text(max_size=200))
def test_spans_are_slices_and_any_text_can_be_read(text: str) -> None:
    for quantity in find_quantities(text):
        assert 0 <= quantity.start < quantity.end <= len(text)
        assert quantity.low <= quantity.high
    for designation in find_designations(text):
        assert text[designation.start : designation.end]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("符合GB/T 18487.1-2015", "gbt18487.12015"),
        ("ISO 26262 ASIL-D", "iso26262"),
        ("a Tesla Model 3 part", "model3"),
        ("AEC-Q100 认证", "aecq100"),
        ("IEC-61508", "iec61508"),
    ],
)
def test_standards_and_models_have_one_key(text: str, key: str) -> None:
    assert [found.key for found in find_designations(text)] == [key]


@pytest.mark.parametrize(
    ("text", "number"),
    [("十二", 12.0), ("二百", 200.0), ("一千零五", 1005.0), ("二〇二四", 2024.0)],
)
def test_chinese_numbers(text: str, number: float) -> None:
    assert read_chinese_number(text) == number
    assert read_chinese_number("四川") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("温度不高，85℃即可", ["85℃"]),
        ("驱动电压,650V,电流 3 A", ["650V", "3 A"]),
        ("三个月内，两周更好", ["三个月", "两周"]),
        ("housings, 40 mm or less", ["40 mm"]),
        ("共 1,200 V", ["1,200 V"]),
    ],
)
def test_a_figure_begins_anew_behind_a_comma(text: str, said: list[str]) -> None:
    assert [text[each.start : each.end] for each in find_quantities(text)] == said
