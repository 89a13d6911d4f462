"""What one viewer sees of a workspace: its two sides all, an operator that it is there and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.access import Actor, get_side, is_permitted
from app.engagements.queries import find_session
from app.engagements.snapshots import read_columns
from app.vault.queries.documents import list_attachable, list_shown_for
from app.workspace.queries.items import ItemView, count_closed_items, list_open_items
from app.workspace.trace import get_guests_end, is_open
from models.documents import Document
from models.engagements import CoachingSession, Engagement
from models.lifecycle import ENGAGEMENT_TAKES_PLACE
from models.people import Person
from models.vocabulary import ProviderKind, Side
from models.workspace import (
    AgendaPoint,
    PairNote,
    ProfileSnapshot,
    SessionMinutes,
    WorkspaceMessage,
)

PAGE_SIZE = 30
# Minutes are long.
MEETINGS_SIZE = 10


@dataclass(frozen=True, slots=True)
class TextView:
    """A message, a point of an agenda or a note: who wrote it, when, and what."""

    public_id: str
    side: Side
    who: str | None
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MeetingView:
    """A session that was held: its minutes ("" for none) and the points that it took up."""

    public_id: str
    starts_at: datetime
    ends_at: datetime
    minutes: str
    version: int
    written_by: str | None
    written_at: datetime | None
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileView:
    """A document that one side shows the other."""

    public_id: str
    title: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A column of the startup's profile, as it was and as it is, both as JSON has them."""

    column: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Brief:
    """What to read before the next meeting. `since` is when the profile was last looked at."""

    goal: str
    last_meeting: MeetingView | None
    since: datetime | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class WorkspaceView:
    """What the viewer may see and do. Where `reads` is false, there are numbers and times alone.

    `next_at` is when the next confirmed time begins. `guest_side` is the side that lets the
    operators read along, if they do; `guest_until` is when that ends by itself, None while the
    engagement goes on.
    """

    public_id: str
    state: str
    side: Side | None
    need_title: str
    startup_name: str
    provider_name: str
    provider_kind: ProviderKind
    reads: bool
    writes: bool
    shows_files: bool
    count_messages: int
    last_message_at: datetime | None
    messages: tuple[TextView, ...]
    older: str | None
    next_at: datetime | None
    agenda: tuple[TextView, ...]
    open_items: tuple[ItemView, ...]
    count_closed: int
    meetings: tuple[MeetingView, ...]
    older_meetings: str | None
    notes: tuple[TextView, ...]
    files: tuple[FileView, ...]
    attachable: tuple[Document, ...]
    guest_side: Side | None
    guest_since: datetime | None
    guest_until: datetime | None
    has_incubator: bool
    brief: Brief | None

    def name(self, side: Side) -> str:
        """What that side is called."""
        return self.startup_name if side is Side.STARTUP else self.provider_name


