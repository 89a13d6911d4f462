"""Two mentors of the demonstration who work together, through the actions of people."""

from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor
from app.engagements.actions.dual_mentoring import agree_together, ask_together
from models.engagements import Engagement
from models.needs import Need
from models.organisations import Startup
from models.providers import Provider


class ActFor(Protocol):
    """Finds the first person who acts for an organisation."""

    def __call__(
        self,
        session: Session,
        *,
        startup: Startup | None = None,
        provider: Provider | None = None,
    ) -> Actor:
        """That person, as an actor."""
        ...


def bring_together(
    session: Session,
    *,
    need: Need,
    lead: Provider,
    partner: Provider,
    act_for: ActFor,
    until: datetime,
) -> None:
    """The startup asks both mentors of `need` four days before `until`, and both agree."""
    engagements = [
        session.scalars(
            select(Engagement).where(
                Engagement.need_id == need.id, Engagement.provider_id == provider.id
            )
        ).one()
        for provider in (lead, partner)
    ]
    pair = ask_together(
        session,
        engagement=engagements[0],
        partner=engagements[1],
        actor=act_for(session, startup=need.startup),
        at=until - timedelta(days=4),
    )
    for days, provider in ((3, lead), (2, partner)):
        agree_together(
            session,
            pair=pair,
            actor=act_for(session, provider=provider),
            at=until - timedelta(days=days),
        )
