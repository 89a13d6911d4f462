"""Front page, dashboard, notices, language, help and health, as a browser meets them."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions import db
from app.telling.notices import tell
from models.notices import Notice
from models.people import Person
from models.vocabulary import Role
from tests.factories import (
    AT,
    join,
    log_in,
    make_engagement,
    make_incubator,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)
from tests.posting import post

FACTS = {"startup": "Startup One", "need": "Yield", "due": "Friday", "provider": "Mentor One"}


@pytest.fixture
def person(app: Flask, client: FlaskClient) -> Person:
    """Somebody who reads English, acts for nobody and is logged in."""
    return enter(app, client, lambda session: make_person(session))


def enter(app: Flask, client: FlaskClient, make: Callable[[Session], Person]) -> Person:
    """`make` a person, keep what was made, and be that person from now on."""
    with app.app_context():
        person = make(db.session)
        db.session.commit()
        db.session.refresh(person)
        log_in(client, person)
        db.session.expunge(person)
    return person


def tell_about(app: Flask, person: Person, *, count: int = 1, path: str = "/help") -> list[str]:
    """`person` gets `count` notices; the public ids, oldest first."""
    with app.app_context():
        for number in range(count):
            tell(
                db.session,
                person=db.session.get_one(Person, person.id),
                kind="engagement_requested",
                facts=FACTS | {"need": f"Need {number}"},
                path=path,
                at=AT + timedelta(minutes=number),
            )
        db.session.commit()
        query = select(Notice.public_id).where(Notice.person_id == person.id).order_by(Notice.id)
        return list(db.session.scalars(query))


def list_unread(app: Flask, person: Person) -> list[str]:
    with app.app_context():
        query = select(Notice.public_id).where(
            Notice.person_id == person.id, Notice.read_at.is_(None)
        )
        return list(db.session.scalars(query.order_by(Notice.id)))


def read_text(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))


def test_the_front_page_says_what_this_holds(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        for _ in range(3):
            make_mentor(db.session)
        make_startup(db.session)
        db.session.commit()

    text = read_text(client, "/")

    assert "<dd>3</dd>" in text
    assert text.count("<h1>") == 1
    assert 'href="/register"' in text
    assert 'href="/log-in"' in text


def test_whoever_is_logged_in_goes_on_to_the_dashboard(client: FlaskClient, person: Person) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.location) == (302, "/dashboard")


@pytest.mark.permissions
@pytest.mark.parametrize("path", ["/dashboard", "/notices"])
def test_what_is_personal_asks_for_a_log_in(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in (302, 303)
    assert answer.location.startswith("/log-in")


def test_a_newcomer_is_shown_the_ways_in(client: FlaskClient, person: Person) -> None:
    text = read_text(client, "/dashboard")
    assert 'href="/startups/new"' in text
    for kind in ("mentor", "investor", "centre"):
        assert f'href="/providers/new?kind={kind}"' in text


def test_a_mentor_sees_the_request_with_its_one_action(app: Flask, client: FlaskClient) -> None:
    made = {}

    def make(session: Session) -> Person:
        person = make_person(session)
        startup = make_startup(session, founder=make_person(session))
        need = make_need(session, startup, title="Yield of our wafers")
        made["engagement"] = make_engagement(session, need, make_mentor(session, person=person))
        session.flush()
        made["id"] = made["engagement"].public_id
        return person

    enter(app, client, make)
    text = read_text(client, "/dashboard")

    waiting = text.partition('<ul class="waiting">')[2].partition("</ul>")[0]
    assert "Yield of our wafers" in waiting
    assert waiting.count('class="btn') == 1
    assert f'href="/engagements/{made["id"]}"' in waiting


@pytest.mark.privacy
def test_a_regulator_reads_no_names(app: Flask, client: FlaskClient) -> None:
    def make(session: Session) -> Person:
        person = make_person(session)
        join(session, person, Role.REGULATOR, place_code="310000")
        incubator = make_incubator(session, name="Incubator of secrets")
        startup = make_startup(session, incubator=incubator, name="Startup of secrets")
        need = make_need(session, startup, title="Need of secrets")
        mentor = make_mentor(session, name="Mentor of secrets")
        make_engagement(session, need, mentor, state="completed")
        return person

    enter(app, client, make)
    text = read_text(client, "/dashboard")

    assert "Pudong" in text
    assert "of secrets" not in text


def test_notices_are_shown_newest_first_and_counted_in_the_menu(
    app: Flask, client: FlaskClient, person: Person
) -> None:
    tell_about(app, person, count=2)

    text = read_text(client, "/notices")

    assert 0 < text.index("Need 1") < text.index("Need 0")
    assert '<span class="count">2</span>' in text


def test_opening_a_notice_marks_it_as_read_and_leads_on(
    app: Flask, client: FlaskClient, person: Person
) -> None:
    older, newer = tell_about(app, person, count=2)

    answer = post(client, f"/notices/{newer}/open")

    assert (answer.status_code, answer.location) == (303, "/help")
    assert list_unread(app, person) == [older]


def test_a_notice_never_leads_to_another_host(
    app: Flask, client: FlaskClient, person: Person
) -> None:
    (public_id,) = tell_about(app, person, path="//elsewhere.example/x")
    answer = post(client, f"/notices/{public_id}/open")
    assert (answer.status_code, answer.location) == (303, "/notices")


def test_one_notice_or_all_can_be_marked_as_read(
    app: Flask, client: FlaskClient, person: Person
) -> None:
    first, second, third = tell_about(app, person, count=3)

    assert post(client, f"/notices/{second}/read").status_code == 303
    assert list_unread(app, person) == [first, third]

    assert post(client, "/notices/read").status_code == 303
    assert list_unread(app, person) == []
    assert "All notices are marked as read." in read_text(client, "/notices")


@pytest.mark.permissions
@pytest.mark.parametrize("verb", ["open", "read"])
def test_nobody_reads_the_notices_of_another(
    app: Flask, client: FlaskClient, person: Person, verb: str
) -> None:
    other = enter(app, app.test_client(), lambda session: make_person(session))
    (public_id,) = tell_about(app, other)

    assert post(client, f"/notices/{public_id}/{verb}").status_code == 404
    assert post(client, "/notices/read").status_code == 303
    assert list_unread(app, other) == [public_id]
    assert "Need 0" not in read_text(client, "/notices")


def test_a_notice_without_its_facts_hides_no_other(
    app: Flask, client: FlaskClient, person: Person
) -> None:
    tell_about(app, person)
    with app.app_context():
        for kind in ("engagement_requested", "kind_of_an_older_release"):
            db.session.add(Notice(person_id=person.id, kind=kind, facts={}, created_at=AT))
        db.session.commit()

    text = read_text(client, "/notices")

    assert text.count("Something has changed</h2>") == 2
    assert "A startup asks you: Need 0" in text


def test_the_language_is_kept_in_the_browser_and_in_the_account(
    app: Flask, client: FlaskClient, person: Person
) -> None:
    answer = post(client, "/locale", locale="zh_Hans_CN", back_to="/help?a=1")

    assert (answer.status_code, answer.location) == (303, "/help?a=1")
    assert '<html lang="zh-Hans-CN">' in read_text(client, "/help")
    with app.app_context():
        assert db.session.get_one(Person, person.id).locale == "zh_Hans_CN"


def test_a_visitor_chooses_a_language_too(client: FlaskClient) -> None:
    post(client, "/locale", locale="en", back_to="/")
    assert '<html lang="en">' in read_text(client, "/")
    post(client, "/locale", locale="zh_Hans_CN", back_to="/")
    assert '<html lang="zh-Hans-CN">' in read_text(client, "/")


@pytest.mark.fuzz
@pytest.mark.parametrize("locale", ["", "de", "zh", "EN", "zh_Hans_CN\n", "x" * 100_000])
def test_an_unknown_language_changes_nothing(
    app: Flask, client: FlaskClient, person: Person, locale: str
) -> None:
    assert post(client, "/locale", locale=locale).status_code == 400
    with app.app_context():
        assert db.session.get_one(Person, person.id).locale == "en"


@pytest.mark.fuzz
@pytest.mark.parametrize(
    "back",
    [
        "",
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere",
        "/locale",
        "/nowhere",
    ],
)
def test_after_choosing_a_language_one_lands_on_a_page_of_this_site(
    client: FlaskClient, back: str
) -> None:
    answer = post(client, "/locale", locale="en", back_to=back)
    assert (answer.status_code, answer.location) == (303, "/")


@pytest.mark.parametrize("path", ["/help", "/privacy"])
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_help_and_privacy_are_for_everyone(client: FlaskClient, path: str, language: str) -> None:
    answer = client.get(path, headers={"Accept-Language": language})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert (text.count("<h1>"), text.count("<main")) == (1, 1)


def test_health_says_that_the_database_is_there_and_current(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (
        200,
        {"database": "reachable", "schema": "current"},
    )


def test_health_tells_of_an_outdated_schema(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        db.session.connection().exec_driver_sql("DELETE FROM alembic_version")
        db.session.commit()
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (
        503,
        {"database": "reachable", "schema": "outdated"},
    )


def test_health_misses_a_column(app: Flask, client: FlaskClient) -> None:
    def rename(old: str, new: str) -> None:
        with app.app_context():
            db.session.connection().exec_driver_sql(
                f"ALTER TABLE notice RENAME COLUMN {old} TO {new}"
            )
            db.session.commit()

    rename("facts", "gone")
    answer = client.get("/healthz")
    rename("gone", "facts")
    assert (answer.status_code, answer.json) == (
        503,
        {"database": "reachable", "schema": "outdated"},
    )
    assert client.get("/healthz").status_code == 200
