"""Answers of calendar programs: read within limits, shown to both sides, deciding nothing."""

import ssl
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Installation
from app.clock import now
from app.engagements import jobs, mailbox
from app.engagements.actions import sessions
from app.engagements.actions.calendar_replies import keep_reply
from app.engagements.jobs import read_calendar_replies
from app.engagements.queries import get_engagement_view
from app.engagements.replying import Reply, read_reply
from app.extensions import db
from app.settings import Mailbox, SettingInvalid, read_mailbox
from models.engagements import CoachingSession, Engagement
from models.notices import Notice
from models.session_replies import ReplyAnswer, SessionReply
from models.vocabulary import ProviderKind, Side
from tests.app.engagements.imap_server import ImapServer, make_certificate, run_imap_server
from tests.app.engagements.scenes import LATER, Scene, make_accepted, make_scene, plan
from tests.app.engagements.sites import Site
from tests.factories import AT, make_person

pytestmark = pytest.mark.engagements

SAID_AT = AT + timedelta(hours=1)


def write_mail(
    uid: str,
    who: str,
    answer: str = "DECLINED",
    *,
    sender: str = "",
    sequence: int = 0,
    **more: str,
) -> bytes:
    """A reply as calendar programs send it, beside words that nobody wants."""
    entry = {
        "method": "REPLY",
        "stamp": SAID_AT.strftime("%Y%m%dT%H%M%SZ"),
        "attendees": f"ATTENDEE;PARTSTAT={answer};CN=Somebody:mailto:{who}",
    } | more
    return "\r\n".join(
        (
            f"From: Somebody <{sender or who}>",
            "To: yinqiao@example.org",
            "Subject: Declined: a private word",
            "MIME-Version: 1.0",
            'Content-Type: multipart/alternative; boundary="b"',
            "",
            "--b",
            "Content-Type: text/plain; charset=utf-8",
            "",
            "I am at the dentist then.",
            "--b",
            f"Content-Type: text/calendar; method={entry['method']}; charset=UTF-8",
            "",
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Someone//EN",
            f"METHOD:{entry['method']}",
            "BEGIN:VEVENT",
            f"UID:{uid}@yinqiao",
            f"DTSTAMP:{entry['stamp']}",
            "DTSTART:20260310T020000Z",
            f"SEQUENCE:{sequence}",
            entry["attendees"],
            "COMMENT:At the dentist",
            "END:VEVENT",
            "END:VCALENDAR",
            "--b--",
            "",
        )
    ).encode()


def test_a_reply_is_read_and_nothing_else_of_its_mail() -> None:
    found = read_reply(write_mail("ab12", "Mentor@Example.org", "accepted", sequence=2))
    assert found == Reply("ab12", "mentor@example.org", ReplyAnswer.ACCEPTED, 2, SAID_AT)


@pytest.mark.fuzz
@pytest.mark.parametrize(
    "content",
    [
        write_mail("ab12", "mentor@example.org", sender="somebody@example.org"),
        write_mail("ab12", "a@example.org", sender="a@example.org>, <b@example.org"),
        write_mail("ab12", "mentor@example.org", "DELEGATED"),
        write_mail("ab12", "mentor@example.org", method="REQUEST"),
        write_mail("ab12", "mentor@example.org", sequence=-1),
        write_mail("ab12", "mentor@example.org", stamp="20260310"),
        write_mail("ab12", "mentor@example.org", stamp="never"),
        write_mail(
            "ab12",
            "a@example.org",
            attendees="ATTENDEE;PARTSTAT=DECLINED:mailto:a@example.org\r\n"
            "ATTENDEE;PARTSTAT=DECLINED:mailto:b@example.org",
        ),
        write_mail("ab12", "a@example.org", attendees="ATTENDEE;PARTSTAT=DECLINED:urn:a"),
        write_mail("ab12", "a@example.org", attendees="X-NOBODY:1"),
        write_mail("ab12", "a@example.org").replace(b"@yinqiao", b"@elsewhere"),
        write_mail("ab12", "a@example.org").replace(b"VEVENT", b"VTODO"),
        write_mail("ab12", "a@example.org").replace(b"BEGIN:VCALENDAR", b"\xff\xfe\x00"),
        write_mail("ab12", "a@example.org", attendees="X-LONG:" + "x" * 200_000),
        b"",
        b"\x00" * 100,
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n"
        + b"--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n" * 3_000,
    ],
)
def test_what_is_no_reply_of_one_sender_is_none(content: bytes) -> None:
    assert read_reply(content) is None


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene(session)


