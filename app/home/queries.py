"""Reads for the front page, the dashboards and the notices. No Flask."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    String,
    and_,
    false,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from app.access import Actor
from app.ranking.track_records import count_places_of_provider
from app.web.paging import count_pages
from models.audit import AuditEntry
from models.engagements import Engagement
from models.lifecycle import ENGAGEMENT_OPEN, ENGAGEMENT_TAKES_PLACE
from models.needs import Need
from models.notice_codes import NoticeDelivery, NoticeTopic
from models.notices import Notice, NoticePreference
from models.organisations import Incubator, Startup
from models.people import Membership, Person
from models.pools import PoolEntry
from models.providers import Provider
from models.refusals import Refusal

# An operator is shown requests that nobody has answered when they expire within this time.
NEAR_EXPIRY = timedelta(days=2)

# How many notices one page shows.
NOTICES_SHOWN = 100

# How many entries of the record one page shows.
REFUSALS_SHOWN = 20

ENTRIES_SHOWN = 50

# An engagement that came to be: somebody said yes, whatever followed.
_CAME_TO_BE = (*ENGAGEMENT_TAKES_PLACE, "completed", "cancelled")


@dataclass(frozen=True, slots=True)
class Figures:
    """What this installation holds, as everybody may know it: counts alone."""

    providers: int
    startups: int
    engagements: int


@dataclass(frozen=True, slots=True)
class StartupPart:
    """What a founder sees of one startup on the dashboard."""

    startup: Startup
    open_needs: int
    open_engagements: int


@dataclass(frozen=True, slots=True)
class ProviderPart:
    """What somebody who acts for a provider sees of it. `free_places` is never negative."""

    provider: Provider
    taken_places: int
    free_places: int
    pools: tuple[Incubator, ...]


@dataclass(frozen=True, slots=True)
class IncubatorPart:
    """What an operator sees of one incubator.

    `pool` and `engagements` map states to counts; states without any are left out.
    `near_expiry` are requests of its startups that nobody has answered and that expire soon.
    """

    incubator: Incubator
    startups: int
    pool: Mapping[str, int]
    engagements: Mapping[str, int]
    near_expiry: tuple[Engagement, ...]


@dataclass(frozen=True, slots=True)
class PlaceFigures:
    """What a regulator reads of one place: counts over its incubators, no names and no texts."""

    place_code: str
    incubators: int
    startups: int
    engagements: Mapping[str, int]


def count_figures(session: Session) -> Figures:
    """Published providers, published startups, and engagements that came to be."""
    return Figures(
        providers=_count(session, Provider, Provider.state == "published"),
        startups=_count(session, Startup, Startup.state == "published"),
        engagements=_count(session, Engagement, Engagement.state.in_(_CAME_TO_BE)),
    )


def list_startup_parts(session: Session, viewer: Actor) -> list[StartupPart]:
    """The startups that `viewer` acts for, by name, as far as standing in for another reaches."""
    if not viewer.founds:
        return []
    query = select(Startup).where(Startup.id.in_(viewer.founds)).order_by(Startup.name, Startup.id)
    if viewer.within_incubator_id is not None:
        query = query.where(Startup.incubator_id == viewer.within_incubator_id)
    needs = _count_of(Startup, Need.startup_id == Startup.id, Need.state == "open")
    engagements = _count_of(
        Startup, Engagement.startup_id == Startup.id, Engagement.state.in_(ENGAGEMENT_OPEN)
    )
    rows = session.execute(
        query.add_columns(needs, engagements).options(joinedload(Startup.incubator))
    )
    return [StartupPart(*row) for row in rows]


def list_provider_parts(session: Session, viewer: Actor) -> list[ProviderPart]:
    """The providers that `viewer` acts for, by name, with the pools that admitted them.

    Who stands in for another sees the pool of their own incubator alone.
    """
    if not viewer.provides:
        return []
    is_admitted = and_(PoolEntry.provider_id == Provider.id, PoolEntry.state == "admitted")
    if viewer.within_incubator_id is not None:
        is_admitted &= PoolEntry.incubator_id == viewer.within_incubator_id
    rows = session.execute(
        select(Provider, count_places_of_provider(), Incubator)
        .outerjoin(PoolEntry, is_admitted)
        .outerjoin(Incubator, Incubator.id == PoolEntry.incubator_id)
        .where(Provider.id.in_(viewer.provides))
        .order_by(Provider.name, Provider.id, Incubator.name)
    )
    pools: dict[Provider, list[Incubator]] = {}
    taken: dict[Provider, int] = {}
    for provider, places, incubator in rows:
        taken[provider] = places
        pools.setdefault(provider, []).extend(() if incubator is None else (incubator,))
    return [
        ProviderPart(
            provider=provider,
            taken_places=places,
            free_places=max(0, provider.capacity - places),
            pools=tuple(pools[provider]),
        )
        for provider, places in taken.items()
    ]


def select_near_expiry(viewer: Actor, at: datetime) -> Select[Engagement] | None:
    """Requests of startups of the viewer's incubators that nobody answered and that expire soon."""
    if not viewer.operates:
        return None
    return (
        select(Engagement)
        .where(
            Engagement.incubator_id.in_(viewer.operates),
            Engagement.state == "requested",
            Engagement.answer_due_at <= at + NEAR_EXPIRY,
        )
        .order_by(Engagement.answer_due_at, Engagement.id)
    )


