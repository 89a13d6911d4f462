"""Log-ins: who is logged in where, known to the server, so that each can be ended from anywhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.erasure import erasure_empties
from models.orm import Base, PublicId, UtcDateTime, code_type
from models.people import Person

# For how long a log-in may go unused, and how old it may become however much it is used.
IDLE_LIMIT = timedelta(hours=12)
AGE_LIMIT = timedelta(days=7)

# The same where somebody wanted to stay logged in on a device.
REMEMBERED_LIMIT = timedelta(days=30)

# When a log-in was last used is kept only this exactly: not every page is worth a write.
SEEN_EVERY = timedelta(minutes=10)


class LogInMethod(StrEnum):
    """By what somebody came in: a password that was typed, with or without more, or none."""

    TYPED = "typed"
    TYPED_AND_CODE = "typed_and_code"
    TYPED_AND_PASSKEY = "typed_and_passkey"
    PASSKEY = "passkey"
    # Somebody else said who it is.
    PROVIDER = "provider"
    PROVIDER_AND_CODE = "provider_and_code"
    PROVIDER_AND_PASSKEY = "provider_and_passkey"


class LogIn(PublicId, Base):
    """One log-in in one browser. It ends by being deleted, or by growing too old."""

    __tablename__ = "log_in"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    # Of what stands in the cookie, which is random: whoever reads the table can enter nowhere.
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info=erasure_empties())
    # The browser and the system in a word each, by which its owner recognises it.
    device: Mapped[str] = mapped_column(String(40), default="", info=erasure_empties())
    # None for one of before this was kept.
    method: Mapped[LogInMethod | None] = mapped_column(code_type(LogInMethod, "method"))
    is_remembered: Mapped[bool] = mapped_column(default=False)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    # When the password was typed last; None for a log-in of before this was kept.
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()

    @property
    def ends_at(self) -> datetime:
        """When it is over, if it is not used before."""
        if self.is_remembered:
            return self.begun_at + REMEMBERED_LIMIT
        return min(self.seen_at + IDLE_LIMIT, self.begun_at + AGE_LIMIT)

    def is_over(self, at: datetime) -> bool:
        """Whether it lets nobody in at `at`."""
        return at >= self.ends_at
