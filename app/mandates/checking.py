"""A mandate judged for a need: which clauses pass, fail or are unknown, and what would turn them.

Plain records in, plain records out: no database, no clock. A mandate becomes a rule of
`app.clauses`, so that nothing unknown is ever taken for passed or failed, and the smallest change
is found exactly. docs/adr/mandates-are-rules-over-what-is-confirmed.md says what is compared.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from app.clauses import (
    AllOf,
    Check,
    Document,
    Facts,
    Known,
    Missing,
    Number,
    Result,
    Scalar,
    Stated,
    Verdict,
    evaluate,
    find_smallest_change,
    parse,
)
from app.clauses.terms import Dimension
from models.affiliations import make_topic_key
from models.place_tables import find_successor
from models.vocabulary import Gate


class Clause(StrEnum):
    """What a mandate can ask for, in the order in which it is said."""

    FIELDS = "fields"
    STAGE = "stage"
    TICKET_MIN = "ticket_min"
    TICKET_MAX = "ticket_max"
    PLACE = "place"
    INSTRUMENTS = "instruments"
    HOLDING = "holding"
    TOPICS = "topics"
    GATE = "gate"


# What no startup changes for one fund: it can only be said, where it is not known.
FIXED: Final = frozenset({Clause.FIELDS, Clause.STAGE, Clause.PLACE, Clause.TOPICS})

# The facts by which the clauses are judged, in yuan, basis points and codes.
_FACTS: Final[Mapping[Clause, str]] = MappingProxyType(
    {
        Clause.FIELDS: "fields",
        Clause.STAGE: "stage",
        Clause.TICKET_MIN: "remaining",
        Clause.TICKET_MAX: "least_part",
        Clause.PLACE: "places",
        Clause.INSTRUMENTS: "instruments",
        Clause.HOLDING: "share",
        Clause.TOPICS: "topics",
        Clause.GATE: "gate",
    }
)
_VOCABULARY: Final[Mapping[str, Dimension | None]] = MappingProxyType(
    dict.fromkeys(_FACTS.values())
    | {
        "remaining": Dimension.MONEY,
        "least_part": Dimension.MONEY,
        "share": Dimension.SHARE,
    }
)
# What it takes to change each: saying what one would accept, asking otherwise, having it tested.
_EFFORTS: Final[Mapping[str, int]] = MappingProxyType(
    {"instruments": 1, "share": 1, "least_part": 2, "remaining": 2, "gate": 5}
)
_GATES: Final = tuple(gate.value for gate in Gate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What one version of a mandate asks for: codes, yuan, basis points. None or empty: nothing."""

    fields: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    ticket_min_yuan: int | None = None
    ticket_max_yuan: int | None = None
    places: frozenset[str] = frozenset()
    instruments: frozenset[str] = frozenset()
    holding_limit_bp: int | None = None
    excluded_topics: frozenset[str] = frozenset()
    gate: str | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is known of a need and its startup; None is not known, and never a guess.

    `amount_yuan` is all that is sought, of which `raised_yuan` is there; `least_part_yuan` the
    smallest part of the rest that one fund may take, None for the whole rest. `gate` is the
    highest gate that is confirmed as passed.
    """

    fields: frozenset[str] | None = None
    stage: str | None = None
    amount_yuan: int | None = None
    raised_yuan: int = 0
    least_part_yuan: int | None = None
    place_code: str | None = None
    instruments: frozenset[str] | None = None
    share_bp: int | None = None
    topics: frozenset[str] | None = None
    gate: str | None = None

    @property
    def remaining_yuan(self) -> int | None:
        """What is still sought: tickets are compared with this, never with the target."""
        return None if self.amount_yuan is None else max(self.amount_yuan - self.raised_yuan, 0)

    @property
    def asked_part_yuan(self) -> int | None:
        """The smallest part that one fund may take, the whole rest where nobody said less."""
        remaining = self.remaining_yuan
        if remaining is None or self.least_part_yuan is None:
            return remaining
        return min(self.least_part_yuan, remaining)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one clause says. `gap` is how far a number is from passing, in yuan or basis points."""

    clause: Clause
    verdict: Verdict
    gap: int | None = None
    is_raise: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """One thing to do, for the sake of `clause`.

    `wanted` is what the number has to reach in yuan or basis points, the gate to be verified, or
    an instrument to accept; None: it only has to be said. `gap` is the way to a number.
    """

    clause: Clause
    wanted: int | str | None = None
    gap: int | None = None
    is_raise: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a mandate says of a need. `moves` together are the smallest change that would do.

    No moves: it passes, or (`is_closed`) nothing that a startup does would turn it. Where a move
    only says what is unknown, what is said decides.
    """

    verdict: Verdict
    findings: tuple[Finding, ...]
    moves: tuple[Move, ...] = ()
    is_closed: bool = False

    def list_open(self) -> tuple[Finding, ...]:
        """The clauses that do not pass."""
        return tuple(each for each in self.findings if each.verdict is not Verdict.PASS)


@lru_cache(maxsize=4096)
def make_document(terms: Terms) -> Document:
    """The rule that `terms` are. A mandate that asks for nothing has one that always passes."""
    checks = [_write_check(clause, asked) for clause, asked in _list_asked(terms)]
    if not checks:
        return Document("mandate", terms.version, AllOf("1", ()), "")
    return parse(
        {
            "format": 1,
            "code": "mandate",
            "version": terms.version,
            "efforts": dict(_EFFORTS) | {_FACTS[clause]: None for clause in FIXED},
            "clause": {"kind": "all", "of": checks},
        },
        vocabulary=_VOCABULARY,
    )


def _list_asked(terms: Terms) -> list[tuple[Clause, dict[str, Any]]]:
    """Each clause that the mandate has, with comparator and bound."""
    codes: tuple[tuple[Clause, str, frozenset[str]], ...] = (
        (Clause.FIELDS, "overlaps", terms.fields),
        (Clause.STAGE, "one_of", terms.stages),
        (Clause.PLACE, "overlaps", terms.places),
        (Clause.INSTRUMENTS, "overlaps", terms.instruments),
        (Clause.TOPICS, "excludes", code_topics(terms.excluded_topics)),
    )
    numbers: tuple[tuple[Clause, str, int | str | None, str | None], ...] = (
        (Clause.TICKET_MIN, "at_least", terms.ticket_min_yuan, "yuan"),
        (Clause.TICKET_MAX, "at_most", terms.ticket_max_yuan, "yuan"),
        (Clause.HOLDING, "at_most", terms.holding_limit_bp, "basis_point"),
        (Clause.GATE, "at_least", terms.gate, None),
    )
    asked: dict[Clause, dict[str, Any]] = {}
    for clause, comparator, wanted in codes:
        if wanted:
            asked[clause] = {"comparator": comparator, "codes": sorted(wanted)}
    for clause, comparator, bound, unit in numbers:
        if bound is not None:
            asked[clause] = {"comparator": comparator, "bound": bound}
            asked[clause] |= {"scale": list(_GATES)} if unit is None else {"unit": unit}
    return [(clause, asked[clause]) for clause in Clause if clause in asked]


def _write_check(clause: Clause, asked: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "check", "path": clause.value, "fact": _FACTS[clause], **asked}


def make_facts(sought: Sought) -> Facts:
    """What rules are judged by. What is not known is not in it."""
    known: dict[str, Scalar | None] = {
        "fields": sought.fields,
        "stage": sought.stage,
        "remaining": sought.remaining_yuan,
        "least_part": sought.asked_part_yuan,
        "places": None if sought.place_code is None else list_places_around(sought.place_code),
        "instruments": sought.instruments,
        "topics": None if sought.topics is None else code_topics(sought.topics),
        "gate": sought.gate,
    }
    facts = {name: (Stated(value),) for name, value in known.items() if value is not None}
    if sought.share_bp is not None:
        facts["share"] = (Stated(make_share(sought.share_bp)),)
    return facts


def code_topics(topics: Iterable[str]) -> frozenset[str]:
    """Free topics as clauses compare them: equal where conflicts of interest find them equal."""
    keys = {key for topic in topics if (key := make_topic_key(topic))}
    return frozenset(hashlib.sha256(key.encode()).hexdigest()[:32] for key in keys)


def make_share(basis_points: int) -> Scalar:
    """A share as clauses compare it: exactly."""
    return Fraction(basis_points, 10_000)


@lru_cache(maxsize=4096)
def list_places_around(code: str) -> frozenset[str]:
    """A place and what it lies in: district, city, province."""
    today = find_successor(code) or code
    return frozenset({code, today, today[:4] + "00", today[:2] + "0000"})


def judge(terms: Terms, sought: Sought, on: date) -> Judgement:
    """What a mandate says of a need on the day `on`, clause by clause, with the smallest change."""
    document = make_document(terms)
    facts = make_facts(sought)
    result = evaluate(document, facts, on)
    findings = tuple(_read_finding(child) for child in result.children)
    if any(f.clause in FIXED and f.verdict is Verdict.FAIL for f in findings):
        return Judgement(result.verdict, findings, is_closed=True)
    moves = _find_moves(document, facts, on, findings)
    return Judgement(result.verdict, findings, moves)


def _read_finding(result: Result) -> Finding:
    clause = Clause(result.path)
    gap = result.gap
    if gap is None or clause is Clause.GATE:
        return Finding(clause, result.verdict)
    return Finding(clause, result.verdict, _count(clause, gap.amount), gap.is_raise)


def _count(clause: Clause, amount: Number) -> int:
    """Whole yuan, or basis points where a share was compared."""
    return int(amount * 10_000) if clause is Clause.HOLDING else int(amount)


def _find_moves(
    document: Document, facts: Facts, on: date, findings: Sequence[Finding]
) -> tuple[Move, ...]:
    """What is unknown and cannot be chosen is to be said; of the rest the smallest change."""
    said = [each.clause for each in findings if _only_to_be_said(each)]
    # Whoever says the amount has said it for both ends of the ticket.
    is_twice = {Clause.TICKET_MIN, Clause.TICKET_MAX} <= set(said)
    moves = [Move(each) for each in said if not (is_twice and each is Clause.TICKET_MAX)]
    root = document.root
    parts = root.parts if isinstance(root, AllOf) else ()
    rest = tuple(
        part for part in parts if isinstance(part, Check) and Clause(part.path) not in said
    )
    change = find_smallest_change(replace(document, root=AllOf("1", rest)), facts, on)
    steps = () if change is None else change.steps
    for step in steps:
        clause = Clause(step.paths[0])
        moves.append(_make_move(clause, step.found, step.wanted))
    return tuple(sorted(moves, key=lambda move: list(Clause).index(move.clause)))


def _only_to_be_said(finding: Finding) -> bool:
    """Unknown, and nothing that a startup chooses for one fund: also the amount that it seeks."""
    is_amount = finding.clause in (Clause.TICKET_MIN, Clause.TICKET_MAX)
    return finding.verdict is Verdict.UNKNOWN and (finding.clause in FIXED or is_amount)


def _make_move(clause: Clause, found: Known | Missing, wanted: Known) -> Move:
    match clause:
        case Clause.GATE:
            return Move(clause, _GATES[_whole(wanted)])
        case Clause.INSTRUMENTS:
            held = found if isinstance(found, frozenset) else frozenset()
            added = wanted - held if isinstance(wanted, frozenset) else frozenset()
            return Move(clause, min(added, default=None))
    target = _count(clause, _number(wanted))
    if isinstance(found, Missing):
        return Move(clause, target)
    present = _count(clause, _number(found))
    return Move(clause, target, abs(target - present), target > present)


def _number(value: Known) -> Number:
    if isinstance(value, str | frozenset):
        raise TypeError(value)
    return value


def _whole(value: Known) -> int:
    return int(_number(value))
