"""Who may do what: one table, read from top to bottom.

A rule takes the actor and the thing it is about, and looks at facts alone: no database, no
request. Every action asks through `require`, whoever calls it: a page, the API, a job, the command
line, an import. `app/web/guard.py` asks for every route, before a form is shown. Whoever may not
view a thing must not learn that it exists, so a refusal of someone who cannot view it is a 404.
"""

from app.access.actor import POOL_STATES_LOOKED_AFTER, POOL_STATES_SHOWN, Actor, make_actor
from app.access.authority import Acting, can_know_of, is_permitted, require
from app.access.installation import Installation
from app.access.predicates import (
    Organisation,
    anyone_with_account,
    can_view_provider,
    founds_any,
    founds_or_operates,
    get_side,
    is_host,
    operates_any,
    takes_part,
)
from app.access.table import PERMISSIONS, VIEW_PERMISSION

__all__ = [
    "PERMISSIONS",
    "POOL_STATES_LOOKED_AFTER",
    "POOL_STATES_SHOWN",
    "VIEW_PERMISSION",
    "Acting",
    "Actor",
    "Installation",
    "Organisation",
    "anyone_with_account",
    "can_know_of",
    "can_view_provider",
    "founds_any",
    "founds_or_operates",
    "get_side",
    "is_host",
    "is_permitted",
    "make_actor",
    "operates_any",
    "require",
    "takes_part",
]
