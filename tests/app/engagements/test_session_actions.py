"""Proposing, confirming, moving, cancelling and recording sessions."""

from datetime import timedelta

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calendars.errors import TimeAlreadyTaken, TimeInThePast
from app.calendars.local_times import QUARTER
from app.declaration import gather_words
from app.engagements.actions import sessions as session_actions
from app.engagements.errors import (
    OtherSideMustConfirm,
    PlaceOrLinkMissing,
    SessionAlreadyPlanned,
    SessionNotOver,
    SessionTimeInvalid,
)
from app.errors import ChangedMeanwhile, NotPermitted, ReasonMissing
from app.rooms import ROOMS
from app.words.wording import TIME_FORMATS, word_notice
from app.workspace.actions.agenda import write_minutes
from models.engagements import CoachingSession, SessionQuarter
from models.lifecycle import ActionNotAllowed
from models.notices import Notice
from models.vocabulary import Role, Side
from tests.app.calendars.scenes import offer
from tests.app.engagements.scenes import (
    LATER,
    Scene,
    ask,
    hold,
    make_accepted,
    make_scene,
    plan,
)
from tests.factories import AT, join, make_engagement, make_need, make_person

pytestmark = pytest.mark.engagements

WORDS = gather_words(ROOMS)


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene(session)


def confirm(session: Session, coaching_session: CoachingSession, scene: Scene) -> None:
    proposer = coaching_session.proposed_by_side
    actor = scene.by_founder if proposer is Side.PROVIDER else scene.by_mentor
    session_actions.confirm(session, coaching_session=coaching_session, actor=actor, at=AT)


def list_taken(session: Session) -> set[tuple[int, int]]:
    """Who is taken, and by how many quarters."""
    rows = session.scalars(select(SessionQuarter.person_id)).all()
    return {(person_id, rows.count(person_id)) for person_id in rows}


def list_told(session: Session, kind: str) -> list[str]:
    rows = session.scalars(select(Notice).where(Notice.kind == kind).order_by(Notice.id))
    return [notice.person.name for notice in rows]


def test_a_proposal_asks_the_other_side(session: Session, scene: Scene) -> None:
    planned = plan(session, make_accepted(session, scene), scene.by_founder)
    assert (planned.state, planned.proposed_by_side, planned.sequence) == (
        "proposed",
        Side.STARTUP,
        0,
    )
    assert list_told(session, "session_proposed") == ["Mentor in wafers"]
    notice = session.scalars(select(Notice).where(Notice.kind == "session_proposed")).one()
    assert notice.facts["time_at"] == "2026-03-10T02:00:00+00:00"
    assert list_taken(session) == set()


@pytest.mark.parametrize("state", ["requested", "declined", "completed", "cancelled"])
def test_times_are_planned_only_in_a_running_engagement(
    session: Session, scene: Scene, state: str
) -> None:
    engagement = make_engagement(session, scene.need, scene.provider, state=state)
    with pytest.raises(ActionNotAllowed):
        plan(session, engagement, scene.by_founder)


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"minutes": 0}, SessionTimeInvalid),
        ({"minutes": 20}, SessionTimeInvalid),
        ({"minutes": 495}, SessionTimeInvalid),
        ({"starts_at": LATER + timedelta(minutes=7)}, SessionTimeInvalid),
        ({"starts_at": AT}, TimeInThePast),
        ({"link": " ", "place": ""}, PlaceOrLinkMissing),
    ],
)
def test_a_plan_that_cannot_be_is_refused(
    session: Session, scene: Scene, values: dict[str, object], error: type[Exception]
) -> None:
    engagement = make_accepted(session, scene)
    with pytest.raises(error):
        plan(session, engagement, scene.by_founder, **values)  # type: ignore[arg-type]
    assert session.scalars(select(CoachingSession)).all() == []


def test_one_engagement_has_one_session_at_a_time(session: Session, scene: Scene) -> None:
    engagement = make_accepted(session, scene)
    first = plan(session, engagement, scene.by_founder)
    with pytest.raises(SessionAlreadyPlanned):
        plan(session, engagement, scene.by_mentor, LATER + timedelta(minutes=45))
    second = plan(session, engagement, scene.by_mentor, LATER + timedelta(minutes=60))
    with pytest.raises(SessionAlreadyPlanned):
        session_actions.move(
            session,
            coaching_session=second,
            starts_at=LATER,
            ends_at=LATER + timedelta(minutes=30),
            place="Room 2",
            link="",
            actor=scene.by_mentor,
            at=AT,
        )
    session_actions.cancel(
        session, coaching_session=first, reason="No", actor=scene.by_founder, at=AT
    )
    assert plan(session, engagement, scene.by_founder).state == "proposed"


