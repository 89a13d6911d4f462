"""One delivery leaves over HTTP, within a time that the receiver cannot stretch."""

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from typing import Final

from app.errors import DomainError
from app.settings import Network
from app.webhooks.destinations import Destination, find_destination

# For everything from the connection to the status, in seconds.
DEADLINE: Final = 5.0


class NotDelivered(Exception):
    """There was no answer; the message says why, in words of ours."""


def send(url: str, body: bytes, headers: Mapping[str, str], networks: Sequence[Network]) -> int:
    """POST `body` to `url`; gives the status. No redirect is followed, no answer's text is read.

    Raises NotDelivered: no address, a private one, no connection or certificate, no answer in time.
    """
    try:
        destination = find_destination(url, networks)
    except DomainError as error:
        raise NotDelivered(error.code) from error
    except (OSError, UnicodeError) as error:
        raise NotDelivered("the name has no address") from error
    try:
        with socket.create_connection((destination.address, destination.port), DEADLINE) as raw:
            return _ask(raw, destination, body, headers)
    except ssl.SSLCertVerificationError as error:
        raise NotDelivered(f"the certificate is not good: {error.verify_message}"[:200]) from error
    except TimeoutError as error:
        raise NotDelivered("no answer in time") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotDelivered(f"no connection, or no HTTP: {type(error).__name__}") from error


def _ask(
    raw: socket.socket, destination: Destination, body: bytes, headers: Mapping[str, str]
) -> int:
    # A receiver that sends a byte now and then would be waited for without end.
    is_late = threading.Event()

    def cut_off() -> None:
        is_late.set()
        try:
            raw.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    timer = threading.Timer(DEADLINE, cut_off)
    timer.daemon = True
    timer.start()
    # Of the right host for the header; its socket is the one that was looked at.
    connection = http.client.HTTPConnection(destination.host, destination.port)
    try:
        connection.sock = _encrypt(raw, destination) if destination.is_encrypted else raw
        connection.request(
            "POST", destination.target, body=body, headers=_name_host(destination, headers)
        )
        return connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as error:
        if is_late.is_set():
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()
        connection.close()


def _encrypt(raw: socket.socket, destination: Destination) -> ssl.SSLSocket:
    # A socket of its own: closing one of the two must not take the descriptor from the other.
    return ssl.create_default_context().wrap_socket(raw.dup(), server_hostname=destination.host)


def _name_host(destination: Destination, headers: Mapping[str, str]) -> dict[str, str]:
    usual = destination.port == (443 if destination.is_encrypted else 80)
    host = f"[{destination.host}]" if ":" in destination.host else destination.host
    return {**headers, "Host": host if usual else f"{host}:{destination.port}"}
