"""A fund sets down how its money would come, and the startup agrees to it or does not."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.arrangements.errors import (
    ArrangementExists,
    ArrangementFixed,
    ArrangementUnfit,
    NoDealNow,
    OfferTooOld,
    SpeaksForBoth,
)
from app.arrangements.proving import judge_tranches, list_proofs
from app.arrangements.trace import leave_step, lock_arrangement, tell_sides
from app.arrangements.values import TERMS, ArrangementValues, is_too_late, read_arrangement
from app.clock import today
from app.engagements.errors import OwnConflictOfInterest
from app.errors import ChangedMeanwhile, ReasonMissing
from app.facts.actions.standing import lock_subject
from app.matches.queries.conflicts import find_conflict
from app.transactions import lock
from models.arrangement_states import ARRANGEMENT
from models.arrangements import REASON_LIMIT, Arrangement, Tranche
from models.deals import Deal
from models.engagements import Engagement
from models.lifecycle import ENGAGEMENT_TAKES_PLACE
from models.vocabulary import NeedKind, ProviderKind, Side

_FUND = Side.PROVIDER


def draft_arrangement(
    session: Session,
    *,
    engagement: Engagement,
    values: ArrangementValues,
    actor: Actor,
    at: datetime,
) -> Arrangement:
    """An arrangement in the deal of `engagement`, which the startup does not see until it is
    offered.

    Raises NotPermitted, NoDealNow, ArrangementUnfit, ArrangementExists (also of two at once).
    """
    require(actor, "arrangement:draft", engagement)
    _require_deal(session, engagement)
    if values.find_problem(today(at)) is not None:
        raise ArrangementUnfit
    arrangement = Arrangement(engagement=engagement, created_at=at, changed_at=at)
    _write(arrangement, values)
    try:
        with session.begin_nested():
            session.add(arrangement)
    except IntegrityError:
        raise ArrangementExists from None
    leave_step(session, arrangement, "arrangement_drafted", side=_FUND, actor=actor, at=at)
    return arrangement


def edit_arrangement(
    session: Session,
    *,
    arrangement: Arrangement,
    values: ArrangementValues,
    version: int,
    actor: Actor,
    at: datetime,
) -> None:
    """The draft says `values`. `version` is the one that was read.

    Raises NotPermitted, ArrangementFixed once it was offered, ChangedMeanwhile, ArrangementUnfit.
    """
    require(actor, "arrangement:edit", arrangement)
    _lock_draft(session, arrangement)
    if arrangement.version != version:
        raise ChangedMeanwhile
    if values.find_problem(today(at)) is not None:
        raise ArrangementUnfit
    arrangement.tranches.clear()
    session.flush()
    _write(arrangement, values)
    leave_step(session, arrangement, "arrangement_edited", side=_FUND, actor=actor, at=at)


def discard_arrangement(
    session: Session, *, arrangement: Arrangement, actor: Actor, at: datetime
) -> None:
    """The draft is gone. Raises NotPermitted, ArrangementFixed once it was offered."""
    require(actor, "arrangement:edit", arrangement)
    _lock_draft(session, arrangement)
    leave_step(session, arrangement, "arrangement_discarded", side=_FUND, actor=actor, at=at)
    session.delete(arrangement)
    session.flush()


def offer_arrangement(
    session: Session, *, arrangement: Arrangement, version: int, actor: Actor, at: datetime
) -> None:
    """The fund consents to what it has set down, in the `version` that was read; the startup is
    told.

    Raises NotPermitted, ActionNotAllowed, ChangedMeanwhile, NoDealNow, ArrangementUnfit where its
    last day is over, OwnConflictOfInterest.
    """
    require(actor, "arrangement:offer", arrangement)
    lock_arrangement(session, arrangement)
    state = ARRANGEMENT.follow("offer", arrangement.state)
    if arrangement.version != version:
        raise ChangedMeanwhile
    _require_possible(session, arrangement, at)
    arrangement.state = state
    arrangement.offered_at = at
    arrangement.offered_by_id = actor.person_id
    leave_step(session, arrangement, "arrangement_offered", side=_FUND, actor=actor, at=at)
    tell_sides(session, arrangement, "arrangement_offered", sides=(Side.STARTUP,), at=at)


def take_back_offer(
    session: Session, *, arrangement: Arrangement, actor: Actor, at: datetime
) -> None:
    """What nobody has agreed to is a draft again. Raises NotPermitted, ActionNotAllowed."""
    require(actor, "arrangement:edit", arrangement)
    lock_arrangement(session, arrangement)
    arrangement.state = ARRANGEMENT.follow("take_back", arrangement.state)
    arrangement.offered_by_id = None
    leave_step(session, arrangement, "arrangement_taken_back", side=_FUND, actor=actor, at=at)
    tell_sides(session, arrangement, "arrangement_taken_back", sides=(Side.STARTUP,), at=at)


def decline_arrangement(
    session: Session, *, arrangement: Arrangement, words: str, actor: Actor, at: datetime
) -> None:
    """The startup does not agree, and says why. Raises NotPermitted, ReasonMissing,
    ActionNotAllowed.
    """
    require(actor, "arrangement:decline", arrangement)
    if not 0 < len(words) <= REASON_LIMIT:
        raise ReasonMissing
    lock_arrangement(session, arrangement)
    arrangement.state = ARRANGEMENT.follow("decline", arrangement.state)
    arrangement.ended_at = at
    leave_step(
        session,
        arrangement,
        "arrangement_declined",
        side=Side.STARTUP,
        actor=actor,
        at=at,
        note=words,
    )
    tell_sides(session, arrangement, "arrangement_declined", sides=(_FUND,), at=at)


def agree_arrangement(
    session: Session, *, arrangement: Arrangement, version: int, actor: Actor, at: datetime
) -> None:
    """The startup consents to the `version` that it read: from now on it binds both sides.

    Tranches whose gate is verified, or that rest on nothing, can be paid at once. Raises
    NotPermitted, ActionNotAllowed, ChangedMeanwhile, NoDealNow, SpeaksForBoth, ArrangementUnfit
    where its last day is over, OwnConflictOfInterest, OfferTooOld.
    """
    require(actor, "arrangement:agree", arrangement)
    startup = arrangement.engagement.startup
    lock_subject(session, startup)
    lock_arrangement(session, arrangement)
    state = ARRANGEMENT.follow("agree", arrangement.state)
    if arrangement.version != version:
        raise ChangedMeanwhile
    if arrangement.offered_by_id == actor.person_id:
        raise SpeaksForBoth
    _require_possible(session, arrangement, at)
    if is_too_late(arrangement, at):
        raise OfferTooOld
    arrangement.state = state
    arrangement.agreed_at = at
    arrangement.agreed_by_id = actor.person_id
    leave_step(session, arrangement, "arrangement_agreed", side=Side.STARTUP, actor=actor, at=at)
    tell_sides(session, arrangement, "arrangement_agreed", sides=(_FUND,), at=at)
    judge_tranches(session, arrangement, list_proofs(session, startup.id, today(at)), at=at)


def _write(arrangement: Arrangement, values: ArrangementValues) -> None:
    arrangement.form = values.form
    arrangement.amount_yuan = values.amount_yuan
    arrangement.words = values.words
    for name in TERMS:
        setattr(arrangement, name, getattr(values, name))
    for number, part in enumerate(values.tranches, start=1):
        arrangement.tranches.append(
            Tranche(number=number, amount_yuan=part.amount_yuan, gate=part.gate)
        )


def _lock_draft(session: Session, arrangement: Arrangement) -> None:
    lock_arrangement(session, arrangement)
    if arrangement.state != "draft":
        raise ArrangementFixed


def _require_possible(session: Session, arrangement: Arrangement, at: datetime) -> None:
    """Raises NoDealNow, ArrangementUnfit, OwnConflictOfInterest."""
    engagement = arrangement.engagement
    _require_deal(session, engagement)
    if read_arrangement(arrangement).find_problem(today(at)) is not None:
        raise ArrangementUnfit
    if find_conflict(session, engagement.startup, engagement.provider):
        raise OwnConflictOfInterest


def _require_deal(session: Session, engagement: Engagement) -> None:
    """The fund has accepted a request for money, and its deal goes on. Raises NoDealNow."""
    found = lock(session, engagement, is_weak=True)
    deal = session.scalar(
        select(Deal).where(Deal.engagement_id == found.id).execution_options(populate_existing=True)
    )
    if (
        found.need.kind is not NeedKind.FUNDING
        or found.provider.kind is not ProviderKind.INVESTOR
        or found.state not in ENGAGEMENT_TAKES_PLACE
        or (deal is not None and deal.state in ("passed", "withdrawn"))
    ):
        raise NoDealNow
