"""Few answers carry nobody far, everybody sees what their figures are made of, and can object."""

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.errors import NotFound, NotPermitted
from app.evaluation import queries
from app.evaluation.actions import objecting
from app.evaluation.errors import NotInPool, ObjectionOpen
from app.evaluation.shrinking import PRIOR_MEAN, shrink
from app.evaluation.words import NOTICES
from app.extensions import db
from models.evaluation import EngagementFeedback, EvaluationObjection
from models.evaluation_codes import EvaluationFigure, GoalReached
from models.lifecycle import ActionNotAllowed
from models.notices import Notice
from models.pools import PoolEntry
from models.providers import Provider
from models.vocabulary import ProviderKind, Side
from tests.app.engagements.scenes import Scene, make_scene
from tests.app.engagements.sites import Site
from tests.factories import AT, admit, make_engagement, make_incubator, make_need
from tests.notice_words import expect_words
from tests.waiting import make_lister

list_waiting = make_lister("evaluation")

pytestmark = pytest.mark.engagements

RATINGS = st.integers(1, 5)


@settings(max_examples=60, deadline=None)
@given(st.integers(40, 400), st.floats(4.8, 5.0))
def test_one_five_never_outranks_forty_of_four_point_eight(count: int, mean: float) -> None:
    assert shrink([5]) < shrink([mean] * count)


@settings(max_examples=60, deadline=None)
@given(st.lists(RATINGS, min_size=1, max_size=80), RATINGS)
def test_a_weighed_rating_lies_between_and_follows_each_answer(
    ratings: list[int], more: int
) -> None:
    weighed, mean = shrink(ratings), sum(ratings) / len(ratings)
    assert min(mean, PRIOR_MEAN) - 1e-9 <= weighed <= max(mean, PRIOR_MEAN) + 1e-9
    after = shrink([*ratings, more])
    assert after == pytest.approx(weighed) or (after > weighed) == (more > weighed)
    assert shrink([]) == PRIOR_MEAN


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene(session)


def rate(session: Session, scene: Scene, provider: Provider, *ratings: int) -> None:
    """Engagements with `provider` that are over, and revealed, each with one rating."""
    for rating in ratings:
        engagement = make_engagement(
            session,
            make_need(session, scene.startup),
            provider,
            state="completed",
            answered_at=AT + timedelta(hours=5),
            closed_at=AT,
        )
        session.add(
            EngagementFeedback(
                engagement=engagement,
                side=Side.STARTUP,
                usefulness=rating,
                goal_reached=GoalReached.YES,
                would_meet_again=True,
                given_at=AT - timedelta(days=8),
            )
        )
    session.flush()


def test_the_pool_is_sorted_by_the_weighed_rating_in_the_same_queries(
    session: Session, scene: Scene
) -> None:
    from tests.factories import make_mentor

    newcomer, steady = make_mentor(session), make_mentor(session)
    admit(session, scene.incubator, newcomer)
    rate(session, scene, newcomer, 5)
    counts = []

    def count_queries() -> list[Provider]:
        asked: list[str] = []
        connection = session.connection()
        watch = lambda *args: asked.append(args[2])  # noqa: E731 (removed below)
        event.listen(connection, "before_cursor_execute", watch)
        rows = queries.list_pool(session, scene.incubator, at=AT)
        event.remove(connection, "before_cursor_execute", watch)
        counts.append(len(asked))
        return [provider for provider, _ in rows]

    assert count_queries() == [newcomer, scene.provider]
    admit(session, scene.incubator, steady)
    rate(session, scene, steady, 5, 5, 5, 5, 4)
    assert count_queries() == [steady, newcomer, scene.provider]
    assert counts[0] == counts[1] <= 7
    figures = queries.evaluate(session, [steady], at=AT)[steady.id]
    assert (figures.rating, figures.answer_rate, figures.answer_hours) == (4.8, 1.0, 5.0)
    parts = queries.list_contributions(session, steady, at=AT)
    assert sorted(rating for part in parts for rating in part.ratings) == [4, 5, 5, 5, 5]


