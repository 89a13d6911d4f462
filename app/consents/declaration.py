"""What this room declares to the rest of the application."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from app.consents.api import blueprint as api
from app.consents.erasing import ERASING
from app.consents.jobs import ask_again
from app.consents.views import blueprint
from app.consents.words import CODES, NOTICES
from app.declaration import Job, Kept, Room

ROOM = Room(
    name="consents",
    erasing=ERASING,
    blueprints=(blueprint,),
    api=(api,),
    codes=CODES,
    notices=NOTICES,
    jobs=(Job("consents", timedelta(hours=1), ask_again),),
    kept=(
        Kept(
            _l("Consents: to what version of which words, given or withdrawn when"),
            _l("Showing that somebody agreed, and that they withdrew it"),
            _l("as long as the account and the profile"),
        ),
    ),
)
