"""Pages of providers, sent as a browser without JavaScript sends them."""

import html
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import create_app
from app.extensions import db
from app.settings import Settings
from models.people import Invitation, Person
from models.providers import CentreService, Provider
from models.revisions import get_latest_revision
from models.vocabulary import Field, Instrument, InvestorKind, Role
from tests.app.profiles.page_forms import fill_in, press, read_action, read_form, send
from tests.factories import (
    admit,
    join,
    log_in,
    make_centre,
    make_incubator,
    make_investor,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)

Committed = Callable[[], AbstractContextManager[Session]]

SUMMARY = "Ran a silicon-carbide line for ten years. Raised its yield from 40 to 75 %."
MENTOR = {
    "name": "Mentor for wafer process",
    "headline": "Wafer process and yield",
    "summary": SUMMARY,
    "fields": ["integrated_circuits", "advanced_materials"],
    "topics": "SiC、yield",
    "languages": ["zh", "en"],
    "help_modes": ["technical_review"],
    "hours_per_month": "６",
    "place_code": "310115",
}
INVESTOR = {
    "name": "Seed fund (example)",
    "headline": "Seed money for power devices",
    "summary": SUMMARY,
    "fields": ["integrated_circuits"],
    "languages": ["zh"],
    "investor_kind": "seed_fund",
    "ticket_min_yuan": "50",
    "ticket_max_yuan": "300.5",
    "funding_stages": ["seed"],
    "instruments": ["equity", "guarantee"],
}
CENTRE = {
    "name": "Test platform (example)",
    "headline": "From static parameters to ageing",
    "summary": SUMMARY,
    "fields": ["integrated_circuits"],
    "languages": ["zh"],
    "centre_kind": "test_platform",
    "accepts_vouchers": "y",
    "services-0-name": "Wafer test",
    "services-0-gate": "lab",
    "services-0-lead_time_days": "14",
    "services-0-price_yuan": "1,200",
    "services-0-price_unit": "wafer",
    "services-0-free_slots": "2",
}


def get_only(session: Session) -> Provider:
    return session.scalars(select(Provider)).one()


def find_errors(page: str) -> list[str]:
    """The messages beside the fields, in their order."""
    found = re.findall(r'<div class="field-error"[^>]*>(.*?)</div>', page)
    return [html.unescape(message) for message in found]


def test_a_mentor_is_written_as_a_draft_and_published_later(
    visitor: FlaskClient, person: Person, committed: Committed
) -> None:
    answer = fill_in(visitor, "/providers/new?kind=mentor", {"name": "Mentor for wafer process"})
    assert answer.status_code == 303
    with committed() as session:
        mentor = get_only(session)
        assert (mentor.name, mentor.state) == ("Mentor for wafer process", "draft")
        assert [(m.person_id, m.role) for m in mentor.memberships] == [(person.id, Role.MENTOR)]
        path = f"/providers/{mentor.public_id}"
    assert answer.location == path
    assert "This is a draft" in visitor.get(path).text
    answer = fill_in(visitor, f"{path}/edit", MENTOR, do="publish")
    assert (answer.status_code, answer.location) == (303, path)
    with committed() as session:
        mentor = get_only(session)
        assert mentor.state == "published"
        assert mentor.published_text == f"Wafer process and yield\n{SUMMARY}\nSiC、yield"
        assert mentor.fields == [Field.INTEGRATED_CIRCUITS, Field.ADVANCED_MATERIALS]
        assert mentor.mentor is not None
        assert mentor.mentor.hours_per_month == 6
        assert get_latest_revision(session) == 1
    page = visitor.get(path).text
    assert "Raised its yield from 40 to 75 %." in page
    assert "How matching reads this profile" in page


def test_an_investor_is_published_at_once_with_tickets_in_yuan(
    visitor: FlaskClient, committed: Committed
) -> None:
    answer = fill_in(visitor, "/providers/new?kind=investor", INVESTOR, do="publish")
    assert answer.status_code == 303
    with committed() as session:
        investor = get_only(session).investor
        assert investor is not None
        assert investor.investor_kind is InvestorKind.SEED_FUND
        assert (investor.ticket_min_yuan, investor.ticket_max_yuan) == (500_000, 3_005_000)
        assert investor.instruments == [Instrument.EQUITY, Instrument.GUARANTEE]
    page = visitor.get(answer.location).text
    assert "CNY 500,000 to CNY 3,005,000" in page
    form = read_form(visitor.get(f"{answer.location}/edit").text, "name")
    assert (form["ticket_min_yuan"], form["ticket_max_yuan"]) == ("50", "300.5")


