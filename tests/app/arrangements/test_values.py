"""What an arrangement can say, by the rules alone."""

from dataclasses import replace

import pytest

from models.vocabulary import Instrument
from tests.app.arrangements.scenes import DUE_ON, EQUITY, ON

pytestmark = pytest.mark.funds


def test_a_guarantee_shares_the_whole_risk() -> None:
    values = replace(
        EQUITY,
        form=Instrument.GUARANTEE,
        holding_bp=None,
        due_on=DUE_ON,
        partner="Bank (example)",
        bank_bp=2000,
        fund_bp=4000,
        guarantor_bp=4000,
        fee_bp=80,
    )
    assert values.find_problem(ON) is None
    found = replace(values, guarantor_bp=3999).find_problem(ON)
    assert found is not None and found.field == "bank_bp"
