"""What people do with an engagement as a whole: ask, answer, take back, end.

Sessions are in `session_actions`, feedback in `feedback_actions`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Acting, Actor, require
from app.engagements.actions import sessions as session_actions
from app.engagements.announcements import choose_wording, tell_side
from app.engagements.asking import Ask, keep_ask
from app.engagements.attaching import attach, detach
from app.engagements.errors import (
    AlreadyRequested,
    ConflictOfInterest,
    NothingHeld,
    OwnPlacesTaken,
    ProviderFullyBooked,
    SessionsStillOpen,
)
from app.engagements.may_ask import has_open, is_available, require_few_open
from app.engagements.queries.request_rules import get_rules
from app.engagements.questioning import let_lapse
from app.engagements.queueing import count_free_places, follow
from app.engagements.request_steps import hold_place, store_request, tell_who_answers
from app.engagements.rules import needs_session
from app.engagements.silence import pause_if_silent
from app.engagements.snapshots import remember_profile
from app.engagements.together import end_open
from app.engagements.trace import get_other_side, get_own_side, leave_trace, lock_engagement
from app.engagements.working_time import add_working_hours, choose_reminder
from app.errors import OutOfOrder, ReasonMissing
from app.matches.queries.conflicts import find_conflict
from app.pools.errors import ProviderNotAvailable
from app.ranking import track_records
from models.answers import EngagementAnswer
from models.documents import Document
from models.engagements import CoachingSession, Engagement
from models.lifecycle import ENGAGEMENT, SESSION_OPEN, ActionNotAllowed
from models.matches import Match
from models.needs import Need
from models.providers import Provider
from models.revisions import mark_changed
from models.vocabulary import DeclineReason, Release, Side

# What each side is told when a request expires, by whether the startup had been asked back.
_EXPIRED: Final[Mapping[bool, Mapping[Side, str]]] = {
    False: {Side.STARTUP: "engagement_expired", Side.PROVIDER: "engagement_lapsed"},
    True: {Side.STARTUP: "engagement_unreplied", Side.PROVIDER: "engagement_reply_missing"},
}


def request(
    session: Session,
    *,
    need: Need,
    provider: Provider,
    match: Match | None,
    message: str,
    released: Iterable[Release],
    actor: Actor,
    at: datetime,
    ask: Ask | None = None,
    background: str = "",
    documents: Iterable[Document] = (),
) -> Engagement:
    """The startup asks `provider`, whose people are told; it expires by its incubator's rules.

    `ask` is what is asked for, `background` the story where it differs from the need's text, and
    `documents` of the startup are shown to the provider until the engagement is over.

    Checked in this order; raises NotFound, NotPermitted unless `actor` founds the startup,
    OutOfOrder when the need is not open, ProviderNotAvailable, ConflictOfInterest, AlreadyRequested
    (also of two requests at the same time), ProviderFullyBooked also while every free place is kept
    for the queue, TooManyOpenRequests, and what
    `keep_ask` and `attach` raise. Where nobody on the provider's side has an account, the request
    is stored all the same and the operators of the startup's incubator are told.
    """
    require(actor, "engagement:request", need)
    if need.state != "open":
        raise OutOfOrder
    if not is_available(session, provider, need.startup):
        raise ProviderNotAvailable
    if conflict := find_conflict(session, need.startup, provider):
        raise ConflictOfInterest(because=conflict.because)
    if has_open(session, need, provider):
        raise AlreadyRequested
    place = hold_place(session, need, provider)
    if count_free_places(session, provider, own=place) <= 0:
        raise ProviderFullyBooked
    rules = get_rules(session, need.startup.incubator_id)
    require_few_open(session, need.startup, rules.open_requests, apart_from=place)
    due_at = add_working_hours(at, rules.answer_hours)
    engagement = Engagement(
        need=need,
        startup=need.startup,
        provider=provider,
        incubator_id=need.startup.incubator_id,
        match=match,
        message=message,
        # Told once: what the need says stands in the need.
        background="" if background == need.text else background,
        released=list(released),
        requested_by_id=actor.acts_as_id,
        requested_at=at,
        answer_due_at=due_at,
        remind_at=choose_reminder(at, due_at),
    )
    if ask is not None:
        keep_ask(session, engagement=engagement, ask=ask, at=at)
    store_request(session, engagement)
    leave_trace(session, engagement=engagement, actor=actor, kind="requested", at=at)
    if place is not None:
        place.engagement = engagement
        follow(session, place, "take", actor=actor, at=at)
    attach(session, engagement=engagement, documents=documents, actor=actor, at=at)
    tell_who_answers(session, engagement, "engagement_requested", at)
    return engagement


def count_taken_places(session: Session, provider_id: int) -> int:
    """How many of the provider's places are taken. Sure only while its row is locked."""
    return track_records.count_taken_places(session, [provider_id]).get(provider_id, 0)


