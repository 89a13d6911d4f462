"""What an erasure does with matches: they quote both sides, and go with either."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.leaving import Erasing, Leaving, Traces
from models.matches import Match, MatchRun
from models.needs import Need


def find_traces(session: Session, leaving: Leaving) -> Traces:
    """Nothing leads to a match that does not lead to its need or provider."""
    return Traces()


def erase_traces(session: Session, leaving: Leaving) -> Sequence[str]:
    """No match of a provider who goes, and no run for a need of a startup that goes."""
    needs = select(Need.id).where(Need.startup_id.in_(leaving.startup_ids))
    session.execute(delete(Match).where(Match.provider_id.in_(leaving.provider_ids)))
    session.execute(
        delete(MatchRun)
        .where(MatchRun.need_id.in_(needs))
        .execution_options(synchronize_session="fetch")
    )
    return ()


ERASING = Erasing(find_traces, erase_traces)
