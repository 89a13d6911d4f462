"""Who of a startup comes to a session."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.engagements import CoachingSession
from models.orm import Base
from models.people import Person

# So many of one startup come to one session at most.
MOST_ATTENDEES: Final = 10


class SessionAttendee(Base):
    """Somebody of the startup who comes; their time is taken once the session is confirmed.

    Without any, it is whoever asked the provider and whoever agreed on the time.
    """

    __tablename__ = "session_attendee"

    coaching_session_id: Mapped[int] = mapped_column(
        ForeignKey("coaching_session.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True
    )

    coaching_session: Mapped[CoachingSession] = relationship()
    person: Mapped[Person] = relationship()
