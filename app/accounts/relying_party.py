"""This site as passkeys know it: the name they are bound to, and the address they are used at."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """`party_id` is the host, `origin` what a browser says of the page (RFC 6454)."""

    party_id: str
    origin: str


def find_relying_party(public_url: str) -> RelyingParty | None:
    """The site at `public_url`; None where browsers offer no passkeys.

    They do not for an address in figures, as `127.0.0.1`, nor without encryption, except on
    `localhost`.
    """
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    if not host or _is_in_figures(host) or (parts.scheme != "https" and host != "localhost"):
        return None
    is_usual = parts.port in (None, {"https": 443, "http": 80}[parts.scheme])
    port = "" if is_usual else f":{parts.port}"
    return RelyingParty(party_id=host, origin=f"{parts.scheme}://{host}{port}")


def _is_in_figures(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
