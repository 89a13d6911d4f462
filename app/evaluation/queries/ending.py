"""What was said at the end of one engagement, as its viewer may read it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, get_side, is_permitted
from app.engagements.queries import find_engagement
from app.evaluation.rules import REVEALED_AFTER, is_in_time, is_revealed, was_engaged
from app.evaluation.values import EndFeedback, EndFeedbackView, GivenFeedback
from models.engagements import Engagement
from models.evaluation import EngagementFeedback, FitAnswer
from models.evaluation_codes import Fit
from models.vocabulary import Side


def find_ended(session: Session, public_id: str) -> Engagement | None:
    """The engagement with this public id, once it is over after it was accepted."""
    engagement = find_engagement(session, public_id)
    return engagement if engagement is not None and was_engaged(engagement) else None


def list_given(session: Session, engagement: Engagement) -> list[EngagementFeedback]:
    """What was said of `engagement`, the first to speak first."""
    return list(
        session.scalars(
            select(EngagementFeedback)
            .where(EngagementFeedback.engagement_id == engagement.id)
            .order_by(EngagementFeedback.given_at, EngagementFeedback.id)
        )
    )


def find_fit(session: Session, engagement: Engagement, side: Side) -> Fit | None:
    """What `side` said of the fit after the first meeting."""
    answer = session.get(FitAnswer, (engagement.id, side))
    return answer.fit if answer else None


def get_end_feedback(
    session: Session, engagement: Engagement, viewer: Actor, *, at: datetime
) -> EndFeedbackView:
    """What `viewer`, who may view the engagement, reads of it and may say at `at`.

    A side reads its own, and the other's ratings once they are revealed; comments are for the
    operators of the incubator, and for who wrote them.
    """
    side = get_side(viewer, engagement)
    given = list_given(session, engagement)
    revealed = is_revealed(given, at)
    reads_comments = is_permitted(viewer, "engagement_feedback:read_comments", engagement)
    shown = tuple(
        _view(each, with_comment=reads_comments or each.side is side)
        for each in given
        if revealed or each.side is side or (side is None and reads_comments)
    )
    can_give = (
        not revealed and was_engaged(engagement) and (bool(given) or is_in_time(engagement, at))
    )
    return EndFeedbackView(
        own=next((each for each in shown if each.side is side), None),
        shown=shown,
        gave=frozenset(each.side for each in given),
        is_revealed=revealed,
        may_give=can_give and is_permitted(viewer, "engagement_feedback:give", engagement),
        closes_at=given[0].given_at + REVEALED_AFTER if given else None,
    )


def _view(row: EngagementFeedback, *, with_comment: bool) -> GivenFeedback:
    return GivenFeedback(
        side=row.side,
        said=EndFeedback(
            usefulness=row.usefulness,
            understanding=row.understanding,
            reliability=row.reliability,
            goal_reached=row.goal_reached,
            would_meet_again=row.would_meet_again,
            comment=row.comment if with_comment else "",
        ),
        given_at=row.given_at,
        version=row.version,
    )
