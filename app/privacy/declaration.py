"""What this room declares to the rest of the application."""

from app.declaration import Room
from app.privacy.views import blueprint

ROOM = Room(name="privacy", blueprints=(blueprint,))
