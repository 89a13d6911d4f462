"""Telling the two sides of an engagement what happened, and no more than each may know."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor
from app.engagements.addresses import address_of_engagement
from app.engagements.disclosure import get_disclosed_to_provider
from app.telling.notices import list_people_of, tell
from app.words.kind_words import choose_notice
from app.words.wording import keep_moments
from models.engagements import Engagement
from models.people import Person
from models.vocabulary import Release, Side


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """An iCalendar text (RFC 5545) and its method (RFC 5546)."""

    text: str
    method: str


def list_people(session: Session, engagement: Engagement, side: Side) -> list[Person]:
    """The active people of one side."""
    if side is Side.STARTUP:
        return list_people_of(session, startup_id=engagement.startup_id)
    return list_people_of(session, provider_id=engagement.provider_id)


def tell_side(
    session: Session,
    *,
    engagement: Engagement,
    side: Side,
    kind: str,
    at: datetime,
    facts: Mapping[str, str] | None = None,
    times: Mapping[str, datetime] | None = None,
    calendar: CalendarEntry | None = None,
    unless: Actor | None = None,
    left: Person | None = None,
) -> None:
    """Everybody on `side` is told `kind`, in the words of the kind of provider.

    The person for whom `unless` acts is left out, and so is `left`, who leaves for good.

    The names of need, startup and provider are added to `facts`, as far as that side may know
    them: a wording that asks for more than that fails when it is shown, instead of leaking.
    `times` are worded for each reader when they are read.
    """
    kind = choose_notice(kind, engagement.provider.kind)
    named = get_names(engagement, side) | dict(facts or {}) | keep_moments(times or {})
    for person in list_people(session, engagement, side):
        if person is left or (unless is not None and person.id == unless.acts_as_id):
            continue
        tell(
            session,
            person=person,
            kind=kind,
            facts=named,
            path=address_of_engagement(engagement),
            at=at,
            calendar=calendar.text if calendar else None,
            calendar_method=calendar.method if calendar else None,
        )


def get_names(engagement: Engagement, side: Side) -> dict[str, str]:
    """The names that `side` may read: `provider`, and `startup` and `need` once disclosed."""
    disclosed = (
        frozenset(Release) if side is Side.STARTUP else get_disclosed_to_provider(engagement)
    )
    names = {"provider": engagement.provider.name}
    if Release.STARTUP_NAME in disclosed:
        names["startup"] = engagement.startup.name
    if Release.NEED_TEXT in disclosed:
        names["need"] = engagement.need.title
    return names


def choose_wording(kind: str, engagement: Engagement) -> str:
    """The kind of notice for the provider: the sealed one unless it may read both names."""
    names = get_names(engagement, Side.PROVIDER)
    return kind if {"startup", "need"} <= names.keys() else f"{kind}_sealed"