def test_confirming_takes_the_time_of_everybody_there(session: Session, scene: Scene) -> None:
    colleague = make_person(session, name="Second founder")
    join(session, colleague, Role.FOUNDER, startup=scene.startup)
    session.refresh(colleague)
    engagement = make_accepted(session, scene)
    planned = plan(session, engagement, scene.by_mentor, minutes=45)
    from tests.factories import act_as

    session_actions.confirm(
        session, coaching_session=planned, actor=act_as(colleague), at=AT, sequence=0
    )
    assert (planned.state, planned.confirmed_by_id, engagement.state) == (
        "confirmed",
        colleague.id,
        "active",
    )
    assert list_taken(session) == {
        (scene.mentor.id, 3),
        (scene.founder.id, 3),
        (colleague.id, 3),
    }
    quarters = session.scalars(
        select(SessionQuarter.quarter_at)
        .where(SessionQuarter.person_id == scene.mentor.id)
        .order_by(SessionQuarter.quarter_at)
    ).all()
    assert quarters == [LATER, LATER + QUARTER, LATER + 2 * QUARTER]
    assert sorted(list_told(session, "session_confirmed")) == [
        "Founder in materials",
        "Mentor in wafers",
        "Second founder",
    ]


def test_who_proposed_cannot_confirm(session: Session, scene: Scene) -> None:
    planned = plan(session, make_accepted(session, scene), scene.by_founder)
    with pytest.raises(OtherSideMustConfirm):
        session_actions.confirm(session, coaching_session=planned, actor=scene.by_founder, at=AT)
    with pytest.raises(NotPermitted):
        session_actions.confirm(session, coaching_session=planned, actor=scene.by_operator, at=AT)


def test_a_time_that_has_gone_by_cannot_be_confirmed(session: Session, scene: Scene) -> None:
    planned = plan(session, make_accepted(session, scene), scene.by_founder)
    with pytest.raises(TimeInThePast):
        session_actions.confirm(session, coaching_session=planned, actor=scene.by_mentor, at=LATER)


@pytest.mark.parametrize(("gap", "collides"), [(-45, True), (0, True), (45, True), (60, False)])
def test_nobody_is_in_two_sessions_at_once(
    session: Session, scene: Scene, gap: int, collides: bool
) -> None:
    first = plan(session, make_accepted(session, scene), scene.by_mentor)
    other = make_engagement(
        session, make_need(session, scene.startup), scene.provider, state="accepted"
    )
    second = plan(session, other, scene.by_founder, LATER + timedelta(minutes=gap))
    confirm(session, first, scene)
    if not collides:
        confirm(session, second, scene)
        assert (second.state, other.state) == ("confirmed", "active")
        return
    with pytest.raises(TimeAlreadyTaken):
        confirm(session, second, scene)
    assert (second.state, other.state) == ("proposed", "accepted")
    assert list_taken(session) == {(scene.founder.id, 4), (scene.mentor.id, 4)}


def test_moving_gives_the_time_up_and_asks_again(session: Session, scene: Scene) -> None:
    engagement = make_accepted(session, scene)
    planned = plan(session, engagement, scene.by_mentor)
    confirm(session, planned, scene)
    new = LATER + timedelta(days=1)
    session_actions.move(
        session,
        coaching_session=planned,
        starts_at=new,
        ends_at=new + timedelta(minutes=30),
        place="Room 2",
        link="",
        actor=scene.by_founder,
        at=AT,
    )
    assert (planned.state, planned.starts_at, planned.proposed_by_side, planned.sequence) == (
        "proposed",
        new,
        Side.STARTUP,
        1,
    )
    assert planned.confirmed_by_id is None
    assert list_taken(session) == set()
    assert list_told(session, "session_moved") == ["Mentor in wafers"]
    with pytest.raises(OtherSideMustConfirm):
        session_actions.confirm(session, coaching_session=planned, actor=scene.by_founder, at=AT)
    with pytest.raises(ChangedMeanwhile):
        session_actions.confirm(
            session, coaching_session=planned, actor=scene.by_mentor, at=AT, sequence=0
        )
    confirm(session, planned, scene)
    assert list_taken(session) == {(scene.founder.id, 2), (scene.mentor.id, 2)}
    assert engagement.state == "active"


