"""The set of tests that opens most funds for the least money, as a small integer programme.

Plain records in, plain records out: no database, no clock. Solved by HiGHS in stages: most weight
of goals, then the least own money, then the shortest time, then the tests that stand first. Every
stage is proven before the next, and what comes out is counted once more in whole yuan; a plan that
is not proven says so. docs/adr/proof-is-planned-by-highs.md says why this library.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import highspy

# Dearer tests are left out: below, yuan are exact within the solver's tolerance.
FEE_LIMIT: Final = 100_000_000

_TOLERANCE: Final = 1e-9
_HALF: Final = 0.5


@dataclass(frozen=True, slots=True)
class Option:
    """One test that can be ordered: what it proves, for what fee, in how many days.

    `shares` are what each scheme would pay of the fee, in yuan.
    """

    key: str
    proofs: frozenset[str]
    fee_yuan: int
    lead_days: int
    shares: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Goal:
    """What is opened once all of `needs` are proven; `weight` like goals count together."""

    needs: frozenset[str]
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Limits:
    """What the plan keeps to. None: no limit.

    `left` is what each scheme has left for all tests together. Tests take place at the same time,
    or with `one_by_one` after each other.
    """

    lead_days: int | None = None
    own_yuan: int | None = None
    left: Mapping[str, int] = field(default_factory=dict)
    one_by_one: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """A test of a plan, and how much of its fee which scheme pays."""

    test: Option
    scheme: str | None
    share_yuan: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What to order. `weight` is that of the goals that it opens.

    Not `is_proven`: time ran out, and there may be a better one.
    """

    chosen: tuple[Chosen, ...]
    weight: int
    lead_days: int
    is_proven: bool = True

    @property
    def fee_yuan(self) -> int:
        """All fees together."""
        return sum(each.test.fee_yuan for each in self.chosen)

    @property
    def own_yuan(self) -> int:
        """What is left to pay after vouchers."""
        return self.fee_yuan - sum(each.share_yuan for each in self.chosen)

    @property
    def proofs(self) -> frozenset[str]:
        """All that it proves."""
        return frozenset().union(*(each.test.proofs for each in self.chosen))


NOTHING: Final = Plan((), 0, 0)


def prune(tests: Iterable[Option]) -> list[Option]:
    """Without those that another one is as good as in everything; of equals the first stays."""
    kept: list[Option] = []
    for test in sorted(tests, key=lambda each: (each.fee_yuan, each.lead_days, each.key)):
        if test.fee_yuan <= FEE_LIMIT and not any(_is_as_good(other, test) for other in kept):
            kept.append(test)
    return kept


def _is_as_good(other: Option, test: Option) -> bool:
    """Whether `other` proves as much, takes no longer, and costs and draws no more."""
    return (
        other.proofs >= test.proofs
        and other.lead_days <= test.lead_days
        and other.fee_yuan <= test.fee_yuan
        and other.shares.keys() == test.shares.keys()
        and all(
            share <= test.shares[name]
            and other.fee_yuan - share <= test.fee_yuan - test.shares[name]
            for name, share in other.shares.items()
        )
    )


def find_cheapest(
    tests: Iterable[Option], goals: Sequence[Goal], limits: Limits, *, seconds: float = 2.0
) -> Plan:
    """The best plan within `limits`: NOTHING where no goal can be reached.

    Each stage has `seconds` of the clock; the programmes of a page take some milliseconds.
    """
    pruned = prune(
        each for each in tests if limits.lead_days is None or each.lead_days <= limits.lead_days
    )
    proofs = frozenset[str]().union(*(test.proofs for test in pruned))
    reachable = [goal for goal in goals if goal.needs and goal.needs <= proofs]
    if not reachable:
        return NOTHING
    return _Programme(pruned, reachable, limits, seconds).solve()


