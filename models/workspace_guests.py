"""Whom a side lets look into the workspace of an engagement: the operators of its incubator."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.orm import Base, UtcDateTime, code_type
from models.vocabulary import Side


class WorkspaceGuest(Base):
    """The operators of the engagement's incubator may read along, until that is taken back.

    At most one invitation is open at a time; `side` is the one that gave it.
    """

    __tablename__ = "workspace_guest"
    __table_args__ = (
        Index(
            "uq_workspace_guest_open",
            "engagement_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), index=True
    )
    side: Mapped[Side] = mapped_column(code_type(Side, "side"))
    invited_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
