"""What follows when a startup asks a provider: engagements, sessions, feedback."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.answers import EngagementAnswer
from models.briefs import CoachingBrief, FundingBrief, OrderBrief
from models.erasure import erasure_empties, holds_no_person
from models.lifecycle import COACHING_SESSION, ENGAGEMENT, ENGAGEMENT_OPEN
from models.matches import Match
from models.needs import Need
from models.organisations import Incubator, Startup
from models.orm import Base, CodeList, PublicId, UtcDateTime, code_type
from models.people import Person
from models.providers import Provider
from models.questions import EngagementQuestion
from models.state import state_type
from models.vocabulary import Release, Side
from models.workspace_guests import WorkspaceGuest

_OPEN_STATES = ", ".join(f"'{state}'" for state in ENGAGEMENT_OPEN)


class Engagement(PublicId, Base):
    """A startup has asked a provider, for one need. At most one is open for the same pair.

    `incubator_id` is the startup's incubator when it asked: the tenant whose operators see it.
    `released` says what the provider may see before accepting.
    """

    __tablename__ = "engagement"
    __table_args__ = (
        Index(
            "uq_engagement_open",
            "need_id",
            "provider_id",
            unique=True,
            sqlite_where=text(f"state IN ({_OPEN_STATES})"),
            postgresql_where=text(f"state IN ({_OPEN_STATES})"),
        ),
        Index("ix_engagement_provider_id_state", "provider_id", "state"),
    )

    need_id: Mapped[int] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"), index=True)
    startup_id: Mapped[int] = mapped_column(
        ForeignKey("startup.id", ondelete="CASCADE"), index=True
    )
    provider_id: Mapped[int] = mapped_column(
        ForeignKey("provider.id", ondelete="CASCADE"), index=True
    )
    incubator_id: Mapped[int | None] = mapped_column(
        ForeignKey("incubator.id", ondelete="SET NULL"), index=True
    )
    match_id: Mapped[int | None] = mapped_column(
        ForeignKey("match.id", ondelete="SET NULL"), index=True
    )
    state: Mapped[str] = mapped_column(state_type(ENGAGEMENT), default="requested", index=True)
    message: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    # The story behind it, where it was told otherwise than in the need; "": as the need tells it.
    background: Mapped[str] = mapped_column(
        Text, default="", server_default="", info=erasure_empties()
    )
    released: Mapped[list[Release]] = mapped_column(CodeList(Release), default=list)
    requested_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # When an unanswered request expires.
    answer_due_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    # When whose turn it is is reminded of that; None: that was done.
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Why it was declined, passed on, withdrawn or cancelled.
    reason: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    version: Mapped[int] = mapped_column(default=1)

    need: Mapped[Need] = relationship()
    startup: Mapped[Startup] = relationship()
    provider: Mapped[Provider] = relationship()
    incubator: Mapped[Incubator | None] = relationship()
    match: Mapped[Match | None] = relationship()
    requested_by: Mapped[Person | None] = relationship()
    # What is asked for: one of the three, by the kind of provider.
    coaching_brief: Mapped[CoachingBrief | None] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )
    funding_brief: Mapped[FundingBrief | None] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )
    order_brief: Mapped[OrderBrief | None] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )
    questions: Mapped[list[EngagementQuestion]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="EngagementQuestion.id"
    )
    answer: Mapped[EngagementAnswer | None] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )
    workspace_guests: Mapped[list[WorkspaceGuest]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="WorkspaceGuest.id"
    )
    events: Mapped[list[EngagementEvent]] = relationship(
        back_populates="engagement",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="EngagementEvent.id",
    )
    sessions: Mapped[list[CoachingSession]] = relationship(
        back_populates="engagement",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="CoachingSession.starts_at",
    )
    feedback: Mapped[list[Feedback]] = relationship(
        back_populates="engagement",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="Feedback.given_at",
    )

    __mapper_args__ = {"version_id_col": version}


# From when to when.
TimeSpan = tuple[datetime, datetime]


class EngagementEvent(Base):
    """The readable trace of an engagement: who did what, when, and for whom."""

    __tablename__ = "engagement_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), index=True
    )
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # The person who acted; None for the clock (an expiry).
    actor_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    # The person for whom an operator acted.
    on_behalf_of_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    # In the past tense: requested, accepted, session_proposed, …
    kind: Mapped[str] = mapped_column(String(40), info=holds_no_person())
    note: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    # The time that the step was about, and from when to when it was after the step; `former` is
    # what was before it was moved. Sessions change, what was done does not. None of steps that were
    # about no time, or from before this was kept.
    coaching_session_id: Mapped[int | None] = mapped_column(
        ForeignKey("coaching_session.id", ondelete="SET NULL"), index=True
    )
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    former_starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    former_ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # From when to when each of several times was that were offered (ISO 8601 in UTC).
    offered: Mapped[list[list[str]]] = mapped_column(
        JSON, default=list, server_default="[]", info=holds_no_person()
    )

    engagement: Mapped[Engagement] = relationship(back_populates="events")
    coaching_session: Mapped[CoachingSession | None] = relationship()
    actor: Mapped[Person | None] = relationship(foreign_keys=[actor_id])
    on_behalf_of: Mapped[Person | None] = relationship(foreign_keys=[on_behalf_of_id])

    @property
    def times(self) -> tuple[TimeSpan, ...]:
        """What the step was about: the time as it was after it, or all that were offered."""
        if self.starts_at is not None and self.ends_at is not None:
            return ((self.starts_at, self.ends_at),)
        offered = ([datetime.fromisoformat(each) for each in span] for span in self.offered)
        return tuple((begins, ends) for begins, ends in offered)

    @property
    def former(self) -> TimeSpan | None:
        """What the time was before it was moved; None where it was not, or nobody knows."""
        if self.former_starts_at is None or self.former_ends_at is None:
            return None
        return self.former_starts_at, self.former_ends_at


class CoachingSession(PublicId, Base):
    """A scheduled meeting inside an engagement. Times are stored in UTC.

    `sequence` counts the changes for calendar programs (RFC 5545, 3.8.7.4).
    """

    __tablename__ = "coaching_session"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="span"),
        CheckConstraint("place <> '' OR link <> ''", name="place_or_link"),
    )

    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(state_type(COACHING_SESSION), default="proposed", index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[str] = mapped_column(String(200), default="", info=erasure_empties())
    link: Mapped[str] = mapped_column(String(500), default="", info=erasure_empties())
    # The side whose turn it is not: the other one confirms.
    proposed_by_side: Mapped[Side] = mapped_column(code_type(Side, "proposed_by_side"))
    proposed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    confirmed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    reason: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    # Which side said whether it took place, when, and whoever did so, also in its place.
    recorded_side: Mapped[Side | None] = mapped_column(code_type(Side, "recorded_side"))
    recorded_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    recorded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sequence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    engagement: Mapped[Engagement] = relationship(back_populates="sessions")
    proposed_by: Mapped[Person | None] = relationship(foreign_keys=[proposed_by_id])
    confirmed_by: Mapped[Person | None] = relationship(foreign_keys=[confirmed_by_id])
    recorded_by: Mapped[Person | None] = relationship(foreign_keys=[recorded_by_id])
    quarters: Mapped[list[SessionQuarter]] = relationship(
        back_populates="coaching_session", cascade="all, delete-orphan", passive_deletes=True
    )

    __mapper_args__ = {"version_id_col": version}


class SessionQuarter(Base):
    """A quarter of an hour that a confirmed session takes from one person.

    The unique constraint is what keeps two sessions of one person from overlapping; exclusion
    constraints would say it directly but exist on one of our two databases only.
    """

    __tablename__ = "session_quarter"
    __table_args__ = (Index("uq_session_quarter_person", "person_id", "quarter_at", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    coaching_session_id: Mapped[int] = mapped_column(
        ForeignKey("coaching_session.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    # The beginning of the quarter, a multiple of 15 minutes in UTC.
    quarter_at: Mapped[datetime] = mapped_column(UtcDateTime)

    coaching_session: Mapped[CoachingSession] = relationship(back_populates="quarters")


class Feedback(PublicId, Base):
    """What one side says of a session that was held, once a session and side.

    `comment` is read by the operators of the incubator and by its own side; `private_note` by its
    author alone. Ratings run from 1 (poor) to 5 (excellent).
    """

    __tablename__ = "feedback"
    __table_args__ = (
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        CheckConstraint("preparation BETWEEN 1 AND 5", name="preparation"),
        Index("uq_feedback_side", "coaching_session_id", "side", unique=True),
    )

    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), index=True
    )
    coaching_session_id: Mapped[int] = mapped_column(
        ForeignKey("coaching_session.id", ondelete="CASCADE"), index=True
    )
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    side: Mapped[Side] = mapped_column(code_type(Side, "side"))
    # How useful the session was.
    rating: Mapped[int] = mapped_column()
    # How well the other side was prepared.
    preparation: Mapped[int | None] = mapped_column()
    wants_to_continue: Mapped[bool] = mapped_column()
    comment: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    private_note: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)

    engagement: Mapped[Engagement] = relationship(back_populates="feedback")
    coaching_session: Mapped[CoachingSession] = relationship()
    author: Mapped[Person | None] = relationship()
