"""Works through a confirmed file in chunks.

A chunk is planned and encoded together, before anything is written. Its rows are then written in
transactions short enough for everybody else, and planned once more under the lock: a row does
exactly what its preview said, or nothing. Whoever is killed leaves whole rows behind, and the next
one goes on with those that are left.
"""

import logging
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from time import monotonic

from sqlalchemy.orm import Session

from app.imports.preparing import Chunk, encode_chunk, read_chunk
from app.imports.queries import list_applying
from app.imports.writing_rows import write_rows
from app.profiles.encoding import EncodedProfile
from app.transactions import writing
from matching.engine import Engine
from models.imports import ImportBatch

log = logging.getLogger(__name__)

# For how long one file is worked on before the others, and mail, have their turn, in seconds.
TURN_SECONDS = 3.0


def apply_import(
    session: Session,
    *,
    batch: ImportBatch,
    engine: Engine,
    at: datetime,
    seconds: float | None = None,
) -> int:
    """The rows of `batch`, which was confirmed, are dealt with; only whole chunks of them, the
    last of which is begun before `seconds` have passed, if they are given.

    Commits often, so that it may be killed at any time and called again: rows that are dealt with
    are not done again. Everything is done in the name of who confirmed. Returns how many rows
    there were. Raises EncoderMissing.
    """
    batch_id, done, begun = batch.id, 0, monotonic()
    with ThreadPoolExecutor(1, thread_name_prefix="import") as encoding:
        upcoming = _begin(session, batch_id, engine, encoding, after=0)
        while upcoming is not None:
            chunk, future = upcoming
            encoded = future.result()
            # The next chunk is encoded while this one is written.
            is_over = seconds is not None and monotonic() - begun >= seconds
            upcoming = (
                None
                if is_over
                else _begin(session, batch_id, engine, encoding, after=chunk.last_number)
            )
            of_chunk = _write_chunk(session, batch_id, chunk, encoded, at)
            if of_chunk == 0:
                # Somebody else is at it.
                break
            done += of_chunk
    return done


_Begun = tuple[Chunk, Future[Mapping[int, EncodedProfile]]]


def _begin(
    session: Session, batch_id: int, engine: Engine, encoding: ThreadPoolExecutor, *, after: int
) -> _Begun | None:
    chunk = read_chunk(session, session.get_one(ImportBatch, batch_id), after=after)
    return None if chunk is None else (chunk, encoding.submit(encode_chunk, engine, chunk))


def _write_chunk(
    session: Session,
    batch_id: int,
    chunk: Chunk,
    encoded: Mapping[int, EncodedProfile],
    at: datetime,
) -> int:
    done = 0
    while True:
        with writing(session):
            number = write_rows(session, batch_id=batch_id, chunk=chunk, encoded=encoded, at=at)
        done += number
        # None: all are done, or somebody else has done them.
        if number == 0 or done >= len(chunk.row_ids):
            return done


def continue_imports(session: Session, *, engine: Engine, at: datetime) -> int:
    """Each confirmed file has had a turn of `TURN_SECONDS`; returns how many rows that were.

    Called again as long as that is not 0, it leaves other work its turn in between. A file that
    fails is logged and keeps no other one waiting.
    """
    done = 0
    for batch_id in list_applying(session):
        batch = session.get(ImportBatch, batch_id)
        if batch is None:
            continue
        try:
            done += apply_import(session, batch=batch, engine=engine, at=at, seconds=TURN_SECONDS)
        except Exception:
            session.rollback()
            log.exception("import %s cannot be continued; it is tried again", batch_id)
    return done