def test_services_grow_and_shrink_without_javascript(
    visitor: FlaskClient, committed: Committed
) -> None:
    path = "/providers/new?kind=centre"
    answer = fill_in(visitor, path, CENTRE, do="add_service")
    assert answer.status_code == 200
    form = read_form(answer.text, "services-1-name")
    assert form["services-0-name"] == "Wafer test"
    with committed() as session:
        assert session.scalar(select(func.count()).select_from(Provider)) == 0
    second = {"services-1-name": "Power cycling", "services-1-gate": "pilot"}
    answer = send(visitor, path, form, second, do="publish")
    assert answer.status_code == 303
    with committed() as session:
        centre = get_only(session).centre
        assert centre is not None
        assert centre.accepts_vouchers
        assert [(s.name, s.gate.value, s.price_yuan, s.free_slots) for s in centre.services] == [
            ("Wafer test", "lab", 1200, 2),
            ("Power cycling", "pilot", 0, 0),
        ]
    page = visitor.get(answer.location).text
    assert page.index("Wafer test") < page.index("Power cycling")
    removal = {"services-0-remove": "y", "services-0-lead_time_days": "nonsense"}
    answer = fill_in(visitor, f"{answer.location}/edit", removal)
    assert answer.status_code == 303
    with committed() as session:
        assert session.scalars(select(CentreService.name)).all() == ["Power cycling"]
        assert "Wafer test" not in get_only(session).published_text


def test_what_is_missing_is_marked_and_nothing_typed_is_lost(
    visitor: FlaskClient, committed: Committed
) -> None:
    typed = {"name": "Seed fund (example)", "summary": "Too short, but kept."}
    answer = fill_in(visitor, "/providers/new?kind=investor", typed, do="publish")
    assert answer.status_code == 422
    assert find_errors(answer.text) == [
        "Say in one line what you bring.",
        "Describe it in at least 40 characters.",
        "Choose at least one funding stage.",
        "Choose at least one instrument.",
        "Give the smallest ticket.",
        "Give the largest ticket.",
        "Choose at least one field.",
    ]
    form = read_form(answer.text, "summary")
    assert form["summary"] == "Too short, but kept."
    with committed() as session:
        assert session.scalars(select(Provider)).all() == []
    assert send(visitor, "/providers/new?kind=investor", form, {}).status_code == 303


def test_publishing_an_unfinished_draft_leads_to_what_is_missing(
    visitor: FlaskClient, person: Person, committed: Committed
) -> None:
    with committed() as session:
        mentor = make_mentor(session, person=session.get_one(Person, person.id), state="draft")
        mentor.summary = ""
        path = f"/providers/{mentor.public_id}"
    answer = press(visitor, path, f"{path}/publish")
    assert (answer.status_code, answer.location) == (303, f"{path}/edit?check=yes")
    page = visitor.get(answer.location).text
    assert find_errors(page) == [
        "Describe it in at least 40 characters.",
        "Choose at least one way in which you help.",
    ]


def test_pausing_and_resuming_are_one_button_each(
    visitor: FlaskClient, person: Person, committed: Committed
) -> None:
    with committed() as session:
        investor = make_investor(session, person=session.get_one(Person, person.id))
        path = f"/providers/{investor.public_id}"
    before = 1
    assert press(visitor, path, f"{path}/pause").status_code == 303
    with committed() as session:
        assert get_only(session).state == "paused"
        assert get_latest_revision(session) == before + 1
    stale = visitor.get(path).text
    assert f'action="{path}/pause"' not in stale
    assert press(visitor, path, f"{path}/publish").status_code == 303
    with committed() as session:
        assert get_only(session).state == "published"
        assert get_latest_revision(session) == before + 2


