"""What a founder does: begins a financing, opens it to funds, and brings it to its end."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import Acting, Actor, require
from app.arrangements.following import follow_financing
from app.clock import today
from app.errors import ChangedMeanwhile
from app.financings.errors import (
    FinancingExists,
    FinancingFixed,
    FinancingNotOpen,
    FinancingUnfit,
    MinimumMissing,
    NoMoneyRaised,
    NotLater,
    NotNarrower,
)
from app.financings.trace import (
    count_taken,
    end_interests,
    leave_mark,
    lock_financing,
    lock_need,
    tell_founders,
    tell_funds,
)
from app.financings.values import FinancingValues, is_closing_day, is_narrower
from models.financing_codes import PartiesShown
from models.financings import Financing
from models.lifecycle import FINANCING
from models.needs import Need
from models.vocabulary import NeedKind

_UNDECIDED = ("observing", "considering")


def draft_financing(
    session: Session, *, need: Need, values: FinancingValues, actor: Actor, at: datetime
) -> Financing:
    """A financing for `need`, which no fund sees until it is opened.

    Raises NotPermitted, NoMoneyRaised, FinancingUnfit, FinancingExists (also of two at once).
    """
    require(actor, "financing:draft", need)
    lock_need(session, need)
    _require_need(session, need)
    if not values.is_possible(today(at)):
        raise FinancingUnfit
    financing = Financing(need=need, created_at=at, changed_at=at)
    _write(financing, values)
    try:
        with session.begin_nested():
            session.add(financing)
    except IntegrityError:
        raise FinancingExists from None
    leave_mark(session, financing, "financing_drafted", actor=actor, at=at)
    return financing


def edit_financing(
    session: Session,
    *,
    financing: Financing,
    values: FinancingValues,
    version: int,
    actor: Actor,
    at: datetime,
) -> None:
    """The draft says `values`. `version` is the one that was read.

    Raises NotPermitted, FinancingFixed once it was opened, ChangedMeanwhile, FinancingUnfit.
    """
    require(actor, "financing:edit", financing)
    lock_financing(session, financing)
    if financing.state != "draft":
        raise FinancingFixed
    if financing.version != version:
        raise ChangedMeanwhile
    if not values.is_possible(today(at)):
        raise FinancingUnfit
    _write(financing, values)
    leave_mark(session, financing, "financing_edited", actor=actor, at=at)


def discard_financing(
    session: Session, *, financing: Financing, actor: Actor, at: datetime
) -> None:
    """The draft is gone. Raises NotPermitted, FinancingFixed once it was opened."""
    require(actor, "financing:edit", financing)
    lock_financing(session, financing)
    if financing.state != "draft":
        raise FinancingFixed
    leave_mark(session, financing, "financing_discarded", actor=actor, at=at)
    session.delete(financing)
    session.flush()


def open_financing(
    session: Session, *, financing: Financing, version: int, actor: Actor, at: datetime
) -> None:
    """Funds that have accepted a request for this money are told, and can take part.

    `version` is the one that was read: what is opened never changes. Raises NotPermitted,
    ActionNotAllowed, ChangedMeanwhile, NoMoneyRaised, FinancingUnfit when its last day is over.
    """
    require(actor, "financing:edit", financing)
    lock_need(session, financing.need)
    lock_financing(session, financing)
    state = FINANCING.follow("open", financing.state)
    if financing.version != version:
        raise ChangedMeanwhile
    _require_need(session, financing.need)
    if not is_closing_day(financing.closes_on, today(at)):
        raise FinancingUnfit
    financing.state = state
    financing.opened_at = at
    leave_mark(session, financing, "financing_opened", actor=actor, at=at)
    tell_funds(session, financing, "financing_opened", at=at)


def extend_financing(
    session: Session, *, financing: Financing, closes_on: date, actor: Actor, at: datetime
) -> None:
    """The last day is a later one. Funds that take part are told.

    Raises NotPermitted, ActionNotAllowed, FinancingNotOpen once the last day is over, NotLater.
    """
    require(actor, "financing:edit", financing)
    lock_financing(session, financing)
    state = FINANCING.follow("extend", financing.state)
    # What is over waits for the clock alone: funds committed themselves up to that day.
    if financing.closes_on < today(at):
        raise FinancingNotOpen
    if closes_on <= financing.closes_on or not is_closing_day(closes_on, today(at)):
        raise NotLater
    financing.state = state
    financing.closes_on = closes_on
    leave_mark(session, financing, "financing_extended", actor=actor, at=at)
    among = [each.provider_id for each in financing.interests if each.state != "left"]
    tell_funds(session, financing, "financing_extended", at=at, among=among)


def narrow_shown(
    session: Session, *, financing: Financing, shown: PartiesShown, actor: Actor, at: datetime
) -> None:
    """Funds are shown less of each other from now on.

    Raises NotPermitted, ActionNotAllowed, NotNarrower: whoever committed themselves was told what
    the others would see.
    """
    require(actor, "financing:edit", financing)
    lock_financing(session, financing)
    state = FINANCING.follow("narrow", financing.state)
    if not is_narrower(shown, financing.shown):
        raise NotNarrower
    financing.state = state
    financing.shown = shown
    leave_mark(session, financing, "financing_narrowed", actor=actor, at=at)


def close_financing(
    session: Session, *, financing: Financing, taken_yuan: int, actor: Actor, at: datetime
) -> None:
    """What is committed is what is raised; nobody can commit more. All who took part are told.

    `taken_yuan` is what was read as committed. Raises NotPermitted, ActionNotAllowed,
    ChangedMeanwhile, MinimumMissing.
    """
    require(actor, "financing:close", financing)
    lock_financing(session, financing)
    FINANCING.follow("close", financing.state)
    count_taken(session, financing)
    if financing.taken_yuan != taken_yuan:
        raise ChangedMeanwhile
    if not financing.has_minimum:
        raise MinimumMissing(missing_yuan=financing.least_yuan - financing.taken_yuan)
    _close(session, financing, actor=actor, at=at)


def abandon_financing(
    session: Session, *, financing: Financing, actor: Actor, at: datetime
) -> None:
    """Nothing is raised. All commitments end, and the funds are told.

    Raises NotPermitted, ActionNotAllowed.
    """
    require(actor, "financing:edit", financing)
    lock_financing(session, financing)
    FINANCING.follow("abandon", financing.state)
    _end(session, financing, "abandon", "financing_abandoned", actor=actor, at=at)


def end_financings(session: Session, *, actor: Acting, at: datetime, limit: int) -> int:
    """Up to `limit` financings whose last day is over end; gives how many.

    One whose minimum is committed closes, any other lapses with all commitments; founders and funds
    are told. Raises NotPermitted for anybody but the clock.
    """
    require(actor, "financing:end")
    due = session.scalars(
        select(Financing)
        .where(Financing.state == "open", Financing.closes_on < today(at))
        .order_by(Financing.id)
        .limit(limit)
    ).all()
    for financing in due:
        lock_financing(session, financing)
        if financing.state != "open" or financing.closes_on >= today(at):
            continue
        count_taken(session, financing)
        if financing.has_minimum:
            _close(session, financing, actor=actor, at=at)
            tell_founders(session, financing, "financing_closed_itself", at=at)
        else:
            _end(session, financing, "lapse", "financing_lapsed", actor=actor, at=at)
            tell_founders(session, financing, "financing_lapsed_itself", at=at)
    return len(due)


def _close(session: Session, financing: Financing, *, actor: Acting, at: datetime) -> None:
    financing.state = FINANCING.follow("close", financing.state)
    financing.ended_at = at
    committed = [each.provider_id for each in financing.interests if each.state == "committed"]
    others = end_interests(session, financing, _UNDECIDED, at)
    leave_mark(session, financing, "financing_closed", actor=actor, at=at)
    tell_funds(session, financing, "financing_closed", at=at, among=committed)
    left_out = [each.provider_id for each in others]
    tell_funds(session, financing, "financing_over", at=at, among=left_out)
    follow_financing(session, financing, at=at)


def _end(
    session: Session, financing: Financing, action: str, kind: str, *, actor: Acting, at: datetime
) -> None:
    financing.state = FINANCING.follow(action, financing.state)
    financing.ended_at = at
    ended = end_interests(session, financing, (*_UNDECIDED, "committed"), at)
    count_taken(session, financing)
    leave_mark(session, financing, kind, actor=actor, at=at)
    tell_funds(session, financing, kind, at=at, among=[each.provider_id for each in ended])
    follow_financing(session, financing, at=at)


def _write(financing: Financing, values: FinancingValues) -> None:
    financing.kind = values.kind
    financing.target_yuan = values.target_yuan
    financing.least_yuan = values.least_yuan
    financing.terms = values.terms
    financing.closes_on = values.closes_on
    financing.places = values.places
    financing.shown = values.shown


def _require_need(session: Session, need: Need) -> None:
    session.refresh(need, ["state", "kind"])
    if need.kind is not NeedKind.FUNDING or need.state != "open":
        raise NoMoneyRaised
