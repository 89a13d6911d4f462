"""Where may be sent to: public addresses alone, unless the installation names other networks.

A name is resolved once, for each connection anew, and the connection goes to the address that was
looked at: a name that means something else a moment later leads nowhere else.
"""

import socket
import threading
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final, NamedTuple
from urllib.parse import SplitResult, urlsplit

from app.settings import Network
from app.webhooks.errors import WebhookAddressPrivate, WebhookAddressRefused
from models.webhooks import ADDRESS_LIMIT

# For a name to be looked up.
LOOK_UP_SECONDS: Final = 5.0

_PORTS: Final = {"https": 443, "http": 80}

# They carry an address of the old kind, which may be a private one, or were for sites of one.
_CARRIERS: Final = (
    ip_network("fec0::/10"),
    ip_network("64:ff9b::/96"),
    ip_network("64:ff9b:1::/48"),
    ip_network("2002::/16"),
)


class Destination(NamedTuple):
    """Where a delivery goes: `address` is what `host` means at this moment."""

    host: str
    port: int
    is_encrypted: bool
    target: str
    address: str


def check_address(url: str, networks: Sequence[Network]) -> None:
    """`url` can be that of a webhook. Names are not looked up: they may mean something else later.

    Unencrypted ones are for private `networks` alone. Raises WebhookAddressRefused,
    WebhookAddressPrivate.
    """
    parts = _split(url)
    if parts.scheme != "https" and not networks:
        raise WebhookAddressRefused
    host = parts.hostname or ""
    try:
        literal = ip_address(host)
    except ValueError:
        # "localhost", and numbers that only a resolver takes for an address.
        if "." not in host.strip(".") and not networks:
            raise WebhookAddressPrivate from None
    else:
        _check(literal, networks)


def find_destination(url: str, networks: Sequence[Network]) -> Destination:
    """What `url` means now. Raises WebhookAddressRefused, WebhookAddressPrivate if any of the
    addresses that the name has is private, OSError for a name that has none."""
    parts = _split(url)
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    addresses = [ip_address(each.partition("%")[0]) for each in _look_up(host, port)]
    for address in addresses:
        _check(address, networks)
    if parts.scheme != "https" and not any(_lies_in(addresses[0], each) for each in networks):
        raise WebhookAddressRefused
    target = parts.path or "/"
    return Destination(
        host,
        port,
        parts.scheme == "https",
        f"{target}?{parts.query}" if parts.query else target,
        str(addresses[0]),
    )


def _look_up(host: str, port: int) -> list[str]:
    """The addresses that a name has. Raises OSError for none, and when it takes too long."""
    found: list[str] | OSError | UnicodeError = TimeoutError()

    def ask() -> None:
        nonlocal found
        try:
            told = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
            found = [str(each[4][0]) for each in told]
        except (OSError, UnicodeError) as error:
            found = error

    # A resolver takes the time it wants, and a server of names that hangs is easily had.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(LOOK_UP_SECONDS)
    if isinstance(found, list):
        return found
    raise found


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode() if parts.hostname else ""
    except (ValueError, UnicodeError):
        raise WebhookAddressRefused from None
    is_plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    if (
        not is_plain
        or len(url) > ADDRESS_LIMIT
        or parts.scheme not in _PORTS
        or not host
        or port == 0
        or "@" in parts.netloc
        or "#" in url
    ):
        raise WebhookAddressRefused
    return parts


def _check(address: IPv4Address | IPv6Address, networks: Sequence[Network]) -> None:
    if any(_lies_in(address, network) for network in networks):
        return
    carried = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    shown = carried or address
    if (
        not shown.is_global
        or shown.is_multicast
        or any(_lies_in(address, carrier) for carrier in _CARRIERS)
    ):
        raise WebhookAddressPrivate


def _lies_in(address: IPv4Address | IPv6Address, network: Network) -> bool:
    return address.version == network.version and address in network
