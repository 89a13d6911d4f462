"""Further texts of providers, as the matching engine takes them."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.ranking.corrections import locate_corrections
from app.ranking.stored_passages import StoredPassages, group_passages, write_passage
from matching.records import FurtherText, Passage
from models.provider_texts import ProviderText, ProviderTextPassage

# A database takes so many numbers in one question.
_ASKED_AT_ONCE = 500


def read_further_texts(
    session: Session,
    ids: Sequence[int],
    *,
    corrected: Mapping[int, Mapping[str, str]],
    fingerprint: str,
) -> Mapping[int, tuple[FurtherText, ...]]:
    """The texts of each provider that has some, the earlier first.

    `corrected` says by provider what sentences do; vectors are those of the encoder `fingerprint`.
    """
    rows = session.execute(
        select(ProviderText.provider_id, ProviderText.id, ProviderText.text)
        .where(ProviderText.provider_id.in_(ids))
        .order_by(ProviderText.provider_id, ProviderText.id)
    ).all()
    if not rows:
        return {}
    passages = dict(_read_passages(session, [row.id for row in rows], fingerprint))
    found: dict[int, list[FurtherText]] = {}
    for provider_id, number, text in rows:
        own = passages.get(number, StoredPassages())
        located = locate_corrections(text, own.passages, corrected.get(provider_id, {}))
        found.setdefault(provider_id, []).append(
            FurtherText(number, text, own.passages, own.vectors, located)
        )
    return {provider_id: tuple(own) for provider_id, own in found.items()}


def store_text_passages(
    session: Session, *, text: ProviderText, passages: Sequence[Passage], fingerprint: str
) -> None:
    """Replace the passages of `text` by `passages`, which carry vectors. Flushes."""
    session.flush()
    session.execute(delete(ProviderTextPassage).where(ProviderTextPassage.text_id == text.id))
    rows = [
        {"text_id": text.id} | write_passage(ordinal, passage, fingerprint)
        for ordinal, passage in enumerate(passages)
    ]
    if rows:
        session.execute(insert(ProviderTextPassage), rows)
    session.expire(text, ["passages"])


def _read_passages(
    session: Session, ids: Sequence[int], fingerprint: str
) -> Iterator[tuple[int, StoredPassages]]:
    for start in range(0, len(ids), _ASKED_AT_ONCE):
        some = ids[start : start + _ASKED_AT_ONCE]
        rows = session.execute(
            select(
                ProviderTextPassage.text_id,
                ProviderTextPassage.role,
                ProviderTextPassage.start,
                ProviderTextPassage.end,
                ProviderTextPassage.vector,
                ProviderTextPassage.dtype,
                ProviderTextPassage.fingerprint,
            )
            .where(ProviderTextPassage.text_id.in_(some))
            .order_by(ProviderTextPassage.text_id, ProviderTextPassage.ordinal)
        )
        yield from group_passages(rows, fingerprint).items()
