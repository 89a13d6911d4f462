import re
import time
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app import create_app
from app.accounts import passwords, throttling
from app.accounts.forms import RegisterForm
from app.demo.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from app.extensions import db
from app.settings import Settings
from app.web.identity import ACTING_FOR
from models.audit import AuditEntry
from models.notices import OutboxMail
from models.people import Person
from tests.factories import (
    PASSWORD,
    log_in,
    make_incubator,
    make_person,
    make_startup,
)
from tests.posting import post

EMAIL = "founder@example.org"
REFUSED = "E-mail and password do not go together."


@pytest.fixture
def person(app: Flask) -> Person:
    with app.app_context():
        person = make_person(db.session, email=EMAIL, name="Wafer founder")
        db.session.commit()
        db.session.refresh(person)
        db.session.expunge(person)
        return person


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["locale"] = "en"
    return client


def who(client: FlaskClient) -> str | None:
    """The e-mail of whoever is logged in."""
    found = re.search(r"You log in as ([^ <]+)\.", client.get("/account").text)
    return found[1] if found else None


def test_logging_in_leads_to_the_dashboard(client: FlaskClient, person: Person) -> None:
    answer = post(client, "/log-in", email=" Founder@Example.ORG", password=PASSWORD)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/dashboard")
    assert who(client) == EMAIL
    assert client.get("/log-in").headers["Location"] == "/dashboard"


def test_logging_in_leads_to_the_page_that_was_asked_for(
    client: FlaskClient, person: Person
) -> None:
    page = client.get("/account?x=1")
    assert page.headers["Location"] == "/log-in?next=/account?x%3D1"

    shown = client.get(page.headers["Location"]).text
    path = unescape(re.findall(r'name="next"[^>]*value="([^"]*)"', shown)[0])
    answer = post(client, "/log-in", email=EMAIL, password=PASSWORD, next=path)

    assert answer.headers["Location"] == "/account?x=1"


@pytest.mark.fuzz
@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\r\nSet-Cookie: a=b",
        "evil",
    ],
)
def test_logging_in_leads_to_no_other_site(client: FlaskClient, person: Person, path: str) -> None:
    answer = post(client, "/log-in", email=EMAIL, password=PASSWORD, next=path)

    assert answer.headers["Location"] == "/dashboard"


@pytest.mark.privacy
def test_an_unknown_address_is_answered_as_a_wrong_password_is(
    client: FlaskClient, person: Person
) -> None:
    answers = [
        post(client, "/log-in", email=email, password="not the password")
        for email in (EMAIL, "nobody@example.org")
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    known, unknown = (re.sub(r'value="[^"]*"', "", answer.text) for answer in answers)
    assert REFUSED in known
    assert known == unknown
    assert who(client) is None


@pytest.mark.privacy
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_an_unknown_address_costs_as_much_hashing_as_a_known_one(
    client: FlaskClient,
    person: Person,
    monkeypatch: pytest.MonkeyPatch,
    cheap_hashing: PasswordHasher,
) -> None:
    compared: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Any:
            compared.append(str(hash).split("$")[3])
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "hasher", Counting(time_cost=1, memory_cost=8, parallelism=1))
    for email in (EMAIL, "nobody@example.org"):
        post(client, "/log-in", email=email, password="not the password")

    assert compared == ["m=8,t=1,p=1"] * 2


def test_a_hash_made_with_older_parameters_is_renewed(
    app: Flask, client: FlaskClient, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", newer)

    for _time in range(2):
        post(client, "/log-in", email=EMAIL, password=PASSWORD)
        post(client, "/log-out")

    with app.app_context():
        stored = db.session.scalars(select(Person.password_hash)).one()
    assert stored is not None
    assert "$m=16,t=2,p=1$" in stored
    assert newer.verify(stored, PASSWORD)


@pytest.mark.fuzz
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"email": "", "password": ""},
        {"email": EMAIL},
        {"email": "x" * 250_000, "password": "y"},
        {"email": EMAIL, "password": "y" * 250_000},
        {"email": "\x00\u202e", "password": "\x00"},
        {"email": EMAIL, "password": "y", "typed": "forged", "next": "\x00"},
        {"email": [EMAIL, "other@example.org"], "password": ["a", PASSWORD]},
    ],
)
def test_malformed_log_ins_are_answered_in_words(
    client: FlaskClient, person: Person, fields: dict[str, Any]
) -> None:
    answer = post(client, "/log-in", **fields)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert who(client) is None


