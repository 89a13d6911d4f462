"""How notices say moments: in the language and the zone of whoever reads them."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask_babel import force_locale

from app.engagements.words import NOTICES
from app.words.wording import keep_moments, word_notice

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


def test_a_missing_moment_is_an_error_and_no_half_sentence(app: Flask) -> None:
    without = {name: fact for name, fact in FACTS.items() if name != "due_at"}
    with app.app_context(), force_locale("en"), pytest.raises(KeyError):
        word_notice(REQUESTED, without, locale="en", zone="Asia/Shanghai")