class _Programme:
    """The variables and rows of one question."""

    def __init__(
        self, tests: Sequence[Option], goals: Sequence[Goal], limits: Limits, seconds: float
    ) -> None:
        self._tests, self._goals, self._limits = tests, goals, limits
        self._highs = highs = highspy.Highs()
        for name, value in (
            ("output_flag", False),
            # With it, one in a thousand small programmes ends as a solver's error or as having no
            # solution, where ordering nothing is one (HiGHS 1.16).
            ("presolve", "off"),
            ("threads", 1),
            ("random_seed", 0),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", 0.0),
            ("mip_feasibility_tolerance", _TOLERANCE),
            ("primal_feasibility_tolerance", _TOLERANCE),
            ("time_limit", seconds),
        ):
            highs.setOptionValue(name, value)
        self._ordered = [self._add_choice() for _test in tests]
        self._opened = [self._add_choice() for _goal in goals]
        # By test and scheme: whether the scheme pays, and how much.
        self._pays: dict[tuple[int, str], Any] = {}
        self._paid: dict[tuple[int, str], Any] = {}
        self._add_goals()
        self._add_vouchers()
        self._own = sum(
            test.fee_yuan * ordered for test, ordered in zip(tests, self._ordered, strict=True)
        ) - sum(self._paid.values())
        self._lead = self._add_lead()
        if limits.own_yuan is not None:
            highs.addConstr(self._own <= limits.own_yuan + _HALF)

    def solve(self) -> Plan:
        """Stage after stage, each held to what the one before has reached."""
        gained = sum(
            goal.weight * opened for goal, opened in zip(self._goals, self._opened, strict=True)
        )
        first = sum((place + 1) * each for place, each in enumerate(self._ordered))
        is_proven, plan = True, NOTHING
        for stage, (expression, is_most) in enumerate(
            ((gained, True), (self._own, False), (self._lead, False), (first, False))
        ):
            highs = self._highs
            (highs.maximize if is_most else highs.minimize)(expression)
            reached = highs.getInfo().primal_solution_status
            if reached != highspy.SolutionStatus.kSolutionStatusFeasible:
                return Plan(plan.chosen, plan.weight, plan.lead_days, is_proven=False)
            if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                is_proven = False
            plan = self._read(is_proven)
            if stage == 0 and not plan.weight:
                return NOTHING if is_proven else Plan((), 0, 0, is_proven=False)
            value = round(highs.getInfo().objective_function_value)
            highs.addConstr(expression >= value - _HALF if is_most else expression <= value + _HALF)
        return plan

    def _add_choice(self) -> Any:
        return self._highs.addVariable(0, 1, type=highspy.HighsVarType.kInteger)

    def _add_goals(self) -> None:
        for goal, opened in zip(self._goals, self._opened, strict=True):
            for proof in sorted(goal.needs):
                enough = [
                    ordered
                    for test, ordered in zip(self._tests, self._ordered, strict=True)
                    if proof in test.proofs
                ]
                self._highs.addConstr(sum(enough) - opened >= 0)

    def _add_vouchers(self) -> None:
        """One voucher for one test, and of a scheme never more than it has left."""
        by_scheme: dict[str, list[Any]] = {}
        for place, test in enumerate(self._tests):
            for scheme, share in sorted(test.shares.items()):
                if share <= 0 or self._limits.left.get(scheme, 0) <= 0:
                    continue
                pays = self._pays[place, scheme] = self._add_choice()
                paid = self._paid[place, scheme] = self._highs.addVariable(0, share)
                self._highs.addConstr(paid - share * pays <= 0)
                by_scheme.setdefault(scheme, []).append(paid)
            theirs = [pays for (number, _scheme), pays in self._pays.items() if number == place]
            if theirs:
                self._highs.addConstr(sum(theirs) - self._ordered[place] <= 0)
        for scheme, amounts in by_scheme.items():
            self._highs.addConstr(sum(amounts) <= self._limits.left[scheme])

    def _add_lead(self) -> Any:
        limit = self._limits.lead_days
        if self._limits.one_by_one:
            total = sum(
                test.lead_days * ordered
                for test, ordered in zip(self._tests, self._ordered, strict=True)
            )
            if limit is not None:
                self._highs.addConstr(total <= limit + _HALF)
            return total
        longest = self._highs.addVariable(0, max(test.lead_days for test in self._tests))
        for test, ordered in zip(self._tests, self._ordered, strict=True):
            self._highs.addConstr(longest - test.lead_days * ordered >= 0)
        # An expression of its own, so that it can be held.
        return 1 * longest

    def _read(self, is_proven: bool) -> Plan:
        """The present solution, counted anew in whole yuan from what was chosen."""
        value = self._highs.val
        left = dict(self._limits.left)
        chosen = []
        for place, test in enumerate(self._tests):
            if value(self._ordered[place]) < _HALF:
                continue
            scheme = next(
                (
                    name
                    for (number, name), pays in self._pays.items()
                    if number == place and value(pays) > _HALF
                ),
                None,
            )
            share = 0
            if scheme is not None:
                share = min(test.shares[scheme], left[scheme])
                left[scheme] -= share
            chosen.append(Chosen(test, scheme if share else None, share))
        leads = [each.test.lead_days for each in chosen]
        plan = Plan(tuple(chosen), 0, 0)
        weight = sum(goal.weight for goal in self._goals if goal.needs <= plan.proofs)
        lead = sum(leads) if self._limits.one_by_one else max(leads, default=0)
        return Plan(tuple(chosen), weight, lead, is_proven)
