"""What people's calendar programs answered to the entry of a session."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.engagements import CoachingSession
from models.orm import Base, UtcDateTime, code_type
from models.people import Person


class ReplyAnswer(StrEnum):
    """What can be said to an invitation (RFC 5545, PARTSTAT)."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"


class SessionReply(Base):
    """The last answer of one person to one session; `sequence` is the version that it is about.

    It shows and decides nothing: a sender's address can be forged.
    """

    __tablename__ = "session_reply"

    coaching_session_id: Mapped[int] = mapped_column(
        ForeignKey("coaching_session.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    answer: Mapped[ReplyAnswer] = mapped_column(code_type(ReplyAnswer, "answer"))
    sequence: Mapped[int] = mapped_column()
    # When it was said, by the program's own clock.
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)

    coaching_session: Mapped[CoachingSession] = relationship()
    person: Mapped[Person] = relationship()
