"""Two mentors coach one startup together, by consent of both; each stays who they are."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.access import Installation, make_actor
from app.calendars.errors import TimeAlreadyTaken, TimeNotOpen
from app.clock import now
from app.engagements.actions import dual_mentoring as actions
from app.engagements.actions import sessions as session_actions
from app.engagements.actions.attendees import name_attendees
from app.engagements.actions.calendar_replies import keep_reply
from app.engagements.actions.engagements import cancel
from app.engagements.errors import AlreadyTogether, NoPartner, NotTogether
from app.engagements.queries import get_engagement_view
from app.engagements.queries.booking import read_free_times
from app.engagements.queries.coming import feed_sessions
from app.engagements.replying import Reply
from app.engagements.together import find_open, find_partner
from app.errors import NotFound, NotPermitted
from app.evaluation.queries import evaluate
from app.extensions import db
from app.telling.entries import write_feed
from models.dual_mentoring import DualMentoring, JointTime
from models.engagements import CoachingSession, Engagement, SessionQuarter
from models.lifecycle import ActionNotAllowed
from models.notices import Notice, OutboxMail
from models.people import Person
from models.session_replies import ReplyAnswer, SessionReply
from models.vocabulary import ProviderKind, Role, Seat
from tests.app.calendars.scenes import MONDAY, book, open_hours
from tests.app.engagements.scenes import Scene, judge, make_accepted, make_scene
from tests.app.engagements.sites import Site
from tests.factories import AT, act_as, admit, join, make_mentor, make_need, make_person
from tests.waiting import make_lister

list_waiting = make_lister("engagements")

pytestmark = pytest.mark.engagements

HOUR = timedelta(hours=1)


class Two:
    """A startup with two mentors who have both accepted, each with hours of their own."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.scene = make_scene(session)
        self.other = make_person(session, name="Professor of epitaxy")
        profile = make_mentor(session, person=self.other, name="Professor of epitaxy")
        admit(session, self.scene.incubator, profile)
        need = make_need(session, self.scene.startup, title="The same, from the other side")
        self.second = Scene(
            self.scene.operator,
            self.scene.founder,
            self.other,
            self.scene.incubator,
            self.scene.startup,
            need,
            profile,
        )
        for provider, seat in (
            (self.scene.provider, Seat.INDUSTRIAL),
            (profile, Seat.ACADEMIC),
        ):
            if provider.mentor is not None:
                provider.mentor.seat = seat
        self.one = make_accepted(session, self.scene)
        self.two = make_accepted(session, self.second)
        open_hours(session, self.scene)
        open_hours(session, self.second, place="Laboratory 2", link="")

    def ask(self) -> DualMentoring:
        return actions.ask_together(
            self.session,
            engagement=self.one,
            partner=self.two,
            actor=self.scene.by_founder,
            at=AT,
        )

    def work(self) -> DualMentoring:
        pair = self.ask()
        for actor in (self.scene.by_mentor, act_as(self.other)):
            actions.agree_together(self.session, pair=pair, actor=actor, at=AT)
        return pair

    def list_taken(self, row: CoachingSession) -> set[int]:
        query = select(SessionQuarter.person_id).where(SessionQuarter.coaching_session_id == row.id)
        return set(self.session.scalars(query))

    def book(self, **values: Any) -> tuple[CoachingSession, CoachingSession]:
        first = book(self.session, self.scene, self.one, together=True, **values)
        joint = self.session.scalars(select(JointTime).where(JointTime.first_id == first.id)).one()
        return first, joint.second


@pytest.fixture
def world(session: Session) -> Two:
    return Two(session)


