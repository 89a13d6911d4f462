"""Small worlds that the tests of this room start from."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor, make_actor
from app.engagements.actions import engagements as actions
from app.engagements.actions import feedback as feedback_actions
from app.engagements.actions import sessions as session_actions
from models.engagements import CoachingSession, Engagement, Feedback
from models.needs import Need
from models.organisations import Incubator, Startup
from models.people import Person
from models.providers import Provider
from models.vocabulary import Release
from tests.factories import (
    AT,
    act_as,
    admit,
    make_engagement,
    make_incubator,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)

# Sessions of the tests begin a week after everything else.
LATER = AT + timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Scene:
    """An incubator with an operator, its startup with a founder, and a mentor in its pool."""

    operator: Person
    founder: Person
    mentor: Person
    incubator: Incubator
    startup: Startup
    need: Need
    provider: Provider

    @property
    def by_founder(self) -> Actor:
        return act_as(self.founder)

    @property
    def by_mentor(self) -> Actor:
        return act_as(self.mentor)

    @property
    def by_operator(self) -> Actor:
        return act_as(self.operator)

    def by_operator_for(self, person: Person) -> Actor:
        return make_actor(self.operator, on_behalf_of=person, within_incubator_id=self.incubator.id)


def make_scene(session: Session, **provider: Any) -> Scene:
    operator = make_person(session, name="Operator of the incubator")
    founder = make_person(session, name="Founder in materials", time_zone="Europe/Berlin")
    mentor = make_person(session, name="Mentor in wafers")
    incubator = make_incubator(session, operator=operator)
    startup = make_startup(session, founder=founder, incubator=incubator)
    profile = make_mentor(session, person=mentor, **({"open_to_all": False} | provider))
    admit(session, incubator, profile)
    need = make_need(session, startup)
    return Scene(operator, founder, mentor, incubator, startup, need, profile)


def ask(session: Session, scene: Scene, **values: Any) -> Engagement:
    given = {
        "need": scene.need,
        "provider": scene.provider,
        "match": None,
        "message": "Could you look at our defect maps?",
        "released": [Release.STARTUP_NAME, Release.NEED_TEXT],
        "actor": scene.by_founder,
        "at": AT,
    } | values
    return actions.request(session, **given)


def make_accepted(session: Session, scene: Scene, **values: Any) -> Engagement:
    engagement = make_engagement(
        session, scene.need, scene.provider, requested_by=scene.founder, **values
    )
    actions.accept(session, engagement=engagement, actor=scene.by_mentor, at=AT)
    return engagement


def plan(
    session: Session,
    engagement: Engagement,
    actor: Actor,
    starts_at: datetime = LATER,
    minutes: int = 60,
    **values: Any,
) -> CoachingSession:
    given = {
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=minutes),
        "place": "",
        "link": "https://meet.example.org/wafers",
        "actor": actor,
        "at": AT,
    } | values
    return session_actions.propose(session, engagement=engagement, **given)


def hold(
    session: Session, scene: Scene, engagement: Engagement, starts_at: datetime = LATER
) -> CoachingSession:
    held = plan(session, engagement, scene.by_mentor, starts_at)
    session_actions.confirm(session, coaching_session=held, actor=scene.by_founder, at=AT)
    session_actions.record_held(
        session, coaching_session=held, actor=scene.by_mentor, at=held.ends_at
    )
    return held


def judge(
    session: Session, coaching_session: CoachingSession, actor: Actor, **values: Any
) -> Feedback:
    given = {
        "rating": 4,
        "preparation": 5,
        "wants_to_continue": True,
        "comment": "The defect maps led us to the epitaxy step.",
        "private_note": "",
        "at": coaching_session.ends_at,
    } | values
    return feedback_actions.give(session, coaching_session=coaching_session, actor=actor, **given)
