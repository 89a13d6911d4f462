"""What an erasure does with pools: a mentor who goes stands in none, no incubator names them."""

from collections.abc import Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.leaving import Erasing, Leaving, Traces
from app.pools.addresses import address_of_entry
from models.organisations import Incubator
from models.pools import PoolEntry


def find_traces(session: Session, leaving: Leaving) -> Traces:
    """Where the mentors who go stand in a pool."""
    entries = session.scalars(
        select(PoolEntry).where(PoolEntry.provider_id.in_(leaving.provider_ids))
    ).all()
    return Traces(
        public_ids=[entry.public_id for entry in entries],
        paths=[address_of_entry(entry) for entry in entries],
    )


def erase_traces(session: Session, leaving: Leaving) -> Sequence[str]:
    """What was applied with and noted is gone with the entry, and so is the service officer."""
    session.execute(delete(PoolEntry).where(PoolEntry.provider_id.in_(leaving.provider_ids)))
    if leaving.person is not None:
        session.execute(
            update(Incubator)
            .where(Incubator.service_officer == leaving.person.name)
            .values(service_officer="", version=Incubator.version + 1)
        )
    return ()


ERASING = Erasing(find_traces, erase_traces)
