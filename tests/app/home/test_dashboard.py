"""What one person's dashboard is put together from."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.access import Actor
from app.clock import now
from app.extensions import db
from app.home import dashboard
from app.rooms import ROOMS
from app.telling.waiting import WaitingItem, sort_by_due_time
from models.contradictions import Contradiction
from models.engagements import CoachingSession, Engagement
from models.matches import Match, MatchRun
from models.missed_times import MissedBy
from models.organisations import Incubator, Startup
from models.people import Person
from models.providers import Provider
from models.vocabulary import Role, Side
from tests.app.commissioners.scenes import make_care, make_case, make_commissioner
from tests.app.engagements.scenes import make_scene
from tests.app.engagements.test_queries import count_queries
from tests.app.funds.scenes import make_scene as make_fund_scene
from tests.app.home.everything_waits import add_everything, make_world
from tests.factories import (
    AT,
    act_as,
    admit,
    join,
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

# How many questions more a dashboard asks the database than the frame around every page.
MOST_BEYOND_THE_FRAME = 8


def make_item(title: str, *, hours: int | None) -> WaitingItem:
    due_at = None if hours is None else AT + timedelta(hours=hours)
    return WaitingItem(kind="test", title=title, due_at=due_at, path_endpoint="home.show_front")


def test_what_runs_out_first_comes_first_and_what_never_does_last() -> None:
    items = [
        make_item("never", hours=None),
        make_item("late", hours=5),
        make_item("never either", hours=None),
        make_item("soon", hours=1),
    ]
    assert [item.title for item in sort_by_due_time(items)] == [
        "soon",
        "late",
        "never",
        "never either",
    ]


def test_a_person_with_several_roles_sees_all_that_waits(session: Session) -> None:
    person = make_person(session)
    incubator = make_incubator(session, operator=person)
    mentor = make_mentor(session, person=person, state="draft")
    applicant = make_mentor(session)
    admit(session, incubator, applicant, state="applied")
    startup = make_startup(session, founder=person, state="draft")
    need = make_need(session, startup, state="draft", title="A need")
    asked = make_mentor(session, person=person)
    other = make_need(session, make_startup(session), title="Their need")
    make_engagement(session, other, asked)

    shown = dashboard.gather(session, rooms=ROOMS, viewer=act_as(person), at=AT)

    assert [(item.kind, item.title) for item in shown.waiting] == [
        ("engagement_request", "Their need"),
        ("pool_application", applicant.name),
        ("need_draft", need.title),
        ("startup_draft", startup.name),
        ("provider_draft", mentor.name),
    ]
    assert [part.startup for part in shown.startups] == [startup]
    assert {part.provider for part in shown.providers} == {mentor, asked}
    assert [part.incubator for part in shown.incubators] == [incubator]
    assert not shown.is_newcomer


def test_an_open_need_waits_until_somebody_was_looked_for_and_asked(session: Session) -> None:
    founder, operator = make_person(session), make_person(session)
    incubator = make_incubator(session, operator=operator)
    startup = make_startup(session, founder=founder, incubator=incubator)
    fresh = make_need(session, startup, title="Fresh")
    looked = make_need(session, startup, title="Looked for")
    found = make_need(session, startup, title="Found")
    match = Match(
        provider=make_mentor(session), kind="mentor", rank=1, score=0.5, strength="strong"
    )
    for need, matches in ((looked, []), (found, [match])):
        session.add(
            MatchRun(
                need=need,
                run_at=AT,
                need_version=1,
                encoder_fingerprint="x",
                background_version="x",
                weights_version="x",
                index_revision=0,
                matches=matches,
            )
        )
    session.flush()

    waiting = dashboard.gather(session, rooms=ROOMS, viewer=act_as(founder), at=AT).waiting

    assert [(item.kind, item.path_values["public_id"], item.is_post) for item in waiting] == [
        ("need_matched", found.public_id, False),
        ("need_unmatched", fresh.public_id, True),
    ]
    assert dashboard.gather(session, rooms=ROOMS, viewer=act_as(operator), at=AT).waiting == []


@pytest.mark.parametrize("role", [None, Role.REGULATOR])
def test_a_commissioner_sees_what_waits_also_beside_regulating(
    session: Session, role: Role | None
) -> None:
    scene = make_fund_scene(session)
    banker = make_person(session)
    if role is not None:
        join(session, banker, role, place_code=scene.incubator.place_code)
    elsewhere = make_commissioner(session, make_incubator(session), banker, "offered")
    own = make_commissioner(session, scene.incubator, banker)
    make_care(session, own, make_startup(session, incubator=scene.incubator), "asked")
    care = make_care(session, own, scene.startup)
    make_case(session, care, "open")
    rests = make_case(session, care, changed_at=AT - timedelta(days=30))
    make_case(session, care, changed_at=AT - timedelta(days=29))

    shown = dashboard.gather(session, rooms=ROOMS, viewer=act_as(banker), at=AT)

    assert [item.kind for item in shown.waiting] == [
        "commissioner_offered",
        "care_asked",
        "case_open",
        "case_resting",
    ]
    assert shown.waiting[-1].path_values["public_id"] == rests.public_id
    assert list(shown.appointments) == [elsewhere, own]
    assert bool(shown.places) is (role is not None) and not shown.is_newcomer


@pytest.mark.privacy
def test_nothing_of_others_waits_for_a_newcomer(session: Session) -> None:
    incubator = make_incubator(session, operator=make_person(session))
    admit(session, incubator, make_mentor(session), state="applied")
    startup = make_startup(session, founder=make_person(session), incubator=incubator)
    make_engagement(session, make_need(session, startup), make_mentor(session))
    make_need(session, startup, state="draft")

    shown = dashboard.gather(session, rooms=ROOMS, viewer=act_as(make_person(session)), at=AT)

    assert shown.is_newcomer
    assert (shown.waiting, shown.coming, shown.places) == ([], [], [])


def test_a_dashboard_costs_no_more_when_everything_waits_at_once(session: Session) -> None:
    """What is asked here is all that a dashboard asks beyond the frame around every page."""
    world = make_world(session)
    numbers = [each.id for each in world.people]

    def list_viewers() -> Iterator[Actor]:
        """Each of them, and somebody who is all of them at once."""
        actors = [act_as(session.get_one(Person, number)) for number in numbers]
        yield from actors
        sets = {
            each.name: frozenset().union(*(getattr(actor, each.name) for actor in actors))
            for each in fields(Actor)
            if isinstance(getattr(actors[0], each.name), frozenset)
        }
        yield replace(actors[0], **sets)

    def count() -> tuple[list[int], list[Counter[str]]]:
        session.flush()
        costs: list[int] = []
        seen: list[Counter[str]] = []
        for viewer in list_viewers():
            session.expunge_all()
            with count_queries(session) as asked:
                shown = dashboard.gather(session, rooms=ROOMS, viewer=viewer, at=AT)
                for item in shown.waiting:
                    assert all(map(str, (item.title, item.action, item.detail or "none")))
            costs.append(len(asked))
            seen.append(Counter(item.kind for item in shown.waiting))
        return costs, seen

    add_everything(session, world)
    few, once = count()
    add_everything(session, world.reload(session))
    many, often = count()
    declared = {kind for room in ROOMS for each in room.waiting for kind in each.kinds}
    assert declared == {kind for kinds in once for kind in kinds}
    assert few == many and max(many) <= MOST_BEYOND_THE_FRAME, many
    for before, after in zip(once, often, strict=True):
        assert after == Counter({kind: 2 * times for kind, times in before.items()})
    print(many, [sum(x.values()) for x in often], len(declared))


def test_a_dashboard_costs_little_more_than_its_frame_however_much_there_is(app: Flask) -> None:
    """The frame is what every page of somebody costs: that of help has nothing of its own."""
    at = round_up(now())
    with app.app_context():
        session = db.session
        scene = make_scene(session, capacity=100)
        scene.incubator.place_code = "310115"
        fund, centre, regulator = (make_person(session) for _ in range(3))
        others = [make_investor(session, person=fund), make_centre(session, person=centre)]
        join(session, regulator, Role.REGULATOR, place_code="310000")
        people = [scene.founder, scene.mentor, fund, centre, scene.operator, regulator]
        ids = scene.startup.id, scene.incubator.id, [p.id for p in (scene.provider, *others)]
        session.commit()
        # Of the application, beside which no context of the test stands.
        asked = Session(session.get_bind())
        clients = [app.test_client() for _ in people]
        for client, person in zip(clients, people, strict=True):
            log_in(client, person)

    def add() -> None:
        with app.app_context():
            session = db.session
            startup = session.get_one(Startup, ids[0])
            incubator = session.get_one(Incubator, ids[1])
            providers = [session.get_one(Provider, number) for number in ids[2]]
            for provider in providers:
                make_engagement(session, make_need(session, startup), provider)
                running = make_engagement(
                    session, make_need(session, startup), provider, state="active"
                )
                for days, state in (
                    (-2, "confirmed"),
                    (-1, "held"),
                    (7, "proposed"),
                    (8, "confirmed"),
                ):
                    session.add(make_time(running, at + timedelta(days=days), state))
            make_need(session, startup, state="draft")
            admit(session, incubator, make_mentor(session), state="applied")
            missed = make_engagement(
                session, make_need(session, startup), providers[0], state="active"
            )
            session.add(
                Contradiction(
                    coaching_session=make_time(missed, at - timedelta(days=3), "contested"),
                    was_held=True,
                    missed_by=MissedBy.PROVIDER,
                    side=Side.STARTUP,
                    words="Nobody came.",
                    made_at=at,
                )
            )
            session.commit()

    def count(client: FlaskClient, path: str) -> tuple[int, int]:
        with count_queries(asked) as seen:
            page = client.get(path)
        assert page.status_code == 200
        return len(seen), page.text.count('class="waiting-title')

    for client in clients:
        client.get("/help")
    frames = [count(client, "/help")[0] for client in clients]
    add()
    few = [count(client, "/dashboard") for client in clients]
    for _ in range(4):
        add()
    many = [count(client, "/dashboard") for client in clients]
    assert [cost for cost, _ in many] == [cost for cost, _ in few]
    # Of those who only regulate nothing waits.
    assert all(more > less > 0 for (_, more), (_, less) in zip(many[:-1], few[:-1], strict=True))
    costs = [cost - frame for (cost, _), frame in zip(many, frames, strict=True)]
    assert max(costs) <= MOST_BEYOND_THE_FRAME, costs


def make_time(engagement: Engagement, starts_at: datetime, state: str) -> CoachingSession:
    return CoachingSession(
        engagement=engagement,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        place="Room 2",
        state=state,
        proposed_by_side=Side.PROVIDER,
        created_at=starts_at,
    )


def round_up(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
