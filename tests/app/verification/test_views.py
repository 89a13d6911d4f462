"""Pages of claims and orders, sent as a browser without JavaScript sends them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.clock import now
from app.extensions import db
from app.verification.actions.claims import release_claim
from app.verification.jobs import let_run_out
from models.documents import Document
from models.engagements import Engagement
from models.log_ins import LogIn
from models.needs import Need
from models.organisations import Startup
from models.people import Person
from models.verification import Claim, VerificationOrder, VerificationQuote
from tests.app.funds.scenes import Scene as FundScene
from tests.app.funds.scenes import publish as publish_mandate
from tests.app.profiles.page_forms import read_action, read_form, send
from tests.app.verification.scenes import AT, Scene, bring_to, keep_report, make_scene
from tests.factories import log_in, make_engagement

pytestmark = [
    pytest.mark.verification,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]

TERMS = {
    "method": "Ten pieces to breakdown",
    "pass_rule": "All ten hold it",
    "service_terms": "Report",
    "property_terms": "Yours",
    "secrecy_terms": "Three years",
    "damages_terms": "At cost",
    "breach_terms": "One percent a week",
    "dispute_terms": "Court",
}


@dataclass
class Site:
    """The scene from outside: who clicks, and what is where."""

    app: Flask
    client: FlaskClient
    people: dict[str, int]
    startup: str
    centre: str
    need: str
    engagement: str
    money: str

    def enter(self, who: str, locale: str = "en") -> None:
        with self.open() as session:
            person = session.get_one(Person, self.people[who])
            person.locale = locale
            log_in(self.client, person)

    @contextmanager
    def open(self) -> Iterator[Session]:
        with self.app.app_context():
            yield db.session
            db.session.commit()

    def read(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        return answer.text

    def press(self, page: str, action: str, **typed: Any) -> Any:
        """Send the form of `page` that goes to `action`, filled in with `typed`."""
        return send(self.client, action, read_action(self.read(page), action), typed)

    def find_order(self) -> str:
        with self.open() as session:
            return session.scalars(select(VerificationOrder.public_id)).one()


@pytest.fixture
def site(app: Flask, client: FlaskClient) -> Site:
    with app.app_context():
        session = db.session
        scene = make_scene(session)
        publish_mandate(session, scene.funds, holding_limit_bp=None)
        keep_report(session, scene)
        money = make_engagement(session, scene.funds.need, scene.funds.fund, state="accepted")
        made = Site(app, client, _list_people(scene), *_list_ids(scene), money.public_id)
        session.commit()
    return made


def _list_people(scene: Scene) -> dict[str, int]:
    funds = scene.funds
    people = {
        "founder": funds.founder,
        "operator": funds.operator,
        "fund": funds.investor,
        "outsider": funds.outsider,
        "analyst": scene.analyst,
        "reviewer": scene.reviewer,
    }
    return {name: person.id for name, person in people.items()}


def _list_ids(scene: Scene) -> tuple[str, str, str, str]:
    return (
        scene.funds.startup.public_id,
        scene.centre.public_id,
        scene.need.public_id,
        scene.engagement.public_id,
    )


def test_the_whole_way_from_a_sentence_to_a_fact_and_back(site: Site) -> None:
    site.enter("founder")
    proof = site.read("/claims")
    assert "What must I prove?" in proof
    assert "First fund (example)" in proof
    path = f"/startups/{site.startup}/claims/new?need={site.need}&read=0&gate=prototype"
    form = read_form(site.read(path), "metric")
    assert (form["low"], form["unit"], form["gate"]) == ("1200", "V", "prototype")
    made = send(site.client, path, form, {"metric": "Breakdown voltage", "low": "１.２万 V"})
    assert made.status_code == 303, made.text
    claim = made.location
    assert "≥ 12,000 V" in site.read(claim)
    asked = site.press(claim, f"{claim}/ask", engagement=site.engagement)
    assert asked.status_code == 303, asked.text
    order = asked.location

    site.enter("analyst")
    assert "To quote" in site.read(f"/providers/{site.centre}/orders")
    form = read_form(site.read(f"{order}/quote"), "method")
    assert form["service_name"] == ""
    typed = TERMS | {
        "service_name": "Breakdown test",
        "price": "1.23万",
        "lead_days": "十",
        "valid_until": (now() + timedelta(days=9)).date().isoformat(),
        "sample_spec": "Ten pieces",
    }
    stale = send(site.client, f"{order}/quote", form, typed | {"version": "99"})
    assert stale.status_code == 409
    form = read_form(stale.text, "version")
    assert send(site.client, f"{order}/quote", form, {}).status_code == 303

    site.enter("founder")
    assert "CNY 12,300" in site.read(order)
    assert site.press(order, f"{order}/quote/accept").status_code == 303
    assert "Ordered" in site.read(order)
    assert site.press(order, f"{order}/samples", description="Ten pieces").status_code == 303

    site.enter("analyst")
    with site.open() as session:
        code = session.scalars(select(VerificationOrder)).one().samples[0].code
    received = f"{order}/samples/{code}/receive"
    assert site.press(order, received, note="").status_code == 422
    assert site.press(order, received, note="Whole").status_code == 303
    result = {
        "measured": "12500 V",
        "measured_on": now().date().isoformat(),
        "verdict": "confirmed",
        "passes_gate": "y",
        "readiness": "5",
    }
    unfit = site.press(order, f"{order}/results", **result | {"readiness": "9"})
    assert (unfit.status_code, "does not go with the gate" in unfit.text) == (422, True)
    assert all(f'value="{result[name]}"' in unfit.text for name in ("measured", "measured_on"))
    assert site.press(order, f"{order}/results", **result).status_code == 303
    # Nobody vouches for their own, nor finds a button for it.
    page = site.read(order)
    assert ("Somebody else of your centre" in page, "Vouch for the result" in page) == (True, False)
    token = read_action(page, f"{order}/cancel")
    assert site.client.post(f"{order}/results/verify", data=token).status_code == 303
    assert "Somebody else has to verify" in site.read(order)

    site.enter("reviewer")
    assert site.press(order, f"{order}/results/verify").status_code == 303
    # The file of a report is chosen, never the first that happens to stand there.
    assert site.press(order, f"{order}/reports").status_code == 422
    with site.open() as session:
        document = session.scalars(select(Document.public_id)).one()
    assert site.press(order, f"{order}/reports", document=document).status_code == 303

    site.enter("founder")
    assert "Confirmed" in site.read(claim)
    assert f"{claim}#who-sees" in site.read(order)
    assert "What must I prove?" not in site.read("/claims")
    assert site.press(order, f"{order}/reports/dispute", note="Others").status_code == 303

    site.enter("reviewer")
    wrong = site.press(order, f"{order}/reports/invalidate", note="Wrong fixture")
    assert wrong.status_code == 303
    site.enter("founder")
    assert "Invalidated" in site.read(order)
    assert "What must I prove?" in site.read("/claims")


def test_ordering_asks_for_the_password_again(site: Site) -> None:
    with site.open() as session:
        bring_to(session, _find_scene(session, site), "quoted")
    order = f"/orders/{site.find_order()}"
    site.enter("founder")
    with site.open() as session:
        session.execute(update(LogIn).values(confirmed_at=now() - timedelta(hours=1)))

    answer = site.press(order, f"{order}/quote/accept")
    assert answer.status_code == 403
    assert 'name="password"' in answer.text
    with site.open() as session:
        assert session.scalars(select(VerificationOrder.state)).one() == "quoted"


def _find_scene(session: Session, site: Site) -> Scene:
    """The scene again, in another session."""
    people = {name: session.get_one(Person, number) for name, number in site.people.items()}
    startup = session.scalars(select(Startup).where(Startup.public_id == site.startup)).one()
    engagement = session.scalars(
        select(Engagement).where(Engagement.public_id == site.engagement)
    ).one()
    money = session.scalars(select(Engagement).where(Engagement.public_id == site.money)).one()
    need = session.scalars(select(Need).where(Need.public_id == site.need)).one()
    assert startup.incubator is not None
    funds = FundScene(
        startup.incubator,
        startup,
        money.need,
        money.provider,
        people["founder"],
        people["operator"],
        people["fund"],
        people["outsider"],
    )
    return Scene(
        funds, need, engagement.provider, engagement, people["analyst"], people["reviewer"]
    )


@pytest.mark.parametrize("locale", ["en", "zh_Hans_CN"])
def test_every_page_is_there_in_both_languages_in_every_state(site: Site, locale: str) -> None:
    states = ("asked", "quoted", "ordered", "in_lab", "to_verify", "verified", "reported")
    with site.open() as session:
        scene = _find_scene(session, site)
        for state in states:
            bring_to(session, scene, state)
        orders = session.scalars(select(VerificationOrder.public_id)).all()
        claim = session.scalars(select(Claim.public_id)).first()
    pages = [f"/orders/{order}" for order in orders]
    for who, more in (
        ("founder", ["/claims", "/orders", f"/claims/{claim}", f"/claims/{claim}/edit"]),
        ("analyst", ["/orders", f"/providers/{site.centre}/orders", f"{pages[0]}/quote"]),
        ("fund", [f"/engagements/{site.money}/proof", "/orders"]),
    ):
        site.enter(who, locale)
        for path in [*(pages if who != "fund" else []), *more]:
            text = site.read(path)
            assert ("Sign out" in text or "Log out" in text) is (locale == "en"), path


def test_a_fund_reads_not_released_whatever_there_is(site: Site) -> None:
    path = f"/engagements/{site.money}/proof"
    site.enter("fund")
    before = site.read(path)
    assert "Not released." in before
    with site.open() as session:
        claim_id = bring_to(session, _find_scene(session, site), "reported").claim.id
    assert site.read(path).split("</h1>")[1] == before.split("</h1>")[1]
    with site.open() as session:
        scene = _find_scene(session, site)
        claim = session.get_one(Claim, claim_id)
        release_claim(session, claim=claim, is_released=True, actor=scene.by_founder, at=AT)
    shown = site.read(path)
    assert "1,250 V" in shown
    assert "Not released." in shown


def test_whom_it_does_not_concern_finds_nothing(site: Site) -> None:
    with site.open() as session:
        order = bring_to(session, _find_scene(session, site), "reported")
        own = f"/orders/{order.public_id}"
        claim = f"/claims/{order.claim.public_id}"
    paths = {
        own: {"founder", "analyst", "reviewer"},
        f"{own}/quote": {"analyst", "reviewer"},
        claim: {"founder"},
        f"/providers/{site.centre}/orders": {"analyst", "reviewer"},
        f"/engagements/{site.money}/proof": {"fund"},
        f"/startups/{site.startup}/claims/new": {"founder"},
        "/claims": {"founder", "outsider"},
    }
    for who in site.people:
        site.enter(who)
        let_in = {path for path in paths if site.client.get(path).status_code == 200}
        assert let_in == {path for path, whom in paths.items() if who in whom}, who


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"metric": ""}, "Please fill this in"),
        ({"low": ""}, "Give the lowest value"),
        ({"low": "about ten"}, "Give a number"),
        ({"low": "3-5"}, "than one number"),
        ({"low": "0.12345678"}, "At most 6 decimals"),
        ({"comparator": "at_most"}, "Give the highest value"),
        ({"comparator": "between", "high": "3"}, "below the lowest one"),
        ({"low": "1200 V", "unit": "kV"}, "Two units are named"),
        ({"gate": "nirvana"}, "Choose from the list"),
    ],
)
def test_what_is_mistyped_is_said_beside_it_and_nothing_is_saved(
    site: Site, typed: dict[str, str], says: str
) -> None:
    site.enter("founder")
    path = f"/startups/{site.startup}/claims/new"
    form = read_form(site.read(path), "metric")
    filled = {"metric": "Voltage", "comparator": "at_least", "low": "1200", "unit": "V"}
    answer = send(site.client, path, form, filled | typed)

    assert answer.status_code == 422
    assert says in answer.text
    with site.open() as session:
        assert session.scalars(select(Claim)).all() == []


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"price": "12.5"}, "The smallest amount is one yuan"),
        ({"price": "ten dollars"}, "CNY"),
        ({"price": ""}, "Please fill this in"),
        ({"lead_days": "0"}, "Give a whole number from 1"),
        ({"valid_until": "2020-01-01"}, "Give a day to come"),
        ({"valid_until": "soon"}, "Give a day as year-month-day"),
        ({"secrecy_terms": ""}, "Please fill this in"),
    ],
)
def test_an_incomplete_quote_comes_back_as_it_was_typed(
    site: Site, typed: dict[str, str], says: str
) -> None:
    with site.open() as session:
        order = bring_to(session, _find_scene(session, site), "asked")
        path = f"/orders/{order.public_id}/quote"
    site.enter("analyst")
    filled = TERMS | {
        "service_name": "Test",
        "price": "12,345",
        "lead_days": "10",
        "valid_until": (now() + timedelta(days=3)).date().isoformat(),
    }
    answer = send(site.client, path, read_form(site.read(path), "method"), filled | typed)

    assert answer.status_code == 422
    assert says in answer.text
    assert "Ten pieces to breakdown" in answer.text
    with site.open() as session:
        assert session.scalars(select(VerificationQuote)).all() == []


def test_a_measure_in_another_unit_is_asked_about(site: Site) -> None:
    with site.open() as session:
        order = bring_to(session, _find_scene(session, site), "in_lab")
        own = f"/orders/{order.public_id}"
    site.enter("analyst")
    typed = {"measured": "1.25 kV", "measured_on": now().date().isoformat()}
    answer = site.press(own, f"{own}/results", verdict="confirmed", **typed)

    assert answer.status_code == 422
    assert "The claim counts in V." in answer.text


def test_the_worker_lets_quotes_run_out(site: Site) -> None:
    with site.open() as session:
        bring_to(session, _find_scene(session, site), "quoted")

    assert let_run_out(site.app, AT + timedelta(days=40)) == 1
    assert let_run_out(site.app, AT + timedelta(days=40)) == 0
