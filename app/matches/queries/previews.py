"""A look at what a need would find while it is still being written; nothing of it is stored."""

from sqlalchemy.orm import Session

from app.matches.queries.conflicts import CONFLICT_CODE, list_conflicts
from app.matches.queries.runs import MatchedText, show_texts
from matching.engine import Engine
from matching.records import Query
from models.canonical import canonical_text
from models.organisations import Startup


def preview_matches(
    session: Session, engine: Engine, *, startup: Startup, text: str, kind: str | None, limit: int
) -> list[MatchedText]:
    """The best `limit` providers that a need of `startup` in the words `text` would be shown.

    Best first; without `kind` all kinds stand in one list. As for a stored need, mentors are those
    of the startup's pool and those open to all, and whoever is in conflict with it is left out.
    """
    asked = canonical_text(text)
    excluded = dict.fromkeys(list_conflicts(session, startup), CONFLICT_CODE)
    query = Query(asked, kind, pool=startup.incubator_id)
    return show_texts(session, asked, engine.match(query, excluded=excluded, limit=limit))
