"""Logging in by an account elsewhere: the way there and back, what is refused, who is let in."""

import time
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts import actions, providers
from app.accounts.errors import ProviderLinkThere, ProviderLinkUnknown, TakingBackInvalid
from app.accounts.providers import Identity, ProviderClient
from app.clock import now
from app.errors import NotFound
from app.extensions import db
from app.settings import LoginProvider, SettingInvalid, read_login_providers
from models.audit import AuditEntry
from models.log_ins import LogIn, LogInMethod
from models.notices import Notice
from models.organisations import Incubator
from models.people import Person
from models.provider_links import ProviderLink
from models.vocabulary import Role
from tests.app.accounts.test_passkeys import add, read_link
from tests.app.accounts.test_second_factors import SIGNER, is_in
from tests.factories import AT, act_as, log_in, make_incubator, make_person
from tests.posting import post
from tests.provider_of_log_ins import CLIENT, WORD, ProviderOfLogIns, provide, read_query

pytestmark = pytest.mark.trust

SOMEONE = Identity("https://city.example", "someone", "", "")


class TestWhoIsLetIn:
    def enter(self, session: Session, identity: Identity = SOMEONE) -> Person:
        return actions.find_person_of_identity(
            session, identity=identity, name="City", locale="en", signer=SIGNER, at=AT
        )

    def link(self, session: Session, person: Person, by: Person | None = None) -> ProviderLink:
        return actions.link_provider(
            session,
            person=person,
            identity=SOMEONE,
            name="City",
            signer=SIGNER,
            actor=act_as(by or person),
            at=AT,
        )

    def invite(self, session: Session, email: str, name: str = "") -> Incubator:
        operator = make_person(session)
        incubator = make_incubator(session, operator=operator)
        session.flush()
        actions.invite(
            session,
            email=email,
            name=name,
            role=Role.OPERATOR,
            incubator_id=incubator.id,
            actor=act_as(operator),
            at=AT,
        )
        return incubator

    def test_whoever_connected_it(self, session: Session) -> None:
        person, other = make_person(session), make_person(session)
        with pytest.raises(ProviderLinkUnknown):
            self.enter(session)
        with pytest.raises(NotFound):
            self.link(session, person, by=other)
        link = self.link(session, person)

        assert self.enter(session) is person
        assert link.last_used_at == AT
        with pytest.raises(ProviderLinkThere):
            self.link(session, other)
        with pytest.raises(ProviderLinkUnknown):
            self.enter(session, replace(SOMEONE, subject="somebody else"))
        with pytest.raises(ProviderLinkUnknown):
            self.enter(session, replace(SOMEONE, issuer="https://other.example"))
        person.deactivated_at = AT
        session.flush()
        with pytest.raises(ProviderLinkUnknown):
            self.enter(session)

    @pytest.mark.parametrize("method", LogInMethod)
    def test_a_touch_stands_in_for_no_password(self, session: Session, method: LogInMethod) -> None:
        actions.begin_log_in(
            session,
            person=make_person(session),
            device="",
            method=method,
            is_remembered=False,
            at=AT,
        )
        is_typed = session.scalars(select(LogIn.confirmed_at)).one() is not None
        untyped = {LogInMethod.PROVIDER, LogInMethod.PROVIDER_AND_PASSKEY}
        assert is_typed == (method not in untyped)

    def test_an_address_opens_no_account_that_has_a_way_in(self, session: Session) -> None:
        known = make_person(session, email="known@example.org")
        keyed = make_person(session, email="keyed@example.org", password_hash=None)
        add(session, keyed)
        for person in (known, keyed):
            self.invite(session, person.email)
            with pytest.raises(ProviderLinkUnknown):
                self.enter(session, replace(SOMEONE, email=person.email))

    def test_whoever_was_invited_to_a_verified_address(self, session: Session) -> None:
        with pytest.raises(ProviderLinkUnknown):
            self.enter(session, replace(SOMEONE, email="new@example.org"))
        self.invite(session, "new@example.org", name="Lin")
        imported = make_person(session, email="imported@example.org", password_hash=None)
        self.invite(session, imported.email)
        with pytest.raises(ProviderLinkUnknown):
            self.enter(session)

        person = self.enter(session, replace(SOMEONE, email="New@Example.org", name="x" * 500))
        other = replace(SOMEONE, subject="other", email=imported.email)

        assert (person.name, person.email, person.memberships) == ("Lin", "new@example.org", [])
        assert self.enter(session, other) is imported
        # Connected once, the address counts for nothing.
        with pytest.raises(ProviderLinkUnknown):
            self.enter(session, replace(other, subject="third"))
        assert self.enter(session, replace(SOMEONE, email=imported.email)) is person

    def test_a_mail_takes_it_back(self, session: Session) -> None:
        person = make_person(session)
        self.link(session, person)
        token = read_link(session, "provider_linked")

        actions.take_back_second_factor(session, token=token, signer=SIGNER, at=AT)

        with pytest.raises(ProviderLinkUnknown):
            self.enter(session)
        with pytest.raises(TakingBackInvalid):
            actions.take_back_second_factor(session, token=token, signer=SIGNER, at=AT)
        assert session.scalars(select(Notice.kind)).all() == [
            "provider_linked",
            "second_factor_taken_back",
        ]
        assert session.scalars(select(AuditEntry.kind)).all() == [
            "linked_provider",
            "took_back_second_factor",
        ]


