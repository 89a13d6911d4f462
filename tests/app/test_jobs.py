import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from itertools import count
from types import TracebackType
from typing import Self

import pytest
from flask import Flask
from sqlalchemy import select

import app.jobs as jobs
from app import create_app
from app.declaration import Job
from app.engagements.jobs import expire_requests
from app.extensions import db
from app.jobs import CLAIM, MAX_ATTEMPTS, deliver_mail
from app.settings import SettingInvalid, Settings
from app.telling.mail import MailNotSent, MailRefused
from models.beats import WorkerBeat
from models.engagements import Engagement
from models.notices import OutboxMail
from tests.factories import (
    AT,
    make_engagement,
    make_incubator,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)

SECOND = timedelta(seconds=1)


class Postman:
    """Takes mails; `fail` may refuse one, or die with it."""

    def __init__(self, fail: Callable[[EmailMessage], None] = lambda message: None) -> None:
        self.fail = fail
        self.taken: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def send(self, message: EmailMessage) -> None:
        self.fail(message)
        self.taken.append(message["To"])


class Killed(BaseException):
    """The process is gone."""


def put(app: Flask, *addresses: str, **values: object) -> None:
    with app.app_context():
        for address in addresses:
            row = {
                "address": address,
                "locale": "en",
                "kind": "password_reset",
                "facts": {"link": "/password/new/secret"},
                "calendar": "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
                "created_at": AT,
                "not_before": AT,
            } | values
            db.session.add(OutboxMail(**row))
        db.session.commit()


def read_rows(app: Flask) -> list[OutboxMail]:
    with app.app_context():
        rows = list(db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)))
        db.session.expunge_all()
        return rows


def deliver(app: Flask, postman: Postman, at: datetime = AT) -> int:
    return deliver_mail(app, at=at, transport=postman)


@pytest.mark.privacy
def test_what_is_due_leaves_once_and_keeps_no_secret(app: Flask) -> None:
    put(app, "a@example.org", "b@example.org")
    put(app, "later@example.org", not_before=AT + SECOND)
    postman = Postman()

    assert deliver(app, postman) == 2
    assert deliver(app, postman) == 0

    assert postman.taken == ["a@example.org", "b@example.org"]
    rows = read_rows(app)
    assert [(row.sent_at, row.facts, row.calendar) for row in rows[:2]] == [(AT, {}, None)] * 2
    assert (rows[2].sent_at, rows[2].attempts) == (None, 0)
    assert rows[2].facts == {"link": "/password/new/secret"}


def test_the_one_that_is_due_for_longest_goes_first(app: Flask) -> None:
    put(app, "second@example.org")
    put(app, "first@example.org", not_before=AT - SECOND)
    postman = Postman()

    deliver_mail(app, at=AT, transport=postman, limit=1)

    assert postman.taken == ["first@example.org"]


def test_what_fails_is_tried_again_ever_later_and_at_last_given_up(app: Flask) -> None:
    put(app, "a@example.org")

    def fail(message: EmailMessage) -> None:
        raise MailNotSent("the mail server is away")

    at, waits = AT, []
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert deliver(app, Postman(fail), at) == 0
        (row,) = read_rows(app)
        assert (row.attempts, row.last_error) == (attempt, "the mail server is away")
        if attempt < MAX_ATTEMPTS:
            waits.append(row.not_before - at)
            assert row.facts == {"link": "/password/new/secret"}
            at = row.not_before
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1)
    assert (row.facts, row.calendar, row.sent_at) == ({}, None, None)

    postman = Postman()
    assert deliver(app, postman, at + timedelta(days=365)) == 0
    assert postman.taken == []


def test_what_is_refused_for_good_is_not_tried_again(app: Flask) -> None:
    put(app, "a@example.org", "b@example.org")

    def refuse(message: EmailMessage) -> None:
        if message["To"] == "a@example.org":
            raise MailRefused("550 nobody here")

    postman = Postman(refuse)
    assert deliver(app, postman) == 1
    assert postman.taken == ["b@example.org"]
    first = read_rows(app)[0]
    assert (first.attempts, first.last_error, first.facts) == (MAX_ATTEMPTS, "550 nobody here", {})


