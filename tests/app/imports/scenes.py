"""Imports as they are acted out in tests: an operator, a file, a preview, a confirmation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, make_actor
from app.imports import actions
from app.imports.planning import Plan, plan_file
from app.imports.reading import read_table
from app.imports.recognising import recognise_table
from matching.encoders.contract import TextEncoder
from matching.encoders.hashing import HashingEncoder
from matching.engine import Engine
from matching.records import Change
from models.imports import ImportBatch, ImportKind, ImportRow
from models.organisations import Incubator
from models.people import Person
from tests.app.imports.files import make_csv_of
from tests.factories import AT, make_incubator, make_person


@dataclass(frozen=True, slots=True)
class House:
    """An incubator and its operator."""

    incubator: Incubator
    operator: Person

    @property
    def actor(self) -> Actor:
        return make_actor(self.operator)


def make_house(session: Session) -> House:
    operator = make_person(session)
    return House(make_incubator(session, operator=operator), operator)


def plan(
    session: Session,
    house: House,
    *rows: Mapping[str, str],
    kind: ImportKind = ImportKind.MENTORS,
) -> list[Plan]:
    recognised = recognise_table(kind, read_table(make_csv_of(*rows)))
    return plan_file(session, incubator=house.incubator, kind=kind, rows=recognised.rows)


def preview(
    session: Session,
    house: House,
    *rows: Mapping[str, str],
    kind: ImportKind = ImportKind.MENTORS,
) -> ImportBatch:
    return actions.preview_import(
        session,
        incubator=house.incubator,
        kind=kind,
        filename="mentors.csv",
        plans=plan(session, house, *rows, kind=kind),
        unknown_columns=(),
        actor=house.actor,
        at=AT,
    )


def confirm(session: Session, house: House, batch: ImportBatch, *, invites: bool = False) -> None:
    actions.confirm_import(
        session, batch=batch, sends_invitations=invites, actor=house.actor, at=AT
    )
    session.commit()


def apply(
    session: Session,
    house: House,
    *rows: Mapping[str, str],
    kind: ImportKind = ImportKind.MENTORS,
    invites: bool = False,
) -> list[ImportRow]:
    """Preview, confirm and apply the rows, and give back what became of them."""
    batch = preview(session, house, *rows, kind=kind)
    confirm(session, house, batch, invites=invites)
    actions.apply_import(session, batch=batch, engine=make_engine(), at=AT)
    return list_rows(session, batch)


def list_rows(session: Session, batch: ImportBatch) -> list[ImportRow]:
    query = select(ImportRow).where(ImportRow.batch_id == batch.id).order_by(ImportRow.number)
    return list(session.scalars(query))


class NoChanges:
    """The engine's source of changes, which an import never asks."""

    def latest_revision(self) -> int:
        raise AssertionError("an import searches nothing")

    def changes_after(self, revision: int, fingerprint: str) -> Iterator[Change]:
        raise AssertionError("an import searches nothing")


def make_engine(encoder: TextEncoder | None = None) -> Engine:
    """An engine that encodes without a model, and does nothing else."""
    return Engine(encoder or HashingEncoder(), NoChanges())
