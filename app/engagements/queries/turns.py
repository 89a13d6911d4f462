"""Whose turn it is: what each side of an engagement is expected to do next."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager

from app.access import Actor
from app.engagements.queries.contradictions import list_to_decide
from app.engagements.queries.dual_mentoring import list_to_answer, name_other
from app.engagements.queries.lists import NAMES, Heading, get_heading, is_of_side
from app.engagements.queries.queue import select_places
from app.telling.waiting import WaitingItem, sort_by_due_time
from app.words.kind_words import WORDS_BY_KIND, fill_name
from app.words.labels import get_label
from models.engagements import CoachingSession, Engagement, Feedback
from models.lifecycle import ENGAGEMENT_TAKES_PLACE
from models.missed_times import MissedTime
from models.providers import Provider
from models.questions import EngagementQuestion
from models.queues import QueuePlace
from models.vocabulary import Side

# The dashboard shows so many appeals; the list of the incubator has all.
_APPEALS_MOST: Final = 20

# The startup has been asked back, and the provider waits.
_IS_ASKED_BACK = exists().where(
    EngagementQuestion.engagement_id == Engagement.id, EngagementQuestion.state == "asked"
)


@dataclass(frozen=True, slots=True)
class Turn:
    """It is the viewer's turn in the engagement with this id."""

    engagement_id: int
    item: WaitingItem


def list_waiting(session: Session, viewer: Actor, at: datetime) -> list[WaitingItem]:
    """What waits for `viewer` at `at`, by the time at which it is due.

    Kinds: `engagement_request` to answer, `question_to_reply` of a provider that asked back,
    `session_to_confirm` before its time,
    `session_to_record` once it is over, `feedback_to_give` after it was held, and
    `session_to_plan` while an accepted engagement has no session that may still take place, and
    `paused_profile` of a provider whose last request expired: one click brings it back. Of
    operators: `appeal_to_decide` and `contradiction_to_decide`; of founders: `queue_place_offered`
    while a place is kept; of mentors: `dual_mentoring_to_answer`.
    """
    turns = [turn.item for turn in list_turns(session, viewer, at)]
    return sort_by_due_time(
        [
            *turns,
            *_list_paused(session, viewer),
            *_list_appeals(session, viewer),
            *_list_contradictions(session, viewer),
            *_list_offered_places(session, viewer, at),
            *_list_second_mentors(session, viewer),
        ]
    )


def _list_second_mentors(session: Session, viewer: Actor) -> Iterator[WaitingItem]:
    """Startups that would like the viewer to work together with another mentor of theirs."""
    if not viewer.provides:
        return
    for pair, own in list_to_answer(session, viewer):
        yield WaitingItem(
            kind="dual_mentoring_to_answer",
            title=own.need.title,
            detail=_l("Would you work together with %(name)s?", name=name_other(pair, own)),
            due_at=None,
            path_endpoint="engagements.show_engagement",
            path_values={"public_id": own.public_id, "_anchor": "together"},
            action=_l("Answer"),
        )


def _list_offered_places(session: Session, viewer: Actor, at: datetime) -> Iterator[WaitingItem]:
    """Places that are kept for the viewer's startups."""
    if not viewer.founds:
        return
    for row in session.scalars(
        select_places(viewer, state="offered")
        .where(QueuePlace.offer_due_at > at)
        .order_by(QueuePlace.offer_due_at, QueuePlace.id)
    ):
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


