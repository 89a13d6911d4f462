"""Times of day as people write them."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import Form

from app.web.time_fields import TimeOfDayField, read_time_of_day


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        *(
            (text, "14:30")
            for text in ("14:30", "14：30", "１４:３０", "14.30", "1430", "14:30:00")
        ),
        *((text, "14:30") for text in ("14时30分", "14点半", "下午2:30", "下午2点半", "2:30 PM")),
        *((text, "09:00") for text in ("9:00", "上午9点", "9时", "9 a.m.", "早上9点整")),
        *((text, "12:15") for text in ("中午12点一刻", "12:15")),
        *((text, None) for text in ("25:00", "14:60", "noon", "12 am", "晚上12点", "143", "2:3")),
    ],
)
def test_a_time_of_day_is_read_as_people_write_it(typed: str, shown: str | None) -> None:
    found = read_time_of_day(typed)
    assert (f"{found:%H:%M}" if found else None) == shown


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_what_is_no_time_stays_in_its_field(app: Flask) -> None:
    class TimeForm(Form):  # type: ignore[misc]
        at = TimeOfDayField("at")

    with app.test_request_context():
        form = TimeForm(MultiDict({"at": "halb drei"}))
        assert not form.validate()
        assert 'type="text"' in str(form.at())
        assert "halb drei" in str(form.at())
        assert 'value="14:30"' in str(TimeForm(MultiDict({"at": "下午2点半"})).at())
