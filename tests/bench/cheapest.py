"""The cheapest proof over 1,000 tests, three schemes and 500 funds, in stages, and for all gates.

The baseline is trying every set: over the few tests that are left when those that are worse in
everything are gone, as long as those are few enough, which here they are not; so it is the number
of sets that it would have to try, told in the unit "sets".
"""

import os
import random
import time
from collections import Counter

import highspy

from app.vouchers.cheapest import Goal, Limits, Option, find_cheapest, prune
from models.vocabulary import Gate

TESTS = 1_000
FUNDS = 500
TIMES = 20
SCHEMES = ("one", "two", "three")
GATES = [gate.value for gate in Gate]


def measure() -> list[dict[str, object]]:
    """In one thread, in milliseconds of a processor for one plan."""
    _let_say_its_name()
    chance = random.Random(13)  # noqa: S311 (no secret)
    return [
        _measure(chance, "cheapest_proof_one_test_is_enough", one_by_one=False),
        _measure(chance, "cheapest_proof_every_gate_on_its_own", one_by_one=True),
    ]


def _let_say_its_name() -> None:
    """The library writes its name to the output, once: not among measurements."""
    kept = os.dup(1)
    with open(os.devnull, "w") as nothing:  # noqa: PTH123 (a device, no file)
        os.dup2(nothing.fileno(), 1)
        highspy.Highs()
    os.dup2(kept, 1)
    os.close(kept)


def _measure(chance: random.Random, name: str, *, one_by_one: bool) -> dict[str, object]:
    left = {scheme: chance.randrange(20_000, 200_000) for scheme in SCHEMES}
    options = [_make_option(chance, number, one_by_one) for number in range(TESTS)]
    funds = Counter(chance.choice(GATES) for _fund in range(FUNDS))
    goals = [
        Goal(frozenset(GATES[: GATES.index(gate) + 1] if one_by_one else [gate]), count)
        for gate, count in sorted(funds.items())
    ]
    slowest, begun = 0.0, time.process_time()
    for turn in range(TIMES):
        limits = Limits(
            lead_days=90 + turn, own_yuan=60_000 + 5_000 * turn, left=left, one_by_one=one_by_one
        )
        start = time.process_time()
        plan = find_cheapest(options, goals, limits)
        slowest = max(slowest, time.process_time() - start)
        if not plan.is_proven:
            raise RuntimeError("time ran out")
    spent = (time.process_time() - begun) / TIMES
    return {
        "name": name,
        "value": round(spent * 1000, 1),
        "unit": "ms",
        "baseline": f"2^{len(prune(options))} sets",
        "ratio": None,
        "slowest_ms": round(slowest * 1000, 1),
    }


def _make_option(chance: random.Random, number: int, one_by_one: bool) -> Option:
    gate = chance.randrange(len(GATES))
    fee = chance.randrange(1_000, 20_000) * (gate + 1) ** 2
    shares = {scheme: fee * chance.choice((25, 30, 50)) // 100 for scheme in SCHEMES}
    return Option(
        key=f"{number:06}",
        proofs=frozenset([GATES[gate]] if one_by_one else GATES[: gate + 1]),
        fee_yuan=fee,
        lead_days=chance.randrange(2, 60),
        shares=shares if number % 3 else {},
    )
