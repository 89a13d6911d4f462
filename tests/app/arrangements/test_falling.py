"""What an arrangement rested on falls afterwards: a commitment is released, or a report."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Installation
from app.arrangements.actions import ending
from app.arrangements.actions.minding import mind_arrangements
from app.arrangements.values import EndValues
from app.facts.actions import withdraw_fact
from app.financings.actions import committing, raising
from app.verification.actions import reporting
from models.arrangements import Arrangement
from models.financing_codes import ArrangementOutcome
from models.financings import Interest
from models.notices import Notice
from tests.app.arrangements.scenes import CONVERSION, EQUITY, GRANT, ON, agree, pay
from tests.app.financings.scenes import Scene, commit, make_financing, make_scene, open_one
from tests.app.funds.scenes import make_money_need, prove_gate
from tests.app.verification import scenes as proof
from tests.factories import AT, make_engagement

pytestmark = pytest.mark.funds

LATER = AT + timedelta(days=6)


def list_told(session: Session, *but: str) -> list[str]:
    """The kinds about arrangements that both sides have been told, each as often."""
    session.flush()
    found = session.execute(
        select(Notice.kind, Notice.person_id)
        .where(Notice.kind.startswith("arrangement_") | Notice.kind.startswith("tranche_"))
        .order_by(Notice.id)
    )
    rows = [(kind, person) for kind, person in found if kind not in but]
    assert len(rows) % 2 == 0 and all(
        one[0] == other[0] and one[1] != other[1]
        for one, other in zip(rows[::2], rows[1::2], strict=True)
    )
    return [kind for kind, _person in rows[::2]]


def close_by_two(session: Session, scene: Scene, first: int, second: int) -> None:
    financing = open_one(session, scene, least_yuan=100_000)
    commit(session, scene, scene.first, first)
    commit(session, scene, scene.second, second)
    raising.close_financing(
        session, financing=financing, taken_yuan=first + second, actor=scene.by_founder, at=AT
    )


def end(session: Session, arrangement: Arrangement, scene: Scene, values: EndValues) -> None:
    given: dict[str, Any] = {"arrangement": arrangement, "at": AT}
    ending.propose_end(
        session, values=values, version=arrangement.version, actor=scene.by_first, **given
    )
    ending.agree_end(session, version=arrangement.version, actor=scene.by_founder, **given)


@pytest.mark.parametrize("who", ["fund", "founder"])
@pytest.mark.parametrize(
    ("case", "state", "told"),
    [
        ("early", "running", ["arrangement_untriggered"]),
        ("over", "due", ["arrangement_untriggered", "arrangement_due"]),
        ("over, one is open", "pending", ["arrangement_untriggered", "arrangement_pending"]),
        ("over, converts then", "convertible", []),
        ("another closed", "convertible", []),
        ("enough is left", "convertible", []),
        ("converted", "ended", ["arrangement_trigger_fell"]),
        ("paid back", "ended", []),
    ],
)
def test_a_commitment_released_after_the_closing_takes_its_trigger_away(
    session: Session, case: str, state: str, told: list[str], who: str
) -> None:
    scene = make_scene(session)
    due_on: date = ON + timedelta(days=5)
    arrangement = agree(
        session, scene, due_on=due_on, converts_when_due=case == "over, converts then"
    )
    pay(session, scene, arrangement, 1)
    left = 1_000_000 if case == "enough is left" else 700_000
    close_by_two(session, scene, left, 400_000)
    assert arrangement.state == "convertible"
    if case in ("over, one is open", "another closed"):
        other = make_financing(session, make_money_need(session, scene.of_funds.startup))
        if case == "another closed":
            other.state, other.ended_at, other.taken_yuan = "closed", AT, 1_000_000
    if case == "converted":
        end(session, arrangement, scene, CONVERSION)
    elif case == "paid back":
        back = EndValues(outcome=ArrangementOutcome.REPAID, repaid_yuan=1, words="We part.")
        end(session, arrangement, scene, back)
    else:
        ending.propose_end(
            session,
            arrangement=arrangement,
            values=CONVERSION,
            version=arrangement.version,
            actor=scene.by_founder,
            at=AT,
        )
    session.query(Notice).delete()
    at = LATER if case.startswith("over") else AT
    if who == "fund":
        committing.release_commitment(
            session, engagement=scene.second, words="Lost", actor=scene.by_second, at=at
        )
    else:
        (interest,) = (
            each
            for each in session.scalars(select(Interest))
            if each.provider_id == scene.other_fund.id
        )
        committing.let_go(session, interest=interest, words="Lost", actor=scene.by_founder, at=at)
    assert (arrangement.state, list_told(session)) == (state, told)
    fell = "arrangement_untriggered" in told
    # A proposed conversion falls with what made it possible; what is agreed on stays.
    assert (arrangement.end_outcome is None) is fell
    assert (arrangement.triggered_at is None) is fell
    if fell:
        assert arrangement.financing_id is None
        kinds = [step.kind for step in arrangement.steps]
        assert kinds[-len(told) - 1 :] == ["arrangement_end_proposed", *told]
    # The clock finds nothing else.
    mind_arrangements(session, actor=Installation.CLOCK, at=at, limit=9)
    assert (arrangement.state, list_told(session)) == (state, told)


@pytest.mark.parametrize("outcome", list(ArrangementOutcome))
def test_both_hear_after_the_end_that_a_paid_tranche_rests_on_nothing_any_more(
    session: Session, outcome: ArrangementOutcome
) -> None:
    scene = make_scene(session)
    fact = prove_gate(session, scene.of_funds, "prototype")
    is_plain = outcome is ArrangementOutcome.FULFILLED
    arrangement = agree(session, scene, EQUITY if is_plain else GRANT, tranches=GRANT.tranches[1:])
    pay(session, scene, arrangement, 1)
    if outcome is ArrangementOutcome.CONVERTED:
        close_by_two(session, scene, 700_000, 400_000)
    values = {
        ArrangementOutcome.CONVERTED: CONVERSION,
        ArrangementOutcome.REPAID: EndValues(outcome=outcome, repaid_yuan=1, words="We part."),
    }.get(outcome, EndValues(outcome=outcome, words="We part."))
    end(session, arrangement, scene, values)
    session.query(Notice).delete()
    withdraw_fact(session, fact=fact, reason="Wrong", actor=scene.of_funds.by_operator, at=AT)
    for _twice in range(2):
        mind_arrangements(session, actor=Installation.CLOCK, at=AT, limit=9)
    keeps = outcome in (ArrangementOutcome.CONVERTED, ArrangementOutcome.FULFILLED)
    assert list_told(session) == (["tranche_fell"] if keeps else [])
    assert (arrangement.state, arrangement.end_outcome) == ("ended", outcome)


def test_a_report_invalidated_after_the_conversion_is_told_and_undoes_nothing(
    session: Session,
) -> None:
    tested = proof.make_scene(session)
    funds = tested.funds
    first = make_engagement(session, funds.need, funds.fund, state="accepted", answered_at=AT)
    scene = Scene(funds, first, first, funds.outsider)
    order = proof.bring_to(session, tested, "reported")
    arrangement = agree(session, scene, tranches=GRANT.tranches[1:])
    pay(session, scene, arrangement, 1)
    financing = make_financing(session, funds.need)
    financing.state, financing.ended_at, financing.taken_yuan = "closed", AT, 1_000_000
    mind_arrangements(session, actor=Installation.CLOCK, at=AT, limit=9)
    end(session, arrangement, scene, CONVERSION)
    read = (arrangement.state, arrangement.end_holding_bp, arrangement.paid_yuan)
    session.query(Notice).delete()
    reporting.invalidate_report(
        session, order=order, reason="Wrong", actor=tested.by_analyst, at=LATER
    )
    assert list_told(session) == ["tranche_fell"]
    assert (arrangement.state, arrangement.end_holding_bp, arrangement.paid_yuan) == read
    assert arrangement.tranches[0].fell_at == LATER
