"""Works through a confirmed file in chunks.

A chunk is planned and encoded together, before anything is written. Its rows are then written in
transactions short enough for everybody else, and planned once more under the lock: a row does
exactly what its preview said, or nothing. Whoever is killed leaves whole rows behind, and the next
one goes on with those that are left.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.access import Actor, make_actor
from app.accounts.actions import invite
from app.audit import record
from app.errors import (
    AlreadyInvited,
    AlreadyMember,
    ChangedMeanwhile,
    DomainError,
)
from app.imports.columns import PERSON_NAME_LIMIT
from app.imports.planning import Plan, plan_rows
from app.imports.problems import Problem, Remark, read_problem
from app.imports.queries import list_applying, list_pending
from app.imports.recognising import RecognisedRow, recognise_cells
from app.pools.actions import admit_imported, invite_provider
from app.profiles.actions import (
    create_provider,
    create_startup,
    edit_provider,
    edit_startup,
    publish_provider,
    publish_startup,
)
from app.profiles.encoding import EncodedProfile, encode_all
from app.profiles.values import ProviderValues, StartupValues
from app.transactions import writing
from matching.engine import Engine
from models.imports import ImportBatch, ImportKind, ImportRow, RowOutcome
from models.lifecycle import IMPORT_BATCH, ActionNotAllowed
from models.organisations import Incubator, Startup
from models.providers import Provider
from models.vocabulary import Role

log = logging.getLogger(__name__)

# As many rows are encoded together: enough for the encoder to be quick.
CHUNK = 50

# A transaction that has held its lock for so long, in seconds, ends with the row it is at.
LOCK_SECONDS = 0.5

# What is done for a mentor whose profile a file cannot touch.
_DONE_ALL_THE_SAME = frozenset({Remark.OWN_ACCOUNT_INVITED, Remark.OWN_ACCOUNT_ADMITTED})


@dataclass(frozen=True, slots=True)
class PreparedChunk:
    """Rows by their key, and the texts of those mentors who will be published, by row number."""

    row_ids: tuple[int, ...]
    encoded: Mapping[int, EncodedProfile]


def apply_import(
    session: Session, *, batch: ImportBatch, engine: Engine, at: datetime, chunks: int | None = None
) -> int:
    """The rows of `batch`, which was confirmed, are dealt with; at most `chunks` chunks of them.

    Commits every `LOCK_SECONDS`, so that it may be killed at any time and called again: rows that
    are dealt with are not done again. Everything is done in the name of who confirmed. Returns
    how many rows there were. Raises EncoderMissing.
    """
    batch_id, done = batch.id, 0
    while chunks is None or chunks > 0:
        prepared = _prepare_chunk(session, batch_id, engine)
        of_chunk = _write_chunk(session, batch_id, prepared, at)
        if of_chunk == 0:
            break
        done += of_chunk
        chunks = None if chunks is None else chunks - 1
    return done


def _write_chunk(session: Session, batch_id: int, prepared: PreparedChunk, at: datetime) -> int:
    done = 0
    while True:
        with writing(session):
            number = _write_rows(session, batch_id, prepared, at)
        done += number
        # None: all are done, or somebody else has done them.
        if number == 0 or done >= len(prepared.row_ids):
            return done


def continue_imports(session: Session, *, engine: Engine, at: datetime) -> int:
    """One more chunk of each confirmed file is done; returns how many rows that were.

    Called again as long as that is not 0, it leaves other work its turn in between.
    """
    done = 0
    for batch_id in list_applying(session):
        batch = session.get(ImportBatch, batch_id)
        if batch is not None:
            done += apply_import(session, batch=batch, engine=engine, at=at, chunks=1)
    return done


def _prepare_chunk(session: Session, batch_id: int, engine: Engine) -> PreparedChunk:
    batch = session.get_one(ImportBatch, batch_id)
    rows = list_pending(session, batch, limit=CHUNK)
    row_ids = tuple(row.id for row in rows)
    published = [
        (plan.row.number, plan.values)
        for plan in _plan(session, batch, rows)
        if plan.is_published
        and plan.outcome is not RowOutcome.UNCHANGED
        and isinstance(plan.values, ProviderValues)
    ]
    if not published:
        return PreparedChunk(row_ids, {})
    encoded = encode_all(engine, [values for _, values in published])
    numbers = (number for number, _ in published)
    return PreparedChunk(row_ids, dict(zip(numbers, encoded, strict=True)))


def _plan(session: Session, batch: ImportBatch, rows: Sequence[ImportRow]) -> list[Plan]:
    """The plans, as of now, of those of `rows` that are to be done at all."""
    wanted = [row for row in rows if _is_to_be_done(row)]
    return plan_rows(
        session,
        incubator=batch.incubator,
        kind=batch.kind,
        rows=[_recognise(batch.kind, row) for row in wanted],
    )


def _is_to_be_done(row: ImportRow) -> bool:
    if row.outcome is not RowOutcome.REFUSED:
        return True
    return any(read_problem(stored).remark in _DONE_ALL_THE_SAME for stored in row.problems)


def _recognise(kind: ImportKind, row: ImportRow) -> RecognisedRow:
    values, problems = recognise_cells(kind, row.cells)
    return RecognisedRow(row.number, row.cells, values, problems)


def _write_rows(session: Session, batch_id: int, prepared: PreparedChunk, at: datetime) -> int:
    """Deal with rows of `prepared` that nobody has dealt with, for as long as one transaction may
    take, and at least with one; returns their number.

    Rows are locked in one order: the incubator, so that two files never create the same profile,
    the batch, then the profiles by their keys.
    """
    batch = session.get_one(ImportBatch, batch_id)
    session.execute(
        select(Incubator.id)
        .where(Incubator.id == batch.incubator_id)
        .with_for_update(key_share=True)
    )
    state = session.scalar(
        select(ImportBatch.state).where(ImportBatch.id == batch_id).with_for_update()
    )
    if state != "applying":
        return 0
    rows = session.scalars(
        select(ImportRow)
        .where(ImportRow.id.in_(prepared.row_ids), ImportRow.applied_at.is_(None))
        .order_by(ImportRow.number)
    ).all()
    begun, done = monotonic(), 0
    actor = _find_actor(batch)
    plans = {plan.row.number: plan for plan in _plan(session, batch, rows)}
    _lock_targets(session, batch.kind, plans.values())
    for row in rows:
        plan = plans.get(row.number)
        if plan is not None:
            if actor is None:
                _refuse(row, Remark.NO_LONGER_PERMITTED)
            else:
                _apply_row(session, batch, row, plan, prepared.encoded.get(row.number), actor, at)
        row.applied_at = at
        done += 1
        if monotonic() - begun > LOCK_SECONDS:
            break
    session.flush()
    if not list_pending(session, batch, limit=1):
        _finish(session, batch, actor, at)
    return done


def _find_actor(batch: ImportBatch) -> Actor | None:
    """Who confirmed, as long as they operate the incubator."""
    if batch.actor is None or not batch.actor.is_active:
        return None
    actor = make_actor(batch.actor)
    return actor if batch.incubator_id in actor.operates else None


def _lock_targets(session: Session, kind: ImportKind, plans: Iterable[Plan]) -> None:
    ids = sorted({plan.target_id for plan in plans if plan.target_id is not None})
    table = Provider if kind is ImportKind.MENTORS else Startup
    session.execute(select(table.id).where(table.id.in_(ids)).order_by(table.id).with_for_update())


def _apply_row(
    session: Session,
    batch: ImportBatch,
    row: ImportRow,
    plan: Plan,
    encoded: EncodedProfile | None,
    actor: Actor,
    at: datetime,
) -> None:
    """Do what the preview of `row` said, or refuse it; its neighbours are not concerned."""
    if not _is_as_previewed(batch.kind, row, plan):
        _refuse(row, Remark.CHANGED_MEANWHILE)
        return
    try:
        with session.begin_nested():
            match plan.values:
                case ProviderValues() as values:
                    row.provider_id = _apply_mentor(
                        session, batch, plan, values, encoded, actor, at
                    )
                case StartupValues() as values:
                    row.startup_id = _apply_startup(session, batch, plan, values, actor, at)
                case None:
                    _ask_mentor(session, batch, plan, actor, at)
            row.outcome = plan.outcome
    except OperationalError:
        # Not this row's fault: the database is away or busy, and the chunk is tried again.
        raise
    except (DomainError, ActionNotAllowed):
        _refuse(row, Remark.CHANGED_MEANWHILE)
    except Exception:
        # A mistake of ours in one row must not keep the others waiting for ever.
        log.exception("row %s of import %s failed", row.number, batch.public_id)
        _refuse(row, Remark.FAILED)


def _is_as_previewed(kind: ImportKind, row: ImportRow, plan: Plan) -> bool:
    previewed_target = row.provider_id if kind is ImportKind.MENTORS else row.startup_id
    if plan.target_id != previewed_target:
        return False
    # What it would have changed is said by now: nothing is left to do, and nothing is lost.
    if row.outcome is RowOutcome.UPDATE and plan.outcome is RowOutcome.UNCHANGED:
        return True
    return row.outcome is plan.outcome and row.problems == [p.to_json() for p in plan.problems]


def _refuse(row: ImportRow, remark: Remark) -> None:
    row.outcome = RowOutcome.REFUSED
    row.problems = [Problem("", remark).to_json()]


def _apply_mentor(
    session: Session,
    batch: ImportBatch,
    plan: Plan,
    values: ProviderValues,
    encoded: EncodedProfile | None,
    actor: Actor,
    at: datetime,
) -> int:
    if plan.target_id is None:
        mentor = create_provider(session, values=values, member=None, actor=actor, at=at)
    else:
        mentor = session.get_one(Provider, plan.target_id)
        edit_provider(
            session,
            provider=mentor,
            values=values,
            encoded=encoded,
            version=None,
            actor=actor,
            at=at,
        )
    if plan.is_published and mentor.state == "draft":
        if encoded is None:
            raise ChangedMeanwhile
        publish_provider(session, provider=mentor, encoded=encoded, actor=actor, at=at)
    admit_imported(session, incubator=batch.incubator, provider=mentor, actor=actor, at=at)
    _invite(session, batch, plan, actor, at, role=Role.MENTOR, provider_id=mentor.id)
    return mentor.id


def _apply_startup(
    session: Session,
    batch: ImportBatch,
    plan: Plan,
    values: StartupValues,
    actor: Actor,
    at: datetime,
) -> int:
    if plan.target_id is None:
        startup = create_startup(
            session,
            values=values,
            founder=None,
            actor=actor,
            at=at,
            incubator=batch.incubator,
        )
    else:
        startup = session.get_one(Startup, plan.target_id)
        edit_startup(session, startup=startup, values=values, version=None, actor=actor, at=at)
    if plan.is_published and startup.state == "draft":
        publish_startup(session, startup=startup, actor=actor, at=at)
    _invite(session, batch, plan, actor, at, role=Role.FOUNDER, startup_id=startup.id)
    return startup.id


def _ask_mentor(
    session: Session, batch: ImportBatch, plan: Plan, actor: Actor, at: datetime
) -> None:
    """Who has an account is asked into the pool, or admitted where they asked for it."""
    if plan.outcome is not RowOutcome.REFUSED or plan.target_id is None:
        return
    mentor = session.get_one(Provider, plan.target_id)
    if Remark.OWN_ACCOUNT_ADMITTED in plan.remarks:
        admit_imported(session, incubator=batch.incubator, provider=mentor, actor=actor, at=at)
    elif Remark.OWN_ACCOUNT_INVITED in plan.remarks:
        invite_provider(session, incubator=batch.incubator, provider=mentor, actor=actor, at=at)


def _invite(
    session: Session,
    batch: ImportBatch,
    plan: Plan,
    actor: Actor,
    at: datetime,
    *,
    role: Role,
    provider_id: int | None = None,
    startup_id: int | None = None,
) -> None:
    """Whoever has the address of the row gets a link, unless they have one or need none."""
    if not batch.sends_invitations or plan.email is None:
        return
    try:
        invite(
            session,
            email=plan.email,
            name=plan.person_name[:PERSON_NAME_LIMIT],
            role=role,
            provider_id=provider_id,
            startup_id=startup_id,
            sender_incubator_id=batch.incubator_id,
            actor=actor,
            at=at,
        )
    except (AlreadyInvited, AlreadyMember):
        return


def _finish(session: Session, batch: ImportBatch, actor: Actor | None, at: datetime) -> None:
    batch.state = IMPORT_BATCH.follow("finish", batch.state)
    batch.finished_at = at
    session.flush()
    record(
        session,
        actor=actor,
        kind="import_applied",
        subject=batch,
        incubator_id=batch.incubator_id,
        at=at,
    )
