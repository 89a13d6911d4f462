"""Before asking and after: what to expect, an answer in words, silence, and whom to ask next."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Installation
from app.engagements import queries
from app.engagements.actions import engagements as actions
from app.engagements.actions.request_rules import set_rules
from app.engagements.errors import RuleOutOfRange, TooManyOpenRequests
from app.engagements.queries.next_best import OFFERED
from app.engagements.queries.request_rules import Rules, get_rules
from app.engagements.silence import PAUSED_FOR_SILENCE, count_silences
from app.engagements.working_time import add_working_hours
from app.errors import NotPermitted
from models.audit import AuditEntry
from models.engagements import Engagement, EngagementEvent
from models.matches import Match, MatchRun
from models.notices import Notice
from models.providers import Provider
from models.vocabulary import DeclineReason, ProviderKind, Strength
from tests.app.engagements.scenes import Scene, ask, make_accepted, make_scene
from tests.factories import (
    AT,
    make_engagement,
    make_investor,
    make_mentor,
    make_need,
    make_startup,
)
from tests.waiting import make_lister

list_waiting = make_lister("engagements")

pytestmark = pytest.mark.engagements


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene(session)


def leave_unanswered(session: Session, scene: Scene, at: datetime) -> datetime:
    """One request to the mentor expires; gives when."""
    due = ask(session, scene, need=make_need(session, scene.startup), at=at).answer_due_at
    actions.expire_due(session, actor=Installation.CLOCK, at=due, limit=10)
    return due


def list_kinds(session: Session) -> list[str]:
    return list(session.scalars(select(Notice.kind).order_by(Notice.id)))


def make_run(session: Session, scene: Scene, *providers: Provider) -> list[Match]:
    """A run that suggests `providers` in this order."""
    run = MatchRun(
        need=scene.need,
        run_at=AT,
        need_version=1,
        encoder_fingerprint="",
        background_version="",
        weights_version="",
        index_revision=0,
    )
    run.matches = [
        Match(
            provider=provider,
            kind=provider.kind,
            rank=number,
            score=1 / (number + 1),
            strength=Strength.POSSIBLE,
        )
        for number, provider in enumerate(providers, start=1)
    ]
    session.add(run)
    session.flush()
    return run.matches


def get_next(session: Session, scene: Scene, engagement: Engagement) -> list[str]:
    found = queries.list_next_best(session, engagement, scene.by_founder)
    return [each.public_id for each in found]


# Before asking


def test_who_is_new_has_no_usual_time(session: Session, scene: Scene) -> None:
    outlook = queries.get_outlook(session, provider=scene.provider, startup=scene.startup, at=AT)
    assert (outlook.answer_hours, outlook.answers) == (None, 0)
    assert (outlook.free, outlook.capacity, outlook.place_in_queue) == (3, 3, None)
    assert outlook.due_at == add_working_hours(AT, 72)
    assert (outlook.has_account, outlook.has_operator) == (True, True)


def test_the_usual_time_is_a_median_with_its_count(session: Session, scene: Scene) -> None:
    scene.provider.capacity = 10
    for hours in (2, 4, 30):
        engagement = ask(session, scene, need=make_need(session, scene.startup))
        at = AT + timedelta(hours=hours)
        actions.accept(session, engagement=engagement, actor=scene.by_mentor, at=at)
    outlook = queries.get_outlook(session, provider=scene.provider, startup=scene.startup, at=AT)
    assert (outlook.answer_hours, outlook.answers, outlook.free) == (4.0, 3, 7)


def test_without_a_free_place_one_queues_behind_who_waits(session: Session, scene: Scene) -> None:
    scene.provider.capacity = 1
    for _ in range(2):
        make_engagement(session, make_need(session, scene.startup), scene.provider)
    make_accepted(session, scene)
    outlook = queries.get_outlook(session, provider=scene.provider, startup=scene.startup, at=AT)
    assert (outlook.free, outlook.waiting, outlook.place_in_queue) == (0, 2, 3)


def test_without_an_account_the_way_goes_through_the_operator(
    session: Session, scene: Scene
) -> None:
    imported = make_mentor(session)
    outlook = queries.get_outlook(session, provider=imported, startup=scene.startup, at=AT)
    assert (outlook.has_account, outlook.has_operator) == (False, True)
    alone = make_startup(session, founder=scene.founder)
    outlook = queries.get_outlook(session, provider=imported, startup=alone, at=AT)
    assert outlook.has_operator is False
    ask(session, scene, provider=imported)
    assert list_kinds(session) == ["engagement_without_account"]


# The rules of an incubator


def test_the_rules_of_the_incubator_hold(session: Session, scene: Scene) -> None:
    rules = Rules(answer_hours=24, silences=2, open_requests=1)
    set_rules(session, incubator=scene.incubator, rules=rules, actor=scene.by_operator, at=AT)
    assert get_rules(session, scene.incubator.id) == rules
    assert get_rules(session, None) == Rules()
    engagement = ask(session, scene)
    assert engagement.answer_due_at == AT + timedelta(hours=24)
    with pytest.raises(TooManyOpenRequests):
        ask(session, scene, need=make_need(session, scene.startup))
    kinds = session.scalars(select(AuditEntry.kind)).all()
    assert "request_rules_set" in kinds


@pytest.mark.parametrize("rules", [Rules(answer_hours=1), Rules(silences=0), Rules(50, 3, 101)])
def test_rules_have_limits(session: Session, scene: Scene, rules: Rules) -> None:
    with pytest.raises(RuleOutOfRange):
        set_rules(session, incubator=scene.incubator, rules=rules, actor=scene.by_operator, at=AT)


def test_only_its_operators_set_them(session: Session, scene: Scene) -> None:
    for actor in (scene.by_founder, scene.by_mentor):
        with pytest.raises(NotPermitted):
            set_rules(session, incubator=scene.incubator, rules=Rules(), actor=actor, at=AT)


# The answer


def test_a_yes_can_come_with_words(session: Session, scene: Scene) -> None:
    engagement = ask(session, scene)
    actions.accept(
        session, engagement=engagement, actor=scene.by_mentor, at=AT, words="Send the maps first."
    )
    view = queries.get_engagement_view(session, engagement, scene.by_founder, at=AT)
    assert (view.answer, view.decline_reason) == ("Send the maps first.", None)
    assert list_kinds(session)[-1] == "engagement_accepted_saying"
    notes = session.scalars(select(EngagementEvent.note)).all()
    assert "Send the maps first." in notes


@pytest.mark.parametrize("code", list(DeclineReason))
def test_a_no_comes_with_a_code_and_words(
    session: Session, scene: Scene, code: DeclineReason
) -> None:
    engagement = ask(session, scene)
    actions.decline(
        session, engagement=engagement, code=code, reason="As said", actor=scene.by_mentor, at=AT
    )
    view = queries.get_engagement_view(session, engagement, scene.by_founder, at=AT)
    assert (view.decline_reason, view.reason) == (code, "As said")


# Whom to ask next


def test_after_a_no_the_next_best_stand_there(session: Session, scene: Scene) -> None:
    others = [make_mentor(session) for _ in range(OFFERED + 2)]
    matches = make_run(session, scene, scene.provider, *others, make_investor(session))
    engagement = ask(session, scene)
    assert get_next(session, scene, engagement) == []
    actions.decline(session, engagement=engagement, reason="No", actor=scene.by_mentor, at=AT)
    assert get_next(session, scene, engagement) == [each.public_id for each in others[:OFFERED]]
    # Who was set aside, is paused, full or was asked already is not offered.
    matches[1].dismissed_at = AT
    others[1].state = "paused"
    others[2].capacity = 0
    ask(session, scene, provider=others[3])
    session.flush()
    assert get_next(session, scene, engagement) == [others[4].public_id]
    # Only the startup's side is offered anybody, and only while the need is open.
    assert queries.list_next_best(session, engagement, scene.by_mentor) == ()
    assert queries.list_next_best(session, engagement, scene.by_operator) == ()
    scene.need.state = "closed"
    assert get_next(session, scene, engagement) == []


def test_after_silence_the_next_best_stand_there(session: Session, scene: Scene) -> None:
    other = make_mentor(session)
    make_run(session, scene, scene.provider, other)
    engagement = ask(session, scene)
    actions.expire_due(session, actor=Installation.CLOCK, at=engagement.answer_due_at, limit=10)
    assert get_next(session, scene, engagement) == [other.public_id]
    assert queries.list_next_best(session, engagement, scene.by_founder)[0].kind is (
        ProviderKind.MENTOR
    )


# Silence


def test_who_stays_silent_is_paused_and_told_and_returns(session: Session, scene: Scene) -> None:
    at = AT
    for _ in range(2):
        at = leave_unanswered(session, scene, at)
    assert scene.provider.state == "published"
    at = leave_unanswered(session, scene, at)
    assert scene.provider.state == "paused"
    assert list_kinds(session)[-1] == "paused_for_silence"
    kinds = session.scalars(select(AuditEntry.kind)).all()
    assert kinds.count(PAUSED_FOR_SILENCE) == 1
    waiting = list_waiting(session, scene.by_mentor, at)
    assert [(item.kind, item.path_endpoint, item.is_post) for item in waiting] == [
        ("paused_profile", "profiles.publish_provider", True)
    ]
    # Back again: what was is not counted a second time.
    scene.provider.state = "published"
    session.flush()
    assert list_waiting(session, scene.by_mentor, at) == []
    assert count_silences(session, scene.provider) == 0
    leave_unanswered(session, scene, at + timedelta(days=1))
    assert scene.provider.state == "published"


def test_an_answer_ends_the_silence(session: Session, scene: Scene) -> None:
    at = AT
    for _ in range(2):
        at = leave_unanswered(session, scene, at)
    engagement = ask(session, scene, at=at)
    at += timedelta(hours=1)
    actions.decline(session, engagement=engagement, reason="No", actor=scene.by_mentor, at=at)
    for _ in range(2):
        at = leave_unanswered(session, scene, at + timedelta(hours=1))
    assert scene.provider.state == "published"


def test_nobody_is_paused_who_could_not_come_back(session: Session, scene: Scene) -> None:
    scene.mentor.password_hash = None
    at = AT
    for _ in range(4):
        at = leave_unanswered(session, scene, at)
    assert scene.provider.state == "published"
