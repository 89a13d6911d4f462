"""What an erasure does with financings: those of a startup that goes are gone with all interests.

Of a fund that goes, what bound nobody goes, and so does a commitment in a financing that is still
open, whose amount is free again. What was committed when a financing closed stays in its sum,
without the fund: the startup's own figures have to add up. Of what was not paid by then founders
are told: they alone know whether the money has come, and can let it go.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from app.financings.addresses import (
    address_of_commitments,
    address_of_financing,
    address_of_need_financing,
)
from app.financings.trace import count_taken, lock_financing, tell_founders
from app.leaving import Erasing, Leaving, Traces
from models.financings import Financing, Interest
from models.lifecycle import INTEREST_COUNTS
from models.needs import Need


def find_traces(session: Session, leaving: Leaving) -> Traces:
    """The financings of startups that go, and the interests of funds that go."""
    needs = session.scalars(select(Need).where(Need.startup_id.in_(leaving.startup_ids))).all()
    financings = session.scalars(
        select(Financing).where(Financing.need_id.in_([need.id for need in needs]))
    ).all()
    interests = session.scalars(
        select(Interest).where(
            or_(
                Interest.provider_id.in_(leaving.provider_ids),
                Interest.financing_id.in_([each.id for each in financings]),
            )
        )
    ).all()
    return Traces(
        counts={"financings": len(financings), "interests in financings": len(interests)},
        public_ids=[
            *(each.public_id for each in financings),
            *(each.public_id for each in interests),
        ],
        paths=[
            *(address_of_financing(each) for each in financings),
            *(address_of_need_financing(need) for need in needs),
            *(address_of_commitments(provider) for provider in leaving.providers),
        ],
    )


def erase_traces(session: Session, leaving: Leaving) -> Sequence[str]:
    """Financings go with their startup, interests with their fund where nothing rests on them.

    In what stays, the words that the person wrote go; gives them.
    """
    theirs = select(Need.id).where(Need.startup_id.in_(leaving.startup_ids))
    session.execute(delete(Financing).where(Financing.need_id.in_(theirs)))
    for interest in session.scalars(
        select(Interest).where(Interest.provider_id.in_(leaving.provider_ids))
    ).all():
        _let_fund_go(session, interest, leaving.at)
    words: list[str] = []
    for interest in session.scalars(
        select(Interest).where(leaving.is_person(Interest.released_by_id))
    ):
        words += [interest.release_words] if interest.release_words else []
        interest.release_words = ""
    session.flush()
    return words


def _let_fund_go(session: Session, interest: Interest, at: datetime) -> None:
    financing = interest.financing
    lock_financing(session, financing)
    if financing.state == "closed" and interest.state in INTEREST_COUNTS:
        interest.provider_id = None
        interest.committed_by_id = None
        session.flush()
        if interest.state == "committed":
            tell_founders(session, financing, "commitment_left_unpaid", at=at)
        return
    was_committed = interest.state == "committed"
    session.delete(interest)
    count_taken(session, financing)
    if was_committed:
        tell_founders(session, financing, "commitment_gone", at=at)


ERASING = Erasing(find_traces, erase_traces)
