"""The catalogue of finance products: versions, whom they fit, and what runs out."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Installation
from app.clauses import Verdict
from app.clock import now, today
from app.errors import ChangedMeanwhile, NotFound, NotPermitted
from app.extensions import db
from app.products.actions import keeping, minding
from app.products.catalogue import find_listed, list_listed
from app.products.errors import (
    ProductDraftExists,
    ProductFixed,
    ProductIncomplete,
    ProductOver,
    ProductUnfit,
    ProductUnknown,
)
from app.products.jobs import mind_products
from app.products.queries.products import list_fitting, list_newest
from app.products.values import ProductValues, read_product
from app.vouchers.checking import Condition, make_document
from models.lifecycle import ActionNotAllowed
from models.notices import Notice
from models.people import Person
from models.product_codes import ProductKind
from models.products import FinanceProduct
from models.vocabulary import Title
from tests.app.funds.scenes import Scene, make_scene
from tests.app.products.scenes import ON, VALUES, offer_product
from tests.app.profiles.page_forms import read_action, read_form, send
from tests.app.web.programs import Program
from tests.factories import AT, log_in
from tests.waiting import make_lister

list_waiting = make_lister("products")

pytestmark = pytest.mark.funds
only_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


def offer(session: Session, scene: Scene, **changes: Any) -> FinanceProduct:
    return offer_product(session, scene.incubator, scene.by_operator, **changes)


def list_told(session: Session) -> list[tuple[str, int]]:
    session.flush()
    rows = session.scalars(select(Notice).order_by(Notice.id))
    return [(row.kind, row.person_id) for row in rows if row.kind.startswith("product_")]


def test_a_version_is_whole_fixed_and_followed_by_the_next(session: Session) -> None:
    scene = make_scene(session)
    by: dict[str, Any] = {"actor": scene.by_operator, "at": AT}
    draft = keeping.draft_product(
        session, incubator=scene.incubator, values=ProductValues(title="A"), **by
    )
    with pytest.raises(ProductIncomplete):
        keeping.publish_product(session, product=draft, version=draft.version, **by)
    with pytest.raises(ChangedMeanwhile):
        keeping.edit_product(session, product=draft, values=VALUES, version=99, **by)
    over = replace(VALUES, valid_from=ON - timedelta(days=9), valid_until=ON - timedelta(days=1))
    keeping.edit_product(session, product=draft, values=over, version=draft.version, **by)
    with pytest.raises(ProductOver):
        keeping.publish_product(session, product=draft, version=draft.version, **by)
    keeping.edit_product(session, product=draft, values=VALUES, version=draft.version, **by)
    assert read_product(draft) == VALUES
    keeping.publish_product(session, product=draft, version=draft.version, **by)
    for step in (keeping.discard_product, keeping.publish_product):
        more = {"version": draft.version} if step is keeping.publish_product else {}
        with pytest.raises(ProductFixed):
            step(session, product=draft, **more, **by)
    second = offer(session, scene, code=draft.code, most_yuan=9_000_000)
    assert [(each.number, each.state) for each in (draft, second)] == [
        (1, "replaced"),
        (2, "current"),
    ]
    third = keeping.draft_product(
        session, incubator=scene.incubator, values=VALUES, code=draft.code, **by
    )
    with pytest.raises(ProductDraftExists):
        offer(session, scene, code=draft.code)
    with pytest.raises(ProductUnknown):
        offer(session, scene, code="nothing")
    keeping.discard_product(session, product=third, **by)
    keeping.withdraw_product(session, product=second, **by)
    with pytest.raises(ActionNotAllowed):
        keeping.withdraw_product(session, product=second, **by)
    assert list_newest(session, scene.incubator) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"least_yuan": 0},
        {"least_yuan": 6_000_000},
        {"months_most": 0},
        {"yearly_bp_from": 500},
        {"fee_bp": 10_001},
        {"share_bp": 0},
        {"valid_until": ON - timedelta(days=1)},
        {"valid_until": date(2100, 1, 1)},
        {"checked_on": ON + timedelta(days=1)},
        {"source_url": "javascript:alert(1)"},
        {"staff_most": -1},
    ],
)
@only_sqlite
def test_what_cannot_be_is_refused(session: Session, changes: dict[str, Any]) -> None:
    with pytest.raises(ProductUnfit):
        offer(session, make_scene(session), **changes)


@only_sqlite
def test_founders_see_what_fits_with_the_gap_and_what_runs_out(session: Session) -> None:
    scene = make_scene(session)
    scene.startup.place_code, scene.startup.credit_code = "310115", None
    fits = offer(session, scene, title="B", places=("310000",), valid_until=ON + timedelta(days=9))
    offer(session, scene, title="A", titles=(Title.LITTLE_GIANT,))
    offer(session, scene, title="C", needs_company=True)
    offer(session, scene, title="Later", valid_from=ON + timedelta(days=1))
    rows = list_fitting(session, scene.startup, AT)
    assert [(row.product.title, row.eligibility.verdict) for row in rows] == [
        ("B", Verdict.PASS),
        ("A", Verdict.UNKNOWN),
        ("C", Verdict.FAIL),
    ]
    assert (rows[0].product, rows[0].days_left, rows[0].is_soon_over) == (fits, 9, True)
    (found,) = rows[2].eligibility.list_open()
    assert found.condition is Condition.COMPANY
    # The last day itself still counts, the next one does not.
    for days, count in ((9, 4), (10, 3)):
        assert len(list_fitting(session, scene.startup, AT + timedelta(days=days))) == count
    scene.startup.incubator_id = None
    assert list_fitting(session, scene.startup, AT) == []


def test_the_last_day_is_told_once_and_ends_it(session: Session) -> None:
    scene = make_scene(session)
    product = offer(session, scene, valid_until=ON + timedelta(days=30))
    clock: dict[str, Any] = {"actor": Installation.CLOCK, "limit": 9}
    assert minding.remind_of_products(session, at=AT - timedelta(days=1), **clock) == 0
    assert [minding.remind_of_products(session, at=AT, **clock) for _ in range(2)] == [1, 0]
    assert list_told(session) == [("product_expiring", scene.operator.id)]
    (waits,) = list_waiting(session, scene.by_operator, AT)
    assert waits.kind == "product_to_renew"
    assert list_waiting(session, scene.by_founder, AT) == []
    draft = keeping.draft_product(
        session,
        incubator=scene.incubator,
        values=VALUES,
        code=product.code,
        actor=scene.by_operator,
        at=AT,
    )
    assert list_waiting(session, scene.by_operator, AT) == [], "the next version is begun"
    keeping.discard_product(session, product=draft, actor=scene.by_operator, at=AT)
    after = AT + timedelta(days=31)
    assert minding.lapse_products(session, at=AT + timedelta(days=30), **clock) == 0
    assert [minding.lapse_products(session, at=after, **clock) for _ in range(2)] == [1, 0]
    assert (product.state, product.ended_at) == ("over", after)
    assert list_told(session)[1:] == [("product_lapsed", scene.operator.id)]
    assert list_newest(session, scene.incubator) == [product]
    offer(session, scene, code=product.code)
    assert [each.number for each in list_newest(session, scene.incubator)] == [2]


@pytest.mark.permissions
@only_sqlite
def test_drafts_are_the_operators_own_and_nobody_else_keeps_it(session: Session) -> None:
    scene = make_scene(session)
    for actor in (scene.by_founder, scene.by_fund, scene.by_outsider):
        with pytest.raises((NotFound, NotPermitted)):
            keeping.draft_product(
                session, incubator=scene.incubator, values=VALUES, actor=actor, at=AT
            )


def test_the_list_says_how_good_its_sources_are() -> None:
    assert len({each.code for each in list_listed()}) == len(list_listed()) >= 5
    for each in list_listed():
        assert each.values.is_possible(ON)
        assert each.values.is_unverified, "nobody has compared it with an official text"
        assert "valid_until" in each.values.list_missing(), "no source says until when"
        make_document(each.values)
    special = find_listed("guarantee-innovation-2024")
    assert special is not None
    assert (special.values.kind, special.values.most_yuan) == (ProductKind.GUARANTEE, 30_000_000)


class Site:
    def __init__(self, app: Flask, client: FlaskClient) -> None:
        self.app, self.client = app, client
        with app.app_context():
            scene = make_scene(db.session)
            self.people = {
                name: getattr(scene, name).id for name in ("founder", "operator", "outsider")
            }
            self.startup = scene.startup.public_id
            self.incubator = scene.incubator.public_id
            db.session.commit()

    def enter(self, who: str) -> None:
        with self.app.app_context():
            person = db.session.get_one(Person, self.people[who])
            person.locale = "en"
            log_in(self.client, person)
            db.session.commit()

    def program(self, who: str) -> Program:
        with self.app.app_context():
            person = db.session.get_one(Person, self.people[who])
            db.session.expunge_all()
        return Program(self.app, person)

    def press(self, page: str, action: str, **typed: Any) -> Any:
        answer = self.client.get(page)
        assert answer.status_code == 200, page
        # What is edited is sent to where it is shown.
        if page == action:
            return send(self.client, action, read_form(answer.text, "title"), typed)
        return send(self.client, action, read_action(answer.text, action), typed)


@pytest.fixture
def site(app: Flask, client: FlaskClient) -> Site:
    return Site(app, client)


@only_sqlite
def test_a_product_is_kept_and_found_on_pages(site: Site) -> None:
    year = today(now()).year
    desk = f"/incubators/{site.incubator}/products"
    site.enter("operator")
    page = site.client.get(f"{desk}/listed").text
    assert ("财金〔2024〕60号" in page, page.count("unverified")) == (True, len(list_listed()))
    new = f"{desk}/new"
    typed = {
        "title": "Zzloan <b>",
        "kind": "bank_loan",
        "offered_by": "Zzbank",
        "most_yuan": "500",
        "yearly_bp_from": "3.1 %",
        "yearly_bp_to": "4.3",
        "valid_from": f"{year}-01-01",
        "valid_until": f"{year}-12-31",
        "source_title": "Leaflet",
    }
    wrong = site.press(new, new, **typed | {"yearly_bp_to": "2", "valid_until": "2001-01-01"})
    assert wrong.status_code == 422
    assert "This is less than the one above." in wrong.text
    assert "This is before the day above." in wrong.text
    assert "Zzbank" in wrong.text, "nothing that was typed is lost"
    product = site.press(new, new, **typed).location
    site.enter("founder")
    assert site.client.get(product).status_code == 404
    site.enter("operator")
    edit = f"{product}/edit"
    stale = site.press(edit, edit, **typed | {"months_most": "12", "version": "99"})
    kept = read_form(stale.text, "months_most")
    assert (stale.status_code, kept["months_most"]) == (409, "12")
    assert send(site.client, edit, kept, {}).status_code == 303
    assert site.press(product, f"{product}/publish").status_code == 303
    site.enter("founder")
    page = site.client.get("/products").text
    assert all(word in page for word in ("Zzloan &lt;b&gt;", "Zzbank", "3.1% to"))
    assert "unverified" in page
    assert site.client.get(product).status_code == 200
    assert site.client.get(desk).status_code == 403
    site.enter("outsider")
    assert site.client.get(product).status_code == 404
    site.enter("operator")
    draft = site.press(product, f"{product}/renew").location
    assert "Zzloan" in site.client.get(desk).text
    assert site.press(draft, f"{draft}/discard").status_code == 303
    assert site.press(product, f"{product}/withdraw").status_code == 303
    assert site.client.get(f"{new}?listed=nothing").status_code == 404
    assert "财金〔2024〕60号" in site.client.get(f"{new}?listed=guarantee-innovation-2024").text


@pytest.mark.api
@only_sqlite
def test_programs_do_the_same(site: Site) -> None:
    operator, founder = site.program("operator"), site.program("founder")
    on = today(now())
    desk = f"/incubators/{site.incubator}/products"
    assert len(operator.get(f"{desk}/listed").json["items"]) == len(list_listed())
    body = {
        "title": "Zzloan",
        "kind": "insurance",
        "offered_by": "Zzbank",
        "valid_from": on.isoformat(),
        "valid_until": on.isoformat(),
        "source_title": "Leaflet",
        "needs_company": True,
    }
    made = operator.post(desk, body, Idempotency_Key="a")
    assert (made.status_code, made.json["actions"]) == (201, ["publish", "edit", "discard"])
    path = f"/products/{made.json['id']}"
    assert founder.get(path).status_code == 404
    changed = operator.patch(path, {"fee_bp": 180}, If_Match=made.headers["ETag"])
    assert changed.json["fee_bp"] == 180
    assert operator.post(f"{path}/publish").json["state"] == "current"
    (row,) = founder.get(f"/startups/{site.startup}/products").json["items"]
    assert (row["product"]["id"], row["days_left"]) == (made.json["id"], 0)
    assert [each["condition"] for each in row["findings"]] == ["company"]
    assert row["product"]["actions"] == []
    assert [each["id"] for each in operator.get(desk).json["items"]] == [made.json["id"]]
    assert operator.get(f"{desk}?state=draft").json["items"] == []
    for program in (founder, operator):
        assert [each["id"] for each in program.get("/products").json["items"]] == [made.json["id"]]
    second = operator.post(desk, body | {"code": made.json["code"]}, Idempotency_Key="b").json
    assert second["number"] == 2
    assert len(operator.get("/products?state=draft").json["items"]) == 1
    assert founder.get("/products?state=draft").json["items"] == []
    assert operator.post(f"/products/{second['id']}/discard").status_code == 200
    assert mind_products(site.app, now()) == 1
    assert operator.post(f"{path}/withdraw").json["state"] == "withdrawn"
    assert founder.get(desk).status_code == 403
