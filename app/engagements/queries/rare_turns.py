"""What waits of engagements now and then: appeals, kept places, profiles that were paused."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, exists, select
from sqlalchemy.orm import aliased

from app.access import Actor, is_permitted
from app.engagements.queries.contradictions import select_to_decide
from app.engagements.queries.dual_mentoring import list_to_answer, name_other, select_to_answer
from app.engagements.queries.lists import NAMED
from app.engagements.queries.queue import select_places
from app.telling.waiting import WaitingItem, WaitingList
from models.contradictions import Contradiction
from models.dual_mentoring import DualMentoring
from models.engagements import CoachingSession, Engagement
from models.missed_times import MissedTime
from models.providers import Provider
from models.queues import QueuePlace
from models.vocabulary import Side

# The dashboard shows so many appeals; the list of the incubator has all.
_APPEALS_MOST: Final = 20


def _word_second_mentors(
    rows: Sequence[DualMentoring], viewer: Actor, at: datetime
) -> Iterator[WaitingItem]:
    """Startups that would like the viewer to work together with another mentor of theirs."""
    for pair, own in list_to_answer(rows, viewer):
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


def _word_offered_places(
    rows: Sequence[QueuePlace], viewer: Actor, at: datetime
) -> Iterator[WaitingItem]:
    for row in rows:
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
        .order_by(MissedTime.id)
        .limit(_APPEALS_MOST)
    )


def _word_appeals(rows: Sequence[MissedTime], viewer: Actor, at: datetime) -> Iterator[WaitingItem]:
    for row in rows:
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


def _select_contradictions(viewer: Actor, at: datetime) -> Select[Contradiction] | None:
    """Where two sides differ about a session, in the incubators of an operator who may decide."""
    query = select_to_decide(viewer, at)
    return None if query is None else query.limit(_APPEALS_MOST)


def _word_contradictions(
    rows: Sequence[Contradiction], viewer: Actor, at: datetime
) -> Iterator[WaitingItem]:
    for row in rows:
        if not is_permitted(viewer, "contradiction:decide", row):
            continue
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


def _word_paused(rows: Sequence[Provider], viewer: Actor, at: datetime) -> Iterator[WaitingItem]:
    for provider in rows:
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


# Of a provider whose last request expired, `paused_profile`, which one click ends; of operators
# appeals and contradictions; of founders `queue_place_offered` while a place is kept.
RARE: Final = (
    WaitingList(("paused_profile",), _select_paused, _word_paused),
    WaitingList(
        ("appeal_to_decide",), _select_appeals, _word_appeals, (MissedTime.engagement, *NAMED)
    ),
    WaitingList(
        ("contradiction_to_decide",),
        _select_contradictions,
        _word_contradictions,
        (Contradiction.coaching_session, CoachingSession.engagement, *NAMED),
    ),
    WaitingList(
        ("queue_place_offered",),
        _select_offered_places,
        _word_offered_places,
        (QueuePlace.need, QueuePlace.provider),
    ),
    WaitingList(
        ("dual_mentoring_to_answer",),
        select_to_answer,
        _word_second_mentors,
        (DualMentoring.lead, DualMentoring.partner, *NAMED),
    ),
)
