"""No voucher is used twice or above its cap, whatever comes in whatever order."""

import threading
from collections import defaultdict
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.errors import DomainError
from app.transactions import writing
from app.verification.actions import quoting, reporting
from app.vouchers.actions import reviewing
from app.vouchers.queries.offers import list_rows
from app.vouchers.queries.vouchers import count_totals
from models.lifecycle import VOUCHER_COUNTS, ActionNotAllowed
from models.organisations import Startup
from models.people import Person
from models.verification import VerificationOrder
from models.voucher_codes import YearBasis
from models.vouchers import Voucher, VoucherScheme
from tests.app.verification.scenes import ask, make_scene, quote
from tests.app.vouchers.scenes import (
    by_officer,
    claim,
    make_quoted,
    offer_scheme,
    order_with,
    take_vouchers,
    use,
)
from tests.factories import AT, act_as

pytestmark = pytest.mark.vouchers

CAP, BUDGET = 6_000, 9_000
JANUARY = AT.replace(year=2027, month=1, day=5)


class Drawing(RuleBasedStateMachine):
    """One startup draws of one scheme with a cap a year and a budget, over the end of a year."""

    session: Session

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = self.session.begin_nested()
        self.scene = make_scene(self.session)
        take_vouchers(self.session, self.scene)
        self.scheme = offer_scheme(
            self.session,
            self.scene,
            cap_yuan=CAP,
            budget_yuan=BUDGET,
            share_bp=5000,
            year_basis=YearBasis.INVOICE,
        )
        self.metrics = 0

    def teardown(self) -> None:
        self.savepoint.rollback()
        # Numbers begin again, and are those of other things.
        self.session.expunge_all()

    @property
    def vouchers(self) -> list[Voucher]:
        return list(self.session.scalars(select(Voucher).order_by(Voucher.id)))

    def pick(self, number: int) -> Voucher:
        return self.vouchers[number % len(self.vouchers)]

    @precondition(lambda self: self.metrics < 5)
    @rule(price=st.integers(2, 20_000))
    def reserve(self, price: int) -> None:
        self.metrics += 1
        order = quote(
            self.session,
            self.scene,
            ask(self.session, self.scene, metric=f"Metric {self.metrics}"),
            price_yuan=price,
        )
        try:
            with self.session.begin_nested():
                order_with(self.session, self.scene, order, self.scheme)
        except DomainError:
            assert order.state == "quoted"

    @precondition(lambda self: self.vouchers)
    @rule(number=st.integers(0, 9), later=st.booleans(), fee=st.integers(1, 30_000))
    def use(self, number: int, later: bool, fee: int) -> None:
        at = JANUARY if later else AT
        self.attempt(
            lambda voucher: use(
                self.session,
                self.scene,
                voucher.order,
                voucher,
                at=at,
                invoiced_on=at.date(),
                paid_fee_yuan=fee,
            ),
            number,
        )

    @precondition(lambda self: self.vouchers)
    @rule(number=st.integers(0, 9), step=st.sampled_from(["claim", "accept", "pay", "refuse"]))
    def go_on(self, number: int, step: str) -> None:
        officer = by_officer(self.scene)
        steps = {
            "claim": lambda v: claim(self.session, self.scene, v),
            "accept": lambda v: reviewing.accept_voucher(
                self.session, voucher=v, actor=officer, at=AT
            ),
            "pay": lambda v: reviewing.pay_voucher(
                self.session, voucher=v, reference="1", actor=officer, at=AT
            ),
            "refuse": lambda v: reviewing.refuse_voucher(
                self.session, voucher=v, reason="1", actor=officer, at=AT
            ),
        }
        self.attempt(steps[step], number)

    @precondition(lambda self: self.vouchers)
    @rule(number=st.integers(0, 9))
    def invalidate(self, number: int) -> None:
        self.attempt(
            lambda voucher: reporting.invalidate_report(
                self.session,
                order=voucher.order,
                reason="1",
                actor=self.scene.by_analyst,
                at=AT,
            ),
            number,
        )

    def attempt(self, action, number: int) -> None:  # type: ignore[no-untyped-def]
        voucher = self.pick(number)
        try:
            with self.session.begin_nested():
                action(voucher)
        except (DomainError, ActionNotAllowed):
            pass

    @invariant()
    def nothing_is_drawn_twice_or_above_a_cap(self) -> None:
        counting = [v for v in self.vouchers if v.state in VOUCHER_COUNTS]
        by_year: dict[int, int] = defaultdict(int)
        for voucher in counting:
            by_year[voucher.year] += voucher.amount_yuan
            assert 0 < voucher.amount_yuan <= voucher.reserved_yuan <= voucher.fee_yuan // 2
        assert all(total <= CAP for total in by_year.values()), by_year
        assert sum(by_year.values()) <= BUDGET
        assert len({v.order_id for v in counting}) == len(counting)
        assert len({v.claim_id for v in counting}) == len(counting)
        (total,) = count_totals(self.session, self.scene.funds.incubator)
        assert total.drawn_yuan == sum(by_year.values())
        for voucher in self.vouchers:
            assert voucher.state != "paid" or voucher.paid_at is not None


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_no_voucher_is_used_twice_or_above_its_cap(session: Session) -> None:
    class OnThis(Drawing):
        pass

    OnThis.session = session
    OnThis.TestCase.settings = settings(
        max_examples=12,
        stateful_step_count=12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    OnThis.TestCase().runTest()


@pytest.mark.concurrency
def test_of_two_that_reserve_one_remainder_exactly_one_wins(fresh_engine: Engine) -> None:
    with Session(fresh_engine) as session, writing(session):
        scene, first = make_quoted(session)
        second = quote(session, scene, ask(session, scene, metric="Another"))
        # Enough for one of the two and not for a yuan more.
        scheme = offer_scheme(session, scene, cap_yuan=4_114)
        founder, scheme_id = scene.funds.founder.id, scheme.id
        orders = [first.id, second.id]
    gate = threading.Barrier(2)
    outcomes: list[str] = []

    def reserve(order_id: int) -> None:
        with Session(fresh_engine) as session:
            actor = act_as(session.get_one(Person, founder))
            gate.wait()
            try:
                with writing(session):
                    quoting.accept_quote(
                        session,
                        order=session.get_one(VerificationOrder, order_id),
                        number=1,
                        scheme=session.get_one(VoucherScheme, scheme_id),
                        actor=actor,
                        at=AT + timedelta(minutes=1),
                    )
                outcomes.append("ordered")
            except DomainError as error:
                outcomes.append(error.code)

    threads = [threading.Thread(target=reserve, args=(each,)) for each in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["ordered", "voucher_not_possible"]
    with Session(fresh_engine) as session:
        assert [v.amount_yuan for v in session.scalars(select(Voucher))] == [4_114]
        states = session.scalars(select(VerificationOrder.state).order_by(VerificationOrder.state))
        # Who got no voucher has ordered nothing.
        assert list(states) == ["ordered", "quoted"]
        startup = session.scalars(select(Startup).where(Startup.incubator_id.is_not(None))).first()
        assert startup is not None
        (row,) = list_rows(session, startup, AT)
        assert row.left_yuan == 0
