"""What to prove next: which single change opens how many funds for one need.

A change is tried on all mandates at once (`app.clauses.Screen`), so that it is said what it opens
and also what it closes. Plain records: no database, no clock.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from app.clauses import Screen, Verdict
from app.mandates.checking import (
    FIXED,
    Clause,
    Judgement,
    Move,
    Sought,
    Terms,
    judge,
    make_document,
    make_facts,
)
from models.vocabulary import Gate, Instrument

# The easiest first, where two changes open as many funds.
_EASE = (
    Clause.FIELDS,
    Clause.STAGE,
    Clause.PLACE,
    Clause.TOPICS,
    Clause.INSTRUMENTS,
    Clause.HOLDING,
    Clause.TICKET_MAX,
    Clause.TICKET_MIN,
    Clause.GATE,
)


@dataclass(frozen=True, slots=True)
class Opening:
    """What one move opens and closes: places in the list of mandates.

    `is_certain` is False where the move only says what is not known: then these are the funds for
    which nothing else is missing, and what is said decides.
    """

    move: Move
    opens: tuple[int, ...]
    closes: tuple[int, ...] = ()
    is_certain: bool = True

    @property
    def gain(self) -> int:
        """How many funds more are open afterwards."""
        return len(self.opens) - len(self.closes)


@dataclass(frozen=True, slots=True)
class Outlook:
    """All mandates for one need: each judgement by place, and the moves that open most first."""

    judgements: tuple[Judgement, ...]
    openings: tuple[Opening, ...]

    def list_with(self, verdict: Verdict) -> list[int]:
        """The places of the mandates with this verdict."""
        return [place for place, each in enumerate(self.judgements) if each.verdict is verdict]

    def count_clauses(self, verdict: Verdict) -> Counter[Clause]:
        """How many mandates each clause stands against with this verdict."""
        return Counter(
            finding.clause
            for each in self.judgements
            for finding in each.findings
            if finding.verdict is verdict
        )


@lru_cache(maxsize=8)
def make_screen(mandates: tuple[Terms, ...], on: date) -> Screen:
    """All mandates compiled together: each need is read once, whatever their number."""
    return Screen([make_document(terms) for terms in mandates], on)


def screen(mandates: Sequence[Terms], sought: Iterable[Sought], on: date) -> list[list[Verdict]]:
    """For each need the verdict of each mandate, without explanation: what `judge` would say."""
    compiled = make_screen(tuple(mandates), on)
    return [compiled.judge(make_facts(each)) for each in sought]


def look_out(mandates: Sequence[Terms], sought: Sought, on: date) -> Outlook:
    """Every mandate judged for one need, and every single move that would open at least one."""
    judgements = tuple(judge(terms, sought, on) for terms in mandates)
    openings = [
        *_list_certain(tuple(mandates), sought, judgements, on),
        *_list_said(judgements),
    ]
    openings.sort(
        key=lambda each: (-each.gain, _EASE.index(each.move.clause), str(each.move.wanted))
    )
    return Outlook(judgements, tuple(openings))


def _list_certain(
    mandates: tuple[Terms, ...], sought: Sought, judgements: Sequence[Judgement], on: date
) -> Iterator[Opening]:
    before = [each.verdict is Verdict.PASS for each in judgements]
    compiled = make_screen(mandates, on)
    best: dict[Clause, set[tuple[int, ...]]] = {}
    for move, changed in _list_moves(mandates, sought):
        after = [verdict is Verdict.PASS for verdict in compiled.judge(make_facts(changed))]
        opens = tuple(i for i, passes in enumerate(after) if passes and not before[i])
        closes = tuple(i for i, passes in enumerate(after) if before[i] and not passes)
        # Moves come with the smallest first: a larger one that does no more is no other one.
        seen = best.setdefault(move.clause, set())
        if opens and opens not in seen:
            seen.add(opens)
            yield Opening(move, opens, closes)


def _list_said(judgements: Sequence[Judgement]) -> Iterator[Opening]:
    """What is unknown and only has to be said, with the funds that wait for nothing else."""
    waiting: dict[Clause, list[int]] = {}
    for place, each in enumerate(judgements):
        clauses = {_name_said(finding.clause) for finding in each.list_open()}
        if len(clauses) == 1 and each.verdict is Verdict.UNKNOWN:
            clause = next(iter(clauses))
            said = {_name_said(move.clause) for move in each.moves if move.wanted is None}
            if clause in FIXED or clause in said:
                waiting.setdefault(clause, []).append(place)
    for clause, places in waiting.items():
        yield Opening(Move(clause), tuple(places), is_certain=False)


def _name_said(clause: Clause) -> Clause:
    """Both tickets wait for one thing to be said: how much is sought."""
    return Clause.TICKET_MIN if clause is Clause.TICKET_MAX else clause


def _list_moves(mandates: Iterable[Terms], sought: Sought) -> Iterator[tuple[Move, Sought]]:
    """Every single change that some mandate asks for, the smallest of each clause first."""
    mandates = list(mandates)
    yield from _list_gates(mandates, sought)
    yield from _list_parts(mandates, sought)
    yield from _list_amounts(mandates, sought)
    yield from _list_shares(mandates, sought)
    accepted = sought.instruments or frozenset()
    wanted = {code for terms in mandates for code in terms.instruments} - accepted
    for instrument in Instrument:
        if instrument.value in wanted:
            more = accepted | {instrument.value}
            yield Move(Clause.INSTRUMENTS, instrument.value), replace(sought, instruments=more)


def _list_gates(mandates: list[Terms], sought: Sought) -> Iterator[tuple[Move, Sought]]:
    asked = {terms.gate for terms in mandates}
    gates = [gate.value for gate in Gate]
    passed = -1 if sought.gate is None else gates.index(sought.gate)
    for gate in gates[passed + 1 :]:
        if gate in asked:
            yield Move(Clause.GATE, gate), replace(sought, gate=gate)


def _list_parts(mandates: list[Terms], sought: Sought) -> Iterator[tuple[Move, Sought]]:
    """One fund may take less: down to the largest tickets below what is asked of one."""
    part = sought.asked_part_yuan
    if part is None:
        return
    tickets = {t.ticket_max_yuan for t in mandates if t.ticket_max_yuan is not None}
    for ticket in sorted((each for each in tickets if 0 < each < part), reverse=True):
        move = Move(Clause.TICKET_MAX, ticket, part - ticket)
        yield move, replace(sought, least_part_yuan=ticket)


def _list_amounts(mandates: list[Terms], sought: Sought) -> Iterator[tuple[Move, Sought]]:
    """More is sought: up to the smallest tickets above what is left."""
    remaining = sought.remaining_yuan
    if remaining is None:
        return
    tickets = {t.ticket_min_yuan for t in mandates if t.ticket_min_yuan is not None}
    for ticket in sorted(each for each in tickets if each > remaining):
        move = Move(Clause.TICKET_MIN, ticket, ticket - remaining, True)
        yield move, replace(sought, amount_yuan=sought.raised_yuan + ticket)


def _list_shares(mandates: list[Terms], sought: Sought) -> Iterator[tuple[Move, Sought]]:
    """One fund is offered less, or it is said for the first time how much."""
    limits = {t.holding_limit_bp for t in mandates if t.holding_limit_bp is not None}
    share = sought.share_bp
    for limit in sorted((each for each in limits if share is None or each < share), reverse=True):
        gap = None if share is None else share - limit
        yield Move(Clause.HOLDING, limit, gap), replace(sought, share_bp=limit)
