"""Mail as each person wants it: at once, in one mail a day, or not at all; ended by one click."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.declaration import gather_words
from app.extensions import db
from app.home import actions
from app.jobs import deliver_mail
from app.rooms import ROOMS
from app.telling import delivery, notices
from app.telling.delivery import find_digest_time
from app.telling.notices import tell
from app.telling.topics import AT_ONCE_KINDS, DIGEST_KIND, find_topic
from models.notice_codes import NoticeDelivery, NoticeTopic
from models.notices import Notice, NoticePreference, OutboxMail
from models.people import Person
from tests.app.test_jobs import Postman
from tests.factories import AT, act_as, log_in, make_person

pytestmark = pytest.mark.engagements

ONE_DIALECT = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
HOUR = timedelta(hours=1)


class Keeper(Postman):
    """Keeps what it takes."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[EmailMessage] = []

    def send(self, message: EmailMessage) -> None:
        self.messages.append(message)


def choose(app: Flask, person_id: int, **chosen: NoticeDelivery) -> None:
    with app.app_context():
        person = db.session.get_one(Person, person_id)
        actions.choose_deliveries(
            db.session,
            person=person,
            chosen={NoticeTopic(name): value for name, value in chosen.items()},
            actor=act_as(person),
            at=AT,
        )
        db.session.commit()


def happen(app: Flask, person_id: int, kind: str, at: datetime = AT, **values: str) -> None:
    facts = {"provider": "A <b>mentor</b>", "need": "Yield", "reason": "No time"}
    with app.app_context():
        tell(
            db.session,
            person=db.session.get_one(Person, person_id),
            kind=kind,
            facts=facts,
            path="/engagements/1",
            at=at,
            **values,
        )
        db.session.commit()


def count_chosen(client: Any, delivery: str) -> int:
    page = client.get("/account/mail").text
    return len(re.findall(rf'<input checked [^>]*value="{delivery}"', page))


def make(app: Flask) -> int:
    with app.app_context():
        person = make_person(db.session, time_zone="Asia/Shanghai", locale="en")
        db.session.commit()
        return person.id


def deliver(app: Flask, at: datetime) -> list[EmailMessage]:
    keeper = Keeper()
    deliver_mail(app, at=at, transport=keeper)
    return keeper.messages


@ONE_DIALECT
def test_a_day_comes_in_one_mail_with_what_was_not_read(app: Flask) -> None:
    person = make(app)
    choose(app, person, requests=NoticeDelivery.DAILY)
    for number in range(3):
        happen(app, person, "engagement_declined", AT + number * HOUR)
    with app.app_context():
        db.session.scalars(select(Notice)).first().read_at = AT  # type: ignore[union-attr]
        db.session.commit()
    # AT is ten in the morning in Shanghai.
    eight = datetime(2026, 3, 4, 0, 0, tzinfo=UTC)
    assert deliver(app, eight - HOUR) == []
    (mail,) = deliver(app, eight)
    assert mail["Subject"] == "Yinqiao today: 2"
    text, page = (part.get_content() for part in mail.iter_parts())
    assert text.count("A <b>mentor</b> declined your request\n") == 2
    assert page.count("A &lt;b&gt;mentor&lt;/b&gt; declined your request</h2>") == 2
    assert "<b>" not in page
    # Everything read before it leaves: there is nothing to send.
    happen(app, person, "engagement_declined", eight)
    with app.app_context():
        for notice in db.session.scalars(select(Notice)):
            notice.read_at = eight
        db.session.commit()
    assert deliver(app, eight + 24 * HOUR) == []
    with app.app_context():
        assert (
            db.session.scalars(select(OutboxMail).where(OutboxMail.sent_at.is_(None))).all() == []
        )


@ONE_DIALECT
def test_none_is_no_mail_and_the_account_is_always_told_at_once(app: Flask) -> None:
    person = make(app)
    choose(app, person, requests=NoticeDelivery.NONE)
    happen(app, person, "engagement_declined")
    happen(app, person, "password_changed")
    (mail,) = deliver(app, AT)
    assert "password" in mail["Subject"]
    # Nobody can end what concerns the account.
    assert mail["List-Unsubscribe"] is None
    with app.app_context():
        assert len(db.session.scalars(select(Notice)).all()) == 2


