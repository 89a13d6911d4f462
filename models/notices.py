"""What people are told: in the application, and by mail through an outbox."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.erasure import erasure_empties, holds_no_person
from models.notice_codes import NoticeDelivery, NoticeTopic
from models.orm import Base, PublicId, UtcDateTime, code_type
from models.people import Person


class Notice(PublicId, Base):
    """Something that a person should know, worded when it is shown, in the reader's language.

    `kind` names the wording, `facts` fill it, and `path` is where to go (an address of this site).
    """

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_person_id_read_at", "person_id", "read_at"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(40), info=holds_no_person())
    facts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, info=erasure_empties())
    path: Mapped[str] = mapped_column(String(300), default="", info=holds_no_person())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()


class OutboxMail(Base):
    """A mail that was decided on in the same transaction as its cause, and is sent after it.

    It is worded when it is sent, in the language of its reader, as `Notice` is. `facts` are
    emptied once it is sent: they may hold a link that is a secret.
    """

    __tablename__ = "outbox_mail"
    __table_args__ = (Index("ix_outbox_mail_sent_at_not_before", "sent_at", "not_before"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    address: Mapped[str] = mapped_column(String(254), info=erasure_empties())
    locale: Mapped[str] = mapped_column(String(12), info=holds_no_person())
    kind: Mapped[str] = mapped_column(String(40), info=holds_no_person())
    facts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, info=erasure_empties())
    path: Mapped[str] = mapped_column(String(300), default="", info=holds_no_person())
    # A calendar entry (RFC 5545) that goes with the mail, and what the calendar is to do with it.
    calendar: Mapped[str | None] = mapped_column(Text, info=erasure_empties())
    calendar_method: Mapped[str | None] = mapped_column(String(10), info=holds_no_person())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())

    person: Mapped[Person | None] = relationship()
    # What a daily mail tells.
    notices: Mapped[list[Notice]] = relationship(
        secondary="digest_notice", passive_deletes=True, order_by="Notice.id"
    )


class DigestNotice(Base):
    """A notice that a daily mail tells."""

    __tablename__ = "digest_notice"

    mail_id: Mapped[int] = mapped_column(
        ForeignKey("outbox_mail.id", ondelete="CASCADE"), primary_key=True
    )
    notice_id: Mapped[int] = mapped_column(
        ForeignKey("notice.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class NoticePreference(Base):
    """How a person gets mail of one topic; without a row it comes at once."""

    __tablename__ = "notice_preference"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    topic: Mapped[NoticeTopic] = mapped_column(code_type(NoticeTopic, "topic"), primary_key=True)
    delivery: Mapped[NoticeDelivery] = mapped_column(code_type(NoticeDelivery, "delivery"))
