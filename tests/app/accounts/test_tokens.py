"""Tokens on the account page and on the command line."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.actions import tokens
from app.accounts.errors import TokenDaysInvalid, TokenNameInvalid
from app.commands.cli import main
from app.errors import DomainError
from app.extensions import db
from app.settings import Settings
from app.signing import Signer
from models.audit import AuditEntry
from models.notices import Notice
from models.people import Person
from models.tokens import ApiToken
from tests.app.web.programs import Program
from tests.factories import AT, act_as, log_in, make_person
from tests.posting import post

pytestmark = pytest.mark.api


@pytest.fixture
def person(app: Flask, client: FlaskClient) -> Person:
    with app.app_context():
        person = make_person(db.session, email="program@example.org")
        db.session.commit()
        db.session.refresh(person)
        db.session.expunge_all()
    log_in(client, person)
    return person


def make_token(client: FlaskClient) -> str:
    page = post(client, "/account/tokens", name="Our website", scopes=["needs:read"], days="30")
    assert page.status_code == 200
    return page.text.partition("<code>yq_")[2].partition("</code>")[0]


def test_a_token_is_made_and_shown_once(app: Flask, client: FlaskClient, person: Person) -> None:
    secret = f"yq_{make_token(client)}"
    head = {"Authorization": f"Bearer {secret}"}
    assert app.test_client().get("/api/v1/me", headers=head).json["token"]["name"] == "Our website"

    page = client.get("/account/tokens").text
    assert "Our website" in page
    assert secret not in page
    with app.app_context():
        token = db.session.scalars(select(ApiToken)).one()
        assert (token.scopes, token.hint) == (["needs:read"], secret[:9])
        assert "created_token" in db.session.scalars(select(AuditEntry.kind)).all()


def test_a_token_is_revoked(app: Flask, client: FlaskClient, person: Person) -> None:
    secret = f"yq_{make_token(client)}"
    with app.app_context():
        public_id = db.session.scalars(select(ApiToken.public_id)).one()
    assert post(client, f"/account/tokens/{public_id}/revoke").status_code == 303

    head = {"Authorization": f"Bearer {secret}"}
    assert app.test_client().get("/api/v1/me", headers=head).status_code == 401
    assert "Revoked" in client.get("/account/tokens").text


def test_nobody_revokes_the_token_of_another(
    app: Flask, client: FlaskClient, person: Person
) -> None:
    with app.app_context():
        other = make_person(db.session)
        db.session.commit()
        db.session.refresh(other)
        db.session.expunge_all()
    program = Program(app, other)
    with app.app_context():
        public_id = db.session.get_one(ApiToken, program.token_id).public_id

    assert post(client, f"/account/tokens/{public_id}/revoke").status_code == 404
    assert program.get("/me").status_code == 200


@pytest.mark.parametrize(
    "values",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"scopes": []},
        {"scopes": ["needs:burn"]},
        {"days": "0"},
        {"days": "366"},
        {"days": "x"},
        {"days": ""},
    ],
)
def test_what_is_no_token_is_said_and_not_made(
    app: Flask, client: FlaskClient, person: Person, values: dict[str, object]
) -> None:
    typed = {"name": "Our website", "scopes": ["all"], "days": "30"} | values
    assert post(client, "/account/tokens", **typed).status_code == 422
    with app.app_context():
        assert db.session.scalars(select(ApiToken)).all() == []


def test_the_person_is_told(app: Flask, client: FlaskClient, person: Person) -> None:
    make_token(client)

    with app.app_context():
        (notice,) = db.session.scalars(select(Notice))
        assert (notice.kind, notice.facts) == ("token_made", {"name": "Our website"})
    assert "A program can act for you: Our website" in client.get("/notices").text


def test_there_are_not_too_many_at_a_time(
    app: Flask, client: FlaskClient, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "MOST_TOKENS", 2)
    make_token(client)
    make_token(client)

    refused = post(client, "/account/tokens", name="A third", scopes=["needs:read"], days="30")

    assert refused.status_code == 409
    assert "Revoke one that you no longer need." in refused.text
    with app.app_context():
        public_id = db.session.scalars(select(ApiToken.public_id)).first()
    post(client, f"/account/tokens/{public_id}/revoke")
    make_token(client)


@pytest.mark.parametrize(
    ("name", "days", "error"),
    [
        (" \u200b", 30, TokenNameInvalid),
        ("x" * 81, 30, TokenNameInvalid),
        ("a program", 0, TokenDaysInvalid),
        ("a program", 366, TokenDaysInvalid),
    ],
)
def test_the_action_itself_refuses(
    session: Session, name: str, days: int, error: type[DomainError]
) -> None:
    with pytest.raises(error):
        create(session, make_person(session), name=name, days=days)
    assert session.scalars(select(ApiToken)).all() == []


def create(session: Session, person: Person, **values: Any) -> ApiToken:
    given = {"name": "a program", "scopes": ["all"], "days": 30, "actor": act_as(person), "at": AT}
    given["signer"] = Signer("only for tests")
    return tokens.create_token(session, person=person, **given | values).token


def test_what_ended_long_ago_is_forgotten(session: Session) -> None:
    person = make_person(session)
    short, revoked, long = (create(session, person, days=days) for days in (1, 365, 365))
    tokens.revoke_token(session, token=revoked, actor=act_as(person), at=AT)
    kept_ids = {long.id}

    assert tokens.forget_tokens(session, at=AT + timedelta(days=89)) == 0
    assert tokens.forget_tokens(session, at=AT + timedelta(days=91)) == 2

    assert short.id not in kept_ids
    assert set(session.scalars(select(ApiToken.id))) == kept_ids


def run(settings: Settings, *words: str) -> tuple[int, str]:
    environment = {
        "YINQIAO_INSTANCE_PATH": str(settings.instance_path),
        "YINQIAO_DATABASE_URL": settings.database_url,
        "YINQIAO_ENCODER": "hashing",
    }
    result = CliRunner(env=environment).invoke(main, ["token", "create", *words])
    return result.exit_code, result.output


def test_the_command_makes_a_token(app: Flask, settings: Settings, person: Person) -> None:
    Path(settings.instance_path).mkdir(parents=True, exist_ok=True)
    code, said = run(
        settings, "--person", person.email, "--scope", "needs:read", "--scope", "needs:write",
        "--days", "7", "--json",
    )  # fmt: skip
    assert code == 0, said
    made = json.loads(said)
    assert set(made) == {"id", "token", "expires_at"}
    head = {"Authorization": f"Bearer {made['token']}"}
    me = app.test_client().get("/api/v1/me", headers=head).json
    assert me["token"]["scopes"] == ["needs:read", "needs:write"]


def test_the_command_says_what_is_wrong(settings: Settings, app: Flask, person: Person) -> None:
    assert run(settings, "--person", "nobody@example.org", "--scope", "all")[0] == 1
    assert run(settings, "--person", person.email, "--scope", "needs:burn")[0] == 2
    assert run(settings, "--person", person.email, "--scope", "all", "--days", "0")[0] == 2
