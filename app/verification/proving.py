"""From reports to facts to mandates: what rests on a report stands and falls with it.

A report that confirms a claim makes facts (the gate passed, the level of readiness), stated by who
measured and confirmed by who verified; mandates are judged by confirmed facts alone. When a report
no longer stands, its facts are withdrawn and mandates judged again, in the same transaction.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.access import Acting
from app.arrangements.following import follow_gates
from app.audit import record
from app.clauses import Verdict
from app.clock import today
from app.events import announce
from app.facts.actions.standing import list_beside, lock_subject, supersede
from app.facts.addresses import address_of_facts
from app.funds.addresses import address_of_deal, address_of_openings
from app.mandates.openings import screen
from app.mandates.published import Published, list_published
from app.mandates.seeking import compose_sought, list_asks, list_passed_gates
from app.matches.queries.conflicts import list_conflicts
from app.telling.notices import list_people_of, tell
from models.engagements import Engagement
from models.fact_types import FactSource, FactType
from models.facts import SOURCE_NOTE_LIMIT, Fact, FactValue
from models.lifecycle import ENGAGEMENT_TAKES_PLACE, FACT, REPORT_STANDS
from models.needs import Need
from models.organisations import Startup
from models.verification import (
    Claim,
    VerificationOrder,
    VerificationReport,
    VerificationResult,
)
from models.vocabulary import ClaimVerdict, Gate, NeedKind, ReadinessScale

# Why a fact was withdrawn: data, so it is in both languages.
FELL: Final = "所依据的检测报告已失效。The report on which it rested no longer stands."
_GATES: Final = list(Gate)


@dataclass(slots=True)
class Grounds:
    """The facts of one startup while one of its reports changes; `gate` is the one passed before.

    The startup's row is locked: nobody else changes its facts meanwhile.
    """

    session: Session
    startup: Startup
    on: date
    gate: str | None

    def take_away(self, report: VerificationReport, *, actor: Acting, at: datetime) -> None:
        """No fact rests on `report` any more; those that it made are withdrawn."""
        for number in (report.gate_fact_id, report.readiness_fact_id):
            fact = None if number is None else self.session.get(Fact, number)
            if fact is None or not fact.is_current:
                continue
            fact.state = FACT.follow("withdraw", fact.state)
            fact.withdrawn_at = at
            fact.withdrawn_by_id = actor.person_id
            fact.withdrawal_reason = FELL
            self.session.flush()
            self._record(fact, "fact_withdrawn", actor, at)

    def lay(self, *, actor: Acting, at: datetime) -> None:
        """Every report of the startup that stands and confirms has its facts, the best first.

        Of one day and type the highest stands alone. What somebody has withdrawn stays so.
        """
        for report in self._list_confirming():
            claim = report.order.claim
            if report.result.passes_gate and claim.gate is not None:
                report.gate_fact_id = self._ensure(
                    report, report.gate_fact_id, FactType.GATE_VERIFIED, claim.gate.value, actor, at
                )
            if report.result.readiness is not None:
                report.readiness_fact_id = self._ensure(
                    report,
                    report.readiness_fact_id,
                    _choose_type(claim),
                    Decimal(report.result.readiness),
                    actor,
                    at,
                )
        self.session.flush()

    def _list_confirming(self) -> list[VerificationReport]:
        found = self.session.scalars(
            select(VerificationReport)
            .join(VerificationReport.order)
            .join(VerificationOrder.claim)
            .join(VerificationReport.result)
            .where(
                Claim.startup_id == self.startup.id,
                VerificationReport.state.in_(REPORT_STANDS),
                VerificationResult.verdict == ClaimVerdict.CONFIRMED,
            )
            .options(
                joinedload(VerificationReport.result),
                joinedload(VerificationReport.order).joinedload(VerificationOrder.claim),
            )
            .order_by(VerificationReport.id)
        ).all()
        return sorted(found, key=_rank_report, reverse=True)

    def _ensure(
        self,
        report: VerificationReport,
        own_id: int | None,
        fact_type: FactType,
        value: FactValue,
        actor: Acting,
        at: datetime,
    ) -> int | None:
        """The number of the fact that says `value` for `report`; that of the one before where none
        is to be made."""
        own = None if own_id is None else self.session.get(Fact, own_id)
        if own is not None and own.state in ("confirmed", "withdrawn"):
            return own_id
        if self._was_withdrawn(report, fact_type):
            return own_id
        day = report.result.measured_on
        fact = Fact(
            startup_id=self.startup.id,
            fact_type=fact_type,
            state="confirmed",
            unit="" if fact_type is FactType.GATE_VERIFIED else "level",
            source=FactSource.TEST_REPORT,
            source_note=report.order.engagement.provider.name[:SOURCE_NOTE_LIMIT],
            stated_at=at,
            stated_by_id=report.result.submitted_by_id,
            confirmed_at=at,
            confirmed_by_id=report.result.decided_by_id,
        )
        fact.set_value(value)
        fact.set_time(day, day)
        beside = list_beside(self.session, fact, "confirmed")
        if any(own is not None or _rank(each.value) >= _rank(value) for each in beside):
            return own_id
        gone = supersede(self.session, beside, at=at)
        fact.startup = self.startup
        self.session.add(fact)
        self.session.flush()
        for each in gone:
            each.superseded_by_id = fact.id
        self._record(fact, "fact_confirmed", actor, at)
        return fact.id

    def _was_withdrawn(self, report: VerificationReport, fact_type: FactType) -> bool:
        """Whether a person has withdrawn what another report of the same result made."""
        is_gate = fact_type is FactType.GATE_VERIFIED
        column = (
            VerificationReport.gate_fact_id if is_gate else VerificationReport.readiness_fact_id
        )
        return (
            self.session.scalar(
                select(Fact.id)
                .join(VerificationReport, column == Fact.id)
                .where(
                    VerificationReport.result_id == report.result_id,
                    Fact.state == "withdrawn",
                    Fact.withdrawal_reason != FELL,
                )
                .limit(1)
            )
            is not None
        )

    def _record(self, fact: Fact, kind: str, actor: Acting, at: datetime) -> None:
        record(
            self.session,
            actor=actor,
            kind=kind,
            subject=fact,
            at=at,
            incubator_id=self.startup.incubator_id,
            detail={"type": fact.fact_type.value},
        )


def list_grounds(session: Session, order: VerificationOrder, at: datetime) -> Grounds:
    """What is proven of the startup of `order` now, locked until the commit."""
    return list_grounds_of(session, order.engagement.startup, at)


def list_grounds_of(session: Session, startup: Startup, at: datetime) -> Grounds:
    """What is proven of `startup` now, locked until the commit."""
    lock_subject(session, startup)
    on = today(at)
    return Grounds(session, startup, on, list_passed_gates(session, [startup.id], on)[startup.id])


def tell_what_changed(session: Session, grounds: Grounds, *, at: datetime) -> None:
    """Where another gate is passed now than before, all mandates are judged again for each need.

    The startup is told how many funds opened or closed; a fund that has accepted a request, where
    the founder shows the gate, whether its mandate passes now; operators, when a gate fell.
    """
    startup = grounds.startup
    follow_gates(session, startup, at=at)
    gate = list_passed_gates(session, [startup.id], grounds.on)[startup.id]
    if gate == grounds.gate:
        return
    if _rank_gate(gate) < _rank_gate(grounds.gate) and startup.incubator_id is not None:
        for person in list_people_of(session, incubator_id=startup.incubator_id):
            tell(
                session,
                person=person,
                kind="gate_fell",
                facts={"startup": startup.name},
                path=address_of_facts(startup),
                at=at,
            )
        announce(
            session,
            act="startup_gate_fell",
            incubator_id=startup.incubator_id,
            subject=startup,
            at=at,
        )
    needs = _list_open_needs(session, startup)
    conflicts = list_conflicts(session, startup)
    funds = [each for each in list_published(session) if each.provider_id not in conflicts]
    asks = list_asks(session, [need.id for need in needs])
    for need in needs:
        now = compose_sought(need, asks[need.id], gate)
        before, after = screen(
            [each.terms for each in funds], [replace(now, gate=grounds.gate), now], grounds.on
        )
        opened, closed = (
            [
                fund
                for fund, one, other in zip(funds, first, second, strict=True)
                if one is not Verdict.PASS and other is Verdict.PASS
            ]
            for first, second in ((before, after), (after, before))
        )
        _tell_startup(session, need, "funds_opened", opened, at)
        _tell_startup(session, need, "funds_closed", closed, at)
        for funds_now, act in ((opened, "need_funds_opened"), (closed, "need_funds_closed")):
            if funds_now:
                announce(session, act=act, incubator_id=startup.incubator_id, subject=need, at=at)
        if asks[need.id].shows_gate:
            _tell_funds(session, need, "mandate_opened", opened, at)
            _tell_funds(session, need, "mandate_closed", closed, at)


def _list_open_needs(session: Session, startup: Startup) -> list[Need]:
    return list(
        session.scalars(
            select(Need)
            .where(
                Need.startup_id == startup.id,
                Need.state == "open",
                Need.kind == NeedKind.FUNDING,
            )
            .options(joinedload(Need.startup), selectinload(Need.conditions))
            .order_by(Need.id)
        )
    )


def _tell_startup(
    session: Session, need: Need, kind: str, funds: list[Published], at: datetime
) -> None:
    if not funds:
        return
    for person in list_people_of(session, startup_id=need.startup_id):
        tell(
            session,
            person=person,
            kind=kind,
            facts={"need": need.title, "count": str(len(funds))},
            path=address_of_openings(need),
            at=at,
        )


def _tell_funds(
    session: Session, need: Need, kind: str, funds: list[Published], at: datetime
) -> None:
    """Those of `funds` that take care of a request about `need`."""
    engaged = session.scalars(
        select(Engagement)
        .where(
            Engagement.need_id == need.id,
            Engagement.state.in_(ENGAGEMENT_TAKES_PLACE),
            Engagement.provider_id.in_([fund.provider_id for fund in funds]),
        )
        .order_by(Engagement.id)
    ).all()
    for engagement in engaged:
        for person in list_people_of(session, provider_id=engagement.provider_id):
            tell(
                session,
                person=person,
                kind=kind,
                facts={"startup": need.startup.name, "need": need.title},
                path=address_of_deal(engagement),
                at=at,
            )


def _choose_type(claim: Claim) -> FactType:
    if claim.scale is ReadinessScale.PROCESS:
        return FactType.PROCESS_READINESS_VERIFIED
    return FactType.READINESS_VERIFIED


def _rank_report(report: VerificationReport) -> tuple[int, int, int]:
    gate = report.order.claim.gate if report.result.passes_gate else None
    return _rank_gate(gate), report.result.readiness or 0, report.id


def _rank_gate(gate: str | None) -> int:
    return -1 if gate is None else _GATES.index(Gate(gate))


def _rank(value: FactValue) -> int:
    """Gates and levels by their order."""
    return _rank_gate(value) if isinstance(value, str) else int(Decimal(str(value)))
