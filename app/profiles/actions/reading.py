"""How the sentences of a profile are meant, where matching took one for something else."""

from datetime import datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.access import Actor, require
from app.audit import record
from app.errors import ChangedMeanwhile
from app.profiles.errors import PassageGone
from app.profiles.queries import list_said
from models.providers import ProfileCorrection, Provider
from models.revisions import mark_changed
from models.sentence_keys import make_sentence_key
from models.vocabulary import ProfileRole


def correct_profile_reading(
    session: Session,
    *,
    provider: Provider,
    sentence: str,
    role: ProfileRole | None,
    version: int | None,
    actor: Actor,
    at: datetime,
) -> None:
    """From the commit on `sentence` of the profile is read as `role`; as matching does for None.

    Holds until the sentence is changed. Raises ChangedMeanwhile when the profile is not the
    `version` that was read (None asks for none), PassageGone when it does not say this sentence.
    """
    require(actor, "provider:edit", provider)
    if version is not None and provider.version != version:
        raise ChangedMeanwhile
    if sentence not in list_said(provider):
        raise PassageGone
    key = make_sentence_key(sentence)
    known = next((each for each in provider.corrections if each.sentence_key == key), None)
    if role is None:
        if known is not None:
            provider.corrections.remove(known)
    elif known is None:
        provider.corrections.append(
            ProfileCorrection(sentence=sentence, sentence_key=key, role=role, corrected_at=at)
        )
    else:
        known.role, known.corrected_at = role, at
    # The profile takes its next version, so that of two who correct it one is told.
    provider.updated_at = at
    flag_modified(provider, "updated_at")
    session.flush()
    mark_changed(session, provider.id)
    record(
        session,
        actor=actor,
        kind="provider_reading_corrected",
        subject=provider,
        at=at,
        detail={"role": "" if role is None else role.value},
    )
