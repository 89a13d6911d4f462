"""Telling people of a workspace: steps of some minutes together, and never what is in it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor
from app.engagements.announcements import get_names, list_people
from app.engagements.trace import get_other_side
from app.telling.notices import list_people_of, tell_together
from app.workspace.addresses import address_of_workspace
from models.engagements import Engagement
from models.people import Person
from models.vocabulary import Side


def tell_other_side(
    session: Session, *, engagement: Engagement, side: Side, kind: str, actor: Actor, at: datetime
) -> None:
    """Everybody across from `side` is told `kind`, with the name of the side that did it."""
    other = get_other_side(side)
    _tell(session, engagement, list_people(session, engagement, other), side, kind, actor, at)


def tell_operators(
    session: Session, *, engagement: Engagement, side: Side, kind: str, actor: Actor, at: datetime
) -> None:
    """The operators of the engagement's incubator are told `kind`."""
    operators = list_people_of(session, incubator_id=engagement.incubator_id)
    _tell(session, engagement, operators, side, kind, actor, at)


def _tell(
    session: Session,
    engagement: Engagement,
    people: Iterable[Person],
    side: Side,
    kind: str,
    actor: Actor,
    at: datetime,
) -> None:
    # Both sides know each other, since there is no workspace before acceptance.
    names = get_names(engagement, Side.STARTUP)
    facts = names | {"who": names["startup" if side is Side.STARTUP else "provider"]}
    for person in people:
        if person.id == actor.person_id:
            continue
        tell_together(
            session,
            person=person,
            kind=kind,
            facts=facts,
            path=address_of_workspace(engagement),
            at=at,
        )
