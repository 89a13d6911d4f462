"""What this room declares to the rest of the application."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from app.access import Actor, founds_any
from app.declaration import Job, MenuEntry, Room
from app.verification.api import blueprint as api
from app.verification.erasing import ERASING
from app.verification.jobs import let_run_out, tell_who_is_next
from app.verification.queries.coming import CALENDAR
from app.verification.queries.waiting import WAITING
from app.verification.views import blueprint
from app.verification.words import CODES, NOTICES, STATES


def _founds_in_person(viewer: Actor) -> bool:
    return founds_any(viewer) and not viewer.is_acting_for_another


def _works_at_centre(viewer: Actor) -> bool:
    return bool(viewer.centres)


ROOM = Room(
    name="verification",
    erasing=ERASING,
    blueprints=(blueprint,),
    api=(api,),
    states=STATES,
    codes=CODES,
    notices=NOTICES,
    waiting=WAITING,
    calendar=(CALENDAR,),
    jobs=(
        Job("let_proof_run_out", timedelta(hours=1), let_run_out),
        Job("tell_who_is_next", timedelta(hours=1), tell_who_is_next),
    ),
    menu=(
        MenuEntry(
            27,
            "verification.list_claims",
            _l("Proof"),
            _founds_in_person,
            covers=("verification",),
        ),
        MenuEntry(
            29,
            "verification.list_orders",
            _l("Orders"),
            _works_at_centre,
            covers=(
                "verification.list_orders",
                "verification.show_queue",
                "verification.list_instruments",
                "verification.add_instrument",
                "verification.show_instrument",
                "verification.edit_instrument",
            ),
        ),
    ),
)
