"""A provider that leaves request after request unanswered is asked no more, until it returns."""

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.access import Acting
from app.audit import record
from app.profiles.addresses import address_of_provider
from app.telling.notices import list_people_of, tell
from models.audit import AuditEntry
from models.engagements import Engagement
from models.lifecycle import PROFILE
from models.providers import Provider

PAUSED_FOR_SILENCE = "provider_paused_for_silence"


def count_silences(session: Session, provider: Provider) -> int:
    """How many requests in a row, up to the latest, expired without a word of the provider.

    Those from before it was last paused for silence do not count again.
    """
    since = session.scalar(
        select(func.max(AuditEntry.happened_at)).where(
            AuditEntry.kind == PAUSED_FOR_SILENCE,
            AuditEntry.subject_public_id == provider.public_id,
        )
    )
    over = Engagement.closed_at.is_not(None) if since is None else Engagement.closed_at > since
    answered = Engagement.answered_at.is_not(None)
    latest_answer = session.scalar(
        select(func.max(Engagement.answered_at)).where(
            Engagement.provider_id == provider.id, answered
        )
    )
    silent = (
        select(func.count())
        .select_from(Engagement)
        .where(
            Engagement.provider_id == provider.id,
            Engagement.state == "expired",
            ~answered,
            over,
        )
    )
    if latest_answer is not None:
        silent = silent.where(
            or_(Engagement.closed_at > latest_answer, Engagement.closed_at.is_(None))
        )
    return session.scalar(silent) or 0


def pause_if_silent(
    session: Session, *, provider: Provider, limit: int, actor: Acting, at: datetime
) -> bool:
    """`provider`, whose row is locked, is paused once it left `limit` requests in a row unanswered.

    Its people are told, with the way back. Nobody is paused who has no account to come back with:
    their requests go through the operator. Gives whether it was paused now.
    """
    session.refresh(provider, ["state"])
    people = [p for p in list_people_of(session, provider_id=provider.id) if p.has_way_in]
    if not people or not PROFILE.is_allowed("pause", provider.state):
        return False
    if count_silences(session, provider) < limit:
        return False
    provider.state = PROFILE.follow("pause", provider.state)
    provider.updated_at = at
    session.flush()
    record(session, actor=actor, kind=PAUSED_FOR_SILENCE, subject=provider, at=at)
    for person in people:
        tell(
            session,
            person=person,
            kind="paused_for_silence",
            facts={"provider": provider.name, "silences": str(limit)},
            path=address_of_provider(provider),
            at=at,
        )
    return True
