"""A human answers, and is told again where that takes long."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.access import Acting, require
from app.enquiries.addresses import address_of_asking
from app.enquiries.errors import NotRecomputed
from app.enquiries.rules import find_next_reminder
from app.enquiries.trace import leave_mark, tell_who_answers
from app.errors import ReasonMissing
from app.telling.notices import list_people_of, tell
from app.transactions import hold
from models.enquiries import EnquiryOutcome, ListEnquiry
from models.lifecycle import LIST_ENQUIRY
from models.matches import MatchRun
from models.needs import Need

# What whoever asked is told, by what came of it.
_TOLD: Final[Mapping[EnquiryOutcome, str]] = {
    EnquiryOutcome.EXPLAINED: "enquiry_explained",
    EnquiryOutcome.CORRECTED: "enquiry_corrected",
    EnquiryOutcome.RECOMPUTED: "enquiry_recomputed",
    EnquiryOutcome.UNCHANGED: "enquiry_unchanged",
}


def answer_enquiry(
    session: Session,
    *,
    enquiry: ListEnquiry,
    outcome: EnquiryOutcome,
    answer: str,
    actor: Acting,
    at: datetime,
) -> None:
    """A human has looked at it; whoever asked is told what came of that, and reads the words.

    Raises NotFound, NotPermitted, ReasonMissing without words, ActionNotAllowed, NotRecomputed
    where a list is said to be new and none was made since.
    """
    require(actor, "enquiry:answer", enquiry)
    if not answer.strip():
        raise ReasonMissing
    hold(session, enquiry)
    session.refresh(enquiry)
    state = LIST_ENQUIRY.follow("answer", enquiry.state)
    if outcome is EnquiryOutcome.RECOMPUTED and not _is_made_anew(session, enquiry):
        raise NotRecomputed
    enquiry.state = state
    enquiry.outcome = outcome
    enquiry.answer = answer
    enquiry.answered_by_id = actor.acts_as_id
    enquiry.answered_at = at
    enquiry.remind_at = None
    leave_mark(session, enquiry, "enquiry_answered", actor=actor, at=at)
    asker = enquiry.asker
    askers = (
        list_people_of(session, startup_id=asker.startup_id)
        if isinstance(asker, Need)
        else list_people_of(session, provider_id=asker.id)
    )
    for person in askers:
        tell(
            session,
            person=person,
            kind=_TOLD[outcome],
            facts={
                "answerer": enquiry.incubator.name if enquiry.incubator else "Yinqiao",
                "answer": answer,
            },
            path=address_of_asking(asker),
            at=at,
        )


def remind_of_enquiries(
    session: Session, *, contact: str, actor: Acting, at: datetime, limit: int
) -> int:
    """Up to `limit` questions of which it is time are recalled to whoever answers; how many.

    Four days before one is due, when it is, and then each week until it is answered. Raises
    NotPermitted for anybody but the clock.
    """
    require(actor, "enquiry:remind")
    due = session.scalars(
        select(ListEnquiry)
        .where(ListEnquiry.state == "open", ListEnquiry.remind_at <= at)
        .order_by(ListEnquiry.remind_at, ListEnquiry.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=ListEnquiry)
    ).all()
    for enquiry in due:
        kind = "enquiry_to_answer_soon" if at < enquiry.due_at else "enquiry_to_answer_late"
        tell_who_answers(session, enquiry, kind, contact=contact, at=at)
        enquiry.remind_at = find_next_reminder(enquiry.due_at, at)
    session.flush()
    return len(due)


def _is_made_anew(session: Session, enquiry: ListEnquiry) -> bool:
    if enquiry.need_id is None:
        return False
    later = exists().where(MatchRun.need_id == enquiry.need_id, MatchRun.run_at > enquiry.asked_at)
    return bool(session.scalar(select(later)))
