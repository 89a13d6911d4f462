"""Which levels of readiness go with which gate: data, to be kept up as the sources change.

GB/T 22900-2022 and GJB 7688-2012 define the levels 1 to 9 and leave processes to a scale of their
own; no source that could be read joins them to the gates. The table is this product's reading and
not confirmed; a field that reads it otherwise gets a table of its own in `BY_FIELD`.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from models.vocabulary import Field, Gate

Levels = Mapping[Gate, tuple[int, int]]

USUAL: Final[Levels] = MappingProxyType(
    {
        Gate.PRINCIPLE: (1, 3),
        Gate.LAB: (4, 4),
        Gate.PROTOTYPE: (5, 6),
        Gate.PILOT: (7, 7),
        Gate.MARKET: (8, 9),
    }
)
BY_FIELD: Final[Mapping[Field, Levels]] = MappingProxyType({})


def get_levels(gate: Gate, fields: Iterable[Field]) -> tuple[int, int]:
    """The lowest and the highest level that go with `gate`, by the first field with a table."""
    for field in fields:
        if field in BY_FIELD:
            return BY_FIELD[field][gate]
    return USUAL[gate]
