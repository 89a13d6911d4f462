"""Passkeys: added, asked for, used once, copied, taken away, taken back."""

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.access import Installation, make_actor
from app.accounts import actions
from app.accounts.actions.passkeys import PASSKEYS_LIMIT, PasskeyUse
from app.accounts.actions.taking_back import TAKEN_BACK_WITHIN
from app.accounts.ceremonies import ANSWERED_WITHIN
from app.accounts.errors import (
    ChallengeOver,
    CodeWrong,
    NoSecondFactor,
    PasskeyNameInvalid,
    PasskeyThere,
    PasskeyWrong,
    SecondFactorAsked,
    TakingBackInvalid,
    TooManyPasskeys,
)
from app.accounts.relying_party import RelyingParty, find_relying_party
from app.clock import now
from app.errors import NotFound
from app.extensions import db
from app.web.confirming import CONFIRMED_FOR
from models.audit import AuditEntry
from models.log_ins import LogIn, LogInMethod
from models.notices import Notice, OutboxMail
from models.passkeys import Passkey
from models.people import Person
from models.second_factors import RecoveryCode
from tests.app.accounts.test_second_factors import SIGNER, set_up, use
from tests.authenticators import Authenticator
from tests.factories import AT, PASSWORD, act_as, log_in, make_incubator, make_person
from tests.posting import post

pytestmark = pytest.mark.trust

PARTY = RelyingParty("bridge.example", "https://bridge.example")
LATER = AT + timedelta(minutes=1)


def add(
    session: Session,
    person: Person,
    device: Authenticator | None = None,
    *,
    at: datetime = AT,
    name: str = "Laptop",
    **changed: str,
) -> tuple[Authenticator, tuple[str, ...]]:
    """A passkey of `person` on `device`, and the recovery codes that came with it."""
    device = device or Authenticator()
    question = actions.offer_passkey(session, person=person, party=PARTY, signer=SIGNER, at=at)
    codes = actions.add_passkey(
        session,
        person=person,
        name=name,
        token=question.token,
        answer=device.make(question.options, **changed),
        party=PARTY,
        signer=SIGNER,
        actor=act_as(person),
        at=at,
    )
    return device, codes


def show(
    session: Session,
    device: Authenticator,
    person: Person | None = None,
    *,
    at: datetime = LATER,
    **changed: str,
) -> PasskeyUse:
    """`device` answers: as the second step of `person`, or alone."""
    question = actions.ask_for_passkey(session, person=person, party=PARTY, signer=SIGNER, at=at)
    return answer(session, question.token, device.show(question.options, **changed), person, at)


def answer(
    session: Session, token: str, said: str, person: Person | None, at: datetime
) -> PasskeyUse:
    return actions.use_passkey(
        session, person=person, token=token, answer=said, party=PARTY, signer=SIGNER, at=at
    )


def read_link(session: Session, kind: str) -> str:
    query = select(OutboxMail).where(OutboxMail.kind == kind).order_by(OutboxMail.id.desc())
    found = session.scalars(query.limit(1)).one().facts["link"]
    return str(found).rpartition("/")[2]


