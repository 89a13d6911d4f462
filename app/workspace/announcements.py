"""Telling people of a workspace: steps of some minutes together.

Actions and documents are named; what is written to each other, and minutes, are read there.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor
from app.engagements.announcements import get_names, list_people
from app.engagements.trace import get_other_side
from app.telling.notices import Named, list_people_of, tell_together
from app.words.wording import keep_moments
from app.workspace.addresses import address_of_minutes, address_of_workspace
from models.engagements import CoachingSession, Engagement
from models.people import Person
from models.vocabulary import Side
from models.workspace import ActionItem


def tell_other_side(
    session: Session,
    *,
    engagement: Engagement,
    side: Side,
    kind: str,
    actor: Actor,
    at: datetime,
    about: CoachingSession | None = None,
    named: Named | None = None,
) -> None:
    """Everybody across from `side` is told `kind`, with the name of the side that did it.

    `about` is the session that it belongs to, which is named by its time; `named` is what was done.
    """
    facts: dict[str, str] = {}
    path = address_of_workspace(engagement)
    if about is not None:
        facts |= keep_moments({"time": about.starts_at})
        path = address_of_minutes(about)
    people = list_people(session, engagement, get_other_side(side))
    _tell(session, engagement, people, side, kind, actor, at, facts=facts, path=path, named=named)


def tell_operators(
    session: Session, *, engagement: Engagement, side: Side, kind: str, actor: Actor, at: datetime
) -> None:
    """The operators of the engagement's incubator are told `kind`."""
    operators = list_people_of(session, incubator_id=engagement.incubator_id)
    path = address_of_workspace(engagement)
    _tell(session, engagement, operators, side, kind, actor, at, facts={}, path=path)


def _tell(
    session: Session,
    engagement: Engagement,
    people: Iterable[Person],
    side: Side,
    kind: str,
    actor: Actor,
    at: datetime,
    *,
    facts: Mapping[str, str],
    path: str,
    named: Named | None = None,
) -> None:
    # Both sides know each other, since there is no workspace before acceptance.
    names = get_names(engagement, Side.STARTUP)
    said = names | dict(facts) | {"who": names["startup" if side is Side.STARTUP else "provider"]}
    for person in people:
        if person.id == actor.person_id:
            continue
        tell_together(
            session,
            person=person,
            kind=kind,
            facts=said,
            path=path,
            at=at,
            named=named,
        )


def name_item(item: ActionItem) -> Named:
    """An action, the side that has to see to it, and by when."""
    engagement = item.engagement
    of_startup = item.owner_side is Side.STARTUP
    owner = engagement.startup if of_startup else engagement.provider
    return Named(item.text, owner=owner.name, due_on=item.due_on)
