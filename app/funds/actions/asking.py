"""What a need asks of one fund."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.audit import record
from app.funds.errors import AskUnfit, NoMoneySought
from app.mandates.seeking import get_amount
from app.mandates.values import AskValues
from app.transactions import hold
from app.words.limits import MONEY_LIMIT_YUAN
from models.funds import WHOLE_BP, SoughtFunding
from models.needs import Need
from models.vocabulary import NeedKind


def state_ask(
    session: Session, *, need: Need, values: AskValues, actor: Actor, at: datetime
) -> SoughtFunding:
    """`need` asks of one fund what `values` say, from now on.

    Raises NotPermitted, NoMoneySought for a need of another kind, AskUnfit when the parts are not
    smaller than the amount that the need says, or cannot be.
    """
    require(actor, "fund:ask", need)
    if need.kind is not NeedKind.FUNDING:
        raise NoMoneySought
    _check(values, get_amount(need))
    # Two forms sent at the same moment wait for each other here.
    hold(session, need)
    ask = session.get(SoughtFunding, need.id, populate_existing=True)
    if ask is None:
        ask = SoughtFunding(need_id=need.id)
        session.add(ask)
    ask.raised_yuan = values.raised_yuan
    ask.least_part_yuan = values.least_part_yuan
    ask.share_bp = values.share_bp
    ask.shows_gate = values.shows_gate
    ask.updated_at = at
    session.flush()
    record(
        session,
        actor=actor,
        kind="funding_asked",
        subject=need,
        at=at,
        incubator_id=need.startup.incubator_id,
    )
    return ask


def _check(values: AskValues, amount: int | None) -> None:
    parts = (values.raised_yuan, values.least_part_yuan)
    if any(part is not None and not 0 <= part <= MONEY_LIMIT_YUAN for part in parts):
        raise AskUnfit
    share = values.share_bp
    if values.least_part_yuan == 0 or (share is not None and not 0 < share <= WHOLE_BP):
        raise AskUnfit
    if amount is not None and values.raised_yuan + (values.least_part_yuan or 0) > amount:
        raise AskUnfit