def test_a_button_pressed_twice_is_answered_in_words(
    visitor: FlaskClient, person: Person, committed: Committed
) -> None:
    with committed() as session:
        investor = make_investor(session, person=session.get_one(Person, person.id))
        path = f"/providers/{investor.public_id}"
    form = read_action(visitor.get(path).text, f"{path}/pause")
    answers = [visitor.post(f"{path}/pause", data=form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    page = visitor.get(answers[1].location).text
    assert "That does not follow from the present state" in page


def test_a_form_sent_twice_creates_one_profile(visitor: FlaskClient, committed: Committed) -> None:
    path = "/providers/new?kind=mentor"
    form = read_form(visitor.get(path).text, "name")
    answers = [send(visitor, path, form, MENTOR, do="publish") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    with committed() as session:
        assert get_only(session).state == "published"


@pytest.mark.concurrency
def test_a_form_over_an_older_version_keeps_what_was_typed(
    visitor: FlaskClient, person: Person, committed: Committed
) -> None:
    with committed() as session:
        mentor = make_investor(session, person=session.get_one(Person, person.id))
        path = f"/providers/{mentor.public_id}/edit"
    form = read_form(visitor.get(path).text, "name")
    assert send(visitor, path, form, {"headline": "From the other window"}).status_code == 303
    answer = send(visitor, path, form, {"headline": "From this window"})
    assert answer.status_code == 409
    assert "Someone changed this profile after you opened it." in answer.text
    with committed() as session:
        assert get_only(session).headline == "From the other window"
    kept = read_form(answer.text, "name")
    assert kept["headline"] == "From this window"
    assert send(visitor, path, kept, {}).status_code == 303
    with committed() as session:
        assert get_only(session).headline == "From this window"


@pytest.mark.faults
def test_without_an_encoder_drafts_are_kept_and_publishing_says_why_not(
    settings: Settings, tmp_path: Path
) -> None:
    app = create_app(replace(settings, encoder=str(tmp_path / "no-encoder")))
    with app.app_context():
        person = make_person(db.session)
        db.session.commit()
        visitor = app.test_client()
        log_in(visitor, person)
    sentence = "Texts cannot be read for matching at present, so nothing was changed."
    answer = fill_in(visitor, "/providers/new?kind=mentor", MENTOR, do="publish")
    assert answer.status_code == 503
    assert sentence in answer.text
    form = read_form(answer.text, "summary")
    assert form["summary"] == SUMMARY
    path = send(visitor, "/providers/new?kind=mentor", form, {}).location
    assert press(visitor, path, f"{path}/publish").location == path
    assert sentence in visitor.get(path).text
    assert fill_in(visitor, f"{path}/edit", {}, do="publish").status_code == 503
    with app.app_context():
        assert get_only(db.session).state == "draft"


@pytest.mark.fuzz
@pytest.mark.parametrize(
    ("kind", "typed", "messages"),
    [
        ("mentor", {"name": ""}, ["Give a name."]),
        ("mentor", {"name": "\x00\x07 \u200b"}, ["Give a name."]),
        ("mentor", {"name": "x" * 121}, ["At most 120 characters; there are 121 now."]),
        (
            "mentor",
            {"summary": "界" * 330_000},
            ["At most 8000 characters; there are 330000 now."],
        ),
        ("mentor", {"fields": ["no_such_field"]}, ["Choose from the list."]),
        ("mentor", {"place_code": "000000"}, ["Choose from the list."]),
        ("mentor", {"seat": "driver"}, ["Choose from the list."]),
        ("mentor", {"hours_per_month": "201"}, ["Give a whole number from 0 to 200."]),
        ("mentor", {"hours_per_month": ""}, ["Give a whole number."]),
        ("mentor", {"capacity": "-1"}, ["Give a whole number from 0 to 500."]),
        (
            "investor",
            {"fields": [field.value for field in list(Field)[:6]]},
            ["A seed fund covers at most 5 technology fields."],
        ),
        (
            "investor",
            {"ticket_min_yuan": "-5"},
            ["Give an amount from 0 to 100000000."],
        ),
        (
            "investor",
            {"ticket_min_yuan": "300", "ticket_max_yuan": "50"},
            ["The largest ticket is smaller than the smallest one."],
        ),
        ("investor", {"investor_kind": "bank"}, ["Choose from the list."]),
        ("centre", {"services-0-gate": "garden"}, ["Choose from the list."]),
        (
            "centre",
            {"services-0-price_yuan": "-1"},
            ["Give an amount from 0 to 1000000000000."],
        ),
        (
            "centre",
            {"services-0-name": "", "services-0-description": "Without a name"},
            ["Give a name."],
        ),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_is_saved(
    visitor: FlaskClient,
    committed: Committed,
    kind: str,
    typed: dict[str, Any],
    messages: list[str],
) -> None:
    valid = {"mentor": MENTOR, "investor": INVESTOR, "centre": CENTRE}[kind]
    answer = fill_in(visitor, f"/providers/new?kind={kind}", valid | typed)
    assert answer.status_code == 422
    assert find_errors(answer.text) == messages
    assert read_form(answer.text, "headline")["headline"] == valid["headline"]
    with committed() as session:
        assert session.scalars(select(Provider)).all() == []


@pytest.mark.fuzz
def test_more_than_a_form_can_hold_is_refused_in_words(visitor: FlaskClient) -> None:
    answer = fill_in(visitor, "/providers/new?kind=mentor", MENTOR | {"summary": "x" * 13_000_000})
    assert answer.status_code == 413
    assert "That is more than can be sent at once." in answer.text


@pytest.mark.fuzz
def test_hostile_text_is_shown_as_text(visitor: FlaskClient, committed: Committed) -> None:
    hostile = "<script>alert(1)</script> {{ 7 * 7 }} ' \" & \u202egnp.exe\x00"
    typed = MENTOR | {"name": hostile, "headline": hostile, "topics": "<b>bold</b>"}
    answer = fill_in(visitor, "/providers/new?kind=mentor", typed, do="publish")
    assert answer.status_code == 303
    for path in (answer.location, f"{answer.location}/edit", "/providers"):
        page = visitor.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7 * 7 }}" in page
        assert "\u202e" not in page
        assert "<b>bold" not in page


def test_an_unknown_kind_is_not_found(visitor: FlaskClient) -> None:
    answers = [visitor.get(f"/providers/new?kind={kind}") for kind in ("bank", "", "MENTOR")]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    page = visitor.get("/providers/new").text
    assert [f"/providers/new?kind={kind}" in page for kind in ("mentor", "investor", "centre")] == [
        True
    ] * 3


@pytest.mark.permissions
def test_only_who_acts_for_a_provider_may_change_it(
    app: Flask, visitor: FlaskClient, person: Person, committed: Committed
) -> None:
    with committed() as session:
        owner = make_person(session)
        shown = make_mentor(session, person=owner).public_id
        hidden = make_mentor(session, person=owner, open_to_all=False).public_id
        draft = make_centre(session, person=owner, state="draft").public_id
    token = read_form(visitor.get("/providers/new?kind=mentor").text, "name")["csrf_token"]
    sent = {"csrf_token": token, "name": "Taken over", "do": "publish"}

    def ask(public_id: str) -> dict[str, int]:
        path = f"/providers/{public_id}"
        return {
            "show": visitor.get(path).status_code,
            "edit": visitor.get(f"{path}/edit").status_code,
            "save": visitor.post(f"{path}/edit", data=sent).status_code,
            "publish": visitor.post(f"{path}/publish", data=sent).status_code,
            "pause": visitor.post(f"{path}/pause", data=sent).status_code,
            "people": visitor.get(f"{path}/people").status_code,
            "invite": visitor.post(f"{path}/people", data=sent).status_code,
        }

    changes = ("edit", "save", "publish", "pause", "people", "invite")
    assert ask(shown) == {"show": 200} | dict.fromkeys(changes, 403)
    for unknown in (hidden, draft, "0123456789abcdef", "%00", "1"):
        assert ask(unknown) == {"show": 404} | dict.fromkeys(changes, 404)
    with committed() as session:
        assert "Taken over" not in session.scalars(select(Provider.name)).all()
        log_in(visitor, session.merge(owner))
    assert set(ask(draft).values()) <= {200, 303, 422}


@pytest.mark.permissions
def test_visitors_are_asked_to_log_in(client: FlaskClient, committed: Committed) -> None:
    with committed() as session:
        path = f"/providers/{make_mentor(session).public_id}"
    for address in ("/providers", "/providers/new", path, f"{path}/edit", "/startups/new"):
        assert client.get(address).location.startswith("/log-in?next=")


@pytest.mark.privacy
def test_how_matching_reads_a_profile_is_for_its_own_people(
    visitor: FlaskClient, person: Person, committed: Committed
) -> None:
    with committed() as session:
        own = make_mentor(session, person=session.get_one(Person, person.id)).public_id
        other = make_mentor(session, person=make_person(session, name="Colleague")).public_id
    heading = "How matching reads this profile"
    assert heading in visitor.get(f"/providers/{own}").text
    page = visitor.get(f"/providers/{other}").text
    assert heading not in page
    assert "Colleague" not in page


def test_a_founder_asks_through_an_open_need(
    visitor: FlaskClient, person: Person, committed: Committed
) -> None:
    with committed() as session:
        startup = make_startup(session, founder=session.get_one(Person, person.id))
        mentor = make_mentor(session).public_id
        busy = make_mentor(session, capacity=0).public_id
    page = visitor.get(f"/providers/{mentor}").text
    assert "You ask through a need" in page
    with committed() as session:
        need = make_need(session, session.merge(startup)).public_id
    page = visitor.get(f"/providers/{mentor}").text
    assert f'href="/needs/{need}/request/{mentor}"' in page
    page = visitor.get(f"/providers/{busy}").text
    assert f"/needs/{need}/request/" not in page
    assert "There is no free place left." in page


def test_an_operator_can_invite_a_mentor_from_the_profile(
    visitor: FlaskClient, person: Person, committed: Committed
) -> None:
    with committed() as session:
        incubator = make_incubator(session, operator=session.get_one(Person, person.id))
        inside = make_mentor(session)
        outside = make_mentor(session, open_to_all=False, shown_to_incubators=True)
        closed_id = make_mentor(session, open_to_all=False).public_id
        admit(session, incubator, inside)
        button = f"/incubators/{incubator.public_id}/mentors/{outside.public_id}"
        inside_id, outside_id = inside.public_id, outside.public_id
    assert "Invite to the pool" not in visitor.get(f"/providers/{inside_id}").text
    assert f'action="{button}"' in visitor.get(f"/providers/{outside_id}").text
    assert visitor.get(f"/providers/{closed_id}").status_code == 404


def test_the_list_is_narrowed_by_its_address(visitor: FlaskClient, committed: Committed) -> None:
    with committed() as session:
        make_mentor(session, name="Wafer mentor", place_code="310115")
        make_investor(session, name="Seed fund (example)", place_code="320500")
    page = visitor.get("/providers?kind=mentor&place_code=310000&text=wafer").text
    assert "Wafer mentor" in page
    assert "Seed fund (example)" not in page
    assert "1 provider" in page
    form = read_form(page, "place_code")
    assert (form["kind"], form["place_code"], form["text"]) == ("mentor", "310000", "wafer")
    assert "2 providers" in visitor.get("/providers").text
    assert "Nobody fits this choice" in visitor.get("/providers?text=nothing").text


def test_pages_keep_the_choice(visitor: FlaskClient, committed: Committed) -> None:
    with committed() as session:
        for number in range(21):
            make_investor(session, name=f"Fund {number:02} (example)")
    page = visitor.get("/providers?kind=investor&order=newest").text
    assert "Page 1 of 2" in page
    assert 'href="/providers?page=2&amp;kind=investor&amp;order=newest"' in page
    assert "Page 2 of 2" in visitor.get("/providers?page=2&kind=investor").text


@pytest.mark.fuzz
@pytest.mark.parametrize(
    "query",
    [
        "kind=bank",
        "field=x",
        "place_code=999999",
        "order=sideways",
        "page=-1",
        "page=99999999999999999999",
        "page=²",
        "page=x&page=y",
        f"text={'x' * 5000}",
        "text=%07%E2%80%AE",
    ],
)
def test_an_address_that_makes_no_sense_still_shows_the_list(
    visitor: FlaskClient, committed: Committed, query: str
) -> None:
    with committed() as session:
        make_mentor(session, name="Wafer mentor")
    answer = visitor.get(f"/providers?{query}")
    assert answer.status_code == 200
    assert "Wafer mentor" in answer.text


def test_a_colleague_is_invited_once(
    visitor: FlaskClient, person: Person, committed: Committed
) -> None:
    with committed() as session:
        own = session.get_one(Person, person.id)
        centre = make_centre(session, person=own)
        member = make_person(session, email="member@example.org")
        join(session, member, Role.CENTRE, provider=centre)
        path = f"/providers/{centre.public_id}/people"
    typed = {"email": " New@Example.org ", "name": "Colleague"}
    form = read_form(visitor.get(path).text, "email")
    assert send(visitor, path, form, typed).status_code == 303
    with committed() as session:
        invitation = session.scalars(select(Invitation)).one()
        assert (invitation.email, invitation.role) == ("new@example.org", Role.CENTRE)
    answers = [
        send(visitor, path, form, {"email": email})
        for email in ("new@example.org", "member@example.org", "nobody", "")
    ]
    assert [answer.status_code for answer in answers] == [409, 409, 422, 422]
    assert [find_errors(answer.text) for answer in answers] == [
        ["An invitation to this address is still open."],
        ["This person already acts for the organisation."],
        ["This is not an e-mail address. It looks like name@example.org."],
        ["Please fill this in."],
    ]
    assert "new@example.org" in visitor.get(path).text
