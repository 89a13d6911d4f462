"""Pages of vouchers, sent as a browser without JavaScript sends them, and operations."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.clock import now, today
from app.extensions import db
from app.verification.actions import reporting, samples, testing
from models.documents import Document
from models.people import Person
from models.verification import VerificationOrder
from models.vouchers import Voucher, VoucherScheme
from tests.app.profiles.page_forms import read_action, send
from tests.app.verification.scenes import RESULT, keep_report
from tests.app.vouchers.scenes import keep_invoice, make_quoted
from tests.app.web.programs import Program
from tests.factories import act_as, log_in

pytestmark = [
    pytest.mark.vouchers,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]


class Site:
    """A quoted order whose quote still stands today, and its people."""

    def __init__(self, app: Flask, client: FlaskClient) -> None:
        self.app, self.client = app, client
        with app.app_context():
            scene, order = make_quoted(db.session)
            year = today(now()).year
            quoted = order.quote
            assert quoted is not None
            quoted.valid_until = quoted.valid_until.replace(year=year + 1)
            keep_report(db.session, scene)
            keep_invoice(db.session, scene)
            self.people = {
                "founder": scene.funds.founder.id,
                "operator": scene.funds.operator.id,
                "outsider": scene.funds.outsider.id,
                "analyst": scene.analyst.id,
                "reviewer": scene.reviewer.id,
            }
            self.incubator = scene.funds.incubator.public_id
            self.startup = scene.funds.startup.public_id
            self.order = order.public_id
            self.year = year
            db.session.commit()

    def enter(self, who: str, locale: str = "en") -> None:
        with self.app.app_context():
            person = db.session.get_one(Person, self.people[who])
            person.locale = locale
            log_in(self.client, person)
            db.session.commit()

    def read(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        return answer.text

    def press(self, page: str, action: str, **typed: Any) -> Any:
        return send(self.client, action, read_action(self.read(page), action), typed)

    def find(self, table: type[Voucher | VoucherScheme], state: str) -> str:
        with self.app.app_context():
            found = db.session.scalars(select(table.public_id).where(table.state == state))
            return str(found.one())

    def report(self) -> None:
        """The centre tests and reports."""
        with self.app.app_context():
            session, at = db.session, now()
            order = session.scalars(select(VerificationOrder)).one()
            by = {name: act_as(session.get_one(Person, n)) for name, n in self.people.items()}
            sample = samples.send_sample(
                session, order=order, description="Ten", actor=by["founder"], at=at
            )
            samples.receive_sample(
                session, order=order, sample=sample, condition="W", actor=by["analyst"], at=at
            )
            testing.submit_result(session, order=order, values=RESULT, actor=by["analyst"], at=at)
            testing.verify_result(session, order=order, actor=by["reviewer"], at=at)
            document = order.engagement.provider
            kept = session.scalars(
                select(Document).where(Document.provider_id == document.id)
            ).one()
            reporting.publish_report(
                session,
                order=order,
                document=kept,
                valid_until=None,
                actor=by["analyst"],
                at=at,
            )
            session.commit()


@pytest.fixture
def site(app: Flask, client: FlaskClient) -> Site:
    return Site(app, client)


def _type_scheme(year: int) -> dict[str, Any]:
    return {
        "title": "Scheme of the town",
        "covers": ["testing"],
        "share_bp": "33.33 %",
        "cap_yuan": "1万",
        "budget_yuan": "90万",
        "opens_on": f"{year}-01-01",
        "apply_until": f"{year}-12-31",
        "use_until": f"{year + 1}-03-31",
        "claim_until": f"{year + 1}-04-30",
        "source_title": "Notice 7",
    }


def test_from_the_scheme_to_the_money_on_pages(site: Site) -> None:
    site.enter("operator")
    desk = f"/incubators/{site.incubator}/vouchers"
    assert "You administer none yet" in site.read(desk)
    assert "unverified" in site.read(f"/incubators/{site.incubator}/voucher-schemes/listed")
    new = f"/incubators/{site.incubator}/voucher-schemes/new"
    wrong = send(
        site.client,
        new,
        read_action(site.read(new), ""),
        _type_scheme(site.year) | {"use_until": "1-1"},
    )
    assert (wrong.status_code, "Give a day as year-month-day" in wrong.text) == (422, True)
    typed = send(site.client, new, read_action(site.read(new), ""), _type_scheme(site.year))
    assert typed.status_code == 303
    page = f"/voucher-schemes/{site.find(VoucherScheme, 'draft')}"
    assert site.press(page, f"{page}/publish").status_code == 303

    site.enter("founder", "zh_Hans_CN")
    assert "创新券" in site.read("/vouchers")
    site.enter("founder")
    assert "Left of the cap" in site.read("/vouchers")
    choose = f"/orders/{site.order}/voucher"
    assert "CNY 4,114" in site.read(choose)
    assert "CNY 8,231" in site.read(choose)
    assert f'href="{choose}"' in site.read(f"/orders/{site.order}")
    site.press(choose, f"/orders/{site.order}/quote/accept")
    voucher = f"/vouchers/{site.find(Voucher, 'reserved')}"
    assert voucher in site.read(f"/orders/{site.order}")
    site.report()
    invoice = {"invoice": "No 12", "invoiced_on": str(today(now())), "paid_fee": "12,345"}
    nothing = site.press(voucher, f"{voucher}/use", invoice="")
    assert nothing.status_code == 422
    # What only the action can know is said with all that was typed, and nothing has happened.
    for typed, sentence in (
        ({"invoiced_on": "2026年1月2日"}, "from the order up to today"),
        ({"paid_fee": "2"}, "The share of this invoice is less than one yuan."),
    ):
        refused = site.press(voucher, f"{voucher}/use", **invoice | typed)
        assert (refused.status_code, sentence in refused.text) == (422, True)
        assert 'value="No 12"' in refused.text
        site.find(Voucher, "reserved")
    assert site.press(voucher, f"{voucher}/use", **invoice).status_code == 303
    with site.app.app_context():
        foreign = db.session.scalars(
            select(Document.public_id).where(Document.provider_id.is_not(None))
        ).first()
        founder = db.session.get_one(Person, site.people["founder"])
        db.session.expunge_all()
    program = Program(site.app, founder)
    for named in (foreign, "0" * 16):
        assert program.post(f"{voucher}/claim", {"documents": [named]}).status_code == 404
    form = read_action(site.read(voucher), f"{voucher}/claim")
    choice = re.search(r'name="documents"[^>]*value="(\w+)"', site.read(voucher))
    assert choice is not None
    claimed = send(site.client, f"{voucher}/claim", form, {"documents": [choice.group(1)]})
    assert claimed.status_code == 303

    site.enter("operator", "zh_Hans_CN")
    assert "待您审核" in site.read("/notices")
    site.enter("operator")
    assert voucher in site.read(desk)
    assert "Breakdown voltage" not in site.read(voucher), "what is claimed is the startup's own"
    assert "Review the claim" in site.read("/dashboard")
    empty = site.press(voucher, f"{voucher}/return", note="")
    assert empty.status_code == 422
    assert site.press(voucher, f"{voucher}/accept").status_code == 303
    assert site.press(voucher, f"{voucher}/pay", reference="T 9").status_code == 303
    assert "CNY 4,114" in site.read(f"{desk}?state=paid")
    assert "Nothing here" in site.read(f"{desk}?state=refused&page=99999999999")

    site.enter("outsider")
    assert site.client.get(voucher).status_code == 404
    assert site.client.get(desk).status_code in (403, 404)


def test_programs_read_purses_and_administer_schemes(site: Site, app: Flask) -> None:
    programs = {}
    for name, number in site.people.items():
        with app.app_context():
            person = db.session.get_one(Person, number)
            db.session.expunge_all()
        programs[name] = Program(app, person)
    officer, founder = programs["operator"], programs["founder"]
    body = {
        "title": "Scheme",
        "covers": ["testing"],
        "share_bp": 3333,
        "cap_yuan": 10_000,
        "opens_on": f"{site.year}-01-01",
        "apply_until": f"{site.year}-12-31",
        "use_until": f"{site.year + 1}-03-31",
        "source_title": "Notice 7",
    }
    made = officer.post(f"/incubators/{site.incubator}/voucher-schemes", body, Idempotency_Key="a")
    assert made.status_code == 201, made.text
    path = f"/voucher-schemes/{made.json['id']}"
    assert officer.post(f"{path}/publish", {}).json["code"] == "scheme_incomplete"
    tag = officer.get(path).headers["ETag"]
    changed = officer.patch(path, {"claim_until": f"{site.year + 1}-04-30"}, If_Match=tag)
    assert changed.status_code == 200, changed.text
    assert officer.patch(path, {"cap_yuan": 7}, If_Match=tag).status_code == 412
    assert founder.get(path).status_code == 404
    assert officer.post(f"{path}/publish", {}).json["state"] == "current"
    assert founder.get(path).json["is_unverified"] is True

    (row,) = founder.get(f"/startups/{site.startup}/purse").json["items"]
    assert (row["left_yuan"], row["verdict"]) == (10_000, "pass")
    (offer,) = founder.get(f"/orders/{site.order}/voucher-offers").json["items"]
    assert (offer["share_yuan"], offer["own_yuan"], offer["hindrances"]) == (4_114, 8_231, [])
    assert founder.get("/vouchers").json["items"] == []
    (total,) = officer.get(f"/incubators/{site.incubator}/voucher-totals").json["items"]
    assert (total["drawn_yuan"], total["yuan"]["paid"]) == (0, 0)
    listed = officer.get(f"/incubators/{site.incubator}/voucher-schemes/listed").json["items"]
    assert len(listed) == 6
    for step, state in (("pause", "waiting"), ("resume", "current"), ("close", "closed")):
        assert officer.post(f"{path}/{step}", {}).json["state"] == state
    assert programs["outsider"].get(f"/startups/{site.startup}/purse").status_code == 404
