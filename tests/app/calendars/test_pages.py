"""The pages and the API of hours, free times and offers."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import delete, select

from app.extensions import db
from models.calendars import Availability, TimeOffer
from models.engagements import CoachingSession, Engagement
from models.vocabulary import ProviderKind
from tests.app.engagements.sites import Site

pytestmark = [
    pytest.mark.engagements,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]

MENTOR = ProviderKind.MENTOR
SHANGHAI = ZoneInfo("Asia/Shanghai")
# A day that is surely far enough and near enough, at ten in the morning there.
DAY = (datetime.now(SHANGHAI) + timedelta(days=9)).replace(
    hour=10, minute=0, second=0, microsecond=0
)


class Calendars(Site):
    """A site on which the mentor has accepted the founder's request."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self.page = self.ask(MENTOR).location
        self.mentor, self.founder = self.browse(MENTOR), self.browse("founder")
        self.mentor.post(f"{self.page}/accept")
        self.hours = f"/providers/{self.providers[MENTOR]}/availability"

    def open_every_day(self, **values: str) -> Any:
        form = {
            "time_zone": "Asia/Shanghai",
            "buffer_minutes": "15",
            "notice_hours": "24",
            "horizon_days": "60",
            "link": "https://meet.example.org/wafers",
            "version": "",
        }
        for weekday in range(7):
            form |= {f"begins_{weekday}_0": "09:00", f"ends_{weekday}_0": "12:00"}
        return self.mentor.post(self.hours, data=form | values)

    def read(self, query: Any) -> Any:
        with self.app.app_context():
            return db.session.execute(query).all()

    def address_of(self, starts_at: datetime, minutes: int = 60) -> str:
        at = starts_at.astimezone(UTC).isoformat().replace("+", "%2B")
        return f"{self.page}/book?at={at}&minutes={minutes}"


@pytest.fixture
def site(app: Flask) -> Calendars:
    return Calendars(app)


def test_hours_are_set_and_a_free_time_is_booked(site: Calendars) -> None:
    assert "Pick a free time" not in site.founder.get(site.page).text
    assert "When you can be met" in site.mentor.get(site.hours).text
    assert site.open_every_day(begins_0_1="20:00", ends_0_1="00:00").status_code == 303
    shown = site.mentor.get(site.hours).text
    assert 'value="20:00"' in shown
    assert "Pick a free time" in site.founder.get(site.page).text
    for view in ("list", "week", "month", "nonsense"):
        page = site.founder.get(f"{site.page}/free-times?view={view}&on={DAY:%Y-%m-%d}&minutes=45")
        assert page.status_code == 200
        assert ("10:15" in page.text) == (view != "month")
    form = site.founder.get(site.address_of(DAY))
    assert (form.status_code, "https://meet.example.org/wafers" in form.text) == (200, True)
    booked = site.founder.post(site.address_of(DAY), data={"place": "", "link": ""})
    assert (booked.status_code, "Give a place or a link" in booked.text) == (422, True)
    where = {"place": "+86 21 5555 0100", "link": ""}
    booked = site.founder.post(site.address_of(DAY), data=where)
    assert (booked.status_code, booked.location) == (303, site.page)
    assert site.read(select(CoachingSession.state, CoachingSession.starts_at)) == [
        ("confirmed", DAY)
    ]
    late = site.founder.post(site.address_of(DAY + timedelta(minutes=30)), data=where)
    assert late.status_code == 409
    assert "This time was not booked." in late.text
    assert "One of you is taken at that time." in late.text
    # Where to meet stays as it was typed, beside what is free now.
    assert f'value="{where["place"]}"' in late.text
    instead = re.findall(r'<option value="([^"]+)">', late.text)
    assert (DAY + timedelta(minutes=30)).astimezone(UTC).isoformat() not in instead
    path, other = site.address_of(DAY + timedelta(minutes=30)), {"place": "Gate 2", "link": ""}
    none = site.founder.post(path, data=other | {"instead": ""})
    assert (none.status_code, "Choose one of the free times." in none.text) == (422, True)
    assert site.founder.post(path, data=other | {"instead": instead[0]}).status_code == 303
    # Nobody can be booked any more, and nothing that was typed is gone.
    with site.app.app_context():
        db.session.execute(delete(Availability))
        db.session.commit()
    gone = site.founder.post(path, data=other | {"link": "https://meet.example.org/typed"})
    assert gone.status_code == 409
    assert "https://meet.example.org/typed" in gone.text
    assert "Propose a time" in gone.text