class TestSettings:
    def test_one_or_several(self) -> None:
        city, campus = read_login_providers(
            "city=https://a:b%2Fc@login.city.example/realms/x?name=City%20account"
            " campus=http://c:d@127.0.0.1:9000"
        )
        assert city == LoginProvider(
            key="city",
            name="City account",
            issuer="https://login.city.example/realms/x",
            client_id="a",
            client_secret="b/c",
        )
        assert (campus.name, campus.issuer) == ("campus", "http://127.0.0.1:9000")
        assert "b/c" not in repr(city)
        assert read_login_providers("") == ()

    @pytest.mark.parametrize(
        "text",
        [
            "city",
            "city=https://host",
            "city=https://a@host",
            "city=http://a:b@host.example",
            "City=https://a:b@host",
            "city=https://a:b@host?nome=x",
            "city=https://a:b@host:x",
            "city=https://a:b@host city=https://a:b@other",
        ],
    )
    def test_others_stop_the_start(self, text: str) -> None:
        with pytest.raises(SettingInvalid) as refused:
            read_login_providers(text)
        assert "a:b" not in str(refused.value)


@pytest.fixture(scope="module")
def running() -> Iterator[ProviderOfLogIns]:
    with provide() as provider:
        yield provider


@pytest.fixture
def provider(
    running: ProviderOfLogIns, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> ProviderOfLogIns:
    """A provider that does all right, known to the application as `city`."""
    monkeypatch.setattr(providers, "DEADLINE", 0.5)
    for name, value in vars(ProviderOfLogIns(issuer=running.issuer, keys=running.keys)).items():
        setattr(running, name, value)
    known = LoginProvider(
        key="city",
        name="City",
        issuer=running.issuer,
        client_id=CLIENT,
        client_secret=WORD,
    )
    settings = app.extensions["yinqiao_settings"]
    app.extensions["yinqiao_settings"] = replace(settings, login_providers=(known,))
    app.extensions["yinqiao_login_providers"] = {"city": ProviderClient(known)}
    return running


def go(client: FlaskClient, start: str = "/log-in/with/city") -> str:
    """What the provider sends the browser back to."""
    begun = client.get(start)
    assert begun.status_code == 303
    opener = urllib.request.build_opener(_Stay())
    try:
        opener.open(begun.headers["Location"], timeout=10)
    except HTTPError as answer:
        parts = urlsplit(answer.headers["Location"])
        answer.close()
        return f"{parts.path}?{parts.query}"
    raise AssertionError("the provider sent nobody back")


def find_way(client: FlaskClient) -> str:
    """Where the page of the account leads to connect it."""
    page = client.get("/account").text
    return "/account/log-ins/with/city?" + page.partition("log-ins/with/city?")[2].partition('"')[0]


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


@pytest.fixture
def person(app: Flask) -> Person:
    with app.app_context():
        person = make_person(db.session, email="owner@example.org", locale="en")
        db.session.commit()
        db.session.refresh(person)
        db.session.expunge(person)
        return person


@pytest.fixture
def connected(app: Flask, provider: ProviderOfLogIns, person: Person) -> Person:
    with app.app_context():
        db.session.add(
            ProviderLink(
                person_id=person.id, issuer=provider.issuer, subject="someone", created_at=now()
            )
        )
        db.session.commit()
    return person


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
class TestThereAndBack:
    def test_what_is_asked_is_bound_to_the_browser(
        self, client: FlaskClient, provider: ProviderOfLogIns
    ) -> None:
        first = read_query(client.get("/log-in/with/city").headers["Location"])
        second = read_query(client.get("/log-in/with/city").headers["Location"])

        assert first["response_type"] == "code"
        assert first["code_challenge_method"] == "S256"
        assert first["redirect_uri"] == "http://127.0.0.1:8000/log-in/with/city/back"
        for name in ("state", "nonce", "code_challenge"):
            assert first[name] != second[name]
            assert len(first[name]) >= 32

    def test_a_long_way_on_leaves_the_cookie_small_enough(
        self, client: FlaskClient, provider: ProviderOfLogIns
    ) -> None:
        begun = client.get("/log-in/with/city", query_string={"next": "/notices?x=" + "x" * 3000})
        # Browsers drop larger ones, and nobody would come back.
        assert len(begun.headers["Set-Cookie"]) < 4000

    @pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
    def test_in_and_out(
        self, app: Flask, provider: ProviderOfLogIns, connected: Person, algorithm: str
    ) -> None:
        provider.algorithm = algorithm
        client = app.test_client()
        assert "Log in by City" in client.get("/log-in", headers={"Accept-Language": "en"}).text

        entered = client.get(go(client, "/log-in/with/city?next=/notices"))

        assert entered.headers["Location"] == "/notices"
        assert "by an account elsewhere" in client.get("/account").text
        # Nobody typed a password: dangerous acts ask for it.
        assert client.get("/account/passkeys").status_code == 303
        out = post(client, "/log-out")
        assert out.headers["Location"] == "/log-in?left=city"
        assert "/log-out/with/city" in client.get("/log-in?left=city").text
        leave = client.get("/log-out/with/city").headers["Location"]
        assert leave.startswith(f"{provider.issuer}/leave?client_id=yinqiao")

    def test_each_way_back_is_good_once_and_in_one_browser(
        self, app: Flask, provider: ProviderOfLogIns, connected: Person
    ) -> None:
        client, other = app.test_client(), app.test_client()
        back = go(client)
        assert other.get(back).status_code == 422
        assert client.get(back.replace("state=", "state=x")).status_code == 422
        assert client.get(back).status_code == 422
        back = go(client)
        assert client.get(back).status_code == 303
        assert client.get(back).status_code == 422
        wrong_issuer = go(other).replace("iss=http", "iss=https")
        assert other.get(wrong_issuer).status_code == 422
        assert other.get("/log-in/with/city/back?error=access_denied").status_code == 422
        assert other.get("/log-in/with/nobody").status_code == 404
        assert not is_in(other)

    def test_without_the_verifier_a_code_is_worth_nothing(
        self, app: Flask, provider: ProviderOfLogIns, connected: Person
    ) -> None:
        client, thief = app.test_client(), app.test_client()
        caught = read_query(go(client))["code"]
        own = go(thief)

        answer = thief.get(own.replace(read_query(own)["code"], caught))

        assert answer.status_code == 422
        assert not is_in(thief)

    def test_a_token_that_is_not_right_lets_nobody_in(
        self, app: Flask, provider: ProviderOfLogIns, connected: Person
    ) -> None:
        client = app.test_client()
        wrong: tuple[dict[str, Any], ...] = (
            {"nonce": "another"},
            {"nonce": None},
            {"aud": "another"},
            {"aud": ["yinqiao", "another"]},
            {"aud": ["yinqiao", "another"], "azp": "another"},
            {"aud": None},
            {"iss": "https://other.example"},
            {"iss": None},
            {"exp": 1},
            {"exp": None},
            {"exp": "never"},
            {"iat": 99_999_999_999},
            {"sub": None},
            {"sub": 7},
            {"sub": ""},
            {"sub": "x" * 256},
            {"at_hash": "AAAA"},
        )
        for claims in wrong:
            provider.claims = claims
            assert client.get(go(client)).status_code == 422, claims
        assert not is_in(client)

    def test_nor_one_that_nobody_signed_or_that_was_signed_by_others(
        self, app: Flask, provider: ProviderOfLogIns, connected: Person
    ) -> None:
        client = app.test_client()
        provider.signs = False
        assert client.get(go(client)).status_code == 422
        provider.signs, provider.algorithm = True, "HS256"
        assert client.get(go(client)).status_code == 422
        provider.algorithm, keys = "ES256", provider.keys
        assert client.get(go(client)).status_code == 303
        provider.keys = {"ES256": ProviderOfLogIns().keys["ES256"]}
        assert client.get(go(client)).status_code == 303, "new keys are looked up"
        provider.keys = keys

    def test_a_provider_that_is_wrong_or_away(self, app: Flask, provider: ProviderOfLogIns) -> None:
        client, known = app.test_client(), app.extensions["yinqiao_settings"].login_providers[0]
        wrong: tuple[tuple[dict[str, Any], int], ...] = (
            ({"discovery": {"issuer": "https://other.example"}}, 422),
            ({"discovery": {"code_challenge_methods_supported": ["plain"]}}, 422),
            ({"discovery": {"token_endpoint": 7}}, 422),
            ({"body": b"[" * 100_000}, 422),
            ({"body": b"x" * 300_000}, 503),
            ({"status": 404, "body": None}, 422),
            ({"status": 500}, 503),
            ({"seconds": 3.0}, 503),
        )
        for changed, status in wrong:
            app.extensions["yinqiao_login_providers"] = {"city": ProviderClient(known)}
            for name, value in changed.items():
                setattr(provider, name, value)
            begun = time.monotonic()

            answer = client.get("/log-in/with/city")

            assert answer.status_code == status, changed
            assert time.monotonic() - begun < 2.5
            assert 'name="password"' in answer.text
            provider.discovery = {}

    def test_one_that_is_away_is_not_asked_by_everybody(
        self, app: Flask, provider: ProviderOfLogIns
    ) -> None:
        client, provider.seconds = app.test_client(), 3.0
        client.get("/log-in/with/city")
        begun = time.monotonic()
        pages = [
            client.get("/log-in/with/city", headers={"Accept-Language": language}).text
            for language in ("en", "zh-CN")
        ]

        assert time.monotonic() - begun < 1.5
        assert "City does not answer" in pages[0]
        assert "City没有回应" in pages[1]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
class TestConnecting:
    def test_by_whoever_is_logged_in_and_typed_the_password(
        self, app: Flask, client: FlaskClient, provider: ProviderOfLogIns, person: Person
    ) -> None:
        log_in(client, person)
        connected = client.get(go(client, find_way(client)))
        assert connected.headers["Location"] == "/account"
        other = app.test_client()
        assert other.get(go(other)).status_code == 303
        assert is_in(other)
        with app.app_context():
            public_id = db.session.scalars(select(ProviderLink.public_id)).one()
            assert LogInMethod.PROVIDER in db.session.scalars(select(LogIn.method)).all()
        page = client.get("/account").text
        assert "City, connected" in page

        again = client.get(go(client, find_way(client)))
        assert again.headers["Location"] == "/account"
        assert "connected with that one already" in client.get("/account").text
        removed = post(client, f"/account/log-ins/with/{public_id}/remove")
        assert removed.headers["Location"] == "/account"
        assert post(client, f"/account/log-ins/with/{public_id}/remove").status_code == 404
        third = app.test_client()
        refused = third.get(go(third))
        assert refused.status_code == 422
        assert not is_in(third)

    def test_not_by_a_link_of_another_site(
        self, app: Flask, client: FlaskClient, provider: ProviderOfLogIns, person: Person
    ) -> None:
        with app.app_context():
            other = make_person(db.session)
            db.session.commit()
            log_in(client, other)
        foreign = find_way(client)
        log_in(client, person)
        for way in (foreign, foreign.partition("?")[0]):
            assert client.get(way).headers["Location"] == "/account"

    def test_not_for_whoever_is_logged_in_by_then(
        self, app: Flask, client: FlaskClient, provider: ProviderOfLogIns, person: Person
    ) -> None:
        log_in(client, person)
        back = go(client, find_way(client))
        with app.app_context():
            other = make_person(db.session)
            db.session.commit()
            log_in(client, other)

        client.get(back)

        with app.app_context():
            assert db.session.scalars(select(ProviderLink)).all() == []

    def test_a_second_factor_is_asked_for_all_the_same(
        self, app: Flask, provider: ProviderOfLogIns, connected: Person
    ) -> None:
        with app.app_context():
            _device, codes = add(db.session, db.session.get_one(Person, connected.id), at=now())
            db.session.commit()
        client, provider.claims = app.test_client(), {"amr": ["mfa"], "acr": "high"}

        asked: TestResponse = client.get(go(client))

        assert asked.status_code == 200
        assert not is_in(client)
        first = asked.text.partition('name="first"')[2].partition('value="')[2].partition('"')[0]
        post(client, "/log-in/code", first=first, code=codes[0])
        assert "by an account elsewhere and code" in client.get("/account").text
