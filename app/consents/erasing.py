"""What an erasure does with consents: they go with whoever gave them, and what rests on them."""

from collections.abc import Sequence

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from app.consents.queries import select_lapsed
from app.leaving import Erasing, Leaving, Traces
from models.consents import ConsentStep
from models.providers import Provider
from models.revisions import mark_changed


def find_traces(session: Session, leaving: Leaving) -> Traces:
    """What was decided by the person, or for a profile that goes."""
    count = session.scalar(
        select(func.count()).where(
            or_(
                leaving.is_person(ConsentStep.person_id),
                ConsentStep.provider_id.in_(leaving.provider_ids),
            )
        )
    )
    return Traces(counts={"consents": count or 0})


def erase_traces(session: Session, leaving: Leaving) -> Sequence[str]:
    """A profile that stays, because others answer for it, is shown by no consent of the person."""
    concerned = session.scalars(
        select(ConsentStep.provider_id)
        .where(
            leaving.is_person(ConsentStep.person_id),
            ConsentStep.provider_id.not_in(leaving.provider_ids),
        )
        .distinct()
    ).all()
    session.execute(
        delete(ConsentStep).where(
            or_(
                leaving.is_person(ConsentStep.person_id),
                ConsentStep.provider_id.in_(leaving.provider_ids),
            )
        )
    )
    for provider in session.scalars(
        select(Provider).where(Provider.id.in_(concerned), select_lapsed()).order_by(Provider.id)
    ):
        provider.open_to_all = provider.shown_to_incubators = False
        session.flush()
        mark_changed(session, provider.id, standing_only=True)
    return ()


ERASING = Erasing(find_traces, erase_traces)
