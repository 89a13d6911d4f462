"""Registering, passwords, the account page and invitations, as somebody in front of a browser."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import create_app
from app.accounts import actions
from app.clock import now
from app.extensions import db
from app.settings import Settings
from models.notices import OutboxMail
from models.people import Invitation, Membership, Person
from models.vocabulary import Role
from tests.factories import (
    PASSWORD,
    act_as,
    log_in,
    make_incubator,
    make_person,
    make_startup,
)
from tests.posting import post

NEW = {
    "name": " Wafer  founder ",
    "email": "New@example.org",
    "password": "correct horse battery",
    "locale": "en",
    "time_zone": "Europe/Berlin",
}


def in_english(client: FlaskClient) -> FlaskClient:
    with client.session_transaction() as cookie:
        cookie["locale"] = "en"
    return client


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return in_english(app.test_client())


@pytest.fixture
def mailing(settings: Settings) -> Iterator[Flask]:
    """An installation with a mail server: addresses are confirmed before anything is stored."""
    app = create_app(replace(settings, smtp_url="smtp://localhost"))
    yield app
    with app.app_context():
        db.engine.dispose()


def add_person(app: Flask, **values: Any) -> Person:
    with app.app_context():
        person = make_person(db.session, **values)
        db.session.commit()
        db.session.refresh(person)
        db.session.expunge(person)
        return person


def list_people(app: Flask) -> list[tuple[str, str, str, str]]:
    with app.app_context():
        rows = db.session.execute(
            select(Person.email, Person.name, Person.locale, Person.time_zone).order_by(Person.id)
        )
        return [(email, name, locale, zone) for email, name, locale, zone in rows]


def read_mails(app: Flask) -> list[tuple[str, str, str | None]]:
    with app.app_context():
        return [
            (mail.address, mail.kind, mail.facts.get("link"))
            for mail in db.session.scalars(select(OutboxMail).order_by(OutboxMail.id))
        ]


def list_wrong(page: str) -> list[str]:
    """The fields that the summary of errors leads to."""
    return re.findall(r'<li><a href="#(\w+)">', page)


class TestRegisteringAtOnce:
    def test_whoever_registers_is_in(self, app: Flask, client: FlaskClient) -> None:
        answer = post(client, "/register", **NEW)

        assert (answer.status_code, answer.headers["Location"]) == (303, "/welcome")
        assert client.get("/welcome").status_code == 200
        assert list_people(app) == [("new@example.org", "Wafer founder", "en", "Europe/Berlin")]

    @pytest.mark.privacy
    def test_a_known_address_is_told_by_mail_and_not_on_the_page(
        self, app: Flask, client: FlaskClient
    ) -> None:
        add_person(app, email="new@example.org", name="First")

        answer = post(client, "/register", **NEW)

        assert answer.status_code == 200
        assert "Look in your mailbox" in answer.text
        assert "already" not in answer.text
        assert list_people(app)[0][1] == "First"
        assert read_mails(app) == [("new@example.org", "already_registered", None)]
        assert client.get("/account").status_code == 303

    @pytest.mark.fuzz
    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", ""),
            ("name", " \u200b\x00 "),
            ("name", "x" * 81),
            ("email", ""),
            ("email", "nobody"),
            ("email", "a b@example.org"),
            ("email", "a@example.org\nBcc: b@example.org"),
            ("email", "点@例子.中国"),
            ("email", "x" * 250 + "@example.org"),
            ("password", ""),
            ("password", "ninechars"),
            ("password", "x1" * 101),
            ("password", "aaaaaaaaaaaa"),
            ("password", "Password123"),
            ("locale", "fr"),
            ("time_zone", "Moon/Crater"),
            ("time_zone", "../../etc/passwd"),
        ],
    )
    def test_what_does_not_fit_is_said_beside_the_field_and_kept(
        self, app: Flask, client: FlaskClient, field: str, value: str
    ) -> None:
        answer = post(client, "/register", **NEW | {field: value})

        assert answer.status_code == 422
        assert list_wrong(answer.text) == [field]
        if field != "name":
            assert 'value="Wafer founder"' in answer.text
        assert "correct horse battery" not in answer.text
        assert list_people(app) == []

    @pytest.mark.fuzz
    def test_a_megabyte_is_refused_in_words(self, app: Flask, client: FlaskClient) -> None:
        much = post(client, "/register", **dict.fromkeys(NEW, "x" * 50_000))
        too_much = post(client, "/register", **dict.fromkeys(NEW, "x" * 200_000))

        assert much.status_code == 422
        assert set(list_wrong(much.text)) == set(NEW)
        assert too_much.status_code == 413
        assert "That is more than can be sent at once." in too_much.text

    def test_the_page_speaks_both_languages(self, client: FlaskClient) -> None:
        assert "Time zone" in client.get("/register").text
        with client.session_transaction() as cookie:
            cookie["locale"] = "zh_Hans_CN"
        page = client.get("/register").text
        assert "时区" in page
        assert "上海" in page


class TestConfirmingByMail:
    @pytest.mark.privacy
    def test_known_and_unknown_addresses_look_the_same(self, mailing: Flask) -> None:
        add_person(mailing, email="known@example.org")
        client = in_english(mailing.test_client())

        pages = [
            post(client, "/register", name="Wafer founder", email=email)
            for email in ("known@example.org", "fresh@example.org")
        ]

        assert [page.status_code for page in pages] == [200, 200]
        # The token against forgeries tells the second in which a page was made.
        seen = [re.sub(r'(name="csrf_token" value=")[^"]*', r"\1", page.text) for page in pages]
        assert seen[0].replace("known", "fresh") == seen[1]
        assert [mail[:2] for mail in read_mails(mailing)] == [
            ("known@example.org", "already_registered"),
            ("fresh@example.org", "registration_begun"),
        ]
        assert len(list_people(mailing)) == 1

    def test_the_link_leads_to_the_account_once(self, mailing: Flask) -> None:
        client = in_english(mailing.test_client())
        post(client, "/register", name="Wafer founder", email="new@example.org")
        ((_address, _kind, link),) = read_mails(mailing)
        assert link is not None

        assert 'value="Wafer founder"' in client.get(link).text
        short = post(client, link, **NEW | {"password": "short"})
        assert (short.status_code, list_wrong(short.text)) == (422, ["password"])
        done = post(client, link, **NEW)
        assert done.headers["Location"] == "/welcome"
        assert [email for email, *_rest in list_people(mailing)] == ["new@example.org"]
        assert post(mailing.test_client(), link, **NEW).status_code == 404

    def test_a_forged_link_leads_nowhere(self, mailing: Flask) -> None:
        assert mailing.test_client().get("/register/forged").status_code == 404


class TestForgottenPasswords:
    @pytest.mark.privacy
    def test_known_and_unknown_addresses_look_the_same(
        self, app: Flask, client: FlaskClient
    ) -> None:
        add_person(app, email="known@example.org")

        pages = [
            post(client, "/password/forgotten", email=email)
            for email in ("known@example.org", "fresh@example.org")
        ]

        assert [page.status_code for page in pages] == [200, 200]
        # The tokens against forgery tell the second in which they were made.
        first, second = (re.sub(r'"[\w-]+\.[\w-]+\.[\w-]+"', "", page.text) for page in pages)
        assert first.replace("known", "fresh") == second
        assert [mail[:2] for mail in read_mails(app)] == [("known@example.org", "password_reset")]

    def test_the_link_changes_the_password_once_and_logs_out_elsewhere(
        self, app: Flask, client: FlaskClient
    ) -> None:
        person = add_person(app, email="known@example.org")
        elsewhere = app.test_client()
        log_in(elsewhere, person)
        assert elsewhere.get("/account").status_code == 200
        post(client, "/password/forgotten", email="known@example.org")
        ((_address, _kind, link),) = read_mails(app)
        assert link is not None

        assert "known@example.org" in client.get(link).text
        done = post(client, link, password="another long password")

        assert done.headers["Location"] == "/dashboard"
        assert client.get("/account").status_code == 200
        assert elsewhere.get("/account").status_code == 303
        assert app.test_client().get(link).status_code == 404
        entered = post(
            app.test_client(),
            "/log-in",
            email="known@example.org",
            password="another long password",
        )
        assert entered.status_code == 303


class TestAccountPage:
    @pytest.fixture
    def person(self, app: Flask, client: FlaskClient) -> Person:
        person = add_person(app, email="me@example.org", name="Me")
        log_in(client, person)
        return person

    def test_it_says_for_whom_one_acts(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            person = make_person(db.session)
            startup = make_startup(db.session, founder=person, name="Gate driver (example)")
            incubator = make_incubator(db.session, operator=person, name="Bridge (example)")
            make_startup(db.session, name="Nobody's (example)")
            db.session.commit()
            log_in(client, person)
            paths = [f"/startups/{startup.public_id}", f"/incubators/{incubator.public_id}"]

        page = client.get("/account").text

        assert re.findall(r'class="tag">[^<]+</span> <a href="([^"]+)">([^<]+)</a>', page) == [
            (paths[0], "Gate driver (example)"),
            (paths[1], "Bridge (example)"),
        ]

    def test_name_language_and_time_zone_can_be_changed(
        self, app: Flask, client: FlaskClient, person: Person
    ) -> None:
        answer = post(
            client, "/account", name="新名字", locale="zh_Hans_CN", time_zone="America/Chicago"
        )

        assert answer.headers["Location"] == "/account"
        assert list_people(app) == [("me@example.org", "新名字", "zh_Hans_CN", "America/Chicago")]
        assert "个人信息已保存" in client.get("/account").text

    def test_the_address_cannot_be_changed_by_hand(
        self, app: Flask, client: FlaskClient, person: Person
    ) -> None:
        fields = {"name": "Me", "locale": "en", "time_zone": "UTC", "email": "x@example.org"}

        post(client, "/account", **fields)

        assert list_people(app)[0][0] == "me@example.org"

    @pytest.mark.fuzz
    def test_mistakes_change_nothing_and_are_kept(
        self, app: Flask, client: FlaskClient, person: Person
    ) -> None:
        answer = post(client, "/account", name="N" * 81, locale="en", time_zone="Mars")

        assert answer.status_code == 422
        assert list_wrong(answer.text) == ["name", "time_zone"]
        assert "N" * 81 in answer.text
        assert list_people(app)[0][1] == "Me"

    def test_changing_the_password_asks_for_the_present_one(
        self, app: Flask, client: FlaskClient, person: Person
    ) -> None:
        wrong = post(
            client, "/account/password", current_password="guess", password="correct horse battery"
        )

        assert (wrong.status_code, list_wrong(wrong.text)) == (422, ["current_password"])
        with app.app_context():
            assert db.session.scalars(select(Person.credential_version)).all() == [1]

    def test_changing_the_password_logs_out_elsewhere_and_not_here(
        self, app: Flask, client: FlaskClient, person: Person
    ) -> None:
        elsewhere = app.test_client()
        log_in(elsewhere, person)

        answer = post(
            client, "/account/password", current_password=PASSWORD, password="correct horse battery"
        )

        assert answer.headers["Location"] == "/account"
        assert client.get("/account").status_code == 200
        assert elsewhere.get("/account").status_code == 303
        assert read_mails(app) == [("me@example.org", "password_changed", None)]


class TestInvitationLinks:
    @pytest.fixture
    def link(self, app: Flask) -> str:
        with app.app_context():
            founder = make_person(db.session, name="First founder", email="first@example.org")
            startup = make_startup(db.session, founder=founder, name="Gate driver (example)")
            sent = actions.invite(
                db.session,
                email="new@example.org",
                name="Second founder",
                role=Role.FOUNDER,
                startup_id=startup.id,
                actor=act_as(founder),
                at=now(),
            )
            db.session.commit()
            return f"/invitations/{sent.token}"

    def list_founders(self, app: Flask) -> list[str]:
        with app.app_context():
            return list(
                db.session.scalars(select(Person.email).join(Membership).order_by(Person.id))
            )

    def test_a_newcomer_reads_who_invites_to_what_and_joins(
        self, app: Flask, client: FlaskClient, link: str
    ) -> None:
        page = client.get(link).text
        assert "First founder invites you to act for Gate driver (example)." in page
        assert 'value="Second founder"' in page
        short = post(client, link, **NEW | {"password": "short"})
        assert list_wrong(short.text) == ["password"]

        # The address is that of the invitation, whatever is sent.
        done = post(client, link, **NEW | {"email": "other@example.org"})

        assert done.headers["Location"] == "/dashboard"
        assert self.list_founders(app) == ["first@example.org", "new@example.org"]
        assert client.get(link).status_code == 404

    def test_who_has_an_account_logs_in_first(
        self, app: Flask, client: FlaskClient, link: str
    ) -> None:
        person = add_person(app, email="new@example.org")
        page = client.get(link).text
        assert f'href="/log-in?next={link}"' in page
        sent = post(client, link, **NEW)
        assert sent.headers["Location"] == f"/log-in?next={link}"
        log_in(client, person)

        assert "Accept the invitation" in client.get(link).text
        done = post(client, link)

        assert done.headers["Location"] == "/dashboard"
        assert self.list_founders(app) == ["first@example.org", "new@example.org"]

    @pytest.mark.permissions
    def test_somebody_else_is_told_to_log_out(
        self, app: Flask, client: FlaskClient, link: str
    ) -> None:
        log_in(client, add_person(app))

        assert "You are logged in with another address." in client.get(link).text
        assert post(client, link).status_code == 403
        assert self.list_founders(app) == ["first@example.org"]

    @pytest.mark.permissions
    def test_only_its_senders_can_revoke_it(
        self, app: Flask, client: FlaskClient, link: str
    ) -> None:
        with app.app_context():
            public_id = db.session.scalars(select(Invitation.public_id)).one()
            founder = db.session.scalars(
                select(Person).where(Person.email == "first@example.org")
            ).one()
            db.session.expunge(founder)
        path = f"/invitations/{public_id}/revoke"
        log_in(client, add_person(app, email="new@example.org"))
        assert post(client, path).status_code == 404
        log_in(client, founder)

        answer = post(client, path, back_to="/dashboard")

        assert answer.headers["Location"] == "/dashboard"
        assert app.test_client().get(link).status_code == 404
        assert post(client, path).status_code == 409

    def test_an_old_link_is_no_longer_good(
        self, app: Flask, client: FlaskClient, link: str
    ) -> None:
        with app.app_context():
            invitation = db.session.scalars(select(Invitation)).one()
            invitation.expires_at = now() - timedelta(seconds=1)
            db.session.commit()

        answer = client.get(link)

        assert answer.status_code == 404
        assert "This invitation is no longer good." in answer.text

    @pytest.mark.fuzz
    @pytest.mark.parametrize("token", ["x", "%00", "%ff", "é" * 300])
    def test_unknown_links_are_answered_in_words(self, client: FlaskClient, token: str) -> None:
        answer = client.get(f"/invitations/{token}")

        assert answer.status_code == 404
        assert "This invitation is no longer good." in answer.text
