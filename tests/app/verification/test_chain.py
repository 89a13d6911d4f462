"""The whole chain by programs, from a need to a grant that becomes equity.

Need, claim, quote, order with a voucher, slot, sample, result; two funds open; an arrangement, a
room with its agreement, a commitment, the closing, the conversion. And a report that falls closes
the funds' clause again and marks what rested on it. What binds to money has pages alone, which ask
for the password: those steps are taken by their actions.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor
from app.arrangements.actions import agreeing, ending
from app.arrangements.values import EndValues
from app.clock import now, today
from app.datarooms.actions.visiting import accept_agreement
from app.extensions import db
from app.financings.actions.committing import commit
from app.financings.actions.raising import close_financing
from app.verification.actions.quoting import accept_quote
from models.arrangements import Arrangement
from models.engagements import Engagement
from models.financing_codes import ArrangementOutcome
from models.financings import Financing
from models.notices import Notice
from models.verification import VerificationOrder
from models.vouchers import VoucherScheme
from tests.app.funds.scenes import publish as publish_mandate
from tests.app.verification.scenes import Scene
from tests.app.verification.test_api import CLAIM, QUOTE, RESULT, make_programs
from tests.app.vouchers.scenes import keep_invoice, offer_scheme, take_vouchers
from tests.factories import act_for, make_investor, make_person

pytestmark = [
    pytest.mark.api,
    pytest.mark.verification,
    pytest.mark.funds,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]


class Chain:
    """The site with its programs, and what the chain has made so far."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.who, self.ids = make_programs(app, self.prepare)
        items = self.read("founder", "/needs")["items"]
        (self.money,) = [each["id"] for each in items if each["kind"] == "funding"]

    def prepare(self, session: Session, scene: Scene) -> None:
        """Another fund asks for the same gate; a scheme of vouchers; an invoice."""
        person = make_person(session)
        fund = make_investor(session, person=person, name="Second fund (example)")
        theirs = replace(scene.funds, fund=fund, investor=person)
        publish_mandate(session, theirs, holding_limit_bp=None)
        take_vouchers(session, scene)
        year = today(now()).year
        offer_scheme(
            session,
            scene,
            opens_on=date(year - 1, 1, 1),
            apply_until=date(year + 1, 12, 31),
            use_until=date(year + 2, 3, 31),
            claim_until=date(year + 2, 4, 30),
        )
        self.invoice = keep_invoice(session, scene).public_id

    def write(self, who: str, path: str, body: Any = None) -> Any:
        answer = self.who[who].post(path, body, Idempotency_Key=path)
        assert answer.status_code in (200, 201), (path, answer.text)
        return answer.json

    def read(self, who: str, path: str) -> Any:
        return self.who[who].get(path).json

    def list_verdicts(self) -> set[str]:
        funds = self.read("founder", f"/needs/{self.money}/funds")["funds"]
        return {each["verdict"] for each in funds}

    def bind(self, step: Callable[[Session, Engagement], object]) -> None:
        """A step that asks for the password, in the deal of the first fund."""
        with self.app.app_context():
            deal = db.session.scalars(
                select(Engagement).where(Engagement.public_id == self.ids["money"])
            ).one()
            step(db.session, deal)
            db.session.commit()


@pytest.fixture
def chain(app: Flask) -> Chain:
    return Chain(app)


