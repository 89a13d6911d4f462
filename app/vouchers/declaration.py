"""What this room declares to the rest of the application."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from app.access import Actor, founds_any, operates_any
from app.declaration import Job, MenuEntry, Room
from app.vouchers.api import blueprint as api
from app.vouchers.erasing import ERASING
from app.vouchers.jobs import let_vouchers_run_out
from app.vouchers.queries.vouchers import WAITING
from app.vouchers.views import blueprint
from app.vouchers.words import CODES, NOTICES, STATES


def _draws_or_administers(viewer: Actor) -> bool:
    return (founds_any(viewer) and not viewer.is_acting_for_another) or operates_any(viewer)


ROOM = Room(
    name="vouchers",
    erasing=ERASING,
    blueprints=(blueprint,),
    api=(api,),
    states=STATES,
    codes=CODES,
    notices=NOTICES,
    waiting=WAITING,
    jobs=(Job("let_vouchers_run_out", timedelta(hours=1), let_vouchers_run_out),),
    menu=(
        MenuEntry(
            28,
            "vouchers.show_purse",
            _l("Vouchers"),
            _draws_or_administers,
            # Public money beside vouchers: its pages are reached from theirs.
            covers=("vouchers", "products", "commissioners"),
        ),
    ),
)
