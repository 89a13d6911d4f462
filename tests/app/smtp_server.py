"""A mail server on this machine that keeps what it takes, for tests of how mail leaves.

The protocol is that of `aiosmtpd`, so that what leaves is read by a server that is not ours.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


class SmtpServer:
    """Keeps what it took in `taken`; its answers can be changed while it serves.

    With `hangs` it takes a mail and answers only once its client has gone, with `drops` it takes
    one and closes the line instead of answering.
    """

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.log_ins: list[str] = []
        # The addresses from whom and to whom, of which none may be beyond ASCII.
        self.envelopes: list[str] = []
        self.answer_to_recipient = "250 fine"
        self.answer_to_data = "250 taken"
        self.hangs = False
        self.drops = False
        self.connections = 0
        self.answered_too_late = 0
        self.place = ""
        self._open: list[_Conversation] = []
        self._is_over = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self, is_ready: threading.Event) -> None:
        """Serve until `stop`; `place` is host and port once `is_ready`."""
        asyncio.run(self._serve(is_ready))

    def stop(self) -> None:
        """Let nobody in any more, and close what is open."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._is_over.set)

    async def _serve(self, is_ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        listening = await self._loop.create_server(self._meet, "127.0.0.1", 0)
        host, port = listening.sockets[0].getsockname()
        self.place = f"{host}:{port}"
        is_ready.set()
        await self._is_over.wait()
        listening.close()
        for each in self._open:
            await each.end()

    def _meet(self) -> "_Conversation":
        self.connections += 1
        met = _Conversation(
            self,
            hostname="localhost",
            ident="ready",
            auth_require_tls=False,
            loop=self._loop,
        )
        self._open.append(met)
        return met

    # What the library asks, by these names.

    async def handle_AUTH(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, words: list[str]
    ) -> str:
        self.log_ins.append(" ".join(["AUTH", *words]))
        return "235 welcome"

    async def handle_MAIL(  # noqa: N802
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        self.envelopes.append(f"from {address}")
        envelope.mail_from = address
        return "250 fine"

    async def handle_RCPT(  # noqa: N802
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        self.envelopes.append(f"to {address}")
        if self.answer_to_recipient.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.answer_to_recipient

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        assert isinstance(server.transport, asyncio.Transport)
        if self.drops:
            server.transport.abort()
        if self.hangs:
            try:
                await self._is_over.wait()
            except asyncio.CancelledError:
                self.answered_too_late += 1
                server.transport.write(f"{self.answer_to_data}\r\n".encode("ascii"))
                raise
        return self.answer_to_data


class _Conversation(SMTP):
    """One connection, which can be ended from this side."""

    async def end(self) -> None:
        task: asyncio.Task[Any] | None = self._handler_coroutine
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()
        if task is not None:
            await asyncio.wait([task])


@contextmanager
def run_smtp_server() -> Iterator[SmtpServer]:
    """The server, listening until the block ends."""
    server, is_ready = SmtpServer(), threading.Event()
    thread = threading.Thread(target=server.run, args=(is_ready,), daemon=True)
    thread.start()
    try:
        assert is_ready.wait(30)
        yield server
    finally:
        server.stop()
        thread.join()
