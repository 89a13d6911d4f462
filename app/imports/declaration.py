"""What this room declares to the rest of the application."""

from datetime import timedelta

from app.declaration import Job, Room
from app.imports.api import blueprint as api
from app.imports.erasing import ERASING
from app.imports.jobs import apply_imports
from app.imports.views import blueprint
from app.imports.words import CODES, STATES

ROOM = Room(
    name="imports",
    erasing=ERASING,
    blueprints=(blueprint,),
    api=(api,),
    states=STATES,
    codes=CODES,
    jobs=(Job("carry out imports", timedelta(0), apply_imports, goes_on=True),),
)
