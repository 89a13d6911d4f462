"""The page of a need with its matches, in a browser without any script."""

import re
from dataclasses import replace
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy import event, func, select

from app import create_app
from app.extensions import db
from app.settings import Settings
from models.matches import Match, MatchRun
from models.needs import Need
from models.organisations import Startup
from models.vocabulary import NeedKind, ProviderKind, Strength
from tests.factories import (
    log_in,
    make_centre,
    make_engagement,
    make_incubator,
    make_investor,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)
from tests.posting import post

TEXT = "Our silicon-carbide yield stays at 40 %. We need someone who ran a wafer line."


class Site:
    """A founder with an open need, one provider of each kind, an operator and somebody else."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            session = db.session
            self.founder, self.operator, self.stranger = (make_person(session) for _ in range(3))
            incubator = make_incubator(session, operator=self.operator)
            startup = make_startup(session, founder=self.founder, incubator=incubator)
            self.startup_id = startup.public_id
            self.need_id = make_need(session, startup).public_id
            self.mentor_id = make_mentor(session, name="The mentor").public_id
            make_investor(session, name="The fund")
            make_centre(session, name="The centre")
            session.commit()
            for person in (self.founder, self.operator, self.stranger):
                session.refresh(person)
            session.expunge_all()

    @property
    def need_path(self) -> str:
        return f"/needs/{self.need_id}"

    def look(self, client: FlaskClient) -> str:
        """Look for matches and return the page that follows."""
        answer = post(client, f"{self.need_path}/matches")
        assert (answer.status_code, answer.headers["Location"]) == (303, self.need_path)
        return unescape(client.get(self.need_path).get_data(as_text=True))

    def count_runs(self) -> int:
        with self.app.app_context():
            return db.session.scalar(select(func.count()).select_from(MatchRun)) or 0

    def find_match(self, name: str) -> tuple[str, str]:
        """The public ids of the newest match with that provider and of its run."""
        with self.app.app_context():
            matches = db.session.scalars(select(Match).order_by(Match.id.desc()))
            match = next(m for m in matches if m.provider.name == name)
            return match.public_id, match.run.public_id

    def read_dismissals(self) -> dict[str, str]:
        """The reasons of the newest run, by the provider's name."""
        with self.app.app_context():
            run = db.session.scalars(select(MatchRun).order_by(MatchRun.id.desc())).first()
            assert run is not None
            return {m.provider.name: m.dismissed_reason for m in run.matches if m.dismissed_at}


@pytest.fixture
def site(app: Flask) -> Site:
    return Site(app)


@pytest.fixture
def founder(site: Site, client: FlaskClient) -> FlaskClient:
    log_in(client, site.founder)
    return client


def test_a_founder_who_states_a_need_lands_on_its_matches(site: Site, founder: FlaskClient) -> None:
    form = {"kind": "mentoring", "title": "Wafer line", "text": TEXT, "then": "open"}
    answer = post(founder, f"/startups/{site.startup_id}/needs/new", **form)
    assert answer.status_code == 307
    # What a browser does with a 307: the same form, to the other address.
    found = post(founder, answer.headers["Location"], **form)
    assert found.status_code == 303
    page = founder.get(found.headers["Location"]).get_data(as_text=True)
    assert "<h1>Wafer line" in page
    with site.app.app_context():
        fitting = sum(m.strength is not Strength.WEAK for m in db.session.scalars(select(Match)))
    assert (f"{fitting} provider" if fitting else "Nobody fits well so far.") in page
    assert "The mentor" in page


def test_the_page_shows_the_sentences_side_by_side(site: Site, founder: FlaskClient) -> None:
    page = site.look(founder)
    kinds = [page.index(f'<section id="{kind}"') for kind in ("mentor", "investor", "centre")]
    assert kinds == sorted(kinds)
    card = page[page.index('<article class="match"') : page.index("</article>")]
    assert "The mentor" in card
    assert "Our silicon-carbide yield stays at 40 %." in card
    assert "Ran a silicon-carbide line for ten years." in card
    for fact in (
        "No answers yet",
        "3 of 3 places free",
        "6 hours a month",
        "Pudong, Shanghai, or online",
        "Chinese · English",
        "Ask for coaching",
        f"/needs/{site.need_id}/request/{site.mentor_id}",
    ):
        assert fact in card
    assert "Ask for an introduction" in page
    assert "Ask for a test slot" in page
    assert "1 mentor is published." in page
    assert "CNY 500,000 to CNY 3,000,000" in page


def test_the_kind_asked_for_comes_first(site: Site, founder: FlaskClient) -> None:
    with site.app.app_context():
        need = db.session.scalars(select(Need)).one()
        need.kind = NeedKind.VERIFICATION
        db.session.commit()
    page = site.look(founder)
    kinds = [page.index(f'<section id="{kind}"') for kind in ("centre", "mentor", "investor")]
    assert kinds == sorted(kinds)


