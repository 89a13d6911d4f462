"""A gunicorn worker whose threads get whole requests only: waitress reads and writes, they compute.

gunicorn's own thread worker reads a request's head and body in the thread that answers it, so
that a few clients who never finish stop a process. Here one loop holds all connections, and a
thread is taken when a request is complete and given back when its answer is made, however slowly
it is read. docs/adr says what else was tried.
"""

import os
import socket
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.receiver import FixedStreamReceiver
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher, WSGITask

from app.web.limits import BodyLimits

# How long the head of a request may take, in seconds, from its first byte.
HEAD_SECONDS: Final = 10.0

# How slowly a body may come, in bytes a second, once HEAD_SECONDS are over.
_LEAST_BODY_RATE: Final = 8_000

# How slowly an answer may be read, in bytes a second, once this many seconds are over in which some
# of it was left: by then the system holds what it can for its reader.
READ_SECONDS: Final = 30.0
_LEAST_READ_RATE: Final = 4_000

# An answer never keeps a thread waiting for its reader, however long it is, in bytes.
_NEVER: Final = 2**62

# How long a connection may say nothing between two requests, in seconds. Longer than a proxy or a
# browser keeps one for later, so that none is closed at the moment in which it is used again.
_IDLE_SECONDS: Final = 120

# All head lines together, in bytes: many times what a browser with our cookies sends.
_HEAD_BYTES: Final = 32_768

# Of one process. When so many are open, those who have been silent for longest make room.
CONNECTIONS: Final = 800
_MADE_ROOM: Final = 80

_PAUSE_SECONDS: Final = 0.5


