"""Totals of money and proof re-derive from their records, and a few are not said."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.home.totals import FEW, FIGURES, Total, hide, list_money_totals
from app.home.words import TOTALS
from models.financings import Financing
from models.lifecycle import FINANCING, INTEREST_COUNTS
from models.vocabulary import Role
from tests.app.arrangements.scenes import make_arrangement
from tests.app.financings.scenes import make_financing, make_interest
from tests.app.funds.scenes import make_money_need, make_scene
from tests.factories import (
    AT,
    act_as,
    join,
    make_engagement,
    make_incubator,
    make_person,
    make_startup,
)

pytestmark = [
    pytest.mark.funds,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]

SOME = st.lists(
    st.tuples(st.sampled_from(FINANCING.states), st.sampled_from([100, 70_000])),
    min_size=3,
    max_size=16,
)


def test_every_figure_has_its_word(session: Session) -> None:
    assert list(TOTALS) == list(FIGURES)


@given(rows=SOME)
@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_totals_of_financings_are_those_of_their_interests(
    session: Session, rows: list[tuple[str, int]]
) -> None:
    with session.begin_nested() as savepoint:
        scene = make_scene(session)
        financings: list[Financing] = []
        for state, amount in rows:
            need = make_money_need(session, scene.startup)
            financing = make_financing(session, need, closes_on=AT.date() + timedelta(days=400))
            make_interest(session, financing, scene.fund, "committed", amount)
            financing.state, financing.ended_at = state, AT
            financings.append(financing)
        session.flush()
        (shown,) = list_money_totals(session, scene.by_operator, AT)
        counted = Counter(state for state, _amount in rows)
        raised = sum(
            interest.amount_yuan or 0
            for financing in financings
            for interest in financing.interests
            if financing.state == "closed" and interest.state in INTEREST_COUNTS
        )
        assert shown.totals["financings_open"] == hide(counted["open"], None)
        assert shown.totals["financings_closed"] == hide(counted["closed"], raised)
        savepoint.rollback()


def test_a_few_are_not_said_and_a_place_adds_up_before_it_hides(session: Session) -> None:
    scene = make_scene(session)
    regulator = make_person(session)
    place = scene.incubator.place_code
    join(session, regulator, Role.REGULATOR, place_code=place)
    for number in range(FEW):
        (mine,) = list_money_totals(session, scene.by_operator, AT)
        assert mine.totals["arrangements_due"] == hide(number, None)
        assert mine.totals["arrangements_due"].is_hidden is (number > 0)
        need = make_money_need(session, scene.startup)
        deal = make_engagement(session, need, scene.fund, state="accepted", answered_at=AT)
        make_arrangement(session, deal, state="due", offered_at=AT, agreed_at=AT)
    for viewer in (scene.by_operator, act_as(regulator)):
        shown = next(
            row
            for row in list_money_totals(session, viewer, AT + timedelta(days=31))
            if row.place_code in (None, place)
        )
        assert shown.totals["arrangements_due"] == Total(FEW)
        assert shown.totals["deals_resting"] == Total(FEW)
        assert shown.totals["vouchers_drawn"] == Total(0, 0)
    assert list_money_totals(session, scene.by_founder, AT) == []


def test_no_few_are_told_by_what_is_left(session: Session) -> None:
    scene = make_scene(session)
    for number in range(FEW + 2):
        need = make_money_need(session, scene.startup)
        deal = make_engagement(session, need, scene.fund, state="accepted", answered_at=AT)
        state = "due" if number < FEW else "running"
        make_arrangement(session, deal, state=state, offered_at=AT, agreed_at=AT)
    (mine,) = list_money_totals(session, scene.by_operator, AT)
    assert mine.totals["arrangements_bind"] == Total(FEW + 2)
    assert mine.totals["arrangements_due"].is_hidden
    # Whoever operates the larger part of a place reads no smaller one by taking the two apart.
    other = make_incubator(session, place_code=scene.incubator.place_code)
    need = make_money_need(session, make_startup(session, incubator=other))
    deal = make_engagement(session, need, scene.fund, state="accepted", answered_at=AT)
    make_arrangement(session, deal, state="running", offered_at=AT, agreed_at=AT)
    join(session, scene.operator, Role.REGULATOR, place_code=scene.incubator.place_code)
    own, place = list_money_totals(session, act_as(scene.operator), AT)
    assert own.totals["arrangements_bind"] == Total(FEW + 2)
    assert place.totals["arrangements_bind"].is_hidden
