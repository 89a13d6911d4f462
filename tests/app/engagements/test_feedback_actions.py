"""Feedback: once a side, after the session, and no more read than is meant."""

import pytest
from sqlalchemy.orm import Session

from app.access import Actor
from app.engagements import queries
from app.engagements.errors import FeedbackAlreadyGiven, RatingInvalid
from app.engagements.queries.shapes import FeedbackView
from app.errors import NotPermitted, OutOfOrder
from models.engagements import CoachingSession
from models.providers import Provider
from models.vocabulary import Side
from tests.app.engagements.scenes import (
    Scene,
    hold,
    judge,
    make_accepted,
    make_scene,
    plan,
)

pytestmark = pytest.mark.engagements


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene(session)


@pytest.fixture
def held(session: Session, scene: Scene) -> CoachingSession:
    return hold(session, scene, make_accepted(session, scene))


def read(session: Session, held: CoachingSession, viewer: Actor) -> list[FeedbackView]:
    view = queries.get_engagement_view(session, held.engagement, viewer, at=held.ends_at)
    return [each for one in view.sessions for each in one.feedback]


def test_feedback_stands_once(session: Session, scene: Scene, held: CoachingSession) -> None:
    given = judge(session, held, scene.by_founder, rating=2, preparation=None)
    assert (given.side, given.author_id, given.rating) == (Side.STARTUP, scene.founder.id, 2)
    with pytest.raises(FeedbackAlreadyGiven):
        judge(session, held, scene.by_founder)
    with pytest.raises(FeedbackAlreadyGiven):
        judge(session, held, scene.by_operator_for(scene.founder))


@pytest.mark.parametrize("values", [{"rating": 0}, {"rating": 6}, {"preparation": 0}])
def test_ratings_run_from_one_to_five(
    session: Session, scene: Scene, held: CoachingSession, values: dict[str, int]
) -> None:
    with pytest.raises(RatingInvalid):
        judge(session, held, scene.by_founder, **values)


def test_only_what_was_held_is_judged(session: Session, scene: Scene) -> None:
    planned = plan(session, make_accepted(session, scene), scene.by_founder)
    with pytest.raises(OutOfOrder):
        judge(session, planned, scene.by_founder)


def test_a_rating_by_the_startup_reaches_matching(
    session: Session, scene: Scene, held: CoachingSession
) -> None:
    session.commit()
    before = session.get_one(Provider, scene.provider.id).revision
    judge(session, held, scene.by_mentor)
    session.commit()
    assert session.get_one(Provider, scene.provider.id).revision == before
    judge(session, held, scene.by_founder)
    session.commit()
    assert session.get_one(Provider, scene.provider.id).revision > before


@pytest.mark.permissions
def test_onlookers_judge_nothing(session: Session, scene: Scene, held: CoachingSession) -> None:
    with pytest.raises(NotPermitted):
        judge(session, held, scene.by_operator)


@pytest.mark.privacy
def test_the_other_side_is_read_after_speaking(
    session: Session, scene: Scene, held: CoachingSession
) -> None:
    judge(session, held, scene.by_founder, comment="He was late.")
    assert [each.comment for each in read(session, held, scene.by_founder)] == ["He was late."]
    assert read(session, held, scene.by_mentor) == []
    assert [each.comment for each in read(session, held, scene.by_operator)] == ["He was late."]
    judge(session, held, scene.by_mentor, comment="They were prepared.")
    # Comments are for the operators, and for who wrote them.
    for viewer, comments in (
        (scene.by_founder, ["He was late.", ""]),
        (scene.by_mentor, ["", "They were prepared."]),
        (scene.by_operator, ["He was late.", "They were prepared."]),
    ):
        assert [each.comment for each in read(session, held, viewer)] == comments


@pytest.mark.privacy
def test_private_notes_are_for_their_author_in_person(
    session: Session, scene: Scene, held: CoachingSession
) -> None:
    judge(session, held, scene.by_founder, private_note="Ask someone else next time.")
    judge(session, held, scene.by_mentor, private_note="Good team.")
    expected = {
        scene.by_founder: ["Ask someone else next time.", ""],
        scene.by_mentor: ["", "Good team."],
        scene.by_operator: ["", ""],
        scene.by_operator_for(scene.founder): ["", ""],
    }
    for viewer, notes in expected.items():
        assert [each.private_note for each in read(session, held, viewer)] == notes


@pytest.mark.privacy
def test_nobody_writes_a_private_note_for_another(
    session: Session, scene: Scene, held: CoachingSession
) -> None:
    with pytest.raises(NotPermitted):
        judge(session, held, scene.by_operator_for(scene.founder), private_note="Not mine")
    assert judge(session, held, scene.by_operator_for(scene.founder)).private_note == ""
