"""What this room declares to the rest of the application."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from app.declaration import Job, Kept, Room
from app.enquiries.api import blueprint as api
from app.enquiries.erasing import ERASING
from app.enquiries.jobs import recall_enquiries
from app.enquiries.queries import WAITING
from app.enquiries.views import blueprint
from app.enquiries.words import CODES, NOTICES, STATES

ROOM = Room(
    name="enquiries",
    blueprints=(blueprint,),
    api=(api,),
    states=STATES,
    codes=CODES,
    notices=NOTICES,
    waiting=WAITING,
    jobs=(Job("recall_enquiries", timedelta(hours=1), recall_enquiries),),
    erasing=ERASING,
    kept=(
        Kept(
            _l("What you asked a human about lists of matches, and the answer"),
            _l("Looking at it, and showing that it was answered"),
            _l("as long as the need or the profile"),
        ),
    ),
)
