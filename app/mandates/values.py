"""What a need asks of one fund, as typed values, and mandates as rules are made of them.

Money in whole yuan, shares in basis points; texts are canonical already.
"""

from dataclasses import dataclass

from app.mandates.checking import Terms
from models.funds import Mandate, SoughtFunding


@dataclass(frozen=True, slots=True, kw_only=True)
class AskValues:
    """What a need asks of one fund; see `models.funds.SoughtFunding`.

    While a financing is open its target takes the place of the need's amount, and what is committed
    that of what is said to be raised: `target_yuan` is None without one.
    """

    target_yuan: int | None = None
    raised_yuan: int = 0
    least_part_yuan: int | None = None
    share_bp: int | None = None
    shows_gate: bool = False


def read_ask(ask: SoughtFunding | None) -> AskValues:
    """What `ask` says; where nobody has said anything, one fund is asked for everything."""
    if ask is None:
        return AskValues()
    return AskValues(
        raised_yuan=ask.raised_yuan,
        least_part_yuan=ask.least_part_yuan,
        share_bp=ask.share_bp,
        shows_gate=ask.shows_gate,
    )


def make_terms(mandate: Mandate) -> Terms:
    """`mandate` as rules are made of it."""
    return Terms(
        fields=frozenset(code.value for code in mandate.fields),
        stages=frozenset(code.value for code in mandate.stages),
        ticket_min_yuan=mandate.ticket_min_yuan,
        ticket_max_yuan=mandate.ticket_max_yuan,
        places=frozenset(mandate.places),
        instruments=frozenset(code.value for code in mandate.instruments),
        holding_limit_bp=mandate.holding_limit_bp,
        excluded_topics=frozenset(mandate.excluded_topics),
        gate=None if mandate.gate is None else mandate.gate.value,
        version=mandate.number,
    )
