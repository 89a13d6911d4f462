"""What this room declares to the rest of the application."""

from flask_babel import lazy_gettext as _l

from app.accounts import actions
from app.accounts.api import blueprint as api
from app.accounts.api import people
from app.accounts.erasing import ERASING
from app.accounts.queries import WAITING
from app.accounts.views import blueprint
from app.accounts.words import CODES, NOTICES, STATES
from app.declaration import Kept, Room
from models.address_changes import STOPPED_WITHIN
from models.log_ins import REMEMBERED_LIMIT

ROOM = Room(
    name="accounts",
    erasing=ERASING,
    blueprints=(blueprint,),
    api=(api, people),
    codes=CODES,
    states=STATES,
    notices=NOTICES,
    waiting=WAITING,
    kept=(
        Kept(
            _l("Where you are logged in: browser and system in a word each, and when"),
            _l("Ending a log-in from elsewhere"),
            _l("after it began at the latest, else when it is over"),
            REMEMBERED_LIMIT,
            actions.forget_log_ins,
        ),
        Kept(
            _l("An address before it was changed"),
            _l("Taking a change back that was not yours"),
            _l("after the change"),
            STOPPED_WITHIN,
            actions.forget_address_changes,
        ),
        Kept(
            _l("What your programs are called, and when they came last"),
            _l("Looking up what an ended token was"),
            _l("after it ended"),
            actions.TOKENS_SHOWN_AFTER,
            actions.forget_tokens,
        ),
        Kept(
            _l("Invitations: address, name and role"),
            _l("Letting the person in, and seeing who was invited"),
            _l("after the link ran out"),
            actions.INVITATIONS_KEPT,
            actions.forget_invitations,
        ),
    ),
)
