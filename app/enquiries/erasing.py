"""What an erasure does with questions about lists: those of who goes are gone, with the answers.

Of an organisation that stays the question stays without what the person wrote; one that nobody has
answered yet is taken back, since nobody could answer it.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.enquiries.addresses import address_of_asking, address_of_enquiry
from app.leaving import Erasing, Leaving, Traces
from models.enquiries import ListEnquiry
from models.lifecycle import LIST_ENQUIRY
from models.needs import Need
from models.orm import delete_where


def find_traces(session: Session, leaving: Leaving) -> Traces:
    """The questions of the profiles that go."""
    rows = session.scalars(select(ListEnquiry).where(_is_theirs(leaving))).all()
    return Traces(
        counts={"questions about lists": len(rows)},
        public_ids=[row.public_id for row in rows],
        paths=[
            *(address_of_enquiry(row) for row in rows),
            *{address_of_asking(row.asker) for row in rows},
        ],
    )


def erase_traces(session: Session, leaving: Leaving) -> Sequence[str]:
    """Gives the words that were theirs."""
    theirs = _is_theirs(leaving)
    words = []
    for row in session.scalars(select(ListEnquiry).where(theirs)):
        words += [row.words, row.answer]
    for row in session.scalars(
        select(ListEnquiry).where(leaving.is_person(ListEnquiry.asked_by_id), ~theirs)
    ):
        words.append(row.words)
        row.words = ""
        if row.state == "open":
            row.state = LIST_ENQUIRY.follow("withdraw", row.state)
            row.remind_at = None
    for row in session.scalars(
        select(ListEnquiry).where(leaving.is_person(ListEnquiry.answered_by_id), ~theirs)
    ):
        words.append(row.answer)
        row.answer = ""
    session.flush()
    delete_where(session, ListEnquiry, theirs)
    return [each for each in words if each]


def _is_theirs(leaving: Leaving) -> ColumnElement[bool]:
    needs = select(Need.id).where(Need.startup_id.in_(leaving.startup_ids))
    # A column that is empty is in no list, and ~ of that would be unknown.
    return or_(
        ListEnquiry.need_id.is_not(None) & ListEnquiry.need_id.in_(needs),
        ListEnquiry.provider_id.is_not(None) & ListEnquiry.provider_id.in_(leaving.provider_ids),
    )


ERASING = Erasing(find_traces, erase_traces)
