"""Matches of a bare text, and the published texts that matches quote."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.mandates.judging import NOTHING_JUDGED, Judged, list_unknown
from app.matches.words import word_against
from matching.engine import Engine
from matching.records import MatchList, Query
from models.canonical import canonical_text
from models.providers import Provider


class MatchedText(TypedDict):
    """One provider for a bare text, ready to be written as JSON."""

    id: str
    kind: str
    name: str
    strength: str
    score: float
    evidence: list[dict[str, str]]
    against: list[str]


@dataclass(frozen=True, slots=True)
class ShownText:
    """What is quoted of a provider, and how it is named."""

    public_id: str
    name: str
    published_text: str


def list_shown_texts(
    session: Session, provider_ids: Collection[int], *, revision: int
) -> Mapping[int, ShownText]:
    """The published texts by provider id, of those that have not changed after `revision`.

    An index at `revision` knew exactly these texts; offsets into another one mean nothing.
    """
    rows = session.execute(
        select(Provider.id, Provider.public_id, Provider.name, Provider.published_text).where(
            Provider.id.in_(provider_ids),
            Provider.revision <= revision,
            Provider.state == "published",
        )
    )
    return {row[0]: ShownText(row[1], row[2], row[3]) for row in rows}


def match_text(
    session: Session, engine: Engine, *, text: str, kind: str | None, limit: int
) -> list[MatchedText]:
    """The best `limit` of all published providers for a bare text, best first.

    Without `kind` all kinds stand in one list. Each evidence is a literal slice of the canonical
    form of `text` and of the provider's published text; `against` is worded for the reader.
    """
    asked = canonical_text(text)
    found = engine.match(Query(asked, kind, all_published=True), limit=limit)
    return show_texts(session, asked, found)


def show_texts(
    session: Session, asked: str, found: MatchList, judged: Judged = NOTHING_JUDGED
) -> list[MatchedText]:
    """What was found for the canonical text `asked`, best first, worded for the reader."""
    shown = list_shown_texts(
        session, [r.provider_id for r in found.results], revision=found.versions.revision
    )
    return [
        MatchedText(
            id=provider.public_id,
            kind=result.kind,
            name=provider.name,
            strength=result.strength,
            score=result.score,
            evidence=[
                {
                    "need": asked[pair.need_start : pair.need_end],
                    "provider": provider.published_text[pair.provider_start : pair.provider_end],
                }
                for pair in result.evidence
            ],
            against=[
                word_against(a.code, a.wanted, a.found)
                for a in (*result.against, *list_unknown(judged, result.provider_id))
            ],
        )
        for result in found.results
        if (provider := shown.get(result.provider_id)) is not None
    ]
