"""Several people of the startup in one session: invited, taken, told, and free again."""

import re
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calendars.errors import TimeAlreadyTaken, TimeInThePast
from app.clock import now
from app.engagements.actions import sessions as session_actions
from app.engagements.actions.attendees import name_attendees
from app.engagements.errors import AttendeesInvalid
from app.engagements.queries.coming import list_fed_sessions
from app.errors import NotPermitted
from app.extensions import db
from models.attendees import SessionAttendee
from models.engagements import CoachingSession, SessionQuarter
from models.lifecycle import ActionNotAllowed
from models.notices import Notice, OutboxMail
from models.people import Person
from models.vocabulary import ProviderKind, Role
from tests.app.calendars.scenes import MONDAY, book, open_hours
from tests.app.engagements.scenes import Scene, make_accepted, make_scene, plan
from tests.app.engagements.sites import Site
from tests.factories import AT, act_as, join, make_person

pytestmark = pytest.mark.engagements

HOUR = timedelta(hours=1)


@pytest.fixture
def scene(session: Session) -> Scene:
    scene = make_scene(session)
    open_hours(session, scene)
    return scene


@pytest.fixture
def colleague(session: Session, scene: Scene) -> Person:
    colleague = make_person(session, name="Process engineer")
    join(session, colleague, Role.FOUNDER, startup=scene.startup)
    return colleague


def list_taken(session: Session, row: CoachingSession) -> set[int]:
    query = select(SessionQuarter.person_id).where(SessionQuarter.coaching_session_id == row.id)
    return set(session.scalars(query))


def read_roles(session: Session, kind: str) -> dict[str, str]:
    """The role of each who is invited in the latest mail of `kind`, by address."""
    mail = session.scalars(
        select(OutboxMail).where(OutboxMail.kind == kind).order_by(OutboxMail.id.desc())
    ).first()
    assert mail is not None
    text = (mail.calendar or "").replace("\r\n ", "")
    lines = re.findall(r"ATTENDEE(.*):mailto:(\S+)", text)
    return {address: re.findall(r"ROLE=([A-Z-]+)", how)[0] for how, address in lines}


def name(
    session: Session, scene: Scene, row: CoachingSession, people: Iterable[Person], **values: object
) -> None:
    given = {"actor": scene.by_founder, "at": AT} | values
    name_attendees(session, coaching_session=row, people=list(people), **given)


def test_all_who_are_booked_for_are_taken_and_invited(
    session: Session, scene: Scene, colleague: Person
) -> None:
    third = make_person(session, name="Who stays at the bench")
    join(session, third, Role.FOUNDER, startup=scene.startup)
    engagement = make_accepted(session, scene)
    booked = book(session, scene, engagement, attendees=[scene.founder, colleague])
    assert list_taken(session, booked) == {scene.founder.id, colleague.id, scene.mentor.id}
    # All of the startup are told; whoever does not come need not.
    told = session.scalars(select(Notice.person_id).where(Notice.kind == "session_confirmed"))
    assert sorted(told) == sorted([scene.founder.id, colleague.id, third.id, scene.mentor.id])
    assert read_roles(session, "session_confirmed") == {
        scene.founder.email: "REQ-PARTICIPANT",
        colleague.email: "REQ-PARTICIPANT",
        third.email: "OPT-PARTICIPANT",
        scene.mentor.email: "REQ-PARTICIPANT",
    }
    assert booked in list_fed_sessions(session, act_as(colleague), AT)
    # Taken means taken, whoever books for them.
    with pytest.raises(TimeAlreadyTaken):
        book(session, scene, engagement, MONDAY + HOUR / 4, 30, attendees=[colleague])


def test_who_comes_changes_and_their_time_with_it(
    session: Session, scene: Scene, colleague: Person
) -> None:
    booked = book(session, scene, make_accepted(session, scene))
    assert list_taken(session, booked) == {scene.founder.id, scene.mentor.id}
    for _ in range(2):
        # The same people a second time are no news.
        name(session, scene, booked, [colleague])
    assert list_taken(session, booked) == {colleague.id, scene.mentor.id}
    assert booked.sequence == 1
    assert read_roles(session, "session_attendees_named")[scene.founder.email] == "OPT-PARTICIPANT"
    told = session.scalars(select(Notice.person_id).where(Notice.kind == "session_attendees_named"))
    assert sorted(told) == sorted([scene.founder.id, colleague.id, scene.mentor.id])
    # A move keeps who comes; the new time is theirs once it is confirmed.
    session_actions.move(
        session,
        coaching_session=booked,
        starts_at=MONDAY + HOUR,
        ends_at=MONDAY + 2 * HOUR,
        place="Room 2",
        link="",
        actor=scene.by_founder,
        at=AT,
    )
    assert list_taken(session, booked) == set()
    session_actions.confirm(session, coaching_session=booked, actor=scene.by_mentor, at=AT)
    assert list_taken(session, booked) == {colleague.id, scene.mentor.id}
    session_actions.cancel(
        session, coaching_session=booked, reason="Ill", actor=act_as(colleague), at=AT
    )
    assert list_taken(session, booked) == set()
    cancelled = session.scalars(select(Notice.person_id).where(Notice.kind == "session_cancelled"))
    assert {scene.founder.id, colleague.id, scene.mentor.id} == set(cancelled)
    with pytest.raises(ActionNotAllowed):
        name(session, scene, booked, [colleague])


