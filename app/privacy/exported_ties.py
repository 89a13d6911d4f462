"""What is given of rows without a word of anybody: choices, marks, who may, who did, and when."""

from typing import Final

from sqlalchemy import ColumnElement, Select, and_, or_, select

from app.privacy.export_shapes import Exported, Mine, Part
from models.calendars import OfferedTime, TimeOffer
from models.datarooms import DataRoom, RoomAcceptance, RoomGrant, RoomVisit
from models.dual_mentoring import DualMentoring
from models.engagements import Engagement
from models.evaluation import FitAnswer
from models.instruments import SlotWish
from models.notices import NoticePreference
from models.verification import VerificationOrder
from models.vocabulary import Side
from models.workspace_guests import WorkspaceGuest


def _select_engagements(mine: Mine) -> Select[int]:
    return select(Engagement.id).where(
        or_(
            Engagement.startup_id.in_(mine.startup_ids),
            Engagement.provider_id.in_(mine.provider_ids),
        )
    )


def _is_of_pair(mine: Mine) -> ColumnElement[bool]:
    theirs = _select_engagements(mine)
    return or_(DualMentoring.lead_id.in_(theirs), DualMentoring.partner_id.in_(theirs))


def _is_own_fit(mine: Mine) -> ColumnElement[bool]:
    """What a side thinks of the other is for its own use."""
    of_startup = select(Engagement.id).where(Engagement.startup_id.in_(mine.startup_ids))
    of_provider = select(Engagement.id).where(Engagement.provider_id.in_(mine.provider_ids))
    return or_(
        and_(FitAnswer.side == Side.STARTUP, FitAnswer.engagement_id.in_(of_startup)),
        and_(FitAnswer.side == Side.PROVIDER, FitAnswer.engagement_id.in_(of_provider)),
    )


def _select_grants(mine: Mine) -> Select[int]:
    """Of the own room to all investors, and of others' rooms to the own fund."""
    return (
        select(RoomGrant.id)
        .join(DataRoom, DataRoom.id == RoomGrant.room_id)
        .where(
            or_(
                DataRoom.startup_id.in_(mine.startup_ids),
                RoomGrant.provider_id.in_(mine.provider_ids),
            )
        )
    )


def _is_own_wish(mine: Mine) -> ColumnElement[bool]:
    """Who waits for a slot, startups read of themselves alone."""
    orders = (
        select(VerificationOrder.id)
        .join(Engagement, Engagement.id == VerificationOrder.engagement_id)
        .where(Engagement.startup_id.in_(mine.startup_ids))
    )
    return SlotWish.order_id.in_(orders)


TIES: Final = (
    Exported(
        Part.ACCOUNT,
        NoticePreference,
        lambda mine: NoticePreference.person_id == mine.person_id,
    ),
    Exported(Part.ENGAGEMENTS, DualMentoring, _is_of_pair),
    Exported(Part.ENGAGEMENTS, FitAnswer, _is_own_fit),
    Exported(
        Part.ENGAGEMENTS,
        WorkspaceGuest,
        lambda mine: WorkspaceGuest.engagement_id.in_(_select_engagements(mine)),
    ),
    Exported(
        Part.ENGAGEMENTS,
        OfferedTime,
        lambda mine: OfferedTime.offer_id.in_(
            select(TimeOffer.id).where(TimeOffer.engagement_id.in_(_select_engagements(mine)))
        ),
    ),
    Exported(Part.ENGAGEMENTS, SlotWish, _is_own_wish),
    Exported(Part.DOCUMENTS, RoomGrant, lambda mine: RoomGrant.id.in_(_select_grants(mine))),
    Exported(
        Part.DOCUMENTS,
        RoomAcceptance,
        lambda mine: RoomAcceptance.grant_id.in_(_select_grants(mine)),
    ),
    Exported(Part.DOCUMENTS, RoomVisit, lambda mine: RoomVisit.grant_id.in_(_select_grants(mine))),
)
