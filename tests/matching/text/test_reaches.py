"""What a figure with a unit reaches, by the words around it."""

from math import inf

import pytest

from matching.text.quantities import Closeness
from matching.text.reaches import DIMENSIONS, Reach, compare_reaches, find_reaches


def read(text: str) -> Reach:
    (found,) = find_reaches(text)
    return found


@pytest.mark.parametrize(
    ("text", "dimension", "low", "high"),
    [
        ("耐压最高1700伏", "voltage", -inf, 1700),
        ("up to 50 kg", "mass", -inf, 50),
        ("扭矩到900牛米", "torque", -inf, 900),
        ("1.2 kV and above", "voltage", 1200, inf),
        ("≥ 5 Hz", "frequency", 5, inf),
        ("三千小时以上", "time", 125, inf),
        ("−60 °C to +150 °C", "temperature", -60, 150),
        ("零下四十摄氏度", "temperature", -40, -40),
        ("零下一百九十六度", "temperature", -196, -196),
        ("液氮77 K", "temperature", -196.15, -196.15),
        ("from 100 nA to 1 mA", "current", 1e-7, 1e-3),
        ("两百万到五百万元", "money", 2e6, 5e6),
        ("几个微安", "current", 1e-6, 1e-5),
        ("几百伏", "voltage", 100, 1000),
        ("三百五十千瓦", "power", 350_000, 350_000),
        ("Ka波段相控阵", "frequency", 26.5e9, 40e9),
        ("a W-band radar", "frequency", 75e9, 110e9),
        ("最低-50℃", "temperature", -50, inf),
        ("极限真空5×10⁻⁹帕", "pressure", 5e-9, inf),
        ("推力0到200牛", "force", 0, 200),
        ("冷到4 K", "temperature", -269.15, inf),
        ("0℃-40℃", "temperature", 0, 40),
        ("20 m/s到150 m/s", "velocity", 20, 150),
        ("寿命五万次循环", "cycles", -inf, 50_000),
        ("1,000 cycles or more", "cycles", 1000, inf),
    ],
)
def test_reaches(text: str, dimension: str, low: float, high: float) -> None:
    found = read(text)
    assert DIMENSIONS[found.dimension] == dimension
    assert (found.low, found.high) == pytest.approx((low, high))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("要做到-40℃", -40, -40),
        ("up to 70 °C", 70, 70),
        ("不超过70℃", -inf, 70),
        ("at least 70 °C", 70, inf),
        ("循环5000次", 5000, inf),
        ("up to 5,000 cycles", 5000, inf),
    ],
)
def test_who_asks_for_what_is_reached_wants_just_that(text: str, low: float, high: float) -> None:
    (found,) = find_reaches(text, is_asked=True)
    assert (found.low, found.high) == pytest.approx((low, high))


@pytest.mark.parametrize(
    "text", ["EUR 2–3 m", "占股10%", "T1000级", "rubber band", "四川", "第3条", "GB/T 18487"]
)
def test_what_has_no_reach(text: str) -> None:
    assert find_reaches(text) == []


@pytest.mark.parametrize(
    ("one", "other", "closeness"),
    [
        ("8英寸", "200 mm", Closeness.EQUAL),
        ("77 GHz", "W波段", Closeness.EQUAL),
        ("40 kg", "up to 50 kg", Closeness.EQUAL),
        ("40 kg", "up to 5 kg", Closeness.APART),
        ("1.2 kV", "1.2 V and below", Closeness.APART),
        ("几个微安", "500 A to 6 kA", Closeness.APART),
        ("40 kg", "40 V", None),
    ],
)
def test_reaches_that_meet_are_equal(one: str, other: str, closeness: Closeness | None) -> None:
    assert compare_reaches(read(one), read(other)) is closeness


def test_a_reach_is_a_slice_of_the_text() -> None:
    text = "样品在零下60℃到85℃之间循环"
    assert text[read(text).start : read(text).end] == "零下60℃到85℃"