class TestAdding:
    def test_several_have_names_and_the_first_brings_recovery_codes(self, session: Session) -> None:
        person = make_person(session)
        _laptop, codes = add(session, person)
        _key, none = add(session, person, at=LATER, name="  Key on\tthe ring ")

        assert (len(set(codes)), none) == (10, ())
        kept = session.scalars(select(Passkey).order_by(Passkey.id)).all()
        assert [each.name for each in kept] == ["Laptop", "Key on the ring"]
        assert kept[0].transports == ["internal", "hybrid"]
        assert person.has_second_factor
        assert session.scalars(select(Notice.kind)).all() == ["passkey_added"] * 2
        assert session.scalars(select(AuditEntry.kind)).all() == ["added_passkey"] * 2
        use(session, person, codes[0], AT)
        with pytest.raises(CodeWrong):
            use(session, person, codes[0], AT)

    def test_the_device_is_told_which_it_has(self, session: Session) -> None:
        person = make_person(session)
        device, _codes = add(session, person)
        question = actions.offer_passkey(
            session, person=person, party=PARTY, signer=SIGNER, at=LATER
        )
        options = json.loads(question.options)

        assert len(options["excludeCredentials"]) == 1
        assert options["rp"]["id"] == "bridge.example"
        with pytest.raises(PasskeyThere):
            add(session, person, device, at=LATER)
        with pytest.raises(PasskeyThere):
            add(session, make_person(session), device, at=LATER)

    @pytest.mark.parametrize(
        "changed",
        [
            {"origin": "https://bridge.example.evil.example"},
            {"origin": "http://bridge.example"},
            {"type": "webauthn.get"},
            {"challenge": "AAAA"},
        ],
    )
    def test_a_page_of_others_adds_none(self, session: Session, changed: dict[str, str]) -> None:
        person = make_person(session)
        with pytest.raises(PasskeyWrong):
            add(session, person, **changed)
        with pytest.raises(PasskeyWrong):
            add(session, person, Authenticator(party_id="evil.example"))

    def test_a_question_is_for_one_person_one_use_and_a_while(self, session: Session) -> None:
        person, other = make_person(session), make_person(session)
        device = Authenticator()
        offered = actions.offer_passkey(session, person=other, party=PARTY, signer=SIGNER, at=AT)
        asked = actions.ask_for_passkey(session, person=person, party=PARTY, signer=SIGNER, at=AT)
        mine = actions.offer_passkey(session, person=person, party=PARTY, signer=SIGNER, at=AT)
        said = device.make(mine.options)
        for token, at in (
            (offered.token, AT),
            (asked.token, AT),
            (mine.token, AT + ANSWERED_WITHIN),
            ("forged", AT),
        ):
            with pytest.raises(ChallengeOver):
                actions.add_passkey(
                    session,
                    person=person,
                    name="Laptop",
                    token=token,
                    answer=said,
                    party=PARTY,
                    signer=SIGNER,
                    actor=act_as(person),
                    at=at,
                )

    def test_names_and_numbers_are_bounded(self, session: Session) -> None:
        person = make_person(session)
        for name in ("", " \t", "x" * 61):
            with pytest.raises(PasskeyNameInvalid):
                add(session, person, name=name)
        for number in range(PASSKEYS_LIMIT):
            add(session, person, at=AT + timedelta(seconds=number))
        with pytest.raises(TooManyPasskeys):
            add(session, person, at=LATER)

    @pytest.mark.permissions
    def test_nobody_adds_one_for_another(self, session: Session) -> None:
        person, other = make_person(session), make_person(session)
        question = actions.offer_passkey(session, person=person, party=PARTY, signer=SIGNER, at=AT)
        with pytest.raises(NotFound):
            actions.add_passkey(
                session,
                person=person,
                name="Laptop",
                token=question.token,
                answer=Authenticator().make(question.options),
                party=PARTY,
                signer=SIGNER,
                actor=act_as(other),
                at=AT,
            )


