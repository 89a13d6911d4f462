"""What this room declares to the rest of the application."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from app.declaration import Job, Kept, Room
from app.imports.actions import (
    FILES_KEPT,
    PREVIEWS_KEPT,
    empty_old_files,
    forget_previews,
)
from app.imports.api import blueprint as api
from app.imports.erasing import ERASING
from app.imports.jobs import apply_imports
from app.imports.views import blueprint
from app.imports.words import CODES, STATES

ROOM = Room(
    name="imports",
    erasing=ERASING,
    blueprints=(blueprint,),
    api=(api,),
    states=STATES,
    codes=CODES,
    jobs=(Job("carry out imports", timedelta(0), apply_imports, goes_on=True, lane="imports"),),
    kept=(
        Kept(
            _l("Tables that an operator looked at and did not take over"),
            _l("Going on with them later"),
            _l("after they were brought in"),
            PREVIEWS_KEPT,
            forget_previews,
        ),
        Kept(
            _l("The lines of tables that were taken over; an address stays with its profile"),
            _l("Looking up what a file said, and mending mistakes"),
            _l("after they were taken over"),
            FILES_KEPT,
            empty_old_files,
        ),
    ),
)
