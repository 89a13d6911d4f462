"""The standing conditions of all providers as arrays, one entry a row of the engine."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from matching.records import Service, Standing

BoolRows = NDArray[np.bool_]

UNLIMITED = np.iinfo(np.int64).max
UNKNOWN = -1
_FIRST_SIZE = 64


class CodeSets:
    """A set of codes for each row, as bits; codes are numbered as they first appear."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._bits = np.zeros((_FIRST_SIZE, 1), dtype=np.uint64)

    def resize(self, rows: int) -> None:
        """Make room for `rows` rows; new ones are empty."""
        grown = np.zeros((rows, self._bits.shape[1]), dtype=np.uint64)
        grown[: len(self._bits)] = self._bits
        self._bits = grown

    def put(self, row: int, codes: Iterable[str]) -> None:
        """Row `row` holds exactly `codes`."""
        self._bits[row] = 0
        for code in codes:
            number = self._numbers.setdefault(code, len(self._numbers))
            word, bit = divmod(number, 64)
            if word == self._bits.shape[1]:
                self._bits = np.hstack([self._bits, np.zeros_like(self._bits[:, :1])])
            self._bits[row, word] |= np.uint64(1 << bit)

    def contains_any(self, codes: Iterable[str]) -> BoolRows:
        """For each row, whether it holds at least one of `codes`."""
        found = np.zeros(len(self._bits), dtype=np.bool_)
        for code in codes:
            number = self._numbers.get(code)
            if number is not None:
                word, bit = divmod(number, 64)
                found |= (self._bits[:, word] & np.uint64(1 << bit)) != 0
        return found

    def is_empty(self) -> BoolRows:
        """For each row, whether it holds nothing."""
        return np.logical_not(self._bits.any(axis=1))


class ServiceColumns:
    """What all centres sell, flat: one entry a service, with the row that sells it."""

    def __init__(self) -> None:
        self._by_row: dict[int, tuple[Service, ...]] = {}
        self._is_stale = True
        self.rows = np.zeros(0, dtype=np.int64)
        self.gates = np.zeros(0, dtype=np.str_)
        self.lead_times = np.zeros(0, dtype=np.int64)
        self.prices = np.zeros(0, dtype=np.int64)

    def put(self, row: int, services: tuple[Service, ...]) -> None:
        """Row `row` sells exactly `services`."""
        if services:
            self._by_row[row] = services
        else:
            self._by_row.pop(row, None)
        self._is_stale = True

    def refresh(self) -> None:
        """Lay the arrays out again if anything changed since the last call."""
        if not self._is_stale:
            return
        flat = [(row, service) for row in sorted(self._by_row) for service in self._by_row[row]]
        self.rows = np.array([row for row, _ in flat], dtype=np.int64)
        self.gates = np.array([service.gate for _, service in flat], dtype=np.str_)
        self.lead_times = np.array([s.lead_time_days for _, s in flat], dtype=np.int64)
        self.prices = np.array([service.price_yuan for _, service in flat], dtype=np.int64)
        self._is_stale = False

    def has_any(self, chosen: BoolRows, size: int) -> BoolRows:
        """For each of `size` rows, whether one of its services is `chosen` (one flag a service)."""
        found = np.zeros(size, dtype=np.bool_)
        found[self.rows[chosen]] = True
        return found


class Columns:
    """Everything that decides who is eligible, by row. Rows that hold no provider are dead.

    Money in yuan, times in days and hours; `UNLIMITED` stands for no upper limit and `UNKNOWN`
    for a figure that was not given.
    """

    def __init__(self) -> None:
        self.size = _FIRST_SIZE
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
        self.kinds = CodeSets()
        self.fields = CodeSets()
        self.places = CodeSets()
        self.languages = CodeSets()
        self.seats = CodeSets()
        self.stages = CodeSets()
        self.instruments = CodeSets()
        self.services = ServiceColumns()
        self.standings: dict[int, Standing] = {}
        self._pool_rows: dict[int, set[int]] = {}

    def put(self, row: int, kind: str, standing: Standing) -> None:
        """Row `row` is a live provider of `kind` with `standing`; room is made as needed."""
        self._clear_pools(row)
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
        self.ticket_min[row] = _or_default(standing.ticket_min_yuan, 0)
        self.ticket_max[row] = _or_default(standing.ticket_max_yuan, UNLIMITED)
        self.exposure[row] = standing.recent_exposure
        self.newcomers[row] = standing.is_newcomer
        self.requests[row] = standing.recent_requests
        self.unanswered[row] = standing.unanswered_requests
        self.answer_hours[row] = np.nan if standing.answer_hours is None else standing.answer_hours
        self.rating[row] = np.nan if standing.rating is None else standing.rating
        self.kinds.put(row, (kind,))
        self.fields.put(row, standing.fields)
        self.places.put(row, list_place_prefixes(standing.place_code))
        self.languages.put(row, standing.languages)
        self.seats.put(row, () if standing.seat is None else (standing.seat,))
        self.stages.put(row, standing.funding_stages)
        self.instruments.put(row, standing.instruments)
        self.services.put(row, standing.services)
        self.standings[row] = standing
        for pool in standing.pools:
            self._pool_rows.setdefault(pool, set()).add(row)

    def remove(self, row: int) -> None:
        """Row `row` is dead and nothing of its provider remains."""
        self.put(row, "", Standing(published=False, open_to_all=False, remote=False))
        self.live[row] = False
        del self.standings[row]

    def is_in_pool(self, pool: int | None) -> BoolRows:
        """For each row, whether the pool has admitted it."""
        found = np.zeros(self.size, dtype=np.bool_)
        rows = self._pool_rows.get(pool, set()) if pool is not None else set()
        found[np.fromiter(rows, dtype=np.int64, count=len(rows))] = True
        return found

    def _clear_pools(self, row: int) -> None:
        before = self.standings.get(row)
        for pool in before.pools if before is not None else ():
            self._pool_rows[pool].discard(row)

    def _resize(self, rows: int) -> None:
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray):
                grown = np.zeros(rows, dtype=value.dtype)
                grown[: self.size] = value
                setattr(self, name, grown)
            elif isinstance(value, CodeSets):
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


def _or_default(value: int | None, default: int) -> int:
    return default if value is None else value