@pytest.mark.parametrize("values", [{"kind": "no such kind"}, {"kind": "pool_invited"}])
def test_a_mail_that_cannot_be_worded_keeps_no_other_waiting(
    app: Flask, values: dict[str, object]
) -> None:
    put(app, "a@example.org", **values)
    put(app, "b@example.org")
    postman = Postman()

    assert deliver(app, postman) == 1

    assert postman.taken == ["b@example.org"]
    assert read_rows(app)[0].last_error.startswith("cannot be worded: KeyError")


@pytest.mark.faults
def test_a_process_killed_while_sending_costs_at_most_one_repetition(app: Flask) -> None:
    put(app, "a@example.org")
    taken: list[str] = []

    def take_and_die(message: EmailMessage) -> None:
        taken.append(message["Message-ID"])
        raise Killed

    at = AT
    for _round in range(5):
        try:
            deliver(app, Postman(take_and_die), at)
        except Killed:
            # Until the claim has run out, nobody else touches the mail.
            assert deliver(app, Postman(), at + CLAIM - SECOND) == 0
        at += CLAIM

    assert len(taken) == 2
    assert taken[0] == taken[1]
    (row,) = read_rows(app)
    assert row.sent_at is None
    assert row.last_error == (
        "given up: two attempts ended without an outcome, so it may have been sent"
    )
    assert row.facts == {}


