"""What waits for whom, what is coming, and lists that show no more than is disclosed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from app.access import Actor
from app.engagements import queries
from app.engagements.actions import engagements as actions
from app.engagements.actions import sessions as session_actions
from app.engagements.queries.coming import CALENDAR
from app.engagements.queries.views_of_one import get_engagement_view
from app.telling.coming import find_beside, list_coming
from models.organisations import Startup
from models.providers import Provider
from models.vocabulary import Release, Side
from tests.app.engagements.scenes import (
    LATER,
    Scene,
    ask,
    hold,
    judge,
    make_accepted,
    make_scene,
    plan,
)
from tests.factories import AT, act_as, make_engagement, make_mentor, make_need, make_person
from tests.waiting import make_lister

list_waiting = make_lister("engagements")

pytestmark = pytest.mark.engagements


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene(session)


def list_kinds(session: Session, viewer: Actor, at: object = AT) -> list[str]:
    return [item.kind for item in list_waiting(session, viewer, at)]  # type: ignore[arg-type]


@contextmanager
def count_queries(session: Session) -> Iterator[list[str]]:
    bind = session.get_bind()
    engine: Engine = bind.engine
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_each_step_is_somebodys_turn(session: Session, scene: Scene) -> None:
    by_founder, by_mentor, by_operator = scene.by_founder, scene.by_mentor, scene.by_operator
    engagement = ask(session, scene)
    assert (list_kinds(session, by_founder), list_kinds(session, by_mentor)) == (
        [],
        ["engagement_request"],
    )
    actions.accept(session, engagement=engagement, actor=by_mentor, at=AT)
    assert (list_kinds(session, by_founder), list_kinds(session, by_mentor)) == (
        ["session_to_plan"],
        ["session_to_plan"],
    )
    planned = plan(session, engagement, by_mentor)
    assert (list_kinds(session, by_founder), list_kinds(session, by_mentor)) == (
        ["session_to_confirm"],
        [],
    )
    # A proposal whose time has gone by cannot be confirmed any more: another time is needed.
    for viewer in (by_founder, by_mentor):
        assert list_kinds(session, viewer, LATER) == ["session_to_plan"]
    session_actions.confirm(session, coaching_session=planned, actor=by_founder, at=AT)
    assert (list_kinds(session, by_founder), list_kinds(session, by_mentor)) == ([], [])
    for viewer in (by_founder, by_mentor):
        # Not before it is over: what becomes of it is not known until then.
        assert list_kinds(session, viewer, planned.starts_at) == []
        assert list_kinds(session, viewer, planned.ends_at) == ["session_to_record"]
    session_actions.record_held(
        session, coaching_session=planned, actor=by_mentor, at=planned.ends_at
    )
    for viewer in (by_founder, by_mentor):
        assert list_kinds(session, viewer) == ["feedback_to_give"]
    judge(session, planned, by_founder)
    assert (list_kinds(session, by_founder), list_kinds(session, by_mentor)) == (
        [],
        ["feedback_to_give"],
    )
    judge(session, planned, by_mentor)
    assert (list_kinds(session, by_founder), list_kinds(session, by_mentor)) == ([], [])
    assert list_kinds(session, by_operator) == []


def test_what_is_due_first_comes_first(session: Session, scene: Scene) -> None:
    for days in (5, 2, 9):
        make_engagement(
            session,
            make_need(session, scene.startup, title=f"Due in {days}"),
            scene.provider,
            answer_due_at=AT + timedelta(days=days),
        )
    items = list_waiting(session, scene.by_mentor, AT)
    assert [item.title for item in items] == ["Due in 2", "Due in 5", "Due in 9"]
    assert items[0].due_at == AT + timedelta(days=2)


@pytest.mark.privacy
@pytest.mark.parametrize("released", [[], [Release.STARTUP_NAME], [Release.NEED_TEXT]])
def test_waiting_items_and_rows_name_only_what_is_released(
    session: Session, scene: Scene, released: list[Release]
) -> None:
    ask(session, scene, released=released)
    (item,) = list_waiting(session, scene.by_mentor, AT)
    page = queries.list_engagements(session, scene.by_mentor, waiting=())
    (row,) = page.rows
    sees_need, sees_name = Release.NEED_TEXT in released, Release.STARTUP_NAME in released
    assert row.heading.need_title == (scene.need.title if sees_need else None)
    assert row.heading.startup_name == (scene.startup.name if sees_name else None)
    # A lazy text shows what it would say only in an application: what it holds is enough here.
    shown = repr(vars(item.detail)) if not isinstance(item.detail, str) else item.detail
    assert (scene.startup.name in shown) == sees_name
    assert item.title == (scene.need.title if sees_need else "Request (Mentoring)")
    (own,) = queries.list_engagements(session, scene.by_founder, waiting=()).rows
    assert (own.heading.need_title, own.heading.startup_name) == (
        scene.need.title,
        scene.startup.name,
    )


@pytest.mark.privacy
def test_the_trace_names_nobody_of_the_startup_before_acceptance(
    session: Session, scene: Scene
) -> None:
    engagement = ask(
        session,
        scene,
        actor=scene.by_operator_for(scene.founder),
        released=[Release.CONTACT, Release.NEED_TEXT],
    )

    def see(viewer: Actor) -> tuple[str | None, str | None, Side | None]:
        view = queries.get_engagement_view(session, engagement, viewer, at=AT)
        return view.trace[0].who, view.trace[0].for_whom, view.trace[0].side

    named = ("Operator of the incubator", "Founder in materials", None)
    assert see(scene.by_mentor) == (None, None, Side.STARTUP)
    assert see(scene.by_founder) == see(scene.by_operator) == named
    view = queries.get_engagement_view(session, engagement, scene.by_mentor, at=AT)
    assert [person.name for person in view.startup_people] == ["Founder in materials"]
    actions.accept(session, engagement=engagement, actor=scene.by_mentor, at=AT)
    assert see(scene.by_mentor) == named


@pytest.mark.privacy
def test_addresses_of_the_provider_come_with_acceptance(session: Session, scene: Scene) -> None:
    engagement = ask(session, scene)

    def see() -> list[str]:
        view = queries.get_engagement_view(session, engagement, scene.by_founder, at=AT)
        return [person.email for person in view.provider_people]

    assert see() == []
    actions.accept(session, engagement=engagement, actor=scene.by_mentor, at=AT)
    assert see() == [scene.mentor.email]


def test_actions_follow_state_and_side(session: Session, scene: Scene) -> None:
    engagement = ask(session, scene)

    def see(viewer: Actor) -> tuple[str, ...]:
        return queries.get_engagement_view(session, engagement, viewer, at=AT).actions

    assert see(scene.by_mentor) == ("accept", "decline", "pass_on", "ask_back")
    assert see(scene.by_founder) == ("withdraw",)
    assert see(scene.by_operator) == ()
    actions.accept(session, engagement=engagement, actor=scene.by_mentor, at=AT)
    assert see(scene.by_mentor) == see(scene.by_founder) == ("cancel",)
    hold(session, scene, engagement)
    assert see(scene.by_mentor) == see(scene.by_founder) == ("complete", "cancel")
    assert see(scene.by_operator) == ()


def test_coming_sessions_are_those_of_the_viewer(session: Session, scene: Scene) -> None:
    engagement = make_accepted(session, scene)
    planned = plan(session, engagement, scene.by_mentor)
    stranger = make_person(session)
    elsewhere = make_mentor(session, person=stranger)
    seen = {
        viewer: [
            (each.public_id, each.waits) for each in list_coming(session, [CALENDAR], viewer, AT)
        ]
        for viewer in (scene.by_founder, scene.by_mentor, scene.by_operator, act_as(stranger))
    }
    assert list(seen.values()) == [
        [(planned.public_id, True)],
        [(planned.public_id, False)],
        [(planned.public_id, False)],
        [],
    ]
    assert list_coming(session, [CALENDAR], scene.by_founder, planned.ends_at) == []
    assert elsewhere.id != scene.provider.id


def test_what_is_at_the_same_time_is_found_for_who_has_to_be_there(
    session: Session, scene: Scene
) -> None:
    engagement = make_accepted(session, scene)
    other = make_engagement(
        session, make_need(session, scene.startup), make_mentor(session), state="accepted"
    )
    hour = timedelta(hours=1)
    first = plan(session, engagement, scene.by_mentor)
    second = plan(session, other, scene.by_founder, LATER + hour / 2)
    plan(session, engagement, scene.by_mentor, LATER + 3 * hour)

    def see(viewer: Actor) -> dict[str, list[str]]:
        found = find_beside(list_coming(session, [CALENDAR], viewer, AT))
        return {one: [each.public_id for each in others] for one, others in found.items()}

    assert see(scene.by_founder) == {
        first.public_id: [second.public_id],
        second.public_id: [first.public_id],
    }
    assert see(scene.by_mentor) == see(scene.by_operator) == {}


@pytest.mark.permissions
def test_who_acts_for_another_sees_one_incubator(session: Session, scene: Scene) -> None:
    inside = make_engagement(session, scene.need, scene.provider)
    outside = make_engagement(
        session, make_need(session, scene.startup), scene.provider, incubator_id=None
    )

    def see(viewer: Actor) -> set[str]:
        page = queries.list_engagements(session, viewer, waiting=())
        return {row.public_id for row in page.rows}

    assert see(scene.by_mentor) == {inside.public_id, outside.public_id}
    assert see(scene.by_operator_for(scene.mentor)) == {inside.public_id}
    assert list_kinds(session, scene.by_operator_for(scene.mentor)) == ["engagement_request"]


def test_the_number_of_queries_does_not_grow(session: Session, scene: Scene) -> None:
    by_founder, by_mentor = scene.by_founder, scene.by_mentor
    ids = (scene.startup.id, scene.provider.id)

    def add() -> None:
        startup, provider = session.get_one(Startup, ids[0]), session.get_one(Provider, ids[1])
        make_engagement(session, make_need(session, startup), provider)
        running = make_engagement(session, make_need(session, startup), provider, state="active")
        plan(session, running, by_founder)

    def count() -> list[int]:
        counted = []
        for read in (
            lambda: len(queries.list_engagements(session, by_mentor, waiting=()).rows),
            lambda: len(list_waiting(session, by_mentor, AT)),
            lambda: len(list_coming(session, [CALENDAR], by_mentor, AT)),
        ):
            session.flush()
            session.expunge_all()
            with count_queries(session) as seen:
                rows.append(read())
            counted.append(len(seen))
        return counted

    rows: list[int] = []
    add()
    one = count()
    add()
    add()
    assert count() == one == [2, 2, 2]
    assert rows == [2, 2, 1, 6, 6, 3]


def test_a_time_is_what_is_missing_until_one_is_planned(session: Session, scene: Scene) -> None:
    engagement = make_accepted(session, scene)

    def lacks_session() -> bool:
        view = get_engagement_view(session, engagement, scene.by_founder, at=AT)
        return view.lacks_session

    assert lacks_session()
    planned = plan(session, engagement, scene.by_mentor)
    assert not lacks_session()
    session_actions.cancel(
        session,
        coaching_session=planned,
        reason="The wafers come late.",
        actor=scene.by_mentor,
        at=AT,
    )
    assert lacks_session()
    hold(session, scene, engagement)
    assert not lacks_session()


def test_a_page_beyond_the_last_one_is_the_last_one(session: Session, scene: Scene) -> None:
    ask(session, scene)

    page = queries.list_engagements(session, scene.by_founder, waiting=(), number=9)

    assert (len(page.rows), page.number, page.last_number) == (1, 1, 1)


def test_what_is_asked_about_says_when_it_was(session: Session, scene: Scene, app: Flask) -> None:
    hold(session, scene, make_accepted(session, scene))
    (item,) = (
        each
        for each in list_waiting(session, scene.by_founder, LATER + timedelta(days=1))
        if each.kind == "feedback_to_give"
    )
    said = {}
    for locale in ("en", "zh_Hans_CN"):
        with app.test_request_context(), force_locale(locale):
            said[locale] = str(item.detail)
    assert said["en"].endswith("? (Tue 10 Mar 2026, 10:00)")
    assert said["zh_Hans_CN"].endswith("（2026年3月10日 周二 10:00）")
