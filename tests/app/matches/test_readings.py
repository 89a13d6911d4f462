"""The page of how a need is read, its corrections, and wishes that are told apart."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions import db
from app.matches.actions import find_suggestions, store_suggestions
from app.matches.queries.asking import locate_corrections, make_query
from app.matches.queries.explained import explain_need
from app.matches.queries.readings import read_now, read_stored
from matching.engine import Engine
from models.matches import MatchRun
from models.needs import Need, ReadingCorrection
from models.sentence_keys import make_sentence_key
from models.vocabulary import ConditionAttribute, NeedRole, ProviderKind
from tests.factories import (
    AT,
    act_as,
    log_in,
    make_incubator,
    make_investor,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)
from tests.posting import post

MADE = "Our pumps are sold in four countries."
WISH = "We need a mentor who has sealed silicon-carbide pumps, for 4 hours a month."
OTHER = "In addition we are raising money and look for a seed fund."
TEXT = f"{MADE} {WISH} {OTHER}"


@pytest.fixture
def session(fresh_engine: DatabaseEngine, app: Flask) -> Iterator[Session]:
    """Really commits, because the engine reads through a connection of its own."""
    reader = app.test_request_context(headers={"Accept-Language": "en"})
    with reader, Session(fresh_engine) as session:
        yield session


def correct(need: Need, sentence: str, role: NeedRole) -> None:
    need.corrections.append(
        ReadingCorrection(
            sentence=sentence, sentence_key=make_sentence_key(sentence), role=role, corrected_at=AT
        )
    )


def test_a_stored_run_says_how_the_need_was_read(session: Session, matching: Engine) -> None:
    founder = make_person(session)
    need = make_need(session, make_startup(session, founder=founder), text=TEXT)
    condition = (ConditionAttribute.HOURS, ("4",), True)
    other = make_need(session, need.startup, title="With hours", text=TEXT, conditions=[condition])
    make_mentor(session, name="The mentor")
    make_investor(session, name="The fund")
    for each in (need, other):
        correct(each, MADE, NeedRole.BACKGROUND)
        correct(each, WISH, NeedRole.WISH)
        correct(each, OTHER, NeedRole.WISH)
    session.commit()
    run = store_suggestions(
        session,
        need=other,
        suggestions=find_suggestions(session, matching, other, at=AT),
        actor=act_as(founder),
        at=AT,
    )
    session.commit()

    reading = read_stored(run)
    assert reading is not None
    assert [(s.text, s.role, s.wish, s.is_corrected) for s in reading.sentences] == [
        (MADE, NeedRole.BACKGROUND, 0, True),
        (WISH, NeedRole.WISH, 1, True),
        (OTHER, NeedRole.WISH, 2, True),
    ]
    assert reading == read_now(matching, other)
    assert [each.sentences for each in reading.wishes] == [(WISH,), (OTHER,)]
    wish_of = {match.provider.name: match.wish for match in run.matches}
    assert wish_of == {"The mentor": 1, "The fund": 2}
    # Evidence for one wish is no sentence of the other.
    for match in run.matches:
        elsewhere = {1: OTHER, 2: WISH}[match.wish]
        assert elsewhere not in [pair.need_slice for pair in match.evidence]
    met = {match.provider.name: [each["code"] for each in match.met] for match in run.matches}
    assert met == {"The mentor": ["hours"], "The fund": []}
    # All ways ask alike.
    assert make_query(need, None).corrected == locate_corrections(need)
    told = explain_need(session, matching, need=need, kind=None, limit=5, at=AT)
    assert [read["role"] for read in told["read"]] == ["background", "wish", "wish"]
    assert {each["match"]["name"] for each in told["matches"]} == set(wish_of)


class Site:
    """A founder with a draft and an open need, and an operator who may look."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            session = db.session
            self.founder, self.operator = make_person(session), make_person(session)
            incubator = make_incubator(session, operator=self.operator, name="The incubator")
            startup = make_startup(session, founder=self.founder, incubator=incubator)
            self.draft_id = make_need(session, startup, state="draft", text=TEXT).public_id
            self.open_id = make_need(session, startup, title="Open", text=TEXT).public_id
            make_mentor(session, name="The mentor")
            session.commit()
            for person in (self.founder, self.operator):
                session.refresh(person)
            session.expunge_all()

    def find(self, public_id: str) -> tuple[int, dict[str, str], dict[str, bool]]:
        """The version of a need, its corrections and its conditions."""
        with self.app.app_context():
            need = db.session.scalars(select(Need).where(Need.public_id == public_id)).one()
            return (
                need.version,
                {each.sentence: each.role.value for each in need.corrections},
                {each.attribute.value: each.is_hard for each in need.conditions},
            )


