"""Mails: worded for their reader, and handed to a mail server or laid into a folder.

When a mail leaves, and what happens when it cannot, is decided in `app/jobs.py`.
"""

import smtplib
import ssl
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, parseaddr
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self
from urllib.parse import unquote, urlsplit

from flask_babel import force_locale
from flask_babel import gettext as _
from icalendar import Calendar, vCalAddress

from app.settings import SettingInvalid, Settings
from app.signing import Signer
from app.telling.about import ABOUT_HEADER, write_about
from app.telling.addresses import address_of_stopping
from app.telling.marked_up import Block, write_html, write_text
from app.telling.stopping import make_stop_token
from app.telling.topics import DIGEST_KIND
from app.words.localisation import DEFAULT_TIME_ZONE
from app.words.wording import NoticeWording, word_notice
from models.canonical import canonical_line
from models.email_addresses import canonical_email, encode_domain
from models.notices import OutboxMail

# How long to wait after the first, second, … attempt that failed. After the last: never again.
WAITS: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
)
MAX_ATTEMPTS: Final = len(WAITS) + 1

# How long the mail server may take over one command.
_SMTP_TIMEOUT_SECONDS = 20
_SMTP_PORTS = {"smtp": 587, "smtps": 465}


class MailNotSent(Exception):
    """The mail did not leave, and may leave later. The message says why."""


class MailRefused(Exception):
    """The mail server will never take this mail. The message says why."""


class Transport(Protocol):
    """A way for mails to leave; a context manager, since a connection may stay open meanwhile."""

    def __enter__(self) -> Self:
        """Nothing is connected yet."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Whatever was connected is closed."""
        ...

    def send(self, message: EmailMessage) -> None:
        """`message` has left. Raises MailNotSent or MailRefused."""
        ...


def word_mail(
    mail: OutboxMail, *, notices: Mapping[str, NoticeWording], settings: Settings, at: datetime
) -> EmailMessage:
    """`mail` as a message in its reader's language, dated `at`.

    Needs an application context, for the catalogues. A link to this site is absolute; a secret
    one stands in the facts under "link", so that it goes when they go. The message's id follows
    from the row alone: should it be sent twice, programs see that it is the same. Raises
    KeyError for a kind without wording or a fact that its wording lacks.
    """
    zone = mail.person.time_zone if mail.person else DEFAULT_TIME_ZONE
    token = make_stop_token(Signer(settings.secret_key), mail, at=at)
    stopping = settings.public_url + address_of_stopping(token) if token else ""
    with force_locale(mail.locale):
        subject, blocks = _word_blocks(mail, notices, settings, zone)
        footer = [Block(_("This mail was sent by Yinqiao. Nobody reads answers to it."))]
        if stopping:
            footer += [Block("", link=stopping, link_words=_("Stop mails like this one:"))]
    host = urlsplit(settings.public_url).hostname or "localhost"
    message = EmailMessage(policy=SMTP)
    message["Subject"] = canonical_line(subject)
    # Domains beyond ASCII as xn--: few mail servers offer SMTPUTF8, and all take this form.
    name, sender = parseaddr(settings.mail_from)
    message["From"] = formataddr((name, encode_domain(sender)))
    message["To"] = canonical_email(mail.address)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<outbox-{mail.id}-{int(mail.created_at.timestamp())}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    unread = [each for each in mail.notices if each.read_at is None]
    message[ABOUT_HEADER] = write_about(
        [(mail.path, mail.facts), *((each.path, each.facts) for each in unread)]
    )
    if stopping:
        # RFC 8058: mail programs end these mails by one request, which needs no log-in.
        message["List-Unsubscribe"] = f"<{stopping}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(write_text(blocks=blocks, footer=footer))
    language = mail.locale.split("_")[0]
    message.add_alternative(
        write_html(language=language, subject=subject, blocks=blocks, footer=footer),
        subtype="html",
    )
    # Headers about the content go when content is set, and move along when something is attached.
    message["Content-Language"] = language
    if mail.calendar:
        message.add_attachment(
            _name_organizer(mail.calendar, settings.mail_from),
            subtype="calendar",
            filename="yinqiao.ics",
            params={"method": mail.calendar_method or "PUBLISH"},
        )
    return message


def _name_organizer(text: str, address: str) -> str:
    """The calendar text with the ORGANIZER that RFC 5546 asks for: whoever sends the mail.

    Whatever asks for no reply (PUBLISH) has none. Mails that earlier releases stored name theirs.
    """
    calendar = Calendar.from_ical(text)
    if calendar.get("method") == "PUBLISH":
        return text
    named = vCalAddress(f"mailto:{parseaddr(address)[1]}")
    named.params["CN"] = "Yinqiao"
    for event in calendar.walk("VEVENT"):
        if "organizer" not in event:
            event["organizer"] = named
    worded: str = calendar.to_ical().decode()
    return worded


