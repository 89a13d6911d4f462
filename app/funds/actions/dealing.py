"""What a fund does with a request that it has accepted; each step is on record, with its time.

A deal is born when it is first touched: every accepted request for money to a fund stands in its
inbox from the moment of the acceptance, without anybody having to receive it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.audit import record
from app.engagements.disclosure import was_accepted
from app.funds.addresses import address_of_deal, address_of_openings
from app.funds.errors import (
    AssigneeUnfit,
    DealNotBegun,
    PassReasonMissing,
    StepsUnfit,
    StepUnknown,
)
from app.telling.notices import list_people_of, tell
from app.transactions import hold, lock
from models.deals import PASS_WORDS_LIMIT, STEP_LIMIT, STEPS_LIMIT, Deal, DealVisit, Funnel
from models.engagements import Engagement
from models.lifecycle import DEAL
from models.people import Person
from models.providers import Provider
from models.vocabulary import NeedKind, PassReason, ProviderKind, ShownStatus

# What the startup is told, by what it is shown.
_STATUS_NOTICES: Final[Mapping[ShownStatus, str]] = MappingProxyType(
    {
        ShownStatus.LOOKING: "deal_looking",
        ShownStatus.TALKING: "deal_talking",
        ShownStatus.EXAMINING: "deal_examining",
        ShownStatus.AGREED: "deal_agreed",
        ShownStatus.NOT_NOW: "deal_not_now",
    }
)


def set_steps(
    session: Session, *, provider: Provider, steps: Sequence[str], actor: Actor, at: datetime
) -> Funnel:
    """The fund takes its deals through `steps` from now on; deals stay where they stand.

    Raises NotPermitted, StepsUnfit for too many or too long ones, or for one twice.
    """
    require(actor, "deal:set_steps", provider)
    wanted = [step for step in steps if step]
    if (
        len(wanted) > STEPS_LIMIT
        or len(set(wanted)) < len(wanted)
        or any(len(step) > STEP_LIMIT for step in wanted)
    ):
        raise StepsUnfit(most=STEPS_LIMIT, length=STEP_LIMIT)
    hold(session, provider)
    funnel = session.get(Funnel, provider.id, populate_existing=True)
    if funnel is None:
        funnel = Funnel(provider_id=provider.id)
        session.add(funnel)
    funnel.steps = wanted
    funnel.updated_at = at
    session.flush()
    record(session, actor=actor, kind="funnel_set", subject=provider, at=at)
    return funnel


def advance_deal(
    session: Session, *, engagement: Engagement, step: str, actor: Actor, at: datetime
) -> Deal:
    """The deal stands at `step` of the fund's own steps, "" for a review without any.

    Raises NotPermitted, DealNotBegun before the acceptance, StepUnknown, ActionNotAllowed.
    """
    require(actor, "deal:work", engagement)
    deal = _take_up(session, engagement, at)
    state = DEAL.follow("advance", deal.state)
    funnel = session.get(Funnel, engagement.provider_id)
    if step not in ((funnel.steps if funnel else []) or [""]):
        raise StepUnknown
    _move(session, deal, state, step, at)
    _record(session, deal, "deal_advanced", by=actor, at=at)
    return deal


def agree_deal(session: Session, *, engagement: Engagement, actor: Actor, at: datetime) -> Deal:
    """The fund has decided yes. Raises NotPermitted, DealNotBegun, ActionNotAllowed."""
    require(actor, "deal:work", engagement)
    return _follow(session, engagement, "decide_yes", "deal_agreed", by=actor, at=at)


def complete_deal(session: Session, *, engagement: Engagement, actor: Actor, at: datetime) -> Deal:
    """Everything is done. Raises NotPermitted, DealNotBegun, ActionNotAllowed."""
    require(actor, "deal:work", engagement)
    return _follow(session, engagement, "complete", "deal_completed", by=actor, at=at)


def reopen_deal(session: Session, *, engagement: Engagement, actor: Actor, at: datetime) -> Deal:
    """What was passed on is looked at again; why it was passed on is forgotten.

    Raises NotPermitted, DealNotBegun, ActionNotAllowed.
    """
    require(actor, "deal:work", engagement)
    deal = _follow(session, engagement, "reopen", "deal_reopened", by=actor, at=at)
    deal.pass_reason, deal.pass_words, deal.passed_by_id = None, "", None
    session.flush()
    return deal


def pass_deal(
    session: Session,
    *,
    engagement: Engagement,
    reason: PassReason | None,
    words: str,
    actor: Actor,
    at: datetime,
) -> Deal:
    """The fund passes on it, for a reason by its code; `words` stay with the fund.

    Raises NotPermitted, PassReasonMissing, DealNotBegun, ActionNotAllowed.
    """
    require(actor, "deal:work", engagement)
    if reason is None or len(words) > PASS_WORDS_LIMIT:
        raise PassReasonMissing
    deal = _take_up(session, engagement, at)
    state = DEAL.follow("pass", deal.state)
    deal.pass_reason = reason
    deal.pass_words = words
    deal.passed_by_id = actor.person_id
    _move(session, deal, state, deal.step, at)
    _record(session, deal, "deal_passed", by=actor, at=at)
    return deal


def assign_deal(
    session: Session, *, engagement: Engagement, person: Person | None, actor: Actor, at: datetime
) -> Deal:
    """`person`, who acts for the fund, looks after the deal; None: nobody in particular.

    Raises NotPermitted, AssigneeUnfit, DealNotBegun.
    """
    require(actor, "deal:work", engagement)
    if person is not None and person not in list_people_of(
        session, provider_id=engagement.provider_id
    ):
        raise AssigneeUnfit
    deal = _take_up(session, engagement, at)
    deal.assignee_id = None if person is None else person.id
    deal.changed_at = at
    session.flush()
    _record(session, deal, "deal_assigned", by=actor, at=at)
    return deal


def show_status(
    session: Session,
    *,
    engagement: Engagement,
    status: ShownStatus | None,
    actor: Actor,
    at: datetime,
) -> Deal:
    """The startup sees `status` from now on, and is told; None shows nothing any more.

    Raises NotPermitted, DealNotBegun.
    """
    require(actor, "deal:work", engagement)
    deal = _take_up(session, engagement, at)
    if deal.shown is status:
        return deal
    deal.shown = status
    deal.shown_at = None if status is None else at
    deal.changed_at = at
    session.flush()
    _record(session, deal, "deal_status_shown", by=actor, at=at)
    if status is not None:
        for person in list_people_of(session, startup_id=engagement.startup_id):
            tell(
                session,
                person=person,
                kind=_STATUS_NOTICES[status],
                facts={"fund": engagement.provider.name, "need": engagement.need.title},
                path=address_of_openings(engagement.need),
                at=at,
            )
    return deal


def withdraw_deal(session: Session, *, engagement: Engagement, actor: Actor, at: datetime) -> Deal:
    """The founder no longer seeks money of this fund, which is told.

    Raises NotPermitted, DealNotBegun, ActionNotAllowed once the fund has decided.
    """
    require(actor, "deal:withdraw", engagement)
    deal = _follow(session, engagement, "withdraw", "deal_withdrawn", by=actor, at=at)
    for person in list_people_of(session, provider_id=engagement.provider_id):
        tell(
            session,
            person=person,
            kind="deal_withdrawn",
            facts={"startup": engagement.startup.name, "need": engagement.need.title},
            path=address_of_deal(engagement),
            at=at,
        )
    return deal


def _follow(
    session: Session, engagement: Engagement, action: str, kind: str, *, by: Actor, at: datetime
) -> Deal:
    deal = _take_up(session, engagement, at)
    _move(session, deal, DEAL.follow(action, deal.state), deal.step, at)
    _record(session, deal, kind, by=by, at=at)
    return deal


def _take_up(session: Session, engagement: Engagement, at: datetime) -> Deal:
    """The deal, which stands in the inbox since the acceptance where nobody has touched it.

    Raises DealNotBegun where no money is asked for, or the fund has not accepted; NotFound.
    """
    found = lock(session, engagement, is_weak=True)
    is_about_money = (
        found.need.kind is NeedKind.FUNDING and found.provider.kind is ProviderKind.INVESTOR
    )
    if not is_about_money or not was_accepted(found):
        raise DealNotBegun
    deal = session.scalar(
        select(Deal).where(Deal.engagement_id == found.id).execution_options(populate_existing=True)
    )
    if deal is None:
        received = found.answered_at or at
        deal = Deal(engagement=found, received_at=received, changed_at=at, state="inbox", step="")
        deal.visits.append(DealVisit(state="inbox", entered_at=received))
        session.add(deal)
        session.flush()
    return deal


def _move(session: Session, deal: Deal, state: str, step: str, at: datetime) -> None:
    """The deal leaves where it stood and enters `state` and `step`."""
    if (deal.state, deal.step) != (state, step):
        for visit in deal.visits:
            if visit.left_at is None:
                visit.left_at = max(at, visit.entered_at)
        deal.visits.append(DealVisit(state=state, step=step, entered_at=at))
    deal.state, deal.step, deal.changed_at = state, step, at
    session.flush()


def _record(session: Session, deal: Deal, kind: str, *, by: Actor, at: datetime) -> None:
    """What a fund does with a deal is its own: no operator reads it."""
    record(session, actor=by, kind=kind, subject=deal, at=at)