@pytest.mark.parametrize(
    ("strong", "leads"),
    [(ProviderKind.CENTRE, ["Ask for a test slot"]), (None, [])],
)
def test_only_who_fits_is_put_forward(
    site: Site, founder: FlaskClient, strong: ProviderKind | None, leads: list[str]
) -> None:
    site.look(founder)
    with site.app.app_context():
        for match in db.session.scalars(select(Match)):
            match.strength = Strength.STRONG if match.kind is strong else Strength.WEAK
        db.session.commit()
    page = founder.get(site.need_path).get_data(as_text=True)
    assert re.findall(r'<a class="btn btn-primary" [^>]+/request/[^>]+>([^<]+)</a>', page) == leads
    counts = re.findall(r'<a href="#(\w+)">[^<]+<span class="count">(\d) fit', page)
    assert dict(counts) == {kind.value: str(int(kind is strong)) for kind in ProviderKind}
    assert page.count("Nobody fits well so far.") == int(not leads)
    assert page.count("Nobody of this kind fits well.") == (2 if leads else 0)
    # Weak ones stand folded, however few there are.
    assert page.count("1 weak match") == 3 - len(leads)


def test_looking_at_pages_stores_nothing(site: Site, founder: FlaskClient) -> None:
    for path in (site.need_path, f"{site.need_path}/edit", "/needs"):
        assert founder.get(path).status_code == 200
    assert "No matches yet" in founder.get(site.need_path).get_data(as_text=True)
    assert site.count_runs() == 0
    site.look(founder)
    founder.get(site.need_path)
    assert site.count_runs() == 1


def test_without_evidence_nothing_is_claimed(site: Site, founder: FlaskClient) -> None:
    with site.app.app_context():
        need = db.session.scalars(select(Need)).one()
        need.text = "毫无关联的文字，讲的是另外一件完全不同的事情，请勿匹配。"
        db.session.commit()
    page = site.look(founder)
    assert "Nobody fits well so far." in page
    assert "No sentence of the profile answers the need, so there is no evidence to show." in page
    assert '<blockquote class="bridge-end"' not in page


def test_what_shut_everybody_out_is_said(site: Site, founder: FlaskClient) -> None:
    form = {
        "kind": "mentoring",
        "title": "Far away",
        "text": TEXT,
        "then": "open",
        "place": "370200",
        "place_weight": "hard",
        "version": "1",
    }
    answer = post(founder, f"{site.need_path}/edit", **form)
    assert answer.status_code == 307
    page = site.look(founder)
    assert "Nobody of this kind fits." in page
    assert "1 does not meet “Place: Qingdao”." in page
    assert page.count('<article class="match"') == 0


def test_the_page_says_that_the_need_has_changed(site: Site, founder: FlaskClient) -> None:
    changed = "The need has changed since these matches were looked for."
    assert changed not in site.look(founder)
    with site.app.app_context():
        need = db.session.scalars(select(Need)).one()
        need.text = TEXT + " Next week, please."
        db.session.commit()
    assert changed in founder.get(site.need_path).get_data(as_text=True)
    assert changed not in site.look(founder)


def test_an_earlier_list_says_so(site: Site, founder: FlaskClient) -> None:
    site.look(founder)
    _, first = site.find_match("The mentor")
    earlier = "This is an earlier list."
    assert earlier not in founder.get(f"/matches/{first}").get_data(as_text=True)
    site.look(founder)
    assert earlier in founder.get(f"/matches/{first}").get_data(as_text=True)


def test_who_was_asked_is_shown_with_the_engagement(site: Site, founder: FlaskClient) -> None:
    site.look(founder)
    with site.app.app_context():
        need = db.session.scalars(select(Need)).one()
        match = db.session.scalars(select(Match).where(Match.kind == "mentor")).one()
        engagement = make_engagement(db.session, need, match.provider).public_id
        db.session.commit()
    page = founder.get(site.need_path).get_data(as_text=True)
    assert f'href="/engagements/{engagement}"' in page
    assert f"/request/{site.mentor_id}" not in page
    assert "Ask for coaching" not in page


def test_setting_aside_folds_away_and_can_be_taken_back(site: Site, founder: FlaskClient) -> None:
    site.look(founder)
    match, _ = site.find_match("The mentor")
    answer = post(founder, f"/matches/{match}/dismiss", reason="other_topic")
    assert (answer.status_code, answer.headers["Location"]) == (303, site.need_path)
    assert site.read_dismissals() == {"The mentor": "other_topic"}
    page = founder.get(site.need_path).get_data(as_text=True)
    assert "All of these are set aside." in page
    assert "Works on something else" in page
    assert f"/request/{site.mentor_id}" not in page
    post(founder, f"/matches/{match}/restore")
    assert site.read_dismissals() == {}
    assert f"/request/{site.mentor_id}" in founder.get(site.need_path).get_data(as_text=True)


