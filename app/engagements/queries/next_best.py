"""Whom else to ask, once somebody has said no or nothing."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.access import Actor, can_know_of, is_permitted
from app.ranking.track_records import count_taken_places
from models.engagements import Engagement
from models.matches import Match, MatchRun
from models.vocabulary import ProviderKind, Strength

# Offered at once: enough to choose from, few enough to read.
OFFERED = 3

_UNSERVED = ("declined", "expired", "cancelled")


@dataclass(frozen=True, slots=True)
class NextBest:
    """A provider that was suggested for the same need and has not been asked."""

    public_id: str
    name: str
    kind: ProviderKind
    headline: str
    strength: Strength


def list_next_best(
    session: Session, engagement: Engagement, viewer: Actor, *, is_over: bool = False
) -> tuple[NextBest, ...]:
    """The best suggestions of the need's latest run that are left, in its order, up to `OFFERED`.

    For the startup's side of a request that was declined or expired, or of an engagement that was
    cancelled or, with `is_over`, is about to be, while the need is open. Of the
    same kind of provider, published, with a free place, not set aside, and never asked about it.
    """
    need = engagement.need
    if (
        not (is_over or engagement.state in _UNSERVED)
        or need.state != "open"
        or not is_permitted(viewer, "engagement:request", need)
    ):
        return ()
    latest = (
        select(MatchRun.id)
        .where(MatchRun.need_id == need.id)
        .order_by(MatchRun.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    asked = select(Engagement.provider_id).where(Engagement.need_id == need.id)
    matches = session.scalars(
        select(Match)
        .where(
            Match.run_id == latest,
            Match.kind == engagement.provider.kind,
            Match.dismissed_at.is_(None),
            Match.provider_id.not_in(asked),
        )
        .options(joinedload(Match.provider))
        .order_by(Match.rank)
    ).all()
    taken = count_taken_places(session, [match.provider_id for match in matches])
    fitting = (
        match
        for match in matches
        if match.provider.state == "published"
        and match.provider.capacity > taken.get(match.provider_id, 0)
        and can_know_of(viewer, match.provider)
    )
    return tuple(
        NextBest(
            public_id=match.provider.public_id,
            name=match.provider.name,
            kind=match.kind,
            headline=match.provider.headline,
            strength=match.strength,
        )
        for match, _ in zip(fitting, range(OFFERED), strict=False)
    )