@pytest.mark.fuzz
@pytest.mark.parametrize("field", ["email", "password", "typed", "next", "another"])
def test_a_megabyte_from_a_stranger_is_answered_in_words(
    client: FlaskClient, person: Person, field: str
) -> None:
    answer = post(client, "/log-in", **{"email": EMAIL, "password": "y", field: "x" * 1_000_000})

    assert answer.status_code == 413
    assert "That is more than can be sent at once." in answer.text


def test_remembering_outlives_the_session(client: FlaskClient, person: Person) -> None:
    post(client, "/log-in", email=EMAIL, password=PASSWORD, remember="y")
    client.delete_cookie("session")

    assert EMAIL in client.get("/account").text


def test_without_remembering_the_session_is_all_there_is(
    client: FlaskClient, person: Person
) -> None:
    post(client, "/log-in", email=EMAIL, password=PASSWORD)
    client.delete_cookie("session")

    assert client.get("/account").status_code == 303


def test_logging_out_forgets_all_but_the_language(client: FlaskClient, person: Person) -> None:
    post(client, "/log-in", email=EMAIL, password=PASSWORD, remember="y")

    answer = post(client, "/log-out")

    assert answer.headers["Location"] == "/log-in"
    assert who(client) is None
    assert client.get_cookie("remember_token") is None
    with client.session_transaction() as cookie:
        assert cookie["locale"] == "en"
        assert "_user_id" not in cookie


def test_logging_out_needs_a_form(client: FlaskClient, person: Person) -> None:
    log_in(client, person)

    assert client.get("/log-out").status_code == 405
    assert who(client) == EMAIL


@pytest.mark.permissions
def test_whoever_is_deactivated_is_out_at_once(
    app: Flask, client: FlaskClient, person: Person
) -> None:
    log_in(client, person)
    assert who(client) == EMAIL
    with app.app_context():
        stored = db.session.get_one(Person, person.id)
        stored.deactivated_at = stored.created_at
        db.session.commit()

    assert client.get("/account").status_code == 303


@pytest.fixture
def limited(settings: Settings) -> Iterator[Flask]:
    """An application that counts tries; tests otherwise switch that off."""
    app = create_app(replace(settings, testing=False))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.mark.trust
