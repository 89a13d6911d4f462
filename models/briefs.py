"""What a request asks for, by the kind of provider: one table each, hung one to one on it.

A mentor is asked for coaching, an investor for money, a centre for a service.
"""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.erasure import erasure_empties
from models.orm import Base, code_type
from models.providers import CentreService
from models.vocabulary import FundingStage, Instrument, MeetingForm


class CoachingBrief(Base):
    """What a mentor is asked for, beside the question: to what end, in which form, and when."""

    __tablename__ = "coaching_brief"

    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), primary_key=True
    )
    goal: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    # None: either will do.
    meeting_form: Mapped[MeetingForm | None] = mapped_column(code_type(MeetingForm, "meeting_form"))
    wished_time: Mapped[str] = mapped_column(String(200), default="", info=erasure_empties())


class FundingBrief(Base):
    """What an investor is asked for. Money in yuan."""

    __tablename__ = "funding_brief"
    __table_args__ = (CheckConstraint("amount_yuan > 0", name="amount"),)

    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), primary_key=True
    )
    amount_yuan: Mapped[int] = mapped_column(BigInteger)
    # None: open to what the investor proposes.
    instrument: Mapped[Instrument | None] = mapped_column(code_type(Instrument, "instrument"))
    stage: Mapped[FundingStage | None] = mapped_column(code_type(FundingStage, "stage"))
    milestone: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    use_of_funds: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    closing_on: Mapped[date | None] = mapped_column(Date)


class OrderBrief(Base):
    """What a centre is asked for: a service of its own or one described in words.

    `service_name` keeps what the service was called when it was asked for.
    """

    __tablename__ = "order_brief"
    __table_args__ = (CheckConstraint("quantity BETWEEN 1 AND 100000", name="quantity"),)

    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), primary_key=True
    )
    service_id: Mapped[int | None] = mapped_column(
        ForeignKey("centre_service.id", ondelete="SET NULL"), index=True
    )
    service_name: Mapped[str] = mapped_column(String(120), info=erasure_empties())
    quantity: Mapped[int] = mapped_column(default=1)
    wished_on: Mapped[date | None] = mapped_column(Date)
    sample: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())
    # What the result is to show.
    claim: Mapped[str] = mapped_column(Text, default="", info=erasure_empties())

    service: Mapped[CentreService | None] = relationship()