def test_both_have_to_agree_in_person(session: Session, world: Two) -> None:
    pair = world.ask()
    told = session.scalars(select(Notice.person_id).where(Notice.kind == "dual_mentoring_asked"))
    assert sorted(told) == sorted([world.scene.mentor.id, world.other.id])
    waits = [each.kind for each in list_waiting(session, act_as(world.other), AT)]
    assert "dual_mentoring_to_answer" in waits
    stand_in = make_actor(
        world.scene.operator,
        on_behalf_of=world.other,
        within_incubator_id=world.scene.incubator.id,
    )
    for actor, error in (
        (world.scene.by_founder, NotPermitted),
        (stand_in, NotPermitted),
        (act_as(make_person(session)), NotFound),
    ):
        with pytest.raises(error):
            actions.agree_together(session, pair=pair, actor=actor, at=AT)
    actions.agree_together(session, pair=pair, actor=act_as(world.other), at=AT)
    assert (pair.state, find_partner(session, world.one)) == ("asked", None)
    assert "dual_mentoring_to_answer" not in [
        each.kind for each in list_waiting(session, act_as(world.other), AT)
    ]
    actions.agree_together(session, pair=pair, actor=act_as(world.other), at=AT)
    assert pair.state == "asked"
    actions.agree_together(session, pair=pair, actor=world.scene.by_mentor, at=AT)
    assert pair.state == "agreed"
    assert find_partner(session, world.one) is world.two
    assert find_partner(session, world.two) is world.one
    with pytest.raises(AlreadyTogether):
        world.ask()
    with pytest.raises(ActionNotAllowed):
        actions.decline_together(session, pair=pair, actor=act_as(world.other), at=AT)


def test_a_no_and_an_end_leave_each_alone(session: Session, world: Two) -> None:
    pair = world.ask()
    actions.decline_together(session, pair=pair, actor=act_as(world.other), at=AT)
    declined = session.scalars(select(Notice).where(Notice.kind == "dual_mentoring_declined")).one()
    assert declined.person_id == world.scene.founder.id
    with pytest.raises(NotTogether):
        world.book()
    again = world.work()
    with pytest.raises(NotFound):
        actions.end_together(session, pair=again, actor=act_as(make_person(session)), at=AT)
    # Whoever ends an engagement ends this with it.
    cancel(session, engagement=world.two, reason="Abroad", actor=act_as(world.other), at=AT)
    assert (again.state, find_open(session, world.one)) == ("ended", None)
    told = session.scalars(select(Notice.person_id).where(Notice.kind == "dual_mentoring_ended"))
    assert list(told) == [world.scene.mentor.id]
    with pytest.raises(NoPartner):
        world.ask()
    assert world.one.state == "accepted"


def test_a_time_with_both_respects_both_calendars(session: Session, world: Two) -> None:
    # The second mentor is taken on Monday from nine to ten, by somebody else.
    elsewhere = make_scene(session)
    stranger = Scene(
        elsewhere.operator,
        elsewhere.founder,
        world.other,
        world.scene.incubator,
        elsewhere.startup,
        elsewhere.need,
        world.second.provider,
    )
    admit(session, elsewhere.incubator, world.second.provider)
    book(session, stranger, make_accepted(session, stranger))
    world.work()

    def list_free(partner: Engagement | None) -> list[str]:
        diary = read_free_times(
            session,
            world.one,
            world.scene.by_founder,
            since=MONDAY,
            until=MONDAY + 3 * HOUR,
            at=AT,
            partner=partner,
        )
        starts = diary.list_free(60, MONDAY, MONDAY + 3 * HOUR)
        return [each.astimezone(MONDAY.tzinfo).strftime("%H:%M") for each in starts]

    assert "09:00" in list_free(None)
    assert list_free(world.two) == ["10:00", "10:15", "10:30", "10:45", "11:00"]
    with pytest.raises(TimeAlreadyTaken), session.begin_nested():
        world.book()
    with pytest.raises(TimeNotOpen), session.begin_nested():
        world.book(starts_at=MONDAY + 5 * timedelta(days=1))
    assert session.scalars(select(JointTime)).all() == []
    first, second = world.book(starts_at=MONDAY + HOUR)
    assert (first.state, second.state) == ("confirmed", "confirmed")
    assert (second.engagement, second.starts_at) == (world.two, first.starts_at)
    assert (first.place, second.link) == (second.place, first.link)
    assert world.list_taken(first) == {world.scene.founder.id, world.scene.mentor.id}
    assert world.list_taken(second) == {world.other.id}
    view = get_engagement_view(session, world.one, world.scene.by_founder, at=AT)
    assert [each.together_with for each in view.sessions] == ["Professor of epitaxy"]
    confirmed = session.scalars(
        select(Notice.person_id).where(Notice.kind == "session_confirmed", Notice.created_at == AT)
    ).all()
    assert {world.scene.mentor.id, world.other.id, world.scene.founder.id} <= set(confirmed)
    assert list_free(world.two) == ["11:00"]


