"""What this room declares to the rest of the application."""

from datetime import timedelta

from app.arrangements.api import blueprint as api
from app.arrangements.erasing import ERASING
from app.arrangements.jobs import mind_all_arrangements
from app.arrangements.queries import WAITING
from app.arrangements.views import blueprint
from app.arrangements.words import CODES, NOTICES, STATES
from app.declaration import Job, Room

ROOM = Room(
    name="arrangements",
    erasing=ERASING,
    blueprints=(blueprint,),
    api=(api,),
    states=STATES,
    codes=CODES,
    notices=NOTICES,
    waiting=WAITING,
    jobs=(Job("mind_arrangements", timedelta(hours=1), mind_all_arrangements),),
)
