"""The page of those who are left out, and the way out of a list without anybody."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.matches.queries import left_out
from models.matches import MatchRun
from models.needs import Need
from models.vocabulary import NeedKind
from tests.factories import (
    admit,
    log_in,
    make_incubator,
    make_investor,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)
from tests.posting import post


@pytest.fixture
def need_path(app: Flask, client: FlaskClient) -> str:
    """A founder, logged in, with a need that requires Shanghai and English of everybody."""
    with app.app_context():
        session = db.session
        founder = make_person(session)
        startup = make_startup(
            session,
            founder=founder,
            incubator=make_incubator(session),
            shareholders=["River Fund"],
            competitors=["Rival Devices", "Other Rival"],
        )
        need = make_need(
            session,
            startup,
            kind=NeedKind.MENTORING,
            conditions=[("place", ["310000"], True), ("languages", ["en"], True)],
        )
        need_path = f"/needs/{need.public_id}"
        session.commit()
        session.refresh(founder)
        session.expunge_all()
    log_in(client, founder)
    return need_path


@pytest.fixture
def crowd(app: Flask, need_path: str) -> Iterator[None]:
    """Mentors and investors of whom none fits, and one mentor of another incubator's pool."""
    with app.app_context():
        session = db.session
        for name in ("Far one", "Far two", "Far three"):
            make_mentor(session, name=name, place_code="370200")
        make_mentor(session, name="Far and silent", place_code="370200", languages=["zh"])
        make_mentor(session, name="Full", capacity=0)
        make_mentor(session, name="Adviser", advised=["Rival Devices Inc.", "Other rival"])
        make_investor(session, name="River Fund Ltd")
        closed = make_mentor(session, name="Unknown", open_to_all=False, place_code="370200")
        admit(session, make_incubator(session), closed)
        session.commit()
    yield


def read(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))


def list_shown(page: str) -> dict[str, list[str]]:
    """The sentences on the page by the name that they stand under."""
    return {
        re.sub(r"<[^>]+>", "", title): re.findall(r"<li>([^<]+)</li>", rest)
        for title, rest in re.findall(
            r'<h2 class="card-title">(.+?)</h2>(.+?)</ul>', page, flags=re.DOTALL
        )
    }


@pytest.mark.usefixtures("crowd")
@pytest.mark.privacy
def test_each_is_named_with_every_reason_and_nobody_unknown_is(
    client: FlaskClient, need_path: str
) -> None:
    far = "Wanted Shanghai, is in Qingdao"
    page = read(client, f"{need_path}/left-out")
    assert list_shown(page) == {
        "Far one": [far],
        "Far two": [far],
        "Far three": [far],
        "Full": ["Has no free place"],
        "Adviser": ["Advises a competitor of yours: Rival Devices Inc. and Other rival"],
        "Far and silent": [far, "Wanted English, speaks Chinese"],
    }
    assert "6 are left out" in page
    assert "Unknown" not in page
    only = read(client, f"{need_path}/left-out?kind=mentor&reason=languages")
    assert list(list_shown(only)) == ["Far and silent"]
    funds = read(client, f"{need_path}/left-out?kind=investor&reason=conflict")
    assert list_shown(funds) == {"River Fund Ltd": ["Tied to you by shares: River Fund Ltd"]}
    assert "Nobody is left out for this reason" in read(
        client, f"{need_path}/left-out?kind=centre&reason=capacity"
    )


