"""A look at what a need would find while it is still being written; nothing of it is stored."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.clock import today
from app.mandates.judging import NOTHING_JUDGED, judge_profile
from app.matches.queries.asking import list_excluded
from app.matches.queries.conflicts import list_conflicts
from app.matches.queries.texts import MatchedText, show_texts
from app.ranking.own_terms import read_term_set
from matching.engine import Engine
from matching.records import Query
from models.canonical import canonical_text
from models.organisations import Startup
from models.vocabulary import ProviderKind


def preview_matches(
    session: Session,
    engine: Engine,
    *,
    startup: Startup,
    text: str,
    kind: str | None,
    limit: int,
    at: datetime,
) -> list[MatchedText]:
    """The best `limit` providers that a need of `startup` in the words `text` would be shown.

    Best first; without `kind` all kinds stand in one list. As for a stored need, mentors are those
    of the startup's pool and those open to all, and whoever is in conflict with it is left out.
    Where investors are asked for, so is a fund whose mandate does not pass by the profile alone.
    """
    asked = canonical_text(text)
    judged = NOTHING_JUDGED
    if kind == ProviderKind.INVESTOR:
        judged = judge_profile(session, startup, today(at))
    excluded = list_excluded(judged, list_conflicts(session, startup))
    query = Query(
        asked,
        kind,
        pool=startup.incubator_id,
        judged=frozenset(judged.funds),
        terms=read_term_set(startup.incubator),
    )
    found = engine.match(query, excluded=excluded, limit=limit)
    return show_texts(session, asked, found, judged)