@pytest.fixture
def site(app: Flask) -> Site:
    return Site(app)


def read_page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))


def test_a_founder_corrects_a_draft_and_takes_conditions_over(
    site: Site, client: FlaskClient
) -> None:
    log_in(client, site.founder)
    path = f"/needs/{site.draft_id}/reading"
    page = read_page(client, path)
    for sentence in (MADE, WISH, OTHER):
        assert page.count(f'name="sentence" value="{make_sentence_key(sentence)}"') == 1
    version, *_ = site.find(site.draft_id)
    key = make_sentence_key(MADE)
    form = {"version": str(version), "sentence": key, "role": "refusal"}
    answer = post(client, path, **form)
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    page = read_page(client, path)
    assert re.search(
        r'data-role="refusal">Not wanted</span> <span class="note">\s*as you said', page
    )
    assert site.find(site.draft_id)[1] == {MADE: "refusal"}
    # An older page changes nothing, nor does a sentence or a role that there is not.
    assert post(client, path, **form).status_code == 409
    version, *_ = site.find(site.draft_id)
    for wrong, status in (({"sentence": "0" * 64}, 422), ({"role": "king"}, 303)):
        answer = post(client, path, **(form | {"version": str(version)} | wrong))
        assert answer.status_code == status
    assert site.find(site.draft_id)[1] == {MADE: "refusal"}

    taken = {"version": str(version), "attribute": "hours", "values": "4", "answer": "prefer"}
    assert post(client, f"/needs/{site.draft_id}/proposals", **taken).status_code == 303
    assert site.find(site.draft_id)[2] == {"hours": False}
    assert 'name="attribute" value="hours"' not in read_page(client, path)


def test_correcting_an_open_need_looks_again(site: Site, client: FlaskClient) -> None:
    log_in(client, site.founder)
    need_path = f"/needs/{site.open_id}"
    assert post(client, f"{need_path}/matches").status_code == 303
    page = read_page(client, need_path)
    assert 'data-role="' in page
    version, *_ = site.find(site.open_id)
    form = {"version": str(version), "sentence": make_sentence_key(WISH), "role": "wish"}
    answer = post(client, f"{need_path}/reading", **form)
    assert (answer.status_code, answer.headers["Location"]) == (307, f"{need_path}/matches")
    assert "The need has changed since" in read_page(client, need_path)
    assert post(client, f"{need_path}/matches").status_code == 303
    with site.app.app_context():
        run = db.session.scalars(select(MatchRun).order_by(MatchRun.id.desc())).first()
        assert run is not None
        assert [s["corrected"] for s in run.sentences if s["text"] == WISH] == [True]
        assert all(match.kind in ProviderKind for match in run.matches)
    for wish in ("1", "99", "x"):
        assert client.get(f"{need_path}?wish={wish}").status_code == 200


def test_an_operator_sees_how_it_is_read_and_corrects_nothing(
    site: Site, client: FlaskClient
) -> None:
    log_in(client, site.operator)
    path = f"/needs/{site.draft_id}/reading"
    page = read_page(client, path)
    assert MADE in page
    assert 'name="sentence"' not in page
    assert 'name="attribute"' not in page
    form = {"version": "1", "sentence": make_sentence_key(MADE), "role": "wish"}
    assert post(client, path, **form).status_code == 403
