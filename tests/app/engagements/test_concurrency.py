"""What happens at the same moment, with real connections: exactly one of two succeeds."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.access import Actor, Installation
from app.calendars.errors import TimeAlreadyTaken
from app.engagements.actions import dual_mentoring
from app.engagements.actions import engagements as actions
from app.engagements.actions import sessions as session_actions
from app.engagements.errors import AlreadyRequested, OwnPlacesTaken
from app.engagements.together import find_partner
from app.transactions import writing
from models.dual_mentoring import DualMentoring
from models.engagements import CoachingSession, Engagement, SessionQuarter
from models.lifecycle import ENGAGEMENT_TAKES_PLACE, ActionNotAllowed
from models.needs import Need
from models.providers import Provider
from models.revisions import get_latest_revision, mark_changed
from tests.app.calendars.scenes import MONDAY
from tests.app.engagements.races import Setting, Step, open_setting, run_at_once, widen
from tests.app.engagements.scenes import LATER, make_accepted, plan
from tests.app.engagements.test_dual_mentoring import Two
from tests.factories import AT, act_as, make_engagement, make_mentor, make_need

pytestmark = [pytest.mark.concurrency, pytest.mark.engagements]

ROUNDS = 5


@pytest.fixture
def setting(fresh_engine: Engine) -> Iterator[Setting]:
    with open_setting(fresh_engine) as opened:
        yield opened


def accepting(engagement_id: int, actor: Actor) -> Step:
    return lambda session: actions.accept(
        session, engagement=session.get_one(Engagement, engagement_id), actor=actor, at=AT
    )


def cancelling(engagement_id: int, actor: Actor) -> Step:
    return lambda session: actions.cancel(
        session,
        engagement=session.get_one(Engagement, engagement_id),
        reason="Over",
        actor=actor,
        at=AT,
    )


def declining(engagement_id: int, actor: Actor) -> Step:
    return lambda session: actions.decline(
        session,
        engagement=session.get_one(Engagement, engagement_id),
        reason="No time",
        actor=actor,
        at=AT,
    )


def withdrawing(engagement_id: int, actor: Actor) -> Step:
    return lambda session: actions.withdraw(
        session, engagement=session.get_one(Engagement, engagement_id), actor=actor, at=AT
    )


def confirming(session_id: int, actor: Actor) -> Step:
    return lambda session: session_actions.confirm(
        session, coaching_session=session.get_one(CoachingSession, session_id), actor=actor, at=AT
    )


def asking(need_id: int, provider_id: int, actor: Actor) -> Step:
    return lambda session: actions.request(
        session,
        need=session.get_one(Need, need_id),
        provider=session.get_one(Provider, provider_id),
        match=None,
        message="",
        released=[],
        actor=actor,
        at=AT,
    )


def test_the_last_place_is_given_to_one(setting: Setting) -> None:
    for _ in range(ROUNDS):
        ids = [setting.ask_again() for _ in range(3)]
        outcomes = setting.run_at_once(*(accepting(i, setting.by_mentor) for i in ids))
        assert sorted(map(str, outcomes)) == sorted(map(str, [None, *[OwnPlacesTaken] * 2]))
        taken = setting.session.scalars(
            select(Engagement.id).where(Engagement.state.in_(ENGAGEMENT_TAKES_PLACE))
        ).one()
        assert taken == ids[outcomes.index(None)]
        with writing(setting.session):
            cancelling(taken, setting.by_mentor)(setting.session)


def test_the_same_pair_is_asked_once(setting: Setting) -> None:
    for _ in range(ROUNDS):
        with writing(setting.session):
            need_id = make_need(setting.session, setting.scene.startup).id
        ask = asking(need_id, setting.provider_id, setting.by_founder)
        assert set(setting.run_at_once(ask, ask)) == {None, AlreadyRequested}
        count = select(func.count()).where(Engagement.need_id == need_id)
        assert setting.session.scalar(count) == 1


def test_one_person_is_in_one_session(setting: Setting) -> None:
    widen(setting)
    session, scene = setting.session, setting.scene
    with writing(session):
        # Another profile of the same person: another row to lock, so the locks do not help.
        other = make_mentor(session, person=scene.mentor, capacity=100)
        by_mentor = scene.by_mentor
    for number in range(ROUNDS):
        starts_at = LATER + timedelta(days=number)
        with writing(session):
            need = make_need(session, scene.startup)
            pair = [
                make_engagement(session, need, provider, state="accepted")
                for provider in (scene.provider, other)
            ]
            ids = [
                plan(session, each, by_mentor, starts_at + timedelta(minutes=30 * i)).id
                for i, each in enumerate(pair)
            ]
        outcomes = setting.run_at_once(*(confirming(i, setting.by_founder) for i in ids))
        assert set(outcomes) == {None, TimeAlreadyTaken}
        states = [session.get_one(CoachingSession, i).state for i in ids]
        assert states == ["proposed" if outcome else "confirmed" for outcome in outcomes]
        taken = select(func.count()).where(SessionQuarter.coaching_session_id.in_(ids))
        assert session.scalar(taken) == 8


def test_accepting_and_withdrawing_exclude_each_other(setting: Setting) -> None:
    widen(setting)
    for _ in range(ROUNDS):
        asked = setting.ask_again()
        outcomes = setting.run_at_once(
            accepting(asked, setting.by_mentor), withdrawing(asked, setting.by_founder)
        )
        expected = {
            "accepted": [None, ActionNotAllowed],
            "withdrawn": [ActionNotAllowed, None],
        }
        assert outcomes == expected[setting.get_state(asked)]


def test_expiring_and_accepting_exclude_each_other(setting: Setting) -> None:
    widen(setting)
    for _ in range(ROUNDS):
        asked = setting.ask_again()
        outcomes = setting.run_at_once(
            accepting(asked, setting.by_mentor),
            lambda session: actions.expire_due(
                session, actor=Installation.CLOCK, at=AT + timedelta(days=30), limit=10
            ),
        )
        expected = {"accepted": [None, None], "expired": [ActionNotAllowed, None]}
        assert outcomes == expected[setting.get_state(asked)]


def test_steps_of_one_provider_do_not_wait_in_a_circle(setting: Setting) -> None:
    widen(setting)
    before = get_latest_revision(setting.session)
    for _ in range(ROUNDS):
        with writing(setting.session):
            taken = make_accepted(setting.session, setting.scene).id
        asked, unwanted = setting.ask_again(), setting.ask_again()
        assert setting.run_at_once(
            cancelling(taken, setting.by_founder),
            accepting(asked, setting.by_mentor),
            declining(unwanted, setting.by_mentor),
            # Other rooms change what matching knows of a provider without locking it first.
            lambda session: mark_changed(session, setting.provider_id),
        ) == [None, None, None, None]
    # Four steps a round, and the acceptance that each round began with.
    after = get_latest_revision(setting.session)
    assert after - before == 5 * ROUNDS
    assert setting.session.get_one(Provider, setting.provider_id).revision == after


def test_of_two_joint_times_cancelled_at_once_neither_keeps_the_founder(
    fresh_engine: Engine,
) -> None:
    with Session(fresh_engine) as session:
        with writing(session):
            world = Two(session)
            world.work()
            actors = world.scene.by_mentor, act_as(world.other)
        for hours in range(3):
            with writing(session):
                pair = world.book(starts_at=MONDAY + timedelta(hours=hours))
                ids = [each.id for each in pair]
            steps = [
                lambda own, number=number, actor=actor: session_actions.cancel(
                    own,
                    coaching_session=own.get_one(CoachingSession, number),
                    reason="Ill",
                    actor=actor,
                    at=AT,
                )
                for number, actor in zip(ids, actors, strict=True)
            ]
            assert run_at_once(fresh_engine, *steps) == [None, None]
            session.rollback()
            assert session.scalars(select(SessionQuarter)).all() == []


def test_two_mentors_who_agree_at_once_work_together_and_a_no_is_not_agreed_to(
    fresh_engine: Engine,
) -> None:
    answers = dual_mentoring.agree_together, dual_mentoring.decline_together
    for second, ends in ((answers[0], {"agreed"}), (answers[1], {"declined"})):
        with Session(fresh_engine) as session:
            with writing(session):
                world = Two(session)
                pair_id = world.ask().id
                actors = world.scene.by_mentor, act_as(world.other)
            steps = [
                lambda own, answer=answer, actor=actor, pair_id=pair_id: answer(
                    own, pair=own.get_one(DualMentoring, pair_id), actor=actor, at=AT
                )
                for answer, actor in zip((answers[0], second), actors, strict=True)
            ]
            outcomes = run_at_once(fresh_engine, *steps)
            session.rollback()
            pair = session.get_one(DualMentoring, pair_id)
            assert {pair.state} == ends
            # Whoever agrees after the other has said no is told so.
            assert set(outcomes) <= ({None} if "agreed" in ends else {None, ActionNotAllowed})
            assert outcomes[1] is None
            assert (find_partner(session, pair.lead) is None) == (ends == {"declined"})
