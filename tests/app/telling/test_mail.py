from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from flask import Flask
from icalendar import Calendar

from app.settings import SettingInvalid, Settings
from app.telling import mail
from app.telling.about import ABOUT_HEADER
from app.telling.mail import (
    FolderTransport,
    MailNotSent,
    MailRefused,
    SmtpTransport,
    make_transport,
    word_mail,
)
from app.web.worded import get_words
from models.notices import OutboxMail
from tests.app.smtp_server import SmtpServer, run_smtp_server
from tests.factories import AT

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with run_smtp_server() as server:
        yield server


def make_mail(**values: object) -> OutboxMail:
    values = {
        "id": 7,
        "address": "founder@example.org",
        "locale": "en",
        "kind": "invitation_sent",
        "facts": {
            "inviter": "First founder",
            "organisation": "碳化硅团队（示例）",
            "days": "14",
            "link": "/invitations/secret",
        },
        "path": "",
        "created_at": AT,
    } | values
    return OutboxMail(**values)


def word(app: Flask, settings: Settings, **values: object) -> EmailMessage:
    with app.app_context():
        message = word_mail(
            make_mail(**values), notices=get_words().notices, settings=settings, at=AT
        )
    # As it arrives: written out and read again.
    arrived = message_from_bytes(message.as_bytes(), policy=default)
    assert isinstance(arrived, EmailMessage)
    return arrived


def read(message: EmailMessage) -> list[str]:
    body = message.get_body(("plain",))
    assert body is not None
    return body.get_content().replace("\r\n", "\n").rstrip("\n").split("\n\n")


def test_a_mail_in_english(app: Flask, settings: Settings) -> None:
    message = word(app, replace(settings, public_url="https://yinqiao.example.org"))

    assert message["Subject"] == "First founder invites you to act for 碳化硅团队（示例）"
    assert message["To"] == "founder@example.org"
    assert message["From"] == "yinqiao@localhost"
    assert message["Date"] == "Tue, 03 Mar 2026 02:00:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert read(message)[:3] == [
        "First founder invites you to act for 碳化硅团队（示例）. The link is good for 14 days.",
        "Open it here:",
        "https://yinqiao.example.org/invitations/secret",
    ]


def test_a_mail_in_chinese_with_a_plain_path(app: Flask, settings: Settings) -> None:
    message = word(
        app,
        settings,
        locale="zh_Hans_CN",
        kind="password_changed",
        facts={},
        path="/account",
    )

    assert message["Subject"] == "您的密码已更改"
    assert message["Content-Language"] == "zh"
    assert "http://127.0.0.1:8000/account" in read(message)


def test_the_same_row_has_the_same_id_and_another_row_another(
    app: Flask, settings: Settings
) -> None:
    ids = [word(app, settings, id=number)["Message-ID"] for number in (7, 7, 8)]

    assert ids[0] == ids[1] == f"<outbox-7-{int(AT.timestamp())}@127.0.0.1>"
    assert ids[2] != ids[0]


@pytest.mark.fuzz
def test_a_fact_cannot_add_a_header(app: Flask, settings: Settings) -> None:
    facts = {"inviter": "x", "organisation": "A\r\nBcc: all@example.org\r\n\r\nB", "days": "14"}

    message = word(app, settings, facts=facts)

    assert message["Bcc"] is None
    assert message["Subject"] == "x invites you to act for A Bcc: all@example.org B"


def test_a_session_comes_as_a_calendar_entry(app: Flask, settings: Settings) -> None:
    calendar = "BEGIN:VCALENDAR\r\nSUMMARY:良率\r\nEND:VCALENDAR\r\n"

    message = word(app, settings, calendar=calendar, calendar_method="CANCEL")

    (entry,) = message.iter_attachments()
    assert entry.get_content_type() == "text/calendar"
    assert entry.get_param("method") == "CANCEL"
    assert entry.get_filename() == "yinqiao.ics"
    assert entry.get_content().splitlines() == calendar.splitlines()


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL", "PUBLISH"])
def test_whoever_sends_an_invitation_is_its_organizer(
    app: Flask, settings: Settings, method: str
) -> None:
    lines = (
        *("BEGIN:VCALENDAR", f"METHOD:{method}", "BEGIN:VEVENT", "UID:7@yinqiao"),
        *("DTSTART:20260303T020000Z", "END:VEVENT", "END:VCALENDAR", ""),
    )
    sender = replace(settings, mail_from="Bridge <bridge@example.org>")

    message = word(app, sender, calendar="\r\n".join(lines), calendar_method=method)

    (entry,) = message.iter_attachments()
    (event,) = Calendar.from_ical(entry.get_content()).events
    # Nobody is asked to reply to what is only published.
    named = None if method == "PUBLISH" else "mailto:bridge@example.org"
    assert event.get("organizer") == named


def test_a_missing_fact_is_an_error_and_no_half_sentence(app: Flask, settings: Settings) -> None:
    with pytest.raises(KeyError, match="inviter"):
        word(app, settings, facts={"organisation": "x", "days": "14"})


