"""A match of a bare text with all that decided it: for whoever wants to know why."""

from collections.abc import Iterator
from datetime import datetime
from typing import TypedDict

from sqlalchemy.orm import Session

from app.clock import today
from app.mandates.judging import judge_published
from app.matches.queries.asking import list_excluded, make_query
from app.matches.queries.conflicts import list_conflicts
from app.matches.queries.texts import MatchedText, show_texts
from matching.engine import Engine
from matching.records import MatchList, Query
from models.canonical import canonical_text
from models.needs import Need
from models.vocabulary import ProviderKind

# What makes up the relevance, and what else decides, in the order of docs/matching.md.
_SHOWN = ("relevance", "whole", "late", "back", "words", "refused", "asked", "judged")


class ReadText(TypedDict):
    """A sentence of the need, what it was taken for, and how surely (0 to 1)."""

    text: str
    role: str
    probability: float


class ExplainedMatch(TypedDict):
    """A match, its features by name (0 to 1), and what each pair of its evidence adds."""

    match: MatchedText
    features: dict[str, float]
    contributions: list[float]


class ExplainedText(TypedDict):
    """What was read, the versions that decided, and the matches, best first."""

    read: list[ReadText]
    versions: dict[str, str]
    matches: list[ExplainedMatch]


def explain_text(
    session: Session, engine: Engine, *, text: str, kind: str | None, limit: int
) -> ExplainedText:
    """The best `limit` of all published providers for a bare text, with all that decided it.

    The order, and `match`, are those of `match_text`.
    """
    asked = canonical_text(text)
    found = engine.match(Query(asked, kind, all_published=True), limit=limit)
    return _explain(session, asked, found)


def explain_need(
    session: Session,
    engine: Engine,
    *,
    need: Need,
    kind: ProviderKind | None,
    limit: int,
    at: datetime,
) -> ExplainedText:
    """The best `limit` for a stored need, as its page would find them now, nothing left to chance.

    With its conditions, its incubator's pool, mandates as they are at `at`, whoever is in conflict
    left out, and as its founder corrected the reading. Without `kind` all kinds stand in one list.
    Stores nothing.
    """
    judged = judge_published(session, need, today(at))
    excluded = list_excluded(judged, list_conflicts(session, need.startup))
    found = engine.match(make_query(need, kind, judged=judged), excluded=excluded, limit=limit)
    return _explain(session, need.text, found)


def _explain(session: Session, asked: str, found: MatchList) -> ExplainedText:
    versions = found.versions
    return ExplainedText(
        read=[
            ReadText(text=asked[s.start : s.end], role=s.role, probability=s.sureness)
            for s in found.read
        ],
        versions={
            "encoder": versions.encoder,
            "background": versions.background,
            "weights": versions.weights,
        },
        matches=_explain_each(session, asked, found),
    )


def list_lines(found: ExplainedText) -> Iterator[str]:
    """The same as lines for a terminal, in English like all that the command line says."""
    for read in found["read"]:
        yield f"{read['role']:>10} {read['probability']:.2f}  {read['text']}"
    yield f"weights {found['versions']['weights']}"
    if not found["matches"]:
        yield "Nobody fits."
    for number, each in enumerate(found["matches"], start=1):
        row, features = each["match"], each["features"]
        yield f"{number:3}. {row['name']}  [{row['kind']}, {row['strength']}]"
        figures = ", ".join(f"{name} {features[name]:.3f}" for name in _SHOWN)
        yield f"     score {row['score']:.3f}: {figures}"
        for pair, adds in zip(row["evidence"], each["contributions"], strict=True):
            yield f"     {pair['need']}\n     ⌒ {pair['provider']}  (+{adds:.3f})"
        yield from (f"     – {sentence}" for sentence in row["against"])


def _explain_each(session: Session, asked: str, found: MatchList) -> list[ExplainedMatch]:
    explained = []
    for result in found.results:
        alone = MatchList((result,), found.considered, found.excluded_by, found.versions)
        explained += [
            ExplainedMatch(
                match=shown,
                features=dict(result.features),
                contributions=[round(pair.contribution, 4) for pair in result.evidence],
            )
            for shown in show_texts(session, asked, alone)
        ]
    return explained
