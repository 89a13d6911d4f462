"""The JSON face of matching: a look ahead while a need is still being written.

Programs log in as people do, and send the token against forgery in the header `X-CSRFToken`.
"""

from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response, current_app, jsonify, request

from app.clock import now
from app.extensions import db
from app.matches.errors import MatchingNotReady, PreviewUnreadable
from app.matches.queries.previews import preview_matches
from app.profiles.queries import find_startup
from app.web.allowance import counts_previews
from app.web.engine import get_engine
from app.web.guard import requires
from app.web.turns import in_turn
from app.words.limits import TEXT_LIMIT, measure_length
from matching.encoders.errors import EncoderMissing
from models.organisations import Startup
from models.vocabulary import ProviderKind

blueprint = Blueprint("matches_api", __name__, url_prefix="/api")

RESULTS_LIMIT: Final = 50
_RESULTS: Final = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """What a program asks for: words, the kind of provider if it matters, and how many."""

    text: str
    kind: str | None
    limit: int


@blueprint.post("/startups/<public_id>/matches")
@requires("match:preview", subject=find_startup)
@counts_previews
@in_turn
def preview(startup: Startup) -> Response:
    """What `yinqiao match --json` prints, for a need of the startup; stores nothing."""
    asked = _read(_parse())
    try:
        found = preview_matches(
            db.session,
            get_engine(),
            startup=startup,
            text=asked.text,
            kind=asked.kind,
            limit=asked.limit,
            at=now(),
        )
    except EncoderMissing as error:
        current_app.logger.exception("matches cannot be looked for")
        raise MatchingNotReady from error
    answer = jsonify(found)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _parse() -> Any:
    """What was sent, None where it is no JSON or is nested deeper than can be read."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


def _read(sent: Any) -> Asked:
    match sent:
        case {"text": str(text), **others} if (
            text.strip()
            and measure_length(text) <= TEXT_LIMIT
            and others.keys() <= {"kind", "limit"}
            and others.get("kind") in (None, *ProviderKind)
            and type(limit := others.get("limit", _RESULTS)) is int
            and 1 <= limit <= RESULTS_LIMIT
        ):
            kind = others.get("kind")
            return Asked(text, None if kind is None else str(kind), limit)
    raise PreviewUnreadable(characters=TEXT_LIMIT, results=RESULTS_LIMIT)
