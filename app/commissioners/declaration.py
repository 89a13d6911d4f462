"""What this room declares to the rest of the application."""

from datetime import timedelta

from app.commissioners.api import blueprint as api
from app.commissioners.erasing import ERASING
from app.commissioners.jobs import mind_commissioners
from app.commissioners.queries.cares import WAITING
from app.commissioners.views import blueprint
from app.commissioners.words import CODES, NOTICES, STATES
from app.declaration import Job, Room

ROOM = Room(
    name="commissioners",
    erasing=ERASING,
    blueprints=(blueprint,),
    api=(api,),
    states=STATES,
    codes=CODES,
    notices=NOTICES,
    waiting=WAITING,
    jobs=(Job("mind_commissioners", timedelta(minutes=10), mind_commissioners),),
)
