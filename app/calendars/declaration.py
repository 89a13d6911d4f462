"""What this room declares to the rest of the application."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from app.access import takes_part
from app.calendars.api import blueprint as api
from app.calendars.erasing import ERASING
from app.calendars.jobs import read_busy_times
from app.calendars.views import blueprint
from app.calendars.words import CODES
from app.declaration import Job, MenuEntry, Room

ROOM = Room(
    name="calendars",
    erasing=ERASING,
    blueprints=(blueprint,),
    api=(api,),
    codes=CODES,
    jobs=(Job("read busy times", timedelta(minutes=1), read_busy_times, lane="calendars"),),
    menu=(
        MenuEntry(
            70,
            "calendars.show_calendar",
            _l("Calendar"),
            takes_part,
            covers=("calendars.show_calendar", "calendars.show_connections"),
        ),
    ),
)
