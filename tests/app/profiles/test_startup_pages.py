"""Pages of startups, sent as a browser without JavaScript sends them."""

import html
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.organisations import Startup
from models.people import Invitation, Person
from models.vocabulary import Gate, Language, Role, Title
from tests.app.profiles.page_forms import fill_in, press, read_form, send
from tests.factories import (
    join,
    log_in,
    make_incubator,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)

Committed = Callable[[], AbstractContextManager[Session]]

STARTUP = {
    "name": "Bridgehead Power (example)",
    "one_line": "Power devices in silicon carbide",
    "description": "We make silicon-carbide MOSFETs.\r\nOur yield stays at 40 % on wafers.",
    "fields": ["integrated_circuits"],
    "topics": "SiC, MOSFET",
    "titles": ["technology_sme"],
    "readiness": "4",
    "gate": "prototype",
    "funding_stage": "seed",
    "place_code": "310115",
    "languages": ["zh", "en"],
    "website": "https://example.org/sic",
    "affiliations": "University (example)\r\nFund (example)",
}


def get_only(session: Session) -> Startup:
    return session.scalars(select(Startup)).one()


def find_errors(page: str) -> list[str]:
    found = re.findall(r'<div class="field-error"[^>]*>(.*?)</div>', page)
    return [html.unescape(message) for message in found]


def test_a_founder_describes_a_startup_and_publishes_it(
    visitor: FlaskClient, person: Person, committed: Committed
) -> None:
    answer = fill_in(visitor, "/startups/new", STARTUP, do="publish")
    assert answer.status_code == 303
    with committed() as session:
        startup = get_only(session)
        assert answer.location == f"/startups/{startup.public_id}"
        assert startup.state == "published"
        assert [(m.person_id, m.role) for m in startup.memberships] == [(person.id, Role.FOUNDER)]
        assert startup.description == (
            "We make silicon-carbide MOSFETs.\nOur yield stays at 40 % on wafers."
        )
        assert (startup.readiness, startup.gate) == (4, Gate.PROTOTYPE)
        assert startup.titles == [Title.TECHNOLOGY_SME]
        assert startup.languages == [Language.CHINESE, Language.ENGLISH]
        assert startup.affiliations == ("University (example)", "Fund (example)")
    page = visitor.get(answer.location).text
    assert "4 · Validated in the lab" in page
    assert "Pudong, Shanghai, or online" in page
    assert 'href="https://example.org/sic" rel="noopener noreferrer nofollow"' in page
    assert "No need yet" in page


def test_what_is_saved_comes_back_into_the_form_unchanged(
    visitor: FlaskClient, committed: Committed
) -> None:
    path = fill_in(visitor, "/startups/new", STARTUP).location
    with committed() as session:
        version = get_only(session).version
    form = read_form(visitor.get(f"{path}/edit").text, "name")
    assert form.getlist("languages") == ["zh", "en"]
    assert form["affiliations"] == "University (example)\nFund (example)"
    assert send(visitor, f"{path}/edit", form, {}).status_code == 303
    with committed() as session:
        assert get_only(session).version == version


def test_a_name_is_enough_for_a_draft(visitor: FlaskClient, committed: Committed) -> None:
    path = fill_in(visitor, "/startups/new", {"name": "Team (example)"}).location
    with committed() as session:
        assert get_only(session).state == "draft"
    answer = press(visitor, path, f"{path}/publish")
    assert answer.location == f"{path}/edit?check=yes"
    assert find_errors(visitor.get(answer.location).text) == [
        "Say in one line what you make.",
        "Describe it in at least 40 characters.",
        "Choose at least one field.",
    ]


def test_pausing_and_resuming_are_one_button_each(
    visitor: FlaskClient, committed: Committed
) -> None:
    path = fill_in(visitor, "/startups/new", STARTUP, do="publish").location
    states = []
    for action in ("pause", "publish"):
        assert press(visitor, path, f"{path}/{action}").status_code == 303
        with committed() as session:
            states.append(get_only(session).state)
    assert states == ["paused", "published"]


def test_a_form_sent_twice_creates_one_startup(visitor: FlaskClient, committed: Committed) -> None:
    form = read_form(visitor.get("/startups/new").text, "name")
    answers = [send(visitor, "/startups/new", form, STARTUP, do="publish") for _ in range(2)]
    assert answers[0].location == answers[1].location
    with committed() as session:
        assert get_only(session).state == "published"


