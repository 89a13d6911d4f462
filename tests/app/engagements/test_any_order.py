"""Whatever people try in whatever order: states follow the tables, places and hours are kept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.access import Actor, Installation
from app.calendars.local_times import list_quarters
from app.engagements.actions import engagements as actions
from app.engagements.actions import feedback as feedback_actions
from app.engagements.actions import sessions as session_actions
from app.engagements.actions.contradictions import contradict
from app.engagements.actions.passing import pass_on
from app.engagements.words import NOTICES
from app.errors import DomainError
from app.words.wording import word_notice
from models.engagements import CoachingSession, Engagement, SessionQuarter
from models.lifecycle import (
    COACHING_SESSION,
    ENGAGEMENT,
    ENGAGEMENT_TAKES_PLACE,
    ActionNotAllowed,
    Lifecycle,
)
from models.missed_times import MissedBy
from models.notices import OutboxMail
from tests.app.engagements.scenes import Scene, ask, make_scene
from tests.factories import AT, make_mentor, make_need

pytestmark = pytest.mark.engagements

CAPACITY = 1
NEEDS = 3

# A step: what, on which of the things there are, by the mentor or the founder, at which slot.
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "request",
                "accept",
                "decline",
                "pass_on",
                "withdraw",
                "cancel",
                "complete",
                "expire",
                "propose",
                "propose",
                "confirm",
                "confirm",
                "move",
                "cancel_session",
                "record_held",
                "record_missed",
                "contradict",
                "give_feedback",
                "give_feedback",
                "wait",
            ]
        ),
        st.integers(0, 5),
        st.booleans(),
        st.integers(0, 6),
    ),
    min_size=10,
    max_size=40,
)

# What each step may do to engagements and to sessions, by the tables' own names.
ENGAGEMENT_EFFECTS = {
    "accept": {"accept"},
    "decline": {"decline"},
    "pass_on": {"pass_on"},
    "withdraw": {"withdraw"},
    "cancel": {"cancel"},
    "complete": {"complete"},
    "expire": {"expire"},
    "confirm": {"begin"},
    "give_feedback": {"complete"},
}
SESSION_EFFECTS = {
    "confirm": {"confirm"},
    "move": {"move"},
    "cancel_session": {"cancel"},
    "cancel": {"cancel"},
    "record_held": {"record_held"},
    "record_missed": {"record_missed"},
    "contradict": {"contradict"},
}


@dataclass
class Play:
    """One sequence of steps in one world."""

    session: Session
    scene: Scene
    at: datetime = AT

    def take(self, what: str, which: int, by_mentor: bool, slot: int) -> None:
        actor = self.scene.by_mentor if by_mentor else self.scene.by_founder
        if what == "wait":
            self.at += timedelta(minutes=30 * (1 + slot))
        elif what == "request":
            need = self.scene.startup.needs[which % NEEDS]
            ask(self.session, self.scene, need=need, at=self.at, actor=actor)
        elif what == "expire":
            actions.expire_due(
                self.session,
                actor=Installation.CLOCK,
                at=self.at + timedelta(days=2 * slot),
                limit=10,
            )
        elif what in _OF_ENGAGEMENT:
            if rows := self.session.scalars(select(Engagement).order_by(Engagement.id)).all():
                _OF_ENGAGEMENT[what](self, rows[which % len(rows)], actor, slot)
        elif rows_ := self.session.scalars(
            select(CoachingSession).order_by(CoachingSession.id)
        ).all():
            _OF_SESSION[what](self, rows_[which % len(rows_)], actor, slot)

    def get_span(self, slot: int) -> tuple[datetime, datetime]:
        """A span that overlaps with those of the neighbouring slots."""
        starts_at = AT + timedelta(hours=1, minutes=15 * slot)
        return starts_at, starts_at + timedelta(minutes=30)


def _propose(play: Play, engagement: Engagement, actor: Actor, slot: int) -> None:
    starts_at, ends_at = play.get_span(slot)
    session_actions.propose(
        play.session,
        engagement=engagement,
        starts_at=starts_at,
        ends_at=ends_at,
        place="Room 2",
        link="",
        actor=actor,
        at=play.at,
    )


def _move(play: Play, row: CoachingSession, actor: Actor, slot: int) -> None:
    starts_at, ends_at = play.get_span(slot)
    session_actions.move(
        play.session,
        coaching_session=row,
        starts_at=starts_at,
        ends_at=ends_at,
        place="Room 3",
        link="",
        actor=actor,
        at=play.at,
    )


def _judge(play: Play, row: CoachingSession, actor: Actor, slot: int) -> None:
    feedback_actions.give(
        play.session,
        coaching_session=row,
        rating=slot,
        preparation=None,
        wants_to_continue=True,
        comment="",
        private_note="",
        actor=actor,
        at=play.at,
    )


def pass_on_to_new(play: Play, engagement: Engagement, actor: Actor) -> None:
    """To a colleague for whom nobody acts here: that request is withdrawn, or expires."""
    pass_on(
        play.session,
        engagement=engagement,
        colleague=make_mentor(play.session),
        words="Hers",
        actor=actor,
        at=play.at,
    )


_OF_ENGAGEMENT: dict[str, Callable[[Play, Engagement, Actor, int], None]] = {
    "accept": lambda p, row, by, slot: actions.accept(p.session, engagement=row, actor=by, at=p.at),
    "decline": lambda p, row, by, slot: actions.decline(
        p.session, engagement=row, reason="No", actor=by, at=p.at
    ),
    "pass_on": lambda p, row, by, slot: pass_on_to_new(p, row, by),
    "withdraw": lambda p, row, by, slot: actions.withdraw(
        p.session, engagement=row, actor=by, at=p.at
    ),
    "cancel": lambda p, row, by, slot: actions.cancel(
        p.session, engagement=row, reason="No longer", actor=by, at=p.at
    ),
    "complete": lambda p, row, by, slot: actions.complete(
        p.session, engagement=row, actor=by, at=p.at
    ),
    "propose": _propose,
}
_OF_SESSION: dict[str, Callable[[Play, CoachingSession, Actor, int], None]] = {
    "confirm": lambda p, row, by, slot: session_actions.confirm(
        p.session, coaching_session=row, actor=by, at=p.at
    ),
    "move": _move,
    "cancel_session": lambda p, row, by, slot: session_actions.cancel(
        p.session, coaching_session=row, reason="No", actor=by, at=p.at
    ),
    "record_held": lambda p, row, by, slot: session_actions.record_held(
        p.session, coaching_session=row, actor=by, at=p.at
    ),
    "record_missed": lambda p, row, by, slot: session_actions.record_missed(
        p.session, coaching_session=row, actor=by, at=p.at
    ),
    "contradict": lambda p, row, by, slot: contradict(
        p.session,
        coaching_session=row,
        words="It was not so",
        missed_by=MissedBy.STARTUP if row.state == "held" else None,
        actor=by,
        at=p.at,
    ),
    "give_feedback": _judge,
}


def read_states(session: Session) -> tuple[dict[int, str], dict[int, str]]:
    engagements = session.execute(select(Engagement.id, Engagement.state)).all()
    sessions = session.execute(select(CoachingSession.id, CoachingSession.state)).all()
    return {row[0]: row[1] for row in engagements}, {row[0]: row[1] for row in sessions}


def check_steps(
    lifecycle: Lifecycle, before: dict[int, str], after: dict[int, str], allowed: set[str]
) -> None:
    """Every state that changed did so by one of the allowed actions; what is new is at a start."""
    for key, state in after.items():
        if key not in before:
            assert state in lifecycle.starts
        elif state != before[key]:
            possible = {
                action
                for action in allowed
                if lifecycle.is_allowed(action, before[key])
                and lifecycle.follow(action, before[key]) == state
            }
            assert possible, (before[key], state, allowed)


def check_places_and_hours(session: Session) -> None:
    taken = session.scalars(
        select(Engagement).where(Engagement.state.in_(ENGAGEMENT_TAKES_PLACE))
    ).all()
    assert len(taken) <= CAPACITY
    expected = {
        (row.id, person_id, quarter_at)
        for row in session.scalars(
            select(CoachingSession).where(
                CoachingSession.state.in_(("confirmed", "held", "missed", "contested"))
            )
        )
        for person_id in {
            row.proposed_by_id,
            row.confirmed_by_id,
            row.engagement.requested_by_id,
        }
        for quarter_at in list_quarters(row.starts_at, row.ends_at)
    }
    rows = session.execute(
        select(
            SessionQuarter.coaching_session_id,
            SessionQuarter.person_id,
            SessionQuarter.quarter_at,
        )
    ).all()
    assert {(row[0], row[1], row[2]) for row in rows} == expected
    assert len(rows) == len(expected)


def check_words(session: Session) -> None:
    """What people were told can be said: no wording asks for a fact that is not there."""
    for mail in session.scalars(select(OutboxMail)):
        assert "%(" not in "".join(
            word_notice(NOTICES[mail.kind], mail.facts, locale="en", zone="Asia/Shanghai")
        )


def play(engine: Engine, steps: list[tuple[str, int, bool, int]]) -> set[str]:
    """Take the steps and check the world after each; gives the states that were reached."""
    reached: set[str] = set()
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            scene = make_scene(session, capacity=CAPACITY)
            for _ in range(NEEDS - 1):
                make_need(session, scene.startup)
            session.commit()
            game = Play(session, scene)
            for step in steps:
                before = read_states(session)
                try:
                    game.take(*step)
                    session.commit()
                except (DomainError, ActionNotAllowed):
                    session.rollback()
                    assert read_states(session) == before
                    continue
                after = read_states(session)
                check_steps(ENGAGEMENT, before[0], after[0], ENGAGEMENT_EFFECTS.get(step[0], set()))
                check_steps(
                    COACHING_SESSION, before[1], after[1], SESSION_EFFECTS.get(step[0], set())
                )
                check_places_and_hours(session)
                reached |= {*after[0].values(), *after[1].values()}
            check_words(session)
        outer.rollback()
    return reached


@settings(max_examples=12, deadline=None)
@given(steps=STEPS)
def test_whatever_is_tried_in_whatever_order(
    engine: Engine, steps: list[tuple[str, int, bool, int]]
) -> None:
    play(engine, steps)


def test_the_steps_can_reach_every_state(engine: Engine) -> None:
    founder, mentor = False, True
    common = [("request", 0, founder, 0), ("accept", 0, mentor, 0), ("propose", 0, mentor, 2)]
    whole = [
        *common,
        ("confirm", 0, founder, 0),
        ("wait", 0, founder, 6),
        ("record_held", 0, mentor, 0),
        ("give_feedback", 0, founder, 5),
        ("give_feedback", 0, mentor, 4),
        ("request", 1, founder, 0),
        ("decline", 1, mentor, 0),
        ("request", 1, founder, 0),
        ("withdraw", 2, founder, 0),
        ("request", 1, founder, 0),
        ("expire", 0, founder, 4),
        ("request", 2, founder, 0),
        ("pass_on", 4, mentor, 0),
    ]
    missed = [
        *common,
        ("confirm", 0, founder, 0),
        ("wait", 0, founder, 6),
        ("record_missed", 0, mentor, 0),
        ("cancel", 0, mentor, 0),
    ]
    contested = [*missed[:-1], ("contradict", 0, founder, 0)]
    moved = [*common, ("move", 0, founder, 4), ("cancel_session", 0, mentor, 0)]
    reached = play(engine, whole) | play(engine, missed) | play(engine, moved)
    reached |= play(engine, contested)
    assert reached == {*ENGAGEMENT.states, *COACHING_SESSION.states}
