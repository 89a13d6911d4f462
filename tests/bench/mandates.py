"""Judging 10,000 needs by 500 mandates, then again what changes with one need or one mandate.

Terms and needs as the room of funds has them (nine clauses). The baseline of the whole is the
explaining judgement, taken over a part of the needs and reckoned up; that of a change is the whole.
"""

import random
import time
from dataclasses import replace
from datetime import date
from enum import StrEnum

from app.mandates.checking import Sought, Terms, judge
from app.mandates.openings import look_out, make_screen, screen
from models.vocabulary import Field, FundingStage, Gate, Instrument

ON = date(2026, 3, 3)
NEEDS = 10_000
MANDATES = 500
EXPLAINED = 20
# So many open needs for money a startup has, and so often it is measured.
NEEDS_OF_ONE = 3
REPEATED = 200
PLACES = ("310000", "310115", "320500", "330100", "370200", "440300")
TOPICS = tuple(f"topic {number}" for number in range(200))


def measure() -> list[dict[str, object]]:
    """In one thread, in seconds of a processor."""
    chance = random.Random(13)  # noqa: S311 (no secret)
    mandates = [_make_terms(chance) for _number in range(MANDATES)]
    needs = [_make_sought(chance) for _number in range(NEEDS)]
    begun = time.process_time()
    make_screen(tuple(mandates), ON)
    compiled = time.process_time()
    screen(mandates, needs, ON)
    whole = time.process_time() - compiled
    asked = time.process_time()
    for sought in needs[:EXPLAINED]:
        for terms in mandates:
            judge(terms, sought, ON)
    explained = (time.process_time() - asked) / EXPLAINED
    asked = time.process_time()
    for sought in needs[:EXPLAINED]:
        look_out(mandates, sought, ON)
    one_page = (time.process_time() - asked) / EXPLAINED
    asked = time.process_time()
    screen([_make_terms(chance)], needs, ON)
    one_mandate = time.process_time() - asked
    # A gate is verified, or falls: the needs of one startup are judged before and after.
    theirs = [replace(each, gate="prototype") for each in needs[:NEEDS_OF_ONE]]
    asked = time.process_time()
    for _time in range(REPEATED):
        screen(mandates, [*theirs, *(replace(each, gate=None) for each in theirs)], ON)
    one_fact = (time.process_time() - asked) / REPEATED
    return [
        {
            "name": "mandates_screen_10k_x_500",
            "value": round(whole, 2),
            "unit": "s",
            "baseline": round(explained * NEEDS, 1),
            "ratio": round(explained * NEEDS / whole, 1),
            "compile_ms": round((compiled - begun) * 1000, 1),
        },
        {
            "name": "mandates_one_changed_for_10k",
            "value": round(one_mandate, 3),
            "unit": "s",
            "baseline": round(whole, 2),
            "ratio": round(whole / one_mandate, 1),
        },
        {
            "name": "mandates_one_fact_changed",
            "value": round(one_fact * 1000, 2),
            "unit": "ms",
            "baseline": round(whole * 1000, 1),
            "ratio": round(whole / one_fact, 1),
        },
        {
            "name": "mandates_one_need_with_what_to_prove_next",
            "value": round(one_page * 1000, 1),
            "unit": "ms",
            "baseline": round(explained * 1000, 1),
            "ratio": round(explained / one_page, 2),
        },
    ]


def _make_terms(chance: random.Random) -> Terms:
    least = chance.randrange(1, 50) * 100_000
    return Terms(
        fields=_some(chance, Field, 5),
        stages=_some(chance, FundingStage, 2),
        ticket_min_yuan=least,
        ticket_max_yuan=least * chance.randrange(2, 8),
        places=frozenset(chance.sample(PLACES, chance.randrange(3))),
        instruments=_some(chance, Instrument, 3),
        holding_limit_bp=chance.choice((None, 500, 1000, 1500, 2000)),
        excluded_topics=frozenset(chance.sample(TOPICS, chance.randrange(4))),
        gate=chance.choice((None, *(gate.value for gate in Gate))),
    )


def _make_sought(chance: random.Random) -> Sought:
    amount = chance.randrange(1, 300) * 100_000
    return Sought(
        fields=_some(chance, Field, 3),
        stage=chance.choice(list(FundingStage)).value,
        amount_yuan=amount,
        raised_yuan=chance.choice((0, 0, amount // 3)),
        place_code=chance.choice(PLACES),
        instruments=chance.choice((None, _some(chance, Instrument, 3))),
        share_bp=chance.choice((None, 800, 1200, 2000)),
        topics=frozenset(chance.sample(TOPICS, 4)),
        gate=chance.choice((None, *(gate.value for gate in Gate))),
    )


def _some(chance: random.Random, codes: type[StrEnum], most: int) -> frozenset[str]:
    return frozenset(code.value for code in chance.sample(list(codes), chance.randint(1, most)))
