"""What this room declares to the rest of the application."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from app.access import takes_part
from app.declaration import Job, MenuEntry, Room
from app.engagements.api import blueprint as api
from app.engagements.erasing import ERASING
from app.engagements.jobs import (
    expire_requests,
    read_calendar_replies,
    remind_of_requests,
    settle_queues,
)
from app.engagements.queries.coming import CALENDAR
from app.engagements.queries.turns import WAITING
from app.engagements.views import blueprint
from app.engagements.words import CODES, NOTICES, STATES

ROOM = Room(
    name="engagements",
    erasing=ERASING,
    blueprints=(blueprint,),
    api=(api,),
    states=STATES,
    codes=CODES,
    notices=NOTICES,
    waiting=WAITING,
    calendar=(CALENDAR,),
    jobs=(
        Job("expire requests", timedelta(minutes=1), expire_requests),
        Job("remind of requests", timedelta(minutes=5), remind_of_requests),
        Job("settle queues", timedelta(minutes=1), settle_queues),
        Job("read replies of calendars", timedelta(minutes=2), read_calendar_replies),
    ),
    menu=(
        MenuEntry(
            30,
            "engagements.list_engagements",
            _l("Engagements"),
            takes_part,
            covers=("engagements",),
        ),
    ),
)
