"""Putting a dashboard together from what the rooms report. No Flask, and no rule of its own."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.access import Actor
from app.commissioners.queries.commissioners import list_standing
from app.declaration import Room
from app.engagements.queries import list_coming_sessions
from app.engagements.queries.lists import ComingSession
from app.home.queries import (
    IncubatorPart,
    PlaceFigures,
    ProviderPart,
    StartupPart,
    list_incubator_parts,
    list_place_figures,
    list_provider_parts,
    list_startup_parts,
)
from app.home.totals import MoneyTotals, list_money_totals
from app.telling.waiting import WaitingItem, find_filled, sort_by_due_time
from models.commissioners import Commissioner

# The calendar shows them all.
_COMING_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Everything that one person's dashboard shows, for all of their roles together."""

    waiting: Sequence[WaitingItem]
    coming: Sequence[ComingSession]
    startups: Sequence[StartupPart]
    providers: Sequence[ProviderPart]
    incubators: Sequence[IncubatorPart]
    places: Sequence[PlaceFigures]
    money: Sequence[MoneyTotals]
    appointments: Sequence[Commissioner]

    @property
    def is_newcomer(self) -> bool:
        """Whether the person acts for nobody yet."""
        return not (self.startups or self.providers or self.incubators or self.appointments)


def gather(session: Session, *, rooms: Iterable[Room], viewer: Actor, at: datetime) -> Dashboard:
    """The dashboard of `viewer`; what waits in `rooms` comes in the order of being too late."""
    startups = list_startup_parts(session, viewer)
    providers = list_provider_parts(session, viewer)
    incubators = list_incubator_parts(session, viewer, at)
    acts = viewer.founds or viewer.provides or viewer.operates
    waiting = [
        *_list_waiting(session, tuple(rooms), viewer, at),
        *_list_unpublished(startups, providers),
    ]
    return Dashboard(
        waiting=sort_by_due_time(waiting),
        coming=list_coming_sessions(session, viewer, at)[:_COMING_SHOWN],
        startups=startups,
        providers=providers,
        incubators=incubators,
        places=list_place_figures(session, viewer),
        money=list_money_totals(
            session, viewer, at, operated=[each.incubator for each in incubators]
        ),
        # Others find it from what they act for, by a link that asks nothing.
        appointments=() if acts else list_standing(session, viewer),
    )


def _list_waiting(
    session: Session, rooms: Sequence[Room], viewer: Actor, at: datetime
) -> Iterator[WaitingItem]:
    filled = find_filled(session, (each for room in rooms for each in room.waiting), viewer, at)
    for room in rooms:
        if room.list_waiting is not None:
            yield from room.list_waiting(session, viewer, at)
        for each in room.waiting:
            if each in filled:
                yield from each.list(session, viewer, at)


def _list_unpublished(
    startups: Sequence[StartupPart], providers: Sequence[ProviderPart]
) -> list[WaitingItem]:
    """Profiles in draft: nobody finds them, and their people may not know."""
    items = [
        WaitingItem(
            kind="startup_draft",
            title=part.startup.name,
            due_at=None,
            path_endpoint="profiles.edit_startup",
            path_values={"public_id": part.startup.public_id},
            action=_l("Finish the profile"),
            detail=_l("The profile of your startup is a draft."),
        )
        for part in startups
        if part.startup.state == "draft"
    ]
    items += [
        WaitingItem(
            kind="provider_draft",
            title=part.provider.name,
            due_at=None,
            path_endpoint="profiles.edit_provider",
            path_values={"public_id": part.provider.public_id},
            action=_l("Finish the profile"),
            detail=_l("No startup finds you until the profile is published."),
        )
        for part in providers
        if part.provider.state == "draft"
    ]
    return items
