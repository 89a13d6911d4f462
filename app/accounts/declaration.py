"""What this room declares to the rest of the application."""

from app.accounts.views import blueprint
from app.accounts.words import NOTICES, STATES
from app.declaration import Room

ROOM = Room(name="accounts", blueprints=(blueprint,), states=STATES, notices=NOTICES)