class TestUsing:
    def test_it_is_a_second_step_and_lets_in_alone(self, session: Session) -> None:
        person = make_person(session)
        device, _codes = add(session, person)

        assert show(session, device, person) == (person, False)
        assert show(session, device, at=LATER + timedelta(seconds=1)) == (person, False)

        kept = session.scalars(select(Passkey)).one()
        assert kept.sign_count == 2
        assert kept.last_used_at == LATER + timedelta(seconds=1)

    def test_alone_it_has_to_verify_who_holds_it_and_to_say_whose_it_is(
        self, session: Session
    ) -> None:
        person = make_person(session)
        device, _codes = add(session, person, Authenticator(verifies=False))
        with pytest.raises(PasskeyWrong):
            show(session, device)
        show(session, device, person)
        device.verifies, device.user = True, ""
        with pytest.raises(PasskeyWrong):
            show(session, device)
        device.user = "AAAA"
        with pytest.raises(PasskeyWrong):
            show(session, device, person)

    def test_an_answer_is_good_once_nor_are_older_questions(self, session: Session) -> None:
        person = make_person(session)
        device, _codes = add(session, person, Authenticator(counts=False))
        older = actions.ask_for_passkey(session, person=None, party=PARTY, signer=SIGNER, at=AT)
        asked = actions.ask_for_passkey(session, person=None, party=PARTY, signer=SIGNER, at=LATER)
        said = device.show(asked.options)
        answer(session, asked.token, said, None, LATER)
        for token, again in (
            (asked.token, said),
            (asked.token, device.show(asked.options)),
            (older.token, device.show(older.options)),
        ):
            with pytest.raises(ChallengeOver):
                answer(session, token, again, None, LATER)
        with pytest.raises(ChallengeOver):
            show_late = actions.ask_for_passkey(
                session, person=None, party=PARTY, signer=SIGNER, at=LATER
            )
            late = LATER + ANSWERED_WITHIN
            answer(session, show_late.token, device.show(show_late.options), None, late)

    def test_an_answer_fits_its_question_alone(self, session: Session) -> None:
        person = make_person(session)
        device, _codes = add(session, person)
        first = actions.ask_for_passkey(session, person=None, party=PARTY, signer=SIGNER, at=LATER)
        other = actions.ask_for_passkey(session, person=None, party=PARTY, signer=SIGNER, at=LATER)
        with pytest.raises(PasskeyWrong):
            answer(session, first.token, device.show(other.options), None, LATER)
        with pytest.raises(ChallengeOver):
            answer(session, first.token, device.show(first.options), person, LATER)

    @pytest.mark.parametrize(
        "changed",
        [
            {"origin": "https://evil.example"},
            {"origin": "https://bridge.example:8443"},
            {"type": "webauthn.create"},
            {"challenge": "AAAA"},
        ],
    )
    def test_a_page_of_others_lets_nobody_in(
        self, session: Session, changed: dict[str, str]
    ) -> None:
        person = make_person(session)
        device, _codes = add(session, person)
        with pytest.raises(PasskeyWrong):
            show(session, device, **changed)
        device.party_id = "evil.example"
        with pytest.raises(PasskeyWrong):
            show(session, device)

    def test_another_key_or_another_person_lets_nobody_in(self, session: Session) -> None:
        person, other = make_person(session), make_person(session)
        device, _codes = add(session, person)
        others, _codes = add(session, other)
        with pytest.raises(PasskeyWrong):
            show(session, others, person)
        forged = replace(others, credential_id=device.credential_id, user=device.user)
        with pytest.raises(PasskeyWrong):
            show(session, forged, person)
        with pytest.raises(PasskeyWrong):
            show(session, Authenticator(user=device.user), person)

    def test_a_device_that_does_not_count_on_lets_nobody_in_and_is_told(
        self, session: Session
    ) -> None:
        person = make_person(session)
        device, _codes = add(session, person)
        show(session, device, person)
        copy = replace(device, count=0)
        device.count = 8
        show(session, device, person, at=LATER + timedelta(seconds=1))

        assert show(session, copy, person, at=LATER + timedelta(seconds=2)).is_doubled
        copy.counts, copy.count = False, 0
        assert show(session, copy, at=LATER + timedelta(seconds=3)).is_doubled

        assert session.scalars(select(Passkey.sign_count)).one() == 9
        kinds = session.scalars(select(Notice.kind).order_by(Notice.id)).all()
        assert kinds == ["passkey_added", "passkey_doubled", "passkey_doubled"]
        assert not show(session, device, at=LATER + timedelta(seconds=4)).is_doubled

    def test_after_the_account_is_closed_or_gone_it_lets_nobody_in(self, session: Session) -> None:
        person = make_person(session)
        device, _codes = add(session, person)
        person.deactivated_at = AT
        session.flush()
        with pytest.raises(PasskeyWrong):
            show(session, device)
        session.delete(person)
        session.flush()
        with pytest.raises(PasskeyWrong):
            show(session, device)
        for table in (Passkey, RecoveryCode):
            assert session.scalar(select(func.count()).select_from(table)) == 0

    @pytest.mark.fuzz
    @pytest.mark.parametrize(
        "said",
        [
            "",
            "null",
            "[]",
            "[" * 10_000,
            '{"id": 1}',
            "x" * 100_000,
            '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "AA",'
            ' "authenticatorData": "AA", "signature": "AA", "userHandle": "A"}}',
        ],
    )
    def test_anything_else_is_refused(self, session: Session, said: str) -> None:
        person = make_person(session)
        question = actions.offer_passkey(session, person=person, party=PARTY, signer=SIGNER, at=AT)
        with pytest.raises(PasskeyWrong):
            actions.add_passkey(
                session,
                person=person,
                name="Laptop",
                token=question.token,
                answer=said,
                party=PARTY,
                signer=SIGNER,
                actor=act_as(person),
                at=AT,
            )
        asked = actions.ask_for_passkey(session, person=None, party=PARTY, signer=SIGNER, at=AT)
        with pytest.raises(PasskeyWrong):
            answer(session, asked.token, said, None, AT)


