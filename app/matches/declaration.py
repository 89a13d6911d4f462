"""What this room declares to the rest of the application."""

from app.declaration import Room
from app.matches.api import blueprint as api
from app.matches.api import previews
from app.matches.erasing import ERASING
from app.matches.queries.waiting import WAITING
from app.matches.views import blueprint

ROOM = Room(
    name="matches",
    erasing=ERASING,
    blueprints=(blueprint, previews),
    api=(api,),
    waiting=WAITING,
)
