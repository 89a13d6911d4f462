"""Bringing two mentors of a startup together, with the consent of both."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.engagements.errors import AlreadyTogether, NoPartner
from app.engagements.together import find_open, follow, get_other, note, tell_of_pair
from app.engagements.trace import lock_engagement
from models.dual_mentoring import DualMentoring
from models.engagements import Engagement
from models.lifecycle import DUAL_MENTORING, ENGAGEMENT_TAKES_PLACE
from models.vocabulary import ProviderKind, Side


def ask_together(
    session: Session, *, engagement: Engagement, partner: Engagement, actor: Actor, at: datetime
) -> DualMentoring:
    """The startup asks the mentors of two of its engagements to work together.

    Both are running, with two mentors. Each mentor is told and has to agree. Raises NotFound,
    NotPermitted, NoPartner where they are not such two, AlreadyTogether (also of two at the same
    time).
    """
    require(actor, "dual_mentoring:ask", engagement)
    require(actor, "dual_mentoring:ask", partner)
    _lock(session, engagement, partner)
    if not _can_work_together(engagement, partner):
        raise NoPartner
    if find_open(session, engagement) or find_open(session, partner):
        raise AlreadyTogether
    pair = DualMentoring(
        lead=engagement, partner=partner, asked_by_id=actor.acts_as_id, asked_at=at
    )
    try:
        with session.begin_nested():
            session.add(pair)
    except IntegrityError:
        raise AlreadyTogether from None
    note(session, pair, "asked", actor=actor, at=at)
    for each in (engagement, partner):
        tell_of_pair(
            session, pair, "dual_mentoring_asked", engagement=each, side=Side.PROVIDER, at=at
        )
    return pair


def agree_together(session: Session, *, pair: DualMentoring, actor: Actor, at: datetime) -> None:
    """One of the two mentors agrees, in person; with the second the two work together.

    The startup and the other mentor are told then. Raises NotFound, NotPermitted,
    ActionNotAllowed, NoPartner where one of the engagements has ended.
    """
    require(actor, "dual_mentoring:answer", pair)
    _lock_pair(session, pair)
    DUAL_MENTORING.follow("agree", pair.state)
    if not _can_work_together(pair.lead, pair.partner):
        raise NoPartner
    if pair.lead.provider_id in actor.provides:
        pair.lead_agreed_at = pair.lead_agreed_at or at
    if pair.partner.provider_id in actor.provides:
        pair.partner_agreed_at = pair.partner_agreed_at or at
    if pair.lead_agreed_at is None or pair.partner_agreed_at is None:
        session.flush()
        note(session, pair, "agreed_by_one", actor=actor, at=at)
        return
    follow(session, pair, "agree", actor=actor, at=at)
    tell_of_pair(
        session, pair, "dual_mentoring_agreed", engagement=pair.lead, side=Side.STARTUP, at=at
    )
    for each in (pair.lead, pair.partner):
        tell_of_pair(
            session,
            pair,
            "dual_mentoring_agreed",
            engagement=each,
            side=Side.PROVIDER,
            at=at,
            unless=actor.acts_as_id,
        )


def decline_together(session: Session, *, pair: DualMentoring, actor: Actor, at: datetime) -> None:
    """One of the two mentors does not want to; the startup is told. Raises NotFound, NotPermitted,
    ActionNotAllowed."""
    require(actor, "dual_mentoring:answer", pair)
    _lock_pair(session, pair)
    follow(session, pair, "decline", actor=actor, at=at)
    own = pair.lead if pair.lead.provider_id in actor.provides else pair.partner
    tell_of_pair(
        session,
        pair,
        "dual_mentoring_declined",
        # Named to the startup: who said no.
        engagement=get_other(pair, own),
        side=Side.STARTUP,
        at=at,
    )


def end_together(session: Session, *, pair: DualMentoring, actor: Actor, at: datetime) -> None:
    """Each goes on alone; times that are booked stay. Raises NotFound, NotPermitted,
    ActionNotAllowed."""
    require(actor, "dual_mentoring:end", pair)
    _lock_pair(session, pair)
    follow(session, pair, "end", actor=actor, at=at)
    tell_of_pair(
        session,
        pair,
        "dual_mentoring_ended",
        engagement=pair.lead,
        side=Side.STARTUP,
        at=at,
        unless=actor.acts_as_id,
    )
    for each in (pair.lead, pair.partner):
        tell_of_pair(
            session,
            pair,
            "dual_mentoring_ended",
            engagement=each,
            side=Side.PROVIDER,
            at=at,
            unless=actor.acts_as_id,
        )


def _can_work_together(one: Engagement, other: Engagement) -> bool:
    return (
        one.startup_id == other.startup_id
        and one.provider_id != other.provider_id
        and all(
            each.provider.kind is ProviderKind.MENTOR and each.state in ENGAGEMENT_TAKES_PLACE
            for each in (one, other)
        )
    )


def _lock(session: Session, *engagements: Engagement) -> None:
    """In the order in which everybody locks several of them."""
    for each in sorted(engagements, key=lambda one: (one.provider_id, one.id)):
        lock_engagement(session, each)


def _lock_pair(session: Session, pair: DualMentoring) -> None:
    _lock(session, pair.lead, pair.partner)
    session.execute(
        select(DualMentoring.id).where(DualMentoring.id == pair.id).with_for_update(key_share=True)
    )
    session.refresh(pair)
