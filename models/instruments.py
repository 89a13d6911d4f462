"""Instruments of centres: on how many places, under which rules, and who has which slot.

A slot is a place of an instrument from one moment to another. It takes every half hour of that
place, each once: the unique index keeps two slots apart whatever else goes wrong.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.erasure import erasure_empties
from models.lifecycle import SLOT
from models.orm import Base, PublicId, UtcDateTime
from models.people import Person
from models.providers import Provider
from models.state import state_type
from models.verification import VerificationOrder

INSTRUMENT_LIMIT: Final = 120
SLOT_NOTE_LIMIT: Final = 1000
# Slots begin and end on half hours.
STEP_MINUTES: Final = 30
MOST_PLACES: Final = 50
# Two weeks: the longest that anything stays in a chamber here.
LONGEST_MINUTES: Final = 14 * 24 * 60
MOST_HORIZON_DAYS: Final = 365
MOST_NOTICE_HOURS: Final = 14 * 24
MOST_MISSED: Final = 20
MOST_INSTRUMENTS: Final = 100
MOST_OUTAGES: Final = 100
DAY_MINUTES: Final = 24 * 60


class Instrument(PublicId, Base):
    """Something at which a centre lets tests be done, on `places` alike, numbered from 1.

    A slot lasts from `least_minutes` to `most_minutes`, begins at least `notice_hours` and at most
    `horizon_days` ahead, and is taken over and handed back between `opens_minute` and
    `closes_minute` of a day by the clock of China; from Monday to Friday alone where
    `is_weekdays_only`. One startup has at most `day_minutes` of it in a day, None for no limit. Who
    cancels less than `cancel_hours` ahead is counted like one who stays away; after `most_missed`
    of these in ninety days a startup books no more, None for no such rule.
    """

    __tablename__ = "instrument"
    __table_args__ = (
        CheckConstraint(f"places BETWEEN 1 AND {MOST_PLACES}", name="places"),
        CheckConstraint(
            f"least_minutes >= {STEP_MINUTES} AND most_minutes >= least_minutes"
            f" AND most_minutes <= {LONGEST_MINUTES}",
            name="length",
        ),
        CheckConstraint(
            "opens_minute >= 0 AND closes_minute > opens_minute"
            f" AND closes_minute <= {DAY_MINUTES}",
            name="hours",
        ),
        CheckConstraint(f"horizon_days BETWEEN 1 AND {MOST_HORIZON_DAYS}", name="horizon_days"),
        CheckConstraint(f"notice_hours BETWEEN 0 AND {MOST_NOTICE_HOURS}", name="notice_hours"),
        CheckConstraint(f"cancel_hours BETWEEN 0 AND {MOST_NOTICE_HOURS}", name="cancel_hours"),
        CheckConstraint(f"day_minutes BETWEEN 30 AND {DAY_MINUTES}", name="day_minutes"),
        CheckConstraint(f"most_missed BETWEEN 1 AND {MOST_MISSED}", name="most_missed"),
    )

    provider_id: Mapped[int] = mapped_column(
        ForeignKey("provider.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(INSTRUMENT_LIMIT), info=erasure_empties())
    description: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    # What is not open takes no new slots; those that are booked stay.
    is_open: Mapped[bool] = mapped_column(default=True)
    places: Mapped[int] = mapped_column(default=1)
    least_minutes: Mapped[int] = mapped_column(default=60)
    most_minutes: Mapped[int] = mapped_column(default=8 * 60)
    opens_minute: Mapped[int] = mapped_column(default=0)
    closes_minute: Mapped[int] = mapped_column(default=DAY_MINUTES)
    is_weekdays_only: Mapped[bool] = mapped_column(default=False)
    notice_hours: Mapped[int] = mapped_column(default=24)
    horizon_days: Mapped[int] = mapped_column(default=60)
    day_minutes: Mapped[int | None] = mapped_column()
    cancel_hours: Mapped[int] = mapped_column(default=24)
    most_missed: Mapped[int | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    provider: Mapped[Provider] = relationship()
    outages: Mapped[list[InstrumentOutage]] = relationship(
        back_populates="instrument",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by=lambda: (InstrumentOutage.starts_at, InstrumentOutage.id),
    )

    __mapper_args__ = {"version_id_col": version}


class InstrumentOutage(PublicId, Base):
    """When an instrument cannot be used: maintenance, calibration, a repair."""

    __tablename__ = "instrument_outage"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="span"),)

    instrument_id: Mapped[int] = mapped_column(
        ForeignKey("instrument.id", ondelete="CASCADE"), index=True
    )
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(
        String(INSTRUMENT_LIMIT), default="", info=erasure_empties()
    )

    instrument: Mapped[Instrument] = relationship(back_populates="outages")


class Slot(PublicId, Base):
    """One place of an instrument for one order, from a moment to another.

    A moved slot ends, and the one in its place `follows` it. `note` is why it ended, or why a
    missed one does not count.
    """

    __tablename__ = "slot"
    __table_args__ = (
        CheckConstraint("place >= 1", name="place"),
        CheckConstraint("ends_at > starts_at", name="span"),
        CheckConstraint("state = 'booked' OR ended_at IS NOT NULL", name="ended_at"),
    )

    instrument_id: Mapped[int] = mapped_column(
        ForeignKey("instrument.id", ondelete="CASCADE"), index=True
    )
    order_id: Mapped[int] = mapped_column(
        ForeignKey("verification_order.id", ondelete="CASCADE"), index=True
    )
    follows_id: Mapped[int | None] = mapped_column(
        ForeignKey("slot.id", ondelete="SET NULL"), index=True
    )
    state: Mapped[str] = mapped_column(state_type(SLOT), default="booked", index=True)
    place: Mapped[int] = mapped_column()
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    booked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    booked_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    note: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    version: Mapped[int] = mapped_column(default=1)

    instrument: Mapped[Instrument] = relationship()
    order: Mapped[VerificationOrder] = relationship()
    booked_by: Mapped[Person | None] = relationship(foreign_keys=[booked_by_id])
    steps: Mapped[list[SlotStep]] = relationship(
        back_populates="slot", cascade="all, delete-orphan", passive_deletes=True
    )

    __mapper_args__ = {"version_id_col": version}


class SlotStep(Base):
    """A half hour of one place that a booked slot takes. See the module."""

    __tablename__ = "slot_step"
    __table_args__ = (
        Index("uq_slot_step_place", "instrument_id", "place", "begins_at", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id", ondelete="CASCADE"), index=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id", ondelete="CASCADE"))
    place: Mapped[int] = mapped_column()
    # A multiple of half an hour in UTC.
    begins_at: Mapped[datetime] = mapped_column(UtcDateTime)

    slot: Mapped[Slot] = relationship(back_populates="steps")


class SlotWish(PublicId, Base):
    """An order waits for a slot of `minutes` that begins between two moments.

    Who came first is told first. `told_at`: when one came free that would do, and the startup was
    told that it is next.
    """

    __tablename__ = "slot_wish"
    __table_args__ = (
        CheckConstraint("until_at > from_at", name="span"),
        Index("uq_slot_wish_order", "instrument_id", "order_id", unique=True),
    )

    instrument_id: Mapped[int] = mapped_column(
        ForeignKey("instrument.id", ondelete="CASCADE"), index=True
    )
    order_id: Mapped[int] = mapped_column(
        ForeignKey("verification_order.id", ondelete="CASCADE"), index=True
    )
    minutes: Mapped[int] = mapped_column()
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    instrument: Mapped[Instrument] = relationship()
    order: Mapped[VerificationOrder] = relationship()
