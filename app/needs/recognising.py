"""Conditions that stand in a need's own words, as the form would have them: to be proposed.

Only what somebody asks for is read: money, times, hours, places, languages and the codes of the
form in sentences that wish for something or name a condition. Nothing here is applied to a need;
its founder takes it over or dismisses it.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from app.needs.values import is_condition
from app.needs.words import REMOTE
from matching.text.quantities import Quantity, find_quantities, read_chinese_number
from matching.text.words import simplify
from models.place_tables import list_codes, read_table
from models.vocabulary import (
    ConditionAttribute,
    FundingStage,
    Gate,
    Instrument,
    Language,
    NeedKind,
    NeedRole,
)

_ASKING: Final = frozenset((NeedRole.WISH, NeedRole.CONDITION))


@dataclass(frozen=True, slots=True)
class Proposal:
    """A condition that `sentence` seems to state; values as in `matching.records.Condition`."""

    attribute: ConditionAttribute
    values: tuple[str, ...]
    sentence: str


def recognise_conditions(
    sentences: Sequence[tuple[str, NeedRole]], kind: NeedKind, *, on: date
) -> tuple[Proposal, ...]:
    """The first condition on each attribute that the sentences of a need of `kind` state.

    `on` is today, for what is due by a date.
    """
    found: dict[ConditionAttribute, Proposal] = {}
    for sentence, role in sentences:
        if role not in _ASKING:
            continue
        plain = simplify(sentence)
        if len(plain) != len(sentence):
            plain = sentence
        for attribute, values in _read(plain, kind, on):
            if attribute not in found and is_condition(attribute, values):
                found[attribute] = Proposal(attribute, values, sentence)
    return tuple(found[each] for each in ConditionAttribute if each in found)


_Stated = tuple[ConditionAttribute, tuple[str, ...]]


def _read(text: str, kind: NeedKind, on: date) -> Iterator[_Stated]:
    quantities = find_quantities(text)
    yield from _read_money(text, quantities)
    yield from _read_times(text, quantities, on)
    yield from _read_hours(text)
    yield from _read_place(text)
    for attribute, cues in _CODES.items():
        # A stage or a form of money is asked for by who seeks money, a gate by who wants a test.
        if attribute in _ONLY_FOR and _ONLY_FOR[attribute] is not kind:
            continue
        codes = tuple(code for code, cue in cues.items() if cue.search(text))
        if codes:
            yield attribute, codes[:1] if attribute in _ONLY_ONE else codes


_RAISES = re.compile(
    r"融|募|投资|出资|领投|跟投|\b(?:rais(?:e|ing)|invest\w*|round|funding|cheque|ticket)\b", re.I
)
_COSTS = re.compile(
    r"预算|报价|费用|价格|花费|经费|不超过|以内|最多|\b(?:budget|price|cost|costs|fee|quote|spend"
    r"|at most|no more than|up to)\b",
    re.I,
)


def _read_money(text: str, quantities: Sequence[Quantity]) -> Iterator[_Stated]:
    for each in quantities:
        if each.dimension != "money" or not math.isfinite(each.high):
            continue
        around = text[max(0, each.start - 24) : each.end + 12]
        yuan = (str(round(each.high)),)
        # Who says both speaks of the round: "a budget within the round".
        if _RAISES.search(around):
            yield ConditionAttribute.AMOUNT, yuan
        elif _COSTS.search(around):
            yield ConditionAttribute.PRICE, yuan


_WITHIN_BEFORE = re.compile(
    r"(?:within|in at most|in no more than|in under|in less than|不超过|最多|最晚)\s*$", re.I
)
_WITHIN_AFTER = re.compile(r"^\s*(?:之内|以内|内)")
_DAY_CHINESE = re.compile(
    r"(?:(?P<year>20\d\d)\s*年)?\s*(?P<month>1[0-2]|0?[1-9])\s*月\s*"
    r"(?:(?P<day>3[01]|[12]\d|0?[1-9])\s*[日号]|(?P<end>底|末))\s*(?:之前|以前|前)"
)
_MONTHS = "january february march april may june july august september october november december"
_MONTH_OF = {name[:3]: number for number, name in enumerate(_MONTHS.split(), start=1)}
_DAY_ENGLISH = re.compile(
    r"\b(?:by|before|no later than)\s+(?:the\s+end\s+of\s+(?P<ending>[A-Za-z]{3,9})"
    r"|(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+(?P<month>[A-Za-z]{3,9})"
    r"|(?P<month_first>[A-Za-z]{3,9})\s+(?P<day_last>\d{1,2})(?:st|nd|rd|th)?)"
    r"(?:,?\s+(?P<year>20\d\d))?\b",
    re.I,
)
_DAY_ISO = re.compile(
    r"\b(?:by|before)\s+(20\d\d)-(\d\d)-(\d\d)\b|(20\d\d)-(\d\d)-(\d\d)\s*前", re.I
)


def _read_times(text: str, quantities: Sequence[Quantity], on: date) -> Iterator[_Stated]:
    for each in quantities:
        if each.dimension == "time" and (
            _WITHIN_BEFORE.search(text[: each.start]) or _WITHIN_AFTER.search(text[each.end :])
        ):
            yield ConditionAttribute.LEAD_TIME, (str(math.ceil(min(each.high, 1e6))),)
    for due in _list_days(text, on):
        if due >= on:
            yield ConditionAttribute.LEAD_TIME, (str((due - on).days),)


def _list_days(text: str, on: date) -> Iterator[date]:
    for match in _DAY_CHINESE.finditer(text):
        day = None if match["end"] else int(match["day"])
        yield from _find_day(match["year"], int(match["month"]), day, on)
    for match in _DAY_ENGLISH.finditer(text):
        name = match["ending"] or match["month"] or match["month_first"]
        month = _MONTH_OF.get(name[:3].casefold())
        if month is not None and _MONTHS.split()[month - 1].startswith(name.casefold()):
            said = match["day"] or match["day_last"]
            yield from _find_day(match["year"], month, int(said) if said else None, on)
    for match in _DAY_ISO.finditer(text):
        year, month_said, day_said = (part for part in match.groups() if part)
        yield from _find_day(year, int(month_said), int(day_said), on)


def _find_day(year: str | None, month: int, day: int | None, on: date) -> Iterator[date]:
    """The day that is meant; without a year the next one, without a day the month's last."""
    for at in (int(year),) if year else (on.year, on.year + 1):
        if day is None:
            after = date(at + month // 12, month % 12 + 1, 1)
            found = date.fromordinal(after.toordinal() - 1)
        else:
            try:
                found = date(at, month, day)
            except ValueError:
                continue
        if year or found >= on:
            yield found
            return


_DIGITS = r"\d一二两三四五六七八九十"
_HOURS = (
    (
        re.compile(
            r"每(?:个)?月[^\d一二两三四五六七八九十]{0,6}([\d一二两三四五六七八九十]{1,3})\s*个?小时"
        ),
        1,
    ),
    (
        re.compile(
            r"每周[^\d一二两三四五六七八九十]{0,6}([\d一二两三四五六七八九十]{1,3})\s*个?小时"
        ),
        4,
    ),
    (re.compile(r"\b(\d{1,3})\s+hours?\s+(?:a|per|each|every)\s+month\b", re.I), 1),
    (re.compile(r"\b(\d{1,3})\s+hours?\s+(?:a|per|each|every)\s+week\b", re.I), 4),
)


def _read_hours(text: str) -> Iterator[_Stated]:
    for pattern, times in _HOURS:
        for match in pattern.finditer(text):
            said = match.group(1)
            hours = float(said) if said.isascii() else read_chinese_number(said)
            if hours is not None:
                yield ConditionAttribute.HOURS, (str(int(hours) * times),)


_NEAR_CHINESE = r"(?:在|位于|驻|人在|坐标)"
_PEOPLE_OF = (
    r"(?:市)?(?:本地|附近|周边|当地|市内|的?(?:导师|专家|机构|平台|实验室|中心|基金|老师|人))"
)
_REMOTE = re.compile(r"远程|线上|异地|\b(?:remote(?:ly)?|online|video calls?)\b", re.I)


def _read_place(text: str) -> Iterator[_Stated]:
    chinese, english, codes = _list_place_names()
    match = chinese.search(text) or english.search(text)
    if match is None:
        return
    name = next(part for part in match.groups() if part)
    code = codes[name.casefold()]
    yield ConditionAttribute.PLACE, ((code, REMOTE) if _REMOTE.search(text) else (code,))


@cache
def _list_place_names() -> tuple[re.Pattern[str], re.Pattern[str], Mapping[str, str]]:
    """How provinces and cities are spoken of, with the code of each; the larger one of two."""
    codes: dict[str, str] = {}
    for code in list_codes():
        if not code.endswith("00"):
            continue
        chinese, english = read_table()[code]
        short = re.sub(r"(?:省|市|地区|盟)$", "", chinese)
        for name in (chinese, short, english.casefold()):
            if len(name) > 1:
                codes.setdefault(name, code)
    ordered = sorted(codes, key=lambda name: (-len(name), name))
    own = "|".join(re.escape(name) for name in ordered if not name.isascii())
    latin = "|".join(re.escape(name) for name in ordered if name.isascii())
    return (
        re.compile(rf"{_NEAR_CHINESE}({own})|({own}){_PEOPLE_OF}"),
        re.compile(rf"\b(?:in|near|around|from)\s+({latin})\b", re.I),
        codes,
    )


def _cue(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.I)


_ONLY_ONE: Final = frozenset((ConditionAttribute.FUNDING_STAGE, ConditionAttribute.GATE))
_ONLY_FOR: Final[Mapping[ConditionAttribute, NeedKind]] = {
    ConditionAttribute.FUNDING_STAGE: NeedKind.FUNDING,
    ConditionAttribute.INSTRUMENTS: NeedKind.FUNDING,
    ConditionAttribute.GATE: NeedKind.VERIFICATION,
}
_CODES: Final[Mapping[ConditionAttribute, Mapping[str, re.Pattern[str]]]] = {
    ConditionAttribute.LANGUAGES: {
        Language.ENGLISH.value: _cue(
            r"(?:会|说|讲|懂|用)英[语文]|英[语文](?:沟通|交流|流利)"
            r"|\b(?:speaks?|in|fluent) english\b|\benglish[- ]speaking\b"
        ),
        Language.CHINESE.value: _cue(
            r"(?:会|说|讲|懂|用)(?:中文|汉语|普通话)|(?:中文|普通话)(?:沟通|交流)"
            r"|\b(?:speaks?|in|fluent) (?:chinese|mandarin)\b|\b(?:chinese|mandarin)[- ]speaking\b"
        ),
        Language.GERMAN.value: _cue(
            r"(?:会|说|讲|懂|用)德[语文]|\bspeaks? german\b|\bgerman[- ]speaking\b"
        ),
        Language.JAPANESE.value: _cue(
            r"(?:会|说|讲|懂|用)日[语文]|\bspeaks? japanese\b|\bjapanese[- ]speaking\b"
        ),
    },
    ConditionAttribute.FUNDING_STAGE: {
        FundingStage.SEED.value: _cue(r"种子(?:轮|期|基金)|\b(?:pre-)?seed\b"),
        FundingStage.ANGEL.value: _cue(r"天使(?:轮|期|投资|资金)|\bangels?\b"),
        FundingStage.GROWTH.value: _cue(r"成长期|[B-D]\+?轮|\bseries [b-d]\b|\bgrowth round\b"),
        FundingStage.START_UP.value: _cue(r"初创期|A\+?轮|\bseries a\b"),
    },
    ConditionAttribute.INSTRUMENTS: {
        Instrument.EQUITY.value: _cue(r"股权(?:融资|投资)|\bequity\b"),
        Instrument.GRANT_THEN_EQUITY.value: _cue(r"拨投结合"),
        Instrument.INVEST_FIRST.value: _cue(r"先投后股"),
        Instrument.LOAN_LINKED_TO_EQUITY.value: _cue(r"投贷联动|\bventure (?:debt|loan)\b"),
        Instrument.GUARANTEE.value: _cue(r"担保|\bguarantees?\b"),
        Instrument.RELAY.value: _cue(r"接力基金"),
    },
    ConditionAttribute.GATE: {
        Gate.PILOT.value: _cue(r"中试|\bpilot[- ](?:line|run|scale|plant)\b"),
        Gate.PROTOTYPE.value: _cue(
            r"样机(?:验证|测试|试验)|\bprototype (?:test|verification)\w*\b"
        ),
        Gate.PRINCIPLE.value: _cue(r"原理(?:验证|性验证)|\bproof of principle\b"),
    },
    ConditionAttribute.VOUCHER: {"true": _cue(r"创新券|服务券|\bvouchers?\b")},
}