def _list_appeals(session: Session, viewer: Actor) -> Iterator[WaitingItem]:
    """Appeals in the incubators of an operator who stands on neither side and made none of them."""
    if not viewer.operates:
        return
    appealed = session.scalars(
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
    for row in appealed:
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


def _list_contradictions(session: Session, viewer: Actor) -> Iterator[WaitingItem]:
    """Where two sides differ about a session, in the incubators of an operator who may decide."""
    if not viewer.operates:
        return
    for row in list_to_decide(session, viewer, limit=_APPEALS_MOST):
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


def _list_paused(session: Session, viewer: Actor) -> Iterator[WaitingItem]:
    """Own profiles that are paused since their latest request expired unanswered."""
    if not viewer.provides:
        return
    later = aliased(Engagement)
    last_expired = exists().where(
        Engagement.provider_id == Provider.id,
        Engagement.state == "expired",
        Engagement.answered_at.is_(None),
        ~exists().where(later.provider_id == Provider.id, later.closed_at > Engagement.closed_at),
    )
    paused = session.scalars(
        select(Provider)
        .where(Provider.id.in_(viewer.provides), Provider.state == "paused", last_expired)
        .order_by(Provider.id)
    )
    for provider in paused:
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


def list_turns(session: Session, viewer: Actor, at: datetime) -> list[Turn]:
    """The same with the engagements' ids, in no order."""
    return [turn for find in _FINDERS for turn in find(session, viewer, at)]


def _name(heading: Heading) -> LazyString | str:
    """The need's title where it is disclosed, else what kind of need it is."""
    return heading.need_title or _l("Request (%(kind)s)", kind=get_label(heading.need_kind))


def _name_other(heading: Heading, side: Side) -> str:
    """The other side once both know each other."""
    return heading.provider_name if side is Side.STARTUP else heading.startup_name or ""


def _list_sides(viewer: Actor) -> Iterator[Side]:
    """On which `viewer` can stand: of the others nothing is asked."""
    if viewer.founds:
        yield Side.STARTUP
    if viewer.provides:
        yield Side.PROVIDER


def _list_requests(session: Session, viewer: Actor, at: datetime) -> Iterator[Turn]:
    if not viewer.provides:
        return
    rows = session.scalars(
        select(Engagement)
        .where(
            is_of_side(viewer, Side.PROVIDER),
            Engagement.state == "requested",
            ~_IS_ASKED_BACK,
        )
        .options(*NAMES)
        .order_by(Engagement.answer_due_at, Engagement.id)
    )
    for row in rows:
        heading = get_heading(row, viewer)
        words = WORDS_BY_KIND[heading.provider_kind]
        yield Turn(
            row.id,
            WaitingItem(
                kind="engagement_request",
                title=_name(heading),
                detail=fill_name(words.asks_you, heading.startup_name)
                if heading.startup_name
                else words.somebody_asks_you,
                due_at=row.answer_due_at,
                path_endpoint="engagements.show_engagement",
                path_values={"public_id": row.public_id},
                action=_l("Answer"),
            ),
        )


def _list_to_reply(session: Session, viewer: Actor, at: datetime) -> Iterator[Turn]:
    if not viewer.founds:
        return
    rows = session.scalars(
        select(Engagement)
        .where(is_of_side(viewer, Side.STARTUP), Engagement.state == "requested", _IS_ASKED_BACK)
        .options(*NAMES)
        .order_by(Engagement.answer_due_at, Engagement.id)
    )
    for row in rows:
        heading = get_heading(row, viewer)
        yield Turn(
            row.id,
            WaitingItem(
                kind="question_to_reply",
                title=_name(heading),
                detail=_l("%(name)s asks you back.", name=heading.provider_name),
                due_at=row.answer_due_at,
                path_endpoint="engagements.show_engagement",
                path_values={"public_id": row.public_id, "_anchor": "reply-now"},
                action=_l("Reply"),
            ),
        )


def _list_to_plan(session: Session, viewer: Actor, at: datetime) -> Iterator[Turn]:
    planned = exists().where(
        CoachingSession.engagement_id == Engagement.id,
        or_(
            CoachingSession.state.in_(("confirmed", "held", "contested")),
            # A proposal that nobody confirmed in time leads nowhere.
            and_(CoachingSession.state == "proposed", CoachingSession.starts_at > at),
        ),
    )
    for side in _list_sides(viewer):
        rows = session.scalars(
            select(Engagement)
            .where(
                is_of_side(viewer, side),
                Engagement.state.in_(ENGAGEMENT_TAKES_PLACE),
                ~planned,
            )
            .options(*NAMES)
            .order_by(Engagement.answered_at, Engagement.id)
        )
        for row in rows:
            heading = get_heading(row, viewer)
            yield Turn(
                row.id,
                WaitingItem(
                    kind="session_to_plan",
                    title=_name(heading),
                    detail=_l("Agree on a time with %(name)s.", name=_name_other(heading, side)),
                    due_at=None,
                    path_endpoint="engagements.show_engagement",
                    path_values={"public_id": row.public_id, "_anchor": "propose"},
                    action=_l("Propose a time"),
                ),
            )


def _list_sessions(
    session: Session, viewer: Actor, side: Side, *conditions: ColumnElement[bool]
) -> Iterator[CoachingSession]:
    yield from session.scalars(
        select(CoachingSession)
        .join(CoachingSession.engagement)
        .where(is_of_side(viewer, side), *conditions)
        .options(*(contains_eager(CoachingSession.engagement).options(name) for name in NAMES))
        .order_by(CoachingSession.starts_at, CoachingSession.id)
    )


def _list_to_confirm(session: Session, viewer: Actor, at: datetime) -> Iterator[Turn]:
    for side in _list_sides(viewer):
        for row in _list_sessions(
            session,
            viewer,
            side,
            Engagement.state.in_(ENGAGEMENT_TAKES_PLACE),
            CoachingSession.state == "proposed",
            CoachingSession.proposed_by_side != side,
            CoachingSession.starts_at > at,
        ):
            heading = get_heading(row.engagement, viewer)
            yield Turn(
                row.engagement_id,
                WaitingItem(
                    kind="session_to_confirm",
                    title=_name(heading),
                    detail=_l("%(name)s proposes this time.", name=_name_other(heading, side)),
                    due_at=row.starts_at,
                    path_endpoint="engagements.confirm_session",
                    # Only the time that was shown is confirmed.
                    path_values={"public_id": row.public_id, "sequence": str(row.sequence)},
                    action=_l("Confirm the time"),
                    is_post=True,
                ),
            )


def _list_to_record(session: Session, viewer: Actor, at: datetime) -> Iterator[Turn]:
    for side in _list_sides(viewer):
        for row in _list_sessions(
            session,
            viewer,
            side,
            or_(
                CoachingSession.state == "confirmed",
                # Another place was wished for and not answered: the time stood.
                and_(
                    CoachingSession.state == "proposed",
                    CoachingSession.confirmed_by_id.is_not(None),
                ),
            ),
            CoachingSession.ends_at <= at,
        ):
            heading = get_heading(row.engagement, viewer)
            yield Turn(
                row.engagement_id,
                WaitingItem(
                    kind="session_to_record",
                    title=_name(heading),
                    detail=fill_name(
                        WORDS_BY_KIND[heading.provider_kind].did_it_happen,
                        _name_other(heading, side),
                    ),
                    due_at=row.ends_at,
                    path_endpoint="engagements.show_engagement",
                    path_values={
                        "public_id": row.engagement.public_id,
                        "_anchor": f"time-{row.public_id}",
                    },
                    action=WORDS_BY_KIND[heading.provider_kind].record,
                ),
            )


def _list_to_judge(session: Session, viewer: Actor, at: datetime) -> Iterator[Turn]:
    for side in _list_sides(viewer):
        given = exists().where(
            Feedback.coaching_session_id == CoachingSession.id, Feedback.side == side
        )
        for row in _list_sessions(session, viewer, side, CoachingSession.state == "held", ~given):
            heading = get_heading(row.engagement, viewer)
            yield Turn(
                row.engagement_id,
                WaitingItem(
                    kind="feedback_to_give",
                    title=_name(heading),
                    detail=fill_name(
                        WORDS_BY_KIND[heading.provider_kind].how_was_it_with,
                        _name_other(heading, side),
                    ),
                    due_at=None,
                    path_endpoint="engagements.give_feedback",
                    path_values={"public_id": row.public_id},
                    action=_l("Give feedback"),
                ),
            )


_FINDERS: tuple[Callable[[Session, Actor, datetime], Iterator[Turn]], ...] = (
    _list_requests,
    _list_to_reply,
    _list_to_confirm,
    _list_to_record,
    _list_to_plan,
    _list_to_judge,
)
