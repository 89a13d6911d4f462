"""The records that a row may repeat or mean: what somebody sees beside it who has to decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from app.imports.cells import recognise_cells
from app.imports.columns import EMAIL_COLUMNS
from app.imports.merging import read_columns
from app.imports.problems import IDENTITY, Remark, read_problem
from app.imports.queries import find_row
from app.imports.targets import find_mentors, find_startups
from app.profiles.values import read_provider, read_startup
from models.imports import ImportBatch, ImportKind, ImportRow
from models.organisations import Startup
from models.providers import Provider

# More than one can compare at a glance.
_OTHERS_SHOWN: Final = 3

_OF_THIS_FILE: Final = frozenset({Remark.REPEATED, Remark.MAYBE_REPEATED})


@dataclass(frozen=True, slots=True)
class OtherRecord:
    """Another row of the file (`number`), or a profile that is known here; its values by column."""

    values: Mapping[str, object]
    number: int | None = None
    profile: Provider | Startup | None = None


def list_others(session: Session, batch: ImportBatch, row: ImportRow) -> Sequence[OtherRecord]:
    """What the row is to be compared with before somebody says whether it is the same.

    Only what belongs to the incubator of the file. Nothing where there is no such question.
    """
    asked = [p for p in map(read_problem, row.problems) if p.remark in IDENTITY]
    numbers = [int(p.text) for p in asked if p.remark in _OF_THIS_FILE and p.text.isdecimal()]
    rows = [found for number in numbers if (found := find_row(session, batch, number))]
    others = [
        OtherRecord(recognise_cells(batch.kind, other.cells)[0], number=other.number)
        for other in rows
    ]
    if any(p.remark not in _OF_THIS_FILE for p in asked):
        others += _list_known(session, batch, row.cells.get("name", ""))
    return others[:_OTHERS_SHOWN]


def _list_known(session: Session, batch: ImportBatch, name: str) -> list[OtherRecord]:
    if batch.kind is ImportKind.MENTORS:
        mentors = find_mentors(session, incubator=batch.incubator, emails=(), names=[name])
        email = EMAIL_COLUMNS[batch.kind]
        return [
            OtherRecord(
                {
                    **read_columns(batch.kind, read_provider(mentor)),
                    email: "、".join(sorted(mentors.addresses.get(mentor.id, ()))),
                },
                profile=mentor,
            )
            for mentor in mentors.list_alike(name)
        ]
    startups = find_startups(session, incubator=batch.incubator, emails=(), names=[name])
    return [
        OtherRecord(read_columns(batch.kind, read_startup(startup)), profile=startup)
        for startup in startups.list_named(name, None)
    ]
