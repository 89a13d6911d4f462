"""What this room declares to the rest of the application."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from app.access import takes_part
from app.declaration import Job, Kept, MenuEntry, Room
from app.vault.api import blueprint as api
from app.vault.erasing import ERASING
from app.vault.jobs import sweep_vault
from app.vault.queries.documents import WAITING
from app.vault.sweeping import GRACE
from app.vault.views import blueprint
from app.vault.words import CODES, NOTICES, STATES

ROOM = Room(
    name="vault",
    erasing=ERASING,
    blueprints=(blueprint,),
    api=(api,),
    states=STATES,
    codes=CODES,
    notices=NOTICES,
    waiting=WAITING,
    jobs=(Job("sweep the vault", timedelta(hours=6), sweep_vault),),
    kept=(
        Kept(
            _l("Files of an upload that was broken off or of a deleted document"),
            _l("Finishing an upload that is under way"),
            _l("after they were written"),
            GRACE,
            job="sweep the vault",
        ),
        Kept(
            _l("Documents, their versions, and who opened them"),
            _l("Showing them again, and proving what was shown"),
            _l("until their organisation deletes them or goes"),
        ),
    ),
    menu=(MenuEntry(80, "vault.list_all", _l("Documents"), takes_part, covers=("vault",)),),
)
