"""One timeline of an engagement, told like a story: who did what, when, and what came of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from app.access import Actor, is_permitted
from app.engagements.announcements import list_people
from models.documents import DocumentShare
from models.engagements import CoachingSession, Engagement, EngagementEvent, TimeSpan
from models.vocabulary import Side
from models.workspace import ActionItem, SessionMinutes, WorkspaceMessage

# Told by the sessions themselves, at the time at which they were.
_TOLD_BY_SESSIONS: Final = ("session_held", "session_missed")

# Steps of the two sides in person; an operator reads that there were some, and when.
_OF_STARTUP: Final = ("requested", "replied", "withdrawn")
_OF_PROVIDER: Final = ("asked_back", "accepted", "declined", "passed_on")

# Messages that are no further apart are one conversation.
_CONVERSATION: Final = timedelta(hours=12)

PAGE_SIZE: Final = 60
# So many messages are looked at for one page.
_MESSAGES: Final = 500


@dataclass(frozen=True, slots=True)
class StoryEntry:
    """One sentence of the story. `side` is whose doing it was, None for both or nobody.

    `who` did it in person, for `for_whom` where an operator acted for somebody: "" where nobody
    alone did, or where it is not known any more. `count` is of messages; `text` what was said, ""
    where there is nothing or it is not the viewer's to read; `at` when it happened, of a meeting
    when it began. `times` are what it was about, several where several were offered; `former` is
    what one was before it was moved.
    """

    kind: str
    at: datetime
    side: Side | None = None
    count: int = 0
    text: str = ""
    times: tuple[TimeSpan, ...] = ()
    former: TimeSpan | None = None
    who: str = ""
    for_whom: str = ""


@dataclass(frozen=True, slots=True)
class StoryPage:
    """A part of the story in its order. What was before begins before `earlier`; None: nothing."""

    entries: tuple[StoryEntry, ...]
    earlier: datetime | None


def list_story(
    session: Session, engagement: Engagement, viewer: Actor, *, before: datetime | None = None
) -> StoryPage:
    """The latest part of the story of `engagement`, which was accepted, or that before `before`.

    Whoever may view the engagement reads the steps and what was said with them; what was written
    in the workspace is read by whoever may read that. No more is read than a page can need.
    """
    reads = is_permitted(viewer, "workspace:read", engagement)
    conversations, floor = _tell_messages(session, engagement, before)
    entries = [
        *_tell_steps(session, engagement, before),
        *_tell_meetings(session, engagement, before),
        *conversations,
        *_tell_minutes(session, engagement, before),
        *_tell_items(session, engagement, before),
        *_tell_files(session, engagement, before),
        *(each for each in _tell_guests(engagement) if before is None or each.at < before),
    ]
    # Where messages were cut off, what lies before them waits for the next part.
    told = sorted((e for e in entries if floor is None or e.at >= floor), key=lambda each: each.at)
    first = max(0, len(told) - PAGE_SIZE)
    while first and told[first - 1].at == told[first].at:
        first -= 1
    earlier = told[first].at if first or floor is not None else None
    # What was asked stands as the engagement's message, and what was written in its own rows.
    shown = tuple(
        replace(each, text="") if not reads and each.kind in _WRITTEN else each
        for each in told[first:]
    )
    return StoryPage(shown, earlier)


def read_edge(typed: str) -> datetime | None:
    """The moment that stands in an address; None for whatever is none."""
    try:
        edge = datetime.fromisoformat(typed)
        return edge.astimezone(UTC) if edge.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


_WRITTEN: Final = ("minutes", "item_added", "item_done", "item_dropped", "file")


def _cut(
    query: Select[Any], moment: InstrumentedAttribute[Any], before: datetime | None
) -> Select[Any]:
    """The latest of `query` before `before`, and more than a page of them by what ties may need."""
    if before is not None:
        query = query.where(moment < before)
    return query.order_by(moment.desc()).limit(2 * PAGE_SIZE)


def _tell_steps(
    session: Session, engagement: Engagement, before: datetime | None
) -> Iterator[StoryEntry]:
    query = (
        select(EngagementEvent)
        .where(
            EngagementEvent.engagement_id == engagement.id,
            EngagementEvent.kind.not_in(_TOLD_BY_SESSIONS),
        )
        .options(joinedload(EngagementEvent.actor), joinedload(EngagementEvent.on_behalf_of))
    )
    rows = session.scalars(_cut(query, EngagementEvent.happened_at, before)).all()
    sides = {person.id: side for side in Side for person in list_people(session, engagement, side)}
    for event in sorted(rows, key=lambda each: each.id):
        # Whoever acts for neither side any more is named alone.
        side = sides.get(event.on_behalf_of_id or event.actor_id or 0)
        if event.kind in _OF_STARTUP:
            side = Side.STARTUP
        elif event.kind in _OF_PROVIDER:
            side = Side.PROVIDER
        asks = event.kind in ("requested", "received")
        text = engagement.message if asks else event.note
        yield StoryEntry(
            event.kind,
            event.happened_at,
            side,
            text=text,
            times=event.times,
            former=event.former,
            who=event.actor.name if event.actor else "",
            for_whom=event.on_behalf_of.name if event.on_behalf_of else "",
        )


def _tell_meetings(
    session: Session, engagement: Engagement, before: datetime | None
) -> Iterator[StoryEntry]:
    query = select(CoachingSession).where(
        CoachingSession.engagement_id == engagement.id,
        CoachingSession.state.in_(("held", "missed", "contested")),
    )
    for row in session.scalars(_cut(query, CoachingSession.starts_at, before)):
        yield StoryEntry(row.state, row.starts_at, times=((row.starts_at, row.ends_at),))


def _tell_messages(
    session: Session, engagement: Engagement, before: datetime | None
) -> tuple[list[StoryEntry], datetime | None]:
    """Conversations that began before `before`, and from when on they are all there.

    A conversation stands where it began, with all of its messages, also those after `before`.
    """
    is_former = WorkspaceMessage.sent_at < before if before is not None else None
    former = _list_sent(session, engagement, is_former, last=True)
    is_cut = len(former) == _MESSAGES
    rows = [*reversed(former)]
    if before is not None and rows:
        for sent_at, side in _list_sent(
            session, engagement, WorkspaceMessage.sent_at >= before, last=False
        ):
            if sent_at - rows[-1][0] > _CONVERSATION:
                break
            rows.append((sent_at, side))
    runs: list[list[tuple[datetime, Side]]] = []
    for sent_at, side in rows:
        if not runs or sent_at - runs[-1][-1][0] > _CONVERSATION:
            runs.append([])
        runs[-1].append((sent_at, side))
    if is_cut and len(runs) > 1:
        # Where the first one began was not read.
        runs.pop(0)
    floor = runs[0][0][0] if is_cut else None
    return [_word_run(run) for run in runs], floor


def _list_sent(
    session: Session, engagement: Engagement, where: ColumnElement[bool] | None, *, last: bool
) -> Sequence[tuple[datetime, Side]]:
    query = select(WorkspaceMessage.sent_at, WorkspaceMessage.side).where(
        WorkspaceMessage.engagement_id == engagement.id
    )
    if where is not None:
        query = query.where(where)
    by = (WorkspaceMessage.sent_at, WorkspaceMessage.id)
    order = [column.desc() for column in by] if last else list(by)
    return [(row[0], row[1]) for row in session.execute(query.order_by(*order).limit(_MESSAGES))]


def _word_run(run: Iterable[tuple[datetime, Side]]) -> StoryEntry:
    said = list(run)
    sides = {side for _at, side in said}
    if len(sides) > 1:
        return StoryEntry("conversation", said[0][0], count=len(said))
    kind = "message" if len(said) == 1 else "messages"
    return StoryEntry(kind, said[0][0], said[0][1], count=len(said))


def _tell_minutes(
    session: Session, engagement: Engagement, before: datetime | None
) -> Iterator[StoryEntry]:
    query = (
        select(SessionMinutes)
        .where(SessionMinutes.engagement_id == engagement.id)
        .options(joinedload(SessionMinutes.coaching_session), joinedload(SessionMinutes.written_by))
    )
    for row in session.scalars(_cut(query, SessionMinutes.written_at, before)):
        met = row.coaching_session
        times = ((met.starts_at, met.ends_at),)
        who = row.written_by.name if row.written_by else ""
        yield StoryEntry("minutes", row.written_at, text=row.text, times=times, who=who)


def _tell_items(
    session: Session, engagement: Engagement, before: datetime | None
) -> Iterator[StoryEntry]:
    """Each action when it was agreed on, and when it was done or dropped."""
    of_engagement = select(ActionItem).where(ActionItem.engagement_id == engagement.id)
    for row in session.scalars(_cut(of_engagement, ActionItem.added_at, before)):
        yield StoryEntry("item_added", row.added_at, row.owner_side, text=row.text)
    closed = of_engagement.where(ActionItem.closed_at.is_not(None))
    for row in session.scalars(_cut(closed, ActionItem.closed_at, before)):
        if row.closed_at is not None:
            kind = "item_done" if row.state == "done" else "item_dropped"
            yield StoryEntry(kind, row.closed_at, row.owner_side, text=row.text)


def _tell_files(
    session: Session, engagement: Engagement, before: datetime | None
) -> Iterator[StoryEntry]:
    """Documents that were shown, also those that are not any more."""
    query = (
        select(DocumentShare)
        .where(
            DocumentShare.occasion_table == Engagement.__tablename__,
            DocumentShare.occasion_public_id == engagement.public_id,
        )
        .options(joinedload(DocumentShare.document))
    )
    for share in session.scalars(_cut(query, DocumentShare.created_at, before)):
        side = Side.STARTUP if share.document.startup_id is not None else Side.PROVIDER
        title = share.document.title if share.document.state != "deleted" else ""
        yield StoryEntry("file", share.created_at, side, text=title)


def _tell_guests(engagement: Engagement) -> Iterator[StoryEntry]:
    for guest in engagement.workspace_guests:
        yield StoryEntry("operators_invited", guest.invited_at, guest.side)
        if guest.revoked_at is not None:
            yield StoryEntry("operators_dismissed", guest.revoked_at)
