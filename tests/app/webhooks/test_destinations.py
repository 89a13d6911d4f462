"""Where webhooks may be: what is private is refused, however it is written."""

import socket
from ipaddress import ip_network

import pytest

from app.webhooks import destinations
from app.webhooks.destinations import check_address, find_destination
from app.webhooks.errors import WebhookAddressPrivate, WebhookAddressRefused

pytestmark = [pytest.mark.api, pytest.mark.trust]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/told",
        "https://example.org:8443/a/b?c=d",
        "https://8.8.8.8/",
        "https://[2606:4700::1111]/",
        "https://xn--fiq228c.example/",
    ],
)
def test_public_addresses_are_taken(url: str) -> None:
    check_address(url, ())


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "http://example.org/",
        "ftp://example.org/",
        "https://",
        "https:///told",
        "https://user:secret@example.org/",
        "https://example.org/#part",
        "https://example.org:99999/",
        "https://example.org:0/",
        "https://[::1",
        "https://exa mple.org/",
        "https://example.org/\r\nX: y",
        "https://例子.example/",
        "https://example.org\\@10.0.0.1/",
        "https://" + "a" * 600,
        "javascript:alert(1)",
    ],
)
def test_what_is_no_such_address_is_refused(url: str) -> None:
    with pytest.raises(WebhookAddressRefused):
        check_address(url, ())


PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "192.168.0.1",
    "172.16.0.9",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104  (nothing is bound)
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fd00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_refused_as_it_is_typed(address: str) -> None:
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(WebhookAddressPrivate):
        check_address(f"https://{host}/", ())


@pytest.mark.parametrize(
    "url", ["https://localhost/", "https://2130706433/", "https://0x7f000001/"]
)
def test_so_is_what_only_a_resolver_takes_for_one(url: str) -> None:
    with pytest.raises(WebhookAddressPrivate):
        check_address(url, ())


def resolve_to(*addresses: str, patch: pytest.MonkeyPatch) -> None:
    def look_up(host: str, port: int, **options: object) -> list[object]:
        return [(0, 0, 0, "", (address, port)) for address in addresses]

    patch.setattr(destinations.socket, "getaddrinfo", look_up)


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_that_means_a_private_address_is_refused(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve_to("8.8.8.8", address, patch=monkeypatch)
    with pytest.raises(WebhookAddressPrivate):
        find_destination("https://rebound.example/", ())


def test_the_connection_goes_to_the_address_that_was_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolve_to("8.8.8.8", patch=monkeypatch)
    found = find_destination("https://example.org/told?by=us", ())
    assert found == ("example.org", 443, True, "/told?by=us", "8.8.8.8")


def test_networks_that_are_named_are_allowed_and_no_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    networks = (ip_network("10.2.0.0/16"),)
    resolve_to("10.2.3.4", patch=monkeypatch)
    assert find_destination("http://platform.internal/", networks).port == 80
    resolve_to("10.3.3.4", patch=monkeypatch)
    with pytest.raises(WebhookAddressPrivate):
        find_destination("http://platform.internal/", networks)


def test_nothing_public_is_sent_unencrypted_even_where_networks_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolve_to("8.8.8.8", patch=monkeypatch)
    with pytest.raises(WebhookAddressRefused):
        find_destination("http://example.org/", (ip_network("10.2.0.0/16"),))


def test_a_name_without_an_address_is_an_error_of_the_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(destinations.socket, "getaddrinfo", fail)
    with pytest.raises(socket.gaierror):
        find_destination("https://nowhere.example/", ())
