"""Which questions to a human about lists somebody is given who asks what is known of them."""

from typing import Final

from sqlalchemy import ColumnElement, or_, select

from app.privacy.export_shapes import Exported, Mine, Part
from models.enquiries import ListEnquiry
from models.needs import Need


def _is_asked_or_answered(mine: Mine) -> ColumnElement[bool]:
    """Those of the startups and providers for which they act, and what they answered themselves."""
    needs = select(Need.id).where(Need.startup_id.in_(mine.startup_ids))
    return or_(
        ListEnquiry.need_id.in_(needs),
        ListEnquiry.provider_id.in_(mine.provider_ids),
        ListEnquiry.answered_by_id == mine.person_id,
    )


def _is_asked(mine: Mine) -> ColumnElement[bool]:
    """An operator is not given the words of somebody else."""
    needs = select(Need.id).where(Need.startup_id.in_(mine.startup_ids))
    return or_(ListEnquiry.need_id.in_(needs), ListEnquiry.provider_id.in_(mine.provider_ids))


ASKED_OF_HUMANS: Final = Exported(
    Part.NEEDS,
    ListEnquiry,
    _is_asked_or_answered,
    shown_where=dict.fromkeys(("words", "need_id", "run_id", "provider_id"), _is_asked),
)
