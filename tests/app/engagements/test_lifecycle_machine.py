"""Whoever does whatever, by action, program or clock: no state outside of the tables is reached."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.access import Actor, Installation
from app.engagements.actions import engagements as actions
from app.engagements.actions import missed_times, passing, questions, queue
from app.engagements.actions import sessions as session_actions
from app.engagements.actions.request_rules import set_rules
from app.engagements.queries.request_rules import Rules
from app.engagements.queueing import count_requests_kept_for
from app.errors import DomainError
from models.engagements import CoachingSession, Engagement
from models.lifecycle import (
    COACHING_SESSION,
    ENGAGEMENT,
    ENGAGEMENT_OPEN,
    ENGAGEMENT_TAKES_PLACE,
    MISSED_TIME,
    PROFILE,
    QUESTION,
    QUEUE_PLACE,
    QUEUE_PLACE_OPEN,
    ActionNotAllowed,
    Lifecycle,
)
from models.missed_times import MissedBy, MissedTime, MissedTimeKind
from models.passing import PassedRequest
from models.providers import Provider
from models.questions import EngagementQuestion
from models.queues import QueuePlace
from models.vocabulary import DeclineReason
from tests.app.engagements.scenes import Scene, ask, make_scene
from tests.factories import AT, act_for, make_centre, make_mentor, make_need, make_person

pytestmark = pytest.mark.engagements

OPEN_REQUESTS = 2
TABLES: tuple[tuple[type[Any], Lifecycle], ...] = (
    (Engagement, ENGAGEMENT),
    (CoachingSession, COACHING_SESSION),
    (EngagementQuestion, QUESTION),
    (QueuePlace, QUEUE_PLACE),
    (MissedTime, MISSED_TIME),
    (Provider, PROFILE),
)

PICK = st.integers(0, 3)
SIDE = st.booleans()


def reaches(lifecycle: Lifecycle, before: str, after: str) -> bool:
    """Whether some actions of the table, one after the other, lead from `before` to `after`."""
    reached, new = {before}, {before}
    while new:
        new = {
            lifecycle.follow(action, state)
            for state in new
            for action in lifecycle.list_actions(state)
        } - reached
        reached |= new
    return after in reached


def make_machine(engine: Engine) -> type[RuleBasedStateMachine]:
    """A machine over a world of its own, all of which is taken back at the end."""

    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.connection = engine.connect()
            self.outer = self.connection.begin()
            self.session = Session(self.connection, join_transaction_mode="create_savepoint")
            self.scene: Scene = make_scene(self.session, capacity=1)
            rules = Rules(answer_hours=24, silences=2, open_requests=OPEN_REQUESTS)
            set_rules(
                self.session,
                incubator=self.scene.incubator,
                rules=rules,
                actor=self.scene.by_operator,
                at=AT,
            )
            centre = make_centre(self.session, person=make_person(self.session), capacity=1)
            colleague = make_mentor(self.session, person=make_person(self.session), capacity=1)
            self.providers = [self.scene.provider, centre, colleague]
            self.by_provider = [self.scene.by_mentor, *map(act_for, (centre, colleague))]
            for _ in range(2):
                make_need(self.session, self.scene.startup)
            self.session.commit()
            self.at: datetime = AT
            self.seen: dict[tuple[type[Any], int], str] = {}

        def teardown(self) -> None:
            self.session.close()
            self.outer.rollback()
            self.connection.close()

        def attempt(self, step: Callable[[], object]) -> None:
            """What the rules forbid changes nothing."""
            before = self.read()
            try:
                step()
                self.session.commit()
            except (DomainError, ActionNotAllowed):
                self.session.rollback()
                assert self.read() == before

        def read(self) -> dict[tuple[type[Any], int], str]:
            return {
                (table, row[0]): row[1]
                for table, _ in TABLES
                for row in self.session.execute(select(table.id, table.state))
            }

        def pick(self, table: type[Any], number: int) -> Any:
            rows = self.session.scalars(select(table).order_by(table.id)).all()
            return rows[-1 - number % len(rows)] if rows else None

        def act(self, engagement: Engagement, by_startup: bool) -> Actor:
            if by_startup:
                return self.scene.by_founder
            ids = [provider.id for provider in self.providers]
            return self.by_provider[ids.index(engagement.provider_id)]

        def on_engagement(
            self, number: int, by_startup: bool, do: Callable[[Engagement, Actor], object]
        ) -> None:
            engagement = self.pick(Engagement, number)
            if engagement is not None:
                self.attempt(lambda: do(engagement, self.act(engagement, by_startup)))

        @rule(need=PICK, provider=SIDE)
        def request(self, need: int, provider: bool) -> None:
            needs = self.scene.startup.needs
            self.attempt(
                lambda: ask(
                    self.session,
                    self.scene,
                    need=needs[need % len(needs)],
                    provider=self.providers[provider],
                    at=self.at,
                )
            )

        @rule(number=PICK, by_startup=SIDE)
        def accept(self, number: int, by_startup: bool) -> None:
            self.on_engagement(
                number,
                by_startup,
                lambda row, by: actions.accept(
                    self.session, engagement=row, actor=by, at=self.at, words="Yes"
                ),
            )

        @rule(number=PICK, code=st.sampled_from(DeclineReason))
        def decline(self, number: int, code: DeclineReason) -> None:
            self.on_engagement(
                number,
                False,
                lambda row, by: actions.decline(
                    self.session, engagement=row, code=code, reason="No", actor=by, at=self.at
                ),
            )

        @rule(number=PICK, by_startup=SIDE, provider=PICK)
        def pass_on(self, number: int, by_startup: bool, provider: int) -> None:
            colleague = self.providers[provider % len(self.providers)]
            self.on_engagement(
                number,
                by_startup,
                lambda row, by: passing.pass_on(
                    self.session,
                    engagement=row,
                    colleague=colleague,
                    words="Hers",
                    actor=by,
                    at=self.at,
                ),
            )

        @rule(number=PICK, by_startup=SIDE)
        def withdraw_or_complete(self, number: int, by_startup: bool) -> None:
            step = actions.withdraw if number % 2 else actions.complete
            self.on_engagement(
                number,
                by_startup,
                lambda row, by: step(self.session, engagement=row, actor=by, at=self.at),
            )

        @rule(number=PICK, by_startup=SIDE)
        def cancel(self, number: int, by_startup: bool) -> None:
            self.on_engagement(
                number,
                by_startup,
                lambda row, by: actions.cancel(
                    self.session, engagement=row, reason="Over", actor=by, at=self.at
                ),
            )

        @rule(number=PICK, by_startup=SIDE)
        def ask_back(self, number: int, by_startup: bool) -> None:
            self.on_engagement(
                number,
                by_startup,
                lambda row, by: questions.ask_back(
                    self.session, engagement=row, question="Which?", actor=by, at=self.at
                ),
            )

        @rule(number=PICK, by_startup=SIDE)
        def reply(self, number: int, by_startup: bool) -> None:
            self.on_engagement(
                number,
                by_startup,
                lambda row, by: questions.reply(
                    self.session, engagement=row, reply="That", actor=by, at=self.at
                ),
            )

        @rule(number=PICK, by_startup=SIDE)
        def propose(self, number: int, by_startup: bool) -> None:
            begins = self.at.replace(minute=0) + timedelta(hours=2)
            self.on_engagement(
                number,
                by_startup,
                lambda row, by: session_actions.propose(
                    self.session,
                    engagement=row,
                    starts_at=begins,
                    ends_at=begins + timedelta(hours=1),
                    place="Room 2",
                    link="",
                    actor=by,
                    at=self.at,
                ),
            )

        @rule(number=PICK, by_startup=SIDE, missed_by=st.sampled_from([None, *MissedBy]))
        def go_on_with_a_session(
            self, number: int, by_startup: bool, missed_by: MissedBy | None
        ) -> None:
            row = self.pick(CoachingSession, number)
            if row is None:
                return
            by = self.act(row.engagement, by_startup)
            record = (
                session_actions.record_held
                if missed_by is None
                else partial(session_actions.record_missed, missed_by=missed_by)
            )
            for step in (session_actions.confirm, record):
                self.attempt(
                    partial(step, self.session, coaching_session=row, actor=by, at=self.at)
                )

        @rule(number=PICK, by_startup=SIDE, place_only=SIDE)
        def move_or_give_up(self, number: int, by_startup: bool, place_only: bool) -> None:
            row = self.pick(CoachingSession, number)
            if row is None:
                return
            by = self.act(row.engagement, by_startup)
            if place_only:
                span = {"starts_at": row.starts_at, "ends_at": row.ends_at}
                step = partial(session_actions.move, place="Room 3", link="", **span)
            else:
                step = partial(session_actions.cancel, reason="Ill")
            self.attempt(lambda: step(self.session, coaching_session=row, actor=by, at=self.at))

        @rule(number=PICK, by_startup=SIDE)
        def appeal(self, number: int, by_startup: bool) -> None:
            row = self.pick(MissedTime, number)
            if row is not None:
                by = self.act(row.engagement, by_startup)
                self.attempt(
                    lambda: missed_times.appeal(
                        self.session, missed_time=row, words="Not so", actor=by, at=self.at
                    )
                )

        @rule(number=PICK, takes_back=SIDE)
        def decide(self, number: int, takes_back: bool) -> None:
            row = self.pick(MissedTime, number)
            if row is not None:
                self.attempt(
                    lambda: missed_times.decide(
                        self.session,
                        missed_time=row,
                        takes_back=takes_back,
                        words="Heard",
                        actor=self.scene.by_operator,
                        at=self.at,
                    )
                )

        @rule(need=PICK, provider=SIDE)
        def wait_for_a_place(self, need: int, provider: bool) -> None:
            needs = self.scene.startup.needs
            self.attempt(
                lambda: queue.join_queue(
                    self.session,
                    need=needs[need % len(needs)],
                    provider=self.providers[provider],
                    actor=self.scene.by_founder,
                    at=self.at,
                )
            )

        @rule(number=PICK)
        def leave_the_queue(self, number: int) -> None:
            row = self.pick(QueuePlace, number)
            if row is not None:
                self.attempt(
                    lambda: queue.leave_queue(
                        self.session, place=row, actor=self.scene.by_founder, at=self.at
                    )
                )

        @rule(provider=SIDE)
        def settle_the_queue(self, provider: bool) -> None:
            row = self.providers[provider]
            self.attempt(
                lambda: queue.settle_queue(
                    self.session, provider_id=row.id, actor=Installation.CLOCK, at=self.at
                )
            )
            offered = [each for each in self.list_places(row) if each.state == "offered"]
            kept = count_requests_kept_for(self.session, row.id)
            taken = actions.count_taken_places(self.session, row.id)
            assert len(offered) <= max(0, row.capacity - taken - kept)

        def list_places(self, provider: Provider) -> list[QueuePlace]:
            query = select(QueuePlace).where(QueuePlace.provider_id == provider.id)
            return list(self.session.scalars(query))

        @rule(hours=st.sampled_from([1, 3, 25, 100]))
        def wait(self, hours: int) -> None:
            self.at += timedelta(hours=hours)

        @rule()
        def let_the_clock_work(self) -> None:
            self.attempt(
                lambda: actions.expire_due(
                    self.session, actor=Installation.CLOCK, at=self.at, limit=10
                )
            )

        @rule(provider=SIDE)
        def return_by_one_click(self, provider: bool) -> None:
            # Publishing encodes the profile; here its table is enough.
            row = self.providers[provider]
            if row.state == "paused":
                row.state = PROFILE.follow("publish", row.state)
                self.session.commit()

        @invariant()
        def nothing_leaves_the_tables(self) -> None:
            now = self.read()
            lifecycles: dict[type[Any], Lifecycle] = dict(TABLES)
            for (table, number), state in now.items():
                lifecycle = lifecycles[table]
                before = self.seen.get((table, number))
                assert state in lifecycle.states
                assert before is None or reaches(lifecycle, before, state), (table, before, state)
            self.seen = now

        @invariant()
        def what_the_limits_say_holds(self) -> None:
            rows = self.session.scalars(select(Engagement)).all()
            by_provider: dict[int, int] = {}
            pairs: dict[tuple[int, int], int] = {}
            for row in rows:
                if row.state in ENGAGEMENT_TAKES_PLACE:
                    by_provider[row.provider_id] = by_provider.get(row.provider_id, 0) + 1
                if row.state in ENGAGEMENT_OPEN:
                    pair = (row.need_id, row.provider_id)
                    pairs[pair] = pairs.get(pair, 0) + 1
                asked = [each for each in row.questions if each.state == "asked"]
                assert len(asked) <= (1 if row.state == "requested" else 0)
            assert all(count <= 1 for count in by_provider.values())
            assert all(count == 1 for count in pairs.values())
            waiting = [row for row in rows if row.state == "requested"]
            places = self.session.scalars(select(QueuePlace)).all()
            open_places = [each for each in places if each.state in QUEUE_PLACE_OPEN]
            # A place in a queue counts among the answers that are waited for.
            assert len(waiting) + len(open_places) <= OPEN_REQUESTS
            assert len({(each.need_id, each.provider_id) for each in open_places}) == len(
                open_places
            )
            passed = self.session.scalars(select(PassedRequest)).all()
            # Each has gone on once, and what came that way goes no further.
            assert {each.former_id for each in passed} == {
                row.id for row in rows if row.state == "passed_on"
            }
            assert not {each.former_id for each in passed} & {each.present_id for each in passed}
            assert all((each.engagement_id is None) <= (each.state != "taken") for each in places)

        @invariant()
        def who_is_counted_was_bound(self) -> None:
            for row in self.session.scalars(select(MissedTime)):
                state = row.coaching_session.state
                if row.kind is MissedTimeKind.NO_SHOW:
                    assert state == "missed"
                elif row.kind is MissedTimeKind.LATE_CANCEL:
                    assert state == "cancelled"
                assert (row.decided_at is None) == (row.state not in ("upheld", "taken_back"))

    return Machine


def test_no_sequence_leaves_the_tables(engine: Engine) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        make_machine(engine),
        settings=settings(max_examples=8, stateful_step_count=25, deadline=None),
    )


def test_the_machine_would_notice() -> None:
    assert reaches(ENGAGEMENT, "requested", "completed")
    assert not reaches(ENGAGEMENT, "declined", "requested")
    assert not reaches(QUESTION, "lapsed", "replied")
