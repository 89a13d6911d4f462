"""What changes facts: stating, confirming, withdrawing."""

from app.facts.actions.confirming import confirm_fact
from app.facts.actions.stating import state_fact
from app.facts.actions.withdrawing import withdraw_fact

__all__ = ["confirm_fact", "state_fact", "withdraw_fact"]
