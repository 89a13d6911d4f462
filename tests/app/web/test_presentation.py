"""Filters of templates speak the language of who reads, whoever came first."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale
from jinja2.defaults import DEFAULT_FILTERS

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)

# What a template says in so many words can be worked out when it is compiled.
SAID = "{{ 'open'|state('need') }} {{ 20000|money }}"


def test_what_a_template_names_itself_is_worded_for_each_reader(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        template = app.jinja_env.from_string(SAID)
        english = template.render()
        with force_locale("zh_Hans_CN"):
            assert template.render() != english
            assert template.render().endswith("2 万元")
        assert template.render() == english
        assert english.endswith("CNY 20,000")


def test_a_deadline_at_midnight_is_a_day_and_a_time_elsewhere(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        template = app.jinja_env.from_string("{{ until|deadline }}")
        midnight = datetime(2026, 3, 9, 16, tzinfo=UTC)
        assert template.render(until=midnight) == "Monday 9 March 2026"
        assert template.render(until=midnight - timedelta(minutes=1)) == "Monday 9 March 2026"
        assert template.render(until=midnight + timedelta(hours=2)) == "Tue 10 Mar 2026, 02:00"


def test_no_filter_of_ours_is_worked_out_when_a_template_is_compiled(app: Flask) -> None:
    folded = {
        name
        for name, show in app.jinja_env.filters.items()
        if name not in DEFAULT_FILTERS
        and show.__module__.startswith("app.")
        and not hasattr(show, "jinja_pass_arg")
    }
    assert folded == set()
