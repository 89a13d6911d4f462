"""The rows of a confirmed file, some at a time: read, and encoded before any lock is taken.

Reading needs the database and little time, encoding needs time and no database. So the two are
apart: while the rows of one chunk are written, those of the next are encoded.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.imports.cells import recognise_cells
from app.imports.planning import Plan, plan_rows
from app.imports.problems import FROM_FILE, Remark, read_problem
from app.imports.queries import list_pending
from app.imports.recognising import RecognisedRow
from app.profiles.encoding import EncodedProfile, encode_all
from app.profiles.values import ProviderValues
from matching.engine import Engine
from models.imports import ImportBatch, ImportKind, ImportRow, RowOutcome

# As many rows are encoded together: enough for the encoder to be quick.
CHUNK = 100

# What is done for a mentor whose profile a file cannot touch.
_DONE_ALL_THE_SAME = frozenset({Remark.OWN_ACCOUNT_INVITED, Remark.OWN_ACCOUNT_ADMITTED})


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows that nobody had dealt with when they were read, in the order of the file.

    `recognised` holds those that are to be done at all, and `published` what will be said by those
    mentors who will be published; both by row number.
    """

    row_ids: tuple[int, ...]
    last_number: int
    recognised: Mapping[int, RecognisedRow]
    published: Mapping[int, ProviderValues]


def read_chunk(session: Session, batch: ImportBatch, *, after: int) -> Chunk | None:
    """The next rows of `batch` behind the row number `after`; None when there are none."""
    rows = list_pending(session, batch, limit=CHUNK, after=after)
    if not rows:
        return None
    recognised = {row.number: recognise_row(batch.kind, row) for row in rows if _is_to_be_done(row)}
    return Chunk(
        row_ids=tuple(row.id for row in rows),
        last_number=rows[-1].number,
        recognised=recognised,
        published={
            plan.row.number: plan.values
            for plan in plan_recognised(session, batch, list(recognised.values()))
            if plan.is_published
            and plan.outcome is not RowOutcome.UNCHANGED
            and isinstance(plan.values, ProviderValues)
        },
    )


def encode_chunk(engine: Engine, chunk: Chunk) -> Mapping[int, EncodedProfile]:
    """What the mentors who will be published are found by, by row number. Raises EncoderMissing."""
    if not chunk.published:
        return {}
    encoded = encode_all(engine, list(chunk.published.values()))
    return dict(zip(chunk.published, encoded, strict=True))


def plan_recognised(
    session: Session, batch: ImportBatch, rows: Sequence[RecognisedRow]
) -> list[Plan]:
    """The plans, as of now, of rows of `batch`."""
    return plan_rows(session, incubator=batch.incubator, kind=batch.kind, rows=rows)


def _is_to_be_done(row: ImportRow) -> bool:
    if row.outcome is not RowOutcome.REFUSED:
        return True
    return any(read_problem(stored).remark in _DONE_ALL_THE_SAME for stored in row.problems)


def recognise_row(kind: ImportKind, row: ImportRow) -> RecognisedRow:
    """What a stored row says, now."""
    values, problems = recognise_cells(kind, row.cells)
    # What the file had besides its cells was kept with the row.
    stored = map(read_problem, row.problems)
    said = tuple(problem for problem in stored if problem.remark in FROM_FILE)
    return RecognisedRow(row.number, row.cells, values, (*problems, *said))