def test_the_clock_of_the_other_side_is_named_by_its_city_in_ones_language(
    site: Calendars,
) -> None:
    site.open_every_day()
    listed = f"{site.page}/free-times?on={DAY:%Y-%m-%d}"
    assert "another clock" not in site.founder.get(listed).text
    site.open_every_day(time_zone="Europe/Berlin", version="1")
    assert "goes by another clock: that of Berlin." in site.founder.get(listed).text
    starts_at = DAY.replace(hour=9, tzinfo=ZoneInfo("Europe/Berlin"))
    assert "09:00–10:00 (Berlin)" in site.founder.get(site.address_of(starts_at)).text
    site.founder.post("/locale", data={"locale": "zh_Hans_CN"})
    assert "09:00–10:00 (柏林)" in site.founder.get(site.address_of(starts_at)).text


def test_times_that_are_none_are_not_found(site: Calendars) -> None:
    site.open_every_day()
    for query in ("", "?at=x", "?at=2030-01-01T10:00:00", "?at=9999-12-31T23:59:59-12:00"):
        assert site.founder.get(f"{site.page}/book{query}").status_code == 404
    assert site.founder.get(site.address_of(DAY, 7)).status_code == 404
    for on in ("x", "0001-01-01", "9999-12-31", "2026-02-30"):
        for view in ("list", "week", "month"):
            page = site.founder.get(f"{site.page}/free-times?on={on}&view={view}")
            assert page.status_code == 200
    assert site.mentor.get(f"{site.page}/free-times").status_code == 403
    assert site.founder.get(site.hours).status_code == 403


def test_what_cannot_be_is_marked_and_kept(site: Calendars) -> None:
    for values, words in (
        ({"begins_0_0": "12:00", "ends_0_0": "09:00"}, "The end has to come after the beginning."),
        ({"begins_0_0": "09:07"}, "Give a quarter of an hour"),
        ({"begins_0_0": "", "ends_0_0": "09:30"}, "Give both, from when to when."),
        ({"week_limit": "900"}, "Give a whole number from 1 to 50."),
    ):
        refused = site.open_every_day(**values)
        assert (refused.status_code, words in refused.text) == (422, True)
    assert site.read(select(Availability.provider_id)) == []
    site.open_every_day()
    stale = site.open_every_day(version="99")
    assert (stale.status_code, "Someone changed this" in stale.text) == (409, True)
    path = f"{site.hours}/exceptions"
    away = {"kind": "away", "first_on": f"{DAY:%Y-%m-%d}", "last_on": "", "begins": "", "ends": ""}
    wrong = site.mentor.post(path, data=away | {"last_on": "2020-01-01"})
    assert (wrong.status_code, "cannot come before the first" in wrong.text) == (422, True)
    assert site.mentor.post(path, data=away).status_code == 303
    page = site.mentor.get(site.hours).text
    assert "whole days" in page
    listed = site.founder.get(f"{site.page}/free-times?on={DAY:%Y-%m-%d}&view=week").text
    assert "Nothing free" in listed
    remove = page.split('action="/availability-exceptions/')[1].split('"')[0]
    assert site.mentor.post(f"/availability-exceptions/{remove}").status_code == 303


def test_programs_offer_no_far_times_and_set_no_odd_links(site: Calendars) -> None:
    mentor = site.program(MENTOR)
    for starts_at, told in (
        ("8999-12-31T22:00:00Z", (409, "time_too_far")),
        ("9999-12-31T22:00:00Z", (422, "fields_invalid")),
        ("9999-12-31T23:45:00Z", (422, "fields_invalid")),
    ):
        body = {"starts": [starts_at], "minutes": 30, "place": "Room 2"}
        refused = mentor.post(site.page + "/offer", body)
        assert (refused.status_code, refused.json["code"]) == told
        if told[0] == 422:
            assert "between the years 1900 and 9000" in refused.text
    assert site.founder.get(site.page).status_code == 200
    tag = {"If_Match": mentor.get(site.hours).headers["ETag"]}
    refused = mentor.patch(site.hours, {"link": "javascript:alert(1)"}, **tag)
    assert (refused.status_code, refused.json["code"]) == (422, "meeting_place_invalid")
    assert mentor.patch(site.hours, {"place": "Room 3"}).status_code == 428
    assert mentor.patch(site.hours, {"place": "Room 3"}, **tag).json["place"] == "Room 3"
    late = mentor.patch(site.hours, {"place": "Room 4"}, **tag)
    assert (late.status_code, late.json["present"]["place"]) == (412, "Room 3")