class TestLimits:
    def add_person(self, app: Flask) -> None:
        with app.app_context():
            make_person(db.session, email=EMAIL, locale="en")
            db.session.commit()

    def guess(self, app: Flask, email: str, password: str | None = None) -> TestResponse:
        typed = password or "wrong password"
        return post(app.test_client(), "/log-in", email=email, password=typed)

    def test_wrong_passwords_slow_an_account_down(self, limited: Flask) -> None:
        self.add_person(limited)

        statuses = [
            self.guess(limited, EMAIL.upper() if number % 2 else EMAIL).status_code
            for number in range(6)
        ]

        assert statuses == [422] * 5 + [429]
        right = self.guess(limited, EMAIL, PASSWORD)
        assert right.status_code == 429
        assert 0 < int(right.headers["Retry-After"]) <= 5
        assert self.guess(limited, "other@example.org").status_code == 422

    def test_its_owner_comes_in_by_a_mail_meanwhile(self, limited: Flask) -> None:
        self.add_person(limited)
        for _ in range(6):
            page = self.guess(limited, EMAIL)
        assert 'href="/password/forgotten"' in page.text
        owner = limited.test_client()
        for _ in range(6):
            # Whoever guesses also asks for mails, so that the owner gets none.
            assert post(owner, "/password/forgotten", email=EMAIL).status_code == 200
        with limited.app_context():
            mails = db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
        assert len(mails) == 2

        entered = post(owner, str(mails[-1].facts["link"]), password="a new one of mine")

        assert (entered.status_code, entered.headers["Location"]) == (303, "/dashboard")
        assert self.guess(limited, EMAIL, "a new one of mine").status_code == 303

    def test_right_passwords_do_not_count(self, limited: Flask) -> None:
        self.add_person(limited)

        statuses = [self.guess(limited, EMAIL, PASSWORD).status_code for _number in range(12)]

        assert statuses == [303] * 12

    def test_one_address_cannot_try_many_accounts(self, limited: Flask) -> None:
        statuses = [
            self.guess(limited, f"person{number}@example.org").status_code for number in range(51)
        ]

        assert statuses == [422] * 50 + [429]

    def test_the_change_of_a_password_counts_by_account(self, limited: Flask) -> None:
        self.add_person(limited)
        statuses = []
        for number in range(6):
            client = limited.test_client()
            client.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
            post(client, "/log-in", email=EMAIL, password=PASSWORD)
            answer = post(
                client, "/account/password", current_password="no", password="a new one of mine"
            )
            statuses.append(answer.status_code)

        assert statuses == [422] * 5 + [429]

    def test_who_has_an_account_is_not_told_by_the_time_an_answer_takes(
        self, limited: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.add_person(limited)
        waited: list[float] = []
        monkeypatch.setattr(throttling.time, "sleep", waited.append)
        took = []
        for email in (EMAIL, "nobody@example.org"):
            begun = time.monotonic()
            post(limited.test_client(), "/password/forgotten", email=email)
            took.append(time.monotonic() - begun + waited.pop())

        assert all(seconds >= throttling.ANSWERED_AFTER for seconds in took)
        assert waited == []


class TestWhatWasTyped:
    """A form that arrives after the log-in has ended comes back after logging in."""

    TEXT = 'Our silicon-carbide yield stays at 40 %.\r\n我们需要帮助 <b>& "more"'

    def get_kept(self, page: str) -> str:
        return unescape(re.findall(r'name="typed"[^>]*value="([^"]*)"', page)[0])

    def test_it_comes_back_and_is_sent_only_by_its_sender(
        self, app: Flask, client: FlaskClient, person: Person
    ) -> None:
        asked = post(client, "/account?tab=1", name=self.TEXT, locale=["en", "zh_Hans_CN"])

        assert asked.status_code == 401
        assert "What you typed is kept" in asked.text
        entered = post(
            client,
            "/log-in",
            email=EMAIL,
            password=PASSWORD,
            typed=self.get_kept(asked.text),
        )
        assert entered.status_code == 200
        form = entered.text[entered.text.index('<form method="post" action="/account') :]
        assert form.startswith('<form method="post" action="/account?tab=1">')
        fields = [
            (name, unescape(value))
            for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form)
            if name != "csrf_token"
        ]
        assert fields == [("name", self.TEXT), ("locale", "en"), ("locale", "zh_Hans_CN")]
        with app.app_context():
            assert db.session.scalars(select(Person.name)).all() == ["Wafer founder"]

    def test_it_survives_a_wrong_password(self, client: FlaskClient, person: Person) -> None:
        kept = self.get_kept(post(client, "/account", name=self.TEXT).text)

        again = post(client, "/log-in", email=EMAIL, password="wrong password", typed=kept)

        assert self.get_kept(again.text) == kept

    def test_it_survives_a_closed_browser(self, client: FlaskClient, person: Person) -> None:
        """The token against forgery is gone, with the session, or without the log-in."""
        sent = {"data": {"name": self.TEXT}, "headers": {"Origin": "http://localhost"}}

        visitor = client.post("/account", **sent)
        log_in(client, person)
        remembered = client.post("/account", **sent)

        assert (visitor.status_code, remembered.status_code) == (401, 400)
        assert self.get_kept(visitor.text)
        assert "Continue with what you typed" in remembered.text

    @pytest.mark.privacy
    def test_passwords_are_not_carried(self, client: FlaskClient) -> None:
        answer = post(client, "/account/password", current_password="x", password="y" * 12)

        assert (answer.status_code, answer.headers["Location"]) == (303, "/log-in")

    @pytest.mark.fuzz
    def test_too_much_is_not_carried(self, client: FlaskClient) -> None:
        assert post(client, "/account", name="x" * 190_000).status_code == 401
        assert post(client, "/account", name="x" * 200_001).status_code == 303

    @pytest.mark.permissions
    @pytest.mark.parametrize(
        "source", [None, "http://evil.example", "null", "http://localhost.evil"]
    )
    def test_what_another_site_sends_is_not_carried(
        self, client: FlaskClient, source: str | None
    ) -> None:
        headers = {} if source is None else {"Origin": source}

        answer = client.post("/account", data={"name": self.TEXT}, headers=headers)

        assert answer.status_code == 303

    @pytest.mark.fuzz
    def test_a_forged_value_is_ignored(self, client: FlaskClient, person: Person) -> None:
        answer = post(client, "/log-in", email=EMAIL, password=PASSWORD, typed="eyJ4IjoxfQ.x")

        assert answer.headers["Location"] == "/dashboard"


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
class TestDemonstration:
    def test_its_accounts_are_named_and_open_by_a_button(self, settings: Settings) -> None:
        app = create_app(replace(settings, demonstration=True))
        with app.app_context():
            for account in DEMO_ACCOUNTS:
                make_person(
                    db.session,
                    email=account.email,
                    password_hash=passwords.hash_password(DEMO_PASSWORD),
                )
            db.session.commit()
        page = app.test_client().get("/log-in").text

        forms = re.findall(
            r'name="email" value="([^"]*)">\s*<input type="hidden" name="password" value="([^"]*)"',
            page,
        )
        assert forms == [(account.email, DEMO_PASSWORD) for account in DEMO_ACCOUNTS]
        for email, password in forms:
            answer = post(app.test_client(), "/log-in", email=email, password=password, next="")
            assert answer.headers["Location"] == "/dashboard"
        with app.app_context():
            db.engine.dispose()

    def test_they_are_not_named_elsewhere(self, client: FlaskClient) -> None:
        page = client.get("/log-in").text

        assert "Log in" in page
        assert DEMO_PASSWORD not in page


