"""Where the two sides differ about what became of a session: one, those of an incubator."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager

from app.access import Actor, is_permitted
from app.engagements.queries.lists import NAMES
from app.engagements.queries.shapes import ContradictionView
from models.contradictions import Contradiction
from models.engagements import CoachingSession, Engagement
from models.organisations import Incubator

_ACTIONS: Final = ("decide", "take_back", "concede")


def find_contradiction(session: Session, public_id: str) -> Contradiction | None:
    """The one with this public id."""
    return session.scalar(_select().where(Contradiction.public_id == public_id))


def select_contradictions(incubator: Incubator) -> Select[Contradiction]:
    """Those of engagements of the startups of `incubator`."""
    return _select().where(Engagement.incubator_id == incubator.id)


def list_undecided(
    session: Session, incubator: Incubator, viewer: Actor
) -> Sequence[ContradictionView]:
    """Those that wait for the operators, the longest first."""
    query = select_contradictions(incubator).where(Contradiction.state == "open")
    return [
        view_contradiction(row, viewer) for row in session.scalars(query.order_by(Contradiction.id))
    ]


def select_to_decide(viewer: Actor, at: datetime) -> Select[Contradiction] | None:
    """Those that may wait for `viewer`, where that is an operator, the longest first."""
    if not viewer.operates:
        return None
    return (
        _select()
        .where(
            Contradiction.state == "open",
            Engagement.incubator_id.in_(viewer.operates),
            Engagement.startup_id.not_in(viewer.founds),
            Engagement.provider_id.not_in(viewer.provides),
            Contradiction.made_by_id.is_distinct_from(viewer.person_id),
            CoachingSession.recorded_by_id.is_distinct_from(viewer.person_id),
        )
        .order_by(Contradiction.id)
    )


def list_by_session(session: Session, engagement: Engagement) -> Mapping[int, Contradiction]:
    """Those of the sessions of one engagement, by the session."""
    rows = session.scalars(
        select(Contradiction)
        .join(Contradiction.coaching_session)
        .where(CoachingSession.engagement_id == engagement.id)
        .options(contains_eager(Contradiction.coaching_session))
    )
    return {row.coaching_session_id: row for row in rows}


def view_contradiction(row: Contradiction, viewer: Actor) -> ContradictionView:
    """What `viewer`, who may view it, sees of `row` and may do with it."""
    engagement, coaching_session = row.engagement, row.coaching_session
    return ContradictionView(
        public_id=row.public_id,
        engagement_public_id=engagement.public_id,
        need_title=engagement.need.title,
        startup_name=engagement.startup.name,
        provider_name=engagement.provider.name,
        starts_at=coaching_session.starts_at,
        recorded_side=coaching_session.recorded_side,
        recorded_at=coaching_session.recorded_at,
        state=row.state,
        was_held=row.was_held,
        missed_by=row.missed_by,
        side=row.side,
        words=row.words,
        made_at=row.made_at,
        decision=row.decision,
        decided_at=row.decided_at,
        actions=tuple(
            action
            for action in _ACTIONS
            if row.state == "open" and is_permitted(viewer, f"contradiction:{action}", row)
        ),
    )


def _select() -> Select[Contradiction]:
    return (
        select(Contradiction)
        .join(Contradiction.coaching_session)
        .join(CoachingSession.engagement)
        .options(
            contains_eager(Contradiction.coaching_session)
            .contains_eager(CoachingSession.engagement)
            .options(*NAMES)
        )
    )
