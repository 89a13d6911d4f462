"""A request that a mentor passed on to a colleague."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.engagements import Engagement
from models.orm import Base


class PassedRequest(Base):
    """The request that ended with its being passed on, and the one that the colleague has since.

    Why it was is the reason of the first. A request is passed on once: what came that way stays.
    """

    __tablename__ = "passed_request"
    __table_args__ = (CheckConstraint("former_id <> present_id", name="two"),)

    former_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), primary_key=True
    )
    present_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), unique=True
    )

    former: Mapped[Engagement] = relationship(foreign_keys=[former_id])
    present: Mapped[Engagement] = relationship(foreign_keys=[present_id])
