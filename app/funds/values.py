"""What one version of a mandate says, as typed values.

Money in whole yuan, shares in basis points; texts are canonical already.
"""

from dataclasses import dataclass

from app.words.limits import MONEY_LIMIT_YUAN
from models.funds import WHOLE_BP, Mandate
from models.place_tables import is_known_place
from models.vocabulary import Field, FundingStage, Gate, Instrument


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateValues:
    """What one version of a mandate says."""

    fields: tuple[Field, ...] = ()
    stages: tuple[FundingStage, ...] = ()
    ticket_min_yuan: int | None = None
    ticket_max_yuan: int | None = None
    places: tuple[str, ...] = ()
    instruments: tuple[Instrument, ...] = ()
    holding_limit_bp: int | None = None
    excluded_topics: tuple[str, ...] = ()
    gate: Gate | None = None

    @property
    def is_possible(self) -> bool:
        """Whether amounts and shares are within what can be kept, and the places exist."""
        amounts = (self.ticket_min_yuan, self.ticket_max_yuan)
        return (
            all(amount is None or 0 <= amount <= MONEY_LIMIT_YUAN for amount in amounts)
            and (self.holding_limit_bp is None or 0 < self.holding_limit_bp <= WHOLE_BP)
            and all(is_known_place(code) for code in self.places)
        )

    @property
    def is_reversed(self) -> bool:
        """Whether the largest ticket is smaller than the smallest one."""
        least, most = self.ticket_min_yuan, self.ticket_max_yuan
        return least is not None and most is not None and most < least


def list_missing(values: MandateValues) -> tuple[str, ...]:
    """The names of the values that a mandate still lacks; () when it can be published."""
    found = {
        "fields": bool(values.fields),
        "stages": bool(values.stages),
        "ticket_min_yuan": values.ticket_min_yuan is not None,
        "ticket_max_yuan": values.ticket_max_yuan is not None,
        "instruments": bool(values.instruments),
    }
    return tuple(name for name, is_there in found.items() if not is_there)


def read_mandate(mandate: Mandate) -> MandateValues:
    """What `mandate` says."""
    return MandateValues(
        fields=tuple(mandate.fields),
        stages=tuple(mandate.stages),
        ticket_min_yuan=mandate.ticket_min_yuan,
        ticket_max_yuan=mandate.ticket_max_yuan,
        places=tuple(mandate.places),
        instruments=tuple(mandate.instruments),
        holding_limit_bp=mandate.holding_limit_bp,
        excluded_topics=tuple(mandate.excluded_topics),
        gate=mandate.gate,
    )
