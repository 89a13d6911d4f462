"""Credit codes on the pages of profiles: typed, refused in words, shown, and said twice."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.profiles.actions import create_startup, edit_startup
from app.profiles.errors import CreditCodeTaken
from app.profiles.same_organisation import find_same
from app.profiles.values import read_startup
from models.credit_code import complete_credit_code
from models.organisations import Incubator, Startup
from models.people import Person
from models.providers import Provider
from models.vocabulary import ProviderKind, Role
from tests.app.profiles.page_forms import fill_in, read_form
from tests.app.profiles.samples import STARTUP
from tests.factories import (
    AT,
    act_as,
    join,
    log_in,
    make_centre,
    make_incubator,
    make_investor,
    make_mentor,
    make_person,
    make_provider,
    make_startup,
)

Committed = Callable[[], AbstractContextManager[Session]]

CODE = complete_credit_code("91310115MA7B0001")
OTHER = complete_credit_code("91310115MA7B0002")
WRONG_CHECK = CODE[:-1] + ("1" if CODE[-1] != "1" else "2")


def test_a_startup_says_its_code_however_it_is_typed(
    visitor: FlaskClient, committed: Committed
) -> None:
    typed = {"name": "Bridgehead (example)", "credit_code": f" {CODE.grouped.lower()} "}
    path = fill_in(visitor, "/startups/new", typed).location
    with committed() as session:
        assert session.scalars(select(Startup.credit_code)).one() == CODE
    assert CODE.grouped in visitor.get(path).text
    form = read_form(visitor.get(f"{path}/edit").text, "credit_code")
    assert form["credit_code"] == CODE
    assert fill_in(visitor, f"{path}/edit", {"credit_code": ""}).status_code == 303
    with committed() as session:
        assert session.scalars(select(Startup.credit_code)).one() is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (CODE[:17], "has 18 characters; there are 17"),
        (CODE.replace("B", "I"), "place 12 is “I”"),
        (CODE[:4] + "A" + CODE[5:], "place 5 is “A”"),
        (CODE[:15] + "X" + CODE[16:], "at place 17 does not fit"),
        (WRONG_CHECK, "at the end does not fit"),
    ],
)
def test_what_is_no_code_stays_as_it_was_typed_with_the_reason(
    visitor: FlaskClient, typed: str, said: str
) -> None:
    answer = fill_in(visitor, "/startups/new", {"name": "Bridgehead", "credit_code": typed})
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{typed}"' in answer.text


@pytest.mark.parametrize("kind", [ProviderKind.INVESTOR, ProviderKind.CENTRE])
def test_an_investor_and_a_centre_say_their_code_to_all_who_see_them(
    client: FlaskClient, person: Person, committed: Committed, kind: ProviderKind
) -> None:
    with committed() as session:
        reader = make_person(session)
        provider = make_provider(
            session, kind, person=session.get(Person, person.id), state="draft"
        )
        path = f"/providers/{provider.public_id}"
    log_in(client, person)
    assert fill_in(client, f"{path}/edit", {"credit_code": CODE.lower()}).status_code == 303
    with committed() as session:
        provider = session.scalars(select(Provider)).one()
        assert provider.credit_code == CODE
        session.delete(provider)
        published = make_provider(session, kind, credit_code=CODE)
        path = f"/providers/{published.public_id}"
    with committed() as session:
        log_in(client, session.merge(reader))
    assert CODE.grouped in client.get(path).text


def test_a_mentor_is_asked_for_none(visitor: FlaskClient) -> None:
    page = visitor.get("/providers/new?kind=mentor").text
    assert "credit_code" not in page
    assert "put it behind the name" in page


def test_an_incubator_hosts_an_organisation_once_and_says_so_in_the_form(
    client: FlaskClient, person: Person, committed: Committed
) -> None:
    with committed() as session:
        incubator = make_incubator(session)
        make_startup(session, incubator=incubator, credit_code=CODE)
        founder = session.get(Person, person.id)
        startup = make_startup(session, incubator=incubator, founder=founder)
        path = f"/startups/{startup.public_id}"
    log_in(client, person)
    answer = fill_in(client, f"{path}/edit", {"credit_code": CODE})
    assert answer.status_code == 409
    assert "hosts another startup with this credit code" in answer.text
    assert f'value="{CODE}"' in answer.text
    assert fill_in(client, f"{path}/edit", {"credit_code": OTHER}).status_code == 303


def test_two_incubators_may_host_one_organisation_and_neither_is_told(session: Session) -> None:
    operator = make_person(session)
    one, other = (make_incubator(session, operator=operator) for _ in range(2))
    make_startup(session, incubator=one, credit_code=CODE)
    founder = make_person(session)
    values = replace(STARTUP, credit_code=CODE)
    by_operator = act_as(operator)
    create_startup(session, values=values, founder=None, actor=by_operator, at=AT, incubator=other)
    for _ in range(2):
        create_startup(session, values=values, founder=founder, actor=act_as(founder), at=AT)
    with pytest.raises(CreditCodeTaken):
        create_startup(
            session, values=values, founder=None, actor=by_operator, at=AT, incubator=one
        )


def test_the_database_holds_it_too(session: Session) -> None:
    incubator = make_incubator(session)
    make_startup(session, incubator=incubator, credit_code=CODE)
    with pytest.raises(IntegrityError):
        make_startup(session, incubator=incubator, credit_code=CODE)


def test_saying_the_same_again_is_no_second_one(session: Session) -> None:
    founder = make_person(session)
    startup = make_startup(
        session, incubator=make_incubator(session), founder=founder, credit_code=CODE
    )
    edit_startup(
        session,
        startup=startup,
        values=replace(read_startup(startup), one_line="Another line"),
        version=None,
        actor=act_as(founder),
        at=AT,
    )
    assert (startup.one_line, startup.credit_code) == ("Another line", CODE)


@pytest.mark.permissions
def test_who_else_is_the_same_organisation_is_told_as_far_as_one_may_know(
    session: Session,
) -> None:
    operator, founder = make_person(session), make_person(session)
    incubator = make_incubator(session, operator=operator, credit_code=CODE)
    hosted = make_startup(session, incubator=incubator, founder=founder, credit_code=CODE)
    elsewhere = make_startup(session, incubator=make_incubator(session), credit_code=CODE)
    fund = make_investor(session, credit_code=CODE)
    draft = make_centre(session, credit_code=CODE, state="draft")
    make_investor(session, credit_code=OTHER)

    def look(viewer: Person | None, besides: Startup | Provider | Incubator) -> list[object]:
        found = find_same(
            session, code=CODE, viewer=act_as(viewer) if viewer else None, besides=besides
        )
        return [*found.startups, *found.providers, *found.incubators]

    assert look(None, fund) == [incubator]
    assert look(make_person(session), incubator) == [fund]
    assert look(founder, fund) == [hosted, incubator]
    assert look(operator, fund) == [hosted, incubator]
    assert look(operator, hosted) == [fund, incubator]
    assert draft not in look(operator, hosted)
    assert elsewhere not in look(operator, hosted)
    assert find_same(session, code=None, viewer=None, besides=fund).incubators == ()


def test_a_page_leads_to_the_same_organisation(
    client: FlaskClient, person: Person, committed: Committed
) -> None:
    with committed() as session:
        incubator = make_incubator(session, credit_code=CODE)
        centre = make_centre(session, name="Pilot line of the house", credit_code=CODE)
        mentor = make_mentor(session, person=session.get(Person, person.id))
        path, other = f"/incubators/{incubator.public_id}", f"/providers/{centre.public_id}"
        assert mentor.credit_code is None
    log_in(client, person)
    assert f'href="{other}">Pilot line of the house</a>' in client.get(path).text
    assert f'href="{path}"' in client.get(other).text
    assert "The same organisation" not in client.get("/providers").text


def test_an_operator_says_the_code_of_the_incubator(
    client: FlaskClient, person: Person, committed: Committed
) -> None:
    with committed() as session:
        incubator = make_incubator(session)
        join(session, session.merge(person), Role.OPERATOR, incubator=incubator)
        path = f"/incubators/{incubator.public_id}"
    log_in(client, person)
    assert fill_in(client, f"{path}/edit", {"credit_code": WRONG_CHECK}).status_code == 422
    assert fill_in(client, f"{path}/edit", {"credit_code": CODE.grouped}).status_code == 303
    with committed() as session:
        assert session.scalars(select(Incubator.credit_code)).one() == CODE
    assert CODE.grouped in client.get(path).text
