"""When people can be met: hours of providers, offered times, calendars here and elsewhere."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.engagements import Engagement
from models.erasure import erasure_empties, holds_no_person
from models.orm import Base, PublicId, UtcDateTime, code_type
from models.people import Person
from models.providers import Provider

# For how long a time can be booked or offered, in minutes.
LENGTHS = (30, 45, 60, 90)
BUFFERS = (0, 15, 30, 45, 60, 90, 120)
NOTICE_HOURS_RANGE = (0, 336)
HORIZON_DAYS_RANGE = (1, 180)
WEEK_LIMIT_RANGE = (1, 50)
MONTH_LIMIT_RANGE = (1, 200)
# So many exceptions that are not over can be kept.
MOST_EXCEPTIONS = 60
# So many times are offered at once: more would be a calendar, and there is one.
MOST_OFFERED = 5
# So many calendars elsewhere are read for one person.
MOST_SOURCES = 3
SOURCE_URL_LIMIT = 1000
DAY_MINUTES = 24 * 60
LINK_LIMIT = 500

_IS_SPAN = (
    "begins_minute >= 0 AND ends_minute > begins_minute AND ends_minute <= 1440"
    " AND begins_minute % 15 = 0 AND ends_minute % 15 = 0"
)


class ExceptionKind(StrEnum):
    """How some days differ from every week."""

    AWAY = "away"
    EXTRA = "extra"


class Availability(Base):
    """When a provider can be met, by the clock of `time_zone`; without a row nobody can book.

    `host` is the person who is met: only their time is looked at. None is whoever joined first.
    Between two sessions of the host lie `buffer_minutes`; at most `week_limit` and `month_limit`
    sessions of the provider begin in a week (from Monday) and a month of its zone. A time is booked
    at least `notice_hours` and at most `horizon_days` ahead. `place` and `link` are what a booked
    session has unless another is agreed on.
    """

    __tablename__ = "availability"
    __table_args__ = (
        CheckConstraint(
            "buffer_minutes BETWEEN 0 AND 120 AND buffer_minutes % 15 = 0", name="buffer"
        ),
        CheckConstraint("week_limit BETWEEN 1 AND 50", name="week_limit"),
        CheckConstraint("month_limit BETWEEN 1 AND 200", name="month_limit"),
        CheckConstraint("notice_hours BETWEEN 0 AND 336", name="notice_hours"),
        CheckConstraint("horizon_days BETWEEN 1 AND 180", name="horizon_days"),
    )

    provider_id: Mapped[int] = mapped_column(
        ForeignKey("provider.id", ondelete="CASCADE"), primary_key=True
    )
    host_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    time_zone: Mapped[str] = mapped_column(String(64), info=holds_no_person())
    buffer_minutes: Mapped[int] = mapped_column(default=15)
    week_limit: Mapped[int | None] = mapped_column()
    month_limit: Mapped[int | None] = mapped_column()
    notice_hours: Mapped[int] = mapped_column(default=24)
    horizon_days: Mapped[int] = mapped_column(default=60)
    place: Mapped[str] = mapped_column(String(200), default="", info=erasure_empties())
    link: Mapped[str] = mapped_column(String(LINK_LIMIT), default="", info=erasure_empties())
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    provider: Mapped[Provider] = relationship()
    host: Mapped[Person | None] = relationship()
    hours: Mapped[list[WeeklyHours]] = relationship(
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by=lambda: (WeeklyHours.weekday, WeeklyHours.begins_minute),
    )
    exceptions: Mapped[list[AvailabilityException]] = relationship(
        back_populates="availability",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by=lambda: (AvailabilityException.first_on, AvailabilityException.id),
    )

    __mapper_args__ = {"version_id_col": version}


class WeeklyHours(Base):
    """From when to when on one day of every week, in minutes after midnight by the clock there."""

    __tablename__ = "weekly_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint(_IS_SPAN, name="span"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(
        ForeignKey("availability.provider_id", ondelete="CASCADE"), index=True
    )
    # As in Python: Monday is 0.
    weekday: Mapped[int] = mapped_column()
    begins_minute: Mapped[int] = mapped_column()
    ends_minute: Mapped[int] = mapped_column()


class AvailabilityException(PublicId, Base):
    """Days on which the provider is away, or can be met beside the weekly hours.

    It holds on each day from `first_on` to `last_on`, between the two minutes of the day.
    """

    __tablename__ = "availability_exception"
    __table_args__ = (
        CheckConstraint("last_on >= first_on", name="days"),
        CheckConstraint(_IS_SPAN, name="span"),
    )

    provider_id: Mapped[int] = mapped_column(
        ForeignKey("availability.provider_id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[ExceptionKind] = mapped_column(code_type(ExceptionKind, "kind"))
    first_on: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date] = mapped_column(Date)
    begins_minute: Mapped[int] = mapped_column(default=0)
    ends_minute: Mapped[int] = mapped_column(default=DAY_MINUTES)

    availability: Mapped[Availability] = relationship(back_populates="exceptions")


class TimeOffer(PublicId, Base):
    """Up to five times that a provider offers in an engagement, of which the startup picks one.

    There is one at most; it is gone once it is picked from, withdrawn or replaced.
    """

    __tablename__ = "time_offer"
    __table_args__ = (CheckConstraint("minutes IN (30, 45, 60, 90)", name="minutes"),)

    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), unique=True
    )
    minutes: Mapped[int] = mapped_column()
    place: Mapped[str] = mapped_column(String(200), default="", info=erasure_empties())
    link: Mapped[str] = mapped_column(String(LINK_LIMIT), default="", info=erasure_empties())
    offered_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    engagement: Mapped[Engagement] = relationship()
    times: Mapped[list[OfferedTime]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="OfferedTime.starts_at"
    )


class OfferedTime(Base):
    """One of the times of an offer."""

    __tablename__ = "offered_time"
    __table_args__ = (Index("uq_offered_time_starts_at", "offer_id", "starts_at", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int] = mapped_column(
        ForeignKey("time_offer.id", ondelete="CASCADE"), index=True
    )
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CalendarFeed(Base):
    """The address under which calendar programs fetch a person's sessions; only its hash is kept.

    Whoever has the address reads them, so it is shown once, and a new one ends it.
    """

    __tablename__ = "calendar_feed"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info=erasure_empties())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # To the hour: it only tells whether somebody fetches it.
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class BusySource(PublicId, Base):
    """A calendar elsewhere whose times a person cannot be met in; read by the worker.

    The address is a secret of the person's, as theirs are. `problem` says why the last reading
    failed, in a code of ours; the times that were read before stay until then.
    """

    __tablename__ = "busy_source"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    url: Mapped[str] = mapped_column(String(SOURCE_URL_LIMIT), info=erasure_empties())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Not before this it is read again; while it is being read, until when it is somebody's.
    not_before: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failures: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(String(40), default="", info=holds_no_person())

    person: Mapped[Person] = relationship()


class BusyTime(Base):
    """A stretch in which a person is taken elsewhere: times alone, nothing of what it is."""

    __tablename__ = "busy_time"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(
        ForeignKey("busy_source.id", ondelete="CASCADE"), index=True
    )
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
