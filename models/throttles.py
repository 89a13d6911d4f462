"""How often something was tried or asked for lately: shared by all processes, so that none is asked
in turn."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.erasure import erasure_keeps
from models.orm import Base, UtcDateTime


class TriedLately(Base):
    """The tries of one kind on one account, or from one address."""

    __tablename__ = "tried_lately"

    id: Mapped[int] = mapped_column(primary_key=True)
    # A hash under the installation's secret key: the table names neither accounts nor addresses.
    key: Mapped[str] = mapped_column(
        String(64),
        unique=True,
        info=erasure_keeps("nobody can be found by it, and it is gone after a day without a try"),
    )
    count: Mapped[int] = mapped_column(default=0)
    # Nothing more is tried before.
    waits_until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class RequestCount(Base):
    """The requests of one kind that one person's programs or pages sent in one minute."""

    __tablename__ = "request_count"

    # A hash under the installation's secret key, of the kind, the person and the minute.
    key: Mapped[str] = mapped_column(
        String(64),
        primary_key=True,
        info=erasure_keeps("nobody can be found by it, and it is gone within some hours"),
    )
    count: Mapped[int] = mapped_column(default=0)
    # From then on it counts nothing.
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
