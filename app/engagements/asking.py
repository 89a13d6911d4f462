"""What a request asks for, by the kind of provider, and how it is kept with the engagement.

Values alone and their one way to and from the rows: forms and programs make them, pages and
programs read them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engagements.errors import AskDoesNotFit, DayGoneBy, ServiceUnknown
from models.briefs import CoachingBrief, FundingBrief, OrderBrief
from models.engagements import Engagement
from models.providers import CentreService
from models.vocabulary import FundingStage, Instrument, MeetingForm, ProviderKind

# Beyond this a number of pieces is a slip of the pen.
QUANTITY_LIMIT = 100_000


@dataclass(frozen=True, slots=True)
class CoachingAsk:
    """Of a mentor: to what end, in which form (None: either), and when. The question is the
    request's message."""

    goal: str = ""
    meeting_form: MeetingForm | None = None
    wished_time: str = ""


@dataclass(frozen=True, slots=True)
class FundingAsk:
    """Of an investor. `instrument` None: open to proposals; `closing_on`: when the round closes."""

    amount_yuan: int
    instrument: Instrument | None = None
    stage: FundingStage | None = None
    milestone: str = ""
    use_of_funds: str = ""
    closing_on: date | None = None


@dataclass(frozen=True, slots=True)
class OrderAsk:
    """Of a centre: one of its services by `service_id` (its public id) or name, or in other words.

    Where `service_id` is given, `service_name` is what the centre calls it, whatever was passed.
    `claim` is what the result is to show.
    """

    service_id: str | None = None
    service_name: str = ""
    quantity: int = 1
    wished_on: date | None = None
    sample: str = ""
    claim: str = ""


Ask = CoachingAsk | FundingAsk | OrderAsk

KIND_OF_ASK: Mapping[type[Ask], ProviderKind] = MappingProxyType(
    {
        CoachingAsk: ProviderKind.MENTOR,
        FundingAsk: ProviderKind.INVESTOR,
        OrderAsk: ProviderKind.CENTRE,
    }
)


def is_gone_by(day: date, at: datetime) -> bool:
    """Whether `day` is over everywhere on earth at `at`."""
    return day < (at - timedelta(hours=12)).date()


def keep_ask(session: Session, *, engagement: Engagement, ask: Ask, at: datetime) -> None:
    """`ask` hangs on `engagement`, which is not flushed yet.

    Raises AskDoesNotFit for another kind of provider, ServiceUnknown for what the centre does not
    offer or an order of nothing, DayGoneBy.
    """
    provider = engagement.provider
    if KIND_OF_ASK[type(ask)] is not provider.kind:
        raise AskDoesNotFit
    match ask:
        case CoachingAsk():
            engagement.coaching_brief = CoachingBrief(
                goal=ask.goal, meeting_form=ask.meeting_form, wished_time=ask.wished_time
            )
        case FundingAsk():
            _require_coming(ask.closing_on, at)
            engagement.funding_brief = FundingBrief(
                amount_yuan=ask.amount_yuan,
                instrument=ask.instrument,
                stage=ask.stage,
                milestone=ask.milestone,
                use_of_funds=ask.use_of_funds,
                closing_on=ask.closing_on,
            )
        case OrderAsk():
            _require_coming(ask.wished_on, at)
            service = _find_service(session, provider.id, ask)
            name = service.name if service else ask.service_name
            if not name:
                raise ServiceUnknown
            engagement.order_brief = OrderBrief(
                service=service,
                service_name=name,
                quantity=ask.quantity,
                wished_on=ask.wished_on,
                sample=ask.sample,
                claim=ask.claim,
            )


def read_ask(engagement: Engagement) -> Ask | None:
    """What was asked for; None for a request that came with a message alone."""
    match engagement.provider.kind:
        case ProviderKind.MENTOR:
            coaching = engagement.coaching_brief
            if coaching is None:
                return None
            return CoachingAsk(coaching.goal, coaching.meeting_form, coaching.wished_time)
        case ProviderKind.INVESTOR:
            funding = engagement.funding_brief
            if funding is None:
                return None
            return FundingAsk(
                amount_yuan=funding.amount_yuan,
                instrument=funding.instrument,
                stage=funding.stage,
                milestone=funding.milestone,
                use_of_funds=funding.use_of_funds,
                closing_on=funding.closing_on,
            )
        case ProviderKind.CENTRE:
            order = engagement.order_brief
            if order is None:
                return None
            return OrderAsk(
                service_id=order.service.public_id if order.service else None,
                service_name=order.service_name,
                quantity=order.quantity,
                wished_on=order.wished_on,
                sample=order.sample,
                claim=order.claim,
            )


def empty_ask(engagement: Engagement) -> list[str]:
    """Nothing that was written is left of what was asked for; gives what stood there.

    Amounts, days and codes stay: reports count by them.
    """
    words: list[str] = []
    if coaching := engagement.coaching_brief:
        words += [coaching.goal, coaching.wished_time]
        coaching.goal = coaching.wished_time = ""
    if funding := engagement.funding_brief:
        words += [funding.milestone, funding.use_of_funds]
        funding.milestone = funding.use_of_funds = ""
    if order := engagement.order_brief:
        words += [order.service_name, order.sample, order.claim]
        order.service_name = order.sample = order.claim = ""
    words.append(engagement.background)
    engagement.background = ""
    return [each for each in words if each]


def _require_coming(day: date | None, at: datetime) -> None:
    if day is not None and is_gone_by(day, at):
        raise DayGoneBy


def _find_service(session: Session, provider_id: int, ask: OrderAsk) -> CentreService | None:
    own = select(CentreService).where(CentreService.provider_id == provider_id)
    if ask.service_id is None:
        return session.scalars(
            own.where(CentreService.name == ask.service_name).order_by(CentreService.ordinal)
        ).first()
    service = session.scalar(own.where(CentreService.public_id == ask.service_id))
    if service is None:
        raise ServiceUnknown
    return service
