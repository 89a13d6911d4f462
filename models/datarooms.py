"""Data rooms of startups: what is in one, who may see what of it, what they agreed to, visits."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.documents import Document
from models.erasure import erasure_empties, holds_no_person
from models.lifecycle import ROOM_GRANT, ROOM_QUESTION
from models.organisations import Startup
from models.orm import Base, PublicId, UtcDateTime, code_type
from models.people import Person
from models.providers import Provider
from models.state import state_type

FOLDER_LIMIT: Final = 60
AGREEMENT_LIMIT: Final = 20_000
ITEMS_LIMIT: Final = 200
QUESTION_LIMIT: Final = 2000
QUESTIONS_LIMIT: Final = 100
PAGE_LIMIT: Final = 10_000


class VisitKind(StrEnum):
    """How somebody had a document of a room."""

    READ = "read"
    DOWNLOADED = "downloaded"


class DataRoom(PublicId, Base):
    """The room of one startup, made with the first thing that is put there."""

    __tablename__ = "data_room"

    startup_id: Mapped[int] = mapped_column(
        ForeignKey("startup.id", ondelete="CASCADE"), unique=True
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    startup: Mapped[Startup] = relationship()
    items: Mapped[list[RoomItem]] = relationship(
        back_populates="room",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="RoomItem.id",
    )
    agreements: Mapped[list[RoomAgreement]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="RoomAgreement.number"
    )
    grants: Mapped[list[RoomGrant]] = relationship(
        back_populates="room",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="RoomGrant.id",
    )

    @property
    def agreement(self) -> RoomAgreement | None:
        """The text that has to be agreed to now; None before there is one."""
        return self.agreements[-1] if self.agreements else None


class RoomItem(PublicId, Base):
    """A document of the startup that is in its room; `folder` "" stands at the top."""

    __tablename__ = "room_item"
    __table_args__ = (UniqueConstraint("room_id", "document_id"),)

    room_id: Mapped[int] = mapped_column(ForeignKey("data_room.id", ondelete="CASCADE"), index=True)
    document_id: Mapped[int] = mapped_column(
        ForeignKey("document.id", ondelete="CASCADE"), index=True
    )
    folder: Mapped[str] = mapped_column(String(FOLDER_LIMIT), default="", info=erasure_empties())
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    room: Mapped[DataRoom] = relationship(back_populates="items")
    document: Mapped[Document] = relationship()


class RoomAgreement(Base):
    """One version of what a reader agrees to, counted from 1. It never changes."""

    __tablename__ = "room_agreement"
    __table_args__ = (
        UniqueConstraint("room_id", "number"),
        CheckConstraint("number >= 1", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("data_room.id", ondelete="CASCADE"), index=True)
    number: Mapped[int] = mapped_column()
    text: Mapped[str] = mapped_column(Text, info=erasure_empties())
    # Of the text in UTF-8.
    sha256: Mapped[str] = mapped_column(String(64), info=holds_no_person())
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RoomGrant(PublicId, Base):
    """What one investor may have of a room, up to the last day `until`; None: without one."""

    __tablename__ = "room_grant"
    __table_args__ = (UniqueConstraint("room_id", "provider_id"),)

    room_id: Mapped[int] = mapped_column(ForeignKey("data_room.id", ondelete="CASCADE"), index=True)
    provider_id: Mapped[int] = mapped_column(
        ForeignKey("provider.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(state_type(ROOM_GRANT), default="open", index=True)
    until: Mapped[date | None] = mapped_column()
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    room: Mapped[DataRoom] = relationship(back_populates="grants")
    provider: Mapped[Provider] = relationship()
    rights: Mapped[list[RoomRight]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="RoomRight.id"
    )

    __mapper_args__ = {"version_id_col": version}


class RoomRight(Base):
    """One document, or all that is and will be in one folder, may be read, or also downloaded."""

    __tablename__ = "room_right"
    __table_args__ = (CheckConstraint("(item_id IS NULL) = (folder <> '')", name="one_thing"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    grant_id: Mapped[int] = mapped_column(
        ForeignKey("room_grant.id", ondelete="CASCADE"), index=True
    )
    item_id: Mapped[int | None] = mapped_column(
        ForeignKey("room_item.id", ondelete="CASCADE"), index=True
    )
    folder: Mapped[str] = mapped_column(String(FOLDER_LIMIT), default="", info=erasure_empties())
    may_download: Mapped[bool] = mapped_column(default=False)


class RoomAcceptance(Base):
    """A person has agreed to one version of the text; the hash says to which words."""

    __tablename__ = "room_acceptance"
    # Whoever acts for two investors agrees for each.
    __table_args__ = (UniqueConstraint("agreement_id", "grant_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(
        ForeignKey("room_agreement.id", ondelete="CASCADE"), index=True
    )
    grant_id: Mapped[int] = mapped_column(
        ForeignKey("room_grant.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    sha256: Mapped[str] = mapped_column(String(64), info=holds_no_person())
    accepted_at: Mapped[datetime] = mapped_column(UtcDateTime)

    agreement: Mapped[RoomAgreement] = relationship()
    grant: Mapped[RoomGrant] = relationship()
    person: Mapped[Person | None] = relationship()


class RoomVisit(Base):
    """Somebody had a version of a document. Rows are added, and never changed."""

    __tablename__ = "room_visit"

    id: Mapped[int] = mapped_column(primary_key=True)
    grant_id: Mapped[int] = mapped_column(
        ForeignKey("room_grant.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    document_id: Mapped[int | None] = mapped_column(
        ForeignKey("document.id", ondelete="SET NULL"), index=True
    )
    document_number: Mapped[int] = mapped_column()
    sha256: Mapped[str] = mapped_column(String(64), info=holds_no_person())
    kind: Mapped[VisitKind] = mapped_column(code_type(VisitKind, "kind"))
    visited_at: Mapped[datetime] = mapped_column(UtcDateTime)

    grant: Mapped[RoomGrant] = relationship()
    person: Mapped[Person | None] = relationship()
    document: Mapped[Document | None] = relationship()


class RoomQuestion(PublicId, Base):
    """An investor's question about one page of one version of a document, and its answer.

    `page` None is the whole document. With `published_at` the answer stands for all who may have
    the document, under `common_text`, which the startup words so that nobody is named. It stays
    there, without its question, when the investor has left: `grant_id` is None then.
    """

    __tablename__ = "room_question"
    __table_args__ = (
        CheckConstraint(f"page BETWEEN 1 AND {PAGE_LIMIT}", name="page"),
        CheckConstraint("state <> 'answered' OR answered_at IS NOT NULL", name="answered_at"),
        CheckConstraint("published_at IS NULL OR state = 'answered'", name="published"),
    )

    room_id: Mapped[int] = mapped_column(ForeignKey("data_room.id", ondelete="CASCADE"), index=True)
    grant_id: Mapped[int | None] = mapped_column(
        ForeignKey("room_grant.id", ondelete="SET NULL"), index=True
    )
    document_id: Mapped[int | None] = mapped_column(
        ForeignKey("document.id", ondelete="SET NULL"), index=True
    )
    document_number: Mapped[int] = mapped_column()
    page: Mapped[int | None] = mapped_column()
    state: Mapped[str] = mapped_column(state_type(ROOM_QUESTION), default="asked", index=True)
    text: Mapped[str] = mapped_column(Text, info=erasure_empties())
    asked_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    answered_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    common_text: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    room: Mapped[DataRoom] = relationship()
    grant: Mapped[RoomGrant | None] = relationship()
    document: Mapped[Document | None] = relationship()
