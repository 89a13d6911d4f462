"""The feed of one's own times, and calendars elsewhere: pages, API, the worker's part."""

import socket
import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from app.calendars import fetching, jobs
from app.calendars.fetching import NotRead, fetch_calendar
from app.clock import now
from app.extensions import db
from app.webhooks.destinations import Destination
from models.calendars import BusySource, BusyTime, CalendarFeed
from models.people import Person
from tests.app.calendars.test_busy import write
from tests.app.calendars.test_pages import DAY, MENTOR, Calendars

pytestmark = [
    pytest.mark.engagements,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]

PAGE = "/calendar/connections"


@pytest.fixture
def site(app: Flask) -> Calendars:
    return Calendars(app)


def read_address(page: str) -> str:
    return page.split("<code>")[1].split("</code>")[0].split("/calendar/feed/")[1]


@pytest.mark.privacy
def test_a_feed_shows_what_stands_to_whoever_has_the_address(site: Calendars) -> None:
    site.open_every_day()
    site.founder.post(site.address_of(DAY), data={"link": "https://meet.example.org/a"})
    made = site.founder.post(f"{PAGE}/feed")
    token = read_address(made.text)
    # Shown once, and kept nowhere.
    assert "<code>" not in site.founder.get(PAGE).text
    assert token.removesuffix(".ics") not in str(site.read(select(CalendarFeed.token_hash)))
    program = site.app.test_client()
    answer = program.get(f"/calendar/feed/{token}")
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    assert answer.headers["Cache-Control"] == "private, no-store"
    (event,) = Calendar.from_ical(answer.text).events
    assert (event.start, event["status"]) == (DAY, "CONFIRMED")
    assert "attendee" not in event
    renewed = read_address(site.founder.post(f"{PAGE}/feed").text)
    assert program.get(f"/calendar/feed/{token}").status_code == 404
    assert program.get(f"/calendar/feed/{renewed}").status_code == 200
    # Somebody else's times are not in it.
    other = read_address(site.browse("operator").post(f"{PAGE}/feed").text)
    assert Calendar.from_ical(program.get(f"/calendar/feed/{other}").text).events == []
    site.founder.post(f"{PAGE}/feed/revoke")
    assert program.get(f"/calendar/feed/{renewed}").status_code == 404


def test_who_may_not_log_in_has_no_feed(site: Calendars) -> None:
    token = read_address(site.founder.post(f"{PAGE}/feed").text)
    with site.app.app_context():
        db.session.get_one(Person, site.ids["founder"]).deactivated_at = now()
        db.session.commit()
    assert site.app.test_client().get(f"/calendar/feed/{token}").status_code == 404


