"""Pages of facts, sent as a browser without JavaScript sends them."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions import db
from app.facts.actions import state_fact
from models.fact_types import FACT_SPECS, FactSource, FactSubject
from models.facts import Fact
from models.organisations import Startup
from models.people import Person
from tests.app.facts.scenes import make_scene, of_year
from tests.app.profiles.page_forms import press, read_form
from tests.factories import AT, act_as, log_in
from tests.posting import post

Committed = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True)
class Ids:
    """The people of the scene, and the addresses of its facts."""

    startup: str
    mentor: str
    founder: int
    operator: int
    mentor_person: int
    outsider: int


@pytest.fixture
def committed(app: Flask) -> Committed:
    @contextmanager
    def open_session() -> Iterator[Session]:
        with app.app_context():
            yield db.session
            db.session.commit()

    return open_session


@pytest.fixture
def ids(committed: Committed) -> Ids:
    with committed() as session:
        scene = make_scene(session)
        return Ids(
            f"/startups/{scene.startup.public_id}",
            f"/providers/{scene.mentor.public_id}",
            scene.founder.id,
            scene.operator.id,
            scene.mentor_person.id,
            scene.outsider.id,
        )


def enter(client: FlaskClient, committed: Committed, person_id: int) -> None:
    with committed() as session:
        log_in(client, session.get_one(Person, person_id))


def test_a_founder_states_a_fact_and_the_operator_confirms_it(
    client: FlaskClient, committed: Committed, ids: Ids
) -> None:
    enter(client, committed, ids.founder)
    assert "Nothing is stated yet" in client.get(ids.startup).text
    choice = client.get(f"{ids.startup}/facts/new").text
    assert f'href="{ids.startup}/facts/new?type=revenue"' in choice
    assert "type=fund_size" not in choice
    path = f"{ids.startup}/facts/new?type=revenue"
    form = read_form(client.get(path).text, "value")
    typed = {
        "value": "１，２５０.５",
        "unit": "ten_thousand_yuan",
        "year": "2025",
        "source": "audited_accounts",
        "source_note": "page 4",
    }
    answer = client.post(path, data=form.to_dict() | typed)
    assert answer.status_code == 303
    assert answer.location == f"{ids.startup}/facts"
    with committed() as session:
        fact = session.scalars(select(Fact)).one()
        assert (fact.value, fact.unit) == (Decimal(12_505_000), "ten_thousand_yuan")
        assert (fact.source, fact.source_note) == (FactSource.AUDITED_ACCOUNTS, "page 4")
        confirm_path = f"/facts/{fact.public_id}/confirm"
    page = client.get(f"{ids.startup}/facts").text
    assert "CNY 12,505,000" in page
    assert "Year 2025" in page
    assert "Not confirmed yet" in page
    assert confirm_path not in page
    enter(client, committed, ids.operator)
    assert "Facts that nobody has confirmed: 1." in client.get("/dashboard").text
    assert press(client, f"{ids.startup}/facts", confirm_path).status_code == 303
    page = client.get(f"{ids.startup}/facts").text
    assert "Confirmed" in page
    assert "1 fact is known, 1 confirmed." in client.get(ids.startup).text


@pytest.mark.parametrize(
    ("fact_type", "typed", "said"),
    [
        ("revenue", {"value": "much"}, "Give a number"),
        ("revenue", {"value": "0.00001"}, "At most 4 decimals."),
        ("revenue", {"value": "0.5", "unit": "yuan"}, "The smallest amount is one yuan."),
        ("revenue", {"value": "999999999999"}, "This is more than can be kept."),
        ("revenue", {"value": "-1"}, "Give a number from 0"),
        ("revenue", {"value": "1", "year": "2999"}, "Give a whole number from 1980"),
        ("revenue", {"value": "1", "year": ""}, "Please fill this in."),
        ("staff", {"value": "1.5", "on": "2026-01-31"}, "At most 0 decimals."),
        ("staff", {"value": "9", "on": "31 January"}, "Give a day as year-month-day"),
        ("founded_on", {"value": ""}, "Please fill this in."),
        ("serious_accident", {"year": "2025"}, "Choose from the list."),
        ("gate_verified", {"value": "moon", "on": "2026-01-31"}, "Choose from the list."),
    ],
)
def test_what_cannot_be_stated_is_said_in_words(
    client: FlaskClient,
    committed: Committed,
    ids: Ids,
    fact_type: str,
    typed: dict[str, str],
    said: str,
) -> None:
    enter(client, committed, ids.founder)
    path = f"{ids.startup}/facts/new?type={fact_type}"
    fields = {"unit": "ten_thousand_yuan", "year": "2025", "source": "own_statement"} | typed
    answer = post(client, path, **fields)
    assert answer.status_code == 422
    assert said in answer.text
    with committed() as session:
        assert session.scalars(select(Fact)).all() == []


OFFERED = [kind for kind, spec in FACT_SPECS.items() if FactSubject.STARTUP in spec.subjects]
TYPED = {
    "money": "5",
    "count": "5",
    "area": "5.25",
    "level": "5",
    "date": "2021-05-01",
    "truth": "no",
    "text": "MOSFETs",
    "code": "lab",
    "codes": "gazelle",
}


def test_every_type_has_a_form_that_works_and_a_line_in_the_list(
    client: FlaskClient, committed: Committed, ids: Ids
) -> None:
    enter(client, committed, ids.founder)
    for fact_type in OFFERED:
        path = f"{ids.startup}/facts/new?type={fact_type.value}"
        assert client.get(path).status_code == 200
        typed = {"value": TYPED[FACT_SPECS[fact_type].kind.value], "year": "2025"}
        answer = post(client, path, **typed, on="2026-01-31", unit="yuan", source="public_register")
        assert answer.status_code == 303, fact_type
    page = client.get(f"{ids.startup}/facts").text
    assert page.count('<th scope="row">') == len(OFFERED)
    assert "5.25 m²" in page
    assert "Lab" in page
    assert "Gazelle" in page


def test_it_is_withdrawn_with_a_reason_and_stays_on_record(
    client: FlaskClient, committed: Committed, ids: Ids
) -> None:
    with committed() as session:
        scene_fact = _state_one(session, ids)
    enter(client, committed, ids.operator)
    path = f"/facts/{scene_fact}/withdraw"
    assert post(client, path, reason="").status_code == 422
    answer = post(client, path, reason="The audit was corrected")
    assert (answer.status_code, answer.location) == (303, f"{ids.startup}/facts")
    page = client.get(f"{ids.startup}/facts").text
    assert "Nothing is stated yet" in page
    assert "The audit was corrected" in page
    enter(client, committed, ids.founder)
    assert "A fact about" in client.get("/notices").text
    assert post(client, path, reason="Again").status_code == 409


@pytest.mark.permissions
def test_outsiders_learn_nothing(client: FlaskClient, committed: Committed, ids: Ids) -> None:
    with committed() as session:
        fact = _state_one(session, ids)
    for person in (ids.outsider, ids.mentor_person):
        enter(client, committed, person)
        assert client.get(f"{ids.startup}/facts").status_code == 404
        assert client.get(f"{ids.startup}/facts/new").status_code == 404
        assert post(client, f"/facts/{fact}/confirm").status_code == 404
        assert post(client, f"/facts/{fact}/withdraw", reason="No").status_code == 404
    enter(client, committed, ids.outsider)
    # A published mentor is seen by all, and what is known of the mentor by few.
    assert "Facts with time and source" not in client.get(ids.mentor).text
    assert client.get(f"{ids.mentor}/facts").status_code == 403
    enter(client, committed, ids.operator)
    assert "Facts with time and source" in client.get(ids.mentor).text
    assert client.get(f"{ids.mentor}/facts/new").status_code == 403
    enter(client, committed, ids.founder)
    assert post(client, f"/facts/{fact}/confirm").status_code == 403


def test_a_mentor_states_facts_too(client: FlaskClient, committed: Committed, ids: Ids) -> None:
    enter(client, committed, ids.mentor_person)
    assert "Facts with time and source" in client.get(ids.mentor).text
    path = f"{ids.mentor}/facts/new?type=accredited_until"
    answer = post(client, path, value="2027-05-31", source="certificate")
    assert (answer.status_code, answer.location) == (303, f"{ids.mentor}/facts")
    assert "31 May 2027" in client.get(f"{ids.mentor}/facts").text
    assert client.get(f"{ids.mentor}/facts/new?type=revenue").status_code == 404


def test_pages_in_chinese(client: FlaskClient, committed: Committed, ids: Ids) -> None:
    with committed() as session:
        _state_one(session, ids)
        session.get_one(Person, ids.founder).locale = "zh_Hans_CN"
    enter(client, committed, ids.founder)
    page = client.get(f"{ids.startup}/facts").text
    assert "营业总收入" in page
    assert "1,250 万元" in page
    assert "待确认" in page


def _state_one(session: Session, ids: Ids) -> str:
    """A fact of the startup; returns its public id."""
    startup = session.scalars(
        select(Startup).where(Startup.public_id == ids.startup.split("/")[-1])
    ).one()
    founder = session.get_one(Person, ids.founder)
    fact = state_fact(
        session,
        subject=startup,
        stated=of_year(2025, 12_500_000),
        actor=act_as(founder),
        at=AT,
    )
    return fact.public_id
