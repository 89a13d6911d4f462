"""An account moves to another address at both ends, and is not carried off."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import actions
from app.accounts.errors import (
    AddressChangedLately,
    AddressIsYours,
    AddressLinkInvalid,
    ResetLinkInvalid,
)
from app.extensions import db
from app.signing import Signer
from models.address_changes import CONFIRMED_WITHIN, STOPPED_WITHIN, AddressChange
from models.audit import AuditEntry
from models.log_ins import LogIn, LogInMethod
from models.notices import OutboxMail
from models.people import Person
from tests.factories import AT, act_as, log_in, make_person
from tests.posting import post

pytestmark = pytest.mark.trust

SIGNER = Signer("only for tests")
OLD, NEW = "old@example.org", "new@example.org"


@pytest.fixture
def owner(session: Session) -> Person:
    return make_person(session, email=OLD)


def begin(session: Session, owner: Person, email: str = NEW, *, at: datetime = AT) -> None:
    actions.begin_address_change(
        session, person=owner, email=email, signer=SIGNER, actor=act_as(owner), at=at
    )


def read_mails(session: Session) -> list[tuple[str, str]]:
    mails = session.scalars(select(OutboxMail).order_by(OutboxMail.id))
    return [(mail.address, mail.kind) for mail in mails]


def read_token(session: Session, kind: str) -> str:
    mails = session.scalars(
        select(OutboxMail).where(OutboxMail.kind == kind).order_by(OutboxMail.id.desc())
    )
    mail = mails.first()
    assert mail is not None
    return mail.facts["link"].rpartition("/")[2]


def confirm(session: Session, token: str, *, at: datetime = AT) -> None:
    actions.confirm_address_change(session, token=token, signer=SIGNER, at=at)


def stop(session: Session, token: str, *, at: datetime = AT) -> str:
    return actions.stop_address_change(session, token=token, signer=SIGNER, at=at)


def test_both_ends_are_written_to_and_the_new_one_confirms(session: Session, owner: Person) -> None:
    begin(session, owner, "New@Example.ORG")
    assert owner.email == OLD
    assert read_mails(session) == [
        (OLD, "address_change_begun"),
        (NEW, "address_confirmation"),
    ]

    confirm(session, token := read_token(session, "address_confirmation"))

    assert owner.email == NEW
    assert read_mails(session)[2:] == [(OLD, "address_left"), (NEW, "address_changed")]
    with pytest.raises(AddressLinkInvalid):
        confirm(session, token)
    assert session.scalars(select(AuditEntry.kind).order_by(AuditEntry.id)).all() == [
        "began_address_change",
        "changed_address",
    ]


@pytest.mark.parametrize(
    ("is_confirmed", "kind"),
    [(False, "address_change_begun"), (True, "address_change_begun"), (True, "address_left")],
)
def test_the_old_end_takes_it_back(
    session: Session, owner: Person, is_confirmed: bool, kind: str
) -> None:
    version = owner.credential_version
    actions.begin_log_in(
        session,
        person=owner,
        device="",
        method=LogInMethod.TYPED,
        is_remembered=False,
        at=AT,
    )
    begin(session, owner)
    later = AT + timedelta(hours=2)
    if is_confirmed:
        confirm(session, read_token(session, "address_confirmation"), at=later)

    reset = stop(session, token := read_token(session, kind), at=later)

    assert (owner.email, owner.credential_version) == (OLD, version + 1)
    assert session.scalars(select(LogIn)).all() == []
    found = actions.get_person_of_reset(session, token=reset, signer=SIGNER, at=later)
    assert found is owner
    with pytest.raises(AddressLinkInvalid):
        stop(session, token, at=later)
    with pytest.raises(AddressLinkInvalid):
        confirm(session, read_token(session, "address_confirmation"), at=later)


def test_links_end_by_themselves(session: Session, owner: Person) -> None:
    begin(session, owner)
    with pytest.raises(AddressLinkInvalid):
        confirm(session, read_token(session, "address_confirmation"), at=AT + CONFIRMED_WITHIN)
    with pytest.raises(AddressLinkInvalid):
        stop(session, read_token(session, "address_change_begun"), at=AT + STOPPED_WITHIN)
    for token in ("forged", read_token(session, "address_change_begun")):
        with pytest.raises(AddressLinkInvalid):
            confirm(session, token)


def test_it_does_not_move_on_while_it_can_be_stopped(session: Session, owner: Person) -> None:
    begin(session, owner)
    begin(session, owner, "third@example.org")
    confirm(session, read_token(session, "address_confirmation"))
    assert owner.email == "third@example.org"
    with pytest.raises(AddressChangedLately):
        begin(session, owner, "fourth@example.org", at=AT + timedelta(days=6))

    begin(session, owner, "fourth@example.org", at=AT + STOPPED_WITHIN)

    assert owner.email == "third@example.org"
    with pytest.raises(AddressIsYours):
        begin(session, owner, "Third@example.org", at=AT + STOPPED_WITHIN)


@pytest.mark.privacy
def test_who_asks_is_not_told_who_has_an_account(session: Session, owner: Person) -> None:
    make_person(session, email=NEW)

    begin(session, owner)

    assert read_mails(session) == [(OLD, "address_change_begun"), (NEW, "already_registered")]
    assert session.scalars(select(AddressChange.new_email)).all() == [NEW]


def test_whoever_was_faster_keeps_an_address(session: Session, owner: Person) -> None:
    begin(session, owner)
    make_person(session, email=NEW)

    with pytest.raises(AddressLinkInvalid):
        confirm(session, read_token(session, "address_confirmation"))

    assert owner.email == OLD


def test_links_for_a_password_that_went_to_the_old_end_are_void(
    session: Session, owner: Person
) -> None:
    reset = actions.make_reset_token(owner, signer=SIGNER, at=AT)
    begin(session, owner)
    confirm(session, read_token(session, "address_confirmation"))

    with pytest.raises(ResetLinkInvalid):
        actions.get_person_of_reset(session, token=reset, signer=SIGNER, at=AT)


def test_what_is_over_is_forgotten(session: Session, owner: Person) -> None:
    begin(session, owner)
    confirm(session, read_token(session, "address_confirmation"), at=AT + timedelta(hours=3))
    assert actions.forget_address_changes(session, at=AT + STOPPED_WITHIN) == 0

    late = AT + STOPPED_WITHIN + timedelta(hours=3)
    assert actions.forget_address_changes(session, at=late) == 1


class TestPages:
    @pytest.fixture
    def person(self, app: Flask, client: FlaskClient) -> Person:
        with app.app_context():
            person = make_person(db.session, email=OLD, locale="en")
            db.session.commit()
            db.session.refresh(person)
            db.session.expunge(person)
        log_in(client, person)
        return person

    def read_link(self, app: Flask, kind: str) -> str:
        with app.app_context():
            mail = db.session.scalars(select(OutboxMail).where(OutboxMail.kind == kind)).one()
            return str(mail.facts["link"])

    def read_email(self, app: Flask) -> str:
        with app.app_context():
            return db.session.scalars(select(Person.email)).one()

    def test_from_the_account_page_to_the_link(
        self, app: Flask, client: FlaskClient, person: Person
    ) -> None:
        assert post(client, "/account/address", email=NEW).headers["Location"] == "/account"
        assert f"A link went to {NEW}." in client.get("/account").text
        link = self.read_link(app, "address_confirmation")
        elsewhere = app.test_client()

        assert elsewhere.get(link).status_code == 200
        assert self.read_email(app) == OLD
        assert post(elsewhere, link).headers["Location"] == "/log-in"

        assert self.read_email(app) == NEW
        assert f"You log in as {NEW}." in client.get("/account").text

    def test_from_the_old_mailbox_to_a_new_password(
        self, app: Flask, client: FlaskClient, person: Person
    ) -> None:
        post(client, "/account/address", email=NEW)
        post(app.test_client(), self.read_link(app, "address_confirmation"))
        owner, link = app.test_client(), self.read_link(app, "address_left")
        assert owner.get(link).status_code == 200
        assert self.read_email(app) == NEW

        stopped = post(owner, link)

        assert self.read_email(app) == OLD
        assert client.get("/account").status_code == 303
        done = post(owner, stopped.headers["Location"], password="crystal and jade")
        assert done.headers["Location"] == "/dashboard"
        assert app.test_client().get(link).status_code == 404

    def test_it_can_be_withdrawn(self, app: Flask, client: FlaskClient, person: Person) -> None:
        post(client, "/account/address", email=NEW)

        assert post(client, "/account/address/withdraw").status_code == 303

        link = self.read_link(app, "address_confirmation")
        assert post(app.test_client(), link).status_code == 404
        assert "A link went to" not in client.get("/account").text

    @pytest.mark.fuzz
    @pytest.mark.parametrize("email", ["", "nobody", "a@example.org\nBcc: b@example.org", OLD])
    def test_what_is_no_new_address_is_said(
        self, app: Flask, client: FlaskClient, person: Person, email: str
    ) -> None:
        answer = post(client, "/account/address", email=email)

        assert answer.status_code == 422
        assert 'href="#email"' in answer.text
        with app.app_context():
            assert db.session.scalars(select(AddressChange)).all() == []
