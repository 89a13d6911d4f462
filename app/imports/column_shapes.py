"""What a column of a file is, and the columns that files of every kind share."""

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.words.limits import (
    LINE_LIMIT,
    NAME_LIMIT,
    ORGANISATIONS_LIMIT,
    TEXT_LIMIT,
    TOPIC_LIMIT,
    TOPICS_LIMIT,
)
from models.vocabulary import Field, Language

EMAIL_LIMIT = 254
PERSON_NAME_LIMIT = 80
WEBSITE_LIMIT = 300


class Shape(StrEnum):
    """What may stand in the cells of a column."""

    LINE = "line"
    TEXT = "text"
    EMAIL = "email"
    CODE = "code"
    CODES = "codes"
    WORDS = "words"
    ORGANISATIONS = "organisations"
    NUMBER = "number"
    CREDIT_CODE = "credit_code"
    YES_NO = "yes_no"
    PLACE = "place"
    WEB_ADDRESS = "web_address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a file.

    `limit` is how many characters a text or each of several words may have, `most` how many words
    there may be; a number lies from `low` to `high` and may have one of `units` beside it. A text
    with `is_person` names somebody. `attribute` names what the cell becomes: a field of the
    profile's values, or None where the cell says something else than the profile.
    """

    name: str
    label: LazyString
    shape: Shape
    attribute: str | None
    other_names: tuple[str, ...] = ()
    is_required: bool = False
    is_person: bool = False
    limit: int = LINE_LIMIT
    most: int = TOPICS_LIMIT
    low: int = 0
    high: int = 0
    units: tuple[str, ...] = ()
    vocabulary: type[StrEnum] | None = None


def make_line(name: str, label: LazyString, limit: int, *other_names: str) -> Column:
    """One line of text, at most `limit` characters."""
    return Column(
        name=name,
        label=label,
        shape=Shape.LINE,
        attribute=name,
        limit=limit,
        other_names=other_names,
    )


def make_text(name: str, label: LazyString, *other_names: str) -> Column:
    """A text of several lines."""
    return Column(
        name=name,
        label=label,
        shape=Shape.TEXT,
        attribute=name,
        limit=TEXT_LIMIT,
        other_names=other_names,
    )


def make_codes(
    name: str, label: LazyString, vocabulary: type[StrEnum], *other_names: str
) -> Column:
    """Codes of `vocabulary`, several in a cell."""
    return Column(
        name=name,
        label=label,
        shape=Shape.CODES,
        attribute=name,
        vocabulary=vocabulary,
        other_names=other_names,
    )


def make_code(name: str, label: LazyString, vocabulary: type[StrEnum], *others: str) -> Column:
    """One code of `vocabulary`."""
    return Column(
        name=name,
        label=label,
        shape=Shape.CODE,
        attribute=name,
        vocabulary=vocabulary,
        other_names=others,
    )


def make_number(
    name: str,
    label: LazyString,
    low: int,
    high: int,
    *other_names: str,
    units: tuple[str, ...] = (),
) -> Column:
    """A whole number from `low` to `high`, with one of `units` beside it or none."""
    return Column(
        name=name,
        label=label,
        shape=Shape.NUMBER,
        attribute=name,
        low=low,
        high=high,
        units=units,
        other_names=other_names,
    )


def make_yes_no(name: str, label: LazyString, *other_names: str) -> Column:
    """Yes or no."""
    return Column(
        name=name, label=label, shape=Shape.YES_NO, attribute=name, other_names=other_names
    )


def make_organisations(name: str, label: LazyString, *other_names: str) -> Column:
    """Names of organisations, several in a cell."""
    return Column(
        name=name,
        label=label,
        shape=Shape.ORGANISATIONS,
        attribute=name,
        limit=NAME_LIMIT,
        most=ORGANISATIONS_LIMIT,
        other_names=other_names,
    )


HOURS = (
    *(
        "小时",
        "个小时",
        "(小时)",
        "小时/月",
        "个小时/月",
        "小时/每月",
        "钟头",
        "个钟头",
        "小时每月",
        "每月",
        "每个月",
        "月均",
        "/月",
    ),
    *(
        "h",
        "(h)",
        "h/月",
        "h/month",
        "hr",
        "hrs",
        "hour",
        "hours",
        "hours a month",
        "hours/month",
        "/mo",
    ),
    *("hours per month", "hrs/month", "a month", "per month", "/month"),
)
YEARS = ("年", "年以上经验", "年经验", "y", "yr", "yrs", "year", "years")

FIELDS = make_codes(
    "fields",
    _l("Fields"),
    Field,
    "field",
    "technology field",
    "industry",
    "sector",
    "技术领域",
    "专业领域",
    "行业领域",
    "所属领域",
    "领域方向",
    "行业",
    "所属行业",
    "产业领域",
    "研究领域",
    "赛道",
)
TOPICS = Column(
    name="topics",
    label=_l("Topics"),
    shape=Shape.WORDS,
    attribute="topics",
    limit=TOPIC_LIMIT,
    other_names=(
        "topic",
        "keywords",
        "tags",
        "expertise",
        "areas of expertise",
        "research interests",
        "skills",
        "主题",
        "细分方向",
        "研究方向",
        "技术方向",
        "专业方向",
        "擅长方向",
        "擅长领域",
        "专长",
        "专长领域",
        "特长",
        "专业特长",
        "技术专长",
        "专业专长",
        "研究方向及专长",
        "核心技术方向",
        "细分领域",
        "标签",
        "关键词",
        "关键字",
    ),
)
PLACE = Column(
    name="place",
    label=_l("Place"),
    shape=Shape.PLACE,
    attribute="place_code",
    other_names=(
        "地点",
        "地区",
        "所在县市",
        "所在市县",
        "where are you based",
        "based in",
        "所在地",
        "所在地区",
        "所在城市",
        "所在省市",
        "省市",
        "城市",
        "常驻地",
        "常驻城市",
        "常住地",
        "常住城市",
        "现居地",
        "现居城市",
        "工作地点",
        "工作城市",
        "所在区",
        "所在地址",
        "base",
        "工作地点",
        "工作地",
        "注册地",
        "注册地址",
        "办公地址",
        "省份",
        "居住地",
        "属地",
        "所属地区",
        "所在区县",
        "工作所在地",
        "常驻地区",
        "通讯地址",
        "联系地址",
        "地址",
        "base city",
        "home city",
        "address",
        "区域",
        "city",
        "location",
        "region",
        "based in",
    ),
)
LANGUAGES = make_codes(
    "languages",
    _l("Languages"),
    Language,
    "language",
    "语言",
    "语种",
    "沟通语言",
    "工作语言",
    "工作语种",
    "可用语言",
    "languages spoken",
    "语言能力",
    "languages you speak",
)
