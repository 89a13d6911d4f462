"""What is known in the demonstration: stated by those whom it is about, confirmed by operators."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from typing import Any

import yaml
from sqlalchemy.orm import Session

from app.access import Actor
from app.facts.actions import confirm_fact, state_fact
from app.facts.values import StatedFact, make_year
from models.canonical import canonical_line
from models.fact_types import FACT_SPECS, FactKind, FactSource, FactTime, FactType
from models.facts import FactValue
from models.organisations import Startup
from models.providers import Provider

_UNITS: Mapping[FactKind, str] = {
    FactKind.MONEY: "ten_thousand_yuan",
    FactKind.COUNT: "count",
    FactKind.AREA: "square_metre",
    FactKind.LEVEL: "level",
}


def state_known(
    session: Session,
    *,
    subjects: Mapping[str, Startup | Provider],
    actors: Mapping[str, Actor],
    operators: Mapping[str, Actor],
    at: datetime,
) -> int:
    """Everything in `facts.yaml` is stated at `at`, and some of it confirmed; gives how much.

    `actors` act for the subjects, `operators` look after them, all by the keys of the files.
    """
    rows: list[Mapping[str, Any]] = yaml.safe_load(
        files("app.demo").joinpath("facts.yaml").read_text(encoding="utf-8")
    )
    count = 0
    for row in rows:
        key = row.get("startup") or row["provider"]
        for said in row["facts"]:
            fact = state_fact(
                session,
                subject=subjects[key],
                stated=_read_fact(said, at.date()),
                actor=actors[key],
                at=at,
            )
            if said.get("confirmed"):
                confirm_fact(session, fact=fact, actor=operators[key], at=at + timedelta(days=2))
            count += 1
    return count


def _read_fact(said: Mapping[str, Any], today: date) -> StatedFact:
    fact_type = FactType(said["type"])
    spec = FACT_SPECS[fact_type]
    begins_on: date | None = None
    ends_on: date | None = None
    if spec.time is FactTime.YEAR:
        begins_on, ends_on = make_year(today.year - said["years_ago"])
    elif spec.time is FactTime.DAY:
        begins_on = ends_on = today - timedelta(days=said["days_ago"])
    return StatedFact(
        fact_type=fact_type,
        value=_read_value(spec.kind, said["value"]),
        begins_on=begins_on,
        ends_on=ends_on,
        unit=_UNITS.get(spec.kind, ""),
        source=FactSource(said.get("source", FactSource.OWN_STATEMENT)),
        source_note=canonical_line(said.get("note", "")),
    )


def _read_value(kind: FactKind, value: Any) -> FactValue:
    if kind in _UNITS:
        return Decimal(value)
    if kind is FactKind.CODES:
        return tuple(value)
    if kind is FactKind.TEXT:
        return canonical_line(value)
    found: FactValue = value
    return found
