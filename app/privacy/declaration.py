"""What this room declares to the rest of the application."""

from app.declaration import Room

ROOM = Room(name="privacy")
