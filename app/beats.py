"""Signs of life that the worker leaves in the database, for those who look whether it is there."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine, delete, select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgres
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.transactions import writing_soon
from models.beats import WorkerBeat

log = logging.getLogger(__name__)

BEAT_EVERY: Final = timedelta(seconds=30)

# Longer than what any lane does in one go.
LATE_AFTER: Final = timedelta(minutes=10)

_PATIENCE: Final = 5.0


def beat(engine: Engine, lane: str, *, at: datetime) -> None:
    """The worker is in `lane`, at `at`. Committed on its own; a busy database is no error."""
    make = insert_on_sqlite if engine.dialect.name == "sqlite" else insert_on_postgres
    row = make(WorkerBeat).values(lane=lane, beat_at=at)
    kept = row.on_conflict_do_update(index_elements=[WorkerBeat.lane], set_={"beat_at": at})
    try:
        with writing_soon(engine, _PATIENCE) as connection:
            connection.execute(kept)
    except DBAPIError:
        log.warning("a sign of life of the worker could not be kept", exc_info=True)


def forget_other_lanes(engine: Engine, lanes: Collection[str]) -> None:
    """Nobody waits any more for signs of lanes that an earlier release had."""
    try:
        with writing_soon(engine, _PATIENCE) as connection:
            connection.execute(delete(WorkerBeat).where(WorkerBeat.lane.not_in(lanes)))
    except DBAPIError:
        log.warning("old signs of life of the worker could not be taken away", exc_info=True)


def find_silent_lanes(session: Session, *, at: datetime) -> list[str] | None:
    """Lanes that nobody was seen in for long; None where no worker was ever seen."""
    beats = session.execute(select(WorkerBeat.lane, WorkerBeat.beat_at)).all()
    if not beats:
        return None
    return sorted(lane for lane, beat_at in beats if beat_at < at - LATE_AFTER)
