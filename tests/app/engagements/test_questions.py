"""Asking back within a request: the clock stands still, and every request still ends."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Installation
from app.engagements import queries
from app.engagements.actions import engagements as actions
from app.engagements.actions import questions
from app.engagements.errors import NothingAsked, QuestionStillOpen, TooManyQuestions
from app.engagements.questioning import LEAST_MINUTES, QUESTIONS_LIMIT
from app.engagements.silence import count_silences
from app.engagements.working_time import add_working_hours, add_working_minutes
from app.errors import NotPermitted, OutOfOrder, ReasonMissing
from models.engagements import Engagement
from models.lifecycle import QUESTION, ActionNotAllowed
from models.notices import Notice
from models.vocabulary import ProviderKind
from tests.app.engagements.scenes import Scene, ask, make_scene
from tests.app.engagements.sites import Site
from tests.factories import AT
from tests.waiting import make_lister

list_waiting = make_lister("engagements")

pytestmark = pytest.mark.engagements

LATER = AT + timedelta(hours=10)


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene(session)


@pytest.fixture
def engagement(session: Session, scene: Scene) -> Engagement:
    return ask(session, scene)


def ask_back(session: Session, scene: Scene, engagement: Engagement) -> None:
    questions.ask_back(
        session,
        engagement=engagement,
        question="Which step?",
        actor=scene.by_mentor,
        at=LATER,
    )


def reply(session: Session, scene: Scene, engagement: Engagement, hours: int = 30) -> None:
    questions.reply(
        session,
        engagement=engagement,
        reply="Epitaxy",
        actor=scene.by_founder,
        at=LATER + timedelta(hours=hours),
    )


def list_kinds(session: Session) -> list[str]:
    return list(session.scalars(select(Notice.kind).order_by(Notice.id)))


def list_turns(session: Session, scene: Scene) -> list[list[str]]:
    return [
        [item.kind for item in list_waiting(session, actor, LATER)]
        for actor in (scene.by_founder, scene.by_mentor)
    ]


def test_the_clock_stands_still_until_the_reply(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    assert list_turns(session, scene) == [[], ["engagement_request"]]
    ask_back(session, scene, engagement)
    # The startup has as long as an answer takes; of the provider's time 62 hours are left.
    assert engagement.answer_due_at == add_working_hours(LATER, 72)
    assert engagement.questions[0].minutes_left == 62 * 60
    assert list_turns(session, scene) == [["question_to_reply"], []]
    reply(session, scene, engagement)
    due = add_working_minutes(LATER + timedelta(hours=30), 62 * 60)
    assert engagement.answer_due_at == due
    assert engagement.state == "requested"
    assert list_turns(session, scene) == [[], ["engagement_request"]]
    assert list_kinds(session)[1:] == ["engagement_asked_back", "engagement_replied"]


def test_a_sealed_reply_names_nobody(session: Session, scene: Scene) -> None:
    engagement = ask(session, scene, released=[])
    ask_back(session, scene, engagement)
    reply(session, scene, engagement)
    assert list_kinds(session)[-1] == "engagement_replied_sealed"
    view = queries.get_engagement_view(session, engagement, scene.by_mentor, at=LATER)
    assert [step.who for step in view.trace if step.kind == "replied"] == [None]


def test_one_question_at_a_time_and_not_for_ever(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    for _ in range(QUESTIONS_LIMIT):
        ask_back(session, scene, engagement)
        with pytest.raises(QuestionStillOpen):
            ask_back(session, scene, engagement)
        reply(session, scene, engagement, hours=0)
    with pytest.raises(TooManyQuestions):
        ask_back(session, scene, engagement)
    view = queries.get_engagement_view(session, engagement, scene.by_mentor, at=LATER)
    assert "ask_back" not in view.actions


def test_only_what_was_asked_is_replied_to(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    with pytest.raises(NothingAsked):
        reply(session, scene, engagement)
    ask_back(session, scene, engagement)
    for empty in ("", "  "):
        with pytest.raises(ReasonMissing):
            questions.reply(
                session, engagement=engagement, reply=empty, actor=scene.by_founder, at=LATER
            )


def test_each_side_does_its_own_part(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    with pytest.raises(NotPermitted):
        questions.ask_back(
            session, engagement=engagement, question="?", actor=scene.by_founder, at=LATER
        )
    ask_back(session, scene, engagement)
    with pytest.raises(NotPermitted):
        questions.reply(session, engagement=engagement, reply="!", actor=scene.by_mentor, at=LATER)


@pytest.mark.parametrize("step", ["accept", "decline", "withdraw"])
def test_a_question_ends_with_the_request(
    session: Session, scene: Scene, engagement: Engagement, step: str
) -> None:
    ask_back(session, scene, engagement)
    if step == "accept":
        actions.accept(session, engagement=engagement, actor=scene.by_mentor, at=LATER)
    elif step == "decline":
        actions.decline(
            session, engagement=engagement, reason="No", actor=scene.by_mentor, at=LATER
        )
    else:
        actions.withdraw(session, engagement=engagement, actor=scene.by_founder, at=LATER)
    assert [each.state for each in engagement.questions] == ["lapsed"]
    with pytest.raises(ActionNotAllowed):
        reply(session, scene, engagement)
    with pytest.raises(ActionNotAllowed):
        ask_back(session, scene, engagement)


def test_without_a_reply_it_expires_and_is_not_the_providers_silence(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    ask_back(session, scene, engagement)
    due = engagement.answer_due_at
    actions.expire_due(session, actor=Installation.CLOCK, at=due, limit=5)
    assert (engagement.state, engagement.questions[0].state) == ("expired", "lapsed")
    assert list_kinds(session)[-2:] == ["engagement_unreplied", "engagement_reply_missing"]
    assert count_silences(session, scene.provider) == 0


def test_the_first_word_counts_as_the_answer_time(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    ask_back(session, scene, engagement)
    reply(session, scene, engagement)
    at = LATER + timedelta(hours=40)
    actions.accept(session, engagement=engagement, actor=scene.by_mentor, at=at)
    assert engagement.answered_at == LATER


def test_the_table_of_questions() -> None:
    assert QUESTION.states == ("asked", "replied", "lapsed")
    assert QUESTION.is_final("replied")
    assert QUESTION.is_final("lapsed")


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_question_and_reply_on_pages_and_through_programs(app: Flask) -> None:
    site = Site(app)
    mentor, founder = site.browse(ProviderKind.MENTOR), site.browse("founder")
    address = site.ask(ProviderKind.MENTOR).location
    empty = mentor.post(f"{address}/ask-back", data={"question": " "})
    assert (empty.status_code, "Please write your question." in empty.text) == (422, True)
    assert mentor.post(f"{address}/ask-back", data={"question": "Which step?"}).status_code == 303
    page = founder.get(address).text
    assert "Which step?" in page
    assert f"{address}/reply" in page
    assert "asks you back." in founder.get("/dashboard").text
    empty = founder.post(f"{address}/reply", data={"reply": ""})
    assert (empty.status_code, "Please write your reply." in empty.text) == (422, True)
    assert founder.post(f"{address}/reply", data={"reply": "Epitaxy"}).status_code == 303
    assert "Epitaxy" in mentor.get(address).text

    by_mentor = site.program(ProviderKind.MENTOR)
    by_founder = site.program("founder")
    path = "/engagements/" + address.rsplit("/", 1)[1]
    asked = by_mentor.post(f"{path}/ask-back", {"question": "Since when?"})
    assert [each["state"] for each in asked.json["questions"]] == ["replied", "asked"]
    assert "reply" in by_founder.get(path).json["actions"]
    again = by_mentor.post(f"{path}/ask-back", {"question": "Well?"})
    assert (again.status_code, again.json["code"]) == (409, "question_still_open")
    replied = by_founder.post(f"{path}/reply", {"reply": "Since May"})
    assert replied.json["questions"][1]["reply"] == "Since May"
    none = by_founder.post(f"{path}/reply", {"reply": "And"})
    assert (none.status_code, none.json["code"]) == (409, "nothing_asked")


def test_when_the_time_is_over_nothing_can_be_asked(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    with pytest.raises(OutOfOrder):
        questions.ask_back(
            session,
            engagement=engagement,
            question="Which step?",
            actor=scene.by_mentor,
            at=engagement.answer_due_at,
        )


def test_a_reply_leaves_time_to_answer_even_to_who_asked_late(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    late = engagement.answer_due_at - timedelta(minutes=1)
    questions.ask_back(
        session, engagement=engagement, question="Which step?", actor=scene.by_mentor, at=late
    )
    questions.reply(
        session, engagement=engagement, reply="Epitaxy", actor=scene.by_founder, at=late
    )
    assert engagement.answer_due_at == add_working_minutes(late, LEAST_MINUTES)
