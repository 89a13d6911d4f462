"""What waits of engagements now and then: appeals, kept places, profiles that were paused."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, aliased, contains_eager

from app.access import Actor
from app.engagements.queries.contradictions import list_to_decide, select_to_decide
from app.engagements.queries.dual_mentoring import list_to_answer, name_other, select_to_answer
from app.engagements.queries.lists import NAMES
from app.engagements.queries.queue import select_places
from app.telling.waiting import WaitingItem, WaitingList
from models.engagements import Engagement
from models.missed_times import MissedTime
from models.providers import Provider
from models.queues import QueuePlace
from models.vocabulary import Side

# The dashboard shows so many appeals; the list of the incubator has all.
_APPEALS_MOST: Final = 20


def _list_second_mentors(session: Session, viewer: Actor, at: datetime) -> Iterator[WaitingItem]:
    """Startups that would like the viewer to work together with another mentor of theirs."""
    for pair, own in list_to_answer(session, viewer, at):
        yield WaitingItem(
            kind="dual_mentoring_to_answer",
            title=own.need.title,
            detail=_l("Would you work together with %(name)s?", name=name_other(pair, own)),
            due_at=None,
            path_endpoint="engagements.show_engagement",
            path_values={"public_id": own.public_id, "_anchor": "together"},
            action=_l("Answer"),
        )


def _select_offered_places(viewer: Actor, at: datetime) -> Select[QueuePlace] | None:
    """Places that are kept for the viewer's startups."""
    if not viewer.founds:
        return None
    return (
        select_places(viewer, state="offered")
        .where(QueuePlace.offer_due_at > at)
        .order_by(QueuePlace.offer_due_at, QueuePlace.id)
    )


def _list_offered_places(session: Session, viewer: Actor, at: datetime) -> Iterator[WaitingItem]:
    query = _select_offered_places(viewer, at)
    for row in session.scalars(query) if query is not None else ():
        yield WaitingItem(
            kind="queue_place_offered",
            title=row.need.title,
            detail=_l("A place with %(name)s is yours.", name=row.provider.name),
            due_at=row.offer_due_at,
            path_endpoint="engagements.request_engagement",
            path_values={
                "public_id": row.need.public_id,
                "provider_public_id": row.provider.public_id,
            },
            action=_l("Ask"),
        )


def _select_appeals(viewer: Actor, at: datetime) -> Select[MissedTime] | None:
    """Appeals in the incubators of an operator who stands on neither side and made none of them."""
    if not viewer.operates:
        return None
    return (
        select(MissedTime)
        .join(MissedTime.engagement)
        .where(
            MissedTime.state == "appealed",
            Engagement.incubator_id.in_(viewer.operates),
            Engagement.startup_id.not_in(viewer.founds),
            Engagement.provider_id.not_in(viewer.provides),
            MissedTime.appealed_by_id.is_distinct_from(viewer.person_id),
            MissedTime.counted_by_id.is_distinct_from(viewer.person_id),
        )
        .options(contains_eager(MissedTime.engagement).options(*NAMES))
        .order_by(MissedTime.id)
        .limit(_APPEALS_MOST)
    )


def _list_appeals(session: Session, viewer: Actor, at: datetime) -> Iterator[WaitingItem]:
    query = _select_appeals(viewer, at)
    for row in session.scalars(query) if query is not None else ():
        engagement = row.engagement
        is_startup = row.side is Side.STARTUP
        yield WaitingItem(
            kind="appeal_to_decide",
            title=engagement.startup.name if is_startup else engagement.provider.name,
            detail=_l("Appeals to being counted as missing or late."),
            due_at=None,
            path_endpoint="engagements.show_missed_time",
            path_values={"public_id": row.public_id},
            action=_l("Decide"),
        )


def _list_contradictions(session: Session, viewer: Actor, at: datetime) -> Iterator[WaitingItem]:
    """Where two sides differ about a session, in the incubators of an operator who may decide."""
    for row in list_to_decide(session, viewer, at, limit=_APPEALS_MOST):
        engagement = row.engagement
        yield WaitingItem(
            kind="contradiction_to_decide",
            title=f"{engagement.startup.name} · {engagement.provider.name}",
            detail=_l("The two sides differ about whether they met."),
            due_at=None,
            path_endpoint="engagements.show_contradiction",
            path_values={"public_id": row.public_id},
            action=_l("Decide"),
        )


def _select_paused(viewer: Actor, at: datetime) -> Select[Provider] | None:
    """Own profiles that are paused since their latest request expired unanswered."""
    if not viewer.provides:
        return None
    later = aliased(Engagement)
    last_expired = exists().where(
        Engagement.provider_id == Provider.id,
        Engagement.state == "expired",
        Engagement.answered_at.is_(None),
        ~exists().where(later.provider_id == Provider.id, later.closed_at > Engagement.closed_at),
    )
    return (
        select(Provider)
        .where(Provider.id.in_(viewer.provides), Provider.state == "paused", last_expired)
        .order_by(Provider.id)
    )


def _list_paused(session: Session, viewer: Actor, at: datetime) -> Iterator[WaitingItem]:
    query = _select_paused(viewer, at)
    for provider in session.scalars(query) if query is not None else ():
        yield WaitingItem(
            kind="paused_profile",
            title=provider.name,
            detail=_l("Requests were not answered, so the profile is paused and gets none."),
            due_at=None,
            path_endpoint="profiles.publish_provider",
            path_values={"public_id": provider.public_id},
            action=_l("Resume"),
            is_post=True,
        )


# Kinds: `paused_profile` of a provider whose last request expired, which one click brings back; of
# operators `appeal_to_decide` and `contradiction_to_decide`; of founders `queue_place_offered`
# while a place is kept; of mentors `dual_mentoring_to_answer`.
RARE: Final = (
    WaitingList(_select_paused, _list_paused),
    WaitingList(_select_appeals, _list_appeals),
    WaitingList(select_to_decide, _list_contradictions),
    WaitingList(_select_offered_places, _list_offered_places),
    WaitingList(select_to_answer, _list_second_mentors),
)
