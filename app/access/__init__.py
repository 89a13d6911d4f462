"""Who may do what: one table, read from top to bottom.

A rule takes the actor and the thing it is about, and looks at facts alone: no database, no
request. `app/web/guard.py` asks it for every route. Whoever may not view a thing must not learn
that it exists, so a refusal of someone who cannot view it is a 404.
"""

from app.access.actor import POOL_STATES_LOOKED_AFTER, POOL_STATES_SHOWN, Actor, make_actor
from app.access.predicates import (
    Organisation,
    anyone_with_account,
    can_view_provider,
    founds_or_operates,
    get_side,
    operates_any,
    takes_part,
)
from app.access.table import PERMISSIONS, VIEW_PERMISSION, can_know_of, is_permitted, require

__all__ = [
    "PERMISSIONS",
    "POOL_STATES_LOOKED_AFTER",
    "POOL_STATES_SHOWN",
    "VIEW_PERMISSION",
    "Actor",
    "Organisation",
    "anyone_with_account",
    "can_know_of",
    "can_view_provider",
    "founds_or_operates",
    "get_side",
    "is_permitted",
    "make_actor",
    "operates_any",
    "require",
    "takes_part",
]