def prove(chain: Chain) -> tuple[str, str]:
    """From the claim to a published report, and the voucher from reserved to paid."""
    write, ids = chain.write, chain.ids
    claim = write("founder", f"/startups/{ids['startup']}/claims", CLAIM | {"gate": "prototype"})
    asked = write("founder", f"/engagements/{ids['engagement']}/orders", {"claim": claim["id"]})
    order = f"/orders/{asked['id']}"
    quote = QUOTE | {"claim_version": asked["claim"]["version"]}
    centre = write("analyst", f"{order}/quotes", quote)["centre"]
    accept_with_voucher(chain, asked["id"])
    (voucher,) = chain.read("founder", "/vouchers")["items"]
    assert (voucher["state"], voucher["amount_yuan"]) == ("reserved", 4_114)
    chamber = {"name": "Chamber", "notice_hours": 0}
    instrument = write("analyst", f"/providers/{centre}/instruments", chamber)["id"]
    begins = (now() + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
    slot = {"instrument": instrument, "starts_at": begins.isoformat(), "minutes": 120}
    assert write("founder", f"{order}/slots", slot)["place"] == 1
    sample = write("founder", f"{order}/samples", {"description": "Ten pieces"})["samples"][0]
    write("analyst", f"{order}/samples/receive", {"code": sample["code"], "condition": "Whole"})
    write("analyst", f"{order}/results", RESULT)
    write("reviewer", f"{order}/results/verify")
    assert chain.list_verdicts() == {"unknown"}
    write("reviewer", f"{order}/reports", {"document": ids["document"]})
    return order, f"/vouchers/{voucher['id']}"


def accept_with_voucher(chain: Chain, public_id: str) -> None:
    def step(session: Session, deal: Engagement) -> None:
        order = session.scalars(
            select(VerificationOrder).where(VerificationOrder.public_id == public_id)
        ).one()
        scheme = session.scalars(select(VoucherScheme)).one()
        founder = act_for(order.engagement.startup)
        accept_quote(session, order=order, number=1, scheme=scheme, actor=founder, at=now())

    chain.bind(step)


def draw(chain: Chain, voucher: str) -> None:
    """The founder uses and claims it, the officer pays it."""
    used = {
        "invoice": "No 12",
        "invoiced_on": today(now()).isoformat(),
        "paid_fee_yuan": 12_345,
    }
    chain.write("founder", f"{voucher}/use", used)
    chain.write("founder", f"{voucher}/claim", {"documents": [chain.invoice]})
    chain.write("operator", f"{voucher}/accept")
    assert chain.write("operator", f"{voucher}/pay", {"reference": "No 9"})["state"] == "paid"


def arrange(chain: Chain) -> str:
    """The first fund's grant, in two tranches; the second rests on the gate that is verified."""
    body = {
        "form": "grant_then_equity",
        "tranches": [{"amount_yuan": 400_000}, {"amount_yuan": 600_000, "gate": "prototype"}],
        "words": "The team keeps control.",
        "trigger_yuan": 1_000_000,
        "due_on": (today(now()) + timedelta(days=300)).isoformat(),
        "holding_bp": 1000,
    }
    made = chain.write("fund", f"/engagements/{chain.ids['money']}/arrangements", body)
    path = f"/arrangements/{made['id']}"

    def consent(session: Session, deal: Engagement) -> None:
        arrangement = get_arrangement(session)
        by_fund, by_founder = act_for(deal.provider), act_for(deal.startup)
        for action, actor in (
            (agreeing.offer_arrangement, by_fund),
            (agreeing.agree_arrangement, by_founder),
        ):
            version = arrangement.version
            action(session, arrangement=arrangement, version=version, actor=actor, at=now())

    chain.bind(consent)
    for number in (1, 2):
        paid = {"tranche": number, "paid_on": today(now()).isoformat()}
        answer = chain.who["fund"].post(f"{path}/pay", paid)
        assert answer.status_code == 200, answer.text
    assert chain.read("founder", path)["paid_yuan"] == 1_000_000
    return path


def show_room(chain: Chain) -> None:
    """A document of the startup, under an agreement whose hash is kept."""
    room = f"/startups/{chain.ids['startup']}/room"
    shown = chain.write("founder", f"{room}/documents", {"document": chain.invoice})
    chain.write("founder", f"{room}/agreement", {"text": "Nothing leaves this room."})
    item = shown["items"][0]["id"]
    granted = {"engagement": chain.ids["money"], "read_items": [item]}
    chain.write("founder", f"{room}/grants", granted)
    visited = f"/engagements/{chain.ids['money']}/room"
    assert chain.read("fund", visited)["items"] == []

    def accept(session: Session, deal: Engagement) -> None:
        by_fund = act_for(deal.provider)
        accept_agreement(session, engagement=deal, number=1, actor=by_fund, at=now())

    chain.bind(accept)
    assert [each["id"] for each in chain.read("fund", visited)["items"]] == [item]


def raise_money(chain: Chain) -> None:
    """A financing that the first fund fills and the founder closes."""
    body = {
        "kind": "equity",
        "target_yuan": 2_000_000,
        "least_yuan": 1_000_000,
        "terms": "Ten million before the money.",
        "closes_on": (today(now()) + timedelta(days=20)).isoformat(),
    }
    financing = chain.write("founder", f"/needs/{chain.money}/financings", body)
    chain.write("founder", f"/financings/{financing['id']}/open")
    commitment = f"/engagements/{chain.ids['money']}/commitment"
    chain.write("fund", f"{commitment}/observe")
    chain.write("fund", f"{commitment}/consider", {"amount_yuan": 1_500_000})

    def close(session: Session, deal: Engagement) -> None:
        raised = session.scalars(select(Financing)).one()
        amount = 1_500_000
        commit(session, engagement=deal, amount_yuan=amount, actor=act_for(deal.provider), at=now())
        founder: Actor = act_for(deal.startup)
        close_financing(session, financing=raised, taken_yuan=amount, actor=founder, at=now())

    chain.bind(close)


def convert(chain: Chain) -> None:
    def end(session: Session, deal: Engagement) -> None:
        arrangement = get_arrangement(session)
        values = EndValues(outcome=ArrangementOutcome.CONVERTED, valuation_yuan=15_000_000)
        for action, actor, said in (
            (ending.propose_end, act_for(deal.provider), {"values": values}),
            (ending.agree_end, act_for(deal.startup), {}),
        ):
            version = arrangement.version
            action(session, arrangement=arrangement, version=version, actor=actor, at=now(), **said)

    chain.bind(end)


def get_arrangement(session: Session) -> Arrangement:
    return session.scalars(select(Arrangement)).one()


def test_from_a_need_to_shares_and_a_report_that_falls(chain: Chain) -> None:
    assert chain.list_verdicts() == {"unknown"}
    order, voucher = prove(chain)
    assert chain.list_verdicts() == {"pass"}
    draw(chain, voucher)
    arrangement = arrange(chain)
    show_room(chain)
    raise_money(chain)
    assert chain.read("founder", arrangement)["state"] == "convertible"
    convert(chain)
    ended = chain.read("founder", arrangement)
    # One million for a company of fifteen before it: a sixteenth.
    assert (ended["state"], ended["end"]["holding_bp"]) == ("ended", 625)
    chain.write("reviewer", f"{order}/reports/invalidate", {"reason": "Wrong fixture"})
    assert chain.list_verdicts() == {"unknown"}
    told = list_told(chain.app, lambda notice: notice.kind.startswith("funds_"))
    assert told == [("funds_opened", "2"), ("funds_closed", "2")]


def test_a_report_that_falls_holds_the_tranche_that_rests_on_it(chain: Chain) -> None:
    order, _voucher = prove(chain)
    arrangement = arrange(chain)
    chain.write("reviewer", f"{order}/reports/invalidate", {"reason": "Wrong fixture"})
    (first, second) = chain.read("fund", arrangement)["tranches"]
    assert (first["fell_at"], second["state"]) == (None, "paid")
    assert second["fell_at"] is not None
    kinds = [kind for kind, _count in list_told(chain.app, lambda notice: True)]
    assert kinds.count("tranche_fell") == 2


def list_told(app: Flask, wanted: Callable[[Notice], bool]) -> list[tuple[str, str]]:
    with app.app_context():
        notices = db.session.scalars(select(Notice).order_by(Notice.id))
        return [(each.kind, each.facts.get("count", "")) for each in notices if wanted(each)]
