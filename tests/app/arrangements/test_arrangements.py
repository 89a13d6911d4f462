"""Both sides consent, tranches rest on what is confirmed, and nothing ends without two words."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.access import Installation
from app.arrangements.actions import agreeing, ending
from app.arrangements.actions.minding import lapse_offers, mind_arrangements
from app.arrangements.erasing import ERASING
from app.arrangements.errors import (
    ArrangementExists,
    ArrangementFixed,
    ArrangementUnfit,
    ConversionEmpty,
    EndNotProposed,
    EndProposed,
    EndUnfit,
    NoDealNow,
    NotConvertible,
    NotFulfilled,
    NothingPaid,
    OfferTooOld,
    SpeaksForBoth,
    TrancheNotProven,
    TranchePaymentUnfit,
)
from app.arrangements.queries import view_arrangement
from app.arrangements.values import EndValues, TrancheValues, compute_holding_bp
from app.arrangements.words import NOTICES
from app.clock import CHINA
from app.engagements.errors import OwnConflictOfInterest
from app.errors import ChangedMeanwhile, NotFound, NotPermitted, ReasonMissing
from app.facts.actions import withdraw_fact
from app.financings.actions import raising
from models.arrangements import Arrangement, Tranche
from models.financing_codes import ArrangementOutcome
from models.lifecycle import ActionNotAllowed
from models.notices import Notice
from models.vocabulary import Gate, Instrument, Role
from tests.app.arrangements.scenes import (
    CONVERSION,
    DUE_ON,
    EQUITY,
    GRANT,
    ON,
    agree,
    draft,
    list_states,
    offer,
    pay,
)
from tests.app.financings.scenes import Scene, commit, make_scene, open_one
from tests.app.funds.scenes import prove_gate
from tests.app.funds.test_erasing import leave
from tests.factories import AT, act_as, join
from tests.notice_words import expect_words
from tests.waiting import make_lister

list_waiting = make_lister("arrangements")

pytestmark = [
    pytest.mark.funds,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]


def list_kinds(session: Session) -> list[str]:
    return [notice.kind for notice in session.scalars(select(Notice).order_by(Notice.id))]


def list_notices(session: Session, kind: str) -> list[Notice]:
    return list(session.scalars(select(Notice).where(Notice.kind == kind)))


def mind(session: Session, days: int = 0) -> None:
    at = AT + timedelta(days=days)
    assert mind_arrangements(session, actor=Installation.CLOCK, at=at, limit=9) is None


def close_one(session: Session, scene: Scene, amount: int, **changes: Any) -> None:
    """A financing that closes with `amount`."""
    financing = open_one(session, scene, least_yuan=100_000, **changes)
    commit(session, scene, scene.first, amount)
    raising.close_financing(
        session, financing=financing, taken_yuan=amount, actor=scene.by_founder, at=AT
    )


def propose(
    session: Session, arrangement: Arrangement, actor: Any, values: EndValues = CONVERSION
) -> None:
    ending.propose_end(
        session,
        arrangement=arrangement,
        values=values,
        version=arrangement.version,
        actor=actor,
        at=AT,
    )


def agree_end(session: Session, arrangement: Arrangement, actor: Any) -> None:
    ending.agree_end(
        session, arrangement=arrangement, version=arrangement.version, actor=actor, at=AT
    )


def test_a_grant_is_paid_by_gates_and_becomes_equity(app: Flask, session: Session) -> None:
    scene = make_scene(session)
    arrangement = agree(session, scene)
    assert (arrangement.state, list_states(arrangement)) == ("running", ["released", "waiting"])
    pay(session, scene, arrangement, 1)
    with pytest.raises(ActionNotAllowed):
        pay(session, scene, arrangement, 2)
    prove_gate(session, scene.of_funds, "pilot")
    mind(session)
    assert list_states(arrangement) == ["paid", "released"]
    amounts = [f"{each.amount_yuan:,}" for each in arrangement.tranches]
    said = {"en": ["ranche 1", f"CNY {amounts[0]}"], "zh_Hans_CN": ["第 1 期", f"{amounts[0]} 元"]}
    expect_words(app, session, NOTICES, "tranche_paid", said)
    said = {"en": ["ranche 2", f"CNY {amounts[1]}"], "zh_Hans_CN": ["第 2 期", f"{amounts[1]} 元"]}
    expect_words(app, session, NOTICES, "tranche_released", said)
    pay(session, scene, arrangement, 2)
    with pytest.raises(NotConvertible):
        propose(session, arrangement, scene.by_first)
    close_one(session, scene, 1_200_000)
    assert (arrangement.state, arrangement.financing_id is None) == ("convertible", False)
    propose(session, arrangement, scene.by_first)
    # 1 million at 10 million less a fifth: 1 / 9, and never more than the tenth agreed on.
    assert arrangement.end_holding_bp == 1000
    with pytest.raises(EndNotProposed):
        agree_end(session, arrangement, scene.by_first)
    with pytest.raises(EndProposed):
        propose(session, arrangement, scene.by_founder)
    agree_end(session, arrangement, scene.by_founder)
    assert (arrangement.state, arrangement.end_outcome) == ("ended", ArrangementOutcome.CONVERTED)
    kinds = list_kinds(session)
    for kind in ("offered", "agreed", "convertible", "end_proposed", "ended"):
        assert f"arrangement_{kind}" in kinds
    assert [step.kind for step in arrangement.steps][-1] == "arrangement_ended"


def test_what_another_process_has_paid_is_not_paid_twice(session: Session) -> None:
    scene = make_scene(session)
    arrangement = agree(session, scene)
    assert list_states(arrangement) == ["released", "waiting"]
    session.execute(
        update(Tranche).where(Tranche.number == 1).values(state="paid", paid_on=ON),
        execution_options={"synchronize_session": False},
    )
    with pytest.raises(ActionNotAllowed):
        pay(session, scene, arrangement, 1)


def test_nothing_is_paid_back_that_was_not_paid(session: Session) -> None:
    scene = make_scene(session)
    arrangement = agree(session, scene)
    repaid = EndValues(outcome=ArrangementOutcome.REPAID, repaid_yuan=1, words="We part.")
    with pytest.raises(NothingPaid):
        propose(session, arrangement, scene.by_founder, repaid)
    pay(session, scene, arrangement, 1)
    propose(session, arrangement, scene.by_founder, repaid)


def test_a_share_is_computed_exactly(session: Session) -> None:
    scene = make_scene(session)
    arrangement = agree(session, scene, holding_bp=10_000, discount_bp=None)
    pay(session, scene, arrangement, 1)
    assert compute_holding_bp(arrangement, 1_600_000) == 2000
    assert compute_holding_bp(arrangement, 1_600_001) == 1999


def test_nothing_is_converted_into_no_share(session: Session) -> None:
    scene = make_scene(session)
    arrangement = agree(session, scene, discount_bp=None)
    pay(session, scene, arrangement, 1)
    close_one(session, scene, 1_000_000)
    # 400,000 of 4,000 million are less than a basis point.
    with pytest.raises(ConversionEmpty):
        propose(
            session, arrangement, scene.by_founder, replace(CONVERSION, valuation_yuan=4 * 10**9)
        )
    assert (arrangement.end_outcome, arrangement.end_holding_bp) == (None, None)
    least = replace(CONVERSION, valuation_yuan=4 * 10**9 - 400_000)
    propose(session, arrangement, scene.by_founder, least)
    assert arrangement.end_holding_bp == 1


def test_a_fact_that_is_withdrawn_holds_the_tranche_and_marks_what_was_paid(
    session: Session,
) -> None:
    scene = make_scene(session)
    fact = prove_gate(session, scene.of_funds, "prototype")
    arrangement = agree(session, scene)
    assert list_states(arrangement) == ["released", "released"]

    def withdraw(one: Any) -> None:
        withdraw_fact(session, fact=one, reason="Wrong", actor=scene.of_funds.by_operator, at=AT)

    withdraw(fact)
    # Nobody has looked since: the payment looks itself.
    with pytest.raises(TrancheNotProven):
        pay(session, scene, arrangement, 2)
    mind(session)
    assert list_states(arrangement) == ["released", "waiting"]
    again = prove_gate(session, scene.of_funds, "prototype")
    mind(session)
    pay(session, scene, arrangement, 2)
    withdraw(again)
    mind(session)
    (_first, second) = arrangement.tranches
    assert (second.state, second.fell_at) == ("paid", AT)
    prove_gate(session, scene.of_funds, "prototype")
    mind(session)
    assert second.fell_at is None
    kinds = list_kinds(session)
    for kind in ("released", "held", "fell", "restored", "paid"):
        assert f"tranche_{kind}" in kinds


def test_what_is_over_while_a_financing_is_open_is_pending_and_never_silent(
    session: Session,
) -> None:
    scene = make_scene(session)
    arrangement = agree(session, scene, due_on=ON + timedelta(days=5))
    financing = open_one(session, scene)
    mind(session, days=5)
    assert arrangement.state == "running"
    mind(session, days=6)
    mind(session, days=7)
    assert arrangement.state == "pending"
    assert list_kinds(session).count("arrangement_pending") == 2
    commit(session, scene, scene.first, 1_000_000)
    late = AT + timedelta(days=8)
    raising.close_financing(
        session, financing=financing, taken_yuan=1_000_000, actor=scene.by_founder, at=late
    )
    assert arrangement.state == "convertible"


@pytest.mark.parametrize("converts", [True, False])
def test_without_a_financing_both_sides_decide_when_it_is_due(
    session: Session, converts: bool
) -> None:
    scene = make_scene(session)
    arrangement = agree(session, scene, due_on=ON + timedelta(days=5), converts_when_due=converts)
    mind(session, days=6)
    assert arrangement.state == ("convertible" if converts else "due")
    assert ("arrangement_due" in list_kinds(session)) is not converts
    waiting = {item.kind for item in list_waiting(session, scene.by_first, AT)}
    assert waiting == {"tranche_to_pay"}


def test_a_financing_that_fails_makes_what_was_pending_due(session: Session) -> None:
    scene = make_scene(session)
    arrangement = agree(session, scene, due_on=ON + timedelta(days=1))
    financing = open_one(session, scene)
    mind(session, days=2)
    late = AT + timedelta(days=3)
    raising.abandon_financing(session, financing=financing, actor=scene.by_founder, at=late)
    assert arrangement.state == "due"


def test_too_small_a_financing_triggers_nothing(session: Session) -> None:
    scene = make_scene(session)
    arrangement = agree(session, scene)
    close_one(session, scene, 900_000)
    assert arrangement.state == "running"


def test_leaving_needs_a_reason_and_two_sides(session: Session) -> None:
    scene = make_scene(session)
    arrangement = agree(session, scene, tranches=(*GRANT.tranches[:1], *GRANT.tranches[:1]))
    pay(session, scene, arrangement, 2)
    back = EndValues(outcome=ArrangementOutcome.REPAID, repaid_yuan=300_000)
    with pytest.raises(EndUnfit):
        propose(session, arrangement, scene.by_founder, back)
    propose(session, arrangement, scene.by_founder, replace(back, words="The lab burnt down"))
    answer: dict[str, Any] = {"arrangement": arrangement, "at": AT}
    with pytest.raises(ReasonMissing):
        ending.refuse_end(session, words="", actor=scene.by_first, **answer)
    ending.refuse_end(session, words="Too little", actor=scene.by_first, **answer)
    assert (arrangement.end_outcome, arrangement.state) == (None, "running")
    propose(session, arrangement, scene.by_founder, replace(back, words="All that is left"))
    with pytest.raises(EndNotProposed):
        ending.withdraw_end(session, actor=scene.by_first, **answer)
    ending.withdraw_end(session, actor=scene.by_founder, **answer)
    gone = EndValues(outcome=ArrangementOutcome.WAIVED, words="Given up")
    propose(session, arrangement, scene.by_first, gone)
    # What is paid meanwhile is another version: the page is read again.
    read = arrangement.version
    pay(session, scene, arrangement, 1)
    with pytest.raises(ChangedMeanwhile):
        ending.agree_end(session, version=read, actor=scene.by_founder, **answer)
    agree_end(session, arrangement, scene.by_founder)
    assert arrangement.state == "ended"
    with pytest.raises(ActionNotAllowed):
        pay(session, scene, arrangement, 2)


def test_plain_forms_end_once_everything_is_paid(session: Session) -> None:
    scene = make_scene(session)
    arrangement = agree(session, scene, EQUITY)
    done = EndValues(outcome=ArrangementOutcome.FULFILLED)
    with pytest.raises(NotFulfilled):
        propose(session, arrangement, scene.by_first, done)
    with pytest.raises(NotConvertible):
        propose(session, arrangement, scene.by_first)
    for day in (ON - timedelta(days=1), ON + timedelta(days=1)):
        with pytest.raises(TranchePaymentUnfit):
            pay(session, scene, arrangement, 1, day)
    with pytest.raises(NotFound):
        pay(session, scene, arrangement, 9)
    pay(session, scene, arrangement, 1)
    propose(session, arrangement, scene.by_first, done)
    agree_end(session, arrangement, scene.by_founder)
    assert arrangement.state == "ended"
    # Another one can follow.
    draft(session, scene)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"tranches": ()}, "tranches"),
        ({"tranches": (TrancheValues(amount_yuan=0),)}, "tranches"),
        ({"words": ""}, "words"),
        ({"trigger_yuan": None}, "trigger_yuan"),
        ({"due_on": ON}, "due_on"),
        ({"due_on": DUE_ON.replace(year=9999)}, "due_on"),
        ({"discount_bp": 10_000}, "discount_bp"),
        ({"holding_bp": None}, "holding_bp"),
        ({"fee_bp": 50}, "fee_bp"),
        ({"form": Instrument.EQUITY}, "trigger_yuan"),
        ({"form": Instrument.LOAN_LINKED_TO_EQUITY}, "partner"),
    ],
)
def test_what_does_not_go_with_its_form_is_refused(
    session: Session, changes: dict[str, Any], field: str
) -> None:
    found = replace(GRANT, **changes).find_problem(ON)
    assert found is not None and found.field == field
    with pytest.raises(ArrangementUnfit):
        draft(session, make_scene(session), **changes)


def test_only_the_fund_sets_it_down_and_only_as_long_as_nobody_was_asked(
    session: Session,
) -> None:
    scene = make_scene(session)
    arrangement = draft(session, scene)
    with pytest.raises(ArrangementExists):
        draft(session, scene)
    wanted: dict[str, Any] = {"arrangement": arrangement, "values": EQUITY, "at": AT}
    # A draft is the fund's own: the startup knows of none.
    for actor in (scene.by_founder, scene.by_second, scene.of_funds.by_operator):
        with pytest.raises((NotFound, NotPermitted)):
            agreeing.edit_arrangement(session, version=1, actor=actor, **wanted)
    by: dict[str, Any] = {"arrangement": arrangement, "actor": scene.by_first, "at": AT}
    with pytest.raises(ChangedMeanwhile):
        agreeing.edit_arrangement(session, values=EQUITY, version=99, **by)
    agreeing.edit_arrangement(session, values=EQUITY, version=arrangement.version, **by)
    assert [each.amount_yuan for each in arrangement.tranches] == [500_000]
    agreeing.offer_arrangement(session, version=arrangement.version, **by)
    with pytest.raises(ArrangementFixed):
        agreeing.edit_arrangement(session, values=GRANT, version=arrangement.version, **by)
    agreeing.take_back_offer(session, **by)
    agreeing.discard_arrangement(session, **by)
    assert session.scalar(select(Arrangement.id)) is None


def test_an_offer_can_be_declined_and_is_never_agreed_to_twice(session: Session) -> None:
    scene = make_scene(session)
    arrangement = offer(session, scene)
    by: dict[str, Any] = {"arrangement": arrangement, "actor": scene.by_founder, "at": AT}
    with pytest.raises(ReasonMissing):
        agreeing.decline_arrangement(session, words=" " * 0, **by)
    agreeing.decline_arrangement(session, words="Too early", **by)
    with pytest.raises(ActionNotAllowed):
        agreeing.agree_arrangement(session, version=arrangement.version, **by)


@pytest.mark.parametrize("due_on", [DUE_ON, ON + timedelta(days=12)])
def test_an_offer_that_nobody_answers_is_a_draft_again(session: Session, due_on: date) -> None:
    scene = make_scene(session)
    arrangement = offer(session, scene, due_on=due_on)
    # Of the last day of what is offered there is nothing left to agree on.
    last_day = min(ON + timedelta(days=30), due_on - timedelta(days=1))
    last = datetime.combine(last_day, time(23, 59), CHINA)
    after = last + timedelta(minutes=2)
    for at, waits in ((last, ["arrangement_to_answer"]), (after, [])):
        assert [item.kind for item in list_waiting(session, scene.by_founder, at)] == waits
        assert list_waiting(session, scene.by_first, at) == []
        seen = view_arrangement(arrangement, scene.by_founder, at).actions
        assert ("agree" in seen, "decline" in seen) == (bool(waits), True)
    (waiting,) = list_waiting(session, scene.by_founder, AT)
    assert waiting.due_at == last
    with pytest.raises((OfferTooOld, ArrangementUnfit)):
        agreeing.agree_arrangement(
            session,
            arrangement=arrangement,
            version=arrangement.version,
            actor=scene.by_founder,
            at=after,
        )
    for at, ended in ((last, 0), (after, 1), (after, 0)):
        assert lapse_offers(session, actor=Installation.CLOCK, at=at, limit=9) == ended
    assert (arrangement.state, arrangement.amount_yuan) == ("draft", GRANT.amount_yuan)
    told = [notice.person_id for notice in list_notices(session, "arrangement_unanswered")]
    assert sorted(told) == sorted([scene.of_funds.founder.id, scene.of_funds.investor.id])


def test_an_end_that_nobody_answers_is_proposed_no_more(session: Session) -> None:
    scene = make_scene(session)
    arrangement = agree(session, scene, EQUITY)
    pay(session, scene, arrangement, 1)
    propose(session, arrangement, scene.by_first, EndValues(outcome=ArrangementOutcome.FULFILLED))
    after = AT + timedelta(days=31)
    assert list_waiting(session, scene.by_founder, after) == []
    with pytest.raises(OfferTooOld):
        ending.agree_end(
            session,
            arrangement=arrangement,
            version=arrangement.version,
            actor=scene.by_founder,
            at=after,
        )
    for days, ended in ((30, 0), (31, 1), (32, 0)):
        at = AT + timedelta(days=days)
        assert lapse_offers(session, actor=Installation.CLOCK, at=at, limit=9) == ended
    assert (arrangement.state, arrangement.end_outcome) == ("running", None)
    assert len(list_notices(session, "arrangement_end_unanswered")) == 2


def test_conflicts_and_deals_that_are_over_stop_the_consent(session: Session) -> None:
    scene = make_scene(session)
    arrangement = offer(session, scene)

    def try_to_agree() -> None:
        agreeing.agree_arrangement(
            session,
            arrangement=arrangement,
            version=arrangement.version,
            actor=scene.by_founder,
            at=AT,
        )

    offered_by, arrangement.offered_by_id = arrangement.offered_by_id, scene.by_founder.person_id
    session.flush()
    with pytest.raises(SpeaksForBoth):
        try_to_agree()
    arrangement.offered_by_id = offered_by
    both = join(session, scene.of_funds.founder, Role.INVESTOR, provider=scene.first.provider)
    with pytest.raises(OwnConflictOfInterest):
        try_to_agree()
    session.delete(both)
    scene.first.state = "cancelled"
    session.flush()
    with pytest.raises(NoDealNow):
        try_to_agree()


@pytest.mark.privacy
@pytest.mark.parametrize(
    ("goes", "path"),
    [
        (lambda scene: scene.of_funds.investor, "/funds"),
        (lambda scene: scene.of_funds.founder, "/deals"),
    ],
)
def test_an_arrangement_goes_with_either_side_and_the_other_is_told(
    session: Session, goes: Callable[[Scene], Any], path: str
) -> None:
    scene = make_scene(session)
    agree(session, scene)
    leaving = leave(session, scene.of_funds, goes(scene))
    assert ERASING.find(session, leaving).counts == {"arrangements": 1}
    ERASING.erase(session, leaving)
    assert session.scalar(select(Arrangement.id)) is None
    told = session.scalars(select(Notice).where(Notice.kind == "arrangement_gone")).one()
    assert told.path.endswith(path)


@pytest.mark.privacy
def test_words_of_somebody_who_goes_alone_are_emptied(session: Session) -> None:
    scene = make_scene(session)
    arrangement = agree(session, scene)
    propose(
        session,
        arrangement,
        scene.by_founder,
        EndValues(outcome=ArrangementOutcome.WAIVED, words="Li said"),
    )
    leaving = leave(session, scene.of_funds, scene.of_funds.founder)
    staying = replace(leaving, startups=(), providers=())
    assert set(ERASING.erase(session, staying)) == {"Li said"}
    assert (arrangement.end_words, arrangement.state) == ("", "running")


def test_nobody_but_the_two_sides_sees_it(session: Session) -> None:
    scene = make_scene(session)
    arrangement = agree(session, scene)
    for actor in (act_as(scene.of_funds.outsider), scene.of_funds.by_operator, scene.by_second):
        with pytest.raises((NotFound, NotPermitted)):
            ending.refuse_end(session, arrangement=arrangement, words="No", actor=actor, at=AT)


def test_a_later_gate_is_as_good(session: Session) -> None:
    scene = make_scene(session)
    arrangement = agree(
        session, scene, tranches=(TrancheValues(amount_yuan=1, gate=Gate.PROTOTYPE),)
    )
    prove_gate(session, scene.of_funds, "lab")
    mind(session)
    assert list_states(arrangement) == ["waiting"]
    prove_gate(session, scene.of_funds, "market")
    mind(session)
    assert list_states(arrangement) == ["released"]
