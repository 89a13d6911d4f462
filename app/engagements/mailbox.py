"""The mailbox to which calendar programs reply: IMAP (RFC 3501) over TLS, within limits.

Belongs here: the conversation. What a reply says is read in `replying`.
"""

import imaplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from app.errors import DomainError
from app.settings import Mailbox, Network
from app.webhooks.destinations import find_destination

# For everything from the first connection to the last byte of one turn, in seconds.
DEADLINE: Final = 30.0
# Mails of one turn; the rest is read at the next.
MOST_MAILS: Final = 50
# A reply has some kilobytes, with a signature and a logo some hundred.
MOST_BYTES: Final = 500_000
# Of one turn, all told.
_MOST_IN_ALL: Final = MOST_MAILS * MOST_BYTES


class MailboxUnread(Exception):
    """The mailbox cannot be read now. The message says why, without a secret."""


class _Connection(imaplib.IMAP4_SSL):
    """To the address that was looked at, and with no more taken than is wanted."""

    def __init__(self, host: str, port: int, address: str) -> None:
        self._address = address
        self._left = _MOST_IN_ALL
        context = ssl.create_default_context()
        super().__init__(host, port, ssl_context=context, timeout=DEADLINE)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        raw = socket.create_connection((self._address, self.port), timeout)
        wrapped: socket.socket = self.ssl_context.wrap_socket(raw, server_hostname=self.host)
        return wrapped

    def read(self, size: int) -> bytes:
        """A literal, of whose size the server says what it likes."""
        if size > MOST_BYTES:
            raise self.abort("more than was asked for")
        self._count(size)
        return super().read(size)

    def readline(self) -> bytes:
        """A line; one without an end is refused by the library."""
        line = super().readline()
        self._count(len(line))
        return line

    def _count(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise self.abort("more than was asked for")


class OpenMailbox:
    """A mailbox that was logged in to. Each method raises MailboxUnread."""

    def __init__(self, connection: _Connection, moves_to: str) -> None:
        self._connection = connection
        self._moves_to = moves_to

    def list_new(self) -> list[str]:
        """The numbers (UID) of mails that nobody has read, at most `MOST_MAILS`."""
        answer = self._ask("UID", "SEARCH", "UNSEEN")
        numbers = answer[0].split() if answer and isinstance(answer[0], bytes) else []
        if not all(each.isdigit() for each in numbers):
            raise MailboxUnread("a list of numbers that are none")
        return [each.decode() for each in numbers[:MOST_MAILS]]

    def read(self, number: str) -> bytes | None:
        """The mail with this number; None for one that is gone, or too large to be a reply."""
        size = _find_size(self._ask("UID", "FETCH", number, "(RFC822.SIZE)"))
        if size is None or size > MOST_BYTES:
            return None
        for part in self._ask("UID", "FETCH", number, "(BODY.PEEK[])"):
            if isinstance(part, tuple):
                return bytes(part[1])
        return None

    def settle(self, number: str) -> None:
        """The mail is marked as read, and moved where the settings say so."""
        self._ask("UID", "STORE", number, "+FLAGS.SILENT", r"(\Seen)")
        if self._moves_to:
            self._ask("UID", "COPY", number, _quote(self._moves_to))
            self._ask("UID", "STORE", number, "+FLAGS.SILENT", r"(\Deleted)")
            self._ask("EXPUNGE")

    def _ask(self, command: str, *words: str) -> list[object]:
        try:
            if command == "UID":
                status, answer = self._connection.uid(*words)
            else:
                status, answer = self._connection.expunge()
        except (imaplib.IMAP4.error, OSError, ValueError) as error:
            raise MailboxUnread(_name(error)) from error
        if status != "OK":
            raise MailboxUnread(f"the server refuses {command} {words[:1]}")
        return list(answer)


@contextmanager
def open_mailbox(mailbox: Mailbox, networks: tuple[Network, ...]) -> Iterator[OpenMailbox]:
    """The mailbox, logged in to and its folder chosen; whatever hangs is cut off.

    Only public addresses are asked, or those in `networks`; the name is looked up once. Raises
    MailboxUnread.
    """
    connection: _Connection | None = None
    is_late = threading.Event()

    def cut_off() -> None:
        is_late.set()
        if connection is not None:
            try:
                connection.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return

    # A server that sends a byte now and then would be waited for without end.
    timer = threading.Timer(DEADLINE, cut_off)
    timer.daemon = True
    timer.start()
    try:
        try:
            host = f"[{mailbox.host}]" if ":" in mailbox.host else mailbox.host
            place = find_destination(f"https://{host}:{mailbox.port}", networks)
            connection = _Connection(place.host, place.port, place.address)
            connection.login(mailbox.user, mailbox.password)
            status, _answer = connection.select(_quote(mailbox.folder))
        except DomainError as error:
            raise MailboxUnread("no address that may be asked") from error
        except (imaplib.IMAP4.error, OSError, ValueError, UnicodeError) as error:
            raise MailboxUnread("too slow" if is_late.is_set() else _name(error)) from error
        if status != "OK":
            raise MailboxUnread("no such folder")
        yield OpenMailbox(connection, mailbox.moves_to)
    finally:
        timer.cancel()
        if connection is not None:
            connection.shutdown()


def _find_size(answer: list[object]) -> int | None:
    for part in answer:
        line = part[0] if isinstance(part, tuple) else part
        if isinstance(line, bytes) and b"RFC822.SIZE" in line:
            told = line.partition(b"RFC822.SIZE")[2].strip(b" )").split()
            if told and told[0].isdigit() and len(told[0]) < 12:
                return int(told[0])
    return None


def _quote(name: str) -> str:
    """A name of a folder as the protocol has it; the settings keep others out."""
    return f'"{name}"'


def _name(error: Exception) -> str:
    """What went wrong, in the words of the library but not of the server."""
    return type(error).__name__
