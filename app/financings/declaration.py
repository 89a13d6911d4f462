"""What this room declares to the rest of the application."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.access import Actor, founds_any
from app.declaration import Job, MenuEntry, Room
from app.financings.api import blueprint as api
from app.financings.erasing import ERASING
from app.financings.jobs import end_due_financings
from app.financings.queries.committing import list_investing_waiting
from app.financings.queries.raising import list_raising_waiting
from app.financings.views import blueprint
from app.financings.words import CODES, NOTICES, STATES
from app.telling.waiting import WaitingItem


def _founds_in_person(viewer: Actor) -> bool:
    return founds_any(viewer) and not viewer.is_acting_for_another


def _list_waiting(session: Session, viewer: Actor, at: datetime) -> Iterable[WaitingItem]:
    return [*list_raising_waiting(session, viewer), *list_investing_waiting(session, viewer, at)]


ROOM = Room(
    name="financings",
    erasing=ERASING,
    blueprints=(blueprint,),
    api=(api,),
    states=STATES,
    codes=CODES,
    notices=NOTICES,
    list_waiting=_list_waiting,
    jobs=(Job("end_financings", timedelta(hours=1), end_due_financings),),
    menu=(
        MenuEntry(
            26,
            "financings.list_financings",
            _l("Financings"),
            _founds_in_person,
            covers=("financings", "arrangements"),
        ),
    ),
)
