"""What needs seek, as rules are judged by it: from the need, the profile, the ask, and facts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from app.access import Actor
from app.facts.queries import list_known_of_many
from app.mandates.checking import Sought
from app.mandates.values import AskValues, read_ask
from models.fact_types import FactType
from models.facts import Fact
from models.financings import Financing
from models.funds import SoughtFunding
from models.needs import Need
from models.organisations import Startup
from models.vocabulary import ConditionAttribute, Gate, NeedKind

# How many ids stand in one query; databases have a limit for them.
_AT_ONCE = 5000


def get_amount(need: Need) -> int | None:
    """How much the need seeks in all, in yuan; None where it does not say."""
    values = _get_values(need, ConditionAttribute.AMOUNT)
    return int(values[0]) if values else None


def compose_sought(
    need: Need,
    ask: AskValues,
    gate: str | None,
    *,
    with_profile: bool = True,
    with_need: bool = True,
) -> Sought:
    """What is known of `need`: only what the profile says, only what the need says, or both.

    The stage is that of the need where it names one: it is about this money. What a startup has
    left out of its profile is not known.
    """
    startup = need.startup
    stage = None
    if with_profile and startup.funding_stage is not None:
        stage = startup.funding_stage.value
    instruments: Sequence[str] = ()
    if with_need:
        stages = _get_values(need, ConditionAttribute.FUNDING_STAGE)
        stage = stages[0] if stages else stage
        instruments = _get_values(need, ConditionAttribute.INSTRUMENTS)
    return Sought(
        fields=frozenset(f.value for f in startup.fields) or None if with_profile else None,
        stage=stage,
        amount_yuan=_get_target(need, ask) if with_need else None,
        raised_yuan=ask.raised_yuan,
        least_part_yuan=ask.least_part_yuan,
        place_code=startup.place_code if with_profile else None,
        instruments=frozenset(instruments) or None,
        share_bp=ask.share_bp if with_need else None,
        topics=frozenset(startup.topics) or None if with_profile else None,
        gate=gate,
    )


def compose_known(startup: Startup, gate: str | None) -> Sought:
    """What is known of `startup` without any need."""
    return Sought(
        fields=frozenset(each.value for each in startup.fields) or None,
        stage=None if startup.funding_stage is None else startup.funding_stage.value,
        place_code=startup.place_code,
        topics=frozenset(startup.topics) or None,
        gate=gate,
    )


def find_passed_gate(facts: Iterable[Fact], on: date) -> str | None:
    """The highest gate that is confirmed as passed by the day `on`; None where none is.

    A gate is passed with all that come before it. What was withdrawn, or only stated, is none.
    """
    order = list(Gate)
    passed = [
        Gate(str(fact.value))
        for fact in facts
        if fact.fact_type is FactType.GATE_VERIFIED
        and fact.state == "confirmed"
        and (fact.begins_on is None or fact.begins_on <= on)
    ]
    return max(passed, key=order.index).value if passed else None


def list_passed_gates(
    session: Session, startup_ids: Collection[int], on: date
) -> Mapping[int, str | None]:
    """The highest confirmed gate of each startup."""
    known = list_known_of_many(session, Startup, startup_ids, confirmed=True)
    return {number: find_passed_gate(known.get(number, ()), on) for number in startup_ids}


def find_stated_ask(session: Session, need: Need) -> AskValues:
    """What was said that `need` asks of one fund, whatever a financing has taken meanwhile."""
    return read_ask(session.get(SoughtFunding, need.id))


def find_ask(session: Session, need: Need) -> AskValues:
    """What `need` asks of one fund now: of an open financing only what remains of it."""
    return list_asks(session, [need.id])[need.id]


def list_asks(session: Session, need_ids: Collection[int]) -> Mapping[int, AskValues]:
    """What each need asks of one fund now: of an open financing only what remains of it."""
    wanted = sorted(need_ids)
    found = {
        ask.need_id: read_ask(ask)
        for start in range(0, len(wanted), _AT_ONCE)
        for ask in session.scalars(
            select(SoughtFunding).where(SoughtFunding.need_id.in_(wanted[start : start + _AT_ONCE]))
        )
    }
    asks = {number: found.get(number, AskValues()) for number in wanted}
    for start in range(0, len(wanted), _AT_ONCE):
        for financing in session.scalars(
            select(Financing).where(
                Financing.need_id.in_(wanted[start : start + _AT_ONCE]), Financing.state == "open"
            )
        ):
            asks[financing.need_id] = replace(
                asks[financing.need_id],
                target_yuan=financing.target_yuan,
                raised_yuan=financing.taken_yuan,
            )
    return asks


def list_sought(session: Session, needs: Sequence[Need], on: date) -> Mapping[int, Sought]:
    """What is known of each of `needs`, by their ids."""
    gates = list_passed_gates(session, {need.startup_id for need in needs}, on)
    asks = list_asks(session, [need.id for need in needs])
    return {need.id: compose_sought(need, asks[need.id], gates[need.startup_id]) for need in needs}


def select_seeking(viewer: Actor) -> Select[Need]:
    """The open needs for funding that `viewer` may compare with mandates."""
    founded: ColumnElement[bool] = Startup.id.in_(viewer.founds)
    if viewer.within_incubator_id is not None:
        founded = and_(founded, Startup.incubator_id == viewer.within_incubator_id)
    return (
        select(Need)
        .join(Need.startup)
        .where(
            Need.state == "open",
            Need.kind == NeedKind.FUNDING,
            or_(founded, Startup.incubator_id.in_(viewer.operates)),
        )
        .options(contains_eager(Need.startup), selectinload(Need.conditions))
        .order_by(Need.updated_at.desc(), Need.id.desc())
    )


def list_seeking(session: Session, viewer: Actor, *, limit: int | None = None) -> Sequence[Need]:
    """The open needs for funding that `viewer` may compare with mandates, the newest first."""
    return session.scalars(select_seeking(viewer).limit(limit)).unique().all()


def _get_target(need: Need, ask: AskValues) -> int | None:
    return get_amount(need) if ask.target_yuan is None else ask.target_yuan


def _get_values(need: Need, attribute: ConditionAttribute) -> Sequence[str]:
    for condition in need.conditions:
        if condition.attribute is attribute:
            return condition.values
    return ()
