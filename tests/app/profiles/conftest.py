"""People in front of a browser, each with the organisation that they act for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.extensions import db
from models.people import Person
from tests.factories import log_in, make_person


@pytest.fixture
def committed(app: Flask) -> Callable[[], "contextmanager[Session]"]:
    """`with committed() as session:` writes and commits, apart from any request."""

    @contextmanager
    def open_session() -> Iterator[Session]:
        with app.app_context():
            yield db.session
            db.session.commit()

    return open_session


@pytest.fixture
def person(app: Flask) -> Person:
    """Somebody with an account and nothing else."""
    with app.app_context():
        person = make_person(db.session)
        db.session.commit()
        db.session.refresh(person)
        db.session.expunge(person)
    return person


@pytest.fixture
def visitor(client: FlaskClient, person: Person) -> FlaskClient:
    """A browser in which `person` is logged in."""
    log_in(client, person)
    return client
