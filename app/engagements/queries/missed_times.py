"""Times that were not kept: one, those of one's own sides, those of an incubator."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, literal, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.access import Actor, is_permitted
from app.engagements.queries.lists import NAMES, is_of_side
from app.engagements.queries.request_rules import get_rules
from models.engagements import CoachingSession, Engagement
from models.missed_times import MISSED_TIME_COUNTS, MissedTime, MissedTimeKind
from models.organisations import Incubator
from models.vocabulary import Side

PAGE_SIZE: Final = 50

# While the two sides differ about the session, what stands against one of them does not count.
_STATE: Final = case(
    (
        and_(CoachingSession.state == "contested", MissedTime.state.in_(MISSED_TIME_COUNTS)),
        literal("appealed"),
    ),
    else_=cast(MissedTime.state, String),
)


@dataclass(frozen=True, slots=True)
class MissedTimeView:
    """One, for the side that is counted and for the operators of its incubator.

    `who` is the side that is counted and `other` the one across. `appeal_until` is None where it
    cannot be appealed any more, or never could.
    """

    public_id: str
    engagement_public_id: str
    need_title: str
    who: str
    other: str
    side: Side
    kind: MissedTimeKind
    state: str
    counts: bool
    planned_at: datetime
    window_hours: int
    counted_at: datetime
    appeal: str
    appealed_at: datetime | None
    decision: str
    decided_at: datetime | None
    appeal_until: datetime | None
    may_appeal: bool
    may_decide: bool


@dataclass(frozen=True, slots=True)
class MissedTimePage:
    """Some of them, the latest first; `older` is the public id after which the list goes on."""

    rows: tuple[MissedTimeView, ...]
    older: str | None


@dataclass(frozen=True, slots=True)
class MissedCounts:
    """How often a side did not keep to a time, as it counts now; `appealed` counts nowhere yet."""

    no_shows: int = 0
    late_cancels: int = 0
    late_moves: int = 0
    appealed: int = 0

    @property
    def late(self) -> int:
        """Times that were given up late."""
        return self.late_cancels + self.late_moves


def find_missed_time(session: Session, public_id: str) -> MissedTime | None:
    """The one with this public id."""
    return session.scalar(
        select(MissedTime)
        .where(MissedTime.public_id == public_id)
        .options(
            joinedload(MissedTime.engagement).options(*NAMES),
            joinedload(MissedTime.coaching_session),
        )
    )


def is_own(viewer: Actor) -> ColumnElement[bool]:
    """Those that are counted on a side for which `viewer` acts."""
    return or_(*(and_(MissedTime.side == side, is_of_side(viewer, side)) for side in Side))


def select_missed_times(condition: ColumnElement[bool]) -> Select[MissedTime]:
    """Those for which `condition` holds, with their engagements."""
    return (
        select(MissedTime)
        .join(MissedTime.engagement)
        .where(condition)
        .options(
            contains_eager(MissedTime.engagement).options(*NAMES),
            joinedload(MissedTime.coaching_session),
        )
    )


def is_of(incubator: Incubator) -> ColumnElement[bool]:
    """Those of engagements of the startups of `incubator`."""
    return Engagement.incubator_id == incubator.id


def list_missed_times(
    session: Session,
    condition: ColumnElement[bool],
    viewer: Actor,
    *,
    at: datetime,
    before: str | None = None,
) -> MissedTimePage:
    """A page of those for which `condition` holds, from after the one with public id `before`."""
    query = select_missed_times(condition)
    if before is not None:
        edge = select(MissedTime.id).where(MissedTime.public_id == before).scalar_subquery()
        query = query.where(MissedTime.id < edge)
    found = session.scalars(query.order_by(MissedTime.id.desc()).limit(PAGE_SIZE + 1)).all()
    rows = tuple(view_missed_time(session, row, viewer, at=at) for row in found[:PAGE_SIZE])
    return MissedTimePage(rows, rows[-1].public_id if len(found) > PAGE_SIZE else None)


def view_missed_time(
    session: Session, row: MissedTime, viewer: Actor, *, at: datetime
) -> MissedTimeView:
    """What `viewer`, who may view it, sees of `row` and may do with it at `at`."""
    engagement = row.engagement
    until = None
    if row.state == "counted" and engagement.incubator_id is not None:
        days = get_rules(session, engagement.incubator_id).appeal_days
        until = row.counted_at + timedelta(days=days)
    names = (engagement.startup.name, engagement.provider.name)
    who, other = names if row.side is Side.STARTUP else reversed(names)
    is_open = until is not None and at <= until
    return MissedTimeView(
        public_id=row.public_id,
        engagement_public_id=engagement.public_id,
        need_title=engagement.need.title,
        who=who,
        other=other,
        side=row.side,
        kind=row.kind,
        state=row.state,
        counts=row.counts,
        planned_at=row.planned_at,
        window_hours=row.window_hours,
        counted_at=row.counted_at,
        appeal=row.appeal,
        appealed_at=row.appealed_at,
        decision=row.decision,
        decided_at=row.decided_at,
        appeal_until=until if is_open else None,
        may_appeal=is_open and is_permitted(viewer, "missed_time:appeal", row),
        may_decide=row.state == "appealed"
        and row.coaching_session.state != "contested"
        and is_permitted(viewer, "missed_time:decide", row),
    )


def count_own(session: Session, viewer: Actor) -> MissedCounts:
    """What counts on the sides for which `viewer` acts."""
    rows = session.execute(
        select(MissedTime.kind, _STATE, func.count())
        .join(MissedTime.engagement)
        .join(MissedTime.coaching_session)
        .where(is_own(viewer), Engagement.incubator_id.is_not(None))
        .group_by(MissedTime.kind, _STATE)
    )
    return _sum_up((kind, state, count) for kind, state, count in rows)


def count_by_provider(session: Session, provider_ids: Iterable[int]) -> Mapping[int, MissedCounts]:
    """What counts on the side of each of these providers; those without any are left out."""
    found: dict[int, list[tuple[MissedTimeKind, str, int]]] = {}
    for provider_id, kind, state, count in session.execute(
        select(Engagement.provider_id, MissedTime.kind, _STATE, func.count())
        .join(MissedTime.engagement)
        .join(MissedTime.coaching_session)
        .where(
            Engagement.provider_id.in_(list(provider_ids)),
            Engagement.incubator_id.is_not(None),
            MissedTime.side == Side.PROVIDER,
        )
        .group_by(Engagement.provider_id, MissedTime.kind, _STATE)
    ):
        found.setdefault(provider_id, []).append((kind, state, count))
    return {provider_id: _sum_up(rows) for provider_id, rows in found.items()}


def list_by_session(session: Session, engagement: Engagement) -> Mapping[int, Sequence[MissedTime]]:
    """Those of the sessions of one engagement, for both of its sides."""
    found: dict[int, list[MissedTime]] = {}
    for row in session.scalars(
        select(MissedTime).where(MissedTime.engagement_id == engagement.id).order_by(MissedTime.id)
    ):
        found.setdefault(row.coaching_session_id, []).append(row)
    return found


def _sum_up(rows: Iterable[tuple[MissedTimeKind, str, int]]) -> MissedCounts:
    by_kind = dict.fromkeys(MissedTimeKind, 0)
    appealed = 0
    for kind, state, count in rows:
        if state in MISSED_TIME_COUNTS:
            by_kind[kind] += count
        elif state == "appealed":
            appealed += count
    return MissedCounts(
        no_shows=by_kind[MissedTimeKind.NO_SHOW],
        late_cancels=by_kind[MissedTimeKind.LATE_CANCEL],
        late_moves=by_kind[MissedTimeKind.LATE_MOVE],
        appealed=appealed,
    )
