"""What the two sides of an engagement keep together: messages, agenda, minutes, actions, notes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.engagements import CoachingSession, Engagement
from models.erasure import erasure_empties
from models.lifecycle import ACTION_ITEM
from models.orm import Base, PublicId, UtcDateTime, code_type
from models.people import Person
from models.state import state_type
from models.vocabulary import Side


class WorkspaceMessage(PublicId, Base):
    """What one side wrote to the other. It is never changed; an erasure leaves that it was sent."""

    __tablename__ = "workspace_message"
    __table_args__ = (Index("ix_workspace_message_engagement_id_id", "engagement_id", "id"),)

    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    side: Mapped[Side] = mapped_column(code_type(Side, "side"))
    text: Mapped[str] = mapped_column(Text, info=erasure_empties())
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)

    engagement: Mapped[Engagement] = relationship()
    author: Mapped[Person | None] = relationship()


class AgendaPoint(PublicId, Base):
    """What is to be talked about: at the next session, or at `coaching_session` if there was one.

    The minutes of a session take up the points that were there before its end.
    """

    __tablename__ = "agenda_point"

    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), index=True
    )
    coaching_session_id: Mapped[int | None] = mapped_column(
        ForeignKey("coaching_session.id", ondelete="SET NULL"), index=True
    )
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    side: Mapped[Side] = mapped_column(code_type(Side, "side"))
    text: Mapped[str] = mapped_column(Text, info=erasure_empties())
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    engagement: Mapped[Engagement] = relationship()
    author: Mapped[Person | None] = relationship()


class SessionMinutes(PublicId, Base):
    """What came of one session, as both sides wrote it: the last to write stands here."""

    __tablename__ = "session_minutes"

    coaching_session_id: Mapped[int] = mapped_column(
        ForeignKey("coaching_session.id", ondelete="CASCADE"), unique=True
    )
    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), index=True
    )
    text: Mapped[str] = mapped_column(Text, info=erasure_empties())
    written_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    engagement: Mapped[Engagement] = relationship()
    coaching_session: Mapped[CoachingSession] = relationship()
    written_by: Mapped[Person | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class MinutesWriter(Base):
    """Who wrote any version of minutes: words of the first may stand in the last."""

    __tablename__ = "minutes_writer"

    minutes_id: Mapped[int] = mapped_column(
        ForeignKey("session_minutes.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class ActionItem(PublicId, Base):
    """What one side will do, by when."""

    __tablename__ = "action_item"
    __table_args__ = (Index("ix_action_item_state_due_on", "state", "due_on"),)

    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(state_type(ACTION_ITEM), default="open")
    text: Mapped[str] = mapped_column(Text, info=erasure_empties())
    owner_side: Mapped[Side] = mapped_column(code_type(Side, "owner_side"))
    due_on: Mapped[date | None] = mapped_column()
    added_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # When it was done or dropped; None while it is open.
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    engagement: Mapped[Engagement] = relationship()
    added_by: Mapped[Person | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class PairNote(PublicId, Base):
    """What the two sides keep for themselves: no operator reads it, invited or not."""

    __tablename__ = "pair_note"

    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), index=True
    )
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    side: Mapped[Side] = mapped_column(code_type(Side, "side"))
    text: Mapped[str] = mapped_column(Text, info=erasure_empties())
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)

    engagement: Mapped[Engagement] = relationship()
    author: Mapped[Person | None] = relationship()


class ProfileSnapshot(Base):
    """The startup's profile as the provider last had it before it: what changed since can be told.

    Taken when the provider accepts and whenever a session was held.
    """

    __tablename__ = "profile_snapshot"

    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), primary_key=True
    )
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # The name of each column of the startup, and its value in JSON.
    columns: Mapped[dict[str, Any]] = mapped_column(JSON, info=erasure_empties())
