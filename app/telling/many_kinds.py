"""Reading things of many kinds by two questions, however many kinds they are.

What waits for somebody is of two dozen kinds, each with a query of its own. To put them one after
the other would make a page slower with each kind that is there. So the first question finds the ids
of everything at once, also of what is looked at beside it, and the second reads the rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import (
    CTE,
    Integer,
    Select,
    and_,
    cast,
    func,
    inspect,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import (
    Mapper,
    QueryableAttribute,
    RelationshipProperty,
    Session,
)
from sqlalchemy.orm.attributes import set_committed_value

# So many things or numbers stand in a row of what is asked.
_WIDTH: Final = 3
# The list of what is only looked at beside others.
_BESIDE: Final = -1


@dataclass(frozen=True, slots=True)
class Asked:
    """A query of things, or of things and whole numbers beside them, and what is read with them.

    `beside` are relationships over one column; those of what they lead to may stand there, too.
    Without a query nothing is found.
    """

    query: Select[*tuple[Any, ...]] | None
    beside: tuple[QueryableAttribute[Any], ...] = ()


def read_many_kinds(session: Session, asked: Sequence[Asked]) -> list[list[Any]]:
    """The rows of each of `asked` in its order: things, or tuples where it asks for more.

    What stands in `beside` is loaded, so that looking at it asks nothing.
    """
    shapes = [_read_shape(one.query) for one in asked]
    if not any(shapes):
        return [[] for _ in asked]
    session.flush()
    lines: list[list[tuple[int, ...]]] = [[] for _ in asked]
    ids: dict[Any, set[int]] = {}
    branches = _Branches(asked, shapes)
    for number, place, *values in session.execute(branches.make_question()):
        if number <= _BESIDE:
            ids.setdefault(branches.targets[_BESIDE - number], set()).add(values[0])
            continue
        lines[number].append((place, *values))
        for entity, value in zip(shapes[number], values, strict=False):
            if entity is not None and value is not None:
                ids.setdefault(entity, set()).add(value)
    things = _read_things(session, ids)
    _join_things(things, branches.attributes)
    return [
        [
            row[0] if len(shape) == 1 else row
            for line in sorted(found, key=lambda each: each[0])
            if (row := _make_row(line[1:], shape, things)) is not None
        ]
        for found, shape in zip(lines, shapes, strict=True)
    ]


def _read_shape(query: Select[*tuple[Any, ...]] | None) -> list[Any]:
    """The class of each thing in a row of `query`, None where a number stands."""
    if query is None:
        return []
    expressions = [each["expr"] for each in query.column_descriptions]
    return [each if isinstance(each, type) else None for each in expressions]


class _Branches:
    """The parts of the first question: what is asked, and what is looked at beside it."""

    def __init__(self, asked: Sequence[Asked], shapes: Sequence[Sequence[Any]]) -> None:
        self.attributes = list(
            dict.fromkeys(each for one in asked if one.query is not None for each in one.beside)
        )
        self.targets: list[Any] = []
        self._roots = {
            number: _make_root(number, one.query)
            for number, one in enumerate(asked)
            if one.query is not None
        }
        self._shapes = shapes
        self._beside: dict[Any, CTE | None] = {}

    def make_question(self) -> Any:
        """The ids of all that is asked and of all that is looked at beside it."""
        parts: list[Any] = [
            select(literal(number), func.row_number().over(), *root.c, *_NOTHINGS[len(root.c) :])
            for number, root in self._roots.items()
        ]
        for attribute in self.attributes:
            branch = self._find_branch(attribute)
            if branch is not None:
                number = _BESIDE - len(self.targets)
                self.targets.append(_get_target(attribute))
                parts.append(select(literal(number), literal(0), branch.c[0], *_NOTHINGS[1:]))
        return union_all(*parts)

    def _find_branch(self, attribute: QueryableAttribute[Any]) -> CTE | None:
        """The ids to which `attribute` leads; None where nothing is asked that has it."""
        if attribute not in self._beside:
            sources = [select(column) for column in self._list_sources(attribute.class_)]
            self._beside[attribute] = (
                _follow(attribute, sources[0] if len(sources) == 1 else union_all(*sources))
                if sources
                else None
            )
        return self._beside[attribute]

    def _list_sources(self, entity: Any) -> Iterator[Any]:
        """Where ids of `entity` come from: what is asked, and what leads to it."""
        for number, root in self._roots.items():
            for place, each in enumerate(self._shapes[number]):
                if each is entity:
                    yield root.c[place]
        for attribute in self.attributes:
            if _get_target(attribute) is entity:
                branch = self._find_branch(attribute)
                if branch is not None:
                    yield branch.c[0]


_NOTHINGS: Final[Sequence[Any]] = (cast(null(), Integer),) * _WIDTH


def _make_root(number: int, query: Select[*tuple[Any, ...]]) -> CTE:
    """The ids of `query`, in its order."""
    columns = []
    for place, each in enumerate(query.column_descriptions):
        what: Any = each["expr"]
        entity: Any = what
        column = entity.id if isinstance(what, type) else what
        columns.append(column.label(f"value_{place}"))
    return query.with_only_columns(*columns, maintain_column_froms=True).cte(f"asked_{number}")


def _follow(attribute: QueryableAttribute[Any], sources: Any) -> CTE:
    """The ids to which `attribute` leads from those of `sources`."""
    entity, target = attribute.class_, _get_target(attribute)
    ((local, remote),) = _get_relationship(attribute).local_remote_pairs
    if local in inspect(entity).primary_key:
        query = select(target.id).where(remote.in_(sources))
    else:
        # As a plain number: to take a foreign key along costs more than all the rest.
        number = type_coerce(local, Integer).label("id")
        query = select(number).where(entity.id.in_(sources), local.is_not(None)).distinct()
    return query.cte(f"beside_{entity.__tablename__}_{attribute.key}")


def _read_things(session: Session, ids: dict[Any, set[int]]) -> dict[Any, dict[int, Any]]:
    """The things of each class, by id. One question."""
    if not ids:
        return {}
    kinds = list(ids)
    wanted = union_all(
        *(
            select(literal(number).label("kind"), kind.id.label("id")).where(
                kind.id.in_(sorted(ids[kind]))
            )
            for number, kind in enumerate(kinds)
        )
    ).subquery("wanted")
    query: Any = select(*kinds).select_from(wanted)
    for number, kind in enumerate(kinds):
        query = query.outerjoin(kind, and_(wanted.c.kind == number, kind.id == wanted.c.id))
    things: dict[Any, dict[int, Any]] = {kind: {} for kind in kinds}
    for row in session.execute(query):
        for kind, thing in zip(kinds, row, strict=True):
            if thing is not None:
                things[kind][thing.id] = thing
    return things


def _join_things(
    things: dict[Any, dict[int, Any]], attributes: Sequence[QueryableAttribute[Any]]
) -> None:
    """Say to everything what it has and what it belongs to: nothing is to be looked up again."""
    for attribute in attributes:
        relationship, key = _get_relationship(attribute), attribute.key
        ((local, remote),) = relationship.local_remote_pairs
        owners, targets = things.get(attribute.class_, {}), things.get(_get_target(attribute), {})
        if local not in inspect(attribute.class_).primary_key:
            for owner in owners.values():
                number = _read(owner, local)
                if key in inspect(owner).unloaded and (number is None or number in targets):
                    set_committed_value(owner, key, targets.get(number))
            continue
        found: dict[Any, list[Any]] = {}
        for target in targets.values():
            found.setdefault(_read(target, remote), []).append(target)
        order = _order_of(relationship)
        for number, owner in owners.items():
            if key in inspect(owner).unloaded:
                set_committed_value(owner, key, sorted(found.get(number, []), key=order))


def _order_of(relationship: RelationshipProperty[Any]) -> Any:
    columns = relationship.order_by or relationship.mapper.primary_key
    names = [relationship.mapper.get_property_by_column(column).key for column in columns]
    return attrgetter(*names)


def _read(thing: Any, column: Any) -> Any:
    mapper: Mapper[Any] = inspect(thing).mapper
    return getattr(thing, mapper.get_property_by_column(column).key)


def _make_row(
    values: Sequence[Any], shape: Sequence[Any], things: dict[Any, dict[int, Any]]
) -> tuple[Any, ...] | None:
    """A row of a query; None where one of its things went between the two questions."""
    row = []
    for entity, value in zip(shape, values, strict=False):
        if entity is not None and value is not None:
            if value not in things[entity]:
                return None
            row.append(things[entity][value])
        else:
            row.append(value)
    return tuple(row)


def _get_relationship(attribute: QueryableAttribute[Any]) -> RelationshipProperty[Any]:
    found: RelationshipProperty[Any] = attribute.property  # type: ignore[assignment]
    return found


def _get_target(attribute: QueryableAttribute[Any]) -> Any:
    return _get_relationship(attribute).mapper.class_