def accept(
    session: Session, *, engagement: Engagement, actor: Actor, at: datetime, words: str = ""
) -> None:
    """The provider takes the engagement on: one of its places is taken, and the startup is told.

    `words` go with it. Raises NotPermitted, ActionNotAllowed, OwnPlacesTaken. Of two simultaneous
    acceptances of the last place the second finds none.
    """
    require(actor, "engagement:accept", engagement)
    capacity = lock_engagement(session, engagement)
    target = ENGAGEMENT.follow("accept", engagement.state)
    if count_taken_places(session, engagement.provider_id) >= capacity:
        raise OwnPlacesTaken
    engagement.state = target
    # The first word counts, which may have been a question.
    engagement.answered_at = engagement.answered_at or at
    let_lapse(session, engagement)
    mark_changed(session, engagement.provider_id, standing_only=True)
    if words:
        engagement.answer = EngagementAnswer(words=words)
    remember_profile(session, engagement=engagement, at=at)
    leave_trace(session, engagement=engagement, actor=actor, kind="accepted", at=at, note=words)
    tell_side(
        session,
        engagement=engagement,
        side=Side.STARTUP,
        kind="engagement_accepted_saying" if words else "engagement_accepted",
        facts={"words": words},
        at=at,
        unless=actor,
    )


def decline(
    session: Session,
    *,
    engagement: Engagement,
    reason: str,
    actor: Actor,
    at: datetime,
    code: DeclineReason = DeclineReason.OTHER,
) -> None:
    """The provider says no and why, by a code and in words; the startup is told.

    Raises NotPermitted, ReasonMissing, ActionNotAllowed.
    """
    require(actor, "engagement:decline", engagement)
    _end_request(session, engagement, "decline", reason=_require_reason(reason), actor=actor, at=at)
    engagement.answered_at = engagement.answered_at or at
    engagement.answer = EngagementAnswer(decline_reason=code)
    # How quickly a provider answers is part of what matching knows of it.
    mark_changed(session, engagement.provider_id, standing_only=True)
    leave_trace(session, engagement=engagement, actor=actor, kind="declined", at=at, note=reason)
    tell_side(
        session,
        engagement=engagement,
        side=Side.STARTUP,
        kind="engagement_declined",
        facts={"reason": reason},
        at=at,
        unless=actor,
    )


def withdraw(
    session: Session, *, engagement: Engagement, actor: Actor, at: datetime, reason: str = ""
) -> None:
    """The startup takes its request back; the provider is told without a name it does not know.

    Raises NotPermitted, ActionNotAllowed.
    """
    require(actor, "engagement:withdraw", engagement)
    _end_request(session, engagement, "withdraw", reason=reason, actor=actor, at=at)
    leave_trace(session, engagement=engagement, actor=actor, kind="withdrawn", at=at, note=reason)
    tell_side(
        session,
        engagement=engagement,
        side=Side.PROVIDER,
        kind=choose_wording("engagement_withdrawn", engagement),
        at=at,
        unless=actor,
    )