def get_workspace_view(
    session: Session,
    engagement: Engagement,
    viewer: Actor,
    *,
    at: datetime,
    before: str | None = None,
    met_before: str | None = None,
) -> WorkspaceView:
    """The workspace of `engagement`, which was accepted, for `viewer`, who may know of it.

    The newest messages stand first; with `before`, the public id of one, those before it. The same
    holds for meetings and `met_before`.
    """
    reads = is_permitted(viewer, "workspace:read", engagement)
    writes = is_permitted(viewer, "workspace:write", engagement) and is_open(engagement, at)
    side = get_side(viewer, engagement)
    count, last = session.execute(
        select(func.count(), func.max(WorkspaceMessage.sent_at)).where(
            WorkspaceMessage.engagement_id == engagement.id
        )
    ).one()
    messages = list_messages(session, engagement, before=before) if reads else []
    guest = next((g for g in engagement.workspace_guests if g.revoked_at is None), None)
    meetings, older_meetings = (
        _list_meetings(session, engagement, before=met_before) if reads else ((), None)
    )
    shows_files = writes and engagement.state in ENGAGEMENT_TAKES_PLACE
    return WorkspaceView(
        public_id=engagement.public_id,
        state=engagement.state,
        side=side,
        need_title=engagement.need.title,
        startup_name=engagement.startup.name,
        provider_name=engagement.provider.name,
        provider_kind=engagement.provider.kind,
        reads=reads,
        writes=writes,
        shows_files=shows_files,
        count_messages=count,
        last_message_at=last,
        messages=tuple(_view_text(m, m.sent_at) for m in messages[:PAGE_SIZE]),
        older=messages[PAGE_SIZE - 1].public_id if len(messages) > PAGE_SIZE else None,
        next_at=_find_next(session, engagement, at),
        agenda=_list_agenda(session, engagement) if reads else (),
        open_items=list_open_items(session, engagement, at, writes=writes) if reads else (),
        count_closed=count_closed_items(session, engagement) if reads else 0,
        meetings=meetings,
        older_meetings=older_meetings,
        notes=_list_notes(session, engagement)
        if is_permitted(viewer, "workspace:note", engagement)
        else (),
        files=_list_files(session, engagement, viewer, side),
        attachable=_list_attachable(session, engagement, side) if shows_files else (),
        guest_side=guest.side if guest else None,
        guest_since=guest.invited_at if guest else None,
        guest_until=get_guests_end(engagement, guest) if guest else None,
        has_incubator=engagement.incubator_id is not None,
        brief=_make_brief(session, engagement) if reads else None,
    )


def select_messages(engagement: Engagement) -> Select[WorkspaceMessage]:
    """The messages of the workspace, with their authors."""
    return (
        select(WorkspaceMessage)
        .where(WorkspaceMessage.engagement_id == engagement.id)
        .options(joinedload(WorkspaceMessage.author))
    )


def list_messages(
    session: Session, engagement: Engagement, *, before: str | None = None
) -> list[WorkspaceMessage]:
    """One more than a page of messages, the newest first; those older than `before`."""
    query = select_messages(engagement)
    if before is not None:
        edge = select(WorkspaceMessage.id).where(
            WorkspaceMessage.engagement_id == engagement.id, WorkspaceMessage.public_id == before
        )
        query = query.where(WorkspaceMessage.id < edge.scalar_subquery())
    query = query.order_by(WorkspaceMessage.id.desc()).limit(PAGE_SIZE + 1)
    return list(session.scalars(query))


def find_minutes(session: Session, coaching_session: CoachingSession) -> SessionMinutes | None:
    """The minutes of a session."""
    return session.scalar(
        select(SessionMinutes).where(SessionMinutes.coaching_session_id == coaching_session.id)
    )


def _view_text(row: WorkspaceMessage | AgendaPoint | PairNote, at: datetime) -> TextView:
    return TextView(row.public_id, row.side, _name(row.author), row.text, at)


def _name(person: Person | None) -> str | None:
    return person.name if person else None


def _find_next(session: Session, engagement: Engagement, at: datetime) -> datetime | None:
    return session.scalar(
        select(func.min(CoachingSession.starts_at)).where(
            CoachingSession.engagement_id == engagement.id,
            CoachingSession.state == "confirmed",
            CoachingSession.ends_at > at,
        )
    )


def _list_agenda(session: Session, engagement: Engagement) -> tuple[TextView, ...]:
    rows = session.scalars(
        select(AgendaPoint)
        .where(
            AgendaPoint.engagement_id == engagement.id, AgendaPoint.coaching_session_id.is_(None)
        )
        .options(joinedload(AgendaPoint.author))
        .order_by(AgendaPoint.id)
    )
    return tuple(_view_text(row, row.added_at) for row in rows)


def _list_notes(session: Session, engagement: Engagement) -> tuple[TextView, ...]:
    rows = session.scalars(
        select(PairNote)
        .where(PairNote.engagement_id == engagement.id)
        .options(joinedload(PairNote.author))
        .order_by(PairNote.id.desc())
    )
    return tuple(_view_text(row, row.written_at) for row in rows)


