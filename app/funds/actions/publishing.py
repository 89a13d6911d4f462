"""A version of a mandate is published and replaces the one before, or is withdrawn."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.errors import NotFound
from app.funds.actions.drafting import is_too_broad
from app.funds.actions.versions import find_in_state, lock_draft, lock_versions, record_act
from app.funds.errors import MandateIncomplete, TooManyFields
from app.funds.following import follow_mandate, follow_withdrawal
from app.funds.values import list_missing, read_mandate
from models.funds import Mandate
from models.lifecycle import MANDATE
from models.providers import SEED_FUND_FIELDS_LIMIT
from models.revisions import mark_changed


def publish_mandate(
    session: Session, *, mandate: Mandate, version: int, actor: Actor, at: datetime
) -> None:
    """Needs are judged by `mandate` from now on; the version before stays on record as it was.

    Founders who have asked the fund are told where that turns what it says of their need.

    Raises NotPermitted, MandateFixed, ChangedMeanwhile, MandateIncomplete, TooManyFields (the
    investor may have become a seed fund meanwhile).
    """
    require(actor, "mandate:publish", mandate)
    lock_draft(session, mandate, version)
    values = read_mandate(mandate)
    if missing := list_missing(values):
        raise MandateIncomplete(missing=", ".join(missing))
    if is_too_broad(mandate.provider, values):
        raise TooManyFields(limit=SEED_FUND_FIELDS_LIMIT)
    before = find_in_state(session, mandate.provider, "published")
    if before is not None:
        before.state = MANDATE.follow("replace", before.state)
        before.ended_at = at
        # The place of the published one is free before the next one takes it.
        session.flush()
    mandate.state = MANDATE.follow("publish", mandate.state)
    mandate.published_at = at
    mandate.updated_at = at
    session.flush()
    mark_changed(session, mandate.provider_id, standing_only=True)
    record_act(session, mandate, "mandate_published", by=actor, at=at)
    follow_mandate(session, before, mandate, at=at)


def withdraw_mandate(session: Session, *, mandate: Mandate, actor: Actor, at: datetime) -> None:
    """No need is judged by `mandate` any more; founders who have asked the fund, or passed by what
    they have proven, are told. Raises NotPermitted, ActionNotAllowed.
    """
    require(actor, "mandate:publish", mandate)
    lock_versions(session, mandate.provider)
    present = session.scalar(
        select(Mandate).where(Mandate.id == mandate.id).execution_options(populate_existing=True)
    )
    if present is None:
        raise NotFound
    present.state = MANDATE.follow("withdraw", present.state)
    present.ended_at = at
    present.updated_at = at
    session.flush()
    mark_changed(session, present.provider_id, standing_only=True)
    record_act(session, present, "mandate_withdrawn", by=actor, at=at)
    follow_withdrawal(session, present, at=at)