class _Nothing:
    """Takes the bytes of a body that nobody will read, and counts them."""

    def __init__(self) -> None:
        self._length = 0

    def append(self, data: bytes) -> None:
        self._length += len(data)

    def __len__(self) -> int:
        return self._length

    def getfile(self) -> "_Nothing":
        return self

    def read(self, size: int = -1) -> bytes:
        return b""

    def readline(self, size: int = -1) -> bytes:
        return b""

    def __iter__(self) -> "_Nothing":
        return self

    def __next__(self) -> bytes:
        raise StopIteration

    def close(self) -> None:
        """Nothing was kept."""


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    """Decides from the head alone how much of a body is kept; the rest passes by unkept.

    The application then answers that it was too much: a connection that is closed instead shows
    its sender nothing.
    """

    limits: BodyLimits
    adj: Any
    body_rcv: Any

    def __init__(self, adj: Any, keep_later: Callable[[bytes], None] | None = None) -> None:
        super().__init__(adj)
        self.begun_at = time.monotonic()
        self._keep_later = keep_later

    def received(self, data: bytes) -> int:
        """Take of `data` what belongs to this request; what follows is kept for later."""
        taken = int(super().received(data))
        if self.completed and self._keep_later is not None and taken < len(data):
            self._keep_later(data[taken:])
            return len(data)
        return taken

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head, and choose what becomes of the body."""
        super().parse_header(header_plus)
        if self.body_rcv is None:
            return
        cookies = self.headers.get("COOKIE", "")
        token = self.headers.get("AUTHORIZATION", "")
        limit = self.limits.find(self.command, self.path, cookies, token)
        if self.chunked:
            # Its length is not known before it is there. Browsers never send forms like that.
            self.adj = _with_body_limit(self.adj, limit)
        elif self.content_length > limit:
            self.body_rcv = FixedStreamReceiver(self.content_length, _Nothing())

    def is_late(self, now: float) -> bool:
        """Whether this request should have been complete by `now` (of the monotonic clock)."""
        allowed = HEAD_SECONDS
        if self.headers_finished:
            allowed += max(self.content_length, self.body_bytes_received) / _LEAST_BODY_RATE
        return now - self.begun_at > allowed


class _Limited:
    """The adjustments of a server with another limit for bodies."""

    def __init__(self, adj: Any, limit: int) -> None:
        self._adj = adj
        self.max_request_body_size = limit

    def __getattr__(self, name: str) -> Any:
        return getattr(self._adj, name)


def _with_body_limit(adj: Any, limit: int) -> Any:
    return _Limited(adj, limit)


class _Task(WSGITask):  # type: ignore[misc]
    """One request at work: its client is sent elsewhere where others wait for a thread."""

    def build_response_header(self) -> bytes:
        """Close the connection behind the answer while there are more requests than threads.

        Its client opens the next one, and that is taken by whichever process has a thread free.
        Who has asked for more already is answered here.
        """
        server = self.channel.server
        if server.count_at_work() > server.adj.threads and not self.channel.has_more:
            self.set_close_on_finish()
        return bytes(super().build_response_header())


class _Channel(HTTPChannel):  # type: ignore[misc]
    """One connection; `server` makes its parser."""

    task_class = _Task

    def __init__(self, server: "_Server", *args: Any, **options: Any) -> None:
        super().__init__(server, *args, **options)
        self.parser_class = partial(server.parser_class, keep_later=self._keep_later)
        # What came behind a request that is not answered yet.
        self._later = b""
        # Since when some of an answer is left, and how much it was then.
        self._left: tuple[float, int] | None = None

    def _keep_later(self, data: bytes) -> None:
        self._later += data

    def readable(self) -> bool:
        """Begin the next request, of those that came together, when an answer has been read.

        Else somebody who sends many requests and reads nothing has their answers pile up here.
        """
        if self._later and not (self.is_at_work or self.will_close or self.close_when_flushed):
            later, self._later = self._later, b""
            self.received(later)
        return not self._later and bool(super().readable())

    @property
    def has_more(self) -> bool:
        """Whether more has come behind the request that is being answered."""
        return len(self.requests) > 1 or bool(self._later) or self.request is not None

    @property
    def is_at_work(self) -> bool:
        """Whether a request is being answered, or its answer is still on its way."""
        return bool(self.requests) or bool(self.total_outbufs_len)

    def is_late(self, now: float) -> bool:
        """Whether its unfinished request has taken too long."""
        request = self.request
        return not self.requests and request is not None and request.is_late(now)

    def is_read_slowly(self, now: float) -> bool:
        """Whether less of an answer was read by `now` than should have been; to be asked often."""
        left = 0 if self.requests else self.total_outbufs_len
        if not left:
            self._left = None
            return False
        since, at_first = self._left = self._left or (now, left)
        return now - since > READ_SECONDS + (at_first - left) / _LEAST_READ_RATE


class _Server(TcpWSGIServer):  # type: ignore[misc]
    """A listening socket with deadlines, which is never full for a new client."""

    channel_class = _Channel

    def __init__(self, *args: Any, parser_class: type[_Parser], **options: Any) -> None:
        self.parser_class = parser_class
        super().__init__(*args, **options)

    def readable(self) -> bool:
        """Make room before saying whether there is any; while every thread is at work, there is
        none.

        Whoever takes a connection keeps it for all its requests. What one process cannot answer
        yet is left to another, whose threads may be free; where there is none, it waits before the
        door as it would have waited inside.
        """
        if self.accepting and len(self._map) >= self.adj.connection_limit - 1:
            self._make_room()
        # Asked first: it also closes whoever is late.
        is_open = bool(super().readable())
        return is_open and self.count_at_work() < self.adj.threads

    def count_at_work(self) -> int:
        """How many connections have a request that is being answered, or waits for a thread."""
        return sum(bool(channel.requests) for channel in list(self.active_channels.values()))

    def maintenance(self, now: float) -> None:
        """Close what has been idle for too long, and what is unfinished after its deadline."""
        super().maintenance(now)
        moment = time.monotonic()
        for channel in list(self.active_channels.values()):
            if channel.is_late(moment):
                channel.will_close = True
            elif channel.is_read_slowly(moment):
                # What cannot be written is never asked whether it shall close.
                channel.handle_close()

    def stop_accepting(self) -> None:
        """Take no new connections; those that are open go on."""
        self.accepting = False
        self.del_channel()
        self.socket.close()

    def _make_room(self) -> None:
        waiting = [c for c in self.active_channels.values() if not c.requests]
        waiting.sort(key=lambda channel: channel.last_activity)
        # A few clients who drip into many connections are all "active": they are told apart by
        # never having finished a request. Who still reads an answer goes last.
        waiting.sort(key=lambda channel: (channel.is_at_work, channel.request is None))
        for channel in waiting[:_MADE_ROOM]:
            channel.handle_close()


class PagesWorker(Worker):  # type: ignore[misc]
    """Serves the application that gunicorn loaded, until gunicorn says that it is enough."""

    def run(self) -> None:
        """Serve; afterwards finish what was asked before, within gunicorn's grace."""
        servers, dispatcher, connections = self._open()
        while self.alive and self.ppid == os.getppid():
            self.notify()
            wasyncore.poll2(_PAUSE_SECONDS, connections)
        for server in servers:
            server.stop_accepting()
        until = time.monotonic() + self.cfg.graceful_timeout
        while time.monotonic() < until and any(
            channel.is_at_work for channel in connections.values() if isinstance(channel, _Channel)
        ):
            self.notify()
            wasyncore.poll2(0.05, connections)
        dispatcher.shutdown(timeout=1)
        wasyncore.close_all(connections, ignore_all=True)

    def _open(self) -> tuple[list[_Server], ThreadedTaskDispatcher, dict[int, Any]]:
        limits = self.wsgi.extensions["yinqiao_body_limits"]
        proxies = self.wsgi.extensions["yinqiao_settings"].trusted_proxies
        parser_class = type("_LimitedParser", (_Parser,), {"limits": limits})
        adjustments = Adjustments(
            sockets=[each.sock for each in self.sockets],
            threads=self.cfg.threads,
            ident=None,
            # One more: a request of just as much as we take is one that we take.
            max_request_body_size=limits.largest + 1,
            max_request_header_size=_HEAD_BYTES,
            # What people send never lies on a disk.
            inbuf_overflow=2 * limits.largest,
            outbuf_high_watermark=_NEVER,
            connection_limit=CONNECTIONS,
            channel_timeout=_IDLE_SECONDS,
            cleanup_interval=1,
            asyncore_use_poll=True,
            log_socket_errors=False,
            # Without a proxy that we trust, nobody tells us from where a request came.
            clear_untrusted_proxy_headers=proxies == 0,
        )
        dispatcher = ThreadedTaskDispatcher()
        dispatcher.set_thread_count(self.cfg.threads)
        connections: dict[int, Any] = {}
        servers = [
            _Server(
                self.wsgi,
                connections,
                _sock=_as_socket(each),
                dispatcher=dispatcher,
                adj=adjustments,
                bind_socket=False,
                sockinfo=(each.family, each.type, each.proto, each.getsockname()),
                parser_class=parser_class,
            )
            for each in adjustments.sockets
        ]
        return servers, dispatcher, connections


def _as_socket(each: socket.socket) -> socket.socket:
    each.setblocking(False)
    return each
