"""What must not go on: after a withdrawal, an erasure, an end, or by one person for two."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.access import make_actor
from app.clock import today
from app.errors import ChangedMeanwhile, NotFound, OutOfOrder
from app.facts.actions import withdraw_fact
from app.verification.actions import quoting, reporting, testing
from app.verification.actions.claims import edit_claim, release_claim, withdraw_claim
from app.verification.erasing import ERASING
from app.verification.errors import NotToSettle, QuoteUnfit, ResultUnfit
from app.verification.forms import ClaimForm
from app.verification.queries.claims import get_end, list_released
from app.verification.queries.orders import read_queue, view_order
from app.verification.values import is_last_day, is_measure
from models.facts import Fact
from models.lifecycle import ActionNotAllowed
from tests.app.funds.test_erasing import leave
from tests.app.verification.scenes import (
    AT,
    CLAIM,
    LATER,
    ON,
    QUOTE,
    RESULT,
    accept,
    bring_to,
    make_scene,
    publish,
    quote,
)
from tests.factories import make_engagement
from tests.waiting import make_lister

list_waiting = make_lister("verification")

pytestmark = [
    pytest.mark.verification,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]


def test_no_last_day_lies_where_the_calendar_ends(session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "asked")

    with pytest.raises(QuoteUnfit):
        quote(session, scene, order, valid_until=date.max)
    verified = bring_to(session, scene, "verified", metric="Leak")
    with pytest.raises(ResultUnfit):
        publish(session, scene, verified, valid_until=date.max)
    assert is_last_day(ON.replace(year=ON.year + 10), ON)
    assert not is_last_day(ON.replace(year=ON.year + 11), ON)


def test_a_number_beyond_all_measure_is_none(session: Session) -> None:
    assert not is_measure(Decimal("1e999999999"))
    assert not is_measure(Decimal("1e-999999999"))


def test_days_are_those_of_china(session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "in_lab")
    morning = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)
    values = replace(RESULT, measured_on=date(2026, 3, 4))

    assert today(morning) == values.measured_on
    testing.submit_result(session, order=order, values=values, actor=scene.by_analyst, at=morning)
    assert order.state == "to_verify"


def test_what_a_person_withdrew_does_not_come_back_with_a_corrected_report(
    session: Session,
) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "reported")
    fact = session.get_one(Fact, order.reports[0].gate_fact_id)
    withdraw_fact(session, fact=fact, reason="Other device", actor=scene.by_founder, at=AT)
    for _ in range(2):
        publish(session, scene, order)

    gates = select(Fact.state).where(Fact.fact_type == fact.fact_type)
    assert session.scalars(gates).all() == ["withdrawn"]


def test_a_withdrawn_claim_is_neither_quoted_nor_ordered(session: Session) -> None:
    scene = make_scene(session)
    asked = bring_to(session, scene, "asked")
    quoted = bring_to(session, scene, "quoted", metric="Leak")
    for order in (asked, quoted):
        withdraw_claim(session, claim=order.claim, actor=scene.by_founder, at=AT)

    with pytest.raises(ActionNotAllowed):
        quote(session, scene, asked)
    with pytest.raises(ActionNotAllowed):
        accept(session, scene, quoted)
    assert list_waiting(session, scene.by_analyst, AT) == []
    assert list_waiting(session, scene.by_founder, AT) == []
    assert view_order(session, quoted, scene.by_founder).actions == {"decline_quote", "cancel"}


def test_a_quote_is_for_the_claim_that_was_read(session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "asked")
    read = order.claim.version
    edit_claim(
        session,
        claim=order.claim,
        values=replace(CLAIM, low=Decimal(9999)),
        version=read,
        actor=scene.by_founder,
        at=AT,
    )
    given = {"order": order, "values": QUOTE, "actor": scene.by_analyst, "at": AT}

    with pytest.raises(ChangedMeanwhile):
        quoting.offer_quote(session, claim_version=read, **given)
    quoting.offer_quote(session, claim_version=order.claim.version, **given)
    assert order.state == "quoted"


def test_facts_with_a_last_day_go_with_their_centre_and_no_fact_names_it(
    session: Session,
) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "reported", values=replace(RESULT, readiness=None))
    reporting.retest_order(session, order=order, reason="Again", actor=scene.by_analyst, at=AT)
    testing.submit_result(session, order=order, values=RESULT, actor=scene.by_analyst, at=AT)
    testing.verify_result(session, order=order, actor=scene.by_reviewer, at=AT)
    publish(session, scene, order, valid_until=ON + timedelta(days=5))

    ERASING.erase(session, leave(session, scene.funds, scene.analyst))
    session.expire_all()

    facts = session.scalars(select(Fact)).all()
    assert {fact.source_note for fact in facts} == {""}
    assert {fact.state for fact in facts} == {"withdrawn"}


def test_whoever_stands_in_neither_reads_claims_nor_vouches_twice(session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "in_lab")
    operator, within = scene.funds.operator, scene.funds.startup.incubator_id
    for_founder = make_actor(operator, on_behalf_of=scene.funds.founder, within_incubator_id=within)
    for_analyst = make_actor(operator, on_behalf_of=scene.analyst, within_incubator_id=within)

    with pytest.raises(NotFound):
        release_claim(session, claim=order.claim, is_released=True, actor=for_founder, at=AT)
    with pytest.raises(NotFound):
        testing.submit_result(session, order=order, values=RESULT, actor=for_analyst, at=AT)
    for actor in (for_founder, for_analyst):
        assert list_waiting(session, actor, AT) == []


def test_a_fund_reads_nothing_that_was_released_after_its_engagement(session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "reported")
    money = make_engagement(session, scene.funds.need, scene.funds.fund, state="completed")
    money.closed_at = AT
    release_claim(session, claim=order.claim, is_released=True, actor=scene.by_founder, at=LATER)

    startup = scene.funds.startup
    assert list_released(session, startup, until=get_end(money)) == []
    money.closed_at = LATER
    assert len(list_released(session, startup, until=get_end(money))) == 1


def test_what_was_settled_is_not_cancelled(session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "settled")
    given = {"order": order, "reason": "Again", "at": AT}
    reporting.retest_order(session, actor=scene.by_analyst, **given)

    with pytest.raises(OutOfOrder):
        quoting.cancel_order(session, actor=scene.by_founder, **given)
    assert "cancel" not in view_order(session, order, scene.by_founder).actions


def test_nothing_is_settled_on_a_wrong_or_disputed_report(session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "reported")
    given = {"order": order, "reason": "No", "at": AT}
    reporting.dispute_report(session, actor=scene.by_founder, **given)
    for end in (None, reporting.invalidate_report):
        if end is not None:
            end(session, actor=scene.by_analyst, **given)
        with pytest.raises(NotToSettle):
            reporting.settle_order(
                session, order=order, invoice="No 1", actor=scene.by_analyst, at=AT
            )
    with pytest.raises(OutOfOrder):
        publish(session, scene, order)
    assert view_order(session, order, scene.by_analyst).actions == {"retest"}


def test_a_centre_of_one_gives_up_what_nobody_can_verify(session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "to_verify")
    given = {"order": order, "reason": "Nobody verifies", "at": AT}

    with pytest.raises(OutOfOrder):
        quoting.cancel_order(session, actor=scene.by_founder, **given)
    quoting.cancel_order(session, actor=scene.by_analyst, **given)
    assert order.state == "cancelled"


def test_orders_do_not_outlive_their_engagement(session: Session) -> None:
    scene = make_scene(session)
    asked = bring_to(session, scene, "asked")
    bring_to(session, scene, "quoted", metric="Leak")
    scene.engagement.state, scene.engagement.closed_at = "cancelled", AT
    session.flush()

    assert list_waiting(session, scene.by_analyst, AT) == []
    assert list_waiting(session, scene.by_founder, AT) == []
    assert view_order(session, asked, scene.by_analyst).actions == {"cancel"}
    over = {c.name: len(c.orders) for c in read_queue(session, scene.by_analyst, scene.centre)}
    assert (over["to_quote"], over["over"]) == (0, 2)


@pytest.mark.parametrize("typed", ["1.2e3", "10^3", "1×10³", "1/3", "1200±8", "1200 +/- 8", "0x10"])
def test_no_part_of_a_number_is_taken_for_its_unit(app: Flask, typed: str) -> None:
    with app.test_request_context():
        form = ClaimForm(MultiDict({"low": typed}), meta={"csrf": False})
        form.validate()
        assert form.low.errors
        plain = ClaimForm(MultiDict({"low": "1200 V/h"}), meta={"csrf": False})
        plain.validate()
        assert (plain.low.data, plain.low.unit) == (Decimal(1200), "V/h")
