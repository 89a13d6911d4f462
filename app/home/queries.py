"""Reads for the front page, the dashboards and the notices. No Flask."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from app.access import Actor
from app.ranking.track_records import count_taken_places
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

Key = TypeVar("Key")

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
    startups = session.scalars(query.options(joinedload(Startup.incubator))).all()
    ids = [startup.id for startup in startups]
    needs = _count_by(session, Need.startup_id, Need.startup_id.in_(ids), Need.state == "open")
    engagements = _count_by(
        session,
        Engagement.startup_id,
        Engagement.startup_id.in_(ids),
        Engagement.state.in_(ENGAGEMENT_OPEN),
    )
    return [
        StartupPart(startup, needs.get(startup.id, 0), engagements.get(startup.id, 0))
        for startup in startups
    ]


def list_provider_parts(session: Session, viewer: Actor) -> list[ProviderPart]:
    """The providers that `viewer` acts for, by name, with the pools that admitted them.

    Who stands in for another sees the pool of their own incubator alone.
    """
    if not viewer.provides:
        return []
    providers = session.scalars(
        select(Provider).where(Provider.id.in_(viewer.provides)).order_by(Provider.name)
    ).all()
    ids = [provider.id for provider in providers]
    taken = count_taken_places(session, ids)
    admitted = (
        select(PoolEntry.provider_id, Incubator)
        .join(Incubator, Incubator.id == PoolEntry.incubator_id)
        .where(PoolEntry.provider_id.in_(ids), PoolEntry.state == "admitted")
        .order_by(Incubator.name)
    )
    if viewer.within_incubator_id is not None:
        admitted = admitted.where(Incubator.id == viewer.within_incubator_id)
    pools: dict[int, list[Incubator]] = {}
    for provider_id, incubator in session.execute(admitted):
        pools.setdefault(provider_id, []).append(incubator)
    return [
        ProviderPart(
            provider=provider,
            taken_places=taken.get(provider.id, 0),
            free_places=max(0, provider.capacity - taken.get(provider.id, 0)),
            pools=tuple(pools.get(provider.id, ())),
        )
        for provider in providers
    ]


def list_incubator_parts(session: Session, viewer: Actor, at: datetime) -> list[IncubatorPart]:
    """The incubators that `viewer` operates, by name, with what an operator looks at first."""
    if not viewer.operates:
        return []
    incubators = session.scalars(
        select(Incubator).where(Incubator.id.in_(viewer.operates)).order_by(Incubator.name)
    ).all()
    ids = [incubator.id for incubator in incubators]
    startups = _count_by(session, Startup.incubator_id, Startup.incubator_id.in_(ids))
    pools = _count_by_state(
        session, PoolEntry.incubator_id, PoolEntry.state, PoolEntry.incubator_id.in_(ids)
    )
    engagements = _count_by_state(
        session, Engagement.incubator_id, Engagement.state, Engagement.incubator_id.in_(ids)
    )
    near: dict[int, list[Engagement]] = {}
    for engagement in session.scalars(
        select(Engagement)
        .where(
            Engagement.incubator_id.in_(ids),
            Engagement.state == "requested",
            Engagement.answer_due_at <= at + NEAR_EXPIRY,
        )
        .options(joinedload(Engagement.provider), joinedload(Engagement.startup))
        .order_by(Engagement.answer_due_at, Engagement.id)
    ):
        if engagement.incubator_id is not None:
            near.setdefault(engagement.incubator_id, []).append(engagement)
    return [
        IncubatorPart(
            incubator=incubator,
            startups=startups.get(incubator.id, 0),
            pool=pools.get(incubator.id, {}),
            engagements=engagements.get(incubator.id, {}),
            near_expiry=tuple(near.get(incubator.id, ())),
        )
        for incubator in incubators
    ]


def list_place_figures(session: Session, viewer: Actor) -> list[PlaceFigures]:
    """Counts of every place within what `viewer` regulates that has an incubator, by code.

    An engagement counts where the incubator lies that hosted the startup when it asked.
    """
    if not viewer.regulates:
        return []
    within = _is_within_any(viewer.regulates)
    asked = Engagement.incubator_id == Incubator.id
    # One question for both: nobody's dashboard asks for more than it may cost.
    hosting = session.execute(
        select(
            Incubator.place_code,
            func.count(Incubator.id.distinct()),
            func.count(Startup.id),
        )
        .outerjoin(Startup, Startup.incubator_id == Incubator.id)
        .where(within)
        .group_by(Incubator.place_code)
    ).all()
    engagements = _count_by_state(
        session, Incubator.place_code, Engagement.state, and_(within, asked)
    )
    return [
        PlaceFigures(
            place_code=code,
            incubators=incubators,
            startups=startups,
            engagements=engagements.get(code, {}),
        )
        for code, incubators, startups in sorted(hosting, key=lambda row: str(row[0]))
    ]


def select_regulated(viewer: Actor) -> Select[Incubator]:
    """The incubators within the places that `viewer` regulates."""
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


def _count_by(
    session: Session, column: InstrumentedAttribute[Key], *conditions: ColumnElement[bool]
) -> dict[Key, int]:
    query = select(column, func.count()).where(*conditions).group_by(column)
    return {row[0]: row[1] for row in session.execute(query)}


def _count_by_state(
    session: Session,
    column: InstrumentedAttribute[Key],
    state: InstrumentedAttribute[str],
    condition: ColumnElement[bool],
) -> dict[Key, dict[str, int]]:
    counted: dict[Key, dict[str, int]] = {}
    query = select(column, state, func.count()).where(condition).group_by(column, state)
    for key, word, count in session.execute(query):
        counted.setdefault(key, {})[word] = count
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
