"""What funds do in a financing, rung by rung, and what the founder answers."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.arrangements.following import follow_release
from app.clock import today
from app.engagements.errors import OwnConflictOfInterest
from app.errors import ReasonMissing
from app.financings.errors import (
    AmountMissing,
    AmountOutdated,
    FinancingNotOpen,
    FundNotInvolved,
    NoPlaceLeft,
    NotEnoughLeft,
    PaymentUnfit,
)
from app.financings.trace import (
    count_taken,
    find_running,
    leave_mark,
    lock_financing,
    lock_need,
    tell_founders,
    tell_funds,
)
from app.financings.values import is_payment_day
from app.matches.queries.conflicts import find_conflict
from app.words.limits import MONEY_LIMIT_YUAN
from models.deals import Deal
from models.engagements import Engagement
from models.financings import RELEASE_WORDS_LIMIT, Financing, Interest
from models.lifecycle import ENGAGEMENT_TAKES_PLACE, INTEREST, ActionNotAllowed
from models.vocabulary import ProviderKind


def observe(session: Session, *, engagement: Engagement, actor: Actor, at: datetime) -> Interest:
    """The fund looks at the financing, and the founder sees that it does.

    Raises NotPermitted, FinancingNotOpen, FundNotInvolved, ActionNotAllowed.
    """
    require(actor, "commitment:work", engagement)
    financing = _take_up(session, engagement, at)
    interest = _find_interest(financing, engagement)
    if interest is None:
        interest = Interest(
            financing=financing,
            provider_id=engagement.provider_id,
            state="observing",
            observed_at=at,
            changed_at=at,
        )
        session.add(interest)
    else:
        interest.state = INTEREST.follow("observe", interest.state)
    leave_mark(session, interest, "commitment_observed", actor=actor, at=at)
    return interest


def consider(
    session: Session, *, engagement: Engagement, amount_yuan: int, actor: Actor, at: datetime
) -> Interest:
    """The fund considers `amount_yuan`; nothing binds yet, and nothing is set aside for it.

    Raises NotPermitted, FinancingNotOpen, FundNotInvolved, AmountMissing, NotEnoughLeft,
    ActionNotAllowed.
    """
    require(actor, "commitment:work", engagement)
    financing = _take_up(session, engagement, at)
    interest = _get_interest(financing, engagement, "consider")
    state = INTEREST.follow("consider", interest.state)
    if not 0 < amount_yuan <= MONEY_LIMIT_YUAN:
        raise AmountMissing
    if amount_yuan > financing.remaining_yuan:
        raise NotEnoughLeft(remaining_yuan=financing.remaining_yuan)
    interest.state = state
    interest.amount_yuan = amount_yuan
    leave_mark(session, interest, "commitment_considered", actor=actor, at=at)
    tell_founders(session, financing, "commitment_considered", fund=engagement.provider.name, at=at)
    return interest


def commit(
    session: Session, *, engagement: Engagement, amount_yuan: int, actor: Actor, at: datetime
) -> Interest:
    """The fund commits itself to `amount_yuan`, the amount that it considered and has read.

    Of two that want the last of it, the first has it; the other is told what remains. Conflicts of
    interest are looked for once more. Raises NotPermitted, FinancingNotOpen, FundNotInvolved,
    ActionNotAllowed, AmountOutdated, OwnConflictOfInterest, NotEnoughLeft, NoPlaceLeft.
    """
    require(actor, "commitment:bind", engagement)
    financing = _take_up(session, engagement, at)
    interest = _get_interest(financing, engagement, "commit")
    state = INTEREST.follow("commit", interest.state)
    if interest.amount_yuan is None or interest.amount_yuan != amount_yuan:
        raise AmountOutdated
    if find_conflict(session, engagement.startup, engagement.provider):
        raise OwnConflictOfInterest
    count_taken(session, financing)
    if financing.remaining_places == 0:
        raise NoPlaceLeft
    if amount_yuan > financing.remaining_yuan:
        raise NotEnoughLeft(remaining_yuan=financing.remaining_yuan)
    interest.state = state
    interest.committed_by_id = actor.person_id
    interest.committed_at = at
    count_taken(session, financing)
    leave_mark(session, interest, "commitment_made", actor=actor, at=at)
    tell_founders(session, financing, "commitment_made", fund=engagement.provider.name, at=at)
    if financing.has_minimum:
        tell_founders(session, financing, "financing_closable", at=at)
    return interest


def leave(session: Session, *, engagement: Engagement, actor: Actor, at: datetime) -> Interest:
    """The fund takes part no more; nothing bound it. Raises NotPermitted, FinancingNotOpen,
    ActionNotAllowed.
    """
    require(actor, "commitment:work", engagement)
    lock_need(session, engagement.need)
    financing = find_running(session, engagement.need)
    if financing is None:
        raise FinancingNotOpen
    interest = _get_interest(financing, engagement, "leave")
    interest.state = INTEREST.follow("leave", interest.state)
    interest.amount_yuan = None
    leave_mark(session, interest, "commitment_left", actor=actor, at=at)
    return interest


def release_commitment(
    session: Session, *, engagement: Engagement, words: str, actor: Actor, at: datetime
) -> Interest:
    """The fund is bound no more, and says why. What it had committed is free again.

    Of several financings of the need it is the newest in which it is bound. Raises NotPermitted,
    ReasonMissing, ActionNotAllowed.
    """
    require(actor, "commitment:release", engagement)
    _require_words(words)
    lock_need(session, engagement.need)
    interest = session.scalar(
        select(Interest)
        .join(Interest.financing)
        .where(
            Financing.need_id == engagement.need_id,
            Interest.provider_id == engagement.provider_id,
        )
        # Also one in an older financing, where it only looks at the newest.
        .order_by((Interest.state == "committed").desc(), Interest.id.desc())
        .limit(1)
    )
    if interest is None:
        raise ActionNotAllowed("interest", "release", "")
    _release(session, interest, words, actor=actor, at=at)
    tell_founders(
        session, interest.financing, "commitment_released", fund=engagement.provider.name, at=at
    )
    return interest


def let_go(
    session: Session, *, interest: Interest, words: str, actor: Actor, at: datetime
) -> Interest:
    """The founder does not take what a fund has committed, and says why.

    Raises NotPermitted, ReasonMissing, ActionNotAllowed.
    """
    require(actor, "interest:release", interest)
    _require_words(words)
    _release(session, interest, words, actor=actor, at=at)
    tell_funds(
        session,
        interest.financing,
        "commitment_let_go",
        at=at,
        among=[interest.provider_id],
    )
    return interest


def confirm_payment(
    session: Session, *, interest: Interest, paid_on: date, actor: Actor, at: datetime
) -> Interest:
    """The founder confirms that the money of a fund has come, on the day `paid_on`.

    Raises NotPermitted, ActionNotAllowed, PaymentUnfit before the closing or for another day.
    """
    require(actor, "interest:confirm", interest)
    financing = interest.financing
    lock_financing(session, financing)
    session.refresh(interest)
    state = INTEREST.follow("pay", interest.state)
    opened_on = today(financing.opened_at or at)
    if financing.state != "closed" or not is_payment_day(paid_on, opened_on, today(at)):
        raise PaymentUnfit
    interest.state = state
    interest.paid_on = paid_on
    count_taken(session, financing)
    leave_mark(session, interest, "commitment_paid", actor=actor, at=at)
    tell_funds(session, financing, "commitment_paid", at=at, among=[interest.provider_id])
    return interest


def _release(
    session: Session, interest: Interest, words: str, *, actor: Actor, at: datetime
) -> None:
    lock_financing(session, interest.financing)
    session.refresh(interest)
    interest.state = INTEREST.follow("release", interest.state)
    interest.release_words = words
    interest.released_by_id = actor.person_id
    count_taken(session, interest.financing)
    leave_mark(session, interest, "commitment_released", actor=actor, at=at)
    if interest.financing.state == "closed":
        follow_release(session, interest.financing, interest.amount_yuan or 0, at=at)


def _take_up(session: Session, engagement: Engagement, at: datetime) -> Financing:
    """The open financing of the engagement's need, locked, in which its fund can take part.

    Raises FinancingNotOpen, FundNotInvolved.
    """
    lock_need(session, engagement.need)
    session.refresh(engagement, ["state"])
    financing = find_running(session, engagement.need)
    if financing is None or financing.closes_on < today(at):
        raise FinancingNotOpen
    deal = session.scalar(
        select(Deal)
        .where(Deal.engagement_id == engagement.id)
        .execution_options(populate_existing=True)
    )
    is_over = deal is not None and deal.state in ("passed", "withdrawn")
    if (
        engagement.provider.kind is not ProviderKind.INVESTOR
        or engagement.state not in ENGAGEMENT_TAKES_PLACE
        or is_over
    ):
        raise FundNotInvolved
    return financing


def _find_interest(financing: Financing, engagement: Engagement) -> Interest | None:
    return next(
        (each for each in financing.interests if each.provider_id == engagement.provider_id), None
    )


def _get_interest(financing: Financing, engagement: Engagement, action: str) -> Interest:
    """The fund's interest. Raises ActionNotAllowed for `action` where it has none."""
    interest = _find_interest(financing, engagement)
    if interest is None:
        raise ActionNotAllowed("interest", action, "")
    return interest


def _require_words(words: str) -> None:
    if not 0 < len(words) <= RELEASE_WORDS_LIMIT:
        raise ReasonMissing
