"""What happens at the ends of the chain from a result to a fund."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Installation
from app.funds.actions import state_ask
from app.leaving import Leaving
from app.mandates.values import AskValues
from app.vault.actions.deleting import delete_document
from app.vault.errors import DocumentIsReport
from app.verification.actions import reporting
from app.verification.erasing import ERASING
from app.verification.queries import orders
from models.notices import Notice
from models.verification import VerificationReport
from tests.app.funds.scenes import make_money_need
from tests.app.funds.scenes import publish as publish_mandate
from tests.app.verification.scenes import (
    LATER,
    ON,
    REFUTED,
    RESULT,
    Scene,
    bring_to,
    keep_report,
    list_told,
    make_scene,
    publish,
)
from tests.factories import AT, make_engagement, make_investor, make_person

pytestmark = pytest.mark.verification


def test_funds_are_told_when_proof_falls_because_a_centre_goes(session: Session) -> None:
    scene = make_scene(session)
    publish_mandate(session, scene.funds, holding_limit_bp=None)
    make_engagement(session, scene.funds.need, scene.funds.fund, state="accepted")
    _show_gate(session, scene)
    order = bring_to(session, scene, "verified")
    publish(session, scene, order, keep_report(session, scene), valid_until=ON)
    own = Notice.person_id == scene.funds.investor.id
    kinds = select(Notice.kind).where(own).order_by(Notice.id)
    assert list(session.scalars(kinds)) == ["mandate_opened"]
    leaving = Leaving("c@example.org", None, (scene.centre,), (), (), None, AT)
    ERASING.erase(session, leaving)
    assert list(session.scalars(kinds)) == ["mandate_opened", "mandate_closed"]


@pytest.mark.parametrize("how", ["invalidated", "tested again", "run out"])
@pytest.mark.parametrize("what", ["released", "kept", "refuted"])
def test_whoever_could_read_a_proof_hears_when_it_falls(
    session: Session, how: str, what: str
) -> None:
    scene = make_scene(session)
    values = REFUTED if what == "refuted" else RESULT
    order = bring_to(session, scene, "verified", values=values)
    publish(session, scene, order, valid_until=ON + timedelta(days=9))
    order.claim.is_released = what != "kept"
    # By states alone: who takes care of it, who did up to the end, who did not, who came too early.
    readers = {}
    for state, days in (("accepted", 0), ("completed", 1), ("declined", 1), ("completed", -1)):
        person = make_person(session)
        need = make_money_need(session, scene.funds.startup)
        asked = make_engagement(session, need, make_investor(session, person=person), state=state)
        asked.closed_at = AT + timedelta(days=days)
        readers[state, days] = person
    given: dict[str, Any] = {"order": order, "reason": "Wrong", "actor": scene.by_analyst}
    ways: dict[str, Callable[[], object]] = {
        "invalidated": lambda: reporting.invalidate_report(session, at=LATER, **given),
        "tested again": lambda: reporting.retest_order(session, at=LATER, **given),
        "run out": lambda: reporting.lapse_reports(
            session, actor=Installation.CLOCK, at=AT + timedelta(days=10), limit=9
        ),
    }
    ways[how]()
    told = [
        key
        for key, person in readers.items()
        if "released_proof_fell" in list_told(session, person)
    ]
    assert told == ([("accepted", 0), ("completed", 1)] if what == "released" else [])


def test_the_file_of_a_standing_report_stays_with_its_centre(session: Session) -> None:
    scene = make_scene(session)
    document = keep_report(session, scene)
    order = bring_to(session, scene, "reported", document=document)
    with pytest.raises(DocumentIsReport):
        delete_document(session, document=document, actor=scene.by_analyst, at=AT)
    (report,) = session.scalars(select(VerificationReport)).all()
    reporting.invalidate_report(
        session, order=order, reason="Wrong probe", actor=scene.by_analyst, at=AT
    )
    assert report.state == "invalidated"
    delete_document(session, document=document, actor=scene.by_analyst, at=AT)
    assert document.state == "deleted"
    # The installation has reasons of its own.
    other = keep_report(session, scene, b"%PDF-1.4\n%%EOF\n")
    bring_to(session, scene, "reported", document=other, metric="Leakage")
    delete_document(session, document=other, actor=Installation.COMMAND_LINE, at=AT)


def test_orders_are_listed_part_by_part(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = make_scene(session)
    made = [bring_to(session, scene, "quoted", metric=f"Metric {n}") for n in range(3)]
    monkeypatch.setattr(orders, "PAGE_SIZE", 2)
    first = orders.list_own(session, scene.by_founder)
    assert first.orders == [made[2], made[1]]
    rest = orders.list_own(session, scene.by_founder, after=first.next_after)
    assert (rest.orders, rest.next_after) == ([made[0]], None)
    # Whatever stands in the address, nobody sees another's.
    assert orders.list_own(session, scene.funds.by_outsider, after=first.next_after).orders == []
    assert orders.list_own(session, scene.by_founder, after="nothing").orders == first.orders


def _show_gate(session: Session, scene: Scene) -> None:

    state_ask(
        session,
        need=scene.funds.need,
        values=AskValues(shows_gate=True),
        actor=scene.by_founder,
        at=AT,
    )
