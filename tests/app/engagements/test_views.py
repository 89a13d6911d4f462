"""Pages of this room: the whole way through a browser's eyes, and who may not come in."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.engagements.actions import sessions as session_actions
from app.extensions import db
from models.engagements import CoachingSession, Engagement, Feedback
from models.matches import Match, MatchEvidence, MatchRun
from models.notices import OutboxMail
from models.organisations import Startup
from models.people import Person
from models.vocabulary import ProviderKind, Release, Strength
from tests.app.engagements.scenes import Scene, hold, judge, make_accepted, make_scene, plan
from tests.factories import (
    AT,
    log_in,
    make_engagement,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)

pytestmark = pytest.mark.engagements

# Forms ask for times that are still to come; ten in the morning in Shanghai.
COMING = (datetime.now(UTC) + timedelta(days=3)).replace(hour=2, minute=0, second=0, microsecond=0)

NAME = "Moonlit Wafer (example)"
TITLE = "Gate oxide breaks down early"
TEXT = "At 175 degrees the gate oxide of our lot 7 breaks down."
PROFILE = "Traction inverters for mining trucks."
SECRETS = (NAME, TITLE, TEXT, PROFILE)


class World:
    """A committed scene, and a browser for each of its people.

    No context is held open around a request: it would hide a forgotten commit.
    """

    def __init__(self, app: Flask) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        self.app = app
        with app.app_context():
            scene = make_scene(db.session)
            scene.startup.name = NAME
            scene.startup.description = PROFILE
            scene.need.title = TITLE
            scene.need.text = TEXT
            stranger = make_person(db.session, name="Stranger")
            make_startup(db.session, founder=stranger)
            db.session.commit()
            self._ids = {name: (type(row), row.id) for name, row in _list_rows(scene)}
            people = (scene.operator, scene.founder, scene.mentor, stranger)
            self.operator, self.founder, self.mentor, self.stranger = (
                self._open_browser(person) for person in people
            )
            self.need_id = scene.need.public_id
            self.provider_id = scene.provider.public_id
            self.founder_email = scene.founder.email

    def _open_browser(self, person: Any) -> FlaskClient:
        client = self.app.test_client()
        log_in(
            client,
            SimpleNamespace(  # type: ignore[arg-type]
                public_id=person.public_id, credential_version=person.credential_version
            ),
        )
        return client

    def write(self, write: Callable[[Session, Scene], Any]) -> str:
        """Do something to the scene and commit it; gives the public id of what came out."""
        with self.app.app_context():
            scene = Scene(**{name: db.session.get_one(*where) for name, where in self._ids.items()})
            made = write(db.session, scene)
            db.session.commit()
            return str(made.public_id)

    def read(self, read: Callable[[Session], Any]) -> Any:
        """What the database holds."""
        with self.app.app_context():
            return read(db.session)


def _list_rows(scene: Scene) -> list[tuple[str, Any]]:
    names = ("operator", "founder", "mentor", "incubator", "startup", "need", "provider")
    return [(name, getattr(scene, name)) for name in names]


@pytest.fixture
def world(app: Flask) -> World:
    return World(app)


def get_states(session: Session) -> tuple[str, list[str]]:
    engagement = session.scalars(select(Engagement)).one()
    return engagement.state, [each.state for each in engagement.sessions]


def ask(world: World, **values: Any) -> TestResponse:
    form = {"message": "Please look at lot 7.", "released": ["startup_name", "need_text"]} | values
    return world.founder.post(f"/needs/{world.need_id}/request/{world.provider_id}", data=form)


def make_session_form(starts_at: datetime = COMING, **values: str) -> dict[str, str]:
    # What a person in Shanghai types.
    local = starts_at + timedelta(hours=8)
    return {
        "on": local.strftime("%Y-%m-%d"),
        "clock": local.strftime("%H:%M"),
        "minutes": "60",
        "link": "https://meet.example.org/lot-7",
        "place": "",
    } | values


def test_the_whole_way(world: World) -> None:
    assert (
        world.founder.get(f"/needs/{world.need_id}/request/{world.provider_id}").status_code == 200
    )
    asked = ask(world)
    assert asked.status_code == 303
    page = asked.location
    assert world.mentor.get(page).text.count(TITLE) >= 1

    assert world.mentor.post(f"{page}/accept").location == page
    proposed = world.mentor.post(f"{page}/sessions", data=make_session_form())
    assert (proposed.status_code, proposed.location) == (303, page)
    session_id, starts_at = world.read(
        lambda session: session.execute(
            select(CoachingSession.public_id, CoachingSession.starts_at)
        ).one()
    )
    assert starts_at == COMING
    assert "Times to confirm" in world.founder.get("/calendar").text
    confirmed = world.founder.post(f"/sessions/{session_id}/confirm", data={"sequence": "0"})
    assert (confirmed.status_code, confirmed.location) == (303, page)
    assert world.read(get_states) == ("active", ["confirmed"])
    assert "Times to confirm" not in world.founder.get("/calendar").text

    def let_time_pass(session: Session, scene: Scene) -> CoachingSession:
        row = session.scalars(select(CoachingSession)).one()
        row.starts_at, row.ends_at = AT, AT + timedelta(hours=1)
        return row

    world.write(let_time_pass)
    held = world.mentor.post(f"/sessions/{session_id}/held")
    assert held.location == f"/sessions/{session_id}/feedback"
    for browser in (world.mentor, world.founder):
        assert browser.get(f"/sessions/{session_id}/feedback").status_code == 200
        given = browser.post(
            f"/sessions/{session_id}/feedback",
            data={
                "rating": "5",
                "preparation": "4",
                "wants_to_continue": "yes",
                "comment": "Clear.",
            },
        )
        assert (given.status_code, given.location) == (303, page)
    assert world.read(get_states) == ("completed", ["held"])
    seen = world.operator.get(page)
    assert seen.status_code == 200
    assert seen.text.count("Clear.") == 2
    assert "Request accepted" in seen.text


def test_the_list_shows_what_waits_first_and_filters(world: World) -> None:
    assert "No engagements yet" in world.founder.get("/engagements").text
    waiting = world.write(lambda s, scene: make_engagement(s, scene.need, scene.provider))
    world.write(
        lambda s, scene: make_engagement(
            s,
            make_need(s, scene.startup, title="Later, and declined"),
            scene.provider,
            state="declined",
            requested_at=AT + timedelta(days=1),
        )
    )
    page = world.mentor.get("/engagements").text
    assert page.index(f"/engagements/{waiting}") < page.index("Later, and declined")
    assert page.count("Your turn") == 1
    declined = world.mentor.get("/engagements?state=declined").text
    assert (f"/engagements/{waiting}" in declined, "Later, and declined" in declined) == (
        False,
        True,
    )
    assert "No engagement fits this filter" in world.mentor.get("/engagements?state=active").text
    for odd in ("?state=nonsense", "?side=nonsense", "?page=-1", "?page=999999999999"):
        assert world.mentor.get(f"/engagements{odd}").status_code == 200
    assert "No engagements yet" in world.stranger.get("/engagements").text


@pytest.mark.permissions
def test_strangers_learn_nothing(world: World) -> None:
    engagement = world.write(make_accepted)
    planned = world.write(
        lambda s, scene: plan(s, s.scalars(select(Engagement)).one(), scene.by_mentor)
    )
    paths = [
        ("GET", f"/engagements/{engagement}"),
        *(
            ("POST", f"/engagements/{engagement}/{verb}")
            for verb in ("accept", "decline", "withdraw", "cancel", "complete", "sessions")
        ),
        *(("GET", f"/sessions/{planned}/{verb}") for verb in ("move", "cancel", "session.ics")),
        *(("POST", f"/sessions/{planned}/{verb}") for verb in ("confirm", "held", "missed")),
        ("GET", f"/sessions/{planned}/feedback"),
        ("GET", f"/needs/{world.need_id}/request/{world.provider_id}"),
        ("POST", f"/needs/{world.need_id}/request/{world.provider_id}"),
    ]
    visitor = world.app.test_client()
    for method, path in paths:
        assert world.stranger.open(path, method=method).status_code == 404, path
        answer = visitor.open(path, method=method)
        assert (answer.status_code, "/log-in" in answer.location) == (303, True), path
    assert world.read(get_states) == ("accepted", ["proposed"])


@pytest.mark.permissions
def test_who_may_look_but_not_act_is_told_so(world: World) -> None:
    engagement = world.write(lambda s, scene: make_engagement(s, scene.need, scene.provider))
    for browser, verb in (
        (world.operator, "accept"),
        (world.operator, "cancel"),
        (world.founder, "accept"),
        (world.mentor, "withdraw"),
    ):
        answer = browser.post(f"/engagements/{engagement}/{verb}", data={"reason": "Because"})
        assert answer.status_code == 403
    assert world.read(get_states)[0] == "requested"


@pytest.mark.privacy
@pytest.mark.parametrize(
    ("released", "shown"),
    [
        ([], set()),
        ([Release.STARTUP_NAME], {NAME}),
        ([Release.STARTUP_PROFILE], {PROFILE}),
        ([Release.NEED_TEXT], {TITLE, TEXT}),
        (list(Release), set(SECRETS)),
    ],
)
def test_before_accepting_the_provider_sees_only_what_is_released(
    world: World, released: list[Release], shown: set[str]
) -> None:
    def write(session: Session, scene: Scene) -> Engagement:
        run = MatchRun(
            need=scene.need,
            run_at=AT,
            need_version=1,
            encoder_fingerprint="f",
            background_version="b",
            weights_version="w",
            index_revision=1,
        )
        match = Match(
            run=run,
            provider=scene.provider,
            kind=ProviderKind.MENTOR,
            rank=1,
            score=0.5,
            strength=Strength.STRONG,
        )
        match.evidence.append(
            MatchEvidence(
                ordinal=0,
                need_start=0,
                need_end=len(TEXT),
                provider_start=0,
                provider_end=4,
                need_slice=TEXT,
                provider_slice="Reads your defect maps",
                contribution=0.5,
            )
        )
        session.add(run)
        return make_engagement(
            session,
            scene.need,
            scene.provider,
            released=released,
            match=match,
            requested_by=scene.founder,
        )

    engagement = world.write(write)
    whole = world.founder.get(f"/engagements/{engagement}").text
    # All of it could leak: the founder's own page has it.
    assert {secret for secret in (NAME, TITLE, TEXT) if secret in whole} == {NAME, TITLE, TEXT}
    seen = world.mentor.get(f"/engagements/{engagement}").text
    assert {secret for secret in SECRETS if secret in seen} == shown
    assert (world.founder_email in seen) == (Release.CONTACT in released)
    listed = world.mentor.get("/engagements").text + world.mentor.get("/calendar").text
    assert {secret for secret in SECRETS if secret in listed} == shown - {TEXT, PROFILE}
    world.mentor.post(f"/engagements/{engagement}/accept")
    after = world.mentor.get(f"/engagements/{engagement}").text
    assert {secret for secret in SECRETS if secret in after} == set(SECRETS)
    assert world.founder_email in after


@pytest.mark.privacy
def test_private_notes_are_for_their_author(world: World) -> None:
    def write(session: Session, scene: Scene) -> Engagement:
        engagement = make_accepted(session, scene)
        held = hold(session, scene, engagement)
        judge(session, held, scene.by_founder, private_note="Unsure about his patience.")
        judge(session, held, scene.by_mentor, private_note="The team is too small.")
        return engagement

    page = f"/engagements/{world.write(write)}"
    notes = ("Unsure about his patience.", "The team is too small.")
    seen = [
        [note in browser.get(page).text for note in notes]
        for browser in (world.founder, world.mentor, world.operator)
    ]
    assert seen == [[True, False], [False, True], [False, False]]


def test_a_reason_is_asked_for_and_what_was_typed_is_kept(world: World) -> None:
    engagement = world.write(lambda s, scene: make_engagement(s, scene.need, scene.provider))
    path = f"/engagements/{engagement}/decline"
    empty = world.mentor.post(path, data={"reason": "  "})
    assert empty.status_code == 422
    assert "Please give a reason" in empty.text
    long = world.mentor.post(path, data={"reason": "x" * 1001})
    assert (long.status_code, "x" * 1001 in long.text) == (422, True)
    without_code = world.mentor.post(path, data={"reason": "On leave"})
    assert (without_code.status_code, "Choose what stands in the way." in without_code.text) == (
        422,
        True,
    )
    said = {"reason": "On leave", "code": "no_time"}
    assert world.mentor.post(path, data=said).status_code == 303
    assert world.read(get_states)[0] == "declined"


@pytest.mark.fuzz
@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"on": "24.11.2026"}, "Give a day as year-month-day"),
        ({"on": ""}, "Choose a day."),
        ({"on": "0001-01-01"}, "That time has gone by"),
        ({"on": "9999-12-31"}, "within the next two years"),
        ({"clock": "25:99"}, "Give a time as hours and minutes"),
        ({"clock": "10:07"}, "begins on a quarter of an hour"),
        ({"minutes": "7"}, "Choose from the list."),
        ({"minutes": "ten"}, "Choose from the list."),
        ({"link": ""}, "Give a place or a link"),
        ({"link": "javascript:alert(1)"}, "beginning with https://"),
        ({"link": "https://[broken"}, "beginning with https://"),
        ({"on": "2001-01-01"}, "That time has gone by"),
    ],
)
def test_a_time_that_cannot_be_is_refused_with_all_that_was_typed(
    world: World, values: dict[str, str], message: str
) -> None:
    page = f"/engagements/{world.write(make_accepted)}"
    form = make_session_form(**({"place": ""} | values))
    answer = world.founder.post(f"{page}/sessions", data=form)
    assert answer.status_code == 422
    assert message in answer.text
    for key in ("on", "clock", "link"):
        if form[key]:
            assert form[key] in answer.text
    assert world.read(get_states) == ("accepted", [])


def test_the_clock_of_the_reader_counts(world: World) -> None:
    page = f"/engagements/{world.write(make_accepted)}"
    # The founder's account is in Berlin, seven or six hours behind Shanghai.
    form = make_session_form() | {"clock": "10:00"}
    assert world.founder.post(f"{page}/sessions", data=form).status_code == 303
    starts_at = world.read(lambda session: session.scalar(select(CoachingSession.starts_at)))
    assert starts_at.hour in (8, 9)
    assert "10:00" in world.founder.get(page).text


def test_sending_a_form_twice_plans_one_session(world: World) -> None:
    page = f"/engagements/{world.write(make_accepted)}"
    form = make_session_form()
    assert world.mentor.post(f"{page}/sessions", data=form).status_code == 303
    again = world.mentor.post(f"{page}/sessions", data=form)
    assert again.status_code == 409
    assert "already planned then" in again.text
    assert world.read(get_states) == ("accepted", ["proposed"])


def test_only_the_time_that_was_shown_is_confirmed(world: World) -> None:
    engagement = world.write(make_accepted)
    planned = world.write(
        lambda s, scene: plan(s, s.scalars(select(Engagement)).one(), scene.by_mentor, COMING)
    )
    page = f"/engagements/{engagement}"
    moved = world.mentor.post(
        f"/sessions/{planned}/move", data=make_session_form(COMING + timedelta(days=1))
    )
    assert moved.status_code == 303
    late = world.founder.post(
        f"/sessions/{planned}/confirm", data={"sequence": "0", "back_to": page}
    )
    assert (late.status_code, late.location) == (303, page)
    assert "Someone changed this" in world.founder.get(page).text
    assert world.read(get_states) == ("accepted", ["proposed"])
    world.founder.post(f"/sessions/{planned}/confirm?sequence=1")
    assert world.read(get_states) == ("active", ["confirmed"])


def test_an_answer_out_of_order_goes_back_with_a_sentence(world: World) -> None:
    page = ask(world).location
    world.founder.post(f"{page}/withdraw")
    late = world.mentor.post(f"{page}/accept", data={"back_to": page})
    assert (late.status_code, late.location) == (303, page)
    assert "somebody may have acted before you" in world.mentor.get(page).text
    assert world.read(get_states)[0] == "withdrawn"


def test_words_for_a_form_that_is_there_no_more_are_shown_to_be_copied(world: World) -> None:
    page = ask(world).location
    world.founder.post(f"{page}/withdraw")
    words = "Not our field, <b>but</b> ask the institute next door."
    data = {"reason": words, "code": "other_field", "back_to": page}
    # The browser says from which site the form came; from another one it is not shown.
    answer = world.mentor.post(f"{page}/decline", data=data, headers={"Origin": "http://localhost"})
    assert (answer.status_code, "Not our field, &lt;b&gt;but" in answer.text) == (409, True)
    assert f'href="{page}"' in answer.text
    foreign = world.mentor.post(
        f"{page}/decline", data=data, headers={"Origin": "http://evil.example"}
    )
    assert "Not our field" not in foreign.text


def test_a_second_request_keeps_what_was_typed(world: World) -> None:
    ask(world)
    again = ask(world, message="A second attempt")
    assert again.status_code == 409
    assert "You have already asked this provider" in again.text
    assert "A second attempt" in again.text


def test_the_request_form_shows_what_each_box_releases(world: World) -> None:
    page = world.founder.get(f"/needs/{world.need_id}/request/{world.provider_id}").text
    for text in (NAME, PROFILE, TEXT, world.founder_email):
        assert text in page
    refused = ask(world, released=["everything"])
    assert refused.status_code == 422
    assert "Choose from the list." in refused.text


@pytest.mark.permissions
def test_a_mentor_whom_the_founder_cannot_know_cannot_be_asked(world: World) -> None:
    hidden = world.write(lambda s, scene: make_mentor(s, open_to_all=False))
    for provider in (hidden, "0" * 16):
        path = f"/needs/{world.need_id}/request/{provider}"
        assert world.founder.get(path).status_code == 404
        assert world.founder.post(path).status_code == 404


def test_the_calendar_entry(world: World) -> None:
    world.write(make_accepted)
    planned = world.write(
        lambda s, scene: plan(s, s.scalars(select(Engagement)).one(), scene.by_mentor, COMING)
    )
    answer = world.founder.get(f"/sessions/{planned}/session.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    event = Calendar.from_ical(answer.text).events[0]
    assert (event["uid"], event["sequence"], event.start, event["status"]) == (
        f"{planned}@yinqiao",
        0,
        COMING,
        "TENTATIVE",
    )
    assert str(event["summary"]).startswith(TITLE)


def test_mails_carry_the_calendar_entry(world: World) -> None:
    page = f"/engagements/{world.write(make_accepted)}"
    world.mentor.post(f"{page}/sessions", data=make_session_form())
    planned = world.read(lambda s: s.scalar(select(CoachingSession.public_id)))
    world.founder.post(f"/sessions/{planned}/confirm")
    world.founder.post(f"/sessions/{planned}/cancel", data={"reason": "Trade fair"})
    mails = world.read(
        lambda s: [
            (mail.kind, mail.calendar_method, Calendar.from_ical(mail.calendar).events[0])
            for mail in s.scalars(
                select(OutboxMail).where(OutboxMail.calendar.is_not(None)).order_by(OutboxMail.id)
            )
        ]
    )
    assert [(kind, method, event["sequence"]) for kind, method, event in mails] == [
        ("session_proposed", "REQUEST", 0),
        ("session_confirmed", "REQUEST", 0),
        ("session_confirmed", "REQUEST", 0),
        ("session_cancelled", "CANCEL", 1),
        ("session_cancelled", "CANCEL", 1),
    ]
    assert {event["uid"] for _, _, event in mails} == {f"{planned}@yinqiao"}


@pytest.mark.fuzz
@pytest.mark.parametrize(
    "values",
    [{}, {"rating": "6"}, {"rating": "five"}, {"rating": "5", "preparation": "0"}, {"rating": "5"}],
)
def test_feedback_needs_a_rating_from_one_to_five(world: World, values: dict[str, str]) -> None:
    world.write(lambda s, scene: hold(s, scene, make_accepted(s, scene)))
    held = world.read(lambda s: s.scalar(select(CoachingSession.public_id)))
    answer = world.founder.post(
        f"/sessions/{held}/feedback", data=values | {"comment": "Kept as typed"}
    )
    assert answer.status_code == 422
    assert "Kept as typed" in answer.text
    assert world.read(lambda s: s.scalars(select(Feedback)).all()) == []


def test_feedback_is_given_once_and_only_after_the_session(world: World) -> None:
    def write(session: Session, scene: Scene) -> CoachingSession:
        planned = plan(session, make_accepted(session, scene), scene.by_mentor)
        session_actions.confirm(session, coaching_session=planned, actor=scene.by_founder, at=AT)
        return planned

    path = f"/sessions/{world.write(write)}/feedback"
    assert world.founder.get(path).status_code == 409
    assert (
        world.founder.post(path, data={"rating": "3", "wants_to_continue": "no"}).status_code == 409
    )

    def record(session: Session, scene: Scene) -> CoachingSession:
        planned = session.scalars(select(CoachingSession)).one()
        session_actions.record_held(
            session, coaching_session=planned, actor=scene.by_mentor, at=planned.ends_at
        )
        return planned

    world.write(record)
    assert (
        world.founder.post(path, data={"rating": "3", "wants_to_continue": "no"}).status_code == 303
    )
    assert (
        world.founder.post(path, data={"rating": "5", "wants_to_continue": "no"}).status_code == 409
    )
    assert world.read(lambda s: s.scalars(select(Feedback.rating)).all()) == [3]


@pytest.mark.privacy
def test_nobody_writes_a_private_note_for_somebody_else(world: World) -> None:
    world.write(lambda s, scene: hold(s, scene, make_accepted(s, scene)))
    held, founder, incubator = world.read(
        lambda s: s.execute(
            select(
                CoachingSession.public_id, Engagement.requested_by_id, Engagement.incubator_id
            ).join(CoachingSession.engagement)
        ).one()
    )
    public_id = world.read(lambda s: s.get_one(Person, founder).public_id)
    with world.operator.session_transaction() as cookie:
        cookie["acting_for"] = public_id
        cookie["acting_within"] = incubator
    page = world.operator.get(f"/sessions/{held}/feedback")
    assert page.status_code == 200
    assert "Note for yourself" in world.founder.get(f"/sessions/{held}/feedback").text
    assert "Note for yourself" not in page.text
    given = world.operator.post(
        f"/sessions/{held}/feedback",
        data={"rating": "4", "wants_to_continue": "yes", "private_note": "From the operator"},
    )
    assert given.status_code == 303
    assert world.read(
        lambda s: s.execute(select(Feedback.private_note, Feedback.author_id)).one()
    ) == ("", founder)
    trace = world.founder.get(given.location).text
    assert "Operator of the incubator for Founder in materials" in trace


def test_a_startup_in_another_incubator_is_not_the_operators(world: World) -> None:
    def move(session: Session, scene: Scene) -> Engagement:
        startup = make_startup(session, founder=make_person(session), name="Elsewhere (example)")
        return make_engagement(session, make_need(session, startup), scene.provider)

    engagement = world.write(move)
    assert (
        world.read(
            lambda s: s.scalar(
                select(Startup.incubator_id).where(Startup.name == "Elsewhere (example)")
            )
        )
        is None
    )
    assert world.operator.get(f"/engagements/{engagement}").status_code == 404
    assert "Elsewhere" not in world.operator.get("/engagements").text