def test_each_time_goes_its_own_way_and_the_startup_stays_taken(
    session: Session, world: Two
) -> None:
    world.work()
    first, second = world.book()
    founder, mentor, other = world.scene.founder.id, world.scene.mentor.id, world.other.id
    # Only another place with the first: who comes is not asked to be in two places.
    session_actions.move(
        session,
        coaching_session=first,
        starts_at=first.starts_at,
        ends_at=first.ends_at,
        place="Room 3",
        link="",
        actor=world.scene.by_founder,
        at=AT,
    )
    assert world.list_taken(second) == {founder, other}
    session_actions.confirm(session, coaching_session=first, actor=world.scene.by_mentor, at=AT)
    assert (world.list_taken(first), world.list_taken(second)) == ({mentor}, {founder, other})
    # The one that has the startup's people goes: they are met by the other all the same.
    session_actions.cancel(
        session, coaching_session=second, reason="Ill", actor=act_as(world.other), at=AT
    )
    assert (world.list_taken(first), world.list_taken(second)) == ({founder, mentor}, set())
    view = get_engagement_view(session, world.one, world.scene.by_founder, at=AT)
    assert [each.together_with for each in view.sessions] == [None]
    session_actions.cancel(
        session, coaching_session=first, reason="Ill", actor=world.scene.by_founder, at=AT
    )
    assert session.scalars(select(SessionQuarter)).all() == []


def test_whoever_comes_to_one_mentor_alone_is_free_or_taken_by_that_alone(
    session: Session, world: Two
) -> None:
    world.work()
    founder, mentor, other = world.scene.founder, world.scene.mentor.id, world.other.id
    colleague = make_person(session, name="Process engineer")
    join(session, colleague, Role.FOUNDER, startup=world.scene.startup)
    first, second = world.book(attendees=[founder, colleague])
    assert world.list_taken(first) == {founder.id, colleague.id, mentor}
    by_founder = world.scene.by_founder
    name_attendees(session, coaching_session=first, people=[founder], actor=by_founder, at=AT)
    # The second mentor still meets both.
    assert world.list_taken(second) == {founder.id, colleague.id, other}
    name_attendees(session, coaching_session=second, people=[founder], actor=by_founder, at=AT)
    assert world.list_taken(first) | world.list_taken(second) == {founder.id, mentor, other}
    name_attendees(session, coaching_session=first, people=[colleague], actor=by_founder, at=AT)
    session_actions.cancel(
        session, coaching_session=first, reason="Ill", actor=world.scene.by_mentor, at=AT
    )
    assert world.list_taken(second) == {founder.id, other}


def test_each_is_judged_and_counted_by_itself(session: Session, world: Two) -> None:
    world.work()
    first, second = world.book()
    for row, actor in ((first, world.scene.by_mentor), (second, act_as(world.other))):
        session_actions.record_held(session, coaching_session=row, actor=actor, at=row.ends_at)
    judge(session, first, world.scene.by_founder, rating=5)
    judge(session, first, world.scene.by_mentor)
    judge(session, second, world.scene.by_founder, rating=3)
    judge(session, second, act_as(world.other))
    providers = [world.scene.provider, world.second.provider]
    figures = evaluate(session, providers, at=first.ends_at)
    shown = [figures[each.id] for each in providers]
    assert [(each.sessions, each.hours, each.ratings) for each in shown] == [(1, 1.0, 1)] * 2
    assert [each.rating for each in shown] == [5.0, 3.0]