@ONE_DIALECT
def test_whoever_makes_much_happen_fills_no_mailbox(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "MOST_AT_ONCE", 3)
    monkeypatch.setattr(notices, "MOST_OF_A_DAY", 4)
    person_id = make(app)
    for number in range(9):
        happen(app, person_id, "engagement_declined", AT + number * timedelta(minutes=1))
    # Other kinds, what concerns the account, and what a calendar needs come at once all the same.
    happen(app, person_id, "engagement_expired", AT + HOUR / 2)
    for _ in range(5):
        happen(app, person_id, "password_changed", AT + HOUR / 2)
    # An hour later the first are forgotten.
    happen(app, person_id, "engagement_declined", AT + HOUR + timedelta(minutes=1))
    with app.app_context():
        kinds = Counter(db.session.scalars(select(OutboxMail.kind)))
        told = db.session.scalars(select(OutboxMail).filter_by(kind=DIGEST_KIND)).one().notices
        assert len(told) == 4
        assert db.session.scalar(select(func.count()).select_from(Notice)) == 16
    assert kinds == {
        "engagement_declined": 4,
        "engagement_expired": 1,
        "password_changed": 5,
        DIGEST_KIND: 1,
    }


def test_one_click_ends_mails_of_a_topic(app: Flask) -> None:
    person = make(app)
    happen(app, person, "engagement_declined")
    (mail,) = deliver(app, AT)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = mail["List-Unsubscribe"].strip("<>")
    path = "/" + address.partition("//")[2].partition("/")[2]
    assert address in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    client = app.test_client()
    app.config["WTF_CSRF_ENABLED"] = True
    # Looking changes nothing; a mail program posts without a cookie or a token of ours.
    assert client.get(path).status_code == 200
    with app.app_context():
        assert db.session.scalars(select(NoticePreference)).all() == []
    done = app.test_client().post(path, data={"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    with app.app_context():
        (wanted,) = db.session.scalars(select(NoticePreference))
        assert (wanted.topic, wanted.delivery) == (NoticeTopic.REQUESTS, NoticeDelivery.NONE)
    happen(app, person, "engagement_declined", AT + HOUR)
    assert deliver(app, AT + HOUR) == []
    assert client.post(path[:-2] + "xx").status_code == 404


@ONE_DIALECT
def test_the_page_keeps_what_is_chosen(app: Flask) -> None:
    person_id = make(app)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    with app.app_context():
        person = db.session.get_one(Person, person_id)
        db.session.expunge(person)
    log_in(client, person)
    assert count_chosen(client, "at_once") == len(NoticeTopic)
    form = {topic.value: "daily" for topic in NoticeTopic}
    assert client.post("/account/mail", data=form | {"requests": "weekly"}).status_code == 422
    assert client.post("/account/mail", data=form).status_code == 303
    assert count_chosen(client, "daily") == len(NoticeTopic)
    # The link in the daily mail ends what comes by the day.
    happen(app, person_id, "engagement_declined")
    (mail,) = deliver(app, AT + 24 * HOUR)
    path = "/" + mail["List-Unsubscribe"].strip("<>").partition("//")[2].partition("/")[2]
    assert client.post(path).status_code == 200
    assert count_chosen(client, "none") == len(NoticeTopic)


def test_every_kind_has_a_topic_or_is_named_among_those_that_come_at_once() -> None:
    kinds = set(gather_words(ROOMS).notices)
    assert {kind for kind in kinds if find_topic(kind) is None} == AT_ONCE_KINDS
    assert {find_topic(kind) for kind in kinds} == {*NoticeTopic, None}
    assert {"password_changed", "token_made", DIGEST_KIND} < AT_ONCE_KINDS
    # By how it begins a kind of the work would be taken for one of another topic.
    for kind, topic in (
        ("slot_freed", NoticeTopic.TIMES),
        ("record_stands_held", NoticeTopic.TIMES),
        ("record_to_decide", NoticeTopic.INCUBATOR),
        ("enquiry_explained", NoticeTopic.REQUESTS),
        ("report_published", NoticeTopic.REQUESTS),
        ("tranche_released", NoticeTopic.REQUESTS),
    ):
        assert find_topic(kind) is topic, kind


def test_a_digest_leaves_at_eight_of_its_reader() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    # The night in which clocks are put forward there.
    at = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    assert find_digest_time(at, berlin).astimezone(UTC) == datetime(2026, 3, 29, 6, 0, tzinfo=UTC)
    seven = datetime(2026, 3, 3, 6, 0, tzinfo=UTC)
    assert find_digest_time(seven, berlin).astimezone(UTC) == datetime(2026, 3, 3, 7, 0, tzinfo=UTC)
