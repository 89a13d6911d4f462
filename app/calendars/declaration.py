"""What this room declares to the rest of the application."""

from datetime import timedelta

from app.calendars.api import blueprint as api
from app.calendars.erasing import ERASING
from app.calendars.jobs import read_busy_times
from app.calendars.views import blueprint
from app.calendars.words import CODES
from app.declaration import Job, Room

ROOM = Room(
    name="calendars",
    erasing=ERASING,
    blueprints=(blueprint,),
    api=(api,),
    codes=CODES,
    jobs=(Job("read busy times", timedelta(minutes=1), read_busy_times, lane="calendars"),),
)
