"""What this room declares to the rest of the application."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from app.access import Actor, founds_any, operates_any
from app.declaration import Job, MenuEntry, Room
from app.products.api import blueprint as api
from app.products.jobs import mind_products
from app.products.queries.products import list_waiting
from app.products.views import blueprint
from app.products.words import CODES, NOTICES, STATES


def _looks_or_keeps(viewer: Actor) -> bool:
    return (founds_any(viewer) and not viewer.is_acting_for_another) or operates_any(viewer)


ROOM = Room(
    name="products",
    blueprints=(blueprint,),
    api=(api,),
    states=STATES,
    codes=CODES,
    notices=NOTICES,
    list_waiting=list_waiting,
    jobs=(Job("mind_products", timedelta(hours=1), mind_products),),
    menu=(
        MenuEntry(
            24,
            "products.show_products",
            _l("Finance products"),
            _looks_or_keeps,
            covers=("products",),
        ),
    ),
)