@pytest.mark.permissions
class TestRemoving:
    def test_with_the_last_device_paper_goes(self, session: Session) -> None:
        person = make_person(session)
        set_up(session, person)
        add(session, person)
        passkey = session.scalars(select(Passkey)).one()
        with pytest.raises(NotFound):
            actions.remove_passkey(
                session, passkey=passkey, actor=act_as(make_person(session)), at=AT
            )

        actions.remove_second_factor(session, person=person, actor=act_as(person), at=AT)
        assert session.scalar(select(func.count()).select_from(RecoveryCode)) == 10
        with pytest.raises(NoSecondFactor):
            actions.remove_second_factor(session, person=person, actor=act_as(person), at=AT)
        actions.remove_passkey(session, passkey=passkey, actor=act_as(person), at=AT)

        assert session.scalar(select(func.count()).select_from(RecoveryCode)) == 0
        assert not person.has_second_factor
        assert session.scalars(select(Notice.kind).order_by(Notice.id)).all() == [
            "second_factor_added",
            "passkey_added",
            "second_factor_device_removed",
            "passkey_removed",
        ]

    def test_one_is_enough_for_an_incubator_that_asks_and_stays(self, session: Session) -> None:
        operator = make_person(session)
        incubator = make_incubator(session, operator=operator, requires_second_factor=True)
        assert make_actor(operator).withheld == {incubator.id}
        add(session, operator)
        session.expire_all()
        assert make_actor(operator).operates == {incubator.id}
        passkey = session.scalars(select(Passkey)).one()
        with pytest.raises(SecondFactorAsked):
            actions.remove_passkey(session, passkey=passkey, actor=act_as(operator), at=AT)

        actions.remove_second_factor(
            session, person=operator, actor=Installation.COMMAND_LINE, at=AT
        )

        assert session.scalars(select(Passkey)).all() == []
        session.expire_all()
        assert make_actor(operator).operates == frozenset()


