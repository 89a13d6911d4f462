"""What this room declares to the rest of the application."""

from flask_babel import lazy_gettext as _l

from app.access import founds_or_operates
from app.declaration import MenuEntry, Room
from app.needs.api import blueprint as api
from app.needs.erasing import ERASING
from app.needs.queries import WAITING
from app.needs.views import blueprint
from app.needs.words import STATES

ROOM = Room(
    name="needs",
    erasing=ERASING,
    blueprints=(blueprint,),
    api=(api,),
    states=STATES,
    waiting=WAITING,
    menu=(
        MenuEntry(
            20, "needs.list_needs", _l("Needs"), founds_or_operates, covers=("needs", "matches")
        ),
    ),
)