def test_nobody_comes_to_two_at_the_same_time(
    session: Session, scene: Scene, colleague: Person
) -> None:
    engagement = make_accepted(session, scene)
    first = book(session, scene, engagement)
    second = plan(session, engagement, scene.by_mentor, MONDAY + HOUR)
    session_actions.confirm(session, coaching_session=second, actor=act_as(colleague), at=AT)
    name(session, scene, first, [scene.founder, colleague])
    assert list_taken(session, first) == {scene.founder.id, colleague.id, scene.mentor.id}
    elsewhere = make_scene(session)
    open_hours(session, elsewhere)
    join(session, colleague, Role.FOUNDER, startup=elsewhere.startup)
    other = book(session, elsewhere, make_accepted(session, elsewhere))
    with pytest.raises(TimeAlreadyTaken), session.begin_nested():
        name(session, elsewhere, other, [colleague], actor=act_as(elsewhere.founder))
    assert colleague.id not in list_taken(session, other)


def test_the_startup_alone_says_so_of_its_own_people(
    session: Session, scene: Scene, colleague: Person
) -> None:
    booked = book(session, scene, make_accepted(session, scene))
    for people in ([], [scene.mentor], [colleague, make_person(session)]):
        with pytest.raises(AttendeesInvalid):
            name(session, scene, booked, people)
    with pytest.raises(NotPermitted):
        name(session, scene, booked, [colleague], actor=scene.by_mentor)
    with pytest.raises(TimeInThePast):
        name(session, scene, booked, [colleague], at=booked.starts_at)
    name(session, scene, booked, [colleague])
    # Whoever left the startup comes no more.
    session.delete(colleague.memberships[0])
    session.flush()
    session.expire(colleague)
    assert read_roles(session, "session_attendees_named")[colleague.email] == "REQ-PARTICIPANT"
    name(session, scene, booked, [scene.founder])
    assert session.scalars(select(SessionAttendee.person_id)).all() == [scene.founder.id]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_pages_and_programs_say_who_comes(app: Flask) -> None:
    site = Site(app)
    with app.app_context():
        colleague = make_person(db.session, name="Process engineer")
        founder = db.session.get_one(Person, site.ids["founder"])
        startup = founder.memberships[0].startup
        join(db.session, colleague, Role.FOUNDER, startup=startup)
        db.session.commit()
        ids = {"founder": founder.public_id, "colleague": colleague.public_id}
        address = colleague.email
    page = site.ask(ProviderKind.MENTOR).location
    site.browse(ProviderKind.MENTOR).post(f"{page}/accept")
    hours = {"time_zone": "Asia/Shanghai", "buffer_minutes": "0", "notice_hours": "1"}
    hours |= {"horizon_days": "60", "place": "Room 2", "version": ""}
    for day in range(7):
        hours |= {f"begins_{day}_0": "00:00", f"ends_{day}_0": "00:00"}
    own = site.providers[ProviderKind.MENTOR]
    site.browse(ProviderKind.MENTOR).post(f"/providers/{own}/availability", data=hours)
    browser, program = site.browse("founder"), site.program("founder")
    free = browser.get(f"{page}/free-times?who={ids['colleague']}").text
    assert f'value="{ids["colleague"]}" checked' in free
    assert f"who={ids['colleague']}" in free

    since, until = (quote((now() + timedelta(days=each)).isoformat()) for each in (2, 3))
    asked = f"{page}/free-times?since={since}&until={until}&attendees={address}"
    starts = program.get(asked).json["starts"]
    path = f"{page}/book?at={quote(starts[0])}&minutes=60"
    form = browser.get(f"{path}&who={ids['colleague']}").text
    assert re.search(rf'checked[^>]*value="{ids["colleague"]}"', form)
    both = {"place": "Room 2", "attendees": list(ids.values())}
    assert browser.post(path, data=both).status_code == 303
    assert "Process engineer" in browser.get(page).text
    (row,) = program.get(page).json["sessions"]
    assert {each["email"] for each in row["attendees"]} > {address}
    assert "name_attendees" in row["actions"]
    # The hour is taken for whoever comes along, too.
    assert starts[0] not in program.get(asked).json["starts"]

    chosen = f"/sessions/{row['id']}/attendees"
    assert "Process engineer" in browser.get(chosen).text
    assert browser.post(chosen, data={"attendees": []}).status_code == 422
    assert browser.post(chosen, data={"attendees": ["0" * 16]}).status_code == 422
    assert browser.post(chosen, data={"attendees": [ids["founder"]]}).status_code == 303
    refused = program.post(chosen, {"attendees": ["stranger@example.org"]})
    assert (refused.status_code, refused.json["code"]) == (422, "attendees_invalid")
    named = program.post(chosen, {"attendees": [address]})
    assert [each["email"] for each in named.json["attendees"]] == [address]
    mentor = site.program(ProviderKind.MENTOR)
    assert mentor.post(chosen, {"attendees": [address]}).status_code == 403
    assert site.browse(ProviderKind.MENTOR).get(chosen).status_code == 403
    body = {"starts_at": starts[8], "minutes": 30, "attendees": [address]}
    made = program.post(f"{page}/book", body, Idempotency_Key="booked")
    assert made.status_code == 201, made.text
    assert [each["email"] for each in made.json["attendees"]] == [address]