class TestTakingBack:
    def test_a_mail_takes_the_new_device_away_and_leaves_the_earlier(
        self, session: Session
    ) -> None:
        person = make_person(session)
        _secret, codes = set_up(session, person, at=AT - timedelta(days=300))
        device, _codes = add(session, person)
        token, version = read_link(session, "passkey_added"), person.credential_version
        assert (
            "link"
            not in session.scalars(select(Notice).where(Notice.kind == "passkey_added")).one().facts
        )

        reset = actions.take_back_second_factor(session, token=token, signer=SIGNER, at=LATER)

        assert person.credential_version == version + 1
        assert person.second_factor is not None
        with pytest.raises(PasskeyWrong):
            show(session, device)
        with pytest.raises(CodeWrong):
            use(session, person, codes[0], LATER)
        found = actions.get_person_of_reset(session, token=reset, signer=SIGNER, at=LATER)
        assert found is person
        with pytest.raises(TakingBackInvalid):
            actions.take_back_second_factor(session, token=token, signer=SIGNER, at=LATER)

    def test_an_app_is_taken_back_and_the_next_one_is_not(self, session: Session) -> None:
        person = make_person(session)
        set_up(session, person)
        token = read_link(session, "second_factor_added")
        with pytest.raises(TakingBackInvalid):
            late = AT + TAKEN_BACK_WITHIN
            actions.read_taking_back(session, token=token, signer=SIGNER, at=late)
        actions.take_back_second_factor(session, token=token, signer=SIGNER, at=LATER)
        assert not person.has_second_factor
        set_up(session, person, at=LATER)
        for wrong in (token, "forged"):
            with pytest.raises(TakingBackInvalid):
                actions.take_back_second_factor(session, token=wrong, signer=SIGNER, at=LATER)

    def test_it_goes_with_an_address_that_was_carried_off(self, session: Session) -> None:
        person = make_person(session)
        set_up(session, person, at=AT - timedelta(days=1))
        actions.begin_address_change(
            session,
            person=person,
            email="thief@example.org",
            signer=SIGNER,
            actor=act_as(person),
            at=AT,
        )
        add(session, person, at=LATER)

        token = read_link(session, "address_change_begun")
        actions.stop_address_change(session, token=token, signer=SIGNER, at=LATER)

        assert session.scalars(select(Passkey)).all() == []
        assert person.second_factor is not None


@pytest.mark.parametrize(
    ("url", "party"),
    [
        ("https://bridge.example", RelyingParty("bridge.example", "https://bridge.example")),
        ("https://bridge.example:443/x", RelyingParty("bridge.example", "https://bridge.example")),
        ("http://localhost:8000", RelyingParty("localhost", "http://localhost:8000")),
        ("http://127.0.0.1:8000", None),
        ("https://[::1]:8000", None),
        ("http://bridge.example", None),
    ],
)
def test_passkeys_are_bound_to_the_name_of_the_site(url: str, party: RelyingParty | None) -> None:
    assert find_relying_party(url) == party


EMAIL = "owner@example.org"


@pytest.fixture
def named_app(app: Flask) -> Flask:
    """A site at an address where browsers offer passkeys, with an account."""
    settings = app.extensions["yinqiao_settings"]
    app.extensions["yinqiao_settings"] = replace(settings, public_url="https://bridge.example")
    with app.app_context():
        make_person(db.session, email=EMAIL, locale="en")
        db.session.commit()
    return app


def read_field(page: TestResponse, name: str, form: str) -> str:
    """A hidden field, or the question in JSON, of the form that goes to `form`."""
    found = re.search(rf'<form method="post" action="{form}".*?</form>', page.text, re.S)
    assert found is not None
    pattern = (
        r'data-options="([^"]*)"' if name == "options" else rf'name="{name}"[^>]*value="([^"]*)"'
    )
    value = re.search(pattern, found.group())
    assert value is not None
    return unescape(value.group(1))


def add_by_pages(client: FlaskClient) -> tuple[Authenticator, TestResponse]:
    page, path, device = client.get("/account/passkeys"), "/account/passkeys", Authenticator()
    said = device.make(read_field(page, "options", path))
    token = read_field(page, "question", path)
    return device, post(client, path, name="Laptop <b>", answer=said, question=token)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