@pytest.fixture
def planned(session: Session, scene: Scene) -> CoachingSession:
    made = plan(session, make_accepted(session, scene), scene.by_mentor)
    sessions.confirm(session, coaching_session=made, actor=scene.by_founder, at=AT)
    return made


def keep(session: Session, planned: CoachingSession, address: str, **values: Any) -> bool:
    given = {"answer": ReplyAnswer.DECLINED, "sequence": planned.sequence, "said_at": SAID_AT}
    reply = Reply(planned.public_id, address, **(given | values))
    return keep_reply(session, reply=reply, actor=Installation.CLOCK, at=AT + timedelta(hours=2))


def list_told(session: Session, person_id: int) -> int:
    query = select(Notice).where(
        Notice.person_id == person_id, Notice.kind == "session_declined_by_calendar"
    )
    return len(session.scalars(query).all())


def test_who_declines_a_confirmed_time_is_shown_and_the_other_side_told_once(
    session: Session, scene: Scene, planned: CoachingSession
) -> None:
    address = scene.founder.email
    assert keep(session, planned, address)
    # The same again, an earlier one, and one that changes nothing about the answer.
    assert not keep(session, planned, address)
    assert not keep(session, planned, address, said_at=SAID_AT - timedelta(hours=1))
    assert keep(session, planned, address, said_at=SAID_AT + timedelta(minutes=1))
    assert (list_told(session, scene.mentor.id), list_told(session, scene.founder.id)) == (1, 0)
    # It stays: a sender can be forged.
    assert planned.state == "confirmed"
    for viewer in (scene.by_founder, scene.by_mentor):
        (shown,) = get_engagement_view(session, planned.engagement, viewer, at=AT).sessions
        assert [(each.name, each.side, each.answer) for each in shown.replies] == [
            (scene.founder.name, Side.STARTUP, ReplyAnswer.DECLINED)
        ]
        assert {"move", "cancel"} <= set(shown.actions)
    sessions.move(
        session,
        coaching_session=planned,
        starts_at=LATER + timedelta(days=1),
        ends_at=LATER + timedelta(days=1, hours=1),
        place="Room 2",
        link="",
        actor=scene.by_mentor,
        at=AT,
    )
    # What was said of the former time is not said of this one.
    (shown,) = get_engagement_view(session, planned.engagement, scene.by_mentor, at=AT).sessions
    assert shown.replies == ()
    assert not keep(session, planned, address, sequence=0, said_at=SAID_AT + timedelta(hours=1))
    assert keep(session, planned, address, answer=ReplyAnswer.TENTATIVE)


def test_what_is_of_nobody_or_no_coming_time_is_left_aside(
    session: Session, scene: Scene, planned: CoachingSession
) -> None:
    stranger = make_person(session)
    for address, values in (
        (stranger.email, {}),
        (scene.operator.email, {}),
        (scene.founder.email, {"sequence": planned.sequence + 1}),
        (scene.founder.email, {"said_at": AT + timedelta(days=3)}),
    ):
        assert not keep(session, planned, address, **values)
    planned.state = "held"
    assert not keep(session, planned, scene.founder.email)
    unknown = Reply("0" * 16, scene.founder.email, ReplyAnswer.ACCEPTED, 0, SAID_AT)
    assert not keep_reply(session, reply=unknown, actor=Installation.CLOCK, at=AT)
    assert session.scalars(select(SessionReply)).all() == []


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ImapServer]:
    certificate = make_certificate(tmp_path / "certificate.pem")
    trusting = ssl.create_default_context

    def trust() -> ssl.SSLContext:
        return trusting(cafile=str(certificate))

    monkeypatch.setattr(mailbox.ssl, "create_default_context", trust)
    with run_imap_server(certificate) as running:
        yield running