def test_without_a_mail_server_mails_lie_in_a_folder(app: Flask, settings: Settings) -> None:
    message = word(app, settings)

    with make_transport(settings) as transport:
        transport.send(message)
        transport.send(message)  # twice the same is one

    folder = settings.instance_path / "mail"
    assert [path.name for path in folder.iterdir()] == [f"outbox-7-{int(AT.timestamp())}.eml"]
    (path,) = folder.iterdir()
    read = message_from_bytes(path.read_bytes(), policy=default)
    assert read["Subject"] == message["Subject"]
    assert folder.stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_written_is_no_loss(
    app: Flask, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(MailNotSent, match="cannot write"):
        FolderTransport(tmp_path / "file").send(word(app, settings))


def test_a_mail_server_takes_several_mails_over_one_connection(
    app: Flask, settings: Settings, server: SmtpServer
) -> None:
    with SmtpTransport(f"smtp://{server.place}") as transport:
        for number in (1, 2):
            transport.send(word(app, settings, id=number))

    assert [message["Subject"] for message in server.taken] == [
        "First founder invites you to act for 碳化硅团队（示例）"
    ] * 2
    assert (server.connections, server.log_ins) == (1, [])
    # What a mail is about is said to the folder of the house alone.
    assert all(ABOUT_HEADER not in message for message in server.taken)


def test_user_and_password_may_hold_any_character(
    app: Flask, settings: Settings, server: SmtpServer
) -> None:
    with SmtpTransport(f"smtp://a%40b:p%2Fw@{server.place}") as transport:
        transport.send(word(app, settings))

    assert server.log_ins == ["AUTH PLAIN AGFAYgBwL3c="]  # NUL a@b NUL p/w


def test_a_password_leaves_in_the_clear_for_this_machine_alone(
    app: Flask, settings: Settings, server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The server offers no encryption, and is taken for another machine.
    monkeypatch.setattr("app.telling.mail._is_this_machine", lambda host: False)
    with (
        SmtpTransport(f"smtp://user:hunter2@{server.place}") as transport,
        pytest.raises(MailNotSent, match="no encryption"),
    ):
        transport.send(word(app, settings))

    assert (server.log_ins, server.taken) == ([], [])


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"answer_to_recipient": "550 nobody here"}, MailRefused),
        ({"answer_to_recipient": "450 mailbox busy"}, MailNotSent),
        ({"answer_to_data": "554 looks like spam"}, MailRefused),
        ({"answer_to_data": "451 try later"}, MailNotSent),
    ],
)
def test_what_is_refused_for_good_is_told_from_what_may_go_later(
    app: Flask,
    settings: Settings,
    server: SmtpServer,
    answers: dict[str, str],
    error: type[Exception],
) -> None:
    vars(server).update(answers)

    with SmtpTransport(f"smtp://{server.place}") as transport:
        with pytest.raises(error):
            transport.send(word(app, settings))
        vars(server).update(answer_to_recipient="250 fine", answer_to_data="250 taken")
        server.taken.clear()
        transport.send(word(app, settings))

    assert len(server.taken) == 1


@pytest.mark.faults
@pytest.mark.parametrize("fault", ["hangs", "drops"])
def test_a_server_that_takes_a_mail_and_does_not_say_so_is_asked_again(
    app: Flask,
    settings: Settings,
    server: SmtpServer,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
) -> None:
    """It then has the mail twice, under one id; what it says after we have gone changes nothing."""
    monkeypatch.setattr(mail, "_SMTP_TIMEOUT_SECONDS", 0.5)
    vars(server)[fault] = True

    with SmtpTransport(f"smtp://{server.place}") as transport:
        with pytest.raises(MailNotSent):
            transport.send(word(app, settings))
        vars(server)[fault] = False
        transport.send(word(app, settings))
        transport.send(word(app, settings, id=8))

    first, again, other = (message["Message-ID"] for message in server.taken)
    assert (first, server.connections) == (again, 2)
    assert other != first
    assert server.answered_too_late == (fault == "hangs")


def test_a_mail_server_that_is_away_is_no_loss(app: Flask, settings: Settings) -> None:
    with run_smtp_server() as server:
        place = server.place

    with SmtpTransport(f"smtp://{place}") as transport, pytest.raises(MailNotSent):
        transport.send(word(app, settings))


@pytest.mark.parametrize(
    "url", ["localhost:25", "http://mail.example.org", "smtp://", "smtp://host:port", "smtps:x"]
)
def test_an_address_that_is_no_mail_server_is_named(settings: Settings, url: str) -> None:
    with pytest.raises(SettingInvalid, match="YINQIAO_SMTP_URL"):
        make_transport(replace(settings, smtp_url=url))


def test_the_password_of_the_mail_server_is_not_shown(settings: Settings) -> None:
    shown = repr(replace(settings, smtp_url="smtp://user:hunter2@mail.example.org"))

    assert "hunter2" not in shown


def test_domains_of_every_script_leave_in_the_form_that_all_servers_take(
    app: Flask, settings: Settings, server: SmtpServer
) -> None:
    """The server does not offer SMTPUTF8; the name of the sender is no part of an address."""
    settings = replace(settings, mail_from="引桥 <No-Reply@引桥.中国>")
    # As it may stand there from before the rule for addresses.
    with app.app_context():
        message = word_mail(
            make_mail(address="fang@测试.中国"),
            notices=get_words().notices,
            settings=settings,
            at=AT,
        )
    with SmtpTransport(f"smtp://{server.place}") as transport:
        transport.send(message)
    assert server.envelopes == [
        "from No-Reply@xn--20t40s.xn--fiqs8s",
        "to fang@xn--0zwm56d.xn--fiqs8s",
    ]
    (taken,) = server.taken
    assert taken["From"].addresses[0].display_name == "引桥"
    assert taken["To"] == "fang@xn--0zwm56d.xn--fiqs8s"


def test_an_address_that_the_server_has_no_letters_for_is_given_up(
    app: Flask, settings: Settings, server: SmtpServer
) -> None:
    with app.app_context():
        message = word_mail(
            make_mail(address="方@example.org"),
            notices=get_words().notices,
            settings=settings,
            at=AT,
        )
    with SmtpTransport(f"smtp://{server.place}") as transport, pytest.raises(MailRefused):
        transport.send(message)
    assert server.taken == []
