"""The smallest change that would make a rule pass, found exactly and tried before it is given.

What can change are quantities: facts as the rule compares them, a ratio as one. The cost of a
change is, in this order: the sum of the efforts of the quantities that change (the document says
them, 1 without); how many they are; the sum of how far they move, d / (|found| + d) for a number
that moves by d, and 1 for what is not known yet or is no number; and the sum of the d, which only
parts what is equal otherwise. What the document calls fixed does not change. One quantity that
several checks compare changes once, for all of them. Quantities count as independent of each other,
also where a ratio and its parts are compared: whoever shows a change says it of quantities.

The search goes through the tree: all of adds up, any of takes the cheapest, a score takes the
cheapest set of bands that reaches the mark (a knapsack, by the points that can be had for each
cost). A quantity that several checks compare is tried with each of its candidate values at the
lowest node that has all of these checks below it; since a tree only ever asks for more, nothing
else ties its parts together, and what comes out is the smallest. Beyond `STEPS_LIMIT` steps of the
search, far above what rules need, a change is given that suffices and of which no part can be left
out, and it says that it may not be the smallest.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from typing import Final

from app.clauses.candidates import NO_COST, Candidate, Cost, list_candidates
from app.clauses.documents import AllOf, AnyOf, Check, Document, Node, Part, Score
from app.clauses.evaluation import evaluate
from app.clauses.quantities import Missing, Quantity, read_quantity
from app.clauses.terms import Facts, Known, Number, Verdict

STEPS_LIMIT: Final = 200_000


@dataclass(frozen=True, slots=True)
class Step:
    """One quantity changes from `found` to `wanted`, and the checks at `paths` pass.

    `wanted` is enough; where `bound` is given, so is whatever reaches it, or goes beyond it where
    `is_open`, in the same direction.
    """

    quantity: Quantity
    found: Known | Missing
    wanted: Known
    paths: tuple[str, ...]
    bound: Number | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What would make a rule pass. No steps: it passes already. `effort` is their sum."""

    steps: tuple[Step, ...]
    effort: int
    is_smallest: bool

    @property
    def assumed(self) -> Mapping[Quantity, Known]:
        """What the quantities would be, as `evaluate` takes it."""
        return {step.quantity: step.wanted for step in self.steps}


def find_smallest_change(document: Document, facts: Facts, on: date) -> Change | None:
    """The smallest change by which `document` passes on the day `on`; None where there is none."""
    return _Search(document, facts, on).find()


@dataclass(frozen=True, slots=True)
class _Plan:
    """What it costs to have something pass, and the candidates that are chosen for it."""

    cost: Cost = NO_COST
    chosen: tuple[Candidate, ...] = ()

    def join(self, other: "_Plan") -> "_Plan":
        """Both."""
        ours, theirs = self.cost, other.cost
        cost = (
            ours[0] + theirs[0],
            ours[1] + theirs[1],
            ours[2] + theirs[2],
            ours[3] + theirs[3],
        )
        return _Plan(cost, self.chosen + other.chosen)


_NOTHING: Final = _Plan()

# Points that can be had, the more the dearer; each pair outdoes every other one in one of the two.
_Front = list[tuple[Number, _Plan]]

# The candidates that are tried for quantities of several checks; None leaves one as it is.
_Assigned = Mapping[Quantity, Candidate | None]


class _TooManySteps(Exception):
    """The search would take too long."""