def list_incubator_parts(
    session: Session, viewer: Actor, near_expiry: Iterable[Engagement] = ()
) -> list[IncubatorPart]:
    """The incubators that `viewer` operates, by name, with what an operator looks at first.

    `near_expiry` is what `select_near_expiry` finds, where somebody is to see it.
    """
    if not viewer.operates:
        return []
    startups = _count_of(Incubator, Startup.incubator_id == Incubator.id)
    incubators = session.execute(
        select(Incubator, startups)
        .where(Incubator.id.in_(viewer.operates))
        .order_by(Incubator.name)
    ).all()
    ids = [incubator.id for incubator, _startups in incubators]
    states = _count_states(
        session,
        pool=(PoolEntry.incubator_id, PoolEntry.state, PoolEntry.incubator_id.in_(ids)),
        engagements=(Engagement.incubator_id, Engagement.state, Engagement.incubator_id.in_(ids)),
    )
    near: dict[int, list[Engagement]] = {}
    for engagement in near_expiry:
        if engagement.incubator_id is not None:
            near.setdefault(engagement.incubator_id, []).append(engagement)
    return [
        IncubatorPart(
            incubator=incubator,
            startups=hosted,
            pool=states["pool"].get(incubator.id, {}),
            engagements=states["engagements"].get(incubator.id, {}),
            near_expiry=tuple(near.get(incubator.id, ())),
        )
        for incubator, hosted in incubators
    ]


def list_place_figures(session: Session, viewer: Actor) -> list[PlaceFigures]:
    """Counts of every place within what `viewer` regulates that has an incubator, by code.

    An engagement counts where the incubator lies that hosted the startup when it asked.
    """
    if not viewer.regulates:
        return []
    within = _is_within_any(viewer.regulates)
    hosted = Startup.incubator_id == Incubator.id
    asked = Engagement.incubator_id == Incubator.id
    place = Incubator.place_code
    states = _count_states(
        session,
        incubators=(place, None, within),
        startups=(place, None, and_(within, hosted)),
        engagements=(place, Engagement.state, and_(within, asked)),
    )
    return [
        PlaceFigures(
            place_code=code,
            incubators=found[""],
            startups=states["startups"].get(code, {}).get("", 0),
            engagements=states["engagements"].get(code, {}),
        )
        for code, found in sorted(states["incubators"].items(), key=lambda row: str(row[0]))
    ]


def select_regulated(viewer: Actor) -> Select[Incubator] | None:
    """The incubators within the places that `viewer` regulates; None where that is none."""
    if not viewer.regulates:
        return None
    return select(Incubator).where(_is_within_any(viewer.regulates)).order_by(Incubator.id)


def list_notices(session: Session, *, person_id: int) -> Sequence[Notice]:
    """The newest notices of this person, the newest first, at most `NOTICES_SHOWN`."""
    return session.scalars(
        select(Notice)
        .where(Notice.person_id == person_id)
        .order_by(Notice.created_at.desc(), Notice.id.desc())
        .limit(NOTICES_SHOWN)
    ).all()


