"""Who has agreed to the text that stands."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor
from models.datarooms import RoomAcceptance, RoomGrant


def find_acceptance(session: Session, grant: RoomGrant, viewer: Actor) -> RoomAcceptance | None:
    """That the person has agreed to the text that stands now; None where they have not."""
    agreement = grant.room.agreement
    if agreement is None:
        return None
    return session.scalar(
        select(RoomAcceptance).where(
            RoomAcceptance.agreement_id == agreement.id,
            RoomAcceptance.grant_id == grant.id,
            RoomAcceptance.person_id == viewer.person_id,
        )
    )