def test_mails_say_which_time_they_are_about(session: Session, scene: Scene, app: Flask) -> None:
    engagement = make_accepted(session, scene)
    planned = plan(session, engagement, scene.by_mentor)
    confirm(session, planned, scene)
    new = LATER + timedelta(days=1)
    # To another time, and then to another place at that time.
    for place in ("Room 2", "Room 3"):
        session_actions.move(
            session,
            coaching_session=planned,
            starts_at=new,
            ends_at=new + timedelta(minutes=30),
            place=place,
            link="",
            actor=scene.by_founder,
            at=AT,
        )
        confirm(session, planned, scene)
    offer(session, scene, engagement, LATER + timedelta(days=3), LATER + timedelta(days=4))
    at = new + timedelta(hours=1)
    session_actions.record_held(session, coaching_session=planned, actor=scene.by_mentor, at=at)
    write_minutes(
        session,
        coaching_session=planned,
        text="Slow the ramp.",
        version=0,
        actor=scene.by_mentor,
        at=at,
    )
    # The day before, where it was to be, and what was offered besides.
    said = {
        "session_moved": ["11 Mar 2026", "10 Mar 2026"],
        "session_move_sent": ["11 Mar 2026", "10 Mar 2026"],
        "session_place_moved": ["11 Mar 2026", "Room 3"],
        "session_place_sent": ["11 Mar 2026", "Room 3"],
        "times_offered": ["13 Mar 2026, 10:00; Sat 14 Mar 2026, 10:00 (China Time)"],
        "minutes_written": ["11 Mar 2026"],
    }
    for kind, texts in said.items():
        (notice,) = session.scalars(select(Notice).where(Notice.kind == kind)).all()
        for locale in TIME_FORMATS:
            with app.test_request_context(), force_locale(locale):
                words = WORDS.notices[kind]
                worded = word_notice(words, notice.facts, locale=locale, zone="Asia/Shanghai")
            if locale == "en":
                assert all(text in " ".join(worded) for text in texts), (kind, worded)
        path = f"#minutes-{planned.public_id}"
        assert notice.path.endswith(path) is (kind == "minutes_written")


def test_cancelling_a_session_frees_the_time_and_keeps_the_engagement(
    session: Session, scene: Scene
) -> None:
    engagement = make_accepted(session, scene)
    planned = plan(session, engagement, scene.by_mentor)
    confirm(session, planned, scene)
    with pytest.raises(ReasonMissing):
        session_actions.cancel(
            session, coaching_session=planned, reason="", actor=scene.by_founder, at=AT
        )
    session_actions.cancel(
        session, coaching_session=planned, reason="Trade fair", actor=scene.by_founder, at=AT
    )
    assert (planned.state, planned.reason, planned.sequence) == ("cancelled", "Trade fair", 1)
    assert list_taken(session) == set()
    assert engagement.state == "active"
    with pytest.raises(ActionNotAllowed):
        confirm(session, planned, scene)


def test_only_what_is_over_is_recorded(session: Session, scene: Scene) -> None:
    planned = plan(session, make_accepted(session, scene), scene.by_mentor)
    for record in (session_actions.record_held, session_actions.record_missed):
        with pytest.raises(ActionNotAllowed):
            record(session, coaching_session=planned, actor=scene.by_mentor, at=LATER)
    confirm(session, planned, scene)
    for record in (session_actions.record_held, session_actions.record_missed):
        with pytest.raises(SessionNotOver):
            record(
                session,
                coaching_session=planned,
                actor=scene.by_mentor,
                at=planned.ends_at - timedelta(seconds=1),
            )
    session_actions.record_missed(
        session, coaching_session=planned, actor=scene.by_mentor, at=planned.ends_at
    )
    assert planned.state == "missed"


def test_what_was_held_asks_for_feedback(session: Session, scene: Scene) -> None:
    held = hold(session, scene, make_accepted(session, scene))
    assert held.state == "held"
    # The mentor recorded it and is asked on the next page.
    assert list_told(session, "feedback_wanted") == ["Founder in materials"]
    # Of several, a mail says which.
    (told,) = session.scalars(select(Notice).where(Notice.kind == "feedback_wanted"))
    assert told.facts["time_at"] == held.starts_at.isoformat()
    with pytest.raises(ActionNotAllowed):
        session_actions.record_missed(
            session, coaching_session=held, actor=scene.by_founder, at=held.ends_at
        )


@pytest.mark.permissions
def test_onlookers_plan_nothing(session: Session, scene: Scene) -> None:
    engagement = make_accepted(session, scene)
    with pytest.raises(NotPermitted):
        plan(session, engagement, scene.by_operator)
    planned = plan(session, engagement, scene.by_operator_for(scene.founder))
    assert planned.proposed_by_id == scene.founder.id
    event = engagement.events[-1]
    assert (event.kind, event.actor_id, event.on_behalf_of_id) == (
        "session_proposed",
        scene.operator.id,
        scene.founder.id,
    )


def test_a_request_has_no_sessions(session: Session, scene: Scene) -> None:
    with pytest.raises(ActionNotAllowed):
        plan(session, ask(session, scene), scene.by_mentor)
