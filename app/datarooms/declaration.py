"""What this room declares to the rest of the application."""

from datetime import timedelta

from app.datarooms.api import blueprint as api
from app.datarooms.erasing import ERASING
from app.datarooms.jobs import look_for_conflicts
from app.datarooms.queries.questions import WAITING
from app.datarooms.views import blueprint
from app.datarooms.words import CODES, NOTICES, STATES
from app.declaration import Job, Room

ROOM = Room(
    name="datarooms",
    erasing=ERASING,
    blueprints=(blueprint,),
    api=(api,),
    states=STATES,
    codes=CODES,
    notices=NOTICES,
    waiting=WAITING,
    jobs=(Job("suspend_rooms_in_conflict", timedelta(hours=1), look_for_conflicts),),
)
