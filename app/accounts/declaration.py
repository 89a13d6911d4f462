"""What this room declares to the rest of the application."""

from app.accounts.erasing import ERASING
from app.accounts.views import blueprint
from app.accounts.words import NOTICES, STATES
from app.declaration import Room

ROOM = Room(
    name="accounts", erasing=ERASING, blueprints=(blueprint,), states=STATES, notices=NOTICES
)
