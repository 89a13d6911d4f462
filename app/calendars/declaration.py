"""What this room declares to the rest of the application."""

from app.calendars.api import blueprint as api
from app.calendars.erasing import ERASING
from app.calendars.views import blueprint
from app.calendars.words import CODES
from app.declaration import Room

ROOM = Room(
    name="calendars",
    erasing=ERASING,
    blueprints=(blueprint,),
    api=(api,),
    codes=CODES,
)
