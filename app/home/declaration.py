"""What this room declares to the rest of the application."""

from flask_babel import lazy_gettext as _l

from app.access import anyone_with_account
from app.declaration import MenuEntry, Room
from app.home.api import blueprint as api
from app.home.delivering import blueprint as delivering
from app.home.views import blueprint
from app.home.words import CODES, NOTICES

ROOM = Room(
    name="home",
    blueprints=(blueprint, delivering),
    codes=CODES,
    notices=NOTICES,
    api=(api,),
    menu=(
        MenuEntry(
            10,
            "home.show_dashboard",
            _l("Dashboard"),
            anyone_with_account,
            covers=("home.show_dashboard",),
        ),
    ),
)