def test_times_are_offered_and_one_is_picked(site: Calendars) -> None:
    form = {"minutes": "45", "place": "Room 2", "link": ""}
    empty = site.mentor.post(f"{site.page}/offer", data=form)
    assert (empty.status_code, "Offer at least one time." in empty.text) == (422, True)
    twice = {f"on_{n}": f"{DAY:%Y-%m-%d}" for n in (1, 2)} | {
        "clock_1": "10:00",
        "clock_2": "10:00",
    }
    refused = site.mentor.post(f"{site.page}/offer", data=form | twice)
    assert (refused.status_code, "This time is offered already." in refused.text) == (422, True)
    good = site.mentor.post(f"{site.page}/offer", data=form | twice | {"clock_2": "11:00"})
    assert good.status_code == 303
    assert "Withdraw the offer" in site.mentor.get(site.page).text
    shown = site.founder.get(site.page).text
    assert shown.count('name="at"') == 2
    picked = site.founder.post(f"{site.page}/offer/pick", data={"at": DAY.isoformat()})
    assert picked.status_code == 303
    assert site.read(select(CoachingSession.state, CoachingSession.starts_at)) == [
        ("confirmed", DAY)
    ]
    assert site.read(select(TimeOffer.id)) == []


@pytest.mark.api
def test_the_same_for_programs(site: Calendars) -> None:
    mentor, founder = site.program(MENTOR), site.program("founder")
    hours = [{"weekday": n, "begins": 540, "ends": 720} for n in range(1, 8)]
    body = {"time_zone": "Asia/Shanghai", "hours": hours, "place": "Room 2"}
    changed = mentor.patch(site.hours, body, If_Match=mentor.get(site.hours).headers["ETag"])
    assert (changed.status_code, changed.json["hours"]) == (200, hours)
    engagement = site.read(select(Engagement.public_id))[0][0]
    base = f"/engagements/{engagement}"
    since, until = (DAY.isoformat().replace("+", "%2B"), DAY.replace(hour=11, minute=15))
    asked = f"{base}/free-times?since={since}&until={until.isoformat().replace('+', '%2B')}"
    free = founder.ask("GET", asked)
    assert free.status_code == 200
    assert len(free.json["starts"]) == 5
    booked = founder.ask(
        "POST",
        f"{base}/book",
        {"starts_at": free.json["starts"][0], "minutes": 60},
        Idempotency_Key="first",
    )
    assert (booked.status_code, booked.json["state"], booked.json["place"]) == (
        201,
        "confirmed",
        "Room 2",
    )
    again = founder.ask(
        "POST",
        f"{base}/book",
        {"starts_at": free.json["starts"][1], "minutes": 30},
        Idempotency_Key="second",
    )
    assert (again.status_code, again.json["code"]) == (409, "time_already_taken")
    far = founder.ask(
        "GET", f"{base}/free-times?since=0001-01-01T00:00:00Z&until=0001-01-02T00:00:00Z"
    )
    assert far.status_code in (400, 422)
    times = [(DAY + timedelta(days=n)).isoformat() for n in (1, 2)]
    offered = mentor.ask(
        "POST", f"{base}/offer", {"starts": times, "minutes": 30, "place": "Room 2"}
    )
    assert (offered.status_code, len(offered.json["starts"])) == (200, 2)
    assert founder.ask("GET", f"{base}/offer").json == offered.json
    picked = founder.ask(
        "POST", f"{base}/offer/pick", {"starts_at": times[1]}, Idempotency_Key="third"
    )
    assert (picked.status_code, picked.json["state"]) == (201, "confirmed")
    gone = mentor.ask("POST", f"{base}/offer/withdraw", {})
    assert (gone.status_code, gone.json["code"]) == (409, "offer_gone")