def test_nobody_books_when_another_calendar_says_taken(
    site: Calendars, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.open_every_day()
    url = "webcal://calendar.example.org/private.ics"
    assert site.mentor.post(f"{PAGE}/busy", data={"url": url}).status_code == 303
    begins = DAY + timedelta(minutes=10)
    text = write(f"UID:1\nSUMMARY:Dentist\nDTSTART:{begins:%Y%m%dT%H%M%S}\nDURATION:PT30M")
    monkeypatch.setattr(jobs, "fetch_calendar", lambda url: text)
    at = now()
    assert jobs.read_busy_times(site.app, at) == 1
    assert jobs.read_busy_times(site.app, at) == 0
    assert site.read(select(BusyTime.starts_at, BusyTime.ends_at)) == [
        (begins, begins + timedelta(minutes=30))
    ]
    listed = site.founder.get(f"{site.page}/free-times?on={DAY:%Y-%m-%d}&view=week&minutes=30").text
    day = listed.split(f"{DAY.day} {DAY:%B} {DAY.year}</h3>")[1].split("</section>")[0]
    assert ("10:30" in day, "09:30" in day, "10:45" in day) == (False, True, True)
    late = site.founder.post(site.address_of(DAY, 30), data={"place": "Room 2"})
    assert (late.status_code, "One of you is taken" in late.text) == (409, True)
    assert "Dentist" not in str(site.read(select(BusySource.url, BusySource.problem)))

    def fail(url: str) -> bytes:
        raise NotRead("late")

    monkeypatch.setattr(jobs, "fetch_calendar", fail)
    assert jobs.read_busy_times(site.app, at + jobs.EVERY) == 1
    # What was known stays, and it is tried less often.
    assert len(site.read(select(BusyTime.id))) == 1
    assert "The server took too long." in site.mentor.get(PAGE).text
    assert jobs.read_busy_times(site.app, at + jobs.EVERY * 2.5) == 0
    ((public_id,),) = site.read(select(BusySource.public_id))
    assert site.founder.post(f"{PAGE}/busy/{public_id}/remove").status_code == 404
    assert site.mentor.post(f"{PAGE}/busy/{public_id}/remove").status_code == 303
    assert site.read(select(BusyTime.id)) == []


@pytest.mark.trust
def test_no_private_address_is_taken(site: Calendars) -> None:
    for url in (
        "https://127.0.0.1/a.ics",
        "https://10.0.0.7/a.ics",
        "https://localhost/a.ics",
        "https://[::1]/a.ics",
        "http://example.org/a.ics",
        "file:///etc/passwd",
        "https://user:password@example.org/a.ics",
        "nonsense",
        "https://example.org/" + "a" * 1000,
    ):
        assert site.mentor.post(f"{PAGE}/busy", data={"url": url}).status_code == 422, url
    good = "https://example.org/a.ics"
    site.mentor.post(f"{PAGE}/busy", data={"url": good})
    again = site.mentor.post(f"{PAGE}/busy", data={"url": good})
    assert (again.status_code, "read already" in again.text) == (409, True)
    for number in (1, 2):
        site.mentor.post(f"{PAGE}/busy", data={"url": f"https://example.org/{number}.ics"})
    program = site.program(MENTOR)
    body = {"url": "https://example.org/4.ics"}
    full = program.ask("POST", "/busy-calendars", body, Idempotency_Key="four")
    assert (full.status_code, full.json["code"]) == (409, "too_many_calendars")
    listed = program.get("/busy-calendars").json["items"]
    assert len(listed) == 3
    gone = program.post(f"/busy-calendars/{listed[0]['id']}/remove")
    assert (gone.status_code, gone.json["url"]) == (200, good)
    made = program.post("/calendar-feed", Idempotency_Key="feed")
    assert made.status_code == 201
    path = made.json["url"].split("localhost")[-1].split("/calendar/")[1]
    assert site.app.test_client().get(f"/calendar/{path}").status_code == 200
    assert program.post("/calendar-feed/revoke").json == {"url": None}
    assert site.app.test_client().get(f"/calendar/{path}").status_code == 404


class _Server:
    """Says `said` to whoever connects, without encryption, then waits."""

    def __init__(self, said: bytes) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self._serve, args=(said,), daemon=True).start()

    def _serve(self, said: bytes) -> None:
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            with connection:
                connection.recv(4096)
                connection.sendall(said)
                if not said:
                    connection.recv(1)


@pytest.mark.trust
@pytest.mark.parametrize(
    ("said", "code"),
    [
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "refused"),
        (b"HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1/\r\n\r\n", "address"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n" + b"x" * 40, "too_large"),
        (b"no http at all\r\n\r\n", "unreachable"),
        (b"", "late"),
    ],
)
def test_a_server_cannot_stretch_a_reading(
    monkeypatch: pytest.MonkeyPatch, said: bytes, code: str, dialect: str
) -> None:
    server = _Server(said)
    find = fetching._find

    def lead_here(url: str) -> Destination:
        if "example.org" not in url:
            return find(url)
        return Destination("example.org", server.port, True, "/", "127.0.0.1")

    class Plain:
        def wrap_socket(self, raw: Any, server_hostname: str) -> Any:
            return raw

    monkeypatch.setattr(fetching, "_find", lead_here)
    monkeypatch.setattr(fetching.ssl, "create_default_context", Plain)
    monkeypatch.setattr(fetching, "MOST_BYTES", 30)
    monkeypatch.setattr(fetching, "DEADLINE", 0.5)
    with pytest.raises(NotRead) as raised:
        fetch_calendar("https://example.org/a.ics")
    assert raised.value.code == code
    server.listening.close()
