"""Reads of imports, with typed results."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, select
from sqlalchemy.orm import Session, joinedload

from app.access import Actor
from app.imports.problems import Remark
from app.web.paging import count_pages
from models.imports import ImportBatch, ImportKind, ImportLayout, ImportRow, RowOutcome
from models.organisations import Incubator

PAGE_SIZE = 200

# As many earlier files as the start page shows.
_BATCHES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class BatchCounts:
    """How many rows of a batch there are of each outcome, and how many are dealt with.

    `asked` of the refused ones are about mentors with an account, who are asked to join the pool
    or whose application is granted.
    """

    of_outcome: Mapping[RowOutcome, int]
    applied: int
    asked: int

    @property
    def rows(self) -> int:
        """All rows."""
        return sum(self.of_outcome.values())

    @property
    def can_be_applied(self) -> bool:
        """Whether confirming would do anything."""
        return self.rows > self.of_outcome[RowOutcome.REFUSED] or self.asked > 0


@dataclass(frozen=True, slots=True)
class RowPage:
    """One page of rows. `count` is over all pages, which are numbered from 1."""

    rows: Sequence[ImportRow]
    count: int
    number: int

    @property
    def last(self) -> int:
        """The number of the last page."""
        return count_pages(self.count, PAGE_SIZE)


def find_batch(session: Session, public_id: str) -> ImportBatch | None:
    """The batch with this public id, with its incubator."""
    return session.scalar(
        select(ImportBatch)
        .where(ImportBatch.public_id == public_id)
        .options(joinedload(ImportBatch.incubator))
    )


def list_batches(session: Session, incubator: Incubator) -> Sequence[ImportBatch]:
    """The latest files of `incubator` that were not discarded, newest first."""
    return session.scalars(
        select(ImportBatch)
        .where(ImportBatch.incubator_id == incubator.id, ImportBatch.state != "discarded")
        .order_by(ImportBatch.id.desc())
        .limit(_BATCHES_SHOWN)
    ).all()


def select_batches(viewer: Actor) -> Select[ImportBatch]:
    """The files of the incubators that `viewer` operates, without those that were discarded."""
    return (
        select(ImportBatch)
        .where(ImportBatch.incubator_id.in_(viewer.operates), ImportBatch.state != "discarded")
        .options(joinedload(ImportBatch.incubator))
    )


def list_rows_after(
    session: Session, batch: ImportBatch, *, outcome: RowOutcome | None, after: int, limit: int
) -> Sequence[ImportRow]:
    """At most `limit` rows of `batch` behind the number `after`, of one outcome if given."""
    query = select(ImportRow).where(ImportRow.batch_id == batch.id, ImportRow.number > after)
    if outcome is not None:
        query = query.where(ImportRow.outcome == outcome)
    return session.scalars(query.order_by(ImportRow.number).limit(limit)).all()


def count_rows(session: Session, batch: ImportBatch) -> BatchCounts:
    """What became of the rows of `batch`, or would."""
    of_outcome = dict.fromkeys(RowOutcome, 0)
    applied = 0
    for outcome, number, dealt_with in session.execute(
        select(ImportRow.outcome, func.count(), func.count(ImportRow.applied_at))
        .where(ImportRow.batch_id == batch.id)
        .group_by(ImportRow.outcome)
    ):
        of_outcome[outcome] = number
        applied += dealt_with
    return BatchCounts(of_outcome, applied, _count_asked(session, batch))


def _count_asked(session: Session, batch: ImportBatch) -> int:
    # Only mentors have such rows, and they name the profile that they leave as it is.
    refused = session.scalars(
        select(ImportRow.problems).where(
            ImportRow.batch_id == batch.id,
            ImportRow.outcome == RowOutcome.REFUSED,
            ImportRow.provider_id.is_not(None),
        )
    )
    codes = {Remark.OWN_ACCOUNT_INVITED.value, Remark.OWN_ACCOUNT_ADMITTED.value}
    return sum(any(problem["code"] in codes for problem in problems) for problems in refused)


def list_rows(
    session: Session, batch: ImportBatch, *, outcome: RowOutcome | None = None, number: int = 1
) -> RowPage:
    """Page `number` of the rows of `batch`, in the order of the file, of one outcome if given.

    A number beyond the last page gives the last page.
    """
    query = select(ImportRow).where(ImportRow.batch_id == batch.id)
    if outcome is not None:
        query = query.where(ImportRow.outcome == outcome)
    count = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = RowPage((), count, 1)
    number = min(max(1, number), page.last)
    rows = session.scalars(
        query.options(joinedload(ImportRow.provider), joinedload(ImportRow.startup))
        .order_by(ImportRow.number)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    return RowPage(rows, count, number)


def find_page_of(session: Session, batch: ImportBatch, number: int) -> int:
    """On which page of all rows of `batch` the row with this number stands."""
    before = session.scalar(
        select(func.count()).where(ImportRow.batch_id == batch.id, ImportRow.number < number)
    )
    return (before or 0) // PAGE_SIZE + 1


def find_row(session: Session, batch: ImportBatch, number: int) -> ImportRow | None:
    """The row of `batch` with this number."""
    return session.scalar(
        select(ImportRow).where(ImportRow.batch_id == batch.id, ImportRow.number == number)
    )


def list_all_rows(session: Session, batch: ImportBatch) -> Sequence[ImportRow]:
    """Every row of `batch`, in the order of the file."""
    return session.scalars(
        select(ImportRow).where(ImportRow.batch_id == batch.id).order_by(ImportRow.number)
    ).all()


def find_layouts(
    session: Session, *, incubator: Incubator, kind: ImportKind, shapes: Collection[str]
) -> Mapping[str, ImportLayout]:
    """How the columns of files of these `shapes` were assigned, by shape."""
    layouts = session.scalars(
        select(ImportLayout).where(
            ImportLayout.incubator_id == incubator.id,
            ImportLayout.kind == kind,
            ImportLayout.shape.in_(shapes),
        )
    )
    return {layout.shape: layout for layout in layouts}


def list_refused(session: Session, batch: ImportBatch) -> Sequence[ImportRow]:
    """The rows of `batch` that were not taken, in the order of the file."""
    return session.scalars(
        select(ImportRow)
        .where(ImportRow.batch_id == batch.id, ImportRow.outcome == RowOutcome.REFUSED)
        .order_by(ImportRow.number)
    ).all()


def list_pending(
    session: Session, batch: ImportBatch, *, limit: int, after: int = 0
) -> Sequence[ImportRow]:
    """The next rows of `batch` behind the number `after` that are not dealt with, in the order of
    the file."""
    return session.scalars(
        select(ImportRow)
        .where(
            ImportRow.batch_id == batch.id,
            ImportRow.number > after,
            ImportRow.applied_at.is_(None),
        )
        .order_by(ImportRow.number)
        .limit(limit)
    ).all()


def list_applying(session: Session) -> Sequence[int]:
    """The keys of the batches that were confirmed and are not done, oldest first."""
    return session.scalars(
        select(ImportBatch.id).where(ImportBatch.state == "applying").order_by(ImportBatch.id)
    ).all()


def is_unread_row() -> ColumnElement[bool]:
    """Whether an imported row is about nobody that the product could tell."""
    return and_(
        ImportRow.email.is_(None), ImportRow.provider_id.is_(None), ImportRow.startup_id.is_(None)
    )


def has_address(address: str) -> ColumnElement[bool]:
    """Whether a cell of an imported row has `address` in it, which is in lower case."""
    cells = func.lower(cast(ImportRow.cells, Text))
    return cells.contains(json.dumps(address)[1:-1], autoescape=True)
