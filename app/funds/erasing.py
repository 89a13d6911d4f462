"""What an erasure does with mandates and asks: those of a fund or a startup that goes are gone."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from app.funds.addresses import address_of_funnel, address_of_mandate
from app.funds.following import follow_departure
from app.leaving import Erasing, Leaving, Traces
from models.deals import Deal, Funnel
from models.engagements import Engagement
from models.funds import Mandate, SoughtFunding
from models.needs import Need


def find_traces(session: Session, leaving: Leaving) -> Traces:
    """The mandates of the funds that go, and what needs of the startups that go ask of funds."""
    ids = session.scalars(
        select(Mandate.public_id).where(Mandate.provider_id.in_(leaving.provider_ids))
    ).all()
    asks = session.scalar(
        select(func.count())
        .select_from(SoughtFunding)
        .join(Need, Need.id == SoughtFunding.need_id)
        .where(Need.startup_id.in_(leaving.startup_ids))
    )
    deals = session.scalars(select(Deal.public_id).where(_is_deal_of(leaving))).all()
    return Traces(
        counts={"mandates": len(ids), "asks of funds": asks or 0, "deals": len(deals)},
        public_ids=[*ids, *deals],
        paths=[
            path(provider)
            for provider in leaving.providers
            for path in (address_of_mandate, address_of_funnel)
        ],
    )


def erase_traces(session: Session, leaving: Leaving) -> Sequence[str]:
    """Nothing of them stays: nobody else refers to it. Founders to whom a mandate was open by what
    they have proven are told. In deals of a fund that stays, nothing does that the person wrote;
    gives it."""
    for mandate in session.scalars(
        select(Mandate).where(
            Mandate.provider_id.in_(leaving.provider_ids), Mandate.state == "published"
        )
    ).all():
        follow_departure(session, mandate, startup_ids=leaving.startup_ids, at=leaving.at)
    session.execute(delete(Deal).where(_is_deal_of(leaving)))
    session.execute(delete(Funnel).where(Funnel.provider_id.in_(leaving.provider_ids)))
    session.execute(delete(Mandate).where(Mandate.provider_id.in_(leaving.provider_ids)))
    theirs = select(Need.id).where(Need.startup_id.in_(leaving.startup_ids))
    session.execute(delete(SoughtFunding).where(SoughtFunding.need_id.in_(theirs)))
    words = []
    for deal in session.scalars(select(Deal).where(leaving.is_person(Deal.passed_by_id))):
        words += [deal.pass_words] if deal.pass_words else []
        deal.pass_words = ""  # nosec B105  # nothing is left of the words
    session.flush()
    return words


def _is_deal_of(leaving: Leaving) -> ColumnElement[bool]:
    theirs = select(Engagement.id).where(
        or_(
            Engagement.provider_id.in_(leaving.provider_ids),
            Engagement.startup_id.in_(leaving.startup_ids),
        )
    )
    return Deal.engagement_id.in_(theirs)


ERASING = Erasing(find_traces, erase_traces)