def _list_meetings(
    session: Session, engagement: Engagement, *, before: str | None = None
) -> tuple[tuple[MeetingView, ...], str | None]:
    """Some sessions that were held, the latest first, and where they go on."""
    query = select(CoachingSession).where(
        CoachingSession.engagement_id == engagement.id,
        # Minutes of a meeting about which the two sides differ can still be read.
        CoachingSession.state.in_(("held", "contested")),
    )
    edge = find_session(session, before) if before is not None else None
    if edge is not None and edge.engagement_id == engagement.id:
        query = query.where(
            or_(
                CoachingSession.starts_at < edge.starts_at,
                and_(CoachingSession.starts_at == edge.starts_at, CoachingSession.id < edge.id),
            )
        )
    rows = session.scalars(
        query.order_by(CoachingSession.starts_at.desc(), CoachingSession.id.desc()).limit(
            MEETINGS_SIZE + 1
        )
    ).all()
    held = rows[:MEETINGS_SIZE]
    numbers = [row.id for row in held]
    minutes = {
        row.coaching_session_id: row
        for row in session.scalars(
            select(SessionMinutes)
            .where(SessionMinutes.coaching_session_id.in_(numbers))
            .options(joinedload(SessionMinutes.written_by))
        )
    }
    points: dict[int | None, list[str]] = {}
    for point in session.scalars(
        select(AgendaPoint)
        .where(AgendaPoint.coaching_session_id.in_(numbers))
        .order_by(AgendaPoint.id)
    ):
        points.setdefault(point.coaching_session_id, []).append(point.text)
    views = tuple(_view_meeting(row, minutes.get(row.id), points.get(row.id, ())) for row in held)
    return views, held[-1].public_id if len(rows) > MEETINGS_SIZE else None


def _view_meeting(
    row: CoachingSession, minutes: SessionMinutes | None, points: Iterable[str]
) -> MeetingView:
    return MeetingView(
        public_id=row.public_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        minutes=minutes.text if minutes else "",
        version=minutes.version if minutes else 0,
        written_by=_name(minutes.written_by) if minutes else None,
        written_at=minutes.written_at if minutes else None,
        points=tuple(points),
    )


def _list_files(
    session: Session, engagement: Engagement, viewer: Actor, side: Side | None
) -> tuple[FileView, ...]:
    shown = list_shown_for(
        session,
        occasion_table=Engagement.__tablename__,
        occasion_public_id=engagement.public_id,
    )
    return tuple(
        FileView(document.public_id, document.title, _is_of_side(document, side))
        for document in shown
        if is_permitted(viewer, "document:open", document)
    )


def _list_attachable(
    session: Session, engagement: Engagement, side: Side | None
) -> tuple[Document, ...]:
    """Own documents that are not shown for this engagement yet."""
    owner = engagement.startup if side is Side.STARTUP else engagement.provider
    return tuple(
        document
        for document in list_attachable(session, owner)
        if not any(
            share.revoked_at is None and share.occasion_public_id == engagement.public_id
            for share in document.shares
        )
    )


def _is_of_side(document: Document, side: Side | None) -> bool:
    if side is None:
        return False
    return (document.startup_id is not None) == (side is Side.STARTUP)


def _make_brief(session: Session, engagement: Engagement) -> Brief:
    meetings, _older = _list_meetings(session, engagement)
    kept = session.get(ProfileSnapshot, engagement.id)
    changes: list[Change] = []
    if kept is not None:
        present = read_columns(engagement.startup)
        changes = [
            Change(name, kept.columns.get(name), value)
            for name, value in present.items()
            # What an erasure emptied, or a newer version compares, is no change.
            if name in kept.columns and kept.columns[name] != value
        ]
    brief = engagement.coaching_brief
    return Brief(
        goal=brief.goal if brief else "",
        last_meeting=meetings[0] if meetings else None,
        since=kept.taken_at if kept else None,
        changes=tuple(changes),
    )
