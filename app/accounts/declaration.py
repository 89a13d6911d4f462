"""What this room declares to the rest of the application."""

from datetime import timedelta

from app.accounts.api import blueprint as api
from app.accounts.api import people
from app.accounts.erasing import ERASING
from app.accounts.jobs import forget_ended
from app.accounts.queries import list_waiting
from app.accounts.views import blueprint
from app.accounts.words import CODES, NOTICES, STATES
from app.declaration import Job, Room

ROOM = Room(
    name="accounts",
    erasing=ERASING,
    blueprints=(blueprint,),
    api=(api, people),
    codes=CODES,
    states=STATES,
    notices=NOTICES,
    list_waiting=list_waiting,
    jobs=(Job("forget old log-ins and tries", timedelta(hours=1), forget_ended),),
)
