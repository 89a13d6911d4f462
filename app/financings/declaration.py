"""What this room declares to the rest of the application."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from app.access import Actor, founds_any
from app.declaration import Job, MenuEntry, Room
from app.financings.api import blueprint as api
from app.financings.erasing import ERASING
from app.financings.jobs import end_due_financings
from app.financings.queries import committing, raising
from app.financings.views import blueprint
from app.financings.words import CODES, NOTICES, STATES


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
    waiting=(*raising.WAITING, *committing.WAITING),
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