def expire_due(session: Session, *, actor: Acting, at: datetime, limit: int) -> int:
    """Up to `limit` requests whose time is over at `at` expire; gives how many did.

    The oldest come first. Both sides are told, and who stays silent too often is paused. Two
    workers do not wait for each other. Raises NotPermitted for anybody but the clock.
    """
    require(actor, "engagement:expire")
    due = session.scalars(
        select(Engagement)
        .where(Engagement.state == "requested", Engagement.answer_due_at <= at)
        .order_by(Engagement.answer_due_at, Engagement.id)
        .limit(limit)
    ).all()
    expired = 0
    # Providers are locked in one order, so that two workers cannot hold what the other wants.
    for engagement in sorted(due, key=lambda each: (each.provider_id, each.id)):
        lock_engagement(session, engagement)
        if engagement.state != "requested":
            continue
        engagement.state = ENGAGEMENT.follow("expire", engagement.state)
        engagement.closed_at = at
        # Whether a provider answers at all is part of what matching knows of it.
        mark_changed(session, engagement.provider_id, standing_only=True)
        leave_trace(session, engagement=engagement, actor=actor, kind="expired", at=at)
        detach(session, engagement=engagement, actor=actor, at=at)
        # Whose turn it was is told so.
        was_asked_back = let_lapse(session, engagement)
        for side, kind in _EXPIRED[was_asked_back].items():
            tell_side(session, engagement=engagement, side=side, kind=kind, at=at)
        rules = get_rules(session, engagement.incubator_id)
        pause_if_silent(
            session, provider=engagement.provider, limit=rules.silences, actor=actor, at=at
        )
        expired += 1
    return expired


def cancel(
    session: Session,
    *,
    engagement: Engagement,
    reason: str,
    actor: Actor,
    at: datetime,
    counts: bool = True,
) -> None:
    """One side ends what was accepted: the place is free, coming sessions are cancelled.

    The other side is told the reason. A time that was to begin soon is given up late, unless
    `counts` is false. Raises NotPermitted, ReasonMissing, ActionNotAllowed.
    """
    require(actor, "engagement:cancel", engagement)
    side = get_own_side(actor, engagement)
    _require_reason(reason)
    lock_engagement(session, engagement)
    engagement.state = ENGAGEMENT.follow("cancel", engagement.state)
    engagement.closed_at = at
    engagement.reason = reason
    mark_changed(session, engagement.provider_id, standing_only=True)
    leave_trace(session, engagement=engagement, actor=actor, kind="cancelled", at=at, note=reason)
    end_open(session, engagement, actor=actor, at=at)
    detach(session, engagement=engagement, actor=actor, at=at)
    session_actions.cancel_coming(
        session,
        engagement=engagement,
        reason=reason,
        actor=actor,
        at=at,
        counts=counts,
    )
    tell_side(
        session,
        engagement=engagement,
        side=get_other_side(side),
        kind="engagement_cancelled",
        facts={"reason": reason},
        at=at,
    )


def complete(session: Session, *, engagement: Engagement, actor: Actor, at: datetime) -> None:
    """The engagement has done what it was for: the place is free, and the other side is told.

    Coaching is done in sessions: with a mentor it has to be active, with one that was held. An
    order or a deal may be done without any. Raises NotPermitted, ActionNotAllowed, NothingHeld,
    SessionsStillOpen while a session is proposed or confirmed.
    """
    require(actor, "engagement:complete", engagement)
    lock_engagement(session, engagement)
    target = ENGAGEMENT.follow("complete", engagement.state)
    states = list_session_states(session, engagement)
    if needs_session(engagement):
        if engagement.state != "active":
            raise ActionNotAllowed(ENGAGEMENT.name, "complete", engagement.state)
        if "held" not in states:
            raise NothingHeld
    if states.intersection(SESSION_OPEN):
        raise SessionsStillOpen
    engagement.state = target
    engagement.closed_at = at
    mark_changed(session, engagement.provider_id, standing_only=True)
    leave_trace(session, engagement=engagement, actor=actor, kind="completed", at=at)
    end_open(session, engagement, actor=actor, at=at)
    detach(session, engagement=engagement, actor=actor, at=at)
    for side in Side:
        tell_side(
            session,
            engagement=engagement,
            side=side,
            kind="engagement_completed",
            at=at,
            unless=actor,
        )


def list_session_states(session: Session, engagement: Engagement) -> set[str]:
    """The states in which sessions of this engagement are."""
    states = select(CoachingSession.state).where(CoachingSession.engagement_id == engagement.id)
    return set(session.scalars(states))


def _end_request(
    session: Session,
    engagement: Engagement,
    action: str,
    *,
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    lock_engagement(session, engagement)
    engagement.state = ENGAGEMENT.follow(action, engagement.state)
    engagement.closed_at = at
    engagement.reason = reason
    let_lapse(session, engagement)
    detach(session, engagement=engagement, actor=actor, at=at)


def _require_reason(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing
    return reason