def read_entry(mail: OutboxMail) -> tuple[str, str, str, int, str, set[str]]:
    """To whom, with which method, UID, SEQUENCE and STATUS, and who stands in it."""
    (event,) = Calendar.from_ical(mail.calendar or "").events
    attendees = event["attendee"]
    people = attendees if isinstance(attendees, list) else [attendees]
    return (
        mail.address,
        str(mail.calendar_method),
        str(event["uid"]),
        int(event["sequence"]),
        str(event.get("status", "")),
        {str(each).removeprefix("mailto:") for each in people},
    )


class Post:
    """The entries of calendars that went out since it was last asked."""

    def __init__(self, session: Session) -> None:
        self._session, self._last = session, 0

    def read(self) -> list[tuple[str, str, str, int, str, set[str]]]:
        self._session.flush()
        mails = self._session.scalars(
            select(OutboxMail)
            .where(OutboxMail.calendar.is_not(None), OutboxMail.id > self._last)
            .order_by(OutboxMail.id)
        ).all()
        self._last = max((each.id for each in mails), default=self._last)
        return [read_entry(each) for each in mails]


def read_feed(session: Session, person: Person) -> list[tuple[str, int, str]]:
    entries = feed_sessions(session, act_as(person), AT)
    text = write_feed(entries, at=AT, root="https://yinqiao.example.org")
    return [
        (str(event["uid"]), int(event["sequence"]), str(event["summary"]))
        for event in Calendar.from_ical(text).events
    ]


def test_a_time_with_both_is_one_entry_until_one_of_them_leaves(
    session: Session, world: Two
) -> None:
    world.work()
    post = Post(session)
    first, second = world.book()
    founder, mentor, other = (
        each.email for each in (world.scene.founder, world.scene.mentor, world.other)
    )
    uid = f"{first.public_id}@yinqiao"
    everybody = {founder, mentor, other}
    assert sorted(post.read(), key=lambda each: each[0]) == [
        (address, "REQUEST", uid, 0, "CONFIRMED", everybody) for address in sorted(everybody)
    ]
    for person in (world.scene.founder, world.scene.mentor, world.other):
        ((shown, sequence, summary),) = read_feed(session, person)
        assert (shown, sequence) == (uid, 0)
        assert world.scene.provider.name in summary and world.other.name in summary
    by_founder = world.scene.by_founder
    colleague = make_person(session, name="Process engineer")
    join(session, colleague, Role.FOUNDER, startup=world.scene.startup)
    name_attendees(session, coaching_session=second, people=[colleague], actor=by_founder, at=AT)
    told = post.read()
    assert {(each[2], each[3]) for each in told} == {(uid, 1)}
    everybody.add(colleague.email)
    assert all(each[5] == everybody for each in told)
    # The second does not come: it goes from that calendar, and stays in all others, without them.
    session_actions.cancel(
        session, coaching_session=second, reason="Ill", actor=act_as(world.other), at=AT
    )
    rest = everybody - {other}
    told = post.read()
    assert (other, "CANCEL", uid, 2, "", {other}) in told
    assert {each[:5] for each in told if each[0] != other} == {
        (address, "REQUEST", uid, 2, "CONFIRMED") for address in rest
    }
    assert all(each[5] == rest for each in told if each[0] != other)
    assert read_feed(session, world.other) == []
    assert [each[:2] for each in read_feed(session, world.scene.founder)] == [(uid, 2)]
    # With the first, all of it goes.
    session_actions.cancel(
        session, coaching_session=first, reason="Ill", actor=world.scene.by_mentor, at=AT
    )
    told = post.read()
    assert {each[0] for each in told} == rest
    assert {each[1:5] for each in told} == {("CANCEL", uid, 3, "CANCELLED")}


