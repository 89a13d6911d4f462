"""Slots from outside: a centre's calendar, a founder's picking, and the same by programs."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import CHINA, now
from app.extensions import db
from models.engagements import Engagement
from models.verification import Claim, VerificationOrder
from models.vocabulary import ClaimComparator
from tests.app.profiles.page_forms import read_action, read_form, send
from tests.app.verification.scenes import AT, bring_to
from tests.app.verification.test_api import make_programs
from tests.app.verification.test_views import Site, site

__all__ = ["site"]

pytestmark = [
    pytest.mark.verification,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]

RULES = {
    "name": "Ageing chamber",
    "places": "1",
    "least_minutes": "60",
    "most_minutes": "４８０",
    "opens_hour": "0",
    "closes_hour": "24",
    "notice_hours": "0",
    "horizon_days": "60",
    "cancel_hours": "48",
    "is_open": "y",
}


@pytest.fixture
def ordered(site: Site) -> str:
    """The public id of an order that stands."""
    with site.open() as session:
        engagement = session.scalars(
            select(Engagement).where(Engagement.public_id == site.engagement)
        ).one()
        order = VerificationOrder(
            engagement=engagement,
            claim=Claim(
                startup=engagement.startup,
                metric="Leakage",
                comparator=ClaimComparator.AT_MOST,
                high=Decimal(1),
                created_at=AT,
                updated_at=AT,
            ),
            state="ordered",
            asked_at=AT,
            changed_at=AT,
        )
        session.add(order)
        session.flush()
        return order.public_id


def read_first(page: str) -> dict[str, str]:
    """The fields of the first of the free times, each of which is a button."""
    names = ("csrf_token", "instrument", "starts_at", "minutes")
    times = page[page.index('name="starts_at"') - 400 :]
    return {
        name: found.group(1)
        for name in names
        if (found := re.search(rf'name="{name}" value="([^"]+)"', times))
    }


def test_a_centre_lists_an_instrument_and_a_founder_picks_moves_and_gives_up(
    site: Site, ordered: str
) -> None:
    site.enter("analyst")
    queue = f"/providers/{site.centre}/orders"
    assert f"/providers/{site.centre}/instruments" in site.read(queue)
    new = f"/providers/{site.centre}/instruments/new"
    wrong = send(
        site.client, new, read_form(site.read(new), "places"), RULES | {"most_minutes": "30"}
    )
    assert wrong.status_code == 422
    made = send(site.client, new, read_form(site.read(new), "places"), RULES)
    bench = made.location
    assert "Ageing chamber" in site.read(bench)
    site.enter("founder")
    path = f"/orders/{ordered}/slots"
    assert "Ageing chamber" in site.read(path)
    instrument = bench.rsplit("/", 1)[1]
    day = (now().astimezone(CHINA) + timedelta(days=5)).date()
    picking = f"{path}?instrument={instrument}&minutes=120&from={day}"
    typed = read_first(site.read(picking))
    booked = send(site.client, path, typed, {})
    assert booked.location == path
    page = site.read(path)
    assert "Ageing chamber" in page and "Booked" in page
    # The page of the order says so, too, and asks for no slot any more.
    of_order = site.read(f"/orders/{ordered}")
    assert "You are expected at “Ageing chamber”" in of_order and "Pick a slot" not in of_order
    slot = page.split("?move=")[1].split('"')[0]
    moving = site.read(f"{path}?move={slot}&from={day + timedelta(days=1)}")
    send(site.client, f"/slots/{slot}/move", read_first(moving), {})
    page = site.read(path)
    assert page.count("data-state") >= 2
    moved = page.split("?move=")[1].split('"')[0]
    assert moved != slot
    # Two hours from one that is taken: in line, and out again.
    waiting = {"minutes": "480", "first_on": f"{day}", "last_on": f"{day}"}
    line = site.read(picking)
    long = send(
        site.client,
        f"{path}/wait",
        read_action(line, f"{path}/wait"),
        waiting | {"minutes": "600"},
    )
    kept = read_action(long.text, f"{path}/wait")
    assert (long.status_code, kept["minutes"], kept["first_on"]) == (422, "600", f"{day}")
    send(site.client, f"{path}/wait", read_action(line, f"{path}/wait"), waiting)
    assert "Number 1 in line" in site.read(path)
    leave = f"{path}/{instrument}/leave"
    send(site.client, leave, read_action(site.read(path), leave), {})
    assert "Number 1 in line" not in site.read(path)
    site.enter("analyst")
    week = site.read(f"{bench}?from={day}")
    cancel = f"/slots/{moved}/cancel"
    unsaid = send(site.client, cancel, read_action(week, cancel), {"note": ""})
    assert unsaid.status_code == 422
    send(site.client, cancel, read_action(week, cancel), {"note": "Broken"})
    site.enter("founder")
    assert "Broken" in site.read(path)
    assert "Moved" in site.read(path)
    # A page that is out of date, and one that nobody offers.
    typed = read_first(site.read(picking))
    assert send(site.client, path, typed, {"starts_at": "9999-12-31T23:00+00:00"}).location == path
    for who in ("outsider", "operator"):
        site.enter(who)
        assert site.client.get(path).status_code == 404
        assert site.client.get(bench).status_code == 404


def test_programs_do_the_same(app: Flask) -> None:
    who, ids = make_programs(app, lambda session, scene: bring_to(session, scene, "ordered"))
    with app.app_context():
        order = db.session.query(VerificationOrder).one()
        centre = order.engagement.provider.public_id
    rules = {"name": "Chamber", "places": 1, "notice_hours": 0}
    made = who["analyst"].post(f"/providers/{centre}/instruments", rules, Idempotency_Key="a")
    assert made.status_code == 201, made.text
    instrument = made.json["id"]
    starts_at = (now() + timedelta(days=5)).replace(minute=0, second=0, microsecond=0)
    asked = {"instrument": instrument, "starts_at": starts_at.isoformat(), "minutes": 120}
    path = f"/orders/{ids['order']}/slots"
    query = f"instrument={instrument}&minutes=120&starts_at={starts_at:%Y-%m-%dT%H:%M:%SZ}"
    found = who["founder"].get(f"{path}/free?{query}")
    assert found.status_code == 200, found.text
    free = found.json["items"]
    assert free[0]["places"] == 1
    edge = f"instrument={instrument}&minutes=120&starts_at=9999-12-31T23:30:00Z"
    assert who["founder"].get(f"{path}/free?{edge}").status_code == 422
    booked = who["founder"].post(path, asked, Idempotency_Key="b")
    assert (booked.status_code, booked.json["place"]) == (200, 1)
    taken = who["founder"].post(path, asked, Idempotency_Key="c")
    assert (taken.status_code, taken.json["code"]) == (409, "slot_taken")
    far = asked | {"starts_at": "9999-12-31T23:30:00Z"}
    assert who["founder"].post(path, far, Idempotency_Key="d").status_code == 422
    slot = booked.json["id"]
    later = {"starts_at": (starts_at + timedelta(hours=1)).isoformat(), "minutes": 60}
    moved = who["founder"].post(f"/slots/{slot}/move", later, Idempotency_Key="e").json
    wish = {
        "instrument": instrument,
        "minutes": 120,
        "from_at": starts_at.isoformat(),
        "until_at": (starts_at + timedelta(hours=1)).isoformat(),
    }
    line = who["founder"].post(f"{path}/wait", wish).json["waiting"]
    assert [each["place_in_line"] for each in line] == [1]
    tag = who["analyst"].get(f"/instruments/{instrument}").headers["ETag"]
    changed = who["analyst"].patch(
        f"/instruments/{instrument}", {"least_minutes": 90}, If_Match=tag
    )
    assert changed.json["least_minutes"] == 90
    outdated = who["analyst"].patch(f"/instruments/{instrument}", {"places": 2}, If_Match=tag)
    assert outdated.status_code == 412
    bench = who["analyst"].get(f"/instruments/{instrument}/bench?first_on={starts_at.date()}").json
    assert bench["misfits"] == [{"slot": moved["id"], "breaches": ["short"]}]
    assert [each["order"] for each in bench["waiting"]] == [ids["order"]]
    out = {"starts_at": starts_at.isoformat(), "ends_at": later["starts_at"], "reason": "Repair"}
    outage = who["analyst"].post(f"/instruments/{instrument}/outages", out, Idempotency_Key="f")
    removed = who["analyst"].post(
        f"/instruments/{instrument}/outages/remove",
        {"outage": outage.json["outages"][0]["id"]},
    )
    assert removed.json["outages"] == []
    given_up = who["analyst"].post(f"/slots/{moved['id']}/cancel", {"reason": "Broken"})
    assert given_up.json["state"] == "cancelled"
    left = who["founder"].post(f"{path}/leave", {"instrument": instrument}).json
    assert (left["waiting"], [each["state"] for each in left["slots"]]) == (
        [],
        ["cancelled", "moved"],
    )
    for other in ("fund", "operator", "outsider"):
        assert who[other].get(path).status_code == 404
        assert who[other].get(f"/instruments/{instrument}").status_code == 404
