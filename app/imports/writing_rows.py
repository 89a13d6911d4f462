"""Does what the previews of rows said, under the lock: a transaction's worth at a time.

Mentors who are new are created together, a few statements for many; where that fails, and for
everything else, each row is done on its own, so that its neighbours are not concerned.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from time import monotonic

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.access import Actor, is_permitted, make_actor
from app.accounts.actions import invite
from app.accounts.errors import AlreadyInvited, AlreadyMember
from app.audit import record
from app.errors import ChangedMeanwhile, DomainError
from app.imports.column_shapes import PERSON_NAME_LIMIT
from app.imports.planning import Plan
from app.imports.preparing import Chunk, plan_recognised
from app.imports.problems import Problem, Remark
from app.imports.queries import list_pending
from app.pools.actions.entries import admit_created, admit_imported, invite_addressed
from app.profiles.actions import (
    NewProfile,
    create_providers,
    create_startup,
    edit_provider,
    edit_startup,
    publish_provider,
    publish_startup,
)
from app.profiles.encoding import EncodedProfile
from app.profiles.values import ProviderValues, StartupValues
from models.imports import ImportBatch, ImportKind, ImportRow, RowOutcome
from models.lifecycle import IMPORT_BATCH, ActionNotAllowed
from models.organisations import Incubator, Startup
from models.providers import Provider
from models.vocabulary import Role

log = logging.getLogger(__name__)

# A transaction that has held its lock for so long, in seconds, ends with the row it is at.
LOCK_SECONDS = 0.5

# As many new mentors are created with one statement a table.
TOGETHER = 25


def write_rows(
    session: Session,
    *,
    batch_id: int,
    chunk: Chunk,
    encoded: Mapping[int, EncodedProfile],
    at: datetime,
) -> int:
    """Deal with rows of `chunk` that nobody has dealt with, for as long as one transaction may
    take, and at least with one; returns their number.

    `encoded` is what `encode_chunk` made of the chunk. Rows are locked in one order: the incubator,
    so that two files never create the same profile, the batch, then the profiles by their keys.
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
        .where(ImportRow.id.in_(chunk.row_ids), ImportRow.applied_at.is_(None))
        .order_by(ImportRow.number)
    ).all()
    begun, done = monotonic(), 0
    actor = _find_actor(batch)
    wanted = [chunk.recognised[row.number] for row in rows if row.number in chunk.recognised]
    plans = {plan.row.number: plan for plan in plan_recognised(session, batch, wanted)}
    _lock_targets(session, batch.kind, plans.values())
    for piece in _cut(batch.kind, rows, plans, encoded):
        _write_piece(session, batch, piece, plans, encoded, actor, at)
        for row in piece:
            row.applied_at = at
        done += len(piece)
        if monotonic() - begun > LOCK_SECONDS:
            break
    session.flush()
    if not list_pending(session, batch, limit=1):
        _finish(session, batch, actor, at)
    return done


def _cut(
    kind: ImportKind,
    rows: Sequence[ImportRow],
    plans: Mapping[int, Plan],
    encoded: Mapping[int, EncodedProfile],
) -> Iterator[list[ImportRow]]:
    """All `rows` in their order: up to `TOGETHER` new mentors in a piece, any other row alone."""
    for is_new, of_one_sort in groupby(
        rows, key=lambda row: _is_new_mentor(kind, row, plans.get(row.number), encoded)
    ):
        some, most = list(of_one_sort), TOGETHER if is_new else 1
        yield from (some[start : start + most] for start in range(0, len(some), most))


def _is_new_mentor(
    kind: ImportKind, row: ImportRow, plan: Plan | None, encoded: Mapping[int, EncodedProfile]
) -> bool:
    return (
        plan is not None
        and plan.outcome is RowOutcome.CREATE
        and isinstance(plan.values, ProviderValues)
        and (not plan.is_published or row.number in encoded)
        and _is_as_previewed(kind, row, plan)
    )


def _write_piece(
    session: Session,
    batch: ImportBatch,
    piece: Sequence[ImportRow],
    plans: Mapping[int, Plan],
    encoded: Mapping[int, EncodedProfile],
    actor: Actor | None,
    at: datetime,
) -> None:
    planned = [(row, plans[row.number]) for row in piece if row.number in plans]
    if actor is None:
        for row, _plan in planned:
            _refuse(row, Remark.NO_LONGER_PERMITTED)
    elif len(planned) == 1 or not _create_together(session, batch, planned, encoded, actor, at):
        for row, plan in planned:
            _apply_row(session, batch, row, plan, encoded.get(row.number), actor, at)


def _create_together(
    session: Session,
    batch: ImportBatch,
    planned: Sequence[tuple[ImportRow, Plan]],
    encoded: Mapping[int, EncodedProfile],
    actor: Actor,
    at: datetime,
) -> bool:
    """All are new mentors: either all are there afterwards, or none, and False is returned."""
    profiles = [
        NewProfile(plan.values, encoded[row.number] if plan.is_published else None)
        for row, plan in planned
        if isinstance(plan.values, ProviderValues)
    ]
    try:
        with session.begin_nested():
            mentors = create_providers(session, profiles=profiles, actor=actor, at=at)
            admit_created(session, incubator=batch.incubator, providers=mentors, actor=actor, at=at)
            for (row, plan), mentor in zip(planned, mentors, strict=True):
                row.provider_id = mentor.id
                _invite(session, batch, plan, actor, at, role=Role.MENTOR, provider_id=mentor.id)
    except OperationalError:
        raise
    except Exception:
        # Whose fault it is shows when each is done on its own.
        log.info("rows of import %s are done one by one", batch.public_id, exc_info=True)
        return False
    return True


def _find_actor(batch: ImportBatch) -> Actor | None:
    """Who confirmed, as long as they operate the incubator."""
    if batch.actor is None or not batch.actor.is_active:
        return None
    actor = make_actor(batch.actor)
    return actor if is_permitted(actor, "import:apply", batch) else None


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
        if plan.is_published and encoded is None:
            raise ChangedMeanwhile
        profile = NewProfile(values, encoded if plan.is_published else None)
        (mentor,) = create_providers(session, profiles=[profile], actor=actor, at=at)
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
        invite_addressed(session, incubator=batch.incubator, provider=mentor, actor=actor, at=at)


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
