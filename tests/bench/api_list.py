"""What a list of 50 engagements costs a program, over its queries and its JSON alone.

Both sides read the token with its person and memberships, and the rows with their names; the
baseline writes the same items as JSON and does nothing else. They take turns.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

from app import create_app
from app.access import make_actor
from app.engagements.queries.lists import select_engagements
from app.extensions import db
from app.settings import Settings
from models.engagements import Engagement
from models.people import Membership, Person
from models.tokens import ApiToken, hash_secret
from tests.app.web.programs import Program
from tests.bench.taking_turns import compare
from tests.databases import SqliteDatabases
from tests.factories import (
    make_engagement,
    make_incubator,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)

ENGAGEMENTS = 60
ROUNDS = 200
WARM_UP = 20


def measure() -> dict[str, object]:
    """Seconds a request as `value`, seconds of its queries and JSON as `baseline`."""
    with tempfile.TemporaryDirectory() as folder:
        url = SqliteDatabases(Path(folder)).create()
        app = create_app(
            Settings(
                instance_path=Path(folder),
                database_url=url,
                secret_key="only for a measurement",
                encoder="hashing",
                requests_per_minute=1_000_000,
            )
        )
        program = Program(app, _fill(app))
        client = app.test_client()
        head = Headers({"Authorization": f"Bearer {program.secret}"})
        answer: Any = client.get("/api/v1/engagements", headers=head).json
        items: list[Any] = answer["items"]
        environ = EnvironBuilder("/api/v1/engagements", headers=head).get_environ()
        compared = compare(
            # As a server calls it: the client of tests is no part of the product.
            lambda number: run_wsgi_app(app, dict(environ), buffered=True),
            lambda number: _read_alone(app, program.secret, items),
            rounds=ROUNDS,
            warm_up=WARM_UP,
        )
        with app.app_context():
            db.engine.dispose()
    return {"name": "api_list_50_engagements", **compared, "items": len(items)}


def _fill(app: Flask) -> Person:
    with app.app_context():
        session = db.session
        operator = make_person(session)
        incubator = make_incubator(session, operator=operator)
        for _ in range(ENGAGEMENTS):
            startup = make_startup(session, incubator=incubator)
            make_engagement(session, make_need(session, startup), make_mentor(session))
        session.commit()
        session.refresh(operator)
        session.expunge_all()
    return operator


def _read_alone(app: Flask, secret: str, items: list[Any]) -> None:
    with app.app_context():
        token = db.session.scalars(
            select(ApiToken)
            .where(ApiToken.token_hash == hash_secret(secret))
            .options(
                joinedload(ApiToken.person)
                .selectinload(Person.memberships)
                .selectinload(Membership.startup)
            )
        ).one()
        query = select_engagements(make_actor(token.person), state=None, side=None)
        order = Engagement.requested_at.desc(), Engagement.id.desc()
        rows = db.session.scalars(query.order_by(*order).limit(51)).all()
        json.dumps({"items": items[: len(rows)], "next": None})


if __name__ == "__main__":
    print(json.dumps(measure()))
