"""Who is eligible for a query, who is not and why, and which soft conditions are unmet.

Rules, in this order: published and of the asked kind (`considered`); in the pool (mentors only);
not excluded by the caller; at least one free place; every hard condition. Whoever asks may not know
of the mentors outside of the pool: nothing else is counted of them. A condition of a centre's
services (gate, lead time, price) is kept by one and the same service: "in 20 days" is asked of the
services at the asked gate, and "for at most 10,000 yuan" of those that are also in time.

What is not known is not kept: a mentor without stated hours does not meet a condition on hours. An
investor without stated fields, stages, instruments or ticket limits has no such limit. Whose own
terms the caller has judged (`Query.judged`) is concerned by no condition on what those terms say
(`OWN_TERMS`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matching.index.columns import BoolRows, Columns, trim_place
from matching.records import Condition, Query, Standing

MENTOR, INVESTOR, CENTRE = "mentor", "investor", "centre"
ANY_KIND = (MENTOR, INVESTOR, CENTRE)

# Which kinds a condition concerns; it neither excludes nor lowers any other.
CONCERNS: Mapping[str, tuple[str, ...]] = {
    "fields": ANY_KIND,
    "place": ANY_KIND,
    "languages": ANY_KIND,
    "funding_stage": (INVESTOR,),
    "amount": (INVESTOR,),
    "instruments": (INVESTOR,),
    "gate": (CENTRE,),
    "lead_time": (CENTRE,),
    "price": (CENTRE,),
    "voucher": (CENTRE,),
    "hours": (MENTOR,),
    "seat": (MENTOR,),
}
# What a provider's own terms say: asked of it either by its terms or by conditions, never by both.
OWN_TERMS = ("fields", "funding_stage", "amount", "instruments")
SERVICE_ORDER = ("gate", "lead_time", "price")
_NUMBERS = ("amount", "lead_time", "price", "hours")


class ConditionUnknown(ValueError):
    """A condition has an attribute or a value that matching does not know."""


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The outcome of the hard conditions of one query.

    `rows` flags the eligible, `reachable` those whom no more than the hard conditions can shut
    out; `unmet` has, for each soft condition, a flag for each row that does not meet it. `judged`
    flags the rows whose own terms the caller has judged.
    """

    rows: BoolRows
    reachable: BoolRows
    considered: int
    excluded_by: Mapping[str, int]
    unmet: tuple[tuple[Condition, BoolRows], ...]
    judged: BoolRows


def decide_eligible(
    columns: Columns, query: Query, excluded: Mapping[int, str], row_of: Mapping[int, int]
) -> Eligibility:
    """Who may be shown for `query`. `excluded` maps provider ids to a reason code.

    `excluded_by` counts each reason's exclusions in the pool one by one, so one provider can count
    under several, and under "pool" those who are outside of it. Raises ConditionUnknown for an
    attribute or value that cannot be read.
    """
    for condition in query.conditions:
        check_condition(condition)
    considered = find_considered(columns, query)
    outside = considered & find_outside_pool(columns, query)
    known = considered & ~outside
    eligible = known
    excluded_by = {"pool": count} if (count := int(np.count_nonzero(outside))) else {}

    def exclude(code: str, out: BoolRows) -> None:
        nonlocal eligible
        shut_out = known & out
        count = int(np.count_nonzero(shut_out))
        if count:
            excluded_by[code] = excluded_by.get(code, 0) + count
            eligible = eligible & ~shut_out

    for code in sorted(set(excluded.values())):
        exclude(code, find_excluded(columns, excluded, row_of, code))
    exclude("capacity", columns.free_capacity <= 0)
    reachable = eligible
    judged = find_rows(columns, query.judged, row_of)
    hard = [condition for condition in query.conditions if condition.hard]
    for condition, unmet in find_unmet(columns, hard, (), judged):
        exclude(condition.attribute, unmet)
    soft = [condition for condition in query.conditions if not condition.hard]
    return Eligibility(
        rows=eligible,
        reachable=reachable,
        considered=int(np.count_nonzero(considered)),
        excluded_by=excluded_by,
        unmet=tuple(find_unmet(columns, soft, hard, judged)),
        judged=judged,
    )


def find_considered(columns: Columns, query: Query) -> BoolRows:
    """The published rows of the asked kind."""
    considered = columns.live & columns.published
    if query.kind is not None:
        considered = considered & columns.kinds.contains_any((query.kind,))
    return considered


def find_outside_pool(columns: Columns, query: Query) -> BoolRows:
    """The mentors whom the asker may not draw on: neither in the pool nor open to all."""
    if query.all_published:
        return np.zeros(columns.size, dtype=np.bool_)
    inside = columns.is_in_pool(query.pool) | columns.open_to_all
    return columns.kinds.contains_any((MENTOR,)) & ~inside


def find_excluded(
    columns: Columns, excluded: Mapping[int, str], row_of: Mapping[int, int], code: str
) -> BoolRows:
    """The rows of those whom the caller excludes for the reason `code`."""
    return find_rows(columns, [i for i, reason in excluded.items() if reason == code], row_of)


