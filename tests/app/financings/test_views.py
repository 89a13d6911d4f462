"""Pages and operations of financings, as a browser without JavaScript and a program use them."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.clock import now, today
from app.extensions import db
from models.financings import Financing, Interest
from models.log_ins import LogIn
from models.people import Person
from tests.app.financings.scenes import make_scene
from tests.app.profiles.page_forms import read_action, read_form, send
from tests.app.web.programs import Program
from tests.factories import log_in

pytestmark = [
    pytest.mark.funds,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]


@dataclass
class Site:
    app: Flask
    client: FlaskClient
    people: dict[str, int]
    need: str
    first: str
    second: str
    fund: str

    def enter(self, who: str, locale: str = "en") -> None:
        with self.open() as session:
            person = session.get_one(Person, self.people[who])
            person.locale = locale
            log_in(self.client, person)

    def program(self, who: str) -> Program:
        with self.app.app_context():
            person = db.session.get_one(Person, self.people[who])
            db.session.expunge_all()
        return Program(self.app, person)

    @contextmanager
    def open(self) -> Any:
        with self.app.app_context():
            yield db.session
            db.session.commit()

    def read(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        return answer.text

    def press(self, page: str, action: str, **typed: Any) -> Any:
        return send(self.client, action, read_action(self.read(page), action), typed)


@pytest.fixture
def site(app: Flask, client: FlaskClient) -> Site:
    with app.app_context():
        session = db.session
        scene = make_scene(session)
        funds = scene.of_funds
        people = {
            "founder": funds.founder.id,
            "operator": funds.operator.id,
            "first": funds.investor.id,
            "second": scene.other_person.id,
            "outsider": funds.outsider.id,
        }
        made = Site(
            app,
            client,
            people,
            scene.need.public_id,
            scene.first.public_id,
            scene.second.public_id,
            funds.fund.public_id,
        )
        session.commit()
    return made


def draft(site: Site) -> str:
    path = f"/needs/{site.need}/financing"
    form = read_form(site.read(path), "target")
    day = (today(now()) + timedelta(days=20)).isoformat()
    wrong = send(
        site.client,
        path,
        form,
        {"target": "200", "least": "三百万", "terms": "Zzterms", "closes_on": "9999-12-31"},
    )
    assert wrong.status_code == 422
    assert "The minimum is more than what is raised." in wrong.text
    assert "Give a day within two years." in wrong.text
    assert "Zzterms" in wrong.text
    made = send(
        site.client,
        path,
        form,
        {"target": "200", "least": "100万", "terms": "Zzterms", "closes_on": day, "places": "2"},
    )
    assert made.status_code == 303
    return str(made.location)


def test_money_is_raised_on_pages(site: Site) -> None:
    site.enter("founder")
    financing = draft(site)
    assert "Draft" in site.read(financing)
    assert site.client.get(f"/needs/{site.need}/financing").location == financing
    site.enter("first")
    commitment = f"/engagements/{site.first}/commitment"
    assert "No open financing" in site.read(commitment)
    assert site.client.get(financing).status_code == 404
    site.enter("founder")
    assert site.press(financing, f"{financing}/open").status_code == 303
    site.enter("first")
    page = site.read(commitment)
    assert "Zzterms" in page
    assert site.press(commitment, f"{commitment}/observe").status_code == 303
    assert site.press(commitment, f"{commitment}/consider", amount="120").status_code == 303
    with site.open() as session:
        session.execute(update(LogIn).values(confirmed_at=now() - timedelta(hours=1)))
    asked = site.press(commitment, f"{commitment}/commit")
    assert (asked.status_code, 'name="password"' in asked.text) == (403, True)
    site.enter("first")
    assert site.press(commitment, f"{commitment}/commit").status_code == 303
    assert "Committed" in site.read(f"/providers/{site.fund}/commitments")
    site.enter("second")
    other = f"/engagements/{site.second}/commitment"
    site.press(other, f"{other}/observe")
    page = site.read(other)
    assert "1 fund with CNY 1,200,000" in page
    assert "First fund (example)" not in page
    site.enter("founder")
    for locale, words in (("en", "Close with CNY 1,200,000"), ("zh_Hans_CN", "按 120 万元关闭")):
        site.enter("founder", locale)
        assert words in site.read(financing)
    site.enter("founder")
    assert site.press(financing, f"{financing}/close").status_code == 303
    with site.open() as session:
        interest = session.scalars(
            select(Interest.public_id).where(Interest.state == "committed")
        ).one()
    confirm = f"/interests/{interest}/confirm"
    wrong = site.press(financing, confirm, paid_on="2001-01-01")
    assert wrong.status_code == 422
    day = today(now()).isoformat()
    assert site.press(financing, confirm, paid_on=day).status_code == 303
    assert "Paid in" in site.read(financing)
    assert "Closed with success" in site.read("/financings")
    for who in ("operator", "outsider"):
        site.enter(who)
        for path in (financing, commitment, f"/providers/{site.fund}/commitments"):
            assert site.client.get(path).status_code in (403, 404), (who, path)


def test_what_ends_before_it_closes(site: Site) -> None:
    site.enter("founder")
    financing = draft(site)
    site.press(financing, f"{financing}/discard")
    assert site.client.get(financing).status_code == 404
    financing = draft(site)
    form = read_form(site.read(f"{financing}/edit"), "target")
    assert (form["target"], form["least"]) == ("200", "100")
    stale = send(site.client, f"{financing}/edit", form, {"terms": "Zzmine", "version": "99"})
    form = read_form(stale.text, "target")
    assert (stale.status_code, form["terms"]) == (409, "Zzmine")
    assert send(site.client, f"{financing}/edit", form, {"shown": "names"}).status_code == 303
    site.press(financing, f"{financing}/open")
    later = (today(now()) + timedelta(days=50)).isoformat()
    assert site.press(financing, f"{financing}/extend", closes_on="2001-01-01").status_code == 422
    assert site.press(financing, f"{financing}/extend", closes_on=later).status_code == 303
    assert site.press(financing, f"{financing}/narrow", shown="contacts").status_code == 422
    assert site.press(financing, f"{financing}/narrow", shown="summary").status_code == 303
    commitment = f"/engagements/{site.first}/commitment"
    site.enter("first")
    site.press(commitment, f"{commitment}/observe")
    assert site.press(commitment, f"{commitment}/consider", amount="0").status_code == 422
    much = site.press(commitment, f"{commitment}/consider", amount="3亿元")
    assert much.status_code in (409, 422)
    assert 'value="3亿元"' in much.text and "alert-danger" in much.text
    site.press(commitment, f"{commitment}/consider", amount="50")
    site.press(commitment, f"{commitment}/leave")
    site.press(commitment, f"{commitment}/observe")
    site.press(commitment, f"{commitment}/consider", amount="50")
    site.press(commitment, f"{commitment}/commit")
    assert site.press(commitment, f"{commitment}/release", words="").status_code == 422
    assert site.press(commitment, f"{commitment}/release", words="Zzwhy").status_code == 303
    site.enter("second")
    other = f"/engagements/{site.second}/commitment"
    site.press(other, f"{other}/observe")
    site.press(other, f"{other}/consider", amount="50")
    site.press(other, f"{other}/commit")
    site.enter("founder")
    assert "Zzwhy" in site.read(financing)
    with site.open() as session:
        interest = session.scalars(
            select(Interest.public_id).where(Interest.state == "committed")
        ).one()
    release = f"/interests/{interest}/release"
    assert site.press(financing, release, words="").status_code == 422
    assert site.press(financing, release, words="Another one").status_code == 303
    assert site.press(financing, f"{financing}/abandon").status_code == 303
    assert "Abandoned" in site.read(financing)


@pytest.mark.api
def test_programs_do_all_but_what_binds(site: Site) -> None:
    founder, fund, outsider = (site.program(who) for who in ("founder", "first", "outsider"))
    day = (today(now()) + timedelta(days=20)).isoformat()
    body = {
        "kind": "equity",
        "target_yuan": 2_000_000,
        "least_yuan": 1_000_000,
        "terms": "Zzterms",
        "closes_on": day,
    }
    path = f"/needs/{site.need}/financings"
    wrong = founder.post(path, body | {"least_yuan": 3_000_000}, Idempotency_Key="a")
    assert (wrong.status_code, wrong.json["errors"][0]["pointer"]) == (422, "/least_yuan")
    made = founder.post(path, body, Idempotency_Key="b")
    assert made.status_code == 201, made.text
    one = f"/financings/{made.json['id']}"
    changed = founder.patch(one, {"places": 3}, If_Match=made.headers["ETag"])
    assert (changed.status_code, changed.json["places"]) == (200, 3)
    assert founder.patch(one, {"places": 4}, If_Match=made.headers["ETag"]).status_code == 412
    assert founder.post(f"{one}/open").json["state"] == "open"
    assert founder.post(f"{one}/close").status_code == 404
    assert outsider.get(one).status_code == 404
    (listed,) = founder.get("/financings").json["items"]
    assert listed["remaining_yuan"] == 2_000_000

    commitment = f"/engagements/{site.first}/commitment"
    assert fund.post(f"{commitment}/observe").json["interest"]["state"] == "observing"
    said = fund.post(f"{commitment}/consider", {"amount_yuan": 2_000_001})
    assert (said.status_code, said.json["code"]) == (409, "not_enough_left")
    assert said.json["facts"] == {"remaining_yuan": 2_000_000}
    assert fund.post(f"{commitment}/consider", {"amount_yuan": 0.5}).status_code == 422
    seen = fund.post(f"{commitment}/consider", {"amount_yuan": 400_000}).json
    assert seen["parties"] == {"count": 0, "total_yuan": 0, "named": []}
    assert fund.post(f"{commitment}/commit").status_code == 404
    (mine,) = fund.get(f"/providers/{site.fund}/commitments").json["items"]
    assert (mine["state"], mine["amount_yuan"]) == ("considering", 400_000)
    assert fund.get(f"/interests/{mine['id']}").status_code == 200
    assert outsider.get(f"/interests/{mine['id']}").status_code == 404
    assert founder.post(f"/interests/{mine['id']}/confirm", {"paid_on": day}).status_code == 409
    assert fund.post(f"{commitment}/leave").json["interest"]["state"] == "left"
    with site.open() as session:
        interest = session.scalars(select(Interest)).one()
        interest.state, interest.amount_yuan = "committed", 400_000
    assert fund.post(f"{commitment}/release", {"words": "No"}).json["actions"] == []
    assert founder.post(f"{one}/narrow", {"shown": "names"}).status_code == 409
    later = (today(now()) + timedelta(days=40)).isoformat()
    assert founder.post(f"{one}/extend", {"closes_on": later}).json["closes_on"] == later
    assert founder.post(f"{one}/abandon").json["state"] == "abandoned"
    assert founder.post(f"/interests/{mine['id']}/release", {"words": "No"}).status_code == 409
    again = founder.post(path, body, Idempotency_Key="c").json["id"]
    assert founder.post(f"/financings/{again}/discard").json == {}
    with site.open() as session:
        assert len(session.scalars(select(Financing)).all()) == 1
