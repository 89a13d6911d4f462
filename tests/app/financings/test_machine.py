"""Whoever does whatever in whatever order: never more than the target, and sums re-derive."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.access import Installation
from app.clock import today
from app.errors import DomainError
from app.financings.actions import committing, raising
from models.financings import Financing, Interest
from models.lifecycle import FINANCING, INTEREST, ActionNotAllowed
from tests.app.engagements.test_lifecycle_machine import reaches
from tests.app.financings.scenes import FINANCING as VALUES
from tests.app.financings.scenes import make_scene
from tests.factories import AT

pytestmark = pytest.mark.funds

FUND = st.booleans()
AMOUNT = st.integers(0, 4).map(lambda count: count * 500_000)


def make_machine(engine: Engine) -> type[RuleBasedStateMachine]:
    """A machine over a world of its own, all of which is taken back at the end."""

    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.connection = engine.connect()
            self.outer = self.connection.begin()
            self.session = Session(self.connection, join_transaction_mode="create_savepoint")
            self.scene = make_scene(self.session)
            self.by = {"actor": self.scene.by_founder}
            self.at = AT
            self.seen: dict[tuple[type, int], str] = {}
            self.session.commit()
            self.begin()

        def teardown(self) -> None:
            self.session.close()
            self.outer.rollback()
            self.connection.close()

        def attempt(self, step: Callable[[], object]) -> None:
            try:
                step()
                self.session.commit()
            except (DomainError, ActionNotAllowed):
                self.session.rollback()

        def last(self) -> Financing:
            found = self.session.scalars(
                select(Financing).order_by(Financing.id.desc()).limit(1)
            ).first()
            assert found is not None
            return found

        @rule()
        def begin(self) -> None:
            def step() -> None:
                financing = raising.draft_financing(
                    self.session, need=self.scene.need, values=VALUES, at=self.at, **self.by
                )
                raising.open_financing(
                    self.session,
                    financing=financing,
                    version=financing.version,
                    at=self.at,
                    **self.by,
                )

            self.attempt(step)

        @rule(first=FUND, amount=AMOUNT, commits=st.booleans())
        def climb(self, first: bool, amount: int, commits: bool) -> None:
            engagement = self.scene.first if first else self.scene.second
            by = {"engagement": engagement, "actor": self.scene.act(engagement), "at": self.at}
            self.attempt(lambda: committing.observe(self.session, **by))
            self.attempt(lambda: committing.consider(self.session, amount_yuan=amount, **by))
            if commits:
                self.attempt(lambda: committing.commit(self.session, amount_yuan=amount, **by))

        @rule(first=FUND, leaves=st.booleans())
        def go(self, first: bool, leaves: bool) -> None:
            engagement = self.scene.first if first else self.scene.second
            by = {"engagement": engagement, "actor": self.scene.act(engagement), "at": self.at}
            if leaves:
                self.attempt(lambda: committing.leave(self.session, **by))
            else:
                self.attempt(lambda: committing.release_commitment(self.session, words="No", **by))

        @rule(pays=st.booleans())
        def answer(self, pays: bool) -> None:
            for interest in list(self.last().interests):
                if pays:
                    self.attempt(
                        lambda interest=interest: committing.confirm_payment(
                            self.session,
                            interest=interest,
                            paid_on=today(self.at),
                            at=self.at,
                            **self.by,
                        )
                    )
                else:
                    self.attempt(
                        lambda interest=interest: committing.let_go(
                            self.session, interest=interest, words="No", at=self.at, **self.by
                        )
                    )

        @rule(closes=st.booleans())
        def end(self, closes: bool) -> None:
            financing = self.last()
            values = {"financing": financing, "at": self.at, **self.by}
            if closes:
                self.attempt(
                    lambda: raising.close_financing(
                        self.session, taken_yuan=financing.taken_yuan, **values
                    )
                )
            else:
                self.attempt(lambda: raising.abandon_financing(self.session, **values))

        @rule(days=st.sampled_from([1, 40]))
        def wait(self, days: int) -> None:
            self.at += timedelta(days=days)
            self.attempt(
                lambda: raising.end_financings(
                    self.session, actor=Installation.CLOCK, at=self.at, limit=9
                )
            )

        @invariant()
        def sums_hold(self) -> None:
            self.session.expire_all()
            for financing in self.session.scalars(select(Financing)):
                taken = [
                    each.amount_yuan
                    for each in financing.interests
                    if each.state in ("committed", "invested")
                ]
                assert sum(taken) == financing.taken_yuan <= financing.target_yuan
                assert len(taken) == financing.taken_places
                if financing.state in ("lapsed", "abandoned"):
                    assert taken == []

        @invariant()
        def nothing_leaves_the_tables(self) -> None:
            for table, lifecycle in ((Financing, FINANCING), (Interest, INTEREST)):
                for number, state in self.session.execute(select(table.id, table.state)):
                    before = self.seen.get((table, number))
                    assert before is None or reaches(lifecycle, before, state)
                    self.seen[table, number] = state

    return Machine


def test_no_order_of_steps_takes_more_than_the_target(engine: Engine) -> None:
    run_state_machine_as_test(
        make_machine(engine),
        settings=settings(max_examples=6, stateful_step_count=20, deadline=None),
    )