class TestPages:
    def test_added_used_and_removed(self, named_app: Flask, client: FlaskClient) -> None:
        log_in(client, self.find_owner(named_app))
        device, added = add_by_pages(client)
        assert len(re.findall(r"<code>([A-F0-9-]{23})</code>", added.text)) == 10
        page = client.get("/account/passkeys").text
        assert "Laptop &lt;b&gt;" in page
        assert "Never used" in page

        other = named_app.test_client()
        asked = post(other, "/log-in", email=EMAIL, password=PASSWORD, next="/notices")
        assert asked.status_code == 200
        form = "/log-in/code/passkey"
        fields = {name: read_field(asked, name, form) for name in ("first", "next", "question")}
        wrong = post(other, form, **fields, answer="{}")
        assert wrong.status_code == 422
        assert other.get("/account").status_code != 200
        said = device.show(read_field(wrong, "options", form))
        fields["question"] = read_field(wrong, "question", form)
        entered = post(other, form, **fields, answer=said)
        assert (entered.status_code, entered.headers["Location"]) == (303, "/notices")
        assert "by password and passkey" in other.get("/account").text
        assert "Last used" in client.get("/account/passkeys").text

        third = named_app.test_client()
        page = third.get("/log-in?next=/notices")
        form = "/log-in/passkey"
        said = device.show(read_field(page, "options", form))
        fields = {name: read_field(page, name, form) for name in ("next", "question")}
        entered = post(third, form, **fields, answer=said)
        assert entered.headers["Location"] == "/notices"
        assert "by passkey" in third.get("/account").text
        with named_app.app_context():
            methods = set(db.session.scalars(select(LogIn.method)))
            assert {LogInMethod.TYPED_AND_PASSKEY, LogInMethod.PASSKEY} < methods
            public_id = db.session.scalars(select(Passkey.public_id)).one()
        again = post(named_app.test_client(), form, **fields, answer=said)
        assert again.status_code == 422

        removed = post(client, f"/account/passkeys/{public_id}/remove")
        assert removed.headers["Location"] == "/account/passkeys"
        assert post(client, f"/account/passkeys/{public_id}/remove").status_code == 404

    def test_a_copy_is_refused_and_told(self, named_app: Flask, client: FlaskClient) -> None:
        log_in(client, self.find_owner(named_app))
        device, _added = add_by_pages(client)
        device.count = 5
        for expected in (303, 422):
            other, form = named_app.test_client(), "/log-in/passkey"
            page = other.get("/log-in")
            said = device.show(read_field(page, "options", form))
            token = read_field(page, "question", form)
            assert post(other, form, answer=said, question=token).status_code == expected
            device.count = 2
        assert "may have been copied: Laptop" in client.get("/notices").text

    def test_without_javascript_a_recovery_code_lets_in(
        self, named_app: Flask, client: FlaskClient
    ) -> None:
        log_in(client, self.find_owner(named_app))
        _device, added = add_by_pages(client)
        code = re.findall(r"<code>([A-F0-9-]{23})</code>", added.text)[0]
        other = named_app.test_client()
        asked = post(other, "/log-in", email=EMAIL, password=PASSWORD)

        post(other, "/log-in/code", first=read_field(asked, "first", "/log-in/code"), code=code)

        assert other.get("/account").status_code == 200

    def test_the_password_is_asked_for_again(self, named_app: Flask, client: FlaskClient) -> None:
        log_in(client, self.find_owner(named_app))
        with named_app.app_context():
            db.session.execute(update(LogIn).values(confirmed_at=now() - CONFIRMED_FOR))
            db.session.commit()

        assert client.get("/account/passkeys").status_code == 303
        for path in ("/account/passkeys", "/account/passkeys/0000000000000000/remove"):
            assert post(client, path).status_code == 403

    def test_the_link_of_the_mail_leads_to_a_new_password(
        self, named_app: Flask, client: FlaskClient
    ) -> None:
        log_in(client, self.find_owner(named_app))
        add_by_pages(client)
        with named_app.app_context():
            path = f"/account/take-back/{read_link(db.session, 'passkey_added')}"
        owner = named_app.test_client()
        assert "that was not me" in owner.get(path, headers={"Accept-Language": "en"}).text
        assert client.get("/account").status_code == 200

        answer = post(owner, path)

        assert answer.headers["Location"].startswith("/password/new/")
        assert client.get("/account").status_code != 200
        # What is left was set up before: nothing is asked about it.
        post(owner, answer.headers["Location"], password="crystal and jade")
        assert owner.get("/account").status_code == 200
        assert owner.get(path).status_code == 404

    @pytest.mark.trust
    def test_a_forgotten_password_asks_whose_the_new_devices_are(
        self, named_app: Flask, client: FlaskClient
    ) -> None:
        thief = named_app.test_client()
        log_in(thief, self.find_owner(named_app))
        add_by_pages(thief)
        owner = named_app.test_client()
        path = self.ask_for_link(named_app, owner)
        page = owner.get(path, headers={"Accept-Language": "en"}).text
        assert "Passkey: Laptop" in page
        assert 'value="mine" checked' not in page

        unanswered = post(owner, path, password="crystal and jade")
        forged = post(owner, path, password="crystal and jade", devices="whose")
        assert (unanswered.status_code, forged.status_code) == (422, 422)
        answer = post(owner, path, password="crystal and jade", devices="foreign")

        # Nothing else is asked of the owner, since it was the thief's alone.
        assert answer.headers["Location"] == "/dashboard"
        with named_app.app_context():
            assert db.session.scalars(select(Passkey)).all() == []
            assert db.session.scalars(select(RecoveryCode)).all() == []
            kinds = db.session.scalars(select(Notice.kind)).all()
            assert {"password_changed", "second_factor_taken_back"} <= set(kinds)

    def test_what_is_the_owners_stays_and_is_asked_for(
        self, named_app: Flask, client: FlaskClient
    ) -> None:
        log_in(client, self.find_owner(named_app))
        add_by_pages(client)
        owner = named_app.test_client()
        path = self.ask_for_link(named_app, owner)

        answer = post(owner, path, password="crystal and jade", devices="mine")

        assert answer.status_code == 200
        assert owner.get("/account").status_code != 200
        with named_app.app_context():
            assert len(db.session.scalars(select(Passkey)).all()) == 1

    def test_what_was_set_up_long_ago_no_mail_takes_away(
        self, named_app: Flask, client: FlaskClient
    ) -> None:
        log_in(client, self.find_owner(named_app))
        add_by_pages(client)
        with named_app.app_context():
            earlier = now() - TAKEN_BACK_WITHIN - timedelta(minutes=1)
            db.session.execute(update(Passkey).values(created_at=earlier))
            db.session.commit()
        owner = named_app.test_client()
        path = self.ask_for_link(named_app, owner)
        assert "devices" not in owner.get(path).text

        post(owner, path, password="crystal and jade", devices="foreign")

        with named_app.app_context():
            assert len(db.session.scalars(select(Passkey)).all()) == 1

    def ask_for_link(self, app: Flask, client: FlaskClient) -> str:
        post(client, "/password/forgotten", email=EMAIL)
        with app.app_context():
            return f"/password/new/{read_link(db.session, 'password_reset')}"

    def test_at_an_address_in_figures_there_are_none(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            person = make_person(db.session, locale="en")
            db.session.commit()
            log_in(client, person)
        assert "data-passkey" not in client.get("/account/passkeys").text
        assert post(client, "/account/passkeys", name="Laptop").status_code == 404
        visitor = app.test_client()
        assert "data-passkey" not in visitor.get("/log-in").text
        assert post(visitor, "/log-in/passkey").status_code == 404

    def find_owner(self, app: Flask) -> Person:
        with app.app_context():
            person = db.session.scalars(select(Person).where(Person.email == EMAIL)).one()
            db.session.expunge(person)
            return person


def test_the_tables_hold_no_private_key(session: Session) -> None:
    person = make_person(session)
    device, _codes = add(session, person)
    private = device.key.private_numbers().private_value.to_bytes(32, "big")

    assert private not in session.scalars(select(Passkey.public_key)).one()
