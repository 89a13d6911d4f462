"""The whole chain by programs, from a need to two funds that open.

Claim, quote, order, slot, sample, result; and a report that falls closes their clause again.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.extensions import db
from app.verification.actions.quoting import accept_quote
from models.notices import Notice
from models.verification import VerificationOrder
from tests.app.funds.scenes import publish as publish_mandate
from tests.app.verification.scenes import Scene
from tests.app.verification.test_api import CLAIM, QUOTE, RESULT, make_programs
from tests.factories import AT, act_for, make_investor, make_person

pytestmark = [
    pytest.mark.api,
    pytest.mark.verification,
    pytest.mark.funds,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]


def publish_second(session: Session, scene: Scene) -> None:
    """Another fund asks for the same gate."""
    person = make_person(session)
    fund = make_investor(session, person=person, name="Second fund (example)")
    theirs = replace(scene.funds, fund=fund, investor=person)
    publish_mandate(session, theirs, holding_limit_bp=None)


def test_two_funds_open_by_a_report_and_close_with_it(app: Flask) -> None:
    who, ids = make_programs(app, publish_second)
    founder, analyst, reviewer = (who[name] for name in ("founder", "analyst", "reviewer"))

    def write(program: Any, path: str, body: Any = None) -> Any:
        answer = program.post(path, body, Idempotency_Key=path)
        assert answer.status_code in (200, 201), (path, answer.text)
        return answer.json

    items = founder.get("/needs").json["items"]
    (money,) = [each["id"] for each in items if each["kind"] == "funding"]

    def list_verdicts() -> set[str]:
        return {each["verdict"] for each in founder.get(f"/needs/{money}/funds").json["funds"]}

    assert list_verdicts() == {"unknown"}
    claim = write(founder, f"/startups/{ids['startup']}/claims", CLAIM | {"gate": "prototype"})
    asked = write(founder, f"/engagements/{ids['engagement']}/orders", {"claim": claim["id"]})
    order = f"/orders/{asked['id']}"
    quote = QUOTE | {"claim_version": asked["claim"]["version"]}
    centre = write(analyst, f"{order}/quotes", quote)["centre"]
    _accept(app, asked["id"])
    chamber = {"name": "Chamber", "notice_hours": 0}
    instrument = write(analyst, f"/providers/{centre}/instruments", chamber)["id"]
    begins = (now() + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
    slot = {"instrument": instrument, "starts_at": begins.isoformat(), "minutes": 120}
    assert write(founder, f"{order}/slots", slot)["place"] == 1
    sample = write(founder, f"{order}/samples", {"description": "Ten pieces"})["samples"][0]
    write(analyst, f"{order}/samples/receive", {"code": sample["code"], "condition": "Whole"})
    write(analyst, f"{order}/results", RESULT)
    write(reviewer, f"{order}/results/verify")
    assert list_verdicts() == {"unknown"}
    write(reviewer, f"{order}/reports", {"document": ids["document"]})
    assert list_verdicts() == {"pass"}
    write(reviewer, f"{order}/reports/invalidate", {"reason": "Wrong fixture"})
    assert list_verdicts() == {"unknown"}
    told = _list_told(app, lambda notice: notice.kind.startswith("funds_"))
    assert told == [("funds_opened", "2"), ("funds_closed", "2")]


def _accept(app: Flask, public_id: str) -> None:
    """On its page alone: programs do not bind to money."""
    with app.app_context():
        order = db.session.scalars(
            select(VerificationOrder).where(VerificationOrder.public_id == public_id)
        ).one()
        actor = act_for(order.engagement.startup)
        accept_quote(db.session, order=order, number=1, actor=actor, at=AT)
        db.session.commit()


def _list_told(app: Flask, wanted: Callable[[Notice], bool]) -> list[tuple[str, str]]:
    with app.app_context():
        notices = db.session.scalars(select(Notice).order_by(Notice.id))
        return [(each.kind, each.facts["count"]) for each in notices if wanted(each)]
