"""From the asking to the order."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.access import Installation
from app.clock import CHINA
from app.engagements.errors import ConflictOfInterest
from app.errors import NotFound, NotPermitted, ReasonMissing
from app.verification.actions import quoting
from app.verification.errors import (
    OrderExists,
    OrderNotPossible,
    QuoteOutdated,
    QuoteUnfit,
)
from app.verification.queries.orders import read_queue, view_order
from app.verification.words import NOTICES
from app.words.answer_times import end_of
from models.lifecycle import ActionNotAllowed
from models.verification import VerificationOrder
from tests.app.verification.scenes import (
    AT,
    LATER,
    QUOTE,
    Scene,
    accept,
    ask,
    bring_to,
    claim_it,
    list_told,
    make_scene,
    quote,
)
from tests.factories import make_engagement, make_mentor
from tests.notice_words import expect_words
from tests.waiting import make_lister

list_waiting = make_lister("verification")

pytestmark = pytest.mark.verification

only_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


def take(session: Session, scene: Scene, order: VerificationOrder, **changes: Any) -> None:
    given = {"number": 1, "actor": scene.by_founder, "at": AT} | changes
    quoting.accept_quote(session, order=order, **given)


def test_a_claim_is_asked_about_once_at_each_centre(session: Session) -> None:
    scene = make_scene(session)
    order = ask(session, scene)
    again = {"engagement": scene.engagement, "claim": order.claim, "at": AT}

    with pytest.raises(OrderExists):
        quoting.ask_quote(session, actor=scene.by_founder, **again)
    quoting.cancel_order(session, order=order, reason="Too early", actor=scene.by_founder, at=AT)
    assert quoting.ask_quote(session, actor=scene.by_founder, **again).state == "asked"
    assert list_told(session, scene.analyst) == ["quote_asked", "order_cancelled", "quote_asked"]


@only_sqlite
@pytest.mark.parametrize("state", ["requested", "declined", "completed", "cancelled"])
def test_only_an_accepted_request_has_orders(session: Session, state: str) -> None:
    scene = make_scene(session)
    scene.engagement.state = state
    session.flush()

    with pytest.raises(OrderNotPossible):
        ask(session, scene)


@only_sqlite
def test_a_mentor_tests_nothing(session: Session) -> None:
    scene = make_scene(session)
    with_mentor = make_engagement(session, scene.need, make_mentor(session), state="accepted")

    with pytest.raises(OrderNotPossible):
        quoting.ask_quote(
            session,
            engagement=with_mentor,
            claim=claim_it(session, scene),
            actor=scene.by_founder,
            at=AT,
        )


@only_sqlite
def test_the_sides_do_what_is_theirs_and_nobody_else_knows_of_it(session: Session) -> None:
    scene = make_scene(session)
    order = ask(session, scene)

    with pytest.raises(NotPermitted):
        quoting.offer_quote(
            session, order=order, values=QUOTE, claim_version=1, actor=scene.by_founder, at=AT
        )
    quote(session, scene, order)
    with pytest.raises(NotPermitted):
        take(session, scene, order, actor=scene.by_analyst)
    for onlooker in (scene.funds.by_operator, scene.funds.by_fund, scene.funds.by_outsider):
        with pytest.raises(NotFound):
            take(session, scene, order, actor=onlooker)


@only_sqlite
def test_a_quote_keeps_all_that_was_offered_and_another_one_takes_its_place(
    session: Session,
) -> None:
    scene = make_scene(session)
    order = quote(session, scene, ask(session, scene))
    quote(session, scene, order, price_yuan=11_000)

    assert [(each.number, each.price_yuan, each.ended_at) for each in order.quotes] == [
        (1, 12_345, AT),
        (2, 11_000, None),
    ]
    kept = order.quotes[0]
    assert all(getattr(kept, n) == getattr(QUOTE, n) for n in ("method", "breach_terms"))
    assert order.quote is order.quotes[1]


@only_sqlite
def test_an_incomplete_quote_is_none(session: Session) -> None:
    scene = make_scene(session)
    order = ask(session, scene)

    with pytest.raises(QuoteUnfit):
        quote(session, scene, order, secrecy_terms="")
    assert (order.state, order.quotes) == ("asked", [])


def test_a_quote_that_was_read_is_ordered_once(app: Flask, session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "ordered")

    (kept,) = order.quotes
    assert (order.state, kept.accepted_at, kept.accepted_by_id) == (
        "ordered",
        AT,
        scene.funds.founder.id,
    )
    with pytest.raises(ActionNotAllowed):
        take(session, scene, order)
    assert list_told(session, scene.reviewer) == ["quote_asked", "quote_accepted"]
    price = f"{kept.price_yuan:,}"
    said = {"en": [f"CNY {price}", kept.service_name], "zh_Hans_CN": [f"{price} 元"]}
    for kind in ("quote_offered", "quote_accepted"):
        expect_words(app, session, NOTICES, kind, said)
    until = f"有效期至{kept.valid_until.year}年{kept.valid_until.month}月"
    expect_words(app, session, NOTICES, "quote_offered", {"zh_Hans_CN": [until]})


@only_sqlite
def test_neither_an_older_nor_a_stale_quote_is_ordered(session: Session) -> None:
    scene = make_scene(session)
    order = quote(session, scene, quote(session, scene, ask(session, scene)))

    with pytest.raises(QuoteOutdated):
        take(session, scene, order, number=1)
    with pytest.raises(QuoteOutdated):
        take(session, scene, order, number=2, at=AT + timedelta(days=30))
    assert order.state == "quoted"


@only_sqlite
def test_a_conflict_that_came_up_meanwhile_forbids_the_order(session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "quoted")
    scene.funds.startup.shareholders = (scene.centre.name,)
    session.flush()

    with pytest.raises(ConflictOfInterest):
        take(session, scene, order)


@only_sqlite
def test_whoever_stands_in_orders_nothing(session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "quoted")
    stand_in = replace(scene.by_founder, person_id=scene.funds.operator.id, on_behalf_of_id=1)

    with pytest.raises(NotFound):
        take(session, scene, order, actor=stand_in)


@only_sqlite
def test_a_declined_quote_says_why_and_can_be_followed(session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "quoted")
    given = {"order": order, "actor": scene.by_founder, "at": LATER}

    with pytest.raises(ReasonMissing):
        quoting.decline_quote(session, reason="", **given)
    quoting.decline_quote(session, reason="Too dear", **given)
    assert (order.state, order.steps[-1].note) == ("asked", "Too dear")
    assert accept(session, scene, quote(session, scene, order)).state == "ordered"


@only_sqlite
def test_the_clock_lets_quotes_run_out_and_tells_both(session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "quoted")

    with pytest.raises(NotPermitted):
        quoting.expire_quotes(session, actor=scene.by_analyst, at=LATER, limit=9)
    for days, ended in ((20, 0), (21, 1), (22, 0)):
        at = AT + timedelta(days=days)
        count = quoting.expire_quotes(session, actor=Installation.CLOCK, at=at, limit=9)
        assert count == ended
    assert (order.state, order.steps[-1].side) == ("expired", None)
    assert list_told(session, scene.analyst)[-1] == "quote_expired"
    assert list_told(session, scene.funds.founder)[-1] == "quote_expired"


@only_sqlite
@pytest.mark.parametrize("state", ["asked", "expired"])
def test_a_centre_that_does_not_quote_is_not_waited_for(session: Session, state: str) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "asked")
    gone = bring_to(session, scene, "asked", metric="Leak")
    gone.claim.state, order.state = "withdrawn", state
    last, after = (AT + timedelta(days=days) for days in (30, 31))
    (item,) = list_waiting(session, scene.by_analyst, last)
    assert item.due_at == end_of(last.date())
    assert list_waiting(session, scene.by_analyst, after) == []
    with pytest.raises(NotPermitted):
        quoting.lapse_requests(session, actor=scene.by_analyst, at=after, limit=9)
    for at, ended in ((last, 0), (after, 1), (after, 0)):
        count = quoting.lapse_requests(session, actor=Installation.CLOCK, at=at, limit=9)
        assert count == ended
    # What waits for nobody, because its claim is withdrawn, is told to nobody either.
    assert (order.state, gone.state) == ("cancelled", "asked")
    for person in (scene.analyst, scene.funds.founder):
        assert list_told(session, person).count("quote_not_given") == 1
    again = quoting.ask_quote(
        session, engagement=scene.engagement, claim=order.claim, actor=scene.by_founder, at=after
    )
    assert again.state == "asked"


@only_sqlite
def test_the_other_side_is_told_who_cancelled_and_why(session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "ordered")
    quoting.cancel_order(
        session, order=order, reason="Bench broken", actor=scene.by_analyst, at=LATER
    )

    assert order.state == "cancelled"
    assert list_told(session, scene.funds.founder)[-1] == "order_cancelled"
    with pytest.raises(ActionNotAllowed):
        quoting.cancel_order(session, order=order, reason="Again", actor=scene.by_founder, at=LATER)


@only_sqlite
def test_a_verified_result_is_not_cancelled_away(session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "verified")

    with pytest.raises(ActionNotAllowed):
        quoting.cancel_order(session, order=order, reason="No", actor=scene.by_founder, at=AT)


@only_sqlite
def test_what_waits_stands_with_whom_it_waits_for(session: Session) -> None:
    scene = make_scene(session)
    order = ask(session, scene)

    def waits(actor: Any, at: datetime = AT) -> list[str]:
        return [each.kind for each in list_waiting(session, actor, at)]

    assert (waits(scene.by_founder), waits(scene.by_analyst)) == ([], ["quote_to_write"])
    quote(session, scene, order)
    assert (waits(scene.by_founder), waits(scene.by_analyst)) == (["quote_to_answer"], [])
    last = datetime.combine(order.quote.valid_until, time(23, 59), CHINA)
    assert waits(scene.by_founder, last) == ["quote_to_answer"]
    assert waits(scene.by_founder, last + timedelta(minutes=1)) == []
    accept(session, scene, order)
    assert waits(scene.by_founder) == ["sample_to_send"]


@only_sqlite
def test_a_queue_holds_every_order_in_one_column(session: Session) -> None:
    scene = make_scene(session)
    states = [
        "asked",
        "quoted",
        "ordered",
        "in_lab",
        "to_verify",
        "verified",
        "reported",
        "settled",
    ]
    for state in states:
        bring_to(session, scene, state)

    columns = read_queue(session, scene.by_analyst, scene.centre)
    assert sorted(order.state for column in columns for order in column.orders) == sorted(states)
    assert read_queue(session, scene.funds.by_outsider, scene.centre)[0].orders == []


@only_sqlite
def test_buttons_are_what_the_lifecycle_and_the_side_allow(session: Session) -> None:
    scene = make_scene(session)
    order = bring_to(session, scene, "quoted")

    assert view_order(session, order, scene.by_founder).actions == {
        "accept_quote",
        "decline_quote",
        "cancel",
    }
    assert view_order(session, order, scene.by_analyst).actions == {"quote", "cancel"}
