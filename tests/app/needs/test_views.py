"""Stating needs in a browser: what is refused keeps what was typed, and nothing is half-saved."""

from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.extensions import db
from app.needs.actions import LEAST_CHARACTERS
from models.needs import Need
from models.organisations import Startup
from models.people import Person
from tests.factories import log_in, make_incubator, make_need, make_person, make_startup
from tests.posting import post

TEXT = "Our silicon-carbide yield stays at 40 %. We need someone who ran a wafer line."

# What a browser sends when nobody touches the conditions.
PLAIN = {"kind": "mentoring", "title": "Yield", "text": TEXT, "then": "draft"}


class Site:
    """A startup in an incubator, with a founder, an operator and somebody else."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            self.founder, self.operator, self.stranger = (make_person(db.session) for _ in range(3))
            incubator = make_incubator(db.session, operator=self.operator)
            startup = make_startup(db.session, founder=self.founder, incubator=incubator)
            self.startup_id = startup.public_id
            db.session.commit()
            for person in (self.founder, self.operator, self.stranger):
                db.session.refresh(person)
            db.session.expunge_all()

    def add_need(self, **values: object) -> str:
        """The public id of a new need."""
        with self.app.app_context():
            startup = db.session.scalars(
                select(Startup).where(Startup.public_id == self.startup_id)
            ).one()
            need = make_need(db.session, startup, **values)
            db.session.commit()
            return need.public_id

    def read_needs(self) -> list[tuple[str, str, str, list[tuple[str, list[str], bool]]]]:
        """Title, text, state and conditions of each need, as a new transaction sees them."""
        with self.app.app_context():
            return [
                (
                    need.title,
                    need.text,
                    need.state,
                    [(c.attribute.value, c.values, c.is_hard) for c in need.conditions],
                )
                for need in db.session.scalars(select(Need).order_by(Need.id))
            ]

    def read_version(self, public_id: str) -> int:
        """The stored version of a need."""
        with self.app.app_context():
            return db.session.scalars(select(Need.version).where(Need.public_id == public_id)).one()


@pytest.fixture
def site(app: Flask) -> Site:
    return Site(app)


@pytest.fixture
def founder(site: Site, client: FlaskClient) -> FlaskClient:
    log_in(client, site.founder)
    return client


def test_a_draft_is_kept_with_little(site: Site, founder: FlaskClient) -> None:
    answer = post(founder, f"/startups/{site.startup_id}/needs/new", **PLAIN | {"text": ""})
    assert answer.status_code == 303
    assert site.read_needs() == [("Yield", "", "draft", [])]
    page = founder.get(answer.headers["Location"]).get_data(as_text=True)
    assert "This need is a draft" in page


def test_conditions_reach_the_database(site: Site, founder: FlaskClient) -> None:
    answer = post(
        founder,
        f"/startups/{site.startup_id}/needs/new",
        **PLAIN
        | {
            "fields": ["integrated_circuits", "advanced_materials"],
            "fields_weight": "hard",
            "place": "320500",
            "place_remote": "y",
            "place_weight": "soft",
            "amount": "２００",
            "amount_weight": "hard",
            "voucher_weight": "soft",
            "hours": "4",
            "hours_weight": "soft",
        },
    )
    assert answer.status_code == 303
    [(_, _, _, conditions)] = site.read_needs()
    assert conditions == [
        ("fields", ["integrated_circuits", "advanced_materials"], True),
        ("place", ["320500", "remote"], False),
        ("amount", ["2000000"], True),
        ("voucher", ["true"], False),
        ("hours", ["4"], False),
    ]


def test_editing_shows_what_is_stored_and_keeps_it(site: Site, founder: FlaskClient) -> None:
    conditions = [
        ("fields", ["biomedicine"], True),
        ("place", ["320500", "remote"], False),
        ("languages", ["zh", "en"], True),
        ("funding_stage", ["seed"], False),
        ("amount", ["2500000"], True),
        ("instruments", ["equity"], False),
        ("gate", ["pilot"], True),
        ("lead_time", ["30"], False),
        ("price", ["15000"], True),
        ("voucher", ["true"], False),
        ("hours", ["4"], True),
        ("seat", ["academic"], False),
    ]
    need = site.add_need(state="draft", conditions=conditions)
    page = founder.get(f"/needs/{need}/edit").get_data(as_text=True)
    answer = post(founder, f"/needs/{need}/edit", **read_form(page) | {"then": "draft"})
    assert answer.status_code == 303
    assert [c for _, _, _, c in site.read_needs()] == [conditions]


def read_form(page: str) -> dict[str, str | list[str]]:
    """What a browser would send of the page's form if nothing were changed."""
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.values: dict[str, list[str]] = {}
            self.select = ""
            self.area = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            given = dict(attrs)
            name = given.get("name") or ""
            if tag == "select":
                self.select = name
            elif tag == "option" and "selected" in given:
                self.values.setdefault(self.select, []).append(given.get("value") or "")
            elif tag == "textarea":
                self.area = name
                self.values[name] = [""]
            elif tag == "input" and name:
                is_box = given.get("type") == "checkbox"
                if not is_box or "checked" in given:
                    self.values.setdefault(name, []).append(given.get("value") or "")

        def handle_endtag(self, tag: str) -> None:
            if tag == "textarea":
                self.area = ""

        def handle_data(self, data: str) -> None:
            if self.area:
                self.values[self.area][0] += data

    reader = Reader()
    reader.feed(page[page.index("<main") : page.index("</main>")])
    values = dict(reader.values)
    values.pop("csrf_token", None)
    values.pop("back_to", None)
    # The first line end after <textarea> is no part of its text.
    return {name: [each.removeprefix("\r\n") for each in all_] for name, all_ in values.items()}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": " \u200b "}, "Say in one line what you need."),
        ({"title": "x" * 121}, "At most 120 characters; there are 121 now."),
        ({"text": "x" * 8001}, "At most 8000 characters; there are 8001 now."),
        ({"kind": "coaching"}, "Choose from the list."),
        ({"hours": "many", "hours_weight": "soft"}, "Give a whole number from 1 to 200."),
        ({"hours": "0", "hours_weight": "soft"}, "Give a whole number from 1 to 200."),
        ({"amount": "-1", "amount_weight": "hard"}, "Give an amount"),
        ({"place": "999999", "place_weight": "hard"}, "Choose from the list."),
        ({"fields": ["alchemy"], "fields_weight": "hard"}, "Choose from the list."),
        ({"seat_weight": "always"}, "Choose from the list."),
        ({"gate_weight": "hard"}, "Say what is wanted, or choose “Does not matter”."),
        ({"place_weight": "soft", "place_remote": "y"}, "Say what is wanted"),
        ({"languages": ["de"]}, "A value was given. Say how much it matters"),
    ],
)
@pytest.mark.fuzz
def test_what_cannot_be_stored_is_said_and_kept(
    site: Site, founder: FlaskClient, change: dict[str, str | list[str]], sentence: str
) -> None:
    typed = PLAIN | {"text": "Something that I typed, 我写的内容。"} | change
    answer = post(founder, f"/startups/{site.startup_id}/needs/new", **typed)
    page = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert sentence in page
    assert (change.get("text") or "Something that I typed, 我写的内容。") in page
    assert site.read_needs() == []