def test_none_of_these(site: Site, founder: FlaskClient) -> None:
    with site.app.app_context():
        make_mentor(db.session, name="Another mentor")
        db.session.commit()
    site.look(founder)
    _, run = site.find_match("The mentor")
    post(founder, f"/matches/runs/{run}/dismiss", kind="mentor", reason="too_general")
    assert site.read_dismissals() == {
        "The mentor": "too_general",
        "Another mentor": "too_general",
    }


@pytest.mark.fuzz
@pytest.mark.parametrize("fields", [{}, {"reason": "because"}, {"reason": ""}])
def test_a_reason_is_asked_for(site: Site, founder: FlaskClient, fields: dict[str, str]) -> None:
    site.look(founder)
    match, run = site.find_match("The mentor")
    for path in (f"/matches/{match}/dismiss", f"/matches/runs/{run}/dismiss"):
        assert post(founder, path, kind="mentor", **fields).status_code == 303
        assert "Choose a reason" in founder.get(site.need_path).get_data(as_text=True)
    assert (
        post(founder, f"/matches/runs/{run}/dismiss", kind="nobody", reason="other").status_code
        == 303
    )
    assert site.read_dismissals() == {}


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_only_an_open_need_is_looked_for(site: Site, founder: FlaskClient, state: str) -> None:
    with site.app.app_context():
        db.session.scalars(select(Need)).one().state = state
        db.session.commit()
    answer = post(founder, f"{site.need_path}/matches")
    assert answer.status_code == 409
    assert "This need is not open" in answer.get_data(as_text=True)
    assert site.count_runs() == 0


@pytest.mark.permissions
def test_who_may_look_and_who_may_decide(site: Site, client: FlaskClient) -> None:
    log_in(client, site.founder)
    site.look(client)
    match, run = site.find_match("The mentor")
    posts = {
        f"{site.need_path}/matches": (303, 404),
        f"/matches/{match}/dismiss": (403, 404),
        f"/matches/{match}/restore": (403, 404),
        f"/matches/runs/{run}/dismiss": (403, 404),
    }
    for person, column in ((site.operator, 0), (site.stranger, 1)):
        log_in(client, person)
        answers = {
            path: post(client, path, kind="mentor", reason="other").status_code for path in posts
        }
        assert answers == {path: codes[column] for path, codes in posts.items()}
        assert client.get(f"/matches/{run}").status_code == (200, 404)[column]
        assert client.get(site.need_path).status_code == (200, 404)[column]
    assert site.read_dismissals() == {}
    log_in(client, site.operator)
    page = client.get(site.need_path).get_data(as_text=True)
    assert "The mentor" in page
    assert "Ask for coaching" not in page
    assert "/dismiss" not in page


@pytest.mark.privacy
def test_another_startup_sees_none_of_it(site: Site, client: FlaskClient, app: Flask) -> None:
    log_in(client, site.founder)
    site.look(client)
    with app.app_context():
        other = make_person(db.session)
        startup = db.session.scalars(select(Startup)).first()
        assert startup is not None
        make_startup(db.session, founder=other, incubator=startup.incubator)
        db.session.commit()
        db.session.refresh(other)
        db.session.expunge_all()
    log_in(client, other)
    _, run = site.find_match("The mentor")
    for path in (site.need_path, f"/matches/{run}"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "silicon-carbide" not in answer.get_data(as_text=True)
    assert "Yield of our SiC wafers" not in client.get("/needs").get_data(as_text=True)


def test_a_longer_page_costs_no_more_queries(site: Site, founder: FlaskClient) -> None:
    def count_queries() -> tuple[int, int]:
        site.look(founder)
        statements: list[object] = []

        def listen(*arguments: object) -> None:
            statements.append(arguments[2])

        event.listen(DatabaseEngine, "before_cursor_execute", listen)
        try:
            page = founder.get(site.need_path).get_data(as_text=True)
        finally:
            event.remove(DatabaseEngine, "before_cursor_execute", listen)
        return page.count('<article class="match"'), len(statements)

    three, cost = count_queries()
    with site.app.app_context():
        for make in (make_mentor, make_investor, make_centre) * 2:
            make(db.session)
        db.session.commit()
    nine, cost_of_more = count_queries()
    assert (three, nine) == (3, 9)
    assert cost_of_more == cost


def test_a_need_is_kept_when_matches_cannot_be_looked_for(site: Site, settings: Settings) -> None:
    without = create_app(replace(settings, encoder="/nowhere/at/all"))
    client = without.test_client()
    log_in(client, site.founder)
    answer = post(client, f"{site.need_path}/matches")
    assert (answer.status_code, answer.headers["Location"]) == (303, site.need_path)
    page = client.get(site.need_path).get_data(as_text=True)
    assert "The need is stored, but matches cannot be looked for at present." in page
    assert site.count_runs() == 0
    with without.app_context():
        db.engine.dispose()
