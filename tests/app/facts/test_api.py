"""Facts by programs."""

from typing import Any

import pytest
from flask import Flask

from tests.app.web.test_api_walk import Site

pytestmark = [pytest.mark.api, pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)]


@pytest.fixture
def site(app: Flask) -> Site:
    return Site(app)


def test_stated_confirmed_replaced_and_withdrawn(site: Site) -> None:
    path = f"/startups/{site.startup}/facts"
    revenue = {"type": "revenue", "value": 1_200_000, "year": 2025, "source": "contract"}
    made = site.founder.post(path, revenue, Idempotency_Key="a")
    assert made.status_code == 201, made.text
    assert (made.json["value"], made.json["unit"], made.json["state"]) == (
        1_200_000,
        "yuan",
        "stated",
    )
    assert (made.json["begins_on"], made.json["ends_on"]) == ("2025-01-01", "2025-12-31")
    fact = f"/facts/{made.json['id']}"
    assert made.json["actions"] == ["withdraw"]
    assert site.founder.post(f"{fact}/confirm").status_code in (403, 409)
    assert site.operator.get(fact).json["actions"] == ["confirm", "withdraw"]
    confirmed = site.operator.post(f"{fact}/confirm")
    assert (confirmed.status_code, confirmed.json["state"]) == (200, "confirmed")
    gone = site.founder.post(f"{fact}/withdraw", {"reason": "The books were corrected."})
    assert (gone.json["state"], gone.json["actions"]) == ("withdrawn", [])
    assert [each["id"] for each in site.operator.get(path).json["items"]] == [gone.json["id"]]
    assert site.operator.get(f"{path}?state=confirmed").json["items"] == []
    assert site.stranger.get(fact).status_code == 404
    assert site.stranger.get(path).status_code == 404


@pytest.mark.parametrize(
    ("kind", "shown", "others"),
    [
        ("staff", 12, {"on": "2026-02-01"}),
        ("founded_on", "2024-05-06", {}),
        ("main_product", "功率器件", {}),
        ("titles_held", ["gazelle"], {"on": "2026-02-01"}),
        ("serious_accident", False, {"year": 2025}),
    ],
)
def test_values_come_back_as_they_were_sent(
    site: Site, kind: str, shown: Any, others: dict[str, Any]
) -> None:
    sent = {"type": kind, "value": shown, **others}
    made = site.founder.post(f"/startups/{site.startup}/facts", sent, Idempotency_Key="a")
    assert (made.status_code, made.json["value"]) == (201, shown), made.text


@pytest.mark.fuzz
def test_what_is_no_value_of_the_type_is_named(site: Site) -> None:
    path = f"/startups/{site.startup}/facts"
    for number, value in enumerate(
        ("12", True, None, [1], {}, 1.5, -1, 1e308, float("inf"), 10**17, "a\0b", "\ud800", "2026")
    ):
        for kind, time in (
            ("revenue", {"year": 2025}),
            ("staff", {"on": "2026-01-01"}),
            ("founded_on", {}),
        ):
            sent = {"type": kind, "value": value, **time}
            answer = site.founder.post(path, sent, Idempotency_Key=f"{number}{kind}")
            assert answer.status_code in (400, 422), (sent, answer.text)
    assert site.founder.get(path).json["items"] == []
