"""What this room declares to the rest of the application."""

from app.declaration import Room
from app.matches.api import blueprint as previews
from app.matches.queries.waiting import list_waiting
from app.matches.views import blueprint

ROOM = Room(name="matches", blueprints=(blueprint, previews), list_waiting=list_waiting)
