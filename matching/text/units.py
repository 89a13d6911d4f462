"""Units of measurement in Chinese and English: what each is of, and how much of the base unit."""

import re
from collections.abc import Mapping
from typing import Final

_INCH_MM: Final = 25.0  # wafers of 8 inches are 200 mm wide, whatever 25.4 says


# What a thing does so often, in the plural: a four-stroke engine has no four strokes.
ENDURED: Final = (
    "strokes", "insertions", "matings", "actuations", "compressions", "bends", "flexes", "rewrites",
)  # fmt: skip


def _name(dimension: str, factor: float, *names: str) -> Mapping[str, tuple[str, float]]:
    """English names of a unit, in the singular and the plural."""
    return {form: (dimension, factor) for name in names for form in (name, f"{name}s")}


_UNITS: Final[Mapping[str, tuple[str, float]]] = {
    # length in mm
    "nm": ("length", 1e-6), "纳米": ("length", 1e-6), "奈米": ("length", 1e-6),
    "um": ("length", 1e-3), "μm": ("length", 1e-3), "微米": ("length", 1e-3),
    "mm": ("length", 1.0), "毫米": ("length", 1.0), "cm": ("length", 10.0),
    "厘米": ("length", 10.0), "m": ("length", 1e3), "米": ("length", 1e3),
    "km": ("length", 1e6), "公里": ("length", 1e6), "千米": ("length", 1e6),
    "inch": ("length", _INCH_MM), "inches": ("length", _INCH_MM), "in": ("length", _INCH_MM),
    "英寸": ("length", _INCH_MM), "英吋": ("length", _INCH_MM), "寸": ("length", _INCH_MM),
    "吋": ("length", _INCH_MM), '"': ("length", _INCH_MM),
    # electricity
    "μv": ("voltage", 1e-6), "mv": ("voltage", 1e-3), "v": ("voltage", 1.0), "伏": ("voltage", 1.0),
    "伏特": ("voltage", 1.0), "kv": ("voltage", 1e3), "千伏": ("voltage", 1e3),
    "μa": ("current", 1e-6), "ua": ("current", 1e-6), "微安": ("current", 1e-6),
    "ma": ("current", 1e-3), "毫安": ("current", 1e-3),
    "a": ("current", 1.0), "安": ("current", 1.0), "安培": ("current", 1.0), "ka": ("current", 1e3),
    "μw": ("power", 1e-6), "微瓦": ("power", 1e-6), "毫瓦": ("power", 1e-3),
    "ω": ("resistance", 1.0), "欧姆": ("resistance", 1.0), "kω": ("resistance", 1e3),
    "毫欧": ("resistance", 1e-3), "mω": ("resistance", 1e-3),
    "mw": ("power", 1e-3), "w": ("power", 1.0), "瓦": ("power", 1.0), "kw": ("power", 1e3),
    "千瓦": ("power", 1e3), "MW": ("power", 1e6), "兆瓦": ("power", 1e6), "gw": ("power", 1e9),
    "wh": ("energy", 1.0), "瓦时": ("energy", 1.0),
    "kwh": ("energy", 1e3), "千瓦时": ("energy", 1e3),
    "度电": ("energy", 1e3), "mwh": ("energy", 1e6), "兆瓦时": ("energy", 1e6),
    "gwh": ("energy", 1e9), "吉瓦时": ("energy", 1e9),
    "mah": ("charge", 1e-3), "ah": ("charge", 1.0),
    "安时": ("charge", 1.0),
    "hz": ("frequency", 1.0), "赫兹": ("frequency", 1.0), "khz": ("frequency", 1e3),
    "千赫": ("frequency", 1e3), "mhz": ("frequency", 1e6), "兆赫": ("frequency", 1e6),
    "ghz": ("frequency", 1e9), "thz": ("frequency", 1e12),
    # heat, force, matter
    "℃": ("temperature", 1.0), "°c": ("temperature", 1.0), "摄氏度": ("temperature", 1.0),
    "pa": ("pressure", 1.0), "kpa": ("pressure", 1e3), "mpa": ("pressure", 1e6),
    "兆帕": ("pressure", 1e6), "gpa": ("pressure", 1e9), "bar": ("pressure", 1e5),
    "mg": ("mass", 1e-6), "毫克": ("mass", 1e-6), "g": ("mass", 1e-3), "克": ("mass", 1e-3),
    "kg": ("mass", 1.0), "公斤": ("mass", 1.0), "千克": ("mass", 1.0), "t": ("mass", 1e3),
    "吨": ("mass", 1e3), "ton": ("mass", 1e3), "tons": ("mass", 1e3), "tonnes": ("mass", 1e3),
    "nm扭矩": ("torque", 1.0), "n·m": ("torque", 1.0), "牛米": ("torque", 1.0),
    "ml": ("volume", 1e-3), "毫升": ("volume", 1e-3), "l": ("volume", 1.0),
    "升": ("volume", 1.0),
    "立方米": ("volume", 1e3), "立方": ("volume", 1e3), "m³": ("volume", 1e3),
    "dpi": ("resolution", 1.0),
    "rpm": ("speed", 1.0), "r/min": ("speed", 1.0), "转/分": ("speed", 1.0),
    "%": ("share", 0.01), "％": ("share", 0.01), "percent": ("share", 0.01),
    # time in days
    "秒": ("time", 1 / 86_400), "毫秒": ("time", 1 / 86_400_000), "ms": ("time", 1 / 86_400_000),
    "微秒": ("time", 1 / 86_400_000_000), "μs": ("time", 1 / 86_400_000_000),
    "seconds": ("time", 1 / 86_400), "分钟": ("time", 1 / 1440), "min": ("time", 1 / 1440),
    "minutes": ("time", 1 / 1440),
    "小时": ("time", 1 / 24), "hours": ("time", 1 / 24), "hour": ("time", 1 / 24),
    "h": ("time", 1 / 24), "天": ("time", 1.0), "日": ("time", 1.0), "day": ("time", 1.0),
    "days": ("time", 1.0), "周": ("time", 7.0), "星期": ("time", 7.0), "week": ("time", 7.0),
    "weeks": ("time", 7.0), "个月": ("time", 30.0), "月": ("time", 30.0), "month": ("time", 30.0),
    "months": ("time", 30.0), "年": ("time", 365.0), "years": ("time", 365.0),
    "year": ("time", 365.0),
    # money in yuan
    "元": ("money", 1.0), "块": ("money", 1.0), "rmb": ("money", 1.0), "cny": ("money", 1.0),
    "yuan": ("money", 1.0), "万元": ("money", 1e4), "万": ("money", 1e4),
    "亿元": ("money", 1e8), "亿": ("money", 1e8),
    # units as English words
    **_name("length", 1e-6, "nanometre", "nanometer"),
    **_name("length", 1e-3, "micrometre", "micrometer", "micron"),
    **_name("length", 1.0, "millimetre", "millimeter"),
    **_name("length", 10.0, "centimetre", "centimeter"),
    **_name("length", 1e3, "metre", "meter"),
    **_name("length", 1e6, "kilometre", "kilometer"),
    **_name("voltage", 1.0, "volt"), **_name("voltage", 1e3, "kilovolt"),
    **_name("current", 1e-3, "milliamp"), **_name("current", 1e-6, "microamp"),
    **_name("current", 1.0, "amp", "ampere"),
    **_name("power", 1e-3, "milliwatt"), **_name("power", 1.0, "watt"),
    **_name("power", 1e3, "kilowatt"), **_name("power", 1e6, "megawatt"),
    **_name("power", 1e9, "gigawatt"), "吉瓦": ("power", 1e9),
    **_name("energy", 1e3, "kilowatt-hour", "kilowatt hour"),
    **_name("energy", 1e6, "megawatt-hour", "megawatt hour"),
    **_name("mass", 1e-3, "gram"), **_name("mass", 1.0, "kilogram", "kilo"),
    **_name("mass", 1e3, "tonne"),
    **_name("volume", 1.0, "litre", "liter"), **_name("volume", 1e-3, "millilitre", "milliliter"),
    **_name("torque", 1.0, "newton metre", "newton meter"),
    "kilohertz": ("frequency", 1e3), "megahertz": ("frequency", 1e6),
    "gigahertz": ("frequency", 1e9),
    "degrees celsius": ("temperature", 1.0), "degrees centigrade": ("temperature", 1.0),
    "deg c": ("temperature", 1.0), "degrees c": ("temperature", 1.0),
    "kelvin": ("temperature", 1.0), "开尔文": ("temperature", 1.0), "mk": ("temperature", 1e-3),
    "°f": ("temperature", 5 / 9), "℉": ("temperature", 5 / 9), "华氏度": ("temperature", 5 / 9),
    "mbar": ("pressure", 1e2), "毫巴": ("pressure", 1e2), "torr": ("pressure", 133.322),
    "psi": ("pressure", 6894.76), "atm": ("pressure", 101_325.0),
    "度": ("temperature", 1.0),
    "大气压": ("pressure", 101_325.0), "千帕": ("pressure", 1e3), "帕": ("pressure", 1.0),
    "吉帕": ("pressure", 1e9), "个大气压": ("pressure", 101_325.0),
    "公斤压力": ("pressure", 98_066.5), "kgf/cm²": ("pressure", 98_066.5),
    "kgf/cm2": ("pressure", 98_066.5), "hpa": ("pressure", 1e2), "百帕": ("pressure", 1e2),
    "mtorr": ("pressure", 0.133322), "毫托": ("pressure", 0.133322),
    "ft": ("length", 304.8), "feet": ("length", 304.8), "英尺": ("length", 304.8),
    "å": ("length", 1e-7), "lb": ("mass", 0.453592),
    "lbs": ("mass", 0.453592), "磅": ("mass", 0.453592), "kva": ("power", 1e3),
    "千伏安": ("power", 1e3),
    "牛": ("force", 1.0), "牛顿": ("force", 1.0), "千牛": ("force", 1e3),
    "吨力": ("force", 9806.65), **_name("force", 1.0, "newton"),
    **_name("force", 1e3, "kilonewton"),
    "m/s": ("velocity", 1.0), "米每秒": ("velocity", 1.0), "米/秒": ("velocity", 1.0),
    "km/h": ("velocity", 1 / 3.6), "公里每小时": ("velocity", 1 / 3.6),
    "公里/小时": ("velocity", 1 / 3.6), "kph": ("velocity", 1 / 3.6),
    "转每分钟": ("speed", 1.0), "转每分": ("speed", 1.0), "转/分钟": ("speed", 1.0),
    "兆欧": ("resistance", 1e6), "千欧": ("resistance", 1e3),
    # what is counted: how often a thing is used until it fails, and how many lines it has
    "次": ("cycles", 1.0), **_name("cycles", 1.0, "cycle"),
    **dict.fromkeys(ENDURED, ("cycles", 1.0)),
    "通道": ("channels", 1.0), "个通道": ("channels", 1.0),
    **_name("channels", 1.0, "channel"),
}  # fmt: skip
# "MW" and "mW" differ by a factor of a thousand million.
_CASE_MATTERS: Final[Mapping[str, tuple[str, float]]] = {
    "mW": ("power", 1e-3),
    "MW": ("power", 1e6),
    "MPa": ("pressure", 1e6),
    "mPa": ("pressure", 1e-3),
    "MHz": ("frequency", 1e6),
    "nA": ("current", 1e-9),
    "pA": ("current", 1e-12),
    "MΩ": ("resistance", 1e6),
    "MV": ("voltage", 1e6),
    "mV": ("voltage", 1e-3),
    "mWh": ("energy", 1e-3),
    "mA": ("current", 1e-3),
    "N": ("force", 1.0),
    "kN": ("force", 1e3),
    "MN": ("force", 1e6),
    "K": ("temperature", 1.0),
}
# What the zero of a scale is in degrees Celsius.
_ZEROS: Final[Mapping[str, float]] = {
    "k": -273.15, "mk": -273.15, "kelvin": -273.15, "开尔文": -273.15,
    "°f": -160 / 9, "℉": -160 / 9, "华氏度": -160 / 9,
}  # fmt: skip

UNIT: Final = "|".join(
    sorted((re.escape(unit) for unit in {*_UNITS, *_CASE_MATTERS}), key=lambda unit: -len(unit))
)
# What stands behind a unit that is none by itself: in "W/mK", "m²", "mm2" and "kg/h" there is more.
UNIT_END: Final = r"(?![a-zA-Z²³\d]|\s?[/·⋅]\s?[a-zA-Z])"


def read_unit(unit: str) -> tuple[str, float] | None:
    """The dimension of a unit, and how much it is of the base unit; None for what is none."""
    return _CASE_MATTERS.get(unit) or _UNITS.get(unit.casefold())


def read_zero(unit: str) -> float:
    """Where the scale of a unit of temperature begins, in degrees Celsius; of any other 0."""
    return _ZEROS.get(unit.casefold(), 0.0)
