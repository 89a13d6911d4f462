"""What this room declares to the rest of the application."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from app.access import Actor, founds_any
from app.declaration import Job, MenuEntry, Room
from app.financings.api import blueprint as api
from app.financings.erasing import ERASING
from app.financings.jobs import end_due_financings
from app.financings.queries.committing import list_investing_waiting, select_investing_waiting
from app.financings.queries.raising import list_raising_waiting, select_raising_waiting
from app.financings.views import blueprint
from app.financings.words import CODES, NOTICES, STATES
from app.telling.waiting import WaitingList


def _founds_in_person(viewer: Actor) -> bool:
    return founds_any(viewer) and not viewer.is_acting_for_another


ROOM = Room(
    name="financings",
    erasing=ERASING,
    blueprints=(blueprint,),
    api=(api,),
    states=STATES,
    codes=CODES,
    notices=NOTICES,
    waiting=(
        WaitingList(select_raising_waiting, list_raising_waiting),
        WaitingList(select_investing_waiting, list_investing_waiting),
    ),
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
