"""Needs beside all published mandates: what is open for one, and how many for each of several."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clauses import Verdict
from app.mandates.checking import Clause, Judgement, Sought
from app.mandates.openings import Opening, Outlook, look_out, screen
from app.mandates.published import Published, list_published
from app.mandates.seeking import compose_sought, find_ask, list_passed_gates, list_sought
from app.matches.queries.conflicts import list_conflicts
from models.fact_types import FactType
from models.facts import Fact
from models.needs import Need


@dataclass(frozen=True, slots=True)
class Compared:
    """One fund for one need."""

    fund: Published
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Comparison:
    """All funds for one need. `in_conflict` are left out: no request could be made to them.

    `is_gate_stated`: a gate is stated that nobody has confirmed yet.
    """

    sought: Sought
    funds: Sequence[Published]
    outlook: Outlook
    in_conflict: int
    is_gate_stated: bool

    def list_with(self, verdict: Verdict) -> list[Compared]:
        """The funds with this verdict; of those that fail, first the ones that can be turned."""
        found = [
            Compared(self.funds[place], self.outlook.judgements[place])
            for place in self.outlook.list_with(verdict)
        ]
        return sorted(found, key=lambda each: (each.judgement.is_closed, len(each.judgement.moves)))

    def name_funds(self, places: Sequence[int]) -> list[Published]:
        """The funds at these places."""
        return [self.funds[place] for place in places]

    @property
    def openings(self) -> Sequence[Opening]:
        """The single moves that open at least one fund, those that open most first."""
        return self.outlook.openings

    def count_against(self) -> list[tuple[Clause, int, int]]:
        """Of each clause that stands against a fund: how many fail by it, and how many wait."""
        fails = self.outlook.count_clauses(Verdict.FAIL)
        waits = self.outlook.count_clauses(Verdict.UNKNOWN)
        rows = [(clause, fails[clause], waits[clause]) for clause in Clause]
        return [row for row in rows if row[1] or row[2]]


def compare(session: Session, need: Need, on: date) -> Comparison:
    """Every published mandate judged for `need`, except those of funds in conflict with it."""
    conflicts = list_conflicts(session, need.startup)
    published = list_published(session)
    funds = [each for each in published if each.provider_id not in conflicts]
    gate = list_passed_gates(session, [need.startup_id], on)[need.startup_id]
    sought = compose_sought(need, find_ask(session, need), gate)
    outlook = look_out([each.terms for each in funds], sought, on)
    stated = session.scalar(
        select(func.count()).where(
            Fact.startup_id == need.startup_id,
            Fact.fact_type == FactType.GATE_VERIFIED,
            Fact.state == "stated",
        )
    )
    return Comparison(sought, funds, outlook, len(published) - len(funds), bool(stated))


def count_verdicts(
    session: Session, needs: Sequence[Need], on: date
) -> Mapping[int, Counter[Verdict]]:
    """How many funds each of `needs` has with each verdict, by the ids of the needs."""
    published = list_published(session)
    known = list_sought(session, needs, on)
    startups = {need.startup_id: need.startup for need in needs}
    conflicts = {number: list_conflicts(session, each) for number, each in startups.items()}
    judged = screen([each.terms for each in published], [known[need.id] for need in needs], on)
    counted: dict[int, Counter[Verdict]] = {}
    for need, verdicts in zip(needs, judged, strict=True):
        left_out = conflicts[need.startup_id]
        counted[need.id] = Counter(
            verdict
            for each, verdict in zip(published, verdicts, strict=True)
            if each.provider_id not in left_out
        )
    return counted
