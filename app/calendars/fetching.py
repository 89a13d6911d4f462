"""Reading a calendar elsewhere over HTTPS, within a time and a size that it cannot stretch."""

import http.client
import socket
import ssl
import threading
from typing import Final, NamedTuple
from urllib.parse import urljoin, urlsplit

from app.errors import DomainError
from app.webhooks.destinations import Destination, find_destination

# For everything from the first connection to the last byte, in seconds.
DEADLINE: Final = 15.0
# A year of a full calendar has some hundred kilobytes.
MOST_BYTES: Final = 2_000_000
_REDIRECTS: Final = 3
_MOVED: Final = (301, 302, 303, 307, 308)


class NotRead(Exception):
    """There is no calendar to be had. `code` says why, in a word of ours."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Answer(NamedTuple):
    status: int
    location: str
    body: bytes


def fetch_calendar(url: str) -> bytes:
    """What stands at `url`, at most `MOST_BYTES`.

    Only public addresses are asked, also where one leads to another; each is looked up once, and
    the connection goes to what was looked at. Raises NotRead: "address" for what is no public
    one, "unreachable", "late", "refused" for a status that is no success, "too_large".
    """
    is_late = threading.Event()
    open_sockets: list[socket.socket] = []

    def cut_off() -> None:
        is_late.set()
        for each in open_sockets:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    # A server that sends a byte now and then would be waited for without end.
    timer = threading.Timer(DEADLINE, cut_off)
    timer.daemon = True
    timer.start()
    try:
        for _ in range(_REDIRECTS + 1):
            answer = _ask(_find(url), open_sockets)
            if answer.status not in _MOVED:
                break
            url = urljoin(url, answer.location)
    except (OSError, http.client.HTTPException, ValueError, UnicodeError) as error:
        # What ends because it was cut off ends in many ways.
        was_late = is_late.is_set() or isinstance(error, TimeoutError)
        raise NotRead("late" if was_late else "unreachable") from error
    finally:
        timer.cancel()
    if answer.status != 200:
        raise NotRead("refused")
    return answer.body


def make_https(url: str) -> str:
    """`url` as it is asked for: calendar programs write webcal:// for https://."""
    parts = urlsplit(url)
    return parts._replace(scheme="https").geturl() if parts.scheme == "webcal" else url


def _find(url: str) -> Destination:
    try:
        destination = find_destination(make_https(url), ())
    except DomainError as error:
        raise NotRead("address") from error
    if not destination.is_encrypted:
        raise NotRead("address")
    return destination


def _ask(destination: Destination, open_sockets: list[socket.socket]) -> _Answer:
    with socket.create_connection((destination.address, destination.port), DEADLINE) as raw:
        open_sockets.append(raw)
        encrypted = ssl.create_default_context().wrap_socket(
            raw.dup(), server_hostname=destination.host
        )
        # Of the right host for the header; its socket is the one that was looked at.
        connection = http.client.HTTPConnection(destination.host, destination.port)
        try:
            connection.sock = encrypted
            connection.request(
                "GET",
                destination.target,
                headers={
                    "Host": _name_host(destination),
                    "Accept": "text/calendar",
                    "User-Agent": "Yinqiao",
                    "Connection": "close",
                },
            )
            response = connection.getresponse()
            body = response.read(MOST_BYTES + 1)
            if len(body) > MOST_BYTES:
                raise NotRead("too_large")
            return _Answer(response.status, response.headers.get("Location", ""), body)
        finally:
            connection.close()


def _name_host(destination: Destination) -> str:
    host = f"[{destination.host}]" if ":" in destination.host else destination.host
    return host if destination.port == 443 else f"{host}:{destination.port}"