def select_notices(*, person_id: int, is_unread: bool | None = None) -> Select[Notice]:
    """The notices of this person: those that were not read, those that were, or all (None)."""
    query = select(Notice).where(Notice.person_id == person_id)
    return query if is_unread is None else query.where(Notice.read_at.is_(None) == is_unread)


def select_audit(viewer: Actor) -> Select[AuditEntry]:
    """What was done in the incubators that `viewer` operates, with who did it."""
    return (
        select(AuditEntry)
        .where(AuditEntry.incubator_id.in_(viewer.operates))
        .options(joinedload(AuditEntry.actor), joinedload(AuditEntry.on_behalf_of))
    )


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One page of the record, the newest entry first; pages are numbered from 1 to `last`."""

    entries: Sequence[AuditEntry]
    number: int
    last: int


def list_record(session: Session, viewer: Actor, *, number: int) -> RecordPage:
    """What was done in the incubators that `viewer` operates; page `number` or the last before."""
    count = select(func.count()).where(AuditEntry.incubator_id.in_(viewer.operates))
    last = count_pages(session.scalar(count) or 0, ENTRIES_SHOWN)
    number = min(number, last)
    query = (
        select_audit(viewer)
        .order_by(AuditEntry.happened_at.desc(), AuditEntry.id.desc())
        .limit(ENTRIES_SHOWN)
        .offset((number - 1) * ENTRIES_SHOWN)
    )
    return RecordPage(session.scalars(query).all(), number, last)


def list_refused(session: Session, viewer: Actor) -> Sequence[Refusal]:
    """What was refused to those who operate the viewer's incubators, the latest hours first."""
    operators = select(Membership.person_id).where(Membership.incubator_id.in_(viewer.operates))
    return session.scalars(
        select(Refusal)
        .where(Refusal.person_id.in_(operators))
        .options(joinedload(Refusal.person))
        .order_by(Refusal.hour_at.desc(), Refusal.id.desc())
        .limit(REFUSALS_SHOWN)
    ).all()


def find_notice(session: Session, public_id: str, *, person_id: int) -> Notice | None:
    """The notice with this public id, if it is one of this person's."""
    return session.scalar(
        select(Notice).where(Notice.public_id == public_id, Notice.person_id == person_id)
    )


def _count(session: Session, entity: type, condition: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(entity).where(condition)) or 0


def _count_of(entity: type, *conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many there are of each row of `entity`, as a column beside it."""
    return select(func.count()).where(*conditions).correlate(entity).scalar_subquery()


def _count_states(
    session: Session,
    **parts: tuple[
        InstrumentedAttribute[Any], InstrumentedAttribute[str] | None, ColumnElement[bool]
    ],
) -> dict[str, dict[Any, dict[str, int]]]:
    """For each part, by its key, how many there are in each state. One question for all of them.

    A part is the column of its keys, that of its states (None: all are in the state ""), and a
    condition.
    """
    counted: dict[str, dict[Any, dict[str, int]]] = {name: {} for name in parts}
    queries = [
        select(
            literal(name),
            key,
            literal("") if state is None else type_coerce(state, String),
            func.count(),
        )
        .where(condition)
        .group_by(key, *(() if state is None else (state,)))
        for name, (key, state, condition) in parts.items()
    ]
    for name, key, state, count in session.execute(union_all(*queries)):
        counted[name].setdefault(key, {})[state] = count
    return counted


def _is_within_any(place_codes: Iterable[str]) -> ColumnElement[bool]:
    """Whether an incubator lies within one of these places.

    GB/T 2260: a code that ends in 0000 is a province, one that ends in 00 a city; what lies
    in it shares the digits before.
    """
    beginnings = [
        code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
        for code in place_codes
    ]
    return or_(false(), *(Incubator.place_code.startswith(begin) for begin in beginnings))


def list_deliveries(session: Session, person: Person) -> dict[NoticeTopic, NoticeDelivery]:
    """How `person` gets mail of each topic."""
    chosen = session.execute(
        select(NoticePreference.topic, NoticePreference.delivery).where(
            NoticePreference.person_id == person.id
        )
    )
    return dict.fromkeys(NoticeTopic, NoticeDelivery.AT_ONCE) | {row[0]: row[1] for row in chosen}