@pytest.mark.usefixtures("crowd")
def test_hundreds_are_shown_page_by_page(
    client: FlaskClient, need_path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(left_out, "PAGE_SIZE", 4)
    first = read(client, f"{need_path}/left-out")
    [rest] = re.findall(r'rel="next" href="([^"]+)"', first)
    second = read(client, rest)
    assert (len(list_shown(first)), len(list_shown(second))) == (4, 2)
    assert "Page 2 of 2" in second
    # Beyond the last page stands the last one.
    assert list_shown(read(client, f"{need_path}/left-out?page=9")) == list_shown(second)


@pytest.mark.parametrize("query", ["kind=fund", "reason=seat", "kind=mentor&reason=amount"])
def test_a_reason_that_nobody_is_left_out_for_is_no_page(
    client: FlaskClient, need_path: str, query: str
) -> None:
    assert client.get(f"{need_path}/left-out?{query}").status_code == 404


@pytest.mark.permissions
def test_only_the_startup_and_its_incubator_see_it(
    app: Flask, client: FlaskClient, need_path: str
) -> None:
    with app.app_context():
        stranger, operator = make_person(db.session), make_person(db.session)
        make_incubator(db.session, operator=operator)
        make_startup(db.session, founder=stranger)
        db.session.commit()
        for person in (stranger, operator):
            db.session.refresh(person)
        db.session.expunge_all()
    for person in (stranger, operator):
        log_in(client, person)
        assert client.get(f"{need_path}/left-out").status_code == 404
        assert (
            post(client, f"{need_path}/relax", version="1", attributes="place").status_code == 404
        )


@pytest.mark.usefixtures("crowd")
def test_the_least_set_of_conditions_is_offered_and_given_up(
    app: Flask, client: FlaskClient, need_path: str
) -> None:
    post(client, f"{need_path}/matches")
    page = read(client, need_path)
    assert "If you no longer require “Place: Shanghai”, 3 mentors meet your conditions." in page
    form = page[page.index(f'action="{need_path}/relax"') :]
    sent = dict(re.findall(r'name="(version|attributes)" value="([^"]+)"', form)[:2])
    assert sent == {"version": "1", "attributes": "place"}
    answer = post(client, f"{need_path}/relax", **sent)
    assert (answer.status_code, answer.headers["Location"]) == (307, f"{need_path}/matches")
    # What a browser does with a 307: the same form, to the other address.
    post(client, answer.headers["Location"], **sent)
    page = read(client, need_path)
    assert "If you no longer require" not in page
    assert page.count('<article class="match"') == 3
    with app.app_context():
        need = db.session.scalars(select(Need)).one()
        assert [(c.attribute.value, c.is_hard) for c in need.conditions] == [
            ("place", False),
            ("languages", True),
        ]
        assert len(db.session.scalars(select(MatchRun)).all()) == 2


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize(
    "fields",
    [
        {"version": "7", "attributes": "place"},
        {"attributes": "place"},
        {"version": "1", "attributes": "shoe_size"},
        {"version": "1"},
    ],
)
def test_what_was_offered_for_another_version_changes_nothing(
    app: Flask, client: FlaskClient, need_path: str, fields: dict[str, str]
) -> None:
    assert post(client, f"{need_path}/relax", **fields).status_code in (303, 409)
    with app.app_context():
        need = db.session.scalars(select(Need)).one()
        assert [c.is_hard for c in need.conditions] == [True, True]
        assert need.version == 1


def test_a_need_that_is_closed_is_not_changed_by_a_page_from_before(
    app: Flask, client: FlaskClient, need_path: str
) -> None:
    with app.app_context():
        db.session.scalars(select(Need)).one().state = "closed"
        db.session.commit()
    answer = post(client, f"{need_path}/relax", version="2", attributes="place")
    assert answer.status_code == 409
    with app.app_context():
        need = db.session.scalars(select(Need)).one()
        assert ([c.is_hard for c in need.conditions], need.version) == ([True, True], 2)


@pytest.mark.usefixtures("crowd")
@pytest.mark.privacy
def test_counts_tell_nothing_of_mentors_of_other_pools(
    app: Flask, client: FlaskClient, need_path: str
) -> None:
    with app.app_context():
        closed = make_mentor(db.session, open_to_all=False, advised=["Other Rival"], capacity=0)
        admit(db.session, make_incubator(db.session), closed)
        db.session.commit()
    post(client, f"{need_path}/matches")
    with app.app_context():
        found = db.session.scalars(select(MatchRun)).one().excluded_by["mentor"]
    # Each as often as the page that names them does.
    assert found == {"pool": 2, "conflict": 1, "capacity": 1, "place": 4, "languages": 1}


@pytest.mark.usefixtures("crowd")
def test_a_changed_need_offers_no_old_way_out(
    app: Flask, client: FlaskClient, need_path: str
) -> None:
    post(client, f"{need_path}/matches")
    with app.app_context():
        need = db.session.scalars(select(Need)).one()
        need.text += " Soon."
        db.session.commit()
    page = read(client, need_path)
    assert "If you no longer require “Place: Shanghai”" in page
    assert f"{need_path}/relax" not in page


def test_where_enough_fit_no_way_out_is_offered(
    app: Flask, client: FlaskClient, need_path: str
) -> None:
    with app.app_context():
        for _ in range(3):
            make_mentor(db.session)
        make_mentor(db.session, place_code="370200")
        db.session.commit()
    post(client, f"{need_path}/matches")
    page = read(client, need_path)
    assert "1 does not meet “Place: Shanghai”." in page
    assert "If you no longer require" not in page
    assert f"{need_path}/left-out?kind=mentor" in page
