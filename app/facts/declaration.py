"""What this room declares to the rest of the application."""

from app.declaration import Room
from app.facts.api import blueprint as api
from app.facts.erasing import ERASING
from app.facts.queries import WAITING
from app.facts.views import blueprint
from app.facts.words import CODES, NOTICES, STATES

ROOM = Room(
    name="facts",
    erasing=ERASING,
    blueprints=(blueprint,),
    api=(api,),
    states=STATES,
    codes=CODES,
    notices=NOTICES,
    waiting=WAITING,
)
