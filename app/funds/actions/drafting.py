"""The draft of a mandate: begun, changed, discarded. A published version is never changed."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.funds.actions.versions import (
    find_in_state,
    get_next_number,
    lock_draft,
    lock_versions,
    record_act,
)
from app.funds.errors import DraftExists, MandateUnfit, TicketReversed, TooManyFields
from app.funds.values import MandateValues
from models.funds import PLACES_LIMIT, Mandate
from models.providers import SEED_FUND_FIELDS_LIMIT, Provider
from models.vocabulary import InvestorKind


def draft_mandate(
    session: Session, *, provider: Provider, values: MandateValues, actor: Actor, at: datetime
) -> Mandate:
    """The next version of the mandate of `provider`, as a draft that nobody else sees.

    Raises NotPermitted, DraftExists, TooManyFields, TicketReversed, MandateUnfit.
    """
    require(actor, "mandate:draft", provider)
    _check(provider, values)
    lock_versions(session, provider)
    if find_in_state(session, provider, "draft") is not None:
        raise DraftExists
    mandate = Mandate(
        provider=provider,
        number=get_next_number(session, provider),
        state="draft",
        created_at=at,
        updated_at=at,
    )
    _set_values(mandate, values)
    session.add(mandate)
    session.flush()
    record_act(session, mandate, "mandate_drafted", by=actor, at=at)
    return mandate


def edit_mandate(
    session: Session,
    *,
    mandate: Mandate,
    values: MandateValues,
    version: int,
    actor: Actor,
    at: datetime,
) -> None:
    """The draft `mandate` says what `values` say.

    Raises NotPermitted, MandateFixed for what was published, ChangedMeanwhile when the row is not
    the `version` that was edited, TooManyFields, TicketReversed, MandateUnfit.
    """
    require(actor, "mandate:edit", mandate)
    _check(mandate.provider, values)
    lock_draft(session, mandate, version)
    _set_values(mandate, values)
    mandate.updated_at = at
    session.flush()
    record_act(session, mandate, "mandate_edited", by=actor, at=at)


def discard_mandate(session: Session, *, mandate: Mandate, actor: Actor, at: datetime) -> None:
    """The draft is gone; its number is given to the next one. Raises NotPermitted, MandateFixed."""
    require(actor, "mandate:edit", mandate)
    lock_draft(session, mandate, mandate.version)
    record_act(session, mandate, "mandate_discarded", by=actor, at=at)
    session.delete(mandate)
    session.flush()


def _check(provider: Provider, values: MandateValues) -> None:
    if not values.is_possible or len(values.places) > PLACES_LIMIT:
        raise MandateUnfit
    if values.is_reversed:
        raise TicketReversed
    if is_too_broad(provider, values):
        raise TooManyFields(limit=SEED_FUND_FIELDS_LIMIT)


def is_too_broad(provider: Provider, values: MandateValues) -> bool:
    """Whether this is a seed fund with more fields than the measures on seed funds allow."""
    investor = provider.investor
    is_seed = investor is not None and investor.investor_kind is InvestorKind.SEED_FUND
    return is_seed and len(set(values.fields)) > SEED_FUND_FIELDS_LIMIT


def _set_values(mandate: Mandate, values: MandateValues) -> None:
    mandate.fields = list(values.fields)
    mandate.stages = list(values.stages)
    mandate.ticket_min_yuan = values.ticket_min_yuan
    mandate.ticket_max_yuan = values.ticket_max_yuan
    mandate.places = list(values.places)
    mandate.instruments = list(values.instruments)
    mandate.holding_limit_bp = values.holding_limit_bp
    mandate.excluded_topics = list(values.excluded_topics)
    mandate.gate = values.gate
