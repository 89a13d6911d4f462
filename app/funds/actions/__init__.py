"""What changes mandates and asks: drafting, publishing, ending a version; saying what is asked."""

from app.funds.actions.asking import state_ask
from app.funds.actions.drafting import discard_mandate, draft_mandate, edit_mandate
from app.funds.actions.publishing import publish_mandate, withdraw_mandate

__all__ = [
    "discard_mandate",
    "draft_mandate",
    "edit_mandate",
    "publish_mandate",
    "state_ask",
    "withdraw_mandate",
]
