"""Everything that can speak against a match has a whole sentence, in both languages."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.matches.words import word_against
from app.needs.words import BY_KIND, FOR_EVERYBODY, word_values
from models.vocabulary import ConditionAttribute, Language

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


@pytest.fixture
def english(app: Flask) -> Iterator[None]:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


CASES = [
    ("place", ["310000"], ["370200"], "Wanted Shanghai, is in Qingdao"),
    ("place", ["310000", "remote"], ["370200"], "Wanted Shanghai or remote, is in Qingdao"),
    ("place", ["310000"], [], "Wanted Shanghai, names no place"),
    ("languages", ["ja", "de"], ["zh"], "Wanted Japanese or German, speaks Chinese"),
    ("languages", ["ja"], [], "Wanted Japanese, names no language"),
    (
        "fields",
        ["biomedicine"],
        ["automobiles", "future_energy"],
        "Wanted Biomedicine, works in Automobiles and Future energy",
    ),
    ("fields", ["biomedicine"], [], "Wanted Biomedicine, names no fields"),
    ("funding_stage", ["seed"], ["growth"], "Wanted Seed stage, invests at Growth stage"),
    (
        "amount",
        ["400000"],
        ["500000", "3000000"],
        "Wanted CNY 400,000, gives at least CNY 500,000",
    ),
    (
        "amount",
        ["4000000"],
        ["500000", "3000000"],
        "Wanted CNY 4,000,000, gives at most CNY 3,000,000",
    ),
    ("amount", ["4000000"], ["", "3000000"], "Wanted CNY 4,000,000, gives at most CNY 3,000,000"),
    ("instruments", ["equity"], ["guarantee"], "Wanted Equity, offers Guarantee"),
    ("gate", ["pilot"], ["lab"], "Wanted a service for the gate Pilot, has those for Lab"),
    ("gate", ["pilot"], [], "Wanted a service for the gate Pilot, lists no service"),
    ("lead_time", ["1"], ["30"], "Wanted within 1 day, takes at least 30 days"),
    ("lead_time", ["14"], ["10"], "Wanted within 14 days, has no such service in that time"),
    ("price", ["100"], ["250"], "Wanted for at most CNY 100, costs at least CNY 250"),
    ("price", ["100"], [], "Wanted for at most CNY 100, has no such service at that price"),
    ("voucher", ["true"], ["false"], "Wanted to pay by voucher, takes no vouchers"),
    ("hours", ["8"], ["1"], "Wanted 8 hours a month, gives 1 hour a month"),
    ("hours", ["8"], [], "Wanted 8 hours a month, names no hours"),
    ("seat", ["academic"], ["industrial"], "Wanted Academic mentor, is Industrial mentor"),
    ("seat", ["academic"], [], "Wanted Academic mentor, does not say which"),
    ("load", [], ["1", "3"], "Only 1 of 3 places was free"),
    ("silence", [], ["1", "4"], "Answered 1 of the last 4 requests"),
    ("figures", ["1.2 kV"], ["1.2 V"], "Wanted 1.2 kV, the profile says 1.2 V"),
    ("no_evidence", [], [], "No sentence of the profile answers the need"),
]


@pytest.mark.parametrize(("code", "wanted", "found", "sentence"), CASES)
def test_sentences(
    english: None, code: str, wanted: list[str], found: list[str], sentence: str
) -> None:
    assert word_against(code, wanted, found) == sentence


def test_every_condition_has_a_sentence(english: None) -> None:
    others = {"load", "silence", "figures", "no_evidence"}
    assert {code for code, *_ in CASES} == {*ConditionAttribute, *others}
    with pytest.raises(KeyError):
        word_against("weather", [], [])


@pytest.mark.parametrize(("code", "wanted", "found", "sentence"), CASES)
def test_chinese_sentences_have_no_english_left(
    app: Flask, code: str, wanted: list[str], found: list[str], sentence: str
) -> None:
    with app.test_request_context(headers={"Accept-Language": "zh-CN"}):
        worded = word_against(code, wanted, found)
    assert worded != sentence
    # What the texts say themselves is quoted as it is.
    for quoted in (*wanted, *found):
        worded = worded.replace(quoted, "")
    assert not any("a" <= letter.lower() <= "z" for letter in worded)


@pytest.mark.parametrize(
    ("attribute", "values", "words"),
    [
        (ConditionAttribute.PLACE, ["310000", "320500"], "Shanghai or Suzhou"),
        (ConditionAttribute.LANGUAGES, [Language.CHINESE], "Chinese"),
        (ConditionAttribute.AMOUNT, ["2000000"], "CNY 2,000,000"),
        (ConditionAttribute.PRICE, ["1500"], "at most CNY 1,500"),
        (ConditionAttribute.LEAD_TIME, ["1"], "within 1 day"),
        (ConditionAttribute.HOURS, ["4"], "at least 4 hours"),
        (ConditionAttribute.VOUCHER, ["true"], "accepted"),
        (ConditionAttribute.SEAT, ["academic"], "Academic mentor"),
    ],
)
def test_values(
    english: None, attribute: ConditionAttribute, values: list[str], words: str
) -> None:
    assert word_values(attribute, values) == words


def test_every_condition_concerns_somebody(dialect: str) -> None:
    grouped = [*FOR_EVERYBODY, *(each for group in BY_KIND.values() for each in group)]
    assert sorted(grouped) == sorted(ConditionAttribute)
