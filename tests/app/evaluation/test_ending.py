"""What both sides say at the end: revealed together, and nothing to be told from before."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor
from app.engagements.actions import engagements
from app.errors import ChangedMeanwhile, OutOfOrder
from app.evaluation import queries
from app.evaluation.actions import ending
from app.evaluation.errors import FeedbackRevealed, FeedbackTooLate
from app.evaluation.values import EndFeedback
from models.engagements import Engagement
from models.evaluation_codes import Fit, GoalReached
from models.notices import Notice
from models.vocabulary import Side
from models.webhooks import WebhookEvent
from tests.app.engagements.scenes import LATER, Scene, hold, judge, make_accepted, make_scene
from tests.app.webhooks.wanting import list_events, want_everything
from tests.factories import AT, make_engagement, make_need
from tests.waiting import make_lister

list_waiting = make_lister("evaluation")

pytestmark = pytest.mark.engagements

END = LATER + timedelta(days=1)
DAY = timedelta(days=1)


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene(session)


@pytest.fixture
def engagement(session: Session, scene: Scene) -> Engagement:
    """One that was held and completed."""
    engagement = make_accepted(session, scene)
    hold(session, scene, engagement)
    engagement.state = "active"
    engagements.complete(session, engagement=engagement, actor=scene.by_founder, at=END)
    return engagement


def say(
    session: Session,
    engagement: Engagement,
    actor: Actor,
    usefulness: int = 4,
    *,
    version: int = 0,
    at: object = END,
) -> None:
    ending.give_end_feedback(
        session,
        engagement=engagement,
        said=EndFeedback(
            usefulness=usefulness,
            goal_reached=GoalReached.PARTLY,
            would_meet_again=True,
            comment="Commentword",
        ),
        version=version,
        actor=actor,
        at=at,  # type: ignore[arg-type]
    )


def read(
    session: Session, engagement: Engagement, actor: Actor, at: object = END
) -> list[tuple[Side, int, str]]:
    view = queries.get_end_feedback(session, engagement, actor, at=at)  # type: ignore[arg-type]
    return [(each.side, each.said.usefulness, each.said.comment) for each in view.shown]


@pytest.mark.privacy
def test_both_read_at_the_same_time_and_operators_alone_read_comments(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    say(session, engagement, scene.by_founder, 2)
    assert read(session, engagement, scene.by_mentor) == []
    assert read(session, engagement, scene.by_founder) == [(Side.STARTUP, 2, "Commentword")]
    # Changed until it is revealed; nobody overwrites what they have not read.
    with pytest.raises(ChangedMeanwhile):
        say(session, engagement, scene.by_founder, 3)
    want_everything(session, scene.incubator)
    say(session, engagement, scene.by_founder, 3, version=1)
    figures = queries.evaluate(session, [scene.provider], at=END)[scene.provider.id]
    assert (figures.ratings, figures.goals_told) == (0, 0)
    say(session, engagement, scene.by_mentor, 5)
    assert read(session, engagement, scene.by_mentor) == [
        (Side.STARTUP, 3, ""),
        (Side.PROVIDER, 5, "Commentword"),
    ]
    assert [comment for _, _, comment in read(session, engagement, scene.by_operator)] == [
        "Commentword",
        "Commentword",
    ]
    for actor, version in ((scene.by_founder, 2), (scene.by_mentor, 1)):
        with pytest.raises(FeedbackRevealed):
            say(session, engagement, actor, version=version)
    figures = queries.evaluate(session, [scene.provider], at=END)[scene.provider.id]
    assert (figures.ratings, figures.rating, figures.goals_partly) == (1, 3, 1)
    kinds = session.scalars(select(Notice.kind).order_by(Notice.id)).all()
    assert kinds[-2:] == ["end_feedback_wanted", "end_feedback_revealed"]
    told = [WebhookEvent.FEEDBACK_GIVEN, WebhookEvent.FEEDBACK_REVEALED]
    assert list_events(session) == told


def test_after_seven_days_one_side_alone_is_read(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    say(session, engagement, scene.by_founder)
    assert read(session, engagement, scene.by_mentor, END + 7 * DAY - timedelta(minutes=1)) == []
    assert read(session, engagement, scene.by_mentor, END + 7 * DAY) == [(Side.STARTUP, 4, "")]
    # Whoever could read the other side first does not answer it.
    with pytest.raises(FeedbackRevealed):
        say(session, engagement, scene.by_mentor, at=END + 7 * DAY)


def test_only_what_was_accepted_and_is_over_is_judged_and_in_time(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    running = make_engagement(
        session, make_need(session, scene.startup, title="B"), scene.provider, state="accepted"
    )
    with pytest.raises(OutOfOrder):
        say(session, running, scene.by_founder)
    with pytest.raises(FeedbackTooLate):
        say(session, engagement, scene.by_founder, at=END + 61 * DAY)


def test_what_waits(session: Session, scene: Scene, engagement: Engagement) -> None:
    def wait(actor: Actor, days: int = 0) -> list[str]:
        return [each.kind for each in list_waiting(session, actor, END + days * DAY)]

    assert wait(scene.by_founder) == wait(scene.by_mentor) == ["end_feedback_to_give"]
    say(session, engagement, scene.by_founder)
    assert (wait(scene.by_founder), wait(scene.by_mentor)) == ([], ["end_feedback_to_give"])
    assert wait(scene.by_mentor, 7) == []


def test_who_does_not_fit_is_told_to_the_operators_alone(session: Session, scene: Scene) -> None:
    engagement = make_accepted(session, scene)
    with pytest.raises(OutOfOrder):
        ending.answer_fit(
            session, engagement=engagement, fit=Fit.GOOD, actor=scene.by_founder, at=AT
        )
    held = hold(session, scene, engagement)
    at = held.ends_at
    waiting = [each.kind for each in list_waiting(session, scene.by_founder, at)]
    assert waiting == ["fit_to_tell"]
    for fit in (Fit.POOR, Fit.UNSURE):
        ending.answer_fit(session, engagement=engagement, fit=fit, actor=scene.by_founder, at=at)
    assert queries.find_fit(session, engagement, Side.STARTUP) is Fit.UNSURE
    told = session.scalars(select(Notice.person_id).where(Notice.kind == "fit_is_poor")).all()
    assert told == [scene.operator.id]
    assert list(list_waiting(session, scene.by_founder, at)) == []


def test_ratings_of_meetings_count_once_both_have_spoken(session: Session, scene: Scene) -> None:
    engagement = make_accepted(session, scene)
    held = hold(session, scene, engagement)
    judge(session, held, scene.by_founder, rating=5)

    def evaluate() -> tuple[int, int, float, int]:
        found = queries.evaluate(session, [scene.provider], at=held.ends_at)[scene.provider.id]
        return (found.ratings, found.sessions, found.hours, found.startups)

    assert evaluate() == (0, 1, 1.0, 1)
    judge(session, held, scene.by_mentor, rating=3)
    assert evaluate() == (1, 1, 1.0, 1)
