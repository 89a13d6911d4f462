"""What a page of ours may load, as browsers are told, and what they say that it tried beyond."""

import json
import logging
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

log = logging.getLogger(__name__)

REPORTS_PATH: Final = "/policy-reports"

# Browsers send some reports together, of some hundred bytes each.
REPORT_BYTES: Final = 16_384
_REPORTS_TOGETHER: Final = 10

_GROUP: Final = "policy"
REPORTING_ENDPOINTS: Final = f'{_GROUP}="{REPORTS_PATH}"'

_DIRECTIVES: Final = (
    ("default-src", "'none'"),
    ("script-src", "'self'"),
    ("style-src", "'self'"),
    ("img-src", "'self' data:"),
    ("connect-src", "'self'"),
    ("form-action", "'self'"),
    ("frame-ancestors", "'none'"),
    ("base-uri", "'none'"),
    # Of what is refused, older browsers tell the first, newer ones the second over https.
    ("report-uri", REPORTS_PATH),
    ("report-to", _GROUP),
)
POLICY: Final = "; ".join(f"{name} {value}" for name, value in _DIRECTIVES)

# As a report may name what was refused: whatever else it says is anybody's text.
_NAMES: Final = frozenset(
    {name for name, _value in _DIRECTIVES}
    | {f"{kind}-src{part}" for kind in ("script", "style") for part in ("-elem", "-attr")}
    | {f"{kind}-src" for kind in ("child", "font", "frame", "manifest", "media", "object")}
    | {"worker-src"}
)


def take_reports() -> None:
    """The reports of the present request are in the log: what was refused, on which kind of page.

    Anybody can send one, so none is believed further: words from a closed list and the pattern of
    an address, and the log writes the same line once in a while. Raises RequestEntityTooLarge.
    """
    # No more than a stranger may send was kept of it.
    body = request.get_data()
    if len(body) > REPORT_BYTES:
        raise RequestEntityTooLarge
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        return
    for page, directive in _read(sent):
        log.warning("a browser refused %s on %s", directive, page)


def _read(sent: Any) -> Iterator[tuple[str, str]]:
    """Pages and directives of what a browser sent, in either form (CSP 2 and 3)."""
    for each in (sent if isinstance(sent, list) else [sent])[:_REPORTS_TOGETHER]:
        match each:
            case {"csp-report": {"document-uri": str(page), **said}}:
                directive = said.get("effective-directive") or said.get("violated-directive")
            case {"type": "csp-violation", "body": {"documentURL": str(page), **said}}:
                directive = said.get("effectiveDirective")
            case _:
                continue
        name = str(directive).partition(" ")[0]
        yield _name_page(page), name if name in _NAMES else "something"


def _name_page(address: str) -> str:
    """The pattern of a page of ours; an address itself may hold a secret."""
    try:
        path = urlsplit(address).path
        rule, _values = current_app.url_map.bind("").match(path, "GET", return_rule=True)
    except (ValueError, HTTPException):
        return "no page of ours"
    return str(rule.rule)
