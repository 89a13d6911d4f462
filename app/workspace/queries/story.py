"""One timeline of an engagement, told like a story: who did what, when, and what came of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.access import Actor, is_permitted
from models.documents import DocumentShare
from models.engagements import CoachingSession, Engagement, EngagementEvent
from models.vocabulary import Side
from models.workspace import ActionItem, SessionMinutes, WorkspaceMessage

# Told by the sessions themselves, at the time at which they were.
_TOLD_BY_SESSIONS: Final = ("session_held", "session_missed")

# Steps of the two sides in person; an operator reads that there were some, and when.
_OF_STARTUP: Final = ("requested", "replied", "withdrawn")
_OF_PROVIDER: Final = ("asked_back", "accepted", "declined")

# Messages that are no further apart are one conversation.
_CONVERSATION: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class StoryEntry:
    """One sentence of the story. `side` is who did it, None for both or nobody.

    `count` is of messages; `text` what was said, "" where there is nothing or it is not the
    viewer's to read; `at` when it happened, of a meeting when it began.
    """

    kind: str
    at: datetime
    side: Side | None = None
    count: int = 0
    text: str = ""


def list_story(session: Session, engagement: Engagement, viewer: Actor) -> tuple[StoryEntry, ...]:
    """The whole story of `engagement`, which was accepted, from its request on.

    Whoever may view the engagement reads the steps and what was said with them; what was written
    in the workspace is read by whoever may read that.
    """
    reads = is_permitted(viewer, "workspace:read", engagement)
    entries = [
        *_tell_steps(session, engagement),
        *_tell_meetings(session, engagement),
        *_tell_messages(session, engagement),
        *_tell_minutes(session, engagement),
        *_tell_items(session, engagement),
        *_tell_files(session, engagement),
        *_tell_guests(engagement),
    ]
    # What was asked stands as the engagement's message, and what was written in its own rows.
    if not reads:
        entries = [replace(each, text="") if each.kind in _WRITTEN else each for each in entries]
    return tuple(sorted(entries, key=lambda each: each.at))


_WRITTEN: Final = ("minutes", "item_added", "item_done", "item_dropped", "file")


def _tell_steps(session: Session, engagement: Engagement) -> Iterator[StoryEntry]:
    for event in session.scalars(
        select(EngagementEvent)
        .where(EngagementEvent.engagement_id == engagement.id)
        .order_by(EngagementEvent.id)
    ):
        if event.kind in _TOLD_BY_SESSIONS:
            continue
        side = None
        if event.kind in _OF_STARTUP:
            side = Side.STARTUP
        elif event.kind in _OF_PROVIDER:
            side = Side.PROVIDER
        text = engagement.message if event.kind == "requested" else event.note
        yield StoryEntry(event.kind, event.happened_at, side, text=text)


def _tell_meetings(session: Session, engagement: Engagement) -> Iterator[StoryEntry]:
    for row in session.scalars(
        select(CoachingSession).where(
            CoachingSession.engagement_id == engagement.id,
            CoachingSession.state.in_(("held", "missed")),
        )
    ):
        yield StoryEntry(row.state, row.starts_at)


def _tell_messages(session: Session, engagement: Engagement) -> Iterator[StoryEntry]:
    """Conversations: how many messages there were from the first on, by one side or both."""
    rows = session.execute(
        select(WorkspaceMessage.sent_at, WorkspaceMessage.side)
        .where(WorkspaceMessage.engagement_id == engagement.id)
        .order_by(WorkspaceMessage.id)
    ).all()
    run: list[tuple[datetime, Side]] = []
    for sent_at, side in rows:
        if run and sent_at - run[-1][0] > _CONVERSATION:
            yield _word_run(run)
            run = []
        run.append((sent_at, side))
    if run:
        yield _word_run(run)


def _word_run(run: Iterable[tuple[datetime, Side]]) -> StoryEntry:
    said = list(run)
    sides = {side for _at, side in said}
    if len(sides) > 1:
        return StoryEntry("conversation", said[0][0], count=len(said))
    kind = "message" if len(said) == 1 else "messages"
    return StoryEntry(kind, said[0][0], said[0][1], count=len(said))


def _tell_minutes(session: Session, engagement: Engagement) -> Iterator[StoryEntry]:
    for row in session.scalars(
        select(SessionMinutes).where(SessionMinutes.engagement_id == engagement.id)
    ):
        yield StoryEntry("minutes", row.written_at, text=row.text)


def _tell_items(session: Session, engagement: Engagement) -> Iterator[StoryEntry]:
    for row in session.scalars(
        select(ActionItem).where(ActionItem.engagement_id == engagement.id).order_by(ActionItem.id)
    ):
        yield StoryEntry("item_added", row.added_at, row.owner_side, text=row.text)
        if row.closed_at is not None:
            kind = "item_done" if row.state == "done" else "item_dropped"
            yield StoryEntry(kind, row.closed_at, row.owner_side, text=row.text)


def _tell_files(session: Session, engagement: Engagement) -> Iterator[StoryEntry]:
    """Documents that were shown, also those that are not any more."""
    for share in session.scalars(
        select(DocumentShare)
        .where(
            DocumentShare.occasion_table == Engagement.__tablename__,
            DocumentShare.occasion_public_id == engagement.public_id,
        )
        .options(joinedload(DocumentShare.document))
        .order_by(DocumentShare.id)
    ):
        side = Side.STARTUP if share.document.startup_id is not None else Side.PROVIDER
        title = share.document.title if share.document.state != "deleted" else ""
        yield StoryEntry("file", share.created_at, side, text=title)


def _tell_guests(engagement: Engagement) -> Iterator[StoryEntry]:
    for guest in engagement.workspace_guests:
        yield StoryEntry("operators_invited", guest.invited_at, guest.side)
        if guest.revoked_at is not None:
            yield StoryEntry("operators_dismissed", guest.revoked_at)