@pytest.mark.concurrency
def test_a_form_over_an_older_version_keeps_what_was_typed(
    visitor: FlaskClient, committed: Committed
) -> None:
    path = fill_in(visitor, "/startups/new", STARTUP).location + "/edit"
    form = read_form(visitor.get(path).text, "name")
    assert send(visitor, path, form, {"one_line": "From the other window"}).status_code == 303
    answer = send(visitor, path, form, {"one_line": "From this window"})
    assert answer.status_code == 409
    kept = read_form(answer.text, "name")
    assert kept["one_line"] == "From this window"
    with committed() as session:
        assert get_only(session).one_line == "From the other window"
    assert send(visitor, path, kept, {}).status_code == 303
    with committed() as session:
        assert get_only(session).one_line == "From this window"


@pytest.mark.fuzz
@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"name": " \x00 "}, "Give a name."),
        ({"description": "x" * 1_000_000}, "At most 8000 characters; there are 1000000 now."),
        ({"readiness": "10"}, "Choose from the list."),
        ({"readiness": "IV"}, "Choose from the list."),
        ({"ladder": "unicorn"}, "Choose from the list."),
        ({"titles": ["emperor"]}, "Choose from the list."),
        ({"website": "javascript:alert(1)"}, "Give a whole address, beginning with https://"),
        ({"website": "//example.org"}, "Give a whole address, beginning with https://"),
        ({"website": "https://[half"}, "Give a whole address, beginning with https://"),
        ({"topics": ",".join(map(str, range(13)))}, "At most 12 entries; there are 13 now."),
        ({"version": "old"}, None),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_is_saved(
    visitor: FlaskClient, committed: Committed, typed: dict[str, Any], message: str | None
) -> None:
    answer = fill_in(visitor, "/startups/new", STARTUP | typed)
    assert answer.status_code == 422
    assert find_errors(answer.text) == ([message] if message else [])
    assert read_form(answer.text, "one_line")["one_line"] == STARTUP["one_line"]
    with committed() as session:
        assert session.scalars(select(Startup)).all() == []


@pytest.mark.permissions
def test_a_startup_is_known_to_its_founders_and_its_incubator_alone(
    visitor: FlaskClient, person: Person, committed: Committed
) -> None:
    with committed() as session:
        founder, operator, elsewhere, mentor = (make_person(session) for _ in range(4))
        incubator = make_incubator(session, operator=operator)
        make_incubator(session, operator=elsewhere)
        make_mentor(session, person=mentor)
        path = f"/startups/{make_startup(session, founder=founder, incubator=incubator).public_id}"
        people = {"founder": founder, "operator": operator, "elsewhere": elsewhere}
        people |= {"mentor": mentor}
    token = read_form(visitor.get("/startups/new").text, "name")["csrf_token"]

    def ask() -> list[int]:
        sent = {"csrf_token": token, "name": "", "do": "save"}
        return [
            visitor.get(path).status_code,
            visitor.get(f"{path}/edit").status_code,
            visitor.get(f"{path}/people").status_code,
            visitor.post(f"{path}/edit", data=sent).status_code,
        ]

    answers = {"stranger": ask()}
    for name, somebody in people.items():
        with committed() as session:
            log_in(visitor, session.merge(somebody))
        answers[name] = ask()
    assert answers == {
        "founder": [200, 200, 200, 422],
        "operator": [200, 200, 200, 422],
        "elsewhere": [404] * 4,
        "mentor": [404] * 4,
        "stranger": [404] * 4,
    }


def test_a_startup_shows_its_needs_and_its_founders(
    visitor: FlaskClient, person: Person, committed: Committed
) -> None:
    with committed() as session:
        founder = session.get_one(Person, person.id)
        startup = make_startup(session, founder=founder)
        join(session, make_person(session, name="Second founder"), Role.FOUNDER, startup=startup)
        need = make_need(session, startup, title="Yield of our wafers")
        make_need(session, make_startup(session), title="Somebody else’s need")
        path, need_path = f"/startups/{startup.public_id}", f"/needs/{need.public_id}"
    page = visitor.get(path).text
    assert f'href="{need_path}">Yield of our wafers</a>' in page
    assert "Somebody else’s need" not in page
    assert "Second founder" in page


@pytest.mark.parametrize("by_operator", [False, True])
def test_an_operator_invites_in_the_name_of_the_incubator(
    visitor: FlaskClient, person: Person, committed: Committed, by_operator: bool
) -> None:
    with committed() as session:
        own = session.get_one(Person, person.id)
        incubator = make_incubator(session, operator=own if by_operator else None)
        startup = make_startup(session, founder=None if by_operator else own, incubator=incubator)
        path = f"/startups/{startup.public_id}/people"
    form = read_form(visitor.get(path).text, "email")
    assert send(visitor, path, form, {"email": "new@example.org"}).status_code == 303
    with committed() as session:
        invitation = session.scalars(select(Invitation)).one()
        assert invitation.role is Role.FOUNDER
        assert (invitation.sender_incubator_id is not None) is by_operator
