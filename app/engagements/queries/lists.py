"""Lists of engagements and of their sessions, each row as its viewer may see it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.access import Actor, get_side
from app.engagements.disclosure import get_disclosed
from app.web.paging import count_pages
from models.engagements import CoachingSession, Engagement
from models.providers import Provider
from models.vocabulary import NeedKind, ProviderKind, Release, Side

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Heading:
    """What an engagement is called before its viewer: None for what is not disclosed."""

    need_kind: NeedKind
    need_title: str | None
    startup_name: str | None
    provider_name: str
    provider_kind: ProviderKind


@dataclass(frozen=True, slots=True)
class EngagementRow:
    """One line of the list. `side` is the viewer's; `waits` says that it is their turn."""

    public_id: str
    heading: Heading
    state: str
    side: Side | None
    requested_at: datetime
    answer_due_at: datetime
    waits: bool


@dataclass(frozen=True, slots=True)
class EngagementPage:
    """One page of the list, and how many rows there are in all."""

    rows: tuple[EngagementRow, ...]
    total: int
    number: int

    @property
    def last_number(self) -> int:
        """The number of the last page, from 1."""
        return count_pages(self.total, PAGE_SIZE)


def get_heading(engagement: Engagement, viewer: Actor) -> Heading:
    """What `viewer` may call this engagement."""
    disclosed = get_disclosed(engagement, viewer)
    return Heading(
        need_kind=engagement.need.kind,
        need_title=engagement.need.title if Release.NEED_TEXT in disclosed else None,
        startup_name=engagement.startup.name if Release.STARTUP_NAME in disclosed else None,
        provider_name=engagement.provider.name,
        provider_kind=engagement.provider.kind,
    )


def is_of_side(viewer: Actor, side: Side) -> ColumnElement[bool]:
    """Engagements in which `viewer` stands on `side`: the rule of `get_side`, in SQL."""
    of_startup = Engagement.startup_id.in_(viewer.founds)
    within: Iterable[ColumnElement[bool]] = ()
    if viewer.within_incubator_id is not None:
        within = (Engagement.incubator_id == viewer.within_incubator_id,)
    if side is Side.STARTUP:
        return and_(of_startup, *within)
    return and_(Engagement.provider_id.in_(viewer.provides), ~of_startup, *within)


def is_of_incubator(viewer: Actor) -> ColumnElement[bool]:
    """Engagements of startups of an incubator that `viewer` operates."""
    return Engagement.incubator_id.in_(viewer.operates) if viewer.operates else false()


def is_visible(viewer: Actor) -> ColumnElement[bool]:
    """Engagements that `viewer` may know of: the rule "engagement:view", in SQL."""
    return or_(
        is_of_side(viewer, Side.STARTUP), is_of_side(viewer, Side.PROVIDER), is_of_incubator(viewer)
    )


# All that a heading needs, and the same for a query that selects engagements.
NAMED = (Engagement.need, Engagement.startup, Engagement.provider)
NAMES = tuple(joinedload(each) for each in NAMED)


def list_engagements(
    session: Session,
    viewer: Actor,
    *,
    waiting: Iterable[int],
    state: str | None = None,
    side: Side | None = None,
    number: int = 1,
) -> EngagementPage:
    """The engagements that `viewer` may know of: what waits first, then the newest requests.

    `waiting` are the ids of engagements in which it is the viewer's turn. `state` and `side`
    narrow the list, `number` counts its pages from 1; beyond the last one it gives the last.
    """
    visible = is_visible(viewer) if side is None else is_of_side(viewer, side)
    query = select(Engagement).where(visible)
    if state is not None:
        query = query.where(Engagement.state == state)
    turn = set(waiting)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    number = min(number, count_pages(total, PAGE_SIZE))
    rows = session.scalars(
        query.options(*NAMES)
        .order_by(
            case((Engagement.id.in_(turn), 0), else_=1),
            Engagement.requested_at.desc(),
            Engagement.id.desc(),
        )
        .offset((number - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE)
    )
    return EngagementPage(
        rows=tuple(
            EngagementRow(
                public_id=row.public_id,
                heading=get_heading(row, viewer),
                state=row.state,
                side=get_side(viewer, row),
                requested_at=row.requested_at,
                answer_due_at=row.answer_due_at,
                waits=row.id in turn,
            )
            for row in rows
        ),
        total=total,
        number=number,
    )


def select_engagements(
    viewer: Actor, *, state: str | None, side: Side | None
) -> Select[Engagement]:
    """The engagements that `viewer` may know of, with their names; `state` and `side` narrow it."""
    visible = is_visible(viewer) if side is None else is_of_side(viewer, side)
    query = select(Engagement).where(visible).options(*NAMES)
    return query if state is None else query.where(Engagement.state == state)


def select_sessions(
    viewer: Actor, *, state: str | None, with_mentors: bool = True
) -> Select[CoachingSession]:
    """The sessions of the engagements that `viewer` may know of; `state` narrows it.

    `with_mentors` false leaves out those with mentors.
    """
    query = (
        select(CoachingSession)
        .join(CoachingSession.engagement)
        .where(is_visible(viewer))
        .options(contains_eager(CoachingSession.engagement))
    )
    if not with_mentors:
        query = query.join(Engagement.provider).where(Provider.kind != ProviderKind.MENTOR)
    return query if state is None else query.where(CoachingSession.state == state)


def list_sessions_of(
    session: Session, engagement_ids: Collection[int]
) -> dict[int, list[CoachingSession]]:
    """The sessions of each of these engagements, the first proposed first."""
    found: dict[int, list[CoachingSession]] = {}
    rows = session.scalars(
        select(CoachingSession)
        .where(CoachingSession.engagement_id.in_(set(engagement_ids)))
        .order_by(CoachingSession.id)
    )
    for row in rows:
        found.setdefault(row.engagement_id, []).append(row)
    return found


def count_by_state(session: Session, viewer: Actor, *, side: Side | None = None) -> dict[str, int]:
    """How many engagements `viewer` may know of, by state; states without any are left out."""
    visible = is_visible(viewer) if side is None else is_of_side(viewer, side)
    rows = session.execute(
        select(Engagement.state, func.count()).where(visible).group_by(Engagement.state)
    )
    return {row[0]: row[1] for row in rows}
