"""What time alone does: when a rule will pass, or no longer pass, if nothing else changes.

Only the time that has passed since a date moves (a company gets older). Every other check keeps the
verdict of today: what a window of years will hold next year nobody knows yet.
"""

from datetime import date, timedelta
from itertools import pairwise

from app.clauses.calendar import add_months
from app.clauses.documents import AllOf, AnyOf, Check, Document, Elapsed, Node, Part, Score
from app.clauses.evaluation import combine_all, combine_any, max_points, sum_points
from app.clauses.quantities import is_number, read_quantity
from app.clauses.terms import Facts, Number, Verdict


def find_earliest(document: Document, facts: Facts, on: date) -> date | None:
    """The first day from `on` at which `document` passes by waiting; None where it never does."""
    for day in _list_days(document, facts, on):
        if _judge(document.root, facts, on, day) is Verdict.PASS:
            return day
    return None


def find_latest(document: Document, facts: Facts, on: date) -> date | None:
    """The last day on which `document`, which passes on `on`, still does; None where it stays so.

    None also where it does not pass on `on`.
    """
    days = _list_days(document, facts, on)
    if _judge(document.root, facts, on, on) is not Verdict.PASS:
        return None
    for _before, day in pairwise(days):
        if _judge(document.root, facts, on, day) is not Verdict.PASS:
            return day - timedelta(days=1)
    return None


def _list_days(document: Document, facts: Facts, on: date) -> list[date]:
    """`on`, and every later day on which some check of elapsed time may change its verdict."""
    days = {on}
    for check in document.list_checks():
        if not isinstance(check.condition, Elapsed):
            continue
        begun = read_quantity(check.quantity, facts, on)
        if not is_number(begun):
            continue
        interval = check.condition.interval
        for end in (interval.low, interval.high):
            if end is not None:
                days |= set(_list_turns(date.fromordinal(int(begun)), int(end), check.condition))
    return sorted(day for day in days if day >= on)


def _list_turns(begun: date, amount: int, condition: Elapsed) -> list[date]:
    """The day on which `amount` has passed, and the one after it: where ends are open or closed."""
    try:
        day = add_months(begun, amount) if condition.in_months else begun + timedelta(days=amount)
        return [day, day + timedelta(days=1)]
    except OverflowError:
        return []


def _judge(node: Node, facts: Facts, on: date, day: date) -> Verdict:
    match node:
        case Check():
            is_moving = isinstance(node.condition, Elapsed)
            return node.judge(read_quantity(node.quantity, facts, on), day if is_moving else on)
        case AllOf():
            return combine_all([_judge(part, facts, on, day) for part in node.parts])
        case AnyOf():
            return combine_any([_judge(part, facts, on, day) for part in node.parts])
        case Score():
            points = [_count(part, facts, on, day) for part in node.parts]
            known = [each for each in points if each is not None]
            passes = len(known) == len(points) and node.reaches(sum_points(known))
            return Verdict.PASS if passes else Verdict.FAIL


def _count(part: Part, facts: Facts, on: date, day: date) -> Number | None:
    """The points that are certain; None where they are fewer than the part must bring."""
    if part.bands:
        points = max_points(
            band.points for band in part.bands if _judge(band.node, facts, on, day) is Verdict.PASS
        )
    else:
        inner = [_count(each, facts, on, day) for each in part.parts]
        if None in inner:
            return None
        points = sum_points(inner)
    return points if part.least is None or points >= part.least else None
