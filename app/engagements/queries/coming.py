"""What stands in people's calendars of sessions, talks and appointments."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, contains_eager

from app.access import Actor, get_side
from app.engagements.calendar_entries import make_entries
from app.engagements.queries.lists import (
    NAMED,
    NAMES,
    Heading,
    get_heading,
    is_of_side,
    is_visible,
)
from app.engagements.together import find_joint_times
from app.telling.coming import FED_MOST, FED_SINCE, CalendarPart, ComingTime
from app.telling.entries import Entry
from app.words.kind_words import WORDS_BY_KIND
from app.words.labels import LABELS
from models.engagements import CoachingSession
from models.lifecycle import SESSION_OPEN
from models.vocabulary import Side


def select_coming(viewer: Actor, at: datetime) -> Select[CoachingSession] | None:
    """Sessions that are proposed or confirmed and not over at `at`, the next one first.

    Those of the viewer's own engagements and of the startups of an incubator they operate; None
    for somebody who never has any.
    """
    if not (viewer.founds or viewer.provides or viewer.operates):
        return None
    return (
        select(CoachingSession)
        .join(CoachingSession.engagement)
        .where(
            is_visible(viewer),
            CoachingSession.state.in_(SESSION_OPEN),
            CoachingSession.ends_at > at,
        )
        .order_by(CoachingSession.starts_at, CoachingSession.id)
    )


def view_coming(row: CoachingSession, viewer: Actor) -> ComingTime:
    """What `viewer` sees of one of them."""
    side = get_side(viewer, row.engagement)
    heading = get_heading(row.engagement, viewer)
    waits = row.state == "proposed" and side is not None and side is not row.proposed_by_side
    of_session = {"public_id": row.public_id}
    return ComingTime(
        public_id=row.public_id,
        name=WORDS_BY_KIND[heading.provider_kind].time,
        title=heading.need_title or _name_untitled(heading),
        startup_name=heading.startup_name,
        provider_name=heading.provider_name,
        side=side,
        lifecycle="session",
        state=row.state,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        place=row.place,
        link=row.link,
        page=("engagements.show_engagement", {"public_id": row.engagement.public_id}),
        entry=("engagements.download_entry", of_session),
        confirm=("engagements.confirm_session", of_session) if waits else None,
        sequence=row.sequence,
    )


def _name_untitled(heading: Heading) -> LazyString:
    return _l("Request (%(kind)s)", kind=LABELS[type(heading.need_kind)][heading.need_kind])


def list_fed_sessions(session: Session, viewer: Actor, at: datetime) -> Sequence[CoachingSession]:
    """What the calendar of `viewer` shows: the sessions of their sides that stand, from half a
    year ago on, at most as many as a calendar program takes."""
    return session.scalars(
        select(CoachingSession)
        .join(CoachingSession.engagement)
        .where(
            or_(is_of_side(viewer, Side.STARTUP), is_of_side(viewer, Side.PROVIDER)),
            CoachingSession.state.in_(("proposed", "confirmed", "held", "contested")),
            CoachingSession.starts_at > at - FED_SINCE,
        )
        .options(contains_eager(CoachingSession.engagement).options(*NAMES))
        .order_by(CoachingSession.starts_at.desc(), CoachingSession.id)
        .limit(FED_MOST)
    ).all()


def feed_sessions(session: Session, viewer: Actor, at: datetime) -> list[Entry]:
    """The same as entries of a calendar; a time with two mentors is one."""
    fed = list_fed_sessions(session, viewer, at)
    return make_entries(fed, find_joint_times(session, [each.id for each in fed]))


CALENDAR = CalendarPart(
    select_coming, view_coming, feed_sessions, (CoachingSession.engagement, *NAMED)
)
