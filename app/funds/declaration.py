"""What this room declares to the rest of the application."""

from flask_babel import lazy_gettext as _l

from app.access import Actor, founds_any
from app.declaration import MenuEntry, Room
from app.funds.api import blueprint as api
from app.funds.erasing import ERASING
from app.funds.queries.mandates import WAITING
from app.funds.views import blueprint
from app.funds.words import CODES, NOTICES, STATES


def _works_at_fund(viewer: Actor) -> bool:
    return bool(viewer.funds)


ROOM = Room(
    name="funds",
    erasing=ERASING,
    blueprints=(blueprint,),
    api=(api,),
    states=STATES,
    codes=CODES,
    notices=NOTICES,
    waiting=WAITING,
    menu=(
        MenuEntry(
            25,
            "funds.list_funds",
            _l("Funds"),
            founds_any,
            covers=("funds.list_funds", "funds.show_openings", "funds.edit_ask"),
        ),
        MenuEntry(24, "funds.show_own_funnel", _l("Deals"), _works_at_fund, covers=("funds",)),
    ),
)
