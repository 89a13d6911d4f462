"""How notices say moments: in the language and the zone of whoever reads them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale

from app.engagements.words import NOTICES
from app.products.words import NOTICES as PRODUCTS
from app.words.wording import keep_days, keep_moments, word_notice

REQUESTED = NOTICES["engagement_requested"]
DUE = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
FACTS = {"startup": "A team", "need": "Wafers"} | keep_moments({"due": DUE})


@pytest.mark.parametrize(
    ("locale", "zone", "said"),
    [
        ("en", "Asia/Shanghai", "Tue 10 Mar 2026, 10:00 (China Time)"),
        ("en", "Europe/Berlin", "Tue 10 Mar 2026, 03:00 (Central European Time)"),
        ("zh_Hans_CN", "Asia/Shanghai", "2026年3月10日 周二 10:00（中国时间）"),
    ],
)
def test_one_notice_says_its_moment_to_each_reader(
    app: Flask, locale: str, zone: str, said: str
) -> None:
    with app.app_context(), force_locale(locale):
        subject, body = word_notice(REQUESTED, FACTS, locale=locale, zone=zone)
    assert "Wafers" in subject
    assert said in body


@pytest.mark.parametrize(
    ("locale", "zone", "said"),
    [
        ("en", "Asia/Shanghai", "answer by Monday 9 March 2026 (China Time)"),
        ("en", "Europe/Berlin", "answer by Mon 9 Mar 2026, 17:00 (Central European Time)"),
        ("zh_Hans_CN", "Asia/Shanghai", "请在2026年3月9日星期一（中国时间）之前答复"),
    ],
)
@pytest.mark.parametrize("minute_before", [0, 1])
def test_what_ends_with_a_day_names_the_day_to_whoever_has_it(
    app: Flask, locale: str, zone: str, said: str, minute_before: int
) -> None:
    # Midnight in Shanghai, or the last minute before it, as some rooms say the end of a day.
    due = datetime(2026, 3, 9, 16, tzinfo=UTC) - timedelta(minutes=minute_before)
    facts = FACTS | keep_moments({"due": due})
    with app.app_context(), force_locale(locale):
        assert said in word_notice(REQUESTED, facts, locale=locale, zone=zone)[1]


@pytest.mark.parametrize(("locale", "said"), [("en", "9 Mar 2026"), ("zh_Hans_CN", "2026年3月9日")])
def test_a_day_is_said_in_the_language_of_its_reader(app: Flask, locale: str, said: str) -> None:
    facts = {"product": "Loan", "offerer": "Bank"} | keep_days({"day": date(2026, 3, 9)})
    with app.app_context(), force_locale(locale):
        body = word_notice(PRODUCTS["product_expiring"], facts, locale=locale, zone="UTC")[1]
    assert (said in body, "2026-03-09" in body) == (True, False)


def test_a_missing_moment_is_an_error_and_no_half_sentence(app: Flask) -> None:
    without = {name: fact for name, fact in FACTS.items() if name != "due_at"}
    with app.app_context(), force_locale("en"), pytest.raises(KeyError):
        word_notice(REQUESTED, without, locale="en", zone="Asia/Shanghai")
