"""The figures of providers, and what they are made of."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.engagements.disclosure import get_disclosed_to_provider
from app.engagements.queries.missed_times import MissedCounts, count_by_provider
from app.evaluation.rules import is_revealed
from app.evaluation.shrinking import shrink
from app.evaluation.values import Contribution, Evaluation
from models.engagements import CoachingSession, Engagement, Feedback
from models.evaluation import EngagementFeedback
from models.evaluation_codes import GoalReached
from models.providers import Provider
from models.vocabulary import Release, Side


def evaluate(
    session: Session, providers: Collection[Provider], *, at: datetime
) -> Mapping[int, Evaluation]:
    """The evaluation of each of `providers` at `at`, by its id; in a fixed number of queries.

    What is not revealed yet does not count, so that nobody can tell from a figure what was said.
    """
    numbers = [provider.id for provider in providers]
    engagements = session.scalars(
        select(Engagement)
        .where(Engagement.provider_id.in_(numbers))
        .options(joinedload(Engagement.startup), joinedload(Engagement.need))
        .order_by(Engagement.requested_at, Engagement.id)
    ).all()
    pieces = _gather(session, engagements, at)
    by_provider: defaultdict[int, list[tuple[Engagement, Contribution]]] = defaultdict(list)
    for engagement in engagements:
        by_provider[engagement.provider_id].append((engagement, pieces[engagement.id]))
    conclusions = _list_revealed(session, [e.id for e in engagements], at)
    missed = count_by_provider(session, numbers)
    return {
        provider.id: _sum_up(
            provider,
            by_provider[provider.id],
            conclusions,
            missed.get(provider.id, MissedCounts()),
        )
        for provider in providers
    }


def list_contributions(
    session: Session, provider: Provider, *, at: datetime
) -> tuple[Contribution, ...]:
    """What each engagement of `provider` adds to its figures, the latest first."""
    engagements = session.scalars(
        select(Engagement)
        .where(Engagement.provider_id == provider.id)
        .options(joinedload(Engagement.startup), joinedload(Engagement.need))
        .order_by(Engagement.requested_at.desc(), Engagement.id.desc())
    ).all()
    pieces = _gather(session, engagements, at)
    return tuple(pieces[engagement.id] for engagement in engagements)


def _gather(
    session: Session, engagements: Collection[Engagement], at: datetime
) -> Mapping[int, Contribution]:
    numbers = [engagement.id for engagement in engagements]
    hours: defaultdict[int, list[float]] = defaultdict(list)
    for number, starts_at, ends_at in session.execute(
        select(
            CoachingSession.engagement_id, CoachingSession.starts_at, CoachingSession.ends_at
        ).where(CoachingSession.engagement_id.in_(numbers), CoachingSession.state == "held")
    ):
        hours[number].append((ends_at - starts_at).total_seconds() / 3600)
    sides: defaultdict[int, dict[Side, int]] = defaultdict(dict)
    of: dict[int, int] = {}
    for number, session_id, side, rating in session.execute(
        select(Feedback.engagement_id, Feedback.coaching_session_id, Feedback.side, Feedback.rating)
        .join(Feedback.coaching_session)
        # Of what the two sides differ about nothing counts yet, nor of what did not take place.
        .where(Feedback.engagement_id.in_(numbers), CoachingSession.state == "held")
        .order_by(Feedback.id)
    ):
        sides[session_id][side] = rating
        of[session_id] = number
    ratings: defaultdict[int, list[int]] = defaultdict(list)
    for session_id, said in sides.items():
        # What a side cannot read before it has spoken does not show in its figures either.
        if Side.STARTUP in said and Side.PROVIDER in said:
            ratings[of[session_id]].append(said[Side.STARTUP])
    conclusions = _list_revealed(session, numbers, at)
    return {
        engagement.id: _view(
            engagement,
            hours[engagement.id],
            ratings[engagement.id],
            conclusions.get(engagement.id),
        )
        for engagement in engagements
    }


def _list_revealed(
    session: Session, numbers: Collection[int], at: datetime
) -> Mapping[int, EngagementFeedback]:
    """What startups said at the end and their providers can read, by the engagement."""
    given: defaultdict[int, list[EngagementFeedback]] = defaultdict(list)
    for row in session.scalars(
        select(EngagementFeedback)
        .where(EngagementFeedback.engagement_id.in_(numbers))
        .order_by(EngagementFeedback.given_at, EngagementFeedback.id)
    ):
        given[row.engagement_id].append(row)
    return {
        number: row
        for number, rows in given.items()
        if is_revealed(rows, at)
        for row in rows
        if row.side is Side.STARTUP
    }


def _view(
    engagement: Engagement,
    hours: list[float],
    ratings: list[int],
    conclusion: EngagementFeedback | None,
) -> Contribution:
    disclosed = get_disclosed_to_provider(engagement)
    answered_at = engagement.answered_at
    return Contribution(
        engagement_public_id=engagement.public_id,
        need_title=engagement.need.title if Release.NEED_TEXT in disclosed else None,
        startup_name=engagement.startup.name if Release.STARTUP_NAME in disclosed else None,
        requested_at=engagement.requested_at,
        state=engagement.state,
        answer_hours=(answered_at - engagement.requested_at).total_seconds() / 3600
        if answered_at
        else None,
        sessions=len(hours),
        hours=sum(hours),
        ratings=(*ratings, *((conclusion.usefulness,) if conclusion else ())),
        goal_reached=conclusion.goal_reached if conclusion else None,
    )


def _sum_up(
    provider: Provider,
    engaged: list[tuple[Engagement, Contribution]],
    conclusions: Mapping[int, EngagementFeedback],
    missed: MissedCounts,
) -> Evaluation:
    pieces = [piece for _, piece in engaged]
    waits = [piece.answer_hours for piece in pieces if piece.answer_hours is not None]
    asked = [p for p in pieces if p.answer_hours is not None or p.state == "expired"]
    ratings = [rating for piece in pieces for rating in piece.ratings]
    goals = [piece.goal_reached for piece in pieces if piece.goal_reached is not None]
    met = [engagement for engagement, piece in engaged if piece.sessions]
    return Evaluation(
        kind=provider.kind,
        asked=len(asked),
        answered=len(waits),
        answer_hours=median(waits) if waits else None,
        sessions=sum(piece.sessions for piece in pieces),
        hours=sum(piece.hours for piece in pieces),
        ratings=len(ratings),
        rating=sum(ratings) / len(ratings) if ratings else None,
        weighed=shrink(ratings),
        goals_reached=goals.count(GoalReached.YES),
        goals_partly=goals.count(GoalReached.PARTLY),
        goals_told=len(goals),
        would_meet_again=sum(
            1
            for engagement, _ in engaged
            if engagement.id in conclusions and conclusions[engagement.id].would_meet_again
        ),
        startups=len({engagement.startup_id for engagement in met}),
        fields=len({field for engagement in met for field in engagement.startup.fields}),
        missed=missed,
    )
