"""Objections, and the pool whose mentors an operator evaluates."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.access import POOL_STATES_LOOKED_AFTER
from app.evaluation.queries.figures import evaluate
from app.evaluation.values import Evaluation
from models.evaluation import EvaluationObjection
from models.organisations import Incubator
from models.pools import PoolEntry
from models.providers import Provider


def find_objection(session: Session, public_id: str) -> EvaluationObjection | None:
    """The objection with this public id."""
    return session.scalar(
        select(EvaluationObjection)
        .where(EvaluationObjection.public_id == public_id)
        .options(
            joinedload(EvaluationObjection.provider), joinedload(EvaluationObjection.incubator)
        )
    )


def list_objections(session: Session, provider: Provider) -> Sequence[EvaluationObjection]:
    """What `provider` objected to, the latest first."""
    return session.scalars(
        select(EvaluationObjection)
        .where(EvaluationObjection.provider_id == provider.id)
        .options(joinedload(EvaluationObjection.incubator))
        .order_by(EvaluationObjection.id.desc())
    ).all()


def list_pool(
    session: Session, incubator: Incubator, *, at: datetime
) -> list[tuple[Provider, Evaluation]]:
    """The mentors of the pool with their evaluations: by the weighed rating, then the answers."""
    providers = session.scalars(
        select(Provider)
        .join(PoolEntry, PoolEntry.provider_id == Provider.id)
        .where(
            PoolEntry.incubator_id == incubator.id,
            PoolEntry.state.in_(POOL_STATES_LOOKED_AFTER),
        )
        .order_by(Provider.id)
    ).all()
    found = evaluate(session, providers, at=at)
    pairs = [(provider, found[provider.id]) for provider in providers]
    return sorted(pairs, key=lambda pair: (-pair[1].weighed, -pair[1].ratings, pair[0].id))
