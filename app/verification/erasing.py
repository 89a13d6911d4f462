"""What an erasure does with claims and orders: those of a startup or a centre that goes are gone,
and whoever stays is told what is over by it.

Facts stay with their startup: what a centre that has left once showed is not undone by its
leaving, but it is named there no more. Only what a report with a last day showed is withdrawn:
nobody would know any more when it is over.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, union, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.leaving import Erasing, Leaving, Traces
from app.telling.notices import list_people_of, tell
from app.verification.addresses import address_of_claim, address_of_order, address_of_queue
from app.verification.inviting import tell_of_lost_slot
from app.verification.proving import FELL, list_grounds_of, tell_what_changed
from app.verification.trace import tell_readers
from models.engagements import Engagement
from models.fact_types import FactSource
from models.facts import SOURCE_NOTE_LIMIT, Fact
from models.instruments import Instrument, Slot
from models.lifecycle import ORDER_UNDER_WAY, REPORT_STANDS
from models.organisations import Startup
from models.people import Person
from models.verification import (
    Claim,
    VerificationOrder,
    VerificationReport,
    VerificationResult,
    VerificationStep,
)

_ASKED: Final = ("asked", "quoted", "expired")
_OPEN: Final = (*_ASKED, *ORDER_UNDER_WAY)

# Samples that the centre has, or that are on their way to it.
_IS_THERE: Final = ("sent", "received", "refused")


def find_traces(session: Session, leaving: Leaving) -> Traces:
    """The claims of startups that go, and the orders in which they or a centre that goes stand."""
    claims = session.scalars(select(Claim).where(Claim.startup_id.in_(leaving.startup_ids))).all()
    orders = session.scalars(select(VerificationOrder).where(_is_order_of(leaving))).all()
    reports = session.scalar(
        select(func.count())
        .select_from(VerificationReport)
        .where(VerificationReport.order_id.in_([order.id for order in orders]))
    )
    return Traces(
        counts={
            "claims": len(claims),
            "verification orders": len(orders),
            "verification reports": reports or 0,
        },
        public_ids=[
            *(claim.public_id for claim in claims),
            *(order.public_id for order in orders),
        ],
        paths=[
            *(address_of_claim(claim) for claim in claims),
            *(address_of_order(order) for order in orders),
            *(address_of_queue(provider) for provider in leaving.providers),
        ],
    )


def erase_traces(session: Session, leaving: Leaving) -> Sequence[str]:
    """Orders and claims go with all that hangs on them, and the side that stays is told what is
    over. In orders that stay, what the person wrote goes; gives it."""
    _tell_who_stays(session, leaving)
    gone = select(VerificationOrder.id).where(_is_order_of(leaving))
    falls = (
        Fact.startup_id.not_in(leaving.startup_ids),
        Fact.id.in_(
            _select_facts(
                gone.where(
                    VerificationOrder.reports.any(
                        VerificationReport.state.in_(REPORT_STANDS)
                        & VerificationReport.valid_until.is_not(None)
                    )
                )
            )
        ),
        Fact.state == "confirmed",
    )
    concerned = session.scalars(
        select(Startup)
        .where(Startup.id.in_(select(Fact.startup_id).where(*falls)))
        .order_by(Startup.id)
    ).all()
    grounds = [list_grounds_of(session, startup, leaving.at) for startup in concerned]
    for report in session.scalars(
        select(VerificationReport)
        .join(Fact, _rests_on(Fact.id))
        .where(*falls, VerificationReport.state.in_(REPORT_STANDS))
        .distinct()
    ).all():
        tell_readers(session, report, at=leaving.at)
    session.execute(
        update(Fact)
        .where(*falls)
        .values(state="withdrawn", withdrawn_at=leaving.at, withdrawal_reason=FELL)
        .execution_options(synchronize_session="fetch")
    )
    for each in grounds:
        tell_what_changed(session, each, at=leaving.at)
    tested = (
        select(Claim.startup_id)
        .join(VerificationOrder, VerificationOrder.claim_id == Claim.id)
        .where(VerificationOrder.id.in_(gone))
    )
    names = {provider.name[:SOURCE_NOTE_LIMIT] for provider in leaving.providers}
    session.execute(
        update(Fact)
        .where(
            or_(
                Fact.id.in_(_select_facts(gone)),
                # Those that gave way have lost their report.
                and_(
                    Fact.startup_id.in_(tested),
                    Fact.source == FactSource.TEST_REPORT,
                    Fact.source_note.in_(names),
                ),
            )
        )
        .values(source_note="")
        .execution_options(synchronize_session="fetch")
    )
    session.execute(delete(Instrument).where(Instrument.provider_id.in_(leaving.provider_ids)))
    session.execute(delete(VerificationOrder).where(_is_order_of(leaving)))
    session.execute(delete(Claim).where(Claim.startup_id.in_(leaving.startup_ids)))
    words: list[str] = []
    for step in session.scalars(
        select(VerificationStep).where(leaving.is_person(VerificationStep.actor_id))
    ):
        words += [step.note] if step.note else []
        step.note = ""
    for result in session.scalars(
        select(VerificationResult).where(leaving.is_person(VerificationResult.submitted_by_id))
    ):
        words += [result.note] if result.note else []
        result.note = ""
    for slot in session.scalars(select(Slot).where(leaving.is_person(Slot.ended_by_id))):
        words += [slot.note] if slot.note else []
        slot.note = ""
    session.flush()
    return words


def _tell_who_stays(session: Session, leaving: Leaving) -> None:
    """Founders hear of each order that its centre leaves behind, and of samples that it has; a
    centre, which samples it has of a startup that goes. The name of who goes is not told."""
    for order in session.scalars(
        select(VerificationOrder).where(_is_order_of(leaving)).order_by(VerificationOrder.id)
    ).all():
        engagement = order.engagement
        samples = [each.code for each in order.samples if each.state in _IS_THERE]
        startup_goes = engagement.startup_id in leaving.startup_ids
        if startup_goes and engagement.provider_id in leaving.provider_ids:
            continue
        if startup_goes:
            people = _list_staying(session, leaving, provider_id=engagement.provider_id)
            path = address_of_queue(engagement.provider)
            _cancel_slots(session, leaving, order, people, path)
            if order.state in _OPEN or samples:
                facts = {"samples": ", ".join(samples) or "–"}
                _tell(session, leaving, people, "order_left_by_startup", facts, path)
            continue
        people = _list_staying(session, leaving, startup_id=engagement.startup_id)
        facts = {"metric": order.claim.metric}
        path = address_of_claim(order.claim)
        _cancel_slots(session, leaving, order, people, path)
        if (kind := _choose_kind(order)) is not None:
            _tell(session, leaving, people, kind, facts, path)
        if samples:
            held = facts | {"samples": ", ".join(samples)}
            _tell(session, leaving, people, "sample_left_at_centre", held, path)


def _choose_kind(order: VerificationOrder) -> str | None:
    if order.state in ORDER_UNDER_WAY:
        return "order_gone"
    if order.state in _ASKED:
        return "order_gone_unquoted"
    return "order_gone_reported" if order.reports else None


def _tell(
    session: Session,
    leaving: Leaving,
    people: Sequence[Person],
    kind: str,
    facts: Mapping[str, str],
    path: str,
) -> None:
    for person in people:
        tell(session, person=person, kind=kind, facts=facts, path=path, at=leaving.at)


def _list_staying(session: Session, leaving: Leaving, **side: int) -> list[Person]:
    """Whoever acts for a side, apart from who leaves."""
    own = leaving.person.id if leaving.person is not None else None
    return [each for each in list_people_of(session, **side) if each.id != own]


def _cancel_slots(
    session: Session,
    leaving: Leaving,
    order: VerificationOrder,
    people: Sequence[Person],
    path: str,
) -> None:
    """The slots that were still to come go from the calendars of `people` as well."""
    for slot in session.scalars(
        select(Slot)
        .where(Slot.order_id == order.id, Slot.state == "booked", Slot.ends_at > leaving.at)
        .order_by(Slot.id)
    ).all():
        tell_of_lost_slot(session, slot, people, path=path, at=leaving.at)


def _rests_on(number: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether a report made the fact with that `number`."""
    return or_(
        VerificationReport.gate_fact_id == number, VerificationReport.readiness_fact_id == number
    )


def _select_facts(orders: Select[int]) -> Select[int]:
    """What rests on reports of `orders`."""
    both = union(
        *(
            select(column).where(VerificationReport.order_id.in_(orders), column.is_not(None))
            for column in (VerificationReport.gate_fact_id, VerificationReport.readiness_fact_id)
        )
    ).subquery()
    return select(both.c[0])


def _is_order_of(leaving: Leaving) -> ColumnElement[bool]:
    theirs = select(Engagement.id).where(
        or_(
            Engagement.provider_id.in_(leaving.provider_ids),
            Engagement.startup_id.in_(leaving.startup_ids),
        )
    )
    return VerificationOrder.engagement_id.in_(theirs)


ERASING = Erasing(find_traces, erase_traces)
