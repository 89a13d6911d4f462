"""One address at every door, however it is typed: forms, log-in, files and the command line."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from wtforms import Field

import app as application
from app.accounts.forms import EmailField
from app.accounts.queries import find_person_by_email
from app.extensions import db
from app.imports.cells import recognise_cells
from models.imports import ImportKind
from tests.factories import PASSWORD, make_person
from tests.posting import post

STORED = "fang@xn--0zwm56d.xn--fiqs8s"
TYPED = ("Fang@测试.中国", "ｆａｎｇ＠测试。中国", " fang\u200b@XN--0ZWM56D.xn--fiqs8s. ")
UNREACHABLE = ("方@example.org", "fang@localhost", "fang@example.invalid")


def list_forms() -> Iterator[type[FlaskForm]]:
    for module in pkgutil.walk_packages(application.__path__, "app."):
        if ".form" in module.name:
            importlib.import_module(module.name)
    waiting = list(FlaskForm.__subclasses__())
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        yield form


def list_email_fields() -> list[tuple[type[FlaskForm], str, Field]]:
    return [
        (form, name, getattr(form, name).field_class)
        for form in list_forms()
        for name in dir(form)
        if "email" in name and hasattr(getattr(form, name), "field_class")
    ]


def test_every_form_reads_addresses_in_one_way(app: Flask) -> None:
    fields = list_email_fields()
    assert len({form for form, _name, _kind in fields}) >= 8
    for form, name, kind in fields:
        assert issubclass(kind, EmailField), (form, name)
        with app.test_request_context():
            for typed in TYPED:
                read = form(formdata=MultiDict({name: typed}), meta={"csrf": False})
                assert read[name].data == STORED, (form, name)


def test_who_gets_mail_gets_none_at_an_address_that_cannot_be_reached(app: Flask) -> None:
    """Wherever an address is new; one that somebody has is only compared."""
    checked = 0
    for form, name, _kind in list_email_fields():
        options = getattr(form, name).kwargs
        if not options.get("is_new"):
            continue
        checked += 1
        with app.test_request_context():
            for typed in UNREACHABLE:
                read = form(formdata=MultiDict({name: typed}), meta={"csrf": False})
                read.validate()
                assert read[name].errors, (form, name, typed)
    assert checked >= 4


@pytest.mark.parametrize("typed", TYPED)
def test_who_registered_so_logs_in_so(app: Flask, client: FlaskClient, typed: str) -> None:
    with app.app_context():
        make_person(db.session, email=TYPED[0])
        db.session.commit()
    answer = post(client, "/log-in", email=typed, password=PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/dashboard")


@pytest.mark.parametrize("typed", TYPED)
def test_files_and_commands_find_the_same_person(session: Session, typed: str) -> None:
    person = make_person(session, email=TYPED[0])
    assert person.email == STORED
    assert find_person_by_email(session, typed) is person
    values, problems = recognise_cells(ImportKind.MENTORS, {"name": "方某", "email": typed})
    assert (values["email"], problems) == (STORED, ())