def test_too_little_to_be_matched(site: Site, founder: FlaskClient) -> None:
    short = PLAIN | {"text": "短", "then": "open"}
    answer = post(founder, f"/startups/{site.startup_id}/needs/new", **short)
    assert answer.status_code == 422
    assert f"at least {LEAST_CHARACTERS} characters" in answer.get_data(as_text=True)
    assert site.read_needs() == []


@pytest.mark.fuzz
def test_a_text_of_a_megabyte_is_refused_in_words(site: Site, founder: FlaskClient) -> None:
    answer = post(
        founder, f"/startups/{site.startup_id}/needs/new", **PLAIN | {"text": "x" * 1_000_000}
    )
    assert answer.status_code == 422
    assert "there are 1000000 now" in answer.get_data(as_text=True)


def test_controls_are_dropped_where_text_comes_in(site: Site, founder: FlaskClient) -> None:
    post(
        founder,
        f"/startups/{site.startup_id}/needs/new",
        **PLAIN | {"text": "one\r\ntwo\x00\u202e", "title": " a\n b "},
    )
    assert site.read_needs() == [("a b", "one\ntwo", "draft", [])]


def test_the_same_form_twice_makes_one_need(site: Site, founder: FlaskClient) -> None:
    path = f"/startups/{site.startup_id}/needs/new"
    first, second = post(founder, path, **PLAIN), post(founder, path, **PLAIN)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(site.read_needs()) == 1


