"""What a profile must say before it can be published: rules over values, without a database."""

from app.profiles.values import (
    CentreValues,
    InvestorValues,
    MentorValues,
    ProviderValues,
    StartupValues,
)
from models.providers import SEED_FUND_FIELDS_LIMIT
from models.vocabulary import InvestorKind

# Shorter than this, a text holds no sentence that could carry a match.
SUMMARY_LEAST = 40


def list_missing_of_startup(values: StartupValues) -> tuple[str, ...]:
    """The names of the values that a startup still lacks; () when it can be published."""
    found = {
        "one_line": bool(values.one_line),
        "description": len(values.description) >= SUMMARY_LEAST,
        "fields": bool(values.fields),
        "languages": bool(values.languages),
    }
    return tuple(name for name, is_there in found.items() if not is_there)


def list_missing_of_provider(values: ProviderValues) -> tuple[str, ...]:
    """The names of the values that a provider still lacks; () when it can be published."""
    found = {
        "headline": bool(values.headline),
        "summary": len(values.summary) >= SUMMARY_LEAST,
        "fields": bool(values.fields),
        "languages": bool(values.languages),
        "capacity": values.capacity > 0,
    }
    match values.extension:
        case MentorValues() as mentor:
            found["hours_per_month"] = mentor.hours_per_month > 0
            found["help_modes"] = bool(mentor.help_modes)
        case InvestorValues() as investor:
            found["ticket_min_yuan"] = investor.ticket_min_yuan is not None
            found["ticket_max_yuan"] = investor.ticket_max_yuan is not None
            found["funding_stages"] = bool(investor.funding_stages)
            found["instruments"] = bool(investor.instruments)
        case CentreValues() as centre:
            found["services"] = bool(centre.services)
    return tuple(name for name, is_there in found.items() if not is_there)


def is_mandate_too_broad(values: ProviderValues) -> bool:
    """Whether a seed fund names more fields than the measures on seed funds allow."""
    return (
        isinstance(values.extension, InvestorValues)
        and values.extension.investor_kind is InvestorKind.SEED_FUND
        and len(values.fields) > SEED_FUND_FIELDS_LIMIT
    )


def is_ticket_range_reversed(values: ProviderValues) -> bool:
    """Whether an investor's largest ticket is smaller than the smallest one."""
    match values.extension:
        case InvestorValues(ticket_min_yuan=int(least), ticket_max_yuan=int(most)):
            return most < least
    return False