@pytest.mark.permissions
class TestActingForAnother:
    @pytest.fixture
    def ids(self, app: Flask) -> dict[str, str]:
        with app.app_context():
            operator = make_person(db.session, email="operator@example.org")
            founder = make_person(db.session, email=EMAIL, name="Wafer founder")
            stranger = make_person(db.session)
            incubator = make_incubator(db.session, operator=operator)
            startup = make_startup(db.session, founder=founder, incubator_id=incubator.id)
            make_startup(db.session, founder=stranger)
            db.session.commit()
            return {
                "operator": operator.public_id,
                "founder": founder.public_id,
                "stranger": stranger.public_id,
                "startup": startup.public_id,
            }

    @pytest.fixture
    def operator(self, client: FlaskClient, ids: dict[str, str]) -> FlaskClient:
        post(client, "/log-in", email="operator@example.org", password=PASSWORD)
        return client

    def list_record(self, app: Flask) -> list[tuple[str, bool]]:
        with app.app_context():
            return [
                (entry.kind, entry.on_behalf_of_id is not None)
                for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
            ]

    def test_it_begins_and_ends_on_the_record(
        self, app: Flask, operator: FlaskClient, ids: dict[str, str]
    ) -> None:
        began = post(operator, f"/acting/{ids['founder']}")
        assert began.headers["Location"] == "/dashboard"
        assert "You act for Wafer founder." in operator.get("/account").text
        post(operator, "/acting/end")
        assert "You act for Wafer founder." not in operator.get("/account").text

        assert self.list_record(app) == [("began_acting", False), ("ended_acting", True)]

    def test_the_account_of_either_is_closed_meanwhile(
        self, app: Flask, operator: FlaskClient, ids: dict[str, str]
    ) -> None:
        post(operator, f"/acting/{ids['founder']}")
        page = operator.get("/account").text
        assert 'action="/account"' not in page

        statuses = [
            post(operator, path, **fields).status_code
            for path, fields in {
                "/account": {"name": "x", "locale": "en", "time_zone": "UTC"},
                "/account/password": {"current_password": PASSWORD, "password": "y" * 12},
            }.items()
        ]

        assert statuses == [403, 403]
        with app.app_context():
            assert set(db.session.scalars(select(Person.credential_version))) == {1}

    def test_logging_out_ends_it(
        self, app: Flask, operator: FlaskClient, ids: dict[str, str]
    ) -> None:
        post(operator, f"/acting/{ids['founder']}")
        post(operator, "/log-out")

        with operator.session_transaction() as cookie:
            assert ACTING_FOR not in cookie
        assert self.list_record(app)[-1] == ("ended_acting", True)

    def test_it_goes_no_further(self, operator: FlaskClient, ids: dict[str, str]) -> None:
        assert post(operator, f"/acting/{ids['stranger']}").status_code == 404
        assert post(operator, "/acting/0123456789abcdef").status_code == 404
        assert post(operator, f"/acting/{ids['operator']}").status_code == 404
        post(operator, f"/acting/{ids['founder']}")
        # Whoever acts for another has that one's rights, and those do not include this.
        assert post(operator, f"/acting/{ids['founder']}").status_code == 403

    def test_founders_cannot_begin_it(
        self, app: Flask, client: FlaskClient, ids: dict[str, str]
    ) -> None:
        post(client, "/log-in", email=EMAIL, password=PASSWORD)

        assert post(client, f"/acting/{ids['operator']}").status_code == 403
        assert self.list_record(app) == []


def test_every_city_of_the_time_zones_has_its_chinese_name(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "zh-CN"}):
        choices = RegisterForm(meta={"csrf": False}).time_zone.choices
    labels = {choice.value: choice.label for choice in choices}
    assert labels["Asia/Kolkata"] == "加尔各答 (UTC+05:30)"
    assert labels["UTC"] == "协调世界时 (UTC+00:00)"
    assert [zone for zone, label in labels.items() if label.isascii()] == []
