"""What this room declares to the rest of the application."""

from flask_babel import lazy_gettext as _l

from app.access import operates_any
from app.declaration import MenuEntry, Room
from app.pools.api import blueprint as api
from app.pools.erasing import ERASING
from app.pools.queries import WAITING
from app.pools.views import blueprint
from app.pools.words import NOTICES, STATES

ROOM = Room(
    name="pools",
    erasing=ERASING,
    blueprints=(blueprint,),
    api=(api,),
    states=STATES,
    notices=NOTICES,
    waiting=WAITING,
    menu=(
        MenuEntry(
            40, "pools.show_own_pool", _l("Mentor pool"), operates_any, covers=("pools", "imports")
        ),
        MenuEntry(
            50,
            "pools.list_own_startups",
            _l("Startups"),
            operates_any,
            covers=(
                "pools.invite_startup",
                "pools.list_own_startups",
                "profiles.create_startup",
                "profiles.edit_startup",
                "profiles.list_startup_people",
                "profiles.show_startup",
            ),
        ),
    ),
)