def test_two_who_edit_do_not_overwrite_each_other(site: Site, founder: FlaskClient) -> None:
    need = site.add_need(state="draft", title="Before")
    version = str(site.read_version(need))
    path = f"/needs/{need}/edit"
    assert post(founder, path, **PLAIN | {"title": "Mine", "version": version}).status_code == 303
    answer = post(founder, path, **PLAIN | {"title": "Yours", "version": version})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Somebody saved this need after you opened it." in page
    assert 'value="Yours"' in page
    assert [title for title, *_ in site.read_needs()] == ["Mine"]
    # Saving once more is knowingly over the other one's.
    answer = post(founder, path, **read_form(page) | {"then": "draft"})
    assert answer.status_code == 303
    assert [title for title, *_ in site.read_needs()] == ["Yours"]


def test_a_need_is_closed_and_a_second_time_is_out_of_order(
    site: Site, founder: FlaskClient
) -> None:
    need = site.add_need()
    assert post(founder, f"/needs/{need}/close").status_code == 303
    assert [state for _, _, state, _ in site.read_needs()] == ["closed"]
    assert post(founder, f"/needs/{need}/close").status_code == 409
    again = post(founder, f"/needs/{need}/close", back_to=f"/needs/{need}")
    assert (again.status_code, again.headers["Location"]) == (303, f"/needs/{need}")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["Fund us", "Coach us"]),
        ("?kind=funding", ["Fund us"]),
        ("?state=draft", ["Coach us"]),
        ("?state=draft&kind=funding", []),
        ("?state=nonsense&kind=7", ["Fund us", "Coach us"]),
    ],
)
def test_the_list_is_narrowed_by_its_address(
    site: Site, founder: FlaskClient, query: str, shown: list[str]
) -> None:
    site.add_need(title="Coach us", state="draft")
    site.add_need(title="Fund us", kind="funding")
    page = founder.get(f"/needs{query}").get_data(as_text=True)
    assert [title for title in ("Fund us", "Coach us") if f">{title}</a>" in page] == shown
    assert ("No need fits this filter" in page) == (not shown)


def test_empty_lists_say_what_to_do(site: Site, client: FlaskClient) -> None:
    log_in(client, site.founder)
    page = client.get("/needs").get_data(as_text=True)
    assert "No needs yet" in page
    assert f"/startups/{site.startup_id}/needs/new" in page
    log_in(client, site.operator)
    page = client.get("/needs").get_data(as_text=True)
    assert "The needs that startups of your incubator state are listed here." in page
    assert "/needs/new" not in page


@pytest.mark.permissions
@pytest.mark.parametrize(
    ("method", "path", "operator_gets"),
    [
        ("GET", "/needs/{need}", 200),
        ("GET", "/needs/{need}/edit", 403),
        ("POST", "/needs/{need}/edit", 403),
        ("POST", "/needs/{need}/open", 403),
        ("POST", "/needs/{need}/close", 403),
        ("GET", "/startups/{startup}/needs/new", 403),
        ("POST", "/startups/{startup}/needs/new", 403),
    ],
)
def test_strangers_learn_nothing_and_operators_only_look(
    site: Site, client: FlaskClient, method: str, path: str, operator_gets: int
) -> None:
    need = site.add_need(title="A secret of ours")
    before = site.read_needs()
    address = path.format(need=need, startup=site.startup_id)

    def ask(person: Person) -> TestResponse:
        log_in(client, person)
        return client.get(address) if method == "GET" else post(client, address, **PLAIN)

    refused = ask(site.stranger)
    assert refused.status_code == 404
    assert "A secret of ours" not in refused.get_data(as_text=True)
    assert ask(site.operator).status_code == operator_gets
    assert site.read_needs() == before


@pytest.mark.permissions
def test_a_stranger_has_no_list_and_a_visitor_logs_in_first(
    site: Site, client: FlaskClient
) -> None:
    assert client.get("/needs").headers["Location"].startswith("/log-in")
    log_in(client, site.stranger)
    assert client.get("/needs").status_code == 403
