"""Judging 500 rules for each of 10,000 subjects, and the smallest change for one.

Rules as funds and policies have them: 400 mandates of six conditions (fields, stage, gate, ticket,
age, place) and 100 titles with ratios over three years and a score sheet of three ladders. The
baseline is the explaining evaluation, taken over a part of the subjects and reckoned up.
"""

import random
import statistics
import time
from datetime import date
from typing import Any

from app.clauses import Document, Facts, Screen, Stated, evaluate, find_smallest_change, parse

ON = date(2026, 3, 3)
SUBJECTS = 10_000
MANDATES = 400
TITLES = 100
EXPLAINED = 20
FIELDS = [f"field{number}" for number in range(20)]
STAGES = ["seed", "angel", "start_up", "growth"]
GATES = ["principle", "lab", "prototype", "pilot", "market"]
PLACES = [f"31{number:04d}" for number in range(16)]


def measure() -> list[dict[str, object]]:
    """Both sides on the same rules and subjects, in one thread, in seconds of a processor."""
    chance = random.Random(7)  # noqa: S311 (no secret)
    documents = [_make_mandate(chance, number) for number in range(MANDATES)]
    documents += [_make_title(chance, number) for number in range(TITLES)]
    subjects = [_make_subject(chance) for _number in range(SUBJECTS)]
    begun = time.process_time()
    screen = Screen(documents, ON)
    compiled = time.process_time()
    for facts in subjects:
        screen.judge(facts)
    ended = time.process_time()
    explaining = time.process_time()
    for facts in subjects[:EXPLAINED]:
        for document in documents:
            evaluate(document, facts, ON)
    explained = (time.process_time() - explaining) / EXPLAINED * SUBJECTS
    changes = []
    for facts in subjects[:EXPLAINED]:
        for document in documents[::10]:
            asked = time.process_time()
            find_smallest_change(document, facts, ON)
            changes.append(time.process_time() - asked)
    value = ended - compiled
    return [
        {
            "name": "clauses_screen_10k_x_500",
            "value": round(value, 2),
            "unit": "s",
            "baseline": round(explained, 1),
            "ratio": round(explained / value, 1),
            "compile_ms": round((compiled - begun) * 1000, 1),
        },
        {
            "name": "clauses_smallest_change",
            "value": round(statistics.median(changes) * 1000, 2),
            "unit": "ms",
            "p99": round(statistics.quantiles(changes, n=100)[98] * 1000, 2),
        },
    ]


def _check(fact: str, comparator: str, **more: Any) -> dict[str, Any]:
    return {"kind": "check", "fact": fact, "comparator": comparator} | more


def _make_document(code: str, parts: list[dict[str, Any]]) -> Document:
    return parse({"format": 1, "code": code, "version": 1, "clause": {"kind": "all", "of": parts}})


def _make_mandate(chance: random.Random, number: int) -> Document:
    low = chance.randrange(50, 500)
    return _make_document(
        f"mandate{number}",
        [
            _check("fields", "overlaps", codes=chance.sample(FIELDS, 5)),
            _check("stage", "one_of", codes=chance.sample(STAGES, 2)),
            _check("gate", "at_least", bound=chance.choice(GATES), scale=GATES),
            _check("ticket", "between", unit="ten_thousand_yuan", low=low, high=low + 800),
            _check(
                "founded_on", "at_most", bound=chance.randrange(3, 9), unit="year", elapsed=True
            ),
            _check("place", "one_of", codes=chance.sample(PLACES, 6)),
        ],
    )


def _make_title(chance: random.Random, number: int) -> Document:
    window = {"years": 3, "aggregate": "sum", "since": "founded_on"}
    share = chance.randrange(2, 7)
    ladders = [
        {
            "bands": [
                {"points": points, "when": _check(fact, "at_least", bound=bound, unit="count")}
                for bound, points in zip(range(1, 6), range(10, 60, 10), strict=True)
            ]
        }
        for fact in ("patents", "transfers", "standards")
    ]
    return _make_document(
        f"title{number}",
        [
            _check("founded_on", "at_least", bound=1, unit="year", elapsed=True),
            _check("accident", "equals", bound=False),
            _check("tech", "at_least", bound=10, unit="percent", over="staff"),
            _check("rd", "at_least", bound=share, unit="percent", over="sales", window=window),
            {"kind": "score", "mark": chance.randrange(40, 100), "parts": ladders},
        ],
    )


def _make_subject(chance: random.Random) -> Facts:
    """What is known of one startup; something of it is not."""
    founded = chance.randrange(2016, 2026)
    values: dict[str, list[Stated]] = {
        "fields": [Stated(frozenset(chance.sample(FIELDS, 2)))],
        "stage": [Stated(chance.choice(STAGES))],
        "gate": [Stated(chance.choice(GATES))],
        "ticket": [Stated(chance.randrange(100, 1200) * 10_000)],
        "founded_on": [Stated(date(founded, 5, 1))],
        "place": [Stated(chance.choice(PLACES))],
        "accident": [Stated(False)],
        "staff": [Stated(chance.randrange(5, 200))],
        "tech": [Stated(chance.randrange(1, 40))],
        "rd": [_state_year(year, chance.randrange(10**5, 10**6)) for year in (2023, 2024, 2025)],
        "sales": [_state_year(year, chance.randrange(10**6, 10**7)) for year in (2023, 2024, 2025)],
        "patents": [Stated(chance.randrange(0, 7))],
        "transfers": [Stated(chance.randrange(0, 7))],
        "standards": [Stated(chance.randrange(0, 3))],
    }
    for name in chance.sample(sorted(values), 2):
        del values[name]
    return values


def _state_year(year: int, value: int) -> Stated:
    return Stated(value, date(year, 1, 1), date(year, 12, 31))
