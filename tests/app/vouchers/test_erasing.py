"""Amounts stay in the books; whoever they were for does not."""

import pytest
from sqlalchemy.orm import Session

from app.verification.erasing import ERASING as VERIFICATION
from app.vouchers.actions import reviewing
from app.vouchers.erasing import ERASING
from app.vouchers.queries.vouchers import list_actions
from tests.app.funds.test_erasing import leave
from tests.app.vouchers.scenes import SHARE, bring_voucher_to, by_officer, claim
from tests.factories import AT

pytestmark = [
    pytest.mark.vouchers,
    pytest.mark.privacy,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]


@pytest.mark.parametrize(
    ("state", "after"), [("used", "released"), ("accepted", "released"), ("paid", "paid")]
)
def test_of_a_startup_that_goes_the_amount_stays(session: Session, state: str, after: str) -> None:
    scene, _order, voucher = bring_voucher_to(session, state)
    leaving = leave(session, scene.funds, scene.funds.founder)

    traces = ERASING.find(session, leaving)
    VERIFICATION.erase(session, leaving)
    ERASING.erase(session, leaving)
    session.expire_all()

    assert traces.counts == {"vouchers": 1}
    assert (voucher.state, voucher.amount_yuan, voucher.fee_yuan) == (after, SHARE, 12_345)
    assert (voucher.startup_id, voucher.order_id, voucher.claim_id) == (None, None, None)
    assert (voucher.invoice, voucher.reference, voucher.evidence) == ("", "", [])


def test_what_was_reserved_at_a_centre_that_goes_is_free(session: Session) -> None:
    scene, _order, voucher = bring_voucher_to(session, "reserved")
    leaving = leave(session, scene.funds, scene.analyst)
    VERIFICATION.erase(session, leaving)
    ERASING.erase(session, leaving)
    session.expire_all()

    assert (voucher.state, voucher.startup_id) == ("released", scene.funds.startup.id)


def test_what_was_returned_when_its_centre_goes_is_claimed_as_it_is(session: Session) -> None:
    scene, _order, voucher = bring_voucher_to(session, "claimed")
    reviewing.return_voucher(
        session, voucher=voucher, reason="Too dark", actor=by_officer(scene), at=AT
    )
    assert list_actions(scene.by_founder, voucher) == {"use", "claim", "release"}
    leaving = leave(session, scene.funds, scene.analyst)
    VERIFICATION.erase(session, leaving)
    ERASING.erase(session, leaving)
    session.expire_all()
    # Without an order there is no report for another invoice.
    assert list_actions(scene.by_founder, voucher) == {"claim", "release"}
    claim(session, scene, voucher)
    assert voucher.state == "claimed"
