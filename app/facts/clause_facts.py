"""Facts as clauses read them (`app.clauses`): by the name of their type, with their times."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy.orm import Session

from app.clauses import Facts, Scalar, Stated
from app.clauses.terms import Dimension
from app.facts.queries import list_known_of_many
from models.fact_types import FACT_SPECS, FactKind
from models.facts import Fact
from models.organisations import Startup
from models.providers import Provider

_DIMENSIONS: Final[Mapping[FactKind, Dimension]] = MappingProxyType(
    {
        FactKind.MONEY: Dimension.MONEY,
        FactKind.COUNT: Dimension.COUNT,
        FactKind.AREA: Dimension.AREA,
        FactKind.LEVEL: Dimension.LEVEL,
        FactKind.DATE: Dimension.DATE,
    }
)

# What a rule may name, for `app.clauses.parse`: None is no number.
VOCABULARY: Final[Mapping[str, Dimension | None]] = MappingProxyType(
    {fact_type.value: _DIMENSIONS.get(spec.kind) for fact_type, spec in FACT_SPECS.items()}
)


def make_clause_facts(facts: Iterable[Fact]) -> Facts:
    """`facts`, which stand, as a rule is judged by them. Whatever is not among them is unknown."""
    made: dict[str, list[Stated]] = {}
    for fact in facts:
        stated = Stated(_get_scalar(fact), fact.begins_on, fact.ends_on)
        made.setdefault(fact.fact_type.value, []).append(stated)
    return made


def list_clause_facts(
    session: Session,
    table: type[Startup] | type[Provider],
    ids: Collection[int],
    *,
    at: datetime | None = None,
    confirmed: bool,
) -> Mapping[int, Facts]:
    """What rules may go by, for each of many subjects; see `list_known_of_many`."""
    known = list_known_of_many(session, table, ids, at=at, confirmed=confirmed)
    return {subject_id: make_clause_facts(known.get(subject_id, ())) for subject_id in ids}


def _get_scalar(fact: Fact) -> Scalar:
    value = fact.value
    return frozenset(value) if isinstance(value, tuple) else value
