"""No text, address or link of anybody reaches a log, and no log grows without end."""

import io
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app import create_app
from app.commands.logs import Limited, WithoutWords
from app.extensions import db
from app.settings import Settings
from app.web.guard import public
from tests.factories import make_person

pytestmark = [pytest.mark.trust, pytest.mark.privacy]


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the program would have written on standard error."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(WithoutWords("%(levelname)s %(name)s: %(message)s"))
    handler.addFilter(Limited())
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def test_what_a_database_refuses_is_not_quoted(app: Flask, written: io.StringIO) -> None:
    with app.app_context():
        # Made here, since the lines of our own source are part of what is told.
        email, name = "known" + "@example.org", "Secret" + "name"
        make_person(db.session, email=email)
        try:
            make_person(db.session, email=email, name=name)
        except IntegrityError as error:
            # What the error itself says, which an exception that nobody catches would print.
            assert name not in str(error)
            logging.getLogger("some").exception("refused")

    assert "refused" in written.getvalue()
    assert "IntegrityError" in written.getvalue()
    for word in (email, name):
        assert word not in written.getvalue()


def test_a_page_that_fails_names_its_pattern_alone(app: Flask, written: io.StringIO) -> None:
    @app.get("/broken/<token>")
    @public
    def fail(token: str) -> ResponseReturnValue:
        with db.engine.connect() as connection:
            connection.execute(text("SELECT :word FROM no_such_table"), {"word": token})
        raise ValueError(token)

    assert app.test_client().get("/broken/Secretlink").status_code in (500, 503)
    assert "fail" in written.getvalue()
    assert "Secretlink" not in written.getvalue()


@pytest.mark.faults
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_without_a_database_the_log_stays_short(
    settings: Settings, tmp_path: Path, written: io.StringIO
) -> None:
    gone = f"sqlite:///{tmp_path / 'no-such-folder' / 'gone.db'}"
    client = create_app(replace(settings, database_url=gone)).test_client()

    for path in ("/", "/incubators", "/healthz") * 30:
        answer = client.get(path)
        assert answer.status_code == 503

    assert len(written.getvalue().splitlines()) < 500
    assert "数据库目前无法访问" in client.get("/").text


def test_other_lines_are_not_kept_back(written: io.StringIO) -> None:
    for number in range(3):
        logging.getLogger("some").warning("the %sth line", number)
        logging.getLogger("some").warning("another")

    assert written.getvalue().count("the ") == 1
    assert written.getvalue().count("another") == 1
