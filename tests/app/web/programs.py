"""Programs in tests: a token of somebody, and requests that show it."""

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from app.access import make_actor
from app.accounts.actions import create_token
from app.clock import now
from app.extensions import db
from app.scopes import ALL
from app.signing import Signer
from models.people import Person
from models.tokens import ApiToken


class Program:
    """A program that acts for `person` with a token of its own."""

    def __init__(self, app: Flask, person: Person, *scopes: str) -> None:
        self.app = app
        at = now()
        with app.app_context():
            made = create_token(
                db.session,
                person=db.session.get_one(Person, person.id),
                name="a program",
                scopes=scopes or (ALL,),
                days=1,
                signer=Signer(app.config["SECRET_KEY"]),
                actor=make_actor(db.session.get_one(Person, person.id)),
                at=at,
            )
            self.token_id, self.secret = made.token.id, made.secret
            db.session.commit()

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        return self.ask("POST", path, {} if body is None else body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> TestResponse:
        return self.ask("PATCH", path, body, **headers)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """Send `body` as JSON, or bytes as they are; underscores in headers become hyphens."""
        head = {"Authorization": f"Bearer {self.secret}"}
        head |= {name.replace("_", "-"): value for name, value in headers.items()}
        sent: dict[str, Any] = {}
        if isinstance(body, bytes):
            sent = {"data": body}
            head.setdefault("Content-Type", "application/json")
        elif body is not None:
            sent = {"json": body}
        return self.app.test_client().open(f"/api/v1{path}", method=method, headers=head, **sent)

    def change_token(self, **values: Any) -> None:
        """The token is as `values` say from now on."""
        with self.app.app_context():
            token = db.session.get_one(ApiToken, self.token_id)
            for name, value in values.items():
                setattr(token, name, value)
            db.session.commit()
