"""To whom a request can be passed on, and where it went or came from, as its viewer sees it."""

from dataclasses import dataclass

from sqlalchemy import Select
from sqlalchemy.orm import Session

from app.access import Actor, is_permitted
from app.engagements.colleagues import list_with_account, select_colleagues
from app.engagements.disclosure import get_disclosed
from app.engagements.queries.shapes import PassedView
from app.ranking.track_records import count_taken_places
from models.engagements import Engagement
from models.passing import PassedRequest
from models.providers import Provider
from models.vocabulary import Release


@dataclass(frozen=True, slots=True)
class Colleague:
    """A mentor to whom a request can be passed on."""

    public_id: str
    name: str
    headline: str
    has_account: bool


def list_colleagues(session: Session, engagement: Engagement, viewer: Actor) -> list[Colleague]:
    """Mentors with a free place, by name, for `viewer` of the mentor's side.

    Where the startup has not shown its profile, which names its incubator, those of all pools of
    the mentor: else the list would name it. Whom the startup has asked already is not told either;
    passing on refuses them.
    """
    rows = session.scalars(_select(engagement, viewer).order_by(Provider.name, Provider.id)).all()
    ids = [row.id for row in rows]
    with_account = list_with_account(session, ids)
    taken = count_taken_places(session, ids)
    return [
        Colleague(row.public_id, row.name, row.headline, row.id in with_account)
        for row in rows
        if taken.get(row.id, 0) < row.capacity
    ]


def find_colleague(
    session: Session, engagement: Engagement, viewer: Actor, public_id: str
) -> Provider | None:
    """One of those, whether a place is free or not."""
    return session.scalar(_select(engagement, viewer).where(Provider.public_id == public_id))


def _select(engagement: Engagement, viewer: Actor) -> Select[Provider]:
    is_told = Release.STARTUP_PROFILE in get_disclosed(engagement, viewer)
    return select_colleagues(engagement, in_any_pool=not is_told)


def view_passing(
    passing: PassedRequest | None, engagement: Engagement, viewer: Actor
) -> tuple[PassedView | None, PassedView | None]:
    """Where `engagement` went, and where it came from."""
    if passing is None:
        return None, None
    if passing.former_id == engagement.id:
        return _view(passing.present, viewer), None
    return None, _view(passing.former, viewer)


def _view(engagement: Engagement, viewer: Actor) -> PassedView:
    shown = is_permitted(viewer, "engagement:view", engagement)
    return PassedView(
        engagement.public_id if shown else None,
        engagement.provider.public_id,
        engagement.provider.name,
    )