@pytest.mark.parametrize("moves_first", [True, False])
def test_a_time_that_is_moved_has_an_entry_of_its_own(
    session: Session, world: Two, moves_first: bool
) -> None:
    world.work()
    post = Post(session)
    first, second = world.book()
    post.read()
    founder, mentor, other = (
        each.email for each in (world.scene.founder, world.scene.mentor, world.other)
    )
    uid, own_uid = (f"{each.public_id}@yinqiao" for each in (first, second))
    moved, actor = (first, world.scene.by_mentor) if moves_first else (second, act_as(world.other))
    session_actions.move(
        session,
        coaching_session=moved,
        starts_at=moved.starts_at + HOUR,
        ends_at=moved.ends_at + HOUR,
        place="Room 3",
        link="",
        actor=actor,
        at=AT,
    )
    told = [each[:5] for each in post.read()]
    # Whatever stood there for both goes from the second mentor's calendar; all else is one each.
    assert (other, "CANCEL", uid, 1, "") in told
    states = ("TENTATIVE", "CONFIRMED") if moves_first else ("CONFIRMED", "TENTATIVE")
    assert {each for each in told if each[1] == "REQUEST"} == {
        (mentor, "REQUEST", uid, 1, states[0]),
        *([(founder, "REQUEST", uid, 1, states[0])] if moves_first else []),
        (founder, "REQUEST", own_uid, 1, states[1]),
        (other, "REQUEST", own_uid, 1, states[1]),
    }
    fed = {each[:2] for each in read_feed(session, world.scene.founder)}
    assert fed == {(uid, 1), (own_uid, 1)}
    # From now on nobody is told of the other's, and no sequence goes back.
    session_actions.confirm(session, coaching_session=moved, actor=world.scene.by_founder, at=AT)
    session_actions.cancel(
        session, coaching_session=second, reason="Ill", actor=act_as(world.other), at=AT
    )
    cancelled = [each for each in post.read() if each[1] == "CANCEL"]
    assert {each[:5] for each in cancelled} == {
        (address, "CANCEL", own_uid, 2, "CANCELLED") for address in (founder, other)
    }


def test_the_entry_that_is_left_with_the_second_goes_when_that_is_moved(
    session: Session, world: Two
) -> None:
    world.work()
    first, second = world.book()
    session_actions.cancel(
        session, coaching_session=first, reason="Ill", actor=world.scene.by_mentor, at=AT
    )
    post = Post(session)
    post.read()
    assert [each[0] for each in read_feed(session, world.scene.founder)] == [
        f"{first.public_id}@yinqiao"
    ]
    session_actions.move(
        session,
        coaching_session=second,
        starts_at=second.starts_at + HOUR,
        ends_at=second.ends_at + HOUR,
        place="Room 3",
        link="",
        actor=world.scene.by_founder,
        at=AT,
    )
    founder, other = world.scene.founder.email, world.other.email
    told = {each[:4] for each in post.read()}
    assert told == {
        (person, method, f"{row.public_id}@yinqiao", 2)
        for person in (founder, other)
        for method, row in (("CANCEL", first), ("REQUEST", second))
    }


def test_an_answer_to_the_entry_is_one_to_both(session: Session, world: Two) -> None:
    world.work()
    first, second = world.book()
    name_attendees(
        session,
        coaching_session=second,
        people=[world.scene.founder],
        actor=world.scene.by_founder,
        at=AT,
    )
    for address, sequence, kept in (
        (world.scene.founder.email, 1, {first.id, second.id}),
        (world.other.email, 1, {second.id}),
        (world.other.email, 0, set()),
    ):
        session.execute(delete(SessionReply))
        answer = Reply(first.public_id, address, ReplyAnswer.DECLINED, sequence, AT)
        assert keep_reply(session, reply=answer, actor=Installation.CLOCK, at=AT) is bool(kept)
        rows = session.scalars(select(SessionReply)).all()
        assert {each.coaching_session_id for each in rows} == kept
    told = session.scalars(
        select(Notice.person_id).where(Notice.kind == "session_declined_by_calendar")
    ).all()
    assert set(told) == {world.scene.founder.id, world.scene.mentor.id, world.other.id}