def _word_blocks(
    mail: OutboxMail, notices: Mapping[str, NoticeWording], settings: Settings, zone: str
) -> tuple[str, list[Block]]:
    """Subject and words of `mail`: one notice, or those of a day that were not read yet."""

    def word(kind: str, facts: Mapping[str, str]) -> tuple[str, str]:
        return word_notice(notices[kind], facts, locale=mail.locale, zone=zone)

    unread = [each for each in mail.notices if each.read_at is None]
    counted = {"count": str(len(unread))} if mail.kind == DIGEST_KIND else {}
    subject, body = word(mail.kind, {**mail.facts, **counted})
    path = mail.facts.get("link") or mail.path
    link = settings.public_url + path if path else ""
    blocks = [Block(body, link=link, link_words=_("Open it here:"))]
    for each in unread:
        heading, text = word(each.kind, each.facts)
        link = settings.public_url + each.path if each.path else ""
        blocks.append(Block(text, heading=heading, link=link, link_words=_("Open it here:")))
    return subject, blocks


def make_transport(settings: Settings) -> Transport:
    """The way that the settings ask for: a mail server, or `mail/` in the instance folder.

    Raises SettingInvalid for an address of a mail server that cannot be used.
    """
    if settings.smtp_url is None:
        return FolderTransport(settings.mail_path)
    return SmtpTransport(settings.smtp_url)


class FolderTransport:
    """Lays each mail into a folder as one .eml file, which mail programs open."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

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
        """Write the file under the message's id, whole or not at all. Raises MailNotSent."""
        name = message["Message-ID"].strip("<>").partition("@")[0]
        path = self._folder / f"{name}.eml"
        try:
            # Mails hold links that log people in: for the owner of the instance alone.
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            unfinished = path.with_suffix(".part")
            unfinished.write_bytes(message.as_bytes())
            unfinished.replace(path)
        except OSError as error:
            raise MailNotSent(f"cannot write {path}: {error}") from error


class SmtpTransport:
    """Hands mails to a mail server, over one connection for as long as it lasts.

    The address is `smtp://user:password@host:port` (encrypted when the server offers STARTTLS)
    or `smtps://…` (encrypted from the start). A password never leaves in the clear, except to
    this machine. Raises SettingInvalid for any other address.
    """

    def __init__(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise SettingInvalid("YINQIAO_SMTP_URL is not an address") from None
        if parts.scheme not in _SMTP_PORTS or not parts.hostname:
            raise SettingInvalid(
                "YINQIAO_SMTP_URL must look like smtp://user:password@host:587 or smtps://…"
            )
        self._encrypted = parts.scheme == "smtps"
        self._host = parts.hostname
        self._port = port or _SMTP_PORTS[parts.scheme]
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def send(self, message: EmailMessage) -> None:
        """The server has taken `message`. Raises MailNotSent or MailRefused."""
        del message[ABOUT_HEADER]
        try:
            if self._connection is None:
                self._connection = self._connect()
            self._connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _reason in error.recipients.values()]
            self._close()
            raise _name_refusal(min(codes), error) from error
        except smtplib.SMTPDataError as error:
            self._close()
            raise _name_refusal(error.smtp_code, error) from error
        except smtplib.SMTPNotSupportedError as error:
            # An address from before the rule, whose part before the @ is beyond ASCII.
            self._close()
            raise MailRefused(f"{self._host} takes no such address: {error}") from error
        except (smtplib.SMTPException, OSError) as error:
            self._close()
            raise MailNotSent(f"{self._host}: {error}") from error

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._encrypted:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=_SMTP_TIMEOUT_SECONDS, context=context
            )
        else:
            connection = smtplib.SMTP(self._host, self._port, timeout=_SMTP_TIMEOUT_SECONDS)
        try:
            connection.ehlo()
            encrypted = self._encrypted
            if not encrypted and connection.has_extn("starttls"):
                connection.starttls(context=context)
                encrypted = True
            if self._user:
                if not encrypted and not _is_this_machine(self._host):
                    raise MailNotSent(f"{self._host} offers no encryption for the password")
                connection.login(self._user, self._password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.quit()
        except (smtplib.SMTPException, OSError):
            connection.close()


def _name_refusal(code: int, error: Exception) -> MailNotSent | MailRefused:
    """5xx is for good, 4xx for now (RFC 5321, section 4.2.1)."""
    return MailRefused(str(error)) if code >= 500 else MailNotSent(str(error))


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