@dataclass(slots=True)
class _Search:
    document: Document
    facts: Facts
    on: date
    checks: tuple[Check, ...] = ()
    found: dict[Quantity, Known | Missing] = field(default_factory=dict)
    candidates: dict[Quantity, list[Candidate]] = field(default_factory=dict)
    passing: frozenset[int] = frozenset()
    # At which node, by the places of its first and last check, shared quantities are tried.
    tried_at: dict[int, list[Quantity]] = field(default_factory=dict)
    places: dict[int, int] = field(default_factory=dict)
    steps: int = 0

    def find(self) -> Change | None:
        self._prepare()
        try:
            plan = self._plan(self.document.root, {})
            is_smallest = True
        except _TooManySteps:
            plan = self._suffice()
            is_smallest = False
        if plan is None or not self._is_enough(plan.chosen):
            return None
        return self._make_change(plan, is_smallest=is_smallest)

    def _prepare(self) -> None:
        self.checks = self.document.list_checks()
        by_quantity: dict[Quantity, list[tuple[int, Check]]] = {}
        for place, check in enumerate(self.checks):
            by_quantity.setdefault(check.quantity, []).append((place, check))
            self.places[id(check)] = place
        passing = set()
        for quantity, checks in by_quantity.items():
            value = read_quantity(quantity, self.facts, self.on)
            self.found[quantity] = value
            here = {p for p, check in checks if check.judge(value, self.on) is Verdict.PASS}
            passing |= here
            if len(here) < len(checks):
                self.candidates[quantity] = list_candidates(
                    self.document, quantity, checks, value, self.on
                )
        self.passing = frozenset(passing)
        shared = {
            quantity: {place for place, _check in checks}
            for quantity, checks in by_quantity.items()
            if len(checks) > 1 and self.candidates.get(quantity)
        }
        self._place(self.document.root, shared)

    def _place(self, node: Node | Part, shared: Mapping[Quantity, set[int]]) -> set[int]:
        """Note at `node` which shared quantities are tried there; returns the places below it."""
        if isinstance(node, Check):
            return {self.places[id(node)]}
        below = [self._place(child, shared) for child in _list_children(node)]
        here = set().union(*below)
        tried = [
            quantity
            for quantity, places in shared.items()
            if places <= here and not any(places <= each for each in below)
        ]
        if tried:
            self.tried_at[id(node)] = tried
        return here

    def _combine(self, node: Node | Part, assigned: _Assigned) -> Iterator[tuple[_Assigned, _Plan]]:
        """Each way to assign what is tried at `node`, with what that costs."""
        tried = self.tried_at.get(id(node), ())
        if not tried:
            yield assigned, _NOTHING
            return
        options = [[None, *self.candidates[quantity]] for quantity in tried]
        for combination in product(*options):
            plan = _NOTHING
            for candidate in combination:
                if candidate is not None:
                    plan = plan.join(_Plan(candidate.cost, (candidate,)))
            yield {**assigned, **dict(zip(tried, combination, strict=True))}, plan

    def _plan(self, node: Node, assigned: _Assigned) -> _Plan | None:
        """The cheapest way to have `node` pass; None where there is none."""
        best: _Plan | None = None
        for extended, spent in self._combine(node, assigned):
            if best is not None and spent.cost >= best.cost:
                continue
            inner = self._plan_inside(node, extended)
            if inner is not None:
                plan = spent.join(inner)
                if best is None or plan.cost < best.cost:
                    best = plan
        return best

    def _plan_inside(self, node: Node, assigned: _Assigned) -> _Plan | None:
        self._count_step()
        match node:
            case Check():
                return self._plan_check(node, assigned)
            case AllOf():
                total = _NOTHING
                for child in node.parts:
                    plan = self._plan(child, assigned)
                    if plan is None:
                        return None
                    total = total.join(plan)
                return total
            case AnyOf():
                plans = [self._plan(child, assigned) for child in node.parts]
                return min(
                    (plan for plan in plans if plan is not None),
                    key=lambda plan: plan.cost,
                    default=None,
                )
            case Score():
                front = self._join_parts(node.parts, assigned)
                return min(
                    (plan for points, plan in front if node.reaches(points)),
                    key=lambda plan: plan.cost,
                    default=None,
                )

    def _plan_check(self, check: Check, assigned: _Assigned) -> _Plan | None:
        place = self.places[id(check)]
        if check.quantity in assigned:
            candidate = assigned[check.quantity]
            passing = self.passing if candidate is None else candidate.passes
            return _NOTHING if place in passing else None
        if place in self.passing:
            return _NOTHING
        fitting = [each for each in self.candidates[check.quantity] if place in each.passes]
        return _Plan(fitting[0].cost, (fitting[0],)) if fitting else None

    def _list_points(self, part: Part, assigned: _Assigned) -> _Front:
        """The points that `part` can bring, with the cheapest way to each."""
        found: _Front = []
        for extended, spent in self._combine(part, assigned):
            self._count_step()
            if part.bands:
                inner: _Front = [(0, _NOTHING)]
                for band in part.bands:
                    plan = self._plan(band.node, extended)
                    if plan is not None:
                        inner.append((band.points, plan))
            else:
                inner = self._join_parts(part.parts, extended)
            found += [(points, spent.join(plan)) for points, plan in inner]
        least = part.least
        return _prune([each for each in found if least is None or each[0] >= least])

    def _join_parts(self, parts: Sequence[Part], assigned: _Assigned) -> _Front:
        joined: _Front = [(0, _NOTHING)]
        for part in parts:
            own = self._list_points(part, assigned)
            self.steps += len(joined) * len(own)
            self._count_step()
            joined = _prune([(a + b, ours.join(theirs)) for a, ours in joined for b, theirs in own])
        return joined

    def _count_step(self) -> None:
        self.steps += 1
        if self.steps > STEPS_LIMIT:
            raise _TooManySteps

    def _suffice(self) -> _Plan | None:
        """Every quantity as it makes most checks pass, then without whatever can be left out."""
        chosen = [
            max(candidates, key=lambda each: len(each.passes))
            for candidates in self.candidates.values()
            if candidates
        ]
        if not self._is_enough(chosen):
            return None
        for candidate in sorted(chosen, key=lambda each: each.cost, reverse=True):
            without = [each for each in chosen if each is not candidate]
            if self._is_enough(without):
                chosen = without
        plan = _NOTHING
        for candidate in chosen:
            plan = plan.join(_Plan(candidate.cost, (candidate,)))
        return plan

    def _is_enough(self, chosen: Iterable[Candidate]) -> bool:
        assumed = {each.quantity: each.wanted for each in chosen}
        judged = evaluate(self.document, self.facts, self.on, assumed=assumed)
        return judged.verdict is Verdict.PASS

    def _make_change(self, plan: _Plan, *, is_smallest: bool) -> Change:
        order = list(self.found)
        steps = [
            Step(
                quantity=each.quantity,
                found=self.found[each.quantity],
                wanted=each.wanted,
                paths=tuple(
                    self.checks[place].path for place in sorted(each.passes - self.passing)
                ),
                bound=each.bound,
                is_open=each.is_open,
            )
            for each in sorted(plan.chosen, key=lambda each: order.index(each.quantity))
        ]
        return Change(tuple(steps), plan.cost[0], is_smallest)


def _list_children(node: Node | Part) -> Sequence[Node | Part]:
    match node:
        case AllOf() | AnyOf() | Score():
            return node.parts
        case Part():
            return [*(band.node for band in node.bands), *node.parts]
    return ()


def _prune(front: _Front) -> _Front:
    """Without whatever brings no more points than another for no less cost; most points first."""
    kept: _Front = []
    for points, plan in sorted(front, key=lambda each: (-each[0], each[1].cost)):
        if not kept or plan.cost < kept[-1][1].cost:
            kept.append((points, plan))
    return kept
