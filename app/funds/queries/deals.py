"""Reads of deals: a fund's funnel, one deal, and what startups are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.access import Actor, is_permitted
from app.engagements.disclosure import KNOWN_TO_BOTH
from app.telling.notices import list_people_of
from models.deals import Deal, DealVisit, Funnel
from models.engagements import Engagement
from models.lifecycle import DEAL
from models.needs import Need
from models.people import Person
from models.providers import Provider
from models.vocabulary import NeedKind, PassReason, ShownStatus


@dataclass(frozen=True, slots=True)
class DealView:
    """One deal as its fund sees it, also where nobody has touched it yet."""

    engagement: Engagement
    state: str
    step: str
    assignee: Person | None
    pass_reason: PassReason | None
    pass_words: str
    shown: ShownStatus | None
    received_at: datetime
    changed_at: datetime
    visits: Sequence[DealVisit]

    @property
    def actions(self) -> Sequence[str]:
        """What the fund can do with it now."""
        return [each for each in DEAL.list_actions(self.state) if each != "withdraw"]


@dataclass(frozen=True, slots=True)
class Column:
    """The deals in one state, and of those in review in one step, the longest there first."""

    state: str
    step: str
    deals: Sequence[DealView]


@dataclass(frozen=True, slots=True)
class ShownDeal:
    """What a startup sees of a deal: whose it is, and the status that the fund chose to show."""

    engagement_public_id: str
    fund: str
    fund_public_id: str
    status: ShownStatus | None
    shown_at: datetime | None
    can_withdraw: bool


def list_steps(session: Session, provider: Provider) -> Sequence[str]:
    """The steps of a fund, in its order; () where it has said none."""
    funnel = session.get(Funnel, provider.id)
    return () if funnel is None else tuple(funnel.steps)


def read_deal(session: Session, engagement: Engagement) -> DealView | None:
    """The deal of an engagement; None where there can be none."""
    if engagement.need.kind is not NeedKind.FUNDING or engagement.state not in KNOWN_TO_BOTH:
        return None
    deal = session.scalar(
        select(Deal)
        .where(Deal.engagement_id == engagement.id)
        .options(joinedload(Deal.assignee), selectinload(Deal.visits))
    )
    return _view(engagement, deal, with_visits=True)


def read_funnel(session: Session, provider: Provider) -> Sequence[Column]:
    """All deals of a fund: inbox, its own steps, then what was decided.

    A step that is no longer one of the fund's own still has a column while a deal stands there.
    """
    rows = session.execute(
        select(Engagement, Deal)
        .join(Engagement.need)
        .outerjoin(Deal, Deal.engagement_id == Engagement.id)
        .where(
            Engagement.provider_id == provider.id,
            Engagement.state.in_(KNOWN_TO_BOTH),
            Need.kind == NeedKind.FUNDING,
        )
        .options(
            joinedload(Engagement.startup),
            joinedload(Engagement.need),
            joinedload(Deal.assignee),
        )
    ).all()
    views = sorted((_view(e, deal) for e, deal in rows), key=lambda view: view.changed_at)
    steps = list(list_steps(session, provider)) or [""]
    steps += sorted({v.step for v in views if v.state == "review"} - set(steps))
    places = [("inbox", ""), *(("review", step) for step in steps)]
    places += [(state, "") for state in ("agreed", "passed", "withdrawn", "done")]
    return [
        Column(
            state,
            step,
            [v for v in views if v.state == state and (state != "review" or v.step == step)],
        )
        for state, step in places
    ]


def list_assignable(session: Session, provider: Provider) -> Sequence[Person]:
    """Who acts for a fund."""
    return list_people_of(session, provider_id=provider.id)


def list_shown(session: Session, viewer: Actor, need: Need) -> Sequence[ShownDeal]:
    """The funds that have accepted a request for `need`, with what each shows of its deal."""
    rows = session.execute(
        select(Engagement, Deal)
        .outerjoin(Deal, Deal.engagement_id == Engagement.id)
        .join(Engagement.provider)
        .where(
            Engagement.need_id == need.id,
            Engagement.state.in_(KNOWN_TO_BOTH),
            Provider.kind == "investor",
        )
        .options(joinedload(Engagement.provider))
        .order_by(Engagement.requested_at, Engagement.id)
    ).all()
    return [
        ShownDeal(
            engagement.public_id,
            engagement.provider.name,
            engagement.provider.public_id,
            None if deal is None else deal.shown,
            None if deal is None else deal.shown_at,
            is_permitted(viewer, "deal:withdraw", engagement)
            and DEAL.is_allowed("withdraw", "inbox" if deal is None else deal.state),
        )
        for engagement, deal in rows
    ]


def count_by_reason(session: Session, provider: Provider) -> Mapping[PassReason, int]:
    """For which reasons the fund has passed on deals, and how often."""
    counted: dict[PassReason, int] = {}
    for column in read_funnel(session, provider):
        for deal in column.deals:
            if deal.pass_reason is not None:
                counted[deal.pass_reason] = counted.get(deal.pass_reason, 0) + 1
    return {reason: counted[reason] for reason in PassReason if reason in counted}


def _view(engagement: Engagement, deal: Deal | None, *, with_visits: bool = False) -> DealView:
    if deal is None:
        received = engagement.answered_at or engagement.requested_at
        visit = DealVisit(state="inbox", step="", entered_at=received)
        return DealView(engagement, "inbox", "", None, None, "", None, received, received, (visit,))
    return DealView(
        engagement,
        deal.state,
        deal.step,
        deal.assignee,
        deal.pass_reason,
        deal.pass_words,
        deal.shown,
        deal.received_at,
        deal.changed_at,
        deal.visits if with_visits else (),
    )
