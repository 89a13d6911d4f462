"""Consents, one purpose at a time, and which privacy notice was put before whom."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.orm import Base, UtcDateTime, code_type


class ConsentPurpose(enum.StrEnum):
    """For what a mentor's profile is shown beyond the pools that the mentor joined."""

    OPEN_LIST = "open_list"
    OTHER_INCUBATORS = "other_incubators"


class ConsentStep(Base):
    """One consent that was given, or withdrawn again. Rows are added and never changed.

    The last step of a purpose says what holds for the profile. `version` is that of the words that
    were read; it holds no longer once they changed in substance.
    """

    __tablename__ = "consent_step"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version"),
        Index("ix_consent_step_last", "provider_id", "purpose", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # A consent goes with whoever gave it.
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id", ondelete="CASCADE"))
    purpose: Mapped[ConsentPurpose] = mapped_column(code_type(ConsentPurpose, "purpose"))
    version: Mapped[int] = mapped_column()
    is_given: Mapped[bool] = mapped_column()
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PrivacyNoticeShown(Base):
    """That a version of the privacy notice was put before a person. Rows are never changed."""

    __tablename__ = "privacy_notice_shown"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    shown_at: Mapped[datetime] = mapped_column(UtcDateTime)
