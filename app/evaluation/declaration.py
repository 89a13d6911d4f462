"""What this room declares to the rest of the application."""

from app.declaration import Room
from app.evaluation.api import blueprint as api
from app.evaluation.erasing import ERASING
from app.evaluation.queries.waiting import WAITING
from app.evaluation.views import blueprint
from app.evaluation.words import CODES, NOTICES, STATES

ROOM = Room(
    name="evaluation",
    blueprints=(blueprint,),
    api=(api,),
    states=STATES,
    codes=CODES,
    notices=NOTICES,
    waiting=WAITING,
    erasing=ERASING,
)
