"""The standing conditions of all providers as arrays, one entry a row of the engine."""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.index.blocks import Blocks, grow
from matching.index.codes import FIRST_SIZE, BoolRows, CodeColumn, CodeSets, NumberSets
from matching.records import Service, Standing

__all__ = ["BoolRows", "Columns", "list_place_prefixes", "trim_place"]

UNLIMITED = np.iinfo(np.int64).max
UNKNOWN = -1


class ServiceColumns:
    """What all centres sell, flat: one entry a service, with the row that sells it."""

    def __init__(self) -> None:
        self._runs = Blocks(
            {"gates": np.int16, "lead_times": np.int32, "prices": np.int64, "slots": np.int32}
        )
        self._gates: dict[str, int] = {}
        self._is_stale = True
        self.rows = np.zeros(0, dtype=np.int64)
        self.gates = np.zeros(0, dtype=np.str_)
        self.lead_times = np.zeros(0, dtype=np.int64)
        self.prices = np.zeros(0, dtype=np.int64)

    def put(self, row: int, services: tuple[Service, ...]) -> None:
        """Row `row` sells exactly `services`."""
        if services or len(self._runs.read("gates", row)):
            gates = [self._gates.setdefault(s.gate, len(self._gates)) for s in services]
            self._runs.put(
                row,
                gates=np.array(gates, dtype=np.int16),
                lead_times=np.array([s.lead_time_days for s in services], dtype=np.int32),
                prices=np.array([s.price_yuan for s in services], dtype=np.int64),
                slots=np.array([s.free_slots for s in services], dtype=np.int32),
            )
            self._is_stale = True

    def read(self, row: int) -> tuple[Service, ...]:
        """What `row` sells, in the order in which it was put."""
        names = list(self._gates)
        columns = [
            self._runs.read(name, row).tolist()
            for name in ("gates", "lead_times", "prices", "slots")
        ]
        return tuple(
            Service(names[gate], lead_time, price, slots)
            for gate, lead_time, price, slots in zip(*columns, strict=True)
        )

    def refresh(self) -> None:
        """Lay the arrays out again if anything changed since the last call."""
        if not self._is_stale:
            return
        owners = self._runs.list_owners()
        places = np.flatnonzero(owners >= 0)
        self.rows = owners[places].astype(np.int64)
        self.gates = np.array([*self._gates, ""], dtype=np.str_)[self._runs["gates"][places]]
        self.lead_times = self._runs["lead_times"][places].astype(np.int64)
        self.prices = self._runs["prices"][places].astype(np.int64)
        self._is_stale = False

    def has_any(self, chosen: BoolRows, size: int) -> BoolRows:
        """For each of `size` rows, whether one of its services is `chosen` (one flag a service)."""
        found = np.zeros(size, dtype=np.bool_)
        found[self.rows[chosen]] = True
        return found

    def export(self) -> dict[str, NDArray[Any]]:
        """Everything as arrays."""
        return self._runs.export() | {"names": np.array(list(self._gates), dtype=np.str_)}

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Take over what `export` gave."""
        self._gates = {name: number for number, name in enumerate(arrays["names"].tolist())}
        self._runs.restore(arrays)
        self._is_stale = True


_Part = CodeColumn | CodeSets | NumberSets | ServiceColumns
_PARTS = (CodeColumn, CodeSets, NumberSets, ServiceColumns)


class Columns:
    """Everything that decides who is eligible, by row. Rows that hold no provider are dead.

    Money in yuan, times in days and hours; `UNLIMITED` stands for no upper limit and `UNKNOWN`
    for a figure that was not given.
    """

    def __init__(self) -> None:
        self.size = FIRST_SIZE
        self.live = np.zeros(self.size, dtype=np.bool_)
        self.published = np.zeros(self.size, dtype=np.bool_)
        self.open_to_all = np.zeros(self.size, dtype=np.bool_)
        self.remote = np.zeros(self.size, dtype=np.bool_)
        self.vouchers = np.zeros(self.size, dtype=np.bool_)
        self.capacity = np.zeros(self.size, dtype=np.int64)
        self.free_capacity = np.zeros(self.size, dtype=np.int64)
        self.hours = np.zeros(self.size, dtype=np.int64)
        self.ticket_min = np.zeros(self.size, dtype=np.int64)
        self.ticket_max = np.zeros(self.size, dtype=np.int64)
        self.exposure = np.zeros(self.size, dtype=np.int64)
        self.newcomers = np.zeros(self.size, dtype=np.bool_)
        self.requests = np.zeros(self.size, dtype=np.int64)
        self.unanswered = np.zeros(self.size, dtype=np.int64)
        self.answer_hours = np.zeros(self.size, dtype=np.float64)
        self.rating = np.zeros(self.size, dtype=np.float64)
        self.kinds = CodeColumn()
        self.fields = CodeSets()
        self.places = CodeColumn(expand=list_place_prefixes)
        self.languages = CodeSets()
        self.seats = CodeColumn()
        self.stages = CodeSets()
        self.instruments = CodeSets()
        self.services = ServiceColumns()
        self.pools = NumberSets()

    def put(self, row: int, kind: str, standing: Standing) -> None:
        """Row `row` is a live provider of `kind` with `standing`; room is made as needed."""
        if row >= self.size:
            self._resize(max(2 * self.size, row + 1))
        self.live[row] = True
        self.published[row] = standing.published
        self.open_to_all[row] = standing.open_to_all
        self.remote[row] = standing.remote
        self.vouchers[row] = standing.accepts_vouchers
        self.capacity[row] = standing.capacity
        self.free_capacity[row] = standing.free_capacity
        self.hours[row] = _or_default(standing.hours_per_month, UNKNOWN)
        self.ticket_min[row] = _or_default(standing.ticket_min_yuan, UNKNOWN)
        self.ticket_max[row] = _or_default(standing.ticket_max_yuan, UNLIMITED)
        self.exposure[row] = standing.recent_exposure
        self.newcomers[row] = standing.is_newcomer
        self.requests[row] = standing.recent_requests
        self.unanswered[row] = standing.unanswered_requests
        self.answer_hours[row] = np.nan if standing.answer_hours is None else standing.answer_hours
        self.rating[row] = np.nan if standing.rating is None else standing.rating
        self.kinds.put(row, kind)
        self.fields.put(row, standing.fields)
        self.places.put(row, standing.place_code)
        self.languages.put(row, standing.languages)
        self.seats.put(row, standing.seat)
        self.stages.put(row, standing.funding_stages)
        self.instruments.put(row, standing.instruments)
        self.services.put(row, standing.services)
        self.pools.put(row, standing.pools)

    def remove(self, row: int) -> None:
        """Row `row` is dead and nothing of its provider remains."""
        nothing = Standing(published=False, open_to_all=False, remote=False)
        self.put(row, self.read_kind(row), nothing)
        self.kinds.put(row, None)
        self.live[row] = False

    def read_kind(self, row: int) -> str:
        """The kind of the live `row`."""
        return self.kinds.read(row) or ""

    def flag_kinds(self, rows: NDArray[np.int64], kinds: Collection[str]) -> BoolRows:
        """(n,) whether each of `rows` is of one of `kinds`; all are where there is none."""
        if not kinds:
            return np.ones(len(rows), dtype=np.bool_)
        return self.kinds.contains_any(tuple(sorted(kinds)))[rows]

    def read_standing(self, row: int) -> Standing:
        """The standing of the live `row`, as it was put."""
        hours, least = int(self.hours[row]), int(self.ticket_min[row])
        most, rating = int(self.ticket_max[row]), float(self.rating[row])
        answer_hours = float(self.answer_hours[row])
        return Standing(
            published=bool(self.published[row]),
            pools=self.pools.read(row),
            open_to_all=bool(self.open_to_all[row]),
            fields=self.fields.read(row),
            place_code=self.places.read(row),
            remote=bool(self.remote[row]),
            languages=self.languages.read(row),
            capacity=int(self.capacity[row]),
            free_capacity=int(self.free_capacity[row]),
            hours_per_month=None if hours == UNKNOWN else hours,
            seat=self.seats.read(row),
            funding_stages=self.stages.read(row),
            instruments=self.instruments.read(row),
            ticket_min_yuan=None if least == UNKNOWN else least,
            ticket_max_yuan=None if most == UNLIMITED else most,
            services=self.services.read(row),
            accepts_vouchers=bool(self.vouchers[row]),
            recent_exposure=int(self.exposure[row]),
            is_newcomer=bool(self.newcomers[row]),
            recent_requests=int(self.requests[row]),
            unanswered_requests=int(self.unanswered[row]),
            answer_hours=None if np.isnan(answer_hours) else answer_hours,
            rating=None if np.isnan(rating) else rating,
        )

    def is_in_pool(self, pool: int | None) -> BoolRows:
        """For each row, whether the pool has admitted it."""
        found = np.zeros(self.size, dtype=np.bool_)
        if pool is not None:
            found[self.pools.find_rows(pool)] = True
        return found

    def export(self) -> dict[str, NDArray[Any]]:
        """Everything as arrays, by name."""
        arrays = {name: value for name, value in vars(self).items() if _is_column(value)}
        for name, part in self._list_parts():
            arrays |= {f"{name}.{inner}": array for inner, array in part.export().items()}
        return arrays

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Take over what `export` gave. Raises KeyError or ValueError when something is missing."""
        self.size = len(arrays["live"])
        for name, value in list(vars(self).items()):
            if _is_column(value):
                if arrays[name].shape != (self.size,):
                    raise ValueError(f"the column {name} has not one entry a row")
                setattr(self, name, arrays[name].astype(value.dtype))
        for name, part in self._list_parts():
            start = f"{name}."
            part.restore(
                {k.removeprefix(start): a for k, a in arrays.items() if k.startswith(start)}
            )

    def _list_parts(self) -> list[tuple[str, _Part]]:
        return [(name, value) for name, value in vars(self).items() if isinstance(value, _PARTS)]

    def _resize(self, rows: int) -> None:
        for name, value in vars(self).items():
            if _is_column(value):
                setattr(self, name, grow(value, rows))
            elif isinstance(value, CodeColumn | CodeSets):
                value.resize(rows)
        self.size = rows


def list_place_prefixes(place_code: str | None) -> tuple[str, ...]:
    """The parts of a GB/T 2260 code that name it: district, city and province.

    A code that covers a city or province (it ends in 00 or 0000) has fewer parts.
    """
    if place_code is None:
        return ()
    trimmed = trim_place(place_code)
    return tuple(trimmed[:length] for length in (2, 4, 6) if length <= len(trimmed))


def trim_place(place_code: str) -> str:
    """A GB/T 2260 code without the pairs of zeros that mean "all of it"."""
    trimmed = place_code
    while len(trimmed) > 2 and trimmed.endswith("00"):
        trimmed = trimmed[:-2]
    return trimmed


def _is_column(value: object) -> bool:
    return isinstance(value, np.ndarray)


def _or_default(value: int | None, default: int) -> int:
    return default if value is None else value
