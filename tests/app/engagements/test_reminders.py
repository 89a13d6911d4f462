"""Whose turn it is to answer a request is reminded once, while there is time."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Installation
from app.engagements.actions import engagements as actions
from app.engagements.actions import questions
from app.engagements.actions.reminders import remind_due
from app.engagements.jobs import remind_of_requests
from app.engagements.working_time import add_working_hours
from app.errors import NotPermitted
from app.extensions import db
from models.engagements import Engagement
from models.notices import Notice
from models.vocabulary import Release
from tests.app.engagements.scenes import ask, make_scene
from tests.factories import AT

pytestmark = pytest.mark.engagements


def remind(session: Session, at: datetime) -> list[tuple[str, str]]:
    """Who is told what at `at` that was not told before."""
    known = set(session.scalars(select(Notice.id)))
    remind_due(session, actor=Installation.CLOCK, at=at, limit=20)
    fresh = session.scalars(select(Notice).where(Notice.id.not_in(known)).order_by(Notice.id))
    return [(notice.person.name, notice.kind) for notice in fresh]


def test_the_provider_is_reminded_once_when_two_thirds_of_its_time_are_over(
    session: Session,
) -> None:
    scene = make_scene(session)
    engagement = ask(session, scene)
    mentor = scene.mentor.name
    due = add_working_hours(AT, 48)
    assert engagement.answer_due_at == add_working_hours(AT, 72)
    assert remind(session, due - timedelta(minutes=1)) == []
    assert remind(session, due) == [(mentor, "engagement_waits")]
    assert remind(session, due + timedelta(minutes=5)) == []


def test_nothing_is_said_that_the_founder_has_not_released(session: Session) -> None:
    scene = make_scene(session)
    ask(session, scene, released=[Release.STARTUP_NAME])
    assert remind(session, AT + timedelta(days=10)) == []
    other = ask(session, make_scene(session), released=[])
    (told,) = remind(session, other.answer_due_at - timedelta(minutes=1))
    assert told[1] == "engagement_waits_sealed"
    notice = session.scalars(select(Notice).order_by(Notice.id.desc())).first()
    assert notice is not None
    assert not {"startup", "need"} & notice.facts.keys()


def test_a_question_back_turns_the_reminder_to_the_startup_and_a_reply_back(
    session: Session,
) -> None:
    scene = make_scene(session)
    engagement = ask(session, scene)
    asked_at = AT + timedelta(hours=40)
    questions.ask_back(
        session, engagement=engagement, question="Which step?", actor=scene.by_mentor, at=asked_at
    )
    assert remind(session, add_working_hours(AT, 50)) == []
    turn = add_working_hours(asked_at, 48)
    assert remind(session, turn) == [(scene.founder.name, "engagement_reply_waits")]
    replied_at = turn + timedelta(hours=1)
    questions.reply(
        session, engagement=engagement, reply="Epitaxy", actor=scene.by_founder, at=replied_at
    )
    assert remind(session, engagement.answer_due_at - timedelta(hours=1)) == [
        (scene.mentor.name, "engagement_waits")
    ]


def test_who_has_answered_or_has_no_time_left_is_not_reminded(session: Session) -> None:
    scene = make_scene(session)
    engagement = ask(session, scene)
    actions.accept(session, engagement=engagement, actor=scene.by_mentor, at=AT)
    assert remind(session, engagement.answer_due_at - timedelta(hours=1)) == []
    late = ask(session, make_scene(session))
    assert remind(session, late.answer_due_at) == []
    assert late.remind_at is None


def test_nobody_but_the_clock_reminds(session: Session) -> None:
    scene = make_scene(session)
    with pytest.raises(NotPermitted):
        remind_due(session, actor=scene.by_mentor, at=AT, limit=20)


def test_the_worker_reminds_of_all_in_groups(app: Flask) -> None:
    with app.app_context():
        for _ in range(21):
            ask(db.session, make_scene(db.session))
        db.session.commit()
    assert remind_of_requests(app, add_working_hours(AT, 48)) == 21
    assert remind_of_requests(app, add_working_hours(AT, 49)) == 0
    with app.app_context():
        assert not db.session.scalars(
            select(Engagement).where(Engagement.remind_at.is_not(None))
        ).all()
        reminded = select(Notice).where(Notice.kind == "engagement_waits")
        assert len(db.session.scalars(reminded).all()) == 21
