"""Matches of a bare text, and the published texts that matches quote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.mandates.judging import NOTHING_JUDGED, Judged, list_unknown
from app.matches.words import word_against
from matching.engine import Engine
from matching.records import EvidencePair, MatchList, MatchResult, Query
from models.canonical import canonical_text
from models.provider_texts import ProviderText
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
class QuotedText:
    """A further text of a provider that is quoted."""

    public_id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ShownText:
    """What is quoted of a provider, and how it is named."""

    public_id: str
    name: str
    published_text: str
    further: Mapping[int, QuotedText] = field(default_factory=dict)

    def quote(self, pair: EvidencePair) -> str:
        """The words of `pair` that are the provider's."""
        said = self.further[pair.text].text if pair.text else self.published_text
        return said[pair.provider_start : pair.provider_end]

    def get_source(self, pair: EvidencePair) -> QuotedText | None:
        """The further text that `pair` quotes; None where it quotes the profile."""
        return self.further[pair.text] if pair.text else None


def list_shown_texts(
    session: Session, results: Sequence[MatchResult], *, revision: int
) -> Mapping[int, ShownText]:
    """What is quoted of those who were found, by provider id, of who has not changed after
    `revision`.

    An index at `revision` knew exactly these texts; offsets into another one mean nothing.
    """
    provider_ids = [each.provider_id for each in results]
    quoted = {pair.text for each in results for pair in each.evidence if pair.text}
    further: dict[int, dict[int, QuotedText]] = {}
    if quoted:
        found = session.execute(
            select(
                ProviderText.provider_id,
                ProviderText.id,
                ProviderText.public_id,
                ProviderText.title,
                ProviderText.text,
            ).where(ProviderText.id.in_(quoted))
        )
        for provider_id, number, public_id, title, text in found:
            further.setdefault(provider_id, {})[number] = QuotedText(public_id, title, text)
    rows = session.execute(
        select(Provider.id, Provider.public_id, Provider.name, Provider.published_text).where(
            Provider.id.in_(provider_ids),
            Provider.revision <= revision,
            Provider.state == "published",
        )
    )
    return {row[0]: ShownText(row[1], row[2], row[3], further.get(row[0], {})) for row in rows}


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
    shown = list_shown_texts(session, found.results, revision=found.versions.revision)
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
                    "provider": provider.quote(pair),
                    "text": source.title if (source := provider.get_source(pair)) else "",
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
