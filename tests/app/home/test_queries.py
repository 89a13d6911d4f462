"""What the dashboards count, and for whom."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.access import make_actor
from app.home import queries
from app.home.queries import Figures, PlaceFigures
from models.vocabulary import Role
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


def test_figures_count_what_is_published_and_what_came_to_be(session: Session) -> None:
    startup = make_startup(session)
    make_startup(session, state="draft")
    mentor = make_mentor(session)
    make_mentor(session, state="paused")
    make_investor(session, state="draft")
    need = make_need(session, startup)
    for state, provider in (
        ("requested", mentor),
        ("declined", mentor),
        ("completed", mentor),
        ("active", make_centre(session)),
    ):
        make_engagement(session, need, provider, state=state)

    assert queries.count_figures(session) == Figures(providers=2, startups=1, engagements=2)


def test_a_founder_sees_own_startups_with_what_is_open(session: Session) -> None:
    founder = make_person(session)
    mine = make_startup(session, founder=founder, name="Mine")
    idle = make_startup(session, founder=founder, name="Idle")
    other = make_startup(session, founder=make_person(session))
    need = make_need(session, mine)
    make_need(session, mine, state="closed")
    make_need(session, other)
    make_engagement(session, need, make_mentor(session), state="active")
    make_engagement(session, need, make_mentor(session), state="expired")

    parts = queries.list_startup_parts(session, act_as(founder))

    assert [(p.startup, p.open_needs, p.open_engagements) for p in parts] == [
        (idle, 0, 0),
        (mine, 1, 1),
    ]


def test_an_operator_in_somebodys_place_sees_own_startups_only(session: Session) -> None:
    founder = make_person(session)
    incubator = make_incubator(session)
    hosted = make_startup(session, founder=founder, incubator=incubator)
    make_startup(session, founder=founder, incubator=make_incubator(session))
    make_startup(session, founder=founder)
    operator = make_person(session)
    actor = make_actor(operator, on_behalf_of=founder, within_incubator_id=incubator.id)

    assert [p.startup for p in queries.list_startup_parts(session, actor)] == [hosted]


def test_a_mentor_sees_free_places_and_pools(session: Session) -> None:
    person = make_person(session)
    mentor = make_mentor(session, person=person, capacity=2)
    incubator = make_incubator(session)
    admit(session, incubator, mentor)
    admit(session, make_incubator(session), mentor, state="retired")
    need = make_need(session, make_startup(session))
    make_engagement(session, need, mentor, state="accepted")
    make_engagement(session, make_need(session, need.startup), mentor, state="requested")

    (part,) = queries.list_provider_parts(session, act_as(person))

    assert (part.provider, part.taken_places, part.free_places) == (mentor, 1, 1)
    assert part.pools == (incubator,)


def test_free_places_are_never_negative(session: Session) -> None:
    person = make_person(session)
    mentor = make_mentor(session, person=person, capacity=0)
    make_engagement(session, make_need(session, make_startup(session)), mentor, state="active")

    (part,) = queries.list_provider_parts(session, act_as(person))

    assert part.free_places == 0


def test_an_operator_sees_the_own_incubator_and_what_is_about_to_expire(session: Session) -> None:
    operator = make_person(session)
    incubator = make_incubator(session, operator=operator)
    elsewhere = make_incubator(session)
    mentor = make_mentor(session)
    admit(session, incubator, mentor)
    admit(session, incubator, make_mentor(session), state="applied")
    need = make_need(session, make_startup(session, incubator=incubator))
    foreign = make_need(session, make_startup(session, incubator=elsewhere))
    soon = make_engagement(session, need, mentor, answer_due_at=AT + timedelta(hours=47))
    make_engagement(session, need, make_mentor(session), answer_due_at=AT + timedelta(hours=49))
    make_engagement(
        session, need, make_mentor(session), state="declined", answer_due_at=AT + timedelta(hours=1)
    )
    make_engagement(session, foreign, mentor, answer_due_at=AT + timedelta(hours=1))

    near = queries.select_near_expiry(act_as(operator), AT)
    assert near is not None
    (part,) = queries.list_incubator_parts(session, act_as(operator), session.scalars(near).all())

    assert part.incubator is incubator
    assert part.startups == 1
    assert part.pool == {"admitted": 1, "applied": 1}
    assert part.engagements == {"requested": 2, "declined": 1}
    assert part.near_expiry == (soon,)


def test_a_regulator_reads_counts_of_the_places_inside(session: Session) -> None:
    regulator = make_person(session)
    join(session, regulator, Role.REGULATOR, place_code="310000")
    pudong = make_incubator(session, place_code="310115")
    make_incubator(session, place_code="310104")
    qingdao = make_incubator(session, place_code="370202")
    mentor = make_mentor(session)
    for incubator in (pudong, qingdao):
        startup = make_startup(session, incubator=incubator)
        make_engagement(session, make_need(session, startup), mentor, state="completed")

    assert queries.list_place_figures(session, act_as(regulator)) == [
        PlaceFigures("310104", incubators=1, startups=0, engagements={}),
        PlaceFigures("310115", incubators=1, startups=1, engagements={"completed": 1}),
    ]


def test_a_regulator_of_a_district_reads_that_district_alone(session: Session) -> None:
    regulator = make_person(session)
    join(session, regulator, Role.REGULATOR, place_code="310110")
    make_incubator(session, place_code="310110")
    make_incubator(session, place_code="310115")

    rows = queries.list_place_figures(session, act_as(regulator))

    assert [row.place_code for row in rows] == ["310110"]


def test_who_regulates_nothing_reads_no_figures(session: Session) -> None:
    make_incubator(session)
    assert queries.list_place_figures(session, act_as(make_person(session))) == []
