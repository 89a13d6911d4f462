"""What one person's dashboard is put together from."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.home import dashboard
from app.rooms import ROOMS
from app.telling.waiting import WaitingItem, sort_by_due_time
from models.matches import Match, MatchRun
from tests.factories import (
    AT,
    act_as,
    admit,
    make_engagement,
    make_incubator,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)


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
