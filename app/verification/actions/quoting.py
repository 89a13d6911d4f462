"""From the asking to the order: quotes, and the one that is accepted."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import Acting, Actor, get_side, require
from app.clock import today
from app.engagements.errors import ConflictOfInterest
from app.errors import ChangedMeanwhile, OutOfOrder, ReasonMissing
from app.matches.queries.conflicts import find_conflict
from app.verification.actions.slots import free_slots_of
from app.verification.errors import (
    OrderExists,
    OrderNotPossible,
    QuoteOutdated,
    QuoteUnfit,
)
from app.verification.standing import can_cancel, find_answer_day
from app.verification.trace import leave_step, lock_claim, lock_order, tell_side
from app.verification.values import QuoteValues
from app.vouchers.actions.reserving import reserve_voucher
from app.words.answer_times import find_bound
from app.words.wording import keep_days, keep_money
from models.engagements import Engagement
from models.lifecycle import CLAIM, ENGAGEMENT_TAKES_PLACE, VERIFICATION_ORDER
from models.verification import (
    NOTE_LIMIT,
    Claim,
    VerificationOrder,
    VerificationQuote,
)
from models.vocabulary import ProviderKind, Side
from models.vouchers import VoucherScheme


def ask_quote(
    session: Session, *, engagement: Engagement, claim: Claim, actor: Actor, at: datetime
) -> VerificationOrder:
    """The centre of `engagement` sees `claim` and is asked what a test of it costs.

    Raises NotPermitted, ActionNotAllowed for a withdrawn claim, OrderNotPossible, OrderExists (also
    of two at the same time).
    """
    require(actor, "order:ask", engagement)
    require(actor, "claim:view", claim)
    lock_claim(session, claim)
    CLAIM.follow("withdraw", claim.state)
    _require_open(session, engagement)
    if claim.startup_id != engagement.startup_id:
        raise OrderNotPossible
    try:
        with session.begin_nested():
            order = VerificationOrder(
                engagement=engagement,
                claim=claim,
                state="asked",
                asked_at=at,
                asked_by_id=actor.acts_as_id,
                changed_at=at,
            )
            session.add(order)
    except IntegrityError:
        raise OrderExists from None
    leave_step(session, order, "quote_asked", actor=actor, at=at)
    tell_side(session, order, Side.PROVIDER, "quote_asked", at=at)
    return order


def offer_quote(
    session: Session,
    *,
    order: VerificationOrder,
    values: QuoteValues,
    claim_version: int,
    actor: Actor,
    at: datetime,
) -> VerificationQuote:
    """The centre offers a plan with price and terms; it takes the place of an earlier one.

    `claim_version` is that of the claim which the centre has read. Raises NotPermitted,
    ActionNotAllowed (also once the claim is withdrawn), ChangedMeanwhile, OrderNotPossible,
    QuoteUnfit.
    """
    require(actor, "order:quote", order)
    lock_claim(session, order.claim)
    lock_order(session, order)
    state = VERIFICATION_ORDER.follow("quote", order.state)
    CLAIM.follow("withdraw", order.claim.state)
    _require_open(session, order.engagement)
    if order.claim.version != claim_version:
        raise ChangedMeanwhile
    if not values.is_possible(today(at)):
        raise QuoteUnfit
    _end_quote(session, order, at)
    quote = VerificationQuote(
        number=len(order.quotes) + 1,
        service_name=values.service_name,
        method=values.method,
        standard=values.standard,
        sample_spec=values.sample_spec,
        pass_rule=values.pass_rule,
        price_yuan=values.price_yuan,
        lead_days=values.lead_days,
        valid_until=values.valid_until,
        service_terms=values.service_terms,
        property_terms=values.property_terms,
        secrecy_terms=values.secrecy_terms,
        damages_terms=values.damages_terms,
        breach_terms=values.breach_terms,
        dispute_terms=values.dispute_terms,
        offered_at=at,
        offered_by_id=actor.person_id,
    )
    order.quotes.append(quote)
    order.state = state
    leave_step(session, order, "quote_offered", actor=actor, at=at)
    tell_side(session, order, Side.STARTUP, "quote_offered", at=at, facts=_say_quote(quote))
    return quote


def decline_quote(
    session: Session, *, order: VerificationOrder, reason: str, actor: Actor, at: datetime
) -> None:
    """The startup wants another quote, and says why.

    Raises NotPermitted, ReasonMissing, ActionNotAllowed.
    """
    require(actor, "order:decline_quote", order)
    _require_reason(reason)
    lock_order(session, order)
    order.state = VERIFICATION_ORDER.follow("decline_quote", order.state)
    facts = {"reason": reason} | _say_quote(order.quote)
    _end_quote(session, order, at)
    leave_step(session, order, "quote_declined", actor=actor, at=at, note=reason)
    tell_side(session, order, Side.PROVIDER, "quote_declined", at=at, facts=facts)


def accept_quote(
    session: Session,
    *,
    order: VerificationOrder,
    number: int,
    actor: Actor,
    at: datetime,
    scheme: VoucherScheme | None = None,
) -> None:
    """The startup orders what quote `number` says: the one that it has read, while it stands.

    With `scheme` a voucher of it pays a part, or nothing is ordered. Conflicts of interest are
    looked for once more. Raises NotPermitted, ActionNotAllowed (also once the claim is withdrawn),
    OrderNotPossible, QuoteOutdated, ConflictOfInterest, and what `reserve_voucher` raises.
    """
    require(actor, "order:accept_quote", order)
    lock_claim(session, order.claim)
    lock_order(session, order)
    state = VERIFICATION_ORDER.follow("accept_quote", order.state)
    CLAIM.follow("withdraw", order.claim.state)
    engagement = order.engagement
    _require_open(session, engagement)
    quote = order.quote
    if quote is None or quote.number != number or quote.valid_until < today(at):
        raise QuoteOutdated
    if conflict := find_conflict(session, engagement.startup, engagement.provider):
        raise ConflictOfInterest(because=conflict.because)
    quote.accepted_at = at
    quote.accepted_by_id = actor.person_id
    order.state = state
    leave_step(session, order, "quote_accepted", actor=actor, at=at)
    if scheme is not None:
        reserve_voucher(session, order=order, scheme=scheme, actor=actor, at=at)
    tell_side(session, order, Side.PROVIDER, "quote_accepted", at=at, facts=_say_quote(quote))


def cancel_order(
    session: Session, *, order: VerificationOrder, reason: str, actor: Actor, at: datetime
) -> None:
    """One side ends the order before there is a result, and says why.

    A result that nobody else can verify is the centre's to give up; what was settled once is not
    cancelled. Raises NotPermitted, ReasonMissing, ActionNotAllowed, OutOfOrder.
    """
    require(actor, "order:cancel", order)
    _require_reason(reason)
    lock_order(session, order)
    state = VERIFICATION_ORDER.follow("cancel", order.state)
    side = get_side(actor, order.engagement)
    if not can_cancel(order, side):
        raise OutOfOrder
    order.state = state
    _end_quote(session, order, at)
    free_slots_of(session, order, by=actor, at=at, reason=reason)
    leave_step(session, order, "order_cancelled", actor=actor, at=at, note=reason)
    is_startup = side is Side.STARTUP
    other = Side.PROVIDER if is_startup else Side.STARTUP
    who = order.engagement.startup.name if is_startup else order.engagement.provider.name
    tell_side(session, order, other, "order_cancelled", at=at, facts={"reason": reason, "who": who})


def expire_quotes(session: Session, *, actor: Acting, at: datetime, limit: int) -> int:
    """Up to `limit` quotes whose last day is over at `at` stand no more; gives how many.

    Both sides are told. Raises NotPermitted for anybody but the clock.
    """
    require(actor, "order:expire")
    due = session.scalars(
        select(VerificationOrder)
        .join(VerificationQuote, VerificationQuote.order_id == VerificationOrder.id)
        .where(
            VerificationOrder.state == "quoted",
            VerificationQuote.ended_at.is_(None),
            VerificationQuote.valid_until < today(at),
        )
        .order_by(VerificationOrder.id)
        .limit(limit)
    ).all()
    for order in due:
        lock_order(session, order)
        if order.state != "quoted":
            continue
        order.state = VERIFICATION_ORDER.follow("let_expire", order.state)
        facts = _say_quote(order.quote)
        _end_quote(session, order, at)
        leave_step(session, order, "quote_expired", actor=actor, at=at)
        for side in Side:
            tell_side(session, order, side, "quote_expired", at=at, facts=facts)
    return len(due)


def lapse_requests(session: Session, *, actor: Acting, at: datetime, limit: int) -> int:
    """Up to `limit` requests for a quote that no centre has answered in time end; gives how many.

    Both sides are told, and the startup can ask again. Raises NotPermitted for anybody but the
    clock.
    """
    require(actor, "order:expire")
    due = session.scalars(
        select(VerificationOrder)
        .join(VerificationOrder.engagement)
        .join(VerificationOrder.claim)
        .where(
            VerificationOrder.state.in_(("asked", "expired")),
            VerificationOrder.changed_at < find_bound(at),
            # All others wait for nobody.
            Claim.state == "stated",
            Engagement.state.in_(ENGAGEMENT_TAKES_PLACE),
        )
        .order_by(VerificationOrder.id)
        .limit(limit)
    ).all()
    for order in due:
        lock_claim(session, order.claim)
        lock_order(session, order)
        day = find_answer_day(order)
        if order.state not in ("asked", "expired") or day is None or day >= today(at):
            continue
        order.state = VERIFICATION_ORDER.follow("lapse", order.state)
        leave_step(session, order, "quote_not_given", actor=actor, at=at)
        for side in Side:
            tell_side(session, order, side, "quote_not_given", at=at)
    return len(due)


def _say_quote(quote: VerificationQuote | None) -> dict[str, str]:
    """What is quoted, for what price, in which time and until when, for notices."""
    if quote is None:
        raise RuntimeError("an order that is quoted has a quote")
    return (
        {"service": quote.service_name, "days": str(quote.lead_days)}
        | keep_money({"price": quote.price_yuan})
        | keep_days({"until": quote.valid_until})
    )


def _end_quote(session: Session, order: VerificationOrder, at: datetime) -> None:
    """The quote that stands, and was not accepted, stands no more; its place is free."""
    for quote in order.quotes:
        if quote.accepted_at is None and quote.ended_at is None:
            quote.ended_at = at
    session.flush()


def _require_open(session: Session, engagement: Engagement) -> None:
    """Raise OrderNotPossible unless a centre has accepted it, and it is not over."""
    session.refresh(engagement, ["state"])
    is_centre = engagement.provider.kind is ProviderKind.CENTRE
    if not is_centre or engagement.state not in ENGAGEMENT_TAKES_PLACE:
        raise OrderNotPossible


def _require_reason(reason: str) -> None:
    if not 0 < len(reason) <= NOTE_LIMIT:
        raise ReasonMissing
