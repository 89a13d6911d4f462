"""What an erasure does with mandates and asks: those of a fund or a startup that goes are gone."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.funds.addresses import address_of_mandate
from app.leaving import Erasing, Leaving, Traces
from models.funds import FundingAsk, Mandate
from models.needs import Need


def find_traces(session: Session, leaving: Leaving) -> Traces:
    """The mandates of the funds that go, and what needs of the startups that go ask of funds."""
    ids = session.scalars(
        select(Mandate.public_id).where(Mandate.provider_id.in_(leaving.provider_ids))
    ).all()
    asks = session.scalar(
        select(func.count())
        .select_from(FundingAsk)
        .join(Need, Need.id == FundingAsk.need_id)
        .where(Need.startup_id.in_(leaving.startup_ids))
    )
    return Traces(
        counts={"mandates": len(ids), "asks of funds": asks or 0},
        public_ids=ids,
        paths=[address_of_mandate(provider) for provider in leaving.providers],
    )


def erase_traces(session: Session, leaving: Leaving) -> Sequence[str]:
    """Nothing of either stays: nobody else refers to it."""
    session.execute(delete(Mandate).where(Mandate.provider_id.in_(leaving.provider_ids)))
    theirs = select(Need.id).where(Need.startup_id.in_(leaving.startup_ids))
    session.execute(delete(FundingAsk).where(FundingAsk.need_id.in_(theirs)))
    return ()


ERASING = Erasing(find_traces, erase_traces)
