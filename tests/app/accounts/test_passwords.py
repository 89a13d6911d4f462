"""Which passwords are taken: long enough, and not among the first that anyone would try."""

import time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.accounts.passwords import (
    MAX_PASSWORD_LENGTH,
    MIN_PASSWORD_LENGTH,
    hash_password,
    is_password_right,
    is_too_common,
)
from app.demo.accounts import DEMO_PASSWORD
from app.extensions import db
from models.notices import OutboxMail
from models.people import Person
from tests.factories import make_person
from tests.posting import post

pytestmark = pytest.mark.trust

ABOUT = ("Lin Yue 林越", "lin.yue@wafer.example")


@pytest.mark.parametrize(
    "password",
    [
        "1qaz2wsx3edc",
        "password1234",
        "PASSWORD1234",
        "ｐａｓｓｗｏｒｄ1234",
        "Password-2024!",
        "p@$$w0rd1234",
        "changeme12345",
        "adminadmin123",
        "qwertyuiop123",
        "asdfghjkl1234",
        "0123456789012",
        "abcdefghijkl",
        "aaaaaaaaaaaab",
        "abcabcabcabc",
        "woaini1314520",
        "wodemima123456",
        "shanghai2026",
        "我的密码123456789",
        "yinqiao-demo",
        "linyue19900101",
        "Wafer.Wafer.1990",
        "林越林越林越林越林越林越",
    ],
)
def test_what_is_tried_first_is_refused(password: str) -> None:
    assert len(password) >= MIN_PASSWORD_LENGTH
    assert is_too_common(password, about=ABOUT)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "一步一步爬上去看看外面的世界",
        "four quiet words here",
        "kT7-vehement-Ostrich",
        "x9!mK2#qL7$w",
    ],
)
def test_what_is_not_is_taken(password: str) -> None:
    assert not is_too_common(password, about=ABOUT)


def test_names_count_for_their_owner_alone() -> None:
    assert is_too_common("linyue-19900101", about=("linyue",))
    assert not is_too_common("linyue-x-19900101", about=("somebody",))


@pytest.mark.fuzz
@given(st.text(max_size=MAX_PASSWORD_LENGTH), st.lists(st.text(max_size=100), max_size=3))
def test_any_text_gets_an_answer(password: str, about: list[str]) -> None:
    is_too_common(password, about=about)


@pytest.mark.fuzz
@pytest.mark.parametrize(
    "piece", ["4@8({[<36917|!1$5+7%0z2", "password", "1qaz", "a", "0", "\ufdfa", "p4ss", "👩🏽‍🚀"]
)
def test_no_text_takes_long(piece: str) -> None:
    is_too_common("the list is read before")
    password = (piece * MAX_PASSWORD_LENGTH)[:MAX_PASSWORD_LENGTH]

    begun = time.process_time()
    is_too_common(password, about=(password, "x" * 254))

    assert time.process_time() - begun < 1


def test_shorter_passwords_of_earlier_days_go_on_working() -> None:
    assert is_password_right("ten chars!", hash_password("ten chars!"))
    assert len(DEMO_PASSWORD) >= MIN_PASSWORD_LENGTH


@pytest.mark.parametrize("password", ["elevenchars", "Lin-Yue-2026", "wafer20260101"])
def test_the_page_refuses_what_names_the_owner(
    app: Flask, client: FlaskClient, password: str
) -> None:
    fields = {
        "name": "Lin Yue",
        "email": "wafer@example.org",
        "password": password,
        "locale": "en",
        "time_zone": "UTC",
    }

    answer = post(client, "/register", **fields)

    assert answer.status_code == 422
    with app.app_context():
        assert db.session.scalars(select(Person)).all() == []


def test_the_link_of_a_mail_knows_whose_it_is(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_person(db.session, email="crystal@example.org", name="Zhao")
        db.session.commit()
    post(client, "/password/forgotten", email="crystal@example.org")
    with app.app_context():
        link = db.session.scalars(select(OutboxMail)).one().facts["link"]

    assert post(client, link, password="crystal-zhao").status_code == 422
    assert post(client, link, password="crystal and jade").status_code == 303
