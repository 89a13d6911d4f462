"""Asking a human about a list, and taking the question back."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import Actor, can_know_of, require
from app.enquiries.errors import ConcernOfOthers, EnquiryOpen, NoListYet, NotItsPool
from app.enquiries.rules import ANSWER_WITHIN, MOST_A_DAY, find_next_reminder
from app.enquiries.trace import leave_mark, list_operators, tell_who_answers
from app.errors import NotFound, ReasonMissing
from app.pools.queries import list_own_incubators
from app.transactions import hold, limit_a_day
from models.enquiries import (
    CONCERNS_OF_PROVIDER,
    CONCERNS_OF_STARTUP,
    EnquiryConcern,
    ListEnquiry,
)
from models.lifecycle import LIST_ENQUIRY
from models.matches import MatchRun
from models.needs import Need
from models.organisations import Incubator
from models.providers import Provider


def ask_about_list(
    session: Session,
    *,
    need: Need,
    run: MatchRun | None,
    concern: EnquiryConcern,
    words: str,
    contact: str,
    actor: Actor,
    at: datetime,
    about: Provider | None = None,
) -> ListEnquiry:
    """The operators of the startup's incubator look at the list of `need` that `run` made.

    Where nobody operates one, whoever runs the installation does, told by mail to `contact`; "" is
    none. `about` is whom the startup misses there, or finds misplaced. Raises NotFound,
    NotPermitted, ReasonMissing without words, ConcernOfOthers, NoListYet, EnquiryOpen, TooOften.
    """
    require(actor, "enquiry:ask_of_need", need)
    if about is not None and not can_know_of(actor, about):
        raise NotFound
    if concern not in CONCERNS_OF_STARTUP:
        raise ConcernOfOthers
    if run is None:
        raise NoListYet
    if run.need_id != need.id:
        raise NotFound
    enquiry = ListEnquiry(
        need=need,
        run=run,
        about=about,
        incubator=_choose_answering(session, need.startup.incubator),
        concern=concern,
        words=words,
    )
    _ask(session, enquiry, contact=contact, actor=actor, at=at)
    return enquiry


def ask_about_places(
    session: Session,
    *,
    provider: Provider,
    incubator: Incubator | None,
    concern: EnquiryConcern,
    words: str,
    contact: str,
    actor: Actor,
    at: datetime,
) -> ListEnquiry:
    """The operators of `incubator` look at why `provider` stands in lists, or does not.

    It is one in whose pool the provider is; None: whoever runs the installation, as in
    `ask_about_list`. Raises NotFound, NotPermitted, ReasonMissing without words,
    ConcernOfOthers, NotItsPool, EnquiryOpen, TooOften.
    """
    require(actor, "enquiry:ask_of_provider", provider)
    if concern not in CONCERNS_OF_PROVIDER:
        raise ConcernOfOthers
    if incubator is not None and incubator not in list_own_incubators(session, provider):
        raise NotItsPool
    enquiry = ListEnquiry(
        provider=provider,
        incubator=_choose_answering(session, incubator),
        concern=concern,
        words=words,
    )
    _ask(session, enquiry, contact=contact, actor=actor, at=at)
    return enquiry


def withdraw_enquiry(session: Session, *, enquiry: ListEnquiry, actor: Actor, at: datetime) -> None:
    """Nobody has to answer it any more. Raises NotFound, NotPermitted, ActionNotAllowed."""
    require(actor, "enquiry:withdraw", enquiry)
    hold(session, enquiry)
    session.refresh(enquiry)
    enquiry.state = LIST_ENQUIRY.follow("withdraw", enquiry.state)
    enquiry.remind_at = None
    leave_mark(session, enquiry, "enquiry_withdrawn", actor=actor, at=at)


def _ask(
    session: Session, enquiry: ListEnquiry, *, contact: str, actor: Actor, at: datetime
) -> None:
    if not enquiry.words.strip():
        raise ReasonMissing
    asker = enquiry.asker
    hold(session, asker)
    same = (
        ListEnquiry.need_id == asker.id
        if isinstance(asker, Need)
        else ListEnquiry.provider_id == asker.id
    )
    limit_a_day(session, ListEnquiry.asked_at, same, most=MOST_A_DAY, at=at)
    enquiry.asked_by_id = actor.acts_as_id
    enquiry.asked_at = at
    enquiry.due_at = at + ANSWER_WITHIN
    enquiry.remind_at = find_next_reminder(enquiry.due_at, at)
    try:
        with session.begin_nested():
            session.add(enquiry)
    except IntegrityError:
        raise EnquiryOpen from None
    leave_mark(session, enquiry, "enquiry_asked", actor=actor, at=at)
    tell_who_answers(session, enquiry, "enquiry_to_answer", contact=contact, at=at)


def _choose_answering(session: Session, incubator: Incubator | None) -> Incubator | None:
    return incubator if list_operators(session, incubator) else None
