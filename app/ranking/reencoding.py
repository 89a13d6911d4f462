"""Encodes published profiles again after the encoder was changed, and stores the vectors.

Without it every process would do the same work in memory each time that it starts.
"""

from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.ranking.further_texts import store_text_passages
from app.ranking.indexing import store_passages
from app.transactions import writing
from matching.engine import Engine
from models.profile_text import compose_profile_text
from models.provider_texts import ProviderText, ProviderTextPassage
from models.providers import Provider, ProviderPassage
from models.revisions import mark_changed

# So many profiles are encoded together and then stored in one transaction.
CHUNK = 50


def reencode_profiles(
    session: Session, engine: Engine, *, progress: Callable[[str, int, int], None]
) -> int:
    """Every stored passage has a vector of the present encoder afterwards; gives how many
    profiles were encoded. Commits chunk by chunk and goes on where an interrupted call stopped.

    A profile that changes meanwhile is left alone: its own change has encoded it.
    """
    fingerprint = engine.encoder.fingerprint
    stale = (
        select(ProviderPassage.provider_id)
        .where(ProviderPassage.fingerprint != fingerprint)
        .distinct()
    )
    total = session.scalar(select(func.count()).select_from(stale.subquery())) or 0
    done, last = 0, 0
    while chunk := session.execute(
        select(Provider.id, Provider.published_text)
        .where(Provider.id.in_(stale), Provider.id > last)
        .order_by(Provider.id)
        .limit(CHUNK)
    ).all():
        encoded = engine.encode_texts([row.published_text for row in chunk])
        with writing(session):
            for row, passages in zip(chunk, encoded, strict=True):
                provider = session.scalar(
                    select(Provider).where(Provider.id == row.id).with_for_update()
                )
                if provider is None or provider.published_text != row.published_text:
                    continue
                store_passages(
                    session,
                    provider=provider,
                    passages=passages,
                    sections=compose_profile_text(provider)[1],
                    fingerprint=fingerprint,
                )
                mark_changed(session, provider.id)
        done, last = done + len(chunk), chunk[-1].id
        progress("profiles", done, total)
    _reencode_texts(session, engine)
    return done


def _reencode_texts(session: Session, engine: Engine) -> None:
    """The same for further texts, which never change: one may be gone meanwhile."""
    fingerprint = engine.encoder.fingerprint
    stale = (
        select(ProviderTextPassage.text_id)
        .where(ProviderTextPassage.fingerprint != fingerprint)
        .distinct()
    )
    last = 0
    while chunk := session.execute(
        select(ProviderText.id, ProviderText.text)
        .where(ProviderText.id.in_(stale), ProviderText.id > last)
        .order_by(ProviderText.id)
        .limit(CHUNK)
    ).all():
        encoded = engine.encode_texts([row.text for row in chunk])
        with writing(session):
            for row, passages in zip(chunk, encoded, strict=True):
                text = session.get(ProviderText, row.id, with_for_update=True)
                # A database may give the number of what is gone to another text.
                if text is None or text.text != row.text:
                    continue
                store_text_passages(session, text=text, passages=passages, fingerprint=fingerprint)
                mark_changed(session, text.provider_id)
        last = chunk[-1].id
