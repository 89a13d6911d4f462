"""What this room declares to the rest of the application."""

from datetime import timedelta

from app.declaration import Job, Room
from app.workspace.api import blueprint as api
from app.workspace.erasing import ERASING
from app.workspace.jobs import end_readings_along
from app.workspace.queries.waiting import WAITING
from app.workspace.views import blueprint
from app.workspace.words import NOTICES, STATES

ROOM = Room(
    name="workspace",
    blueprints=(blueprint,),
    api=(api,),
    states=STATES,
    notices=NOTICES,
    waiting=WAITING,
    erasing=ERASING,
    jobs=(Job("end readings along", timedelta(minutes=10), end_readings_along),),
)
