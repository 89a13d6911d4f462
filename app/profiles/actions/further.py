"""Further texts of a provider: papers, patents, products and earlier engagements, in words."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.audit import record
from app.errors import ChangedMeanwhile, NotFound
from app.profiles.actions.providers import end_corrections
from app.profiles.encoding import EncodedText
from app.profiles.errors import TextKnown, TooManyTexts
from app.profiles.values import TextValues
from app.ranking.further_texts import store_text_passages
from app.transactions import lock
from models.provider_texts import TEXTS_LIMIT, ProviderText
from models.providers import Provider
from models.revisions import mark_changed
from models.sentence_keys import make_sentence_key


def add_text(
    session: Session,
    *,
    provider: Provider,
    values: TextValues,
    encoded: EncodedText,
    actor: Actor,
    at: datetime,
) -> ProviderText:
    """`provider` is found by this text, too, from the commit on, where its profile is published.

    `encoded` is what `encode_text` made of the text. Raises ChangedMeanwhile where it is of another
    text, TextKnown where the provider has this text, TooManyTexts.
    """
    provider = lock(session, provider)
    require(actor, "provider:edit", provider)
    if encoded.text != values.text:
        raise ChangedMeanwhile
    own = select(ProviderText).where(ProviderText.provider_id == provider.id)
    key = make_sentence_key(values.text)
    if session.scalar(own.where(ProviderText.text_key == key)) is not None:
        raise TextKnown
    if (session.scalar(select(func.count()).select_from(own.subquery())) or 0) >= TEXTS_LIMIT:
        raise TooManyTexts(limit=TEXTS_LIMIT)
    text = ProviderText(
        provider_id=provider.id,
        title=values.title,
        source=values.source,
        year=values.year,
        address=values.address,
        text=values.text,
        text_key=key,
        added_by_id=actor.person_id,
        added_at=at,
    )
    session.add(text)
    store_text_passages(
        session, text=text, passages=encoded.passages, fingerprint=encoded.fingerprint
    )
    session.expire(provider, ["texts"])
    mark_changed(session, provider.id)
    record(
        session,
        actor=actor,
        kind="provider_text_added",
        subject=provider,
        at=at,
        detail={"text": text.public_id, "source": values.source.value},
    )
    return text


def take_back_text(
    session: Session, *, provider: Provider, public_id: str, actor: Actor, at: datetime
) -> int:
    """Nothing of the text is left, and from the commit on nobody is found by it.

    What matches quoted of it stays with them, as what a profile said before does. Returns of how
    many sentences the corrected reading ended. Raises NotFound where the provider has no such text.
    """
    provider = lock(session, provider)
    require(actor, "provider:edit", provider)
    text = session.scalar(
        select(ProviderText).where(
            ProviderText.provider_id == provider.id, ProviderText.public_id == public_id
        )
    )
    if text is None:
        raise NotFound
    source = text.source
    session.delete(text)
    session.flush()
    session.expire(provider, ["texts"])
    ended = end_corrections(provider)
    session.flush()
    mark_changed(session, provider.id)
    record(
        session,
        actor=actor,
        kind="provider_text_taken_back",
        subject=provider,
        at=at,
        detail={"text": public_id, "source": source.value},
    )
    return ended
