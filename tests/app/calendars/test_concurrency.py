"""Bookings at the same moment, with real connections: exactly one of two wins."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select

from app.access import Actor
from app.calendars.errors import TimeAlreadyTaken, TimeTooClose, WeekFull
from app.engagements.actions import booking
from app.engagements.actions import sessions as session_actions
from app.engagements.errors import OfferGone
from app.transactions import writing
from models.calendars import OfferedTime
from models.engagements import CoachingSession, Engagement
from models.lifecycle import ActionNotAllowed
from tests.app.calendars.scenes import MONDAY, offer, open_hours
from tests.app.engagements.races import Setting, Step, open_setting, widen
from tests.factories import AT, act_as, make_engagement, make_need, make_person, make_startup

pytestmark = [pytest.mark.concurrency, pytest.mark.engagements]

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
ROUNDS = 3
FOUNDERS = 4


@pytest.fixture
def setting(fresh_engine: Engine) -> Iterator[Setting]:
    with open_setting(fresh_engine) as opened:
        widen(opened)
        yield opened


def make_rivals(setting: Setting, number: int = FOUNDERS) -> list[tuple[int, Actor]]:
    """Engagements of as many startups with the same mentor, and who acts for each."""
    session, scene = setting.session, setting.scene
    rivals = []
    with writing(session):
        for _ in range(number):
            founder = make_person(session)
            startup = make_startup(session, founder=founder, incubator=scene.incubator)
            session.refresh(founder)
            need = make_need(session, startup)
            engagement = make_engagement(session, need, scene.provider, state="accepted")
            rivals.append((engagement.id, act_as(founder)))
    return rivals


def booking_at(engagement_id: int, actor: Actor, starts_at: datetime, minutes: int = 60) -> Step:
    return lambda session: booking.book(
        session,
        engagement=session.get_one(Engagement, engagement_id),
        starts_at=starts_at,
        minutes=minutes,
        place="",
        link="",
        actor=actor,
        at=AT,
    )


def picking(engagement_id: int, actor: Actor, starts_at: datetime) -> Step:
    return lambda session: booking.pick_offered(
        session,
        engagement=session.get_one(Engagement, engagement_id),
        starts_at=starts_at,
        actor=actor,
        at=AT,
    )


def count_confirmed(setting: Setting) -> int:
    query = select(func.count()).where(CoachingSession.state == "confirmed")
    return setting.session.scalar(query) or 0


def test_one_free_time_is_booked_by_one(setting: Setting) -> None:
    with writing(setting.session):
        open_hours(setting.session, setting.scene)
    rivals = make_rivals(setting)
    for number in range(ROUNDS):
        starts_at = MONDAY + number * DAY
        outcomes = setting.run_at_once(*(booking_at(*each, starts_at) for each in rivals))
        assert sorted(map(str, outcomes)) == sorted(
            map(str, [None, *[TimeAlreadyTaken] * (FOUNDERS - 1)])
        )
        assert count_confirmed(setting) == number + 1


def test_the_last_session_of_a_week_is_booked_by_one(setting: Setting) -> None:
    with writing(setting.session):
        open_hours(setting.session, setting.scene, week_limit=1)
    rivals = make_rivals(setting)
    for number in range(ROUNDS):
        # At four different times: no quarter stands in the way, only the limit does.
        steps = [
            booking_at(*each, MONDAY + number * WEEK + day * DAY) for day, each in enumerate(rivals)
        ]
        outcomes = setting.run_at_once(*steps)
        assert sorted(map(str, outcomes)) == sorted(map(str, [None, *[WeekFull] * (FOUNDERS - 1)]))
        assert count_confirmed(setting) == number + 1


def test_between_two_bookings_at_once_lies_the_buffer(setting: Setting) -> None:
    with writing(setting.session):
        open_hours(setting.session, setting.scene, buffer_minutes=30)
    first, second = make_rivals(setting, 2)
    for number in range(ROUNDS):
        starts_at = MONDAY + number * DAY
        outcomes = setting.run_at_once(
            booking_at(*first, starts_at), booking_at(*second, starts_at + HOUR)
        )
        assert len([each for each in outcomes if each is None]) == 1
        assert set(outcomes) - {None} <= {TimeAlreadyTaken, TimeTooClose}
        assert count_confirmed(setting) == number + 1


def test_booking_and_agreeing_do_not_both_take_the_hour(setting: Setting) -> None:
    with writing(setting.session):
        open_hours(setting.session, setting.scene)
    first, second = make_rivals(setting, 2)
    by_mentor = setting.by_mentor
    for number in range(ROUNDS):
        starts_at = MONDAY + number * DAY
        with writing(setting.session):
            proposed = session_actions.propose(
                setting.session,
                engagement=setting.session.get_one(Engagement, second[0]),
                starts_at=starts_at + HOUR / 2,
                ends_at=starts_at + HOUR,
                place="Room 2",
                link="",
                actor=second[1],
                at=AT,
            ).id
        outcomes = setting.run_at_once(
            booking_at(*first, starts_at),
            lambda session, proposed=proposed: session_actions.confirm(
                session,
                coaching_session=session.get_one(CoachingSession, proposed),
                actor=by_mentor,
                at=AT,
            ),
        )
        assert set(outcomes) == {None, TimeAlreadyTaken}


def test_of_offered_times_one_is_picked_and_once(setting: Setting) -> None:
    ((engagement_id, founder),) = make_rivals(setting, 1)
    for number in range(ROUNDS):
        starts = [MONDAY + number * WEEK, MONDAY + number * WEEK + DAY]
        with writing(setting.session):
            engagement = setting.session.get_one(Engagement, engagement_id)
            offer(setting.session, setting.scene, engagement, *starts)
        outcomes = setting.run_at_once(
            *(picking(engagement_id, founder, each) for each in (*starts, starts[0]))
        )
        assert sorted(map(str, outcomes)) == sorted(map(str, [None, OfferGone, OfferGone]))
        assert count_confirmed(setting) == number + 1
        assert setting.session.scalar(select(func.count()).select_from(OfferedTime)) == 0


def test_what_is_withdrawn_while_it_is_picked_is_one_of_the_two(setting: Setting) -> None:
    ((engagement_id, founder),) = make_rivals(setting, 1)
    by_mentor, confirmed = setting.by_mentor, 0
    for number in range(ROUNDS):
        with writing(setting.session):
            engagement = setting.session.get_one(Engagement, engagement_id)
            offer(setting.session, setting.scene, engagement, MONDAY + number * DAY)
        outcomes = setting.run_at_once(
            picking(engagement_id, founder, MONDAY + number * DAY),
            lambda session: booking.withdraw_offer(
                session,
                engagement=session.get_one(Engagement, engagement_id),
                actor=by_mentor,
                at=AT,
            ),
        )
        assert set(outcomes) == {None, OfferGone}
        confirmed += outcomes[0] is None
        assert count_confirmed(setting) == confirmed


def test_nothing_is_booked_in_what_is_cancelled_at_that_moment(setting: Setting) -> None:
    from app.engagements.actions import engagements

    with writing(setting.session):
        open_hours(setting.session, setting.scene)
    by_mentor = setting.by_mentor
    for number, (engagement_id, founder) in enumerate(make_rivals(setting, ROUNDS)):
        outcomes = setting.run_at_once(
            booking_at(engagement_id, founder, MONDAY + number * DAY),
            lambda session, engagement_id=engagement_id: engagements.cancel(
                session,
                engagement=session.get_one(Engagement, engagement_id),
                reason="Over",
                actor=by_mentor,
                at=AT,
            ),
        )
        assert outcomes in ([None, None], [ActionNotAllowed, None])
        # Whatever was booked before is cancelled with it.
        assert count_confirmed(setting) == 0
