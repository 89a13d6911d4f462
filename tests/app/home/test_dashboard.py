"""What one person's dashboard is put together from."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.home import dashboard
from app.rooms import ROOMS
from app.telling.waiting import WaitingItem, sort_by_due_time
from models.contradictions import Contradiction
from models.engagements import CoachingSession
from models.matches import Match, MatchRun
from models.missed_times import MissedBy
from models.organisations import Incubator, Startup
from models.providers import Provider
from models.vocabulary import Role, Side
from tests.app.commissioners.scenes import make_care, make_case, make_commissioner
from tests.app.engagements.scenes import make_scene
from tests.app.engagements.test_queries import count_queries
from tests.app.funds.scenes import make_scene as make_fund_scene
from tests.factories import (
    AT,
    act_as,
    admit,
    join,
    make_centre,
    make_engagement,
    make_incubator,
    make_investor,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)

# What the dashboard of somebody with one role asks the database at most, and that of a regulator.
MOST_QUERIES = 24
MOST_OF_REGULATORS = 8


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


def test_what_a_dashboard_costs_does_not_grow_with_what_is_there(session: Session) -> None:
    scene = make_scene(session, capacity=100)
    fund, centre, regulator = (make_person(session) for _ in range(3))
    others = [make_investor(session, person=fund), make_centre(session, person=centre)]
    join(session, regulator, Role.REGULATOR, place_code="310000")
    people = [scene.founder, scene.mentor, fund, centre, scene.operator, regulator]
    scene.incubator.place_code = "310115"

    def add() -> None:
        for provider in (scene.provider, *others):
            make_engagement(session, make_need(session, scene.startup), provider)
            running = make_engagement(
                session, make_need(session, scene.startup), provider, state="active"
            )
            for days, state in ((-2, "confirmed"), (-1, "held"), (7, "proposed"), (8, "confirmed")):
                starts_at = AT + timedelta(days=days)
                session.add(
                    CoachingSession(
                        engagement=running,
                        starts_at=starts_at,
                        ends_at=starts_at + timedelta(hours=1),
                        place="Room 2",
                        state=state,
                        proposed_by_side=Side.PROVIDER,
                        created_at=AT,
                    )
                )
        make_need(session, scene.startup, state="draft")
        admit(session, scene.incubator, make_mentor(session), state="applied")
        missed = make_engagement(
            session, make_need(session, scene.startup), scene.provider, state="active"
        )
        disputed = CoachingSession(
            engagement=missed,
            starts_at=AT - timedelta(days=3),
            ends_at=AT - timedelta(days=3) + timedelta(hours=1),
            place="Room 2",
            state="contested",
            proposed_by_side=Side.PROVIDER,
            created_at=AT,
        )
        session.add(
            Contradiction(
                coaching_session=disputed,
                was_held=True,
                missed_by=MissedBy.PROVIDER,
                side=Side.STARTUP,
                words="Nobody came.",
                made_at=AT,
            )
        )
        session.flush()

    def count() -> tuple[list[int], list[int]]:
        asked, waiting = [], []
        for actor in actors:
            session.flush()
            session.expunge_all()
            with count_queries(session) as seen:
                shown = dashboard.gather(session, rooms=ROOMS, viewer=actor, at=AT)
            asked.append(len(seen))
            waiting.append(len(shown.waiting))
        return asked, waiting

    actors = [act_as(person) for person in people]
    keep = scene.startup.id, scene.incubator.id, [p.id for p in (scene.provider, *others)]
    add()
    asked, few = count()
    scene = replace(
        scene,
        startup=session.get_one(Startup, keep[0]),
        incubator=session.get_one(Incubator, keep[1]),
        provider=session.get_one(Provider, keep[2][0]),
    )
    others = [session.get_one(Provider, number) for number in keep[2][1:]]
    for _ in range(4):
        add()
    again, many = count()
    assert again == asked
    # A role that a person does not have is not asked for.
    assert max(asked) <= MOST_QUERIES and asked[-1] <= MOST_OF_REGULATORS
    assert all(more > less for more, less in zip(many[:-1], few[:-1], strict=True))
