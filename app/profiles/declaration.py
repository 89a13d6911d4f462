"""What this room declares to the rest of the application."""

from flask_babel import lazy_gettext as _l

from app.access import anyone_with_account
from app.declaration import MenuEntry, Room
from app.profiles.api import blueprint as api
from app.profiles.erasing import ERASING
from app.profiles.views import blueprint
from app.profiles.words import STATES

ROOM = Room(
    name="profiles",
    erasing=ERASING,
    blueprints=(blueprint,),
    api=(api,),
    states=STATES,
    menu=(MenuEntry(60, "profiles.list_providers", _l("Providers"), anyone_with_account),),
)