def find_rows(columns: Columns, ids: Iterable[int], row_of: Mapping[int, int]) -> BoolRows:
    """The rows of the providers with these ids."""
    found = np.zeros(columns.size, dtype=np.bool_)
    found[[row_of[i] for i in ids if i in row_of]] = True
    return found


def check_condition(condition: Condition) -> None:
    """Raise ConditionUnknown unless the condition can be read."""
    if condition.attribute not in CONCERNS:
        raise ConditionUnknown(f"unknown condition: {condition.attribute!r}")
    if not condition.values:
        raise ConditionUnknown(f"the condition {condition.attribute!r} has no value")
    if condition.attribute in _NUMBERS:
        value = condition.values[0]
        if not (value.isascii() and value.isdigit() and len(value) < 19):
            raise ConditionUnknown(f"{condition.attribute!r} needs a whole number, not {value!r}")


def describe_found(standing: Standing, attribute: str) -> tuple[str, ...]:
    """What a provider has in place of an unmet condition, as codes and figures, sorted."""
    match attribute:
        case "fields":
            found: tuple[str, ...] = tuple(sorted(standing.fields))
        case "place":
            found = () if standing.place_code is None else (standing.place_code,)
        case "languages":
            found = tuple(sorted(standing.languages))
        case "funding_stage":
            found = tuple(sorted(standing.funding_stages))
        case "amount":
            limits = (standing.ticket_min_yuan, standing.ticket_max_yuan)
            found = tuple("" if limit is None else str(limit) for limit in limits)
        case "instruments":
            found = tuple(sorted(standing.instruments))
        case "gate":
            found = tuple(sorted({service.gate for service in standing.services}))
        case "lead_time":
            found = _least(service.lead_time_days for service in standing.services)
        case "price":
            found = _least(service.price_yuan for service in standing.services)
        case "voucher":
            found = ("true" if standing.accepts_vouchers else "false",)
        case "hours":
            found = () if standing.hours_per_month is None else (str(standing.hours_per_month),)
        case "seat":
            found = () if standing.seat is None else (standing.seat,)
        case _:
            raise ConditionUnknown(f"unknown condition: {attribute!r}")
    return found


def _least(figures: Iterator[int]) -> tuple[str, ...]:
    least = min(figures, default=None)
    return () if least is None else (str(least),)


def find_unmet(
    columns: Columns,
    conditions: Sequence[Condition],
    already: Sequence[Condition],
    judged: BoolRows,
) -> Iterator[tuple[Condition, BoolRows]]:
    """Each condition with the rows that it concerns and that do not meet it.

    Service conditions narrow the services one after the other, after those in `already`. What the
    own terms of `judged` rows say concerns those rows no more.
    """
    columns.services.refresh()
    left = np.ones(len(columns.services.rows), dtype=np.bool_)
    for condition in already:
        if condition.attribute in SERVICE_ORDER:
            left = left & find_services(columns, condition)
    for condition in sorted(conditions, key=_service_order):
        if condition.attribute in SERVICE_ORDER:
            left = left & find_services(columns, condition)
            met = columns.services.has_any(left, columns.size)
        else:
            met = _find_met(columns, condition)
        concerned = columns.kinds.contains_any(CONCERNS[condition.attribute])
        if condition.attribute in OWN_TERMS:
            concerned = concerned & ~judged
        yield condition, concerned & ~met


def _service_order(condition: Condition) -> int:
    if condition.attribute in SERVICE_ORDER:
        return SERVICE_ORDER.index(condition.attribute)
    return -1


def find_services(columns: Columns, condition: Condition) -> BoolRows:
    """For each of `columns.services`, whether it keeps this condition of a service alone."""
    services = columns.services
    if condition.attribute == "gate":
        return np.isin(services.gates, condition.values)
    limit = int(condition.values[0])
    figures = services.lead_times if condition.attribute == "lead_time" else services.prices
    within: BoolRows = figures <= limit
    return within


def _find_met(columns: Columns, condition: Condition) -> BoolRows:
    values = condition.values
    met: BoolRows
    match condition.attribute:
        case "fields":
            unlimited = columns.kinds.contains_any((INVESTOR,)) & columns.fields.is_empty()
            met = columns.fields.contains_any(values) | unlimited
        case "place":
            met = columns.places.contains_any(trim_place(value) for value in values)
            if "remote" in values:
                met = met | columns.remote
        case "languages":
            met = columns.languages.contains_any(values)
        case "funding_stage":
            met = columns.stages.contains_any(values) | columns.stages.is_empty()
        case "instruments":
            met = columns.instruments.contains_any(values) | columns.instruments.is_empty()
        case "amount":
            amount = int(values[0])
            met = (columns.ticket_min <= amount) & (amount <= columns.ticket_max)
        case "voucher":
            met = columns.vouchers if "true" in values else np.ones_like(columns.vouchers)
        case "hours":
            met = columns.hours >= int(values[0])
        case "seat":
            met = columns.seats.contains_any(values)
        case _:
            raise ConditionUnknown(f"unknown condition: {condition.attribute!r}")
    return met
