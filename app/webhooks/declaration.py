"""What this room declares to the rest of the application."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from app.declaration import Job, Kept, Room
from app.webhooks.api import blueprint as api
from app.webhooks.jobs import KEPT_FOR, deliver_webhooks, forget_deliveries
from app.webhooks.views import blueprint
from app.webhooks.words import CODES, NOTICES

ROOM = Room(
    name="webhooks",
    blueprints=(blueprint,),
    api=(api,),
    codes=CODES,
    notices=NOTICES,
    jobs=(
        Job("deliver webhooks", timedelta(0), deliver_webhooks, goes_on=True, lane="webhooks"),
        Job("forget deliveries", timedelta(hours=6), forget_deliveries),
    ),
    kept=(
        Kept(
            _l("What a webhook was told"),
            _l("Sending it again, and seeing what a receiver answered"),
            _l("after it happened"),
            KEPT_FOR,
            job="forget deliveries",
        ),
    ),
)
