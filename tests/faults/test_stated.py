"""What docs/operations.md says of each fault, as far as no other file of tests shows it."""

from typing import Any

import pytest
from alembic.util import CommandError
from flask import Flask
from sqlalchemy import Engine, event, text

from app.database import upgrade_schema
from app.extensions import db
from tests.factories import log_in, make_person
from tests.posting import post

LOCALE = "zh_Hans_CN"

pytestmark = [pytest.mark.faults, pytest.mark.trust]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_database_that_is_only_read_is_read_and_says_so_of_the_rest(app: Flask) -> None:
    client = app.test_client()
    with app.app_context():
        person = make_person(db.session, name="Before")
        db.session.commit()
        log_in(client, person)
        engine = db.engine
        engine.dispose()

    def take_nothing(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA query_only = ON")

    event.listen(engine, "connect", take_nothing)
    assert client.get("/account").status_code == 200
    answer = post(client, "/locale", locale=LOCALE, back_to="/account")
    assert answer.status_code == 503
    assert "数据库目前无法访问" in answer.text
    assert client.get("/account").status_code == 200
    event.remove(engine, "connect", take_nothing)
    with app.app_context():
        engine.dispose()
    assert post(client, "/locale", locale=LOCALE, back_to="/account").status_code == 303


def test_a_schema_newer_than_the_code_is_not_touched(fresh_engine: Engine) -> None:
    with fresh_engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(CommandError):
        upgrade_schema(fresh_engine)
    with fresh_engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
