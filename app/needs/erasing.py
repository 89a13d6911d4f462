"""What an erasure does with needs: those of a startup that goes are emptied and closed."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.leaving import ERASED, Erasing, Leaving, Traces
from models.lifecycle import NEED
from models.needs import DismissedProposal, Need, NeedCondition, ReadingCorrection


def find_traces(session: Session, leaving: Leaving) -> Traces:
    """How many needs there are."""
    theirs = select(func.count()).where(Need.startup_id.in_(leaving.startup_ids))
    return Traces(counts={"needs": session.scalar(theirs) or 0})


def erase_traces(session: Session, leaving: Leaving) -> Sequence[str]:
    """Rows are left for the engagements that came of them, without what was asked for."""
    needs = session.scalars(select(Need).where(Need.startup_id.in_(leaving.startup_ids))).all()
    ids = [need.id for need in needs]
    for model in (NeedCondition, ReadingCorrection, DismissedProposal):
        session.execute(delete(model).where(model.need_id.in_(ids)))
    for need in needs:
        if need.state != "closed":
            need.state = NEED.follow("close", need.state)
        need.title, need.text = ERASED, ""
    session.flush()
    for need in needs:
        session.expire(need, ["conditions", "corrections", "dismissed_proposals"])
    return ()


ERASING = Erasing(find_traces, erase_traces)