def set_mailbox(app: Flask, server: ImapServer, moves_to: str = "", **values: Any) -> None:
    place = Mailbox(
        host="127.0.0.1",
        port=server.port,
        user="yinqiao",
        password="a secret",
        folder="INBOX",
        moves_to=moves_to,
    )
    app.extensions["yinqiao_settings"] = replace(
        app.extensions["yinqiao_settings"],
        **{"calendar_replies": place, "webhook_networks": (ip_network("127.0.0.0/8"),)} | values,
    )


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_the_worker_reads_each_mail_once_and_marks_or_moves_it(
    app: Flask, server: ImapServer
) -> None:
    site = Site(app)
    address = site.ask(ProviderKind.MENTOR).location
    site.browse(ProviderKind.MENTOR).post(f"{address}/accept", data={})
    founder = site.program("founder")
    begins = now().replace(minute=0, second=0, microsecond=0) + timedelta(days=3)
    with app.app_context():
        engagement = db.session.scalars(select(Engagement)).one()
        planned = CoachingSession(
            engagement=engagement,
            starts_at=begins,
            ends_at=begins + timedelta(hours=1),
            place="Room 3",
            state="confirmed",
            proposed_by_side=Side.PROVIDER,
            created_at=begins,
        )
        db.session.add(planned)
        db.session.commit()
        number = planned.public_id
        email = engagement.requested_by.email if engagement.requested_by else ""
    assert read_calendar_replies(app, now()) == 0
    set_mailbox(app, server)
    server.take(write_mail(number, email))
    server.take(b"Subject: spam\r\n\r\nBuy this")
    huge = server.take(b"x" * (mailbox.MOST_BYTES + 1))
    assert read_calendar_replies(app, now()) == 1
    assert {flag for mail in server.mails.values() for flag in mail.flags} == {r"\Seen"}
    assert f"UID FETCH {huge} (BODY.PEEK[])" not in server.heard
    assert read_calendar_replies(app, now()) == 0
    shown = founder.get(f"/sessions/{number}").json
    told = [(each["side"], each["answer"]) for each in shown["replies"]]
    assert told == [("startup", "declined")]
    assert shown["state"] == "confirmed"
    page = site.browse(ProviderKind.MENTOR).get(address).text
    assert "declined" in page
    assert "dentist" not in page
    set_mailbox(app, server, moves_to="Handled")
    later = (SAID_AT + timedelta(hours=1)).strftime("%Y%m%dT%H%M%SZ")
    fourth = server.take(write_mail(number, email, "TENTATIVE", stamp=later))
    assert read_calendar_replies(app, now()) == 1
    assert (server.moved, fourth in server.mails) == ({"Handled": [fourth]}, False)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_mailbox_that_hangs_lies_or_babbles_keeps_nobody(
    app: Flask, server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_mailbox(app, server)
    # What says that it is small and is not.
    lying = server.take(b"x")
    server.mails[lying].told_size = mailbox.MOST_BYTES + 1
    assert read_calendar_replies(app, now()) == 0
    assert server.mails[lying].flags == set()
    server.mails.clear()
    server.babbles_at = "UID SEARCH UNSEEN"
    assert read_calendar_replies(app, now()) == 0
    server.babbles_at = ""
    for refused in ("LOGIN", "SELECT", "UID"):
        server.refuses = {refused: "NO"}
        assert read_calendar_replies(app, now()) == 0
    server.refuses = {}
    set_mailbox(app, server, webhook_networks=())
    heard = len(server.heard)
    assert read_calendar_replies(app, now()) == 0
    assert len(server.heard) == heard
    monkeypatch.setattr(mailbox, "DEADLINE", 0.5)
    set_mailbox(app, server)
    server.hangs = True
    begun = time.monotonic()
    assert read_calendar_replies(app, now()) == 0
    assert time.monotonic() - begun < 10
    assert jobs.read_calendar_replies is read_calendar_replies


def test_the_setting_names_a_mailbox_over_tls() -> None:
    assert read_mailbox("") is None
    assert read_mailbox("imaps://me%40example.org:p%2Fw@mail.example.org/Replies?move=Done") == (
        Mailbox(
            host="mail.example.org",
            port=993,
            user="me@example.org",
            password="p/w",
            folder="Replies",
            moves_to="Done",
        )
    )
    for wrong in (
        "imap://me:pw@mail.example.org/INBOX",
        "imaps://mail.example.org/INBOX",
        "imaps://me:pw@mail.example.org:0x/INBOX",
        'imaps://me:pw@mail.example.org/IN"BOX',
        "imaps://me:pw@mail.example.org/INBOX?delete=yes",
    ):
        with pytest.raises(SettingInvalid, match="YINQIAO_CALENDAR_REPLIES"):
            read_mailbox(wrong)
