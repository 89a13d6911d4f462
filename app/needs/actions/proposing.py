"""Conditions that were read in a need's text: taken over or dismissed, each by its founder."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.errors import ChangedMeanwhile
from app.needs.errors import ConditionUnreadable
from app.needs.trace import record_act, touch
from app.needs.values import is_condition
from models.needs import DismissedProposal, Need, NeedCondition
from models.vocabulary import ConditionAttribute, ProposalAnswer


def answer_proposal(
    session: Session,
    *,
    need: Need,
    attribute: ConditionAttribute,
    values: Sequence[str],
    answer: ProposalAnswer,
    version: int | None,
    actor: Actor,
    at: datetime,
) -> None:
    """The need has the condition, preferred or required; or it is not proposed again.

    A condition on the same attribute is replaced. Raises ConditionUnreadable, and ChangedMeanwhile
    when the need is not the `version` that was read (None asks for none).
    """
    require(actor, "need:edit", need)
    if version is not None and need.version != version:
        raise ChangedMeanwhile
    if not is_condition(attribute, tuple(values)):
        raise ConditionUnreadable
    is_dismissed = answer is ProposalAnswer.DISMISS
    if is_dismissed:
        _dismiss(need, attribute, values, at)
    else:
        _take_over(need, attribute, values, is_hard=answer is ProposalAnswer.REQUIRE)
    touch(need, at)
    session.flush()
    record_act(
        session,
        need,
        "need_condition_dismissed" if is_dismissed else "need_condition_taken",
        actor=actor,
        at=at,
        detail={"attribute": attribute.value, "answer": answer.value},
    )


def _take_over(
    need: Need, attribute: ConditionAttribute, values: Sequence[str], *, is_hard: bool
) -> None:
    for each in need.conditions:
        if each.attribute is attribute:
            each.values, each.is_hard = list(values), is_hard
            return
    need.conditions.append(NeedCondition(attribute=attribute, values=list(values), is_hard=is_hard))


def _dismiss(
    need: Need, attribute: ConditionAttribute, values: Sequence[str], at: datetime
) -> None:
    for each in need.dismissed_proposals:
        if each.attribute is attribute:
            each.values, each.dismissed_at = list(values), at
            return
    need.dismissed_proposals.append(
        DismissedProposal(attribute=attribute, values=list(values), dismissed_at=at)
    )
