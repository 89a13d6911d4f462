"""Putting a dashboard together from what the rooms report. No Flask, and no rule of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.access import Actor
from app.commissioners.queries.commissioners import list_standing
from app.declaration import Room
from app.engagements.queries.lists import NAMED
from app.home.queries import (
    IncubatorPart,
    PlaceFigures,
    ProviderPart,
    StartupPart,
    list_incubator_parts,
    list_place_figures,
    list_provider_parts,
    list_startup_parts,
    select_near_expiry,
    select_regulated,
)
from app.home.totals import MoneyTotals, list_money_totals
from app.telling.coming import ComingTime, join_coming
from app.telling.many_kinds import Asked, read_many_kinds
from app.telling.waiting import WaitingItem, sort_by_due_time
from models.commissioners import Commissioner

# The calendar shows them all.
_COMING_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Everything that one person's dashboard shows, for all of their roles together."""

    waiting: Sequence[WaitingItem]
    coming: Sequence[ComingTime]
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
    rooms = tuple(rooms)
    lists = [each for room in rooms for each in room.waiting]
    parts = [each for room in rooms for each in room.calendar]
    near_expiry, regulated, *found = read_many_kinds(
        session,
        [
            Asked(select_near_expiry(viewer, at), NAMED),
            Asked(select_regulated(viewer)),
            *(each.ask(viewer, at) for each in lists),
            *(each.ask(viewer, at, limit=_COMING_SHOWN) for each in parts),
        ],
    )
    waits, comes = found[: len(lists)], found[len(lists) :]
    startups = list_startup_parts(session, viewer)
    providers = list_provider_parts(session, viewer)
    incubators = list_incubator_parts(session, viewer, near_expiry)
    acts = viewer.founds or viewer.provides or viewer.operates
    waiting = [
        *(
            item
            for each, rows in zip(lists, waits, strict=True)
            for item in each.word(rows, viewer, at)
        ),
        *_list_unpublished(startups, providers),
    ]
    return Dashboard(
        waiting=sort_by_due_time(waiting),
        coming=join_coming(parts, comes, viewer)[:_COMING_SHOWN],
        startups=startups,
        providers=providers,
        incubators=incubators,
        places=list_place_figures(session, viewer),
        money=list_money_totals(
            session,
            viewer,
            at,
            operated=[each.incubator for each in incubators],
            regulated=regulated,
        ),
        # Others find it from what they act for, by a link that asks nothing.
        appointments=() if acts else list_standing(session, viewer),
    )


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