def test_who_acts_for_both_mentors_agrees_for_both_at_once(session: Session, world: Two) -> None:
    office = make_person(session, name="Office of both")
    for provider in (world.scene.provider, world.second.provider):
        join(session, office, Role.MENTOR, provider=provider)
    pair = world.ask()
    waits = [each for each in list_waiting(session, act_as(office), AT) if "dual" in each.kind]
    assert len(waits) == 1
    actions.agree_together(session, pair=pair, actor=act_as(office), at=AT)
    assert (pair.state, pair.lead_agreed_at, pair.partner_agreed_at) == ("agreed", AT, AT)
    assert find_partner(session, world.one) is world.two


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_pages_and_programs(app: Flask) -> None:
    site = Site(app)
    with app.app_context():
        professor = make_person(db.session)
        profile = make_mentor(db.session, person=professor, name="Professor of epitaxy")
        db.session.commit()
        site.providers["professor"] = profile.public_id  # type: ignore[index]
        site.ids["professor"] = professor.id
    own = site.ask(ProviderKind.MENTOR).location
    form = {"message": "Please", "released": ["startup_name", "need_text"]}
    founder = site.browse("founder")
    other = founder.post(f"/needs/{site.need}/request/{profile_id(site)}", data=form).location
    mentor, professor_page = site.browse(ProviderKind.MENTOR), site.browse("professor")
    mentor.post(f"{own}/accept")
    assert "Bring in a second mentor" not in founder.get(own).text
    professor_page.post(f"{other}/accept")
    assert "Bring in a second mentor" in founder.get(own).text
    partner = {"partner": other.rpartition("/")[2]}
    assert founder.post(f"{own}/second-mentor", data={"partner": "0" * 16}).status_code == 404
    assert mentor.post(f"{own}/second-mentor", data=partner).status_code == 403
    assert founder.post(f"{own}/second-mentor", data=partner).status_code == 303
    program = site.program("founder")
    pair = program.get(own).json["dual_mentoring"]
    assert (pair["state"], pair["agreed"], pair["actions"]) == ("asked", [], ["end"])
    path = f"/dual-mentorings/{pair['id']}"
    assert "Work together" in mentor.get(own).text
    assert founder.post(f"{path}/agree").status_code == 403
    assert mentor.post(f"{path}/agree").status_code == 303
    agreed = site.program("professor").post(f"{path}/agree").json
    assert (agreed["state"], len(agreed["agreed"])) == ("agreed", 2)
    assert program.get(path).json["state"] == "agreed"
    refused = program.post(f"{own}/second-mentor", partner, Idempotency_Key="again")
    assert (refused.status_code, refused.json["code"]) == (409, "already_together")

    hours = {"time_zone": "Asia/Shanghai", "buffer_minutes": "0", "notice_hours": "1"}
    hours |= {"horizon_days": "60", "place": "Room 2", "version": ""}
    for day in range(7):
        hours |= {f"begins_{day}_0": "00:00", f"ends_{day}_0": "00:00"}
    for browser, provider in (
        (mentor, site.providers[ProviderKind.MENTOR]),
        (professor_page, profile_id(site)),
    ):
        assert browser.post(f"/providers/{provider}/availability", data=hours).status_code == 303
    free = founder.get(f"{own}/free-times?together=1").text
    assert "With Professor of epitaxy as well" in free
    assert "together=1" in free
    since, until = (quote((now() + timedelta(days=each)).isoformat()) for each in (2, 3))
    asked = f"{own}/free-times?since={since}&until={until}&together=1"
    starts = program.get(asked).json["starts"]
    page = f"{own}/book?at={quote(starts[0])}&minutes=60&together=1"
    assert "Professor of epitaxy" in founder.get(page).text
    assert founder.post(page, data={"place": "Room 2", "link": ""}).status_code == 303
    body = {"starts_at": starts[8], "minutes": 30, "together": True}
    made = program.post(f"{own}/book", body, Idempotency_Key="both")
    assert (made.status_code, made.json["together_with"]) == (201, "Professor of epitaxy")
    assert len(program.get(other).json["sessions"]) == 2
    assert "Together with" in professor_page.get(other).text
    assert founder.post(f"{path}/end").status_code == 303
    assert program.get(path).json["actions"] == []
    refused = program.post(f"{own}/book", body, Idempotency_Key="apart")
    assert (refused.status_code, refused.json["code"]) == (409, "not_together")
    with app.app_context():
        assert db.session.get(Person, site.ids["professor"]) is not None


def profile_id(site: Site) -> str:
    """Of the second mentor."""
    return str(site.providers["professor"])  # type: ignore[index]
