"""A second factor: set up, asked for, used once, lost; and the password asked for again."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pyotp
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import create_app
from app.access import Installation, is_permitted, make_actor
from app.accounts import actions
from app.accounts.actions.second_factors import OFFERED_FOR, STEP_SECONDS
from app.accounts.errors import (
    CodeWrong,
    NoSecondFactor,
    OfferInvalid,
    SecondFactorAsked,
    SecondFactorThere,
)
from app.clock import now
from app.commands.cli import main
from app.extensions import db
from app.pools.actions import incubators
from app.pools.errors import OwnSecondFactorMissing
from app.sealing import Sealer
from app.settings import Settings
from app.signing import Signer
from app.web.confirming import CONFIRMED_FOR
from models.audit import AuditEntry
from models.log_ins import LogIn
from models.notices import Notice
from models.organisations import Incubator
from models.people import Person
from models.second_factors import RecoveryCode, SecondFactor
from models.vocabulary import Role
from tests.factories import (
    AT,
    PASSWORD,
    act_as,
    join,
    log_in,
    make_incubator,
    make_person,
)
from tests.posting import post

pytestmark = pytest.mark.trust

SIGNER, SEALER = Signer("only for tests"), Sealer("only for tests")
EMAIL = "owner@example.org"


def make_code(secret: str, at: datetime) -> str:
    return pyotp.TOTP(secret.replace(" ", "")).at(at)


def set_up(session: Session, person: Person, *, at: datetime = AT) -> tuple[str, tuple[str, ...]]:
    """The secret and the recovery codes of a new second factor."""
    offer = actions.offer_second_factor(person, issuer="Yinqiao", signer=SIGNER, at=at)
    codes = actions.add_second_factor(
        session,
        person=person,
        token=offer.token,
        code=make_code(offer.secret, at),
        signer=SIGNER,
        sealer=SEALER,
        actor=act_as(person),
        at=at,
    )
    return offer.secret, codes


def use(session: Session, person: Person, code: str, at: datetime) -> None:
    actions.use_code(session, person=person, code=code, sealer=SEALER, at=at)


class TestCodes:
    def test_a_code_is_good_once_and_around_its_time(self, session: Session) -> None:
        person = make_person(session)
        secret, _codes = set_up(session, person)
        step = timedelta(seconds=STEP_SECONDS)
        with pytest.raises(CodeWrong):
            # That of the set-up was used.
            use(session, person, make_code(secret, AT), AT)

        later = AT + 10 * step
        use(session, person, make_code(secret, later - step), later)
        use(
            session,
            person,
            f" {make_code(secret, later)[:3]} {make_code(secret, later)[3:]}",
            later,
        )
        for reused in (later - step, later):
            with pytest.raises(CodeWrong):
                use(session, person, make_code(secret, reused), later)
        for far in (later + 3 * step, later - 3 * step):
            with pytest.raises(CodeWrong):
                use(session, person, make_code(secret, far), later)

    def test_digits_of_any_width_are_read(self, session: Session) -> None:
        person = make_person(session)
        secret, _codes = set_up(session, person)
        later = AT + timedelta(hours=1)
        wide = str.maketrans("0123456789", "０１２３４５６７８９")

        use(session, person, make_code(secret, later).translate(wide), later)

    def test_a_recovery_code_is_good_once_and_told(self, session: Session) -> None:
        person = make_person(session)
        _secret, codes = set_up(session, person)
        assert len(set(codes)) == 10

        use(session, person, codes[3].lower().replace("-", " "), AT)

        with pytest.raises(CodeWrong):
            use(session, person, codes[3], AT)
        assert len(session.scalars(select(RecoveryCode)).all()) == 9
        assert session.scalars(select(Notice.kind).order_by(Notice.id)).all() == [
            "second_factor_added",
            "recovery_code_used",
        ]

    def test_new_recovery_codes_end_the_earlier(self, session: Session) -> None:
        person = make_person(session)
        _secret, codes = set_up(session, person)
        renewed = actions.renew_recovery_codes(session, person=person, actor=act_as(person), at=AT)

        with pytest.raises(CodeWrong):
            use(session, person, codes[0], AT)
        use(session, person, renewed[0], AT)

    @pytest.mark.privacy
    def test_the_tables_hold_nothing_that_makes_a_code(self, session: Session) -> None:
        person = make_person(session)
        secret, codes = set_up(session, person)
        stored = session.scalars(select(SecondFactor)).one().sealed_secret
        hashes = session.scalars(select(RecoveryCode.code_hash)).all()

        assert secret.replace(" ", "") not in stored
        assert Sealer("another key").open("second factor", stored) is None
        assert SEALER.open("another purpose", stored) is None
        assert not {code.replace("-", "") for code in codes} & set(hashes)

    def test_with_another_key_of_the_installation_paper_still_lets_in(
        self, session: Session
    ) -> None:
        person = make_person(session)
        secret, codes = set_up(session, person)
        later, other = AT + timedelta(hours=1), Sealer("another key")
        with pytest.raises(CodeWrong):
            actions.use_code(
                session, person=person, code=make_code(secret, later), sealer=other, at=later
            )

        actions.use_code(session, person=person, code=codes[0], sealer=other, at=later)

    @pytest.mark.fuzz
    @pytest.mark.parametrize("code", ["", "000000", "12345", "1234567", "\x00", "A" * 20, "১২৩৪৫৬"])
    def test_anything_else_is_refused(self, session: Session, code: str) -> None:
        person = make_person(session)
        set_up(session, person)
        with pytest.raises(CodeWrong):
            use(session, person, code, AT + timedelta(days=1))

    def test_an_offer_is_for_one_person_and_for_a_while(self, session: Session) -> None:
        person, other = make_person(session), make_person(session)
        offer = actions.offer_second_factor(other, issuer="Yinqiao", signer=SIGNER, at=AT)
        mine = actions.offer_second_factor(person, issuer="Yinqiao", signer=SIGNER, at=AT)
        for token, at in ((offer.token, AT), (mine.token, AT + OFFERED_FOR), ("forged", AT)):
            with pytest.raises(OfferInvalid):
                actions.add_second_factor(
                    session,
                    person=person,
                    token=token,
                    code=make_code(mine.secret, at),
                    signer=SIGNER,
                    sealer=SEALER,
                    actor=act_as(person),
                    at=at,
                )

    def test_there_is_one_at_a_time(self, session: Session) -> None:
        person = make_person(session)
        set_up(session, person)
        with pytest.raises(SecondFactorThere):
            set_up(session, person, at=AT + timedelta(hours=1))
        actions.remove_second_factor(session, person=person, actor=act_as(person), at=AT)
        with pytest.raises(NoSecondFactor):
            actions.remove_second_factor(session, person=person, actor=act_as(person), at=AT)
        set_up(session, person, at=AT + timedelta(hours=1))
        assert session.scalars(select(AuditEntry.kind).order_by(AuditEntry.id)).all() == [
            "added_second_factor",
            "removed_second_factor",
            "added_second_factor",
        ]


@pytest.mark.permissions
class TestAskedByAnIncubator:
    def ask(self, session: Session, incubator: Incubator, operator: Person) -> None:
        incubators.ask_for_second_factor(
            session, incubator=incubator, is_asked=True, actor=act_as(operator), at=AT
        )

    def test_who_has_none_gets_at_nothing(self, session: Session) -> None:
        first, second = make_person(session), make_person(session)
        incubator = make_incubator(session, operator=first)
        join(session, second, Role.OPERATOR, incubator=incubator)
        with pytest.raises(OwnSecondFactorMissing):
            self.ask(session, incubator, first)
        set_up(session, first)
        session.expire_all()

        self.ask(session, incubator, first)
        session.expire_all()

        assert is_permitted(make_actor(first), "incubator:edit", incubator)
        assert not is_permitted(make_actor(second), "incubator:edit", incubator)
        assert make_actor(second).withheld == {incubator.id}
        told = session.scalars(select(Notice).where(Notice.kind == "second_factor_asked")).all()
        assert [notice.person_id for notice in told] == [second.id]
        with pytest.raises(SecondFactorAsked):
            actions.remove_second_factor(session, person=first, actor=make_actor(first), at=AT)
        actions.remove_second_factor(session, person=first, actor=Installation.COMMAND_LINE, at=AT)
        session.expire_all()
        assert make_actor(first).operates == frozenset()

    def test_it_can_be_given_up(self, session: Session) -> None:
        operator = make_person(session)
        incubator = make_incubator(session, operator=operator, requires_second_factor=True)
        set_up(session, operator)
        session.expire_all()

        incubators.ask_for_second_factor(
            session, incubator=incubator, is_asked=False, actor=make_actor(operator), at=AT
        )

        actions.remove_second_factor(session, person=operator, actor=make_actor(operator), at=AT)
        session.expire_all()
        assert make_actor(operator).operates == {incubator.id}


@pytest.fixture
def person(app: Flask) -> Person:
    with app.app_context():
        person = make_person(db.session, email=EMAIL, locale="en")
        db.session.commit()
        db.session.refresh(person)
        db.session.expunge(person)
        return person


def read_field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None
    return found.group(1)


def set_up_by_pages(client: FlaskClient) -> tuple[str, list[str]]:
    page = client.get("/account/second-factor")
    assert page.status_code == 200
    assert 'src="data:image/svg+xml' in page.text
    secret = re.findall(r"<code>([A-Z2-7 ]+)</code>", page.text)[0]
    done = post(
        client,
        "/account/second-factor",
        offer=read_field(page.text, "offer"),
        code=make_code(secret, now() - timedelta(seconds=STEP_SECONDS)),
    )
    assert done.status_code == 200
    return secret, re.findall(r"<code>([A-F0-9-]{23})</code>", done.text)


def begin(app: Flask, **fields: str) -> tuple[FlaskClient, TestResponse]:
    client = app.test_client()
    return client, post(client, "/log-in", email=EMAIL, password=PASSWORD, **fields)


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


class TestPages:
    @pytest.fixture
    def secret(self, client: FlaskClient, person: Person) -> str:
        log_in(client, person)
        return set_up_by_pages(client)[0]

    def test_the_password_alone_does_not_let_in(self, app: Flask, secret: str) -> None:
        client, asked = begin(app, next="/notices", remember="y")
        assert asked.status_code == 200
        assert not is_in(client)
        fields = {name: read_field(asked.text, name) for name in ("first", "next", "typed")}
        wrong = post(client, "/log-in/code", **fields, code="not a code")
        assert (wrong.status_code, is_in(client)) == (422, False)

        # Made once: another one would be good half a minute later.
        code = make_code(secret, now())
        entered = post(client, "/log-in/code", **fields, code=code)

        assert (entered.status_code, entered.headers["Location"]) == (303, "/notices")
        assert is_in(client)
        # Shown to somebody who looks over a shoulder, it is good for nothing a moment later.
        other, asked = begin(app)
        again = {"first": read_field(asked.text, "first"), "code": code}
        assert post(other, "/log-in/code", **again).status_code == 422
        assert not is_in(other)

    @pytest.mark.fuzz
    @pytest.mark.parametrize("first", ["", "forged", "\x00", "x" * 10_000])
    def test_the_second_step_needs_the_first(self, app: Flask, secret: str, first: str) -> None:
        client = app.test_client()

        answer = post(client, "/log-in/code", first=first, code=make_code(secret, now()))

        assert answer.headers["Location"].startswith("/log-in")
        assert not is_in(client)

    def test_a_link_by_mail_does_not_go_past_it(self, app: Flask, secret: str) -> None:
        client = app.test_client()
        post(client, "/password/forgotten", email=EMAIL)
        with app.app_context():
            from models.notices import OutboxMail

            mails = db.session.scalars(
                select(OutboxMail).where(OutboxMail.kind == "password_reset")
            )
            link = mails.one().facts["link"]

        unanswered = post(client, link, password="crystal and jade")
        # It was set up today: whose it is has to be said first.
        answer = post(client, link, password="crystal and jade", devices="mine")

        assert (unanswered.status_code, answer.status_code) == (422, 200)
        assert not is_in(client)
        first = read_field(answer.text, "first")
        post(client, "/log-in/code", first=first, code=make_code(secret, now()))
        assert is_in(client)

    def test_a_new_password_ends_a_log_in_that_is_half_done(
        self, app: Flask, client: FlaskClient, secret: str
    ) -> None:
        other, asked = begin(app)
        post(client, "/account/password", current_password=PASSWORD, password="crystal and jade")

        first = read_field(asked.text, "first")
        post(other, "/log-in/code", first=first, code=make_code(secret, now()))

        assert not is_in(other)

    def test_recovery_codes_let_in_and_are_renewed(
        self, app: Flask, client: FlaskClient, person: Person
    ) -> None:
        log_in(client, person)
        _secret, codes = set_up_by_pages(client)
        assert len(codes) == 10
        other, asked = begin(app)
        post(other, "/log-in/code", first=read_field(asked.text, "first"), code=codes[0])
        assert is_in(other)
        assert "<dd>9</dd>" in client.get("/account/second-factor").text

        page = post(client, "/account/second-factor/codes").text

        assert len(re.findall(r"<code>([A-F0-9-]{23})</code>", page)) == 10
        removed = post(client, "/account/second-factor/remove")
        assert removed.headers["Location"] == "/account"
        third, _answer = begin(app)
        assert is_in(third)

    def test_guesses_are_slowed_down(self, settings: Settings, person: Person) -> None:
        app = create_app(settings)
        app.config["COUNTS_TRIES"] = True
        with app.app_context():
            set_up(db.session, db.session.get_one(Person, person.id), at=now())
            db.session.commit()
        client, asked = begin(app)
        first = read_field(asked.text, "first")

        statuses = [
            post(client, "/log-in/code", first=first, code="0" * 7).status_code for _ in range(6)
        ]

        assert statuses == [422] * 5 + [429]
        with app.app_context():
            db.engine.dispose()

    def test_an_operator_is_told_what_is_missing(
        self, app: Flask, client: FlaskClient, person: Person
    ) -> None:
        with app.app_context():
            owner = db.session.get_one(Person, person.id)
            incubator = make_incubator(db.session, operator=owner, name="Bridge (example)")
            db.session.commit()
            path = f"/incubators/{incubator.public_id}"
        log_in(client, person)
        refused = post(client, f"{path}/second-factor", asked="yes")
        assert refused.status_code == 303
        assert "Set up a second factor of your own first" in client.get(f"{path}/edit").text
        set_up_by_pages(client)
        post(client, f"{path}/second-factor", asked="yes")
        assert "Ask for it no longer" in client.get(f"{path}/edit").text
        with app.app_context():
            actions.remove_second_factor(
                db.session,
                person=db.session.get_one(Person, person.id),
                actor=Installation.COMMAND_LINE,
                at=now(),
            )
            db.session.commit()

        assert client.get(f"{path}/edit").status_code == 403
        assert "Set up a second factor" in client.get("/dashboard").text
        assert "Bridge (example) asks its operators" in client.get("/account").text

    def test_the_command_line_removes_it(
        self, app: Flask, client: FlaskClient, secret: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings: Settings = app.extensions["yinqiao_settings"]
        monkeypatch.setenv("YINQIAO_INSTANCE_PATH", str(settings.instance_path))
        monkeypatch.setenv("YINQIAO_DATABASE_URL", settings.database_url)
        monkeypatch.setenv("YINQIAO_ENCODER", "hashing")
        runner = CliRunner()

        removed = runner.invoke(main, ["person", "remove-second-factor", EMAIL])
        again = runner.invoke(main, ["person", "remove-second-factor", EMAIL])
        nobody = runner.invoke(main, ["person", "remove-second-factor", "x@example.org"])

        assert (removed.exit_code, again.exit_code, nobody.exit_code) == (0, 1, 1)
        other, _answer = begin(app)
        assert is_in(other)


class TestPasswordAgain:
    @pytest.fixture
    def late(self, app: Flask, client: FlaskClient, person: Person) -> Iterator[FlaskClient]:
        """Somebody who logged in a while ago."""
        log_in(client, person)
        with app.app_context():
            long_ago = now() - CONFIRMED_FOR
            db.session.execute(update(LogIn).values(confirmed_at=long_ago))
            db.session.commit()
        yield client

    def test_a_page_comes_after_the_password(self, late: FlaskClient) -> None:
        asked = late.get("/account/second-factor?x=1")
        assert asked.headers["Location"] == "/account/confirm?next=/account/second-factor?x%3D1"
        path = "/account/second-factor"
        assert "See and change your second factor" in late.get(asked.headers["Location"]).text
        wrong = post(late, "/account/confirm", password="a guess of mine", next=path)
        assert wrong.status_code == 422
        assert "See and change your second factor" in wrong.text
        assert late.get(path).status_code == 303

        right = post(late, "/account/confirm", password=PASSWORD, next=path)

        assert right.headers["Location"] == path
        assert late.get(path).status_code == 200

    def test_what_was_sent_waits_and_is_sent_once_more(self, app: Flask, late: FlaskClient) -> None:
        token = {"name": "Our website", "scopes": "needs:read", "days": "30"}
        asked = post(late, "/account/tokens", **token)
        assert (asked.status_code, "Make an access token" in asked.text) == (403, True)
        with app.app_context():
            assert db.session.scalars(select(AuditEntry)).all() == []
        typed = read_field(asked.text, "typed")
        wrong = post(late, "/account/confirm", password="a guess of mine", typed=typed)
        assert "Make an access token" in wrong.text

        page = post(
            late, "/account/confirm", password=PASSWORD, typed=read_field(wrong.text, "typed")
        )

        assert "<h1>Make an access token</h1>" in page.text
        assert 'action="/account/tokens"' in page.text
        assert read_field(page.text, "name") == "Our website"
        assert "<code>yq_" in post(late, "/account/tokens", **token).text

    def test_nobody_is_led_to_another_site(self, late: FlaskClient) -> None:
        for path in ("https://example.com/", "//example.com", "\\\\example.com"):
            answer = post(late, "/account/confirm", password=PASSWORD, next=path)
            assert answer.headers["Location"] == "/account"

    @pytest.mark.parametrize(
        "path",
        [
            "/account/second-factor",
            "/account/second-factor/codes",
            "/account/second-factor/remove",
            "/account/tokens",
            "/account/address",
        ],
    )
    def test_each_dangerous_act_asks(self, late: FlaskClient, path: str) -> None:
        assert post(late, path).status_code == 403