def test_an_objection_is_answered_with_words(app: Flask, session: Session, scene: Scene) -> None:
    def object_to(**values: object) -> EvaluationObjection:
        given = {
            "provider": scene.provider,
            "incubator": scene.incubator,
            "figure": EvaluationFigure.ANSWERS,
            "words": "I was on leave, which you knew.",
            "actor": scene.by_mentor,
            "at": AT,
        } | values
        # What a figure is called is kept in both languages, which takes an application.
        with app.app_context():
            return objecting.object_to_figure(session, **given)  # type: ignore[arg-type]

    with pytest.raises(NotInPool):
        object_to(incubator=make_incubator(session))
    with pytest.raises((NotPermitted, NotFound)):
        object_to(actor=scene.by_founder)
    objection = object_to()
    with pytest.raises(ObjectionOpen):
        object_to()
    waiting = [each.kind for each in list_waiting(session, scene.by_operator, AT)]
    assert waiting == ["objection_to_answer"]
    with pytest.raises(NotPermitted):
        objecting.answer_objection(
            session, objection=objection, answer="Mine", actor=scene.by_mentor, at=AT
        )
    with app.app_context():
        objecting.answer_objection(
            session, objection=objection, answer="Mended.", actor=scene.by_operator, at=AT
        )
    with pytest.raises(ActionNotAllowed):
        objecting.withdraw_objection(session, objection=objection, actor=scene.by_mentor, at=AT)
    told = session.scalars(
        select(Notice.person_id).where(Notice.kind == "objection_answered")
    ).all()
    assert told == [scene.mentor.id]
    figure = {"en": ["“Answers to requests”"], "zh_Hans_CN": ["“对请求的答复”"]}
    for kind in ("evaluation_objected", "objection_answered"):
        expect_words(app, session, NOTICES, kind, figure)
    again = object_to(words="It still does.")
    objecting.withdraw_objection(session, objection=again, actor=scene.by_mentor, at=AT)
    assert list(list_waiting(session, scene.by_operator, AT)) == []


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_pages_and_programs(app: Flask) -> None:
    site = Site(app)
    mentor_id = site.providers[ProviderKind.MENTOR]
    founder, mentor, operator = (
        site.browse(who) for who in ("founder", ProviderKind.MENTOR, "operator")
    )
    site.ask(ProviderKind.MENTOR)
    with app.app_context():
        from models.engagements import Engagement
        from models.organisations import Incubator

        engagement = db.session.scalars(select(Engagement)).one()
        own = engagement.public_id
        engagement.state = "active"
        engagement.answered_at = engagement.requested_at
        db.session.add(
            PoolEntry(
                incubator=db.session.scalars(select(Incubator)).one(),
                provider=engagement.provider,
                state="admitted",
                created_at=AT,
                changed_at=AT,
            )
        )
        db.session.commit()
    asked = founder.get(f"/engagements/{own}/fit").text
    assert "Do you and None" not in asked and "fit together?</h1>" in asked
    assert founder.post(f"/engagements/{own}/fit", data={}).status_code == 422
    # There was no meeting yet.
    assert founder.post(f"/engagements/{own}/fit", data={"fit": "poor"}).status_code == 409
    founder.post(f"/engagements/{own}/cancel", data={"reason": "Thank you all the same"})
    where = f"/engagements/{own}/end-feedback"
    page = founder.get(where).text
    # Nothing is ticked beforehand.
    assert "checked" not in page
    assert founder.post(where, data={}).status_code == 422
    said = {"usefulness": "4", "goal_reached": "yes", "would_meet_again": "no", "comment": "Hush"}
    assert founder.post(where, data=said).status_code == 303
    assert "Hush" in founder.get(where).text
    assert "Hush" not in mentor.get(where).text
    program = site.program(ProviderKind.MENTOR)
    body = {"usefulness": 5, "goal_reached": "partly", "would_meet_again": True}
    seen = program.post(where, body).json
    assert [(each["side"], each["comment"]) for each in seen["feedback"]] == [
        ("startup", ""),
        ("provider", ""),
    ]
    assert "Hush" in operator.get(where).text
    assert program.post(where, body).status_code == 409
    evaluation = f"/providers/{mentor_id}/evaluation"
    assert "too few for an average" in founder.get(evaluation).text
    assert "What they are made of" in mentor.get(evaluation).text
    assert "Weighed rating" in operator.get(evaluation).text
    assert "Weighed rating" in operator.get(f"/incubators/{site.incubator}/evaluations").text
    figures = program.get(evaluation).json
    assert (figures["ratings"], figures["figures"]["asked"]) == (1, 1)
    assert site.program("founder").get(evaluation).json["figures"] is None
    objected = {"figure": "feedback", "incubator": site.incubator, "words": "Not a meeting"}
    objections = f"/providers/{mentor_id}/objections"
    assert mentor.post(objections, data={}).status_code == 422
    assert mentor.post(objections, data=objected).status_code == 303
    with app.app_context():
        number = db.session.scalars(select(EvaluationObjection.public_id)).one()
    assert "Not a meeting" in operator.get(f"/objections/{number}").text
    assert founder.get(f"/objections/{number}").status_code == 404
    answered = operator.post(f"/objections/{number}/answer", data={"answer": "Looked into"})
    assert answered.status_code == 303
    assert "Looked into" in mentor.get(evaluation).text
    assert program.get(f"/objections/{number}").json["state"] == "answered"