@pytest.mark.concurrency
def test_two_workers_never_send_the_same_mail(app: Flask) -> None:
    put(app, *(f"person{number}@example.org" for number in range(12)))
    both_busy = threading.Barrier(2, timeout=30)
    met = threading.local()

    def wait_for_the_other(message: EmailMessage) -> None:
        # Each holds its first mail until the other holds one too.
        if not getattr(met, "done", False):
            met.done = True
            both_busy.wait()

    postmen = [Postman(wait_for_the_other), Postman(wait_for_the_other)]
    threads = [threading.Thread(target=deliver, args=(app, postman)) for postman in postmen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all(postman.taken for postman in postmen)
    assert sorted(postmen[0].taken + postmen[1].taken) == sorted(
        f"person{number}@example.org" for number in range(12)
    )
    assert [row.attempts for row in read_rows(app)] == [1] * 12


def test_a_row_that_is_erased_while_it_is_sent_is_no_error(app: Flask) -> None:
    put(app, "a@example.org")

    def erase(message: EmailMessage) -> None:
        with app.app_context():
            db.session.delete(db.session.scalars(select(OutboxMail)).one())
            db.session.commit()

    assert deliver(app, Postman(erase)) == 1
    assert read_rows(app) == []


def test_requests_expire_in_groups_and_both_sides_get_mail(app: Flask) -> None:
    with app.app_context():
        session = db.session
        founder, mentor_person = make_person(session), make_person(session)
        startup = make_startup(session, founder=founder, incubator_id=make_incubator(session).id)
        for _number in range(23):
            mentor = make_mentor(session, person=mentor_person)
            make_engagement(session, make_need(session, startup), mentor)
        due_at = session.scalars(select(Engagement.answer_due_at)).first()
        addresses = sorted((founder.email, mentor_person.email))
        session.commit()
    assert due_at is not None

    assert expire_requests(app, due_at - SECOND) == 0
    assert expire_requests(app, due_at) == 23

    with app.app_context():
        assert set(db.session.scalars(select(Engagement.state))) == {"expired"}
    postman = Postman()
    assert deliver(app, postman, due_at) == 46
    assert sorted(set(postman.taken)) == addresses


def test_the_worker_goes_on_after_an_error_and_stops_when_told(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    put(app, "a@example.org")
    stop = threading.Event()
    postman = Postman(lambda message: stop.set())
    tries: list[datetime] = []

    def fail_first(worked_on: Flask, *, at: datetime) -> int:
        tries.append(at)
        if len(tries) == 1:
            raise OSError("the database is away")
        return deliver_mail(worked_on, at=at, transport=postman)

    monkeypatch.setattr(jobs, "deliver_mail", fail_first)
    monkeypatch.setattr(jobs, "_PAUSE_SECONDS", 0.01)
    jobs.run_worker(app, stop)

    assert postman.taken == ["a@example.org"]
    assert len(tries) == 2
    assert "the job “deliver mail” failed; it is tried again" in caplog.text


def test_a_job_that_always_fails_keeps_no_other_from_being_done(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = threading.Event()
    done: list[str] = []

    def fail(worked_on: Flask, *, at: datetime) -> int:
        if len(done) >= 2:
            stop.set()
        done.append("mail")
        # The third time is one too many: nothing else was done.
        raise OSError("the folder for mails is full")

    def expire(worked_on: Flask, at: datetime) -> int:
        done.append("requests")
        return 0

    def apply(worked_on: Flask, at: datetime) -> int:
        done.append("imports")
        stop.set()
        return 0

    all_jobs = [
        Job("mail", timedelta(0), lambda app, at: fail(app, at=at)),
        Job("requests", timedelta(0), expire),
        Job("imports", timedelta(0), apply),
    ]

    monkeypatch.setattr(jobs, "list_jobs", lambda app: all_jobs)
    monkeypatch.setattr(jobs, "_PAUSE_SECONDS", 0.01)
    jobs.run_worker(app, stop)

    assert done == ["mail", "requests", "imports"]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_the_worker_does_not_start_with_an_address_it_cannot_use(settings: Settings) -> None:
    app = create_app(replace(settings, smtp_url="mail.example.org"))

    with pytest.raises(SettingInvalid, match="YINQIAO_SMTP_URL"):
        jobs.run_worker(app, threading.Event())
    with app.app_context():
        db.engine.dispose()


@pytest.mark.faults
def test_a_mail_server_that_hangs_keeps_nothing_else_waiting(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor the worker from stopping; whoever watches is told that it is there."""
    stop, hung = threading.Event(), threading.Event()
    done: list[str] = []

    def hang(worked_on: Flask, at: datetime) -> int:
        hung.wait(timeout=60)
        return 0

    def expire(worked_on: Flask, at: datetime) -> int:
        done.append("requests")
        if len(done) == 3:
            stop.set()
        return 0

    all_jobs = [
        Job("mail", timedelta(0), hang, lane="mail"),
        Job("requests", timedelta(0), expire),
    ]
    monkeypatch.setattr(jobs, "list_jobs", lambda app: all_jobs)
    monkeypatch.setattr(jobs, "_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(jobs, "_GRACE_SECONDS", 0.2)
    begun = time.monotonic()
    try:
        jobs.run_worker(app, stop)
    finally:
        hung.set()
    assert done == ["requests"] * 3
    assert time.monotonic() - begun < 10
    with app.app_context():
        assert sorted(db.session.scalars(select(WorkerBeat.lane))) == ["house", "mail"]


@pytest.mark.faults
def test_a_clock_that_goes_back_keeps_no_job_waiting(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, done = threading.Event(), list[datetime]()

    def do(worked_on: Flask, at: datetime) -> int:
        done.append(at)
        if len(done) == 3:
            stop.set()
        return 0

    # A year back after the first time, and on from there, ten seconds at each look.
    ticking = count()

    def tell() -> datetime:
        tick = next(ticking)
        if tick > 300:
            stop.set()
        return AT + timedelta(seconds=10 * tick) - timedelta(days=365 if done else 0)

    monkeypatch.setattr(jobs, "list_jobs", lambda app: [Job("one", timedelta(minutes=1), do)])
    monkeypatch.setattr(jobs, "_PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(jobs, "now", tell)
    jobs.run_worker(app, stop)
    assert len(done) == 3
