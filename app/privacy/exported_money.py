"""Of money that is raised or drawn: which rows somebody is given who asks what is known of them."""

from typing import Final

from sqlalchemy import ColumnElement, Select, or_, select

from app.privacy.export_shapes import Exported, Mine, Part
from models.arrangements import Arrangement, ArrangementStep, Tranche
from models.commissioners import CaseNote, Commissioner, CompanyCare, FinanceCase
from models.datarooms import (
    DataRoom,
    RoomAcceptance,
    RoomAgreement,
    RoomGrant,
    RoomItem,
    RoomQuestion,
    RoomRight,
)
from models.engagements import Engagement
from models.financings import Financing, Interest
from models.needs import Need
from models.vouchers import Voucher, VoucherEvidence, VoucherStep


def _select_financings(mine: Mine) -> Select[int]:
    return (
        select(Financing.id)
        .join(Need, Need.id == Financing.need_id)
        .where(Need.startup_id.in_(mine.startup_ids))
    )


def _select_rooms(mine: Mine) -> Select[int]:
    return select(DataRoom.id).where(DataRoom.startup_id.in_(mine.startup_ids))


def _select_grants(mine: Mine) -> Select[int]:
    """Those that one's startups gave, and those that one's investors have."""
    return select(RoomGrant.id).where(
        or_(
            RoomGrant.room_id.in_(_select_rooms(mine)),
            RoomGrant.provider_id.in_(mine.provider_ids),
        )
    )


def _is_readable_agreement(mine: Mine) -> ColumnElement[bool]:
    """The texts of one's own room, and those that one has agreed to."""
    agreed = select(RoomAcceptance.agreement_id).where(RoomAcceptance.person_id == mine.person_id)
    return or_(RoomAgreement.room_id.in_(_select_rooms(mine)), RoomAgreement.id.in_(agreed))


def _select_readable_financings(mine: Mine) -> Select[int]:
    """Those of one's startups, and those in which one's funds take part."""
    taken_part = select(Interest.financing_id).where(Interest.provider_id.in_(mine.provider_ids))
    return select(Financing.id).where(
        or_(Financing.id.in_(_select_financings(mine)), Financing.id.in_(taken_part))
    )


def _is_readable_interest(mine: Mine) -> ColumnElement[bool]:
    return or_(
        Interest.provider_id.in_(mine.provider_ids),
        Interest.financing_id.in_(_select_financings(mine)),
    )


def _select_arrangements(mine: Mine) -> Select[int]:
    """Both sides' own; a draft is the fund's alone."""
    return (
        select(Arrangement.id)
        .join(Engagement, Engagement.id == Arrangement.engagement_id)
        .where(
            or_(
                Engagement.provider_id.in_(mine.provider_ids),
                Engagement.startup_id.in_(mine.startup_ids) & (Arrangement.state != "draft"),
            )
        )
    )


RAISING: Final[tuple[Exported, ...]] = (
    Exported(
        Part.NEEDS, Financing, lambda mine: Financing.id.in_(_select_readable_financings(mine))
    ),
    # Each fund reads its own part, and the startup that of all.
    Exported(Part.NEEDS, Interest, _is_readable_interest),
    Exported(Part.NEEDS, Arrangement, lambda mine: Arrangement.id.in_(_select_arrangements(mine))),
    Exported(
        Part.NEEDS, Tranche, lambda mine: Tranche.arrangement_id.in_(_select_arrangements(mine))
    ),
    Exported(
        Part.NEEDS,
        ArrangementStep,
        lambda mine: ArrangementStep.arrangement_id.in_(_select_arrangements(mine)),
    ),
    Exported(Part.DOCUMENTS, RoomItem, lambda mine: RoomItem.room_id.in_(_select_rooms(mine))),
    Exported(Part.DOCUMENTS, RoomAgreement, _is_readable_agreement),
    Exported(
        Part.DOCUMENTS,
        RoomQuestion,
        lambda mine: RoomQuestion.grant_id.in_(_select_grants(mine)),
    ),
    Exported(Part.DOCUMENTS, RoomRight, lambda mine: RoomRight.grant_id.in_(_select_grants(mine))),
)


def _select_vouchers(mine: Mine) -> Select[int]:
    return select(Voucher.id).where(Voucher.startup_id.in_(mine.startup_ids))


# What one's startups drew of vouchers, and everything that was said of it.
DRAWN: Final[tuple[Exported, ...]] = tuple(
    Exported(Part.ENGAGEMENTS, model, is_mine)
    for model, is_mine in (
        (Voucher, lambda mine: Voucher.id.in_(_select_vouchers(mine))),
        (VoucherStep, lambda mine: VoucherStep.voucher_id.in_(_select_vouchers(mine))),
        (VoucherEvidence, lambda mine: VoucherEvidence.voucher_id.in_(_select_vouchers(mine))),
    )
)


def _is_own_care(mine: Mine) -> ColumnElement[bool]:
    """Those of one's startups, and those that one was told of as commissioner."""
    theirs = select(Commissioner.id).where(Commissioner.person_id == mine.person_id)
    return or_(
        CompanyCare.startup_id.in_(mine.startup_ids),
        CompanyCare.commissioner_id.in_(theirs) & CompanyCare.consented_at.is_not(None),
    )


def _select_cases(mine: Mine) -> Select[int]:
    return select(FinanceCase.id).join(FinanceCase.care).where(_is_own_care(mine))


# Where one is a commissioner, and what both sides of a care have said.
IN_CARE: Final[tuple[Exported, ...]] = (
    Exported(
        Part.ENGAGEMENTS,
        Commissioner,
        lambda mine: or_(
            Commissioner.person_id == mine.person_id, Commissioner.contact == mine.email
        ),
    ),
    Exported(Part.ENGAGEMENTS, CompanyCare, _is_own_care),
    Exported(Part.ENGAGEMENTS, FinanceCase, lambda mine: FinanceCase.id.in_(_select_cases(mine))),
    Exported(Part.ENGAGEMENTS, CaseNote, lambda mine: CaseNote.case_id.in_(_select_cases(mine))),
)

DRAWN_OR_CARED_FOR: Final[tuple[Exported, ...]] = (*DRAWN, *IN_CARE)
