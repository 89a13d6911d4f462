"""Pages of mandates and funds, sent as a browser without JavaScript sends them."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions import db
from app.funds.forms import MandateForm
from app.funds.values import MandateValues
from models.funds import Mandate, SoughtFunding
from models.people import Person
from models.place_tables import list_codes
from models.vocabulary import Release
from tests.app.funds.scenes import draft, make_scene, prove_gate, publish
from tests.app.profiles.page_forms import press, read_form, send
from tests.factories import log_in, make_engagement

pytestmark = [pytest.mark.funds, pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)]

Committed = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True)
class Ids:
    """The people of the scene, and the addresses of its pages."""

    fund: str
    need: str
    founder: int
    operator: int
    investor: int
    outsider: int


@pytest.fixture
def committed(app: Flask) -> Committed:
    @contextmanager
    def open_session() -> Iterator[Session]:
        with app.app_context():
            yield db.session
            db.session.commit()

    return open_session


@pytest.fixture
def ids(committed: Committed) -> Ids:
    with committed() as session:
        scene = make_scene(session)
        publish(session, scene)
        return Ids(
            f"/providers/{scene.fund.public_id}",
            f"/needs/{scene.need.public_id}/funds",
            scene.founder.id,
            scene.operator.id,
            scene.investor.id,
            scene.outsider.id,
        )


def enter(client: FlaskClient, committed: Committed, person_id: int) -> None:
    with committed() as session:
        log_in(client, session.get_one(Person, person_id))


def read_versions(committed: Committed) -> list[tuple[int, str, int | None]]:
    with committed() as session:
        rows = session.scalars(select(Mandate).order_by(Mandate.number))
        return [(each.number, each.state, each.ticket_max_yuan) for each in rows]


def fill_in(client: FlaskClient, path: str, typed: dict[str, Any], do: str = "save") -> Any:
    form = read_form(client.get(path).text, "ticket_min")
    return send(client, path, form, typed, do=do)


def test_the_next_version_begins_as_the_published_one_and_replaces_it(
    client: FlaskClient, committed: Committed, ids: Ids
) -> None:
    enter(client, committed, ids.investor)
    page = client.get(f"{ids.fund}/mandate").text
    assert "Begin the next version" in page
    path = f"{ids.fund}/mandate/edit"
    typed = {
        "ticket_min": "８０万元",
        "ticket_max": "0.05亿",
        "places": "上海、江苏省, 杭州",
        "holding_limit": "１２.5 %",
        "excluded_topics": "存储芯片；先进逻辑",
    }
    saved = fill_in(client, path, typed)
    assert (saved.status_code, saved.location) == (303, f"{ids.fund}/mandate")
    assert read_versions(committed) == [(1, "published", 3_000_000), (2, "draft", 5_000_000)]
    page = client.get(f"{ids.fund}/mandate").text
    assert "12.5%" in page
    assert "Hangzhou" in page
    published = fill_in(client, path, {}, do="publish")
    assert published.status_code == 303
    with committed() as session:
        one, two = session.scalars(select(Mandate).order_by(Mandate.number)).all()
        assert (one.state, two.state) == ("replaced", "published")
        assert (two.ticket_min_yuan, two.holding_limit_bp) == (800_000, 1250)
        assert two.places == ["310000", "320000", "330100"]
        assert two.excluded_topics == ["存储芯片", "先进逻辑"]
    assert "Earlier versions" in client.get(f"{ids.fund}/mandate").text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"ticket_min": "about five"}, "Give an amount as a number"),
        ({"ticket_min": "100 万美元"}, "Give the amount in CNY"),
        ({"ticket_min": "100-300"}, "more than one number"),
        ({"ticket_min": "1,5"}, "A comma groups thousands here"),
        ({"ticket_min": "-3"}, "Give an amount from 0"),
        ({"ticket_min": "0.00005"}, "The smallest amount is one yuan"),
        ({"ticket_min": "400"}, "smaller than the smallest ticket"),
        ({"holding_limit": "0"}, "Give a percentage above 0"),
        ({"holding_limit": "120%"}, "Give a percentage above 0"),
        ({"holding_limit": "a tenth"}, "Give a percentage above 0"),
        ({"holding_limit": "10-15%"}, "more than one number"),
        ({"holding_limit": "12.345"}, "At most 2 decimals"),
        ({"places": "Atlantis"}, "There is no place called “Atlantis”"),
        ({"places": "朝阳"}, "Say which"),
        ({"gate": "nirvana"}, "Choose from the list"),
        (
            {
                "fields": [
                    "metaverse",
                    "biomedicine",
                    "automobiles",
                    "life_health",
                    "future_space",
                    "future_energy",
                ]
            },
            "at most 5 fields; there are 6 now",
        ),
    ],
)
def test_what_cannot_be_is_said_in_words_and_nothing_is_saved(
    client: FlaskClient, committed: Committed, ids: Ids, typed: dict[str, Any], says: str
) -> None:
    enter(client, committed, ids.investor)
    answer = fill_in(client, f"{ids.fund}/mandate/edit", typed)

    assert answer.status_code == 422
    assert says in answer.text
    assert read_versions(committed) == [(1, "published", 3_000_000)]
    # What was typed is still there.
    for value in typed.values():
        if isinstance(value, str) and value != "nirvana":
            assert value in answer.text


def test_publishing_asks_for_what_is_missing_and_saving_does_not(
    client: FlaskClient, committed: Committed, ids: Ids
) -> None:
    enter(client, committed, ids.investor)
    path = f"{ids.fund}/mandate/edit"
    typed = {"stages": [], "ticket_max": ""}
    answer = fill_in(client, path, typed, do="publish")
    assert answer.status_code == 422
    assert answer.text.count("A published mandate has to say this.") >= 2
    assert read_versions(committed) == [(1, "published", 3_000_000)]

    assert fill_in(client, path, typed).status_code == 303
    assert read_versions(committed)[1] == (2, "draft", None)
    page = client.get(f"{ids.fund}/mandate").text
    assert "/publish" not in page


def test_two_people_do_not_overwrite_each_other(
    client: FlaskClient, committed: Committed, ids: Ids
) -> None:
    enter(client, committed, ids.investor)
    path = f"{ids.fund}/mandate/edit"
    fill_in(client, path, {"ticket_max": "400"})
    form = read_form(client.get(path).text, "ticket_min")
    assert send(client, path, form, {"ticket_max": "500"}).status_code == 303
    answer = send(client, path, form, {"ticket_max": "600"})
    assert answer.status_code == 409
    assert "Somebody changed this mandate" in answer.text
    assert "600" in answer.text
    assert read_versions(committed)[1] == (2, "draft", 5_000_000)
    again = send(client, path, read_form(answer.text, "ticket_min"), {})
    assert again.status_code == 303
    assert read_versions(committed)[1] == (2, "draft", 6_000_000)


def test_buttons_publish_withdraw_and_discard(
    client: FlaskClient, committed: Committed, ids: Ids
) -> None:
    enter(client, committed, ids.investor)
    path = f"{ids.fund}/mandate"
    fill_in(client, f"{path}/edit", {})
    with committed() as session:
        one, two = session.scalars(select(Mandate.public_id).order_by(Mandate.number)).all()
    assert press(client, path, f"/mandates/{two}/publish").status_code == 303
    assert press(client, path, f"/mandates/{two}/withdraw").status_code == 303
    assert [each[1] for each in read_versions(committed)] == ["replaced", "withdrawn"]
    assert "No mandate is published" in client.get(path).text
    fill_in(client, f"{path}/edit", {})
    with committed() as session:
        third = session.scalars(select(Mandate.public_id).where(Mandate.number == 3)).one()
    assert press(client, path, f"/mandates/{third}/discard").status_code == 303
    assert len(read_versions(committed)) == 2
    assert one != two


def test_a_founder_sees_what_to_prove_next_and_then_that_it_is_open(
    client: FlaskClient, committed: Committed, ids: Ids
) -> None:
    enter(client, committed, ids.founder)
    assert ids.need in client.get("/funds").text
    page = client.get(ids.need).text
    assert "What to prove next" in page
    assert "Have the gate “Prototype” verified" in page
    assert "Offer one fund 15% of the company at most" in page
    form = read_form(client.get(f"{ids.need}/ask").text, "raised")
    answer = client.post(
        f"{ids.need}/ask", data=form.to_dict() | {"raised": "50", "share": "百分之10"}
    )
    assert (answer.status_code, answer.location) == (303, ids.need)
    with committed() as session:
        ask = session.scalars(select(SoughtFunding)).one()
        assert (ask.raised_yuan, ask.share_bp, ask.least_part_yuan) == (500_000, 1000, None)
    page = client.get(ids.need).text
    next_section = page.split('<section id="next">')[1].split("</section>")[0]
    assert "Have the gate “Prototype” verified" in next_section
    assert "Offer one fund" not in next_section


def test_a_proven_gate_opens_the_fund_on_the_page(
    client: FlaskClient, committed: Committed, ids: Ids, app: Flask
) -> None:
    with committed() as session:
        scene = make_scene(session)
        publish(session, scene, holding_limit_bp=None)
        prove_gate(session, scene, "prototype")
        path = f"/needs/{scene.need.public_id}/funds"
        founder, need, fund = scene.founder.id, scene.need.public_id, scene.fund.public_id
    enter(client, committed, founder)
    page = client.get(path).text
    opened = page.split('<section id="open">')[1].split("</section>")[0]
    assert "Every clause of its mandate passes." in opened
    assert f'href="/needs/{need}/request/{fund}"' in opened, opened


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"raised": "201"}, "The need seeks CNY 2,000,000 in all."),
        ({"least_part": "0"}, "A part is more than nothing."),
        ({"raised": "150", "least_part": "51"}, "Only CNY 500,000 is left."),
        ({"share": "101"}, "Give a percentage above 0"),
        ({"raised": "lots"}, "Give an amount as a number."),
    ],
)
def test_what_cannot_be_asked_is_said_in_words(
    client: FlaskClient, committed: Committed, ids: Ids, typed: dict[str, str], says: str
) -> None:
    enter(client, committed, ids.founder)
    form = read_form(client.get(f"{ids.need}/ask").text, "raised")
    answer = client.post(f"{ids.need}/ask", data=form.to_dict() | typed)

    assert answer.status_code == 422
    assert says in answer.text
    with committed() as session:
        assert session.scalars(select(SoughtFunding)).all() == []


def test_an_operator_sees_gates_and_needs_and_changes_nothing(
    client: FlaskClient, committed: Committed, ids: Ids
) -> None:
    enter(client, committed, ids.operator)
    page = client.get("/funds").text
    assert "Gates ahead" in page
    assert ids.need in page
    page = client.get(ids.need).text
    assert "Have the gate “Prototype” verified" in page
    assert f"{ids.need}/ask" not in page
    assert client.get(f"{ids.need}/ask").status_code == 403


@pytest.mark.privacy
def test_the_board_shows_a_request_as_far_as_it_is_released(
    client: FlaskClient, committed: Committed, ids: Ids
) -> None:
    with committed() as session:
        scene = make_scene(session, name="Secret Devices (example)")
        publish(session, scene)
        make_engagement(session, scene.need, scene.fund, released=[Release.NEED_TEXT])
        investor, board = scene.investor.id, f"/providers/{scene.fund.public_id}/board"
        title = scene.need.title
    enter(client, committed, investor)
    page = client.get(board).text
    assert title in page
    assert "Name not released" in page
    assert "Secret Devices" not in page
    assert "Not released, or not said:" in page


@pytest.mark.permissions
def test_who_has_no_part_in_it_sees_none_of_it(
    client: FlaskClient, committed: Committed, ids: Ids
) -> None:
    for person in (ids.investor, ids.outsider):
        enter(client, committed, person)
        assert client.get(ids.need).status_code == 404
        assert client.get(f"{ids.need}/ask").status_code == 404
    for person in (ids.founder, ids.operator, ids.outsider):
        enter(client, committed, person)
        assert client.get(f"{ids.fund}/board").status_code == 403
        assert client.get(f"{ids.fund}/mandate/edit").status_code == 403
        assert client.get(f"{ids.fund}/mandate").status_code == 200


def test_a_draft_stays_on_its_own_side(client: FlaskClient, committed: Committed, ids: Ids) -> None:
    with committed() as session:
        scene = make_scene(session)
        draft(session, scene, excluded_topics=("Zzdraftword",))
        path, outsider = f"/providers/{scene.fund.public_id}/mandate", scene.outsider.id
        investor = scene.investor.id
    enter(client, committed, outsider)
    assert "Zzdraftword" not in client.get(path).text
    enter(client, committed, investor)
    assert "Zzdraftword" in client.get(path).text
    assert "Finish the mandate" in client.get("/dashboard").text


@pytest.mark.parametrize("locale", ["en", "zh_Hans_CN"])
def test_every_place_stands_in_the_form_as_it_is_read_again(app: Flask, locale: str) -> None:
    with app.test_request_context(), force_locale(locale):
        codes = [*list_codes()[::7], "210700", "445303", "650000"]
        for code in codes:
            form = MandateForm(is_seed_fund=False, meta={"csrf": False})
            form.fill_from(MandateValues(places=(code,)), None)
            shown = form.places._value()
            form.places.process_formdata([shown])
            assert form.places.data == [code], shown


def test_pages_speak_chinese(client: FlaskClient, committed: Committed, ids: Ids) -> None:
    with committed() as session:
        for person in session.scalars(select(Person)):
            person.locale = "zh_Hans_CN"
    enter(client, committed, ids.founder)
    page = client.get(ids.need).text
    assert "下一步该证明什么" in page
    assert "通过“样机”关口的验证" in page
    assert "减少" not in page
    enter(client, committed, ids.investor)
    assert "50 万元" in client.get(f"{ids.fund}/mandate").text


def make_deal(committed: Committed) -> tuple[str, str, str, int, int]:
    """Addresses of a deal, its funnel and the founder's page; the fund's person, the founder."""
    with committed() as session:
        scene = make_scene(session)
        asked = make_engagement(session, scene.need, scene.fund, state="accepted")
        return (
            f"/engagements/{asked.public_id}/deal",
            f"/providers/{scene.fund.public_id}/deals",
            f"/needs/{scene.need.public_id}/funds",
            scene.investor.id,
            scene.founder.id,
        )


def test_a_fund_takes_a_deal_through_its_steps_and_shows_what_it_likes(
    client: FlaskClient, committed: Committed
) -> None:
    deal, funnel, openings, investor, founder = make_deal(committed)
    enter(client, committed, investor)
    assert "Inbox" in client.get(funnel).text
    form = read_form(client.get(f"{funnel}/steps").text, "steps")
    answer = client.post(
        f"{funnel}/steps", data=form.to_dict() | {"steps": "Screening\r\n尽职调查"}
    )
    assert (answer.status_code, answer.location) == (303, funnel)
    form = read_form(client.get(deal).text, "step")
    moved = client.post(f"{deal}/advance", data=form.to_dict() | {"step": "尽职调查"})
    assert (moved.status_code, moved.location) == (303, deal)
    assert "尽职调查" in client.get(funnel).text
    form = read_form(client.get(deal).text, "reason")
    wrong = client.post(f"{deal}/pass", data=form.to_dict() | {"reason": "bored"})
    assert wrong.status_code == 422
    assert "Choose from the list." in wrong.text
    words = {"reason": "team", "words": "Zzsecretword"}
    assert client.post(f"{deal}/pass", data=form.to_dict() | words).status_code == 303
    assert "Zzsecretword" in client.get(deal).text
    again = client.post(f"{deal}/pass", data=form.to_dict() | words)
    assert (again.status_code, "alert-danger" in again.text) == (409, True)
    form = read_form(client.get(deal).text, "status")
    shown = client.post(f"{deal}/show", data=form.to_dict() | {"status": "not_now"})
    assert shown.status_code == 303
    form = read_form(client.get(deal).text, "person")
    assert client.post(f"{deal}/assign", data=form.to_dict()).status_code == 303
    assert press(client, deal, f"{deal}/reopen").status_code == 303
    assert press(client, deal, f"{deal}/agree").status_code == 303
    assert press(client, deal, f"{deal}/complete").status_code == 303
    enter(client, committed, founder)
    page = client.get(openings).text
    assert "Not for us now" in page
    for kept in ("Zzsecretword", "尽职调查", "Decided against"):
        assert kept not in page
    assert client.get(deal).status_code == 403
    assert client.get(funnel).status_code == 403


def test_the_menu_and_the_request_lead_a_fund_to_its_deals(
    client: FlaskClient, committed: Committed
) -> None:
    deal, funnel, openings, investor, founder = make_deal(committed)
    page = deal.removesuffix("/deal")
    enter(client, committed, investor)
    assert 'href="/deals"' in client.get("/dashboard").text
    assert client.get("/deals").location == funnel
    shown = client.get(funnel).text
    assert all(each in shown for each in ("/board", "/commitments", "/mandate", "/arrangements"))
    assert deal in client.get(page).text
    enter(client, committed, founder)
    shown = client.get(page).text
    assert (deal in shown, openings in shown) == (False, True)
    assert 'href="/deals"' not in client.get("/dashboard").text
    assert client.get("/deals").status_code == 404


def test_a_founder_seeks_no_more_of_a_fund(client: FlaskClient, committed: Committed) -> None:
    deal, funnel, openings, investor, founder = make_deal(committed)
    enter(client, committed, founder)
    assert "shows nothing further" in client.get(openings).text
    gone = press(client, openings, f"{deal}/withdraw")
    assert (gone.status_code, gone.location) == (303, openings)
    enter(client, committed, investor)
    assert "Withdrawn by the startup" in client.get(funnel).text
