"""Hours, limits, booking a free time and picking one that is offered."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.calendars import actions as calendars
from app.calendars.errors import (
    HoursInvalid,
    LengthNotOffered,
    MeetingPlaceInvalid,
    MonthFull,
    TimeAlreadyTaken,
    TimeInThePast,
    TimeNotOpen,
    TimeTooClose,
    TimeTooFar,
    TimeTooSoon,
    TooManyExceptions,
    WeekFull,
)
from app.calendars.queries import read_diary
from app.calendars.values import AvailabilityValues, DayHours, Difference
from app.engagements.actions import booking
from app.engagements.actions import sessions as session_actions
from app.engagements.errors import OfferedTimesInvalid, OfferGone, SessionAlreadyPlanned
from app.errors import ChangedMeanwhile, NotFound, NotPermitted
from models.calendars import MOST_EXCEPTIONS, ExceptionKind, TimeOffer
from models.engagements import CoachingSession, Engagement, SessionQuarter
from models.lifecycle import ActionNotAllowed
from models.notices import Notice, OutboxMail
from models.people import Membership, Person
from models.vocabulary import Role
from tests.app.calendars.scenes import MONDAY, MORNINGS, book, offer, open_hours
from tests.app.engagements.scenes import LATER, Scene, make_accepted, make_scene, plan
from tests.factories import AT, act_as, join, make_mentor, make_need, make_person, make_startup

pytestmark = pytest.mark.engagements

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene(session, capacity=9)


def list_free(session: Session, scene: Scene, minutes: int, days: int = 1) -> list[str]:
    since = MONDAY.replace(hour=0)
    until = since + days * DAY
    diary = read_diary(
        session,
        provider=scene.provider,
        people=[scene.founder.id],
        since=since,
        until=until,
        at=AT,
    )
    starts = diary.list_free(minutes, since, until)
    return [each.astimezone(MONDAY.tzinfo).strftime("%H:%M") for each in starts]


def accept_another(session: Session, scene: Scene) -> Engagement:
    """Another startup is coached by the same mentor."""
    founder = make_person(session, name="Another founder")
    startup = make_startup(session, founder=founder, incubator=scene.incubator)
    other = Scene(
        scene.operator,
        founder,
        scene.mentor,
        scene.incubator,
        startup,
        make_need(session, startup),
        scene.provider,
    )
    return make_accepted(session, other)


def test_a_free_time_is_booked_without_asking(session: Session, scene: Scene) -> None:
    open_hours(session, scene)
    engagement = make_accepted(session, scene)
    booked = book(session, scene, engagement)
    assert (booked.state, booked.link, booked.proposed_by_id, booked.confirmed_by_id) == (
        "confirmed",
        "https://meet.example.org/wafers",
        scene.founder.id,
        scene.mentor.id,
    )
    assert engagement.state == "active"
    told = session.scalars(select(Notice.person_id).where(Notice.kind == "session_confirmed"))
    assert sorted(told) == sorted([scene.founder.id, scene.mentor.id])
    assert engagement.events[-1].kind == "session_booked"
    assert list_free(session, scene, 60) == ["10:00", "10:15", "10:30", "10:45", "11:00"]
    with pytest.raises(TimeAlreadyTaken):
        book(session, scene, engagement, MONDAY + HOUR / 2)


def test_buffers_and_exceptions_narrow_what_is_free(session: Session, scene: Scene) -> None:
    open_hours(session, scene, buffer_minutes=30)
    book(session, scene, make_accepted(session, scene), MONDAY + HOUR, 30)
    assert list_free(session, scene, 30) == ["09:00", "11:00", "11:15", "11:30"]
    calendars.add_exception(
        session,
        provider=scene.provider,
        difference=Difference(
            ExceptionKind.AWAY, MONDAY.date(), MONDAY.date(), 11 * 60, 11 * 60 + 15
        ),
        actor=scene.by_mentor,
        at=AT,
    )
    extra = Difference(ExceptionKind.EXTRA, MONDAY.date(), MONDAY.date(), 20 * 60, 21 * 60)
    added = calendars.add_exception(
        session, provider=scene.provider, difference=extra, actor=scene.by_mentor, at=AT
    )
    assert list_free(session, scene, 30) == ["09:00", "11:15", "11:30", "20:00", "20:15", "20:30"]
    calendars.remove_exception(session, exception=added, actor=scene.by_mentor, at=AT)
    assert list_free(session, scene, 30) == ["09:00", "11:15", "11:30"]


@pytest.mark.parametrize(
    ("starts_at", "minutes", "error"),
    [
        (MONDAY - HOUR, 60, TimeNotOpen),
        (MONDAY + 2.5 * HOUR, 60, TimeNotOpen),
        (MONDAY + 5 * DAY, 60, TimeNotOpen),
        (MONDAY + timedelta(minutes=5), 60, TimeNotOpen),
        (MONDAY, 20, LengthNotOffered),
        (MONDAY - 7 * DAY, 60, TimeInThePast),
        (MONDAY - 5 * DAY, 60, TimeTooSoon),
        (MONDAY + 35 * DAY, 60, TimeTooFar),
        (datetime.max.replace(tzinfo=MONDAY.tzinfo) - 9 * HOUR, 60, TimeTooFar),
    ],
)
def test_what_is_not_free_is_refused_with_the_reason(
    session: Session, scene: Scene, starts_at: datetime, minutes: int, error: type[Exception]
) -> None:
    open_hours(session, scene, notice_hours=48)
    engagement = make_accepted(session, scene)
    with pytest.raises(error):
        book(session, scene, engagement, starts_at, minutes)
    assert session.scalar(select(func.count()).select_from(CoachingSession)) == 0


def test_limits_hold_whatever_is_tried(session: Session, scene: Scene) -> None:
    open_hours(session, scene, week_limit=1, month_limit=2)
    engagement, other = make_accepted(session, scene), accept_another(session, scene)
    first = book(session, scene, engagement)
    by_other = act_as(other.startup.memberships[0].person)
    with pytest.raises(WeekFull):
        book(session, scene, other, MONDAY + DAY, actor=by_other)
    # Also where both sides agree one by one.
    proposed = plan(session, other, scene.by_mentor, starts_at=LATER + 5 * HOUR)
    with pytest.raises(WeekFull):
        session_actions.confirm(session, coaching_session=proposed, actor=by_other, at=AT)
    book(session, scene, other, MONDAY + 7 * DAY, actor=by_other)
    with pytest.raises(MonthFull):
        book(session, scene, engagement, MONDAY + 14 * DAY)
    # A session that is moved away makes room, and counts where it goes to.
    session_actions.cancel(
        session, coaching_session=first, reason="Ill", actor=scene.by_founder, at=AT
    )
    session_actions.confirm(session, coaching_session=proposed, actor=by_other, at=AT)
    with pytest.raises(MonthFull):
        book(session, scene, engagement, MONDAY + 14 * DAY)


def test_buffers_hold_also_for_what_is_agreed_on(session: Session, scene: Scene) -> None:
    open_hours(session, scene)
    engagement, other = make_accepted(session, scene), accept_another(session, scene)
    book(session, scene, engagement)
    open_hours(session, scene, buffer_minutes=30)
    proposed = plan(session, other, scene.by_mentor, starts_at=MONDAY + HOUR, minutes=30)
    by_other = act_as(other.startup.memberships[0].person)
    with pytest.raises(TimeTooClose):
        session_actions.confirm(session, coaching_session=proposed, actor=by_other, at=AT)
    assert proposed.state == "proposed"


def test_another_profile_of_the_same_person_waits_for_the_buffer(
    session: Session, scene: Scene
) -> None:
    open_hours(session, scene, buffer_minutes=30)
    book(session, scene, make_accepted(session, scene))
    second = make_mentor(session, person=scene.mentor)
    session.refresh(scene.mentor)
    again = Scene(
        scene.operator,
        scene.founder,
        scene.mentor,
        scene.incubator,
        scene.startup,
        make_need(session, scene.startup),
        second,
    )
    open_hours(session, again)
    engagement = make_accepted(session, again)
    for starts_at in (MONDAY + HOUR / 2, MONDAY + HOUR):
        with pytest.raises(TimeAlreadyTaken):
            book(session, again, engagement, starts_at)
    assert book(session, again, engagement, MONDAY + 1.5 * HOUR).state == "confirmed"


def test_another_zone_moves_what_is_open_and_nothing_that_is_booked(
    session: Session, scene: Scene
) -> None:
    open_hours(session, scene)
    booked = book(session, scene, make_accepted(session, scene))
    open_hours(session, scene, time_zone="Europe/Berlin")
    assert booked.starts_at == MONDAY
    assert list_free(session, scene, 90) == [
        "16:00",
        "16:15",
        "16:30",
        "16:45",
        "17:00",
        "17:15",
        "17:30",
    ]


def test_hours_that_cannot_be_are_refused(session: Session, scene: Scene) -> None:
    for values in (
        {"hours": (DayHours(0, 600, 540),)},
        {"hours": (DayHours(7, 540, 600),)},
        {"hours": (DayHours(0, 541, 600),)},
        {"time_zone": "Mars/Olympus"},
        {"buffer_minutes": 7},
        {"week_limit": 0},
        {"horizon_days": 0},
        {"host_id": scene.founder.id},
    ):
        with pytest.raises(HoursInvalid):
            open_hours(session, scene, **values)
    stored = open_hours(session, scene)
    version = stored.version
    open_hours(session, scene, week_limit=3)
    with pytest.raises(ChangedMeanwhile):
        calendars.set_availability(
            session,
            provider=scene.provider,
            values=AvailabilityValues("UTC", MORNINGS),
            actor=scene.by_mentor,
            at=AT,
            version=version,
        )
    away = Difference(ExceptionKind.AWAY, MONDAY.date(), MONDAY.date())
    for _ in range(MOST_EXCEPTIONS):
        calendars.add_exception(
            session, provider=scene.provider, difference=away, actor=scene.by_mentor, at=AT
        )
    with pytest.raises(TooManyExceptions):
        calendars.add_exception(
            session, provider=scene.provider, difference=away, actor=scene.by_mentor, at=AT
        )


def test_where_to_meet_is_a_link_that_can_be_followed(session: Session, scene: Scene) -> None:
    for values in (
        {"link": "javascript:alert(1)"},
        {"link": "https://"},
        {"link": "https://meet.example.org/" + "x" * 500},
        {"place": "x" * 201},
    ):
        with pytest.raises(MeetingPlaceInvalid):
            open_hours(session, scene, **values)


def test_another_buffer_holds_after_what_is_booked_as_well(session: Session, scene: Scene) -> None:
    open_hours(session, scene, buffer_minutes=60)
    book(session, scene, make_accepted(session, scene))
    open_hours(session, scene, buffer_minutes=0)
    quarters = select(func.count()).where(SessionQuarter.person_id == scene.mentor.id)
    assert session.scalar(quarters) == 4
    other = accept_another(session, scene)
    founder = session.get_one(Person, other.requested_by_id)
    close = book(session, scene, other, MONDAY + HOUR, actor=act_as(founder))
    assert close.state == "confirmed"
    # What another session has of the time stays with it.
    open_hours(session, scene, buffer_minutes=30)
    assert session.scalar(quarters) == 10


@pytest.mark.permissions
def test_only_the_own_side_books_and_offers(session: Session, scene: Scene) -> None:
    open_hours(session, scene)
    engagement = make_accepted(session, scene)
    with pytest.raises(NotPermitted):
        book(session, scene, engagement, actor=scene.by_mentor)
    with pytest.raises(NotPermitted):
        offer(session, scene, engagement, actor=scene.by_founder)
    with pytest.raises(NotFound):
        book(session, scene, engagement, actor=act_as(make_person(session)))
    with pytest.raises(NotPermitted):
        calendars.set_availability(
            session,
            provider=scene.provider,
            values=AvailabilityValues("UTC"),
            actor=scene.by_operator,
            at=AT,
        )


def test_of_offered_times_one_is_picked(session: Session, scene: Scene) -> None:
    engagement = make_accepted(session, scene)
    offer(session, scene, engagement)
    assert session.scalar(select(Notice.person_id).where(Notice.kind == "times_offered")) == (
        scene.founder.id
    )
    # What is only offered takes nobody's time.
    assert session.scalar(select(func.count()).select_from(SessionQuarter)) == 0
    picked = booking.pick_offered(
        session, engagement=engagement, starts_at=MONDAY + DAY, actor=scene.by_founder, at=AT
    )
    assert (picked.state, picked.place, picked.proposed_by_id, picked.confirmed_by_id) == (
        "confirmed",
        "Room 2",
        scene.mentor.id,
        scene.founder.id,
    )
    assert session.scalars(select(TimeOffer)).all() == []
    with pytest.raises(OfferGone):
        booking.pick_offered(
            session, engagement=engagement, starts_at=MONDAY, actor=scene.by_founder, at=AT
        )


@pytest.mark.parametrize("is_deactivated", [True, False])
def test_nobody_picks_a_time_of_who_is_not_there_any_more(
    session: Session, scene: Scene, is_deactivated: bool
) -> None:
    colleague = make_person(session, name="Colleague")
    join(session, colleague, Role.MENTOR, provider=scene.provider)
    engagement = make_accepted(session, scene)
    offer(session, scene, engagement, actor=act_as(colleague))
    if is_deactivated:
        colleague.deactivated_at = AT
    else:
        session.execute(delete(Membership).where(Membership.person_id == colleague.id))
    session.flush()
    with pytest.raises(OfferGone):
        booking.pick_offered(
            session, engagement=engagement, starts_at=MONDAY, actor=scene.by_founder, at=AT
        )


def test_offers_are_replaced_withdrawn_and_bounded(session: Session, scene: Scene) -> None:
    engagement = make_accepted(session, scene)
    with pytest.raises(OfferGone):
        booking.withdraw_offer(session, engagement=engagement, actor=scene.by_mentor, at=AT)
    for starts in ([], [MONDAY, MONDAY], [MONDAY + n * DAY for n in range(6)]):
        with pytest.raises(OfferedTimesInvalid):
            booking.offer_times(
                session,
                engagement=engagement,
                starts=starts,
                minutes=60,
                place="Room 2",
                link="",
                actor=scene.by_mentor,
                at=AT,
            )
    last = datetime.max.replace(tzinfo=UTC, second=0, microsecond=0)
    for far in (last.replace(minute=45), last.replace(hour=22, minute=0), MONDAY + 800 * DAY):
        with pytest.raises(TimeTooFar):
            offer(session, scene, engagement, far)
    with pytest.raises(TimeTooFar):
        plan(session, engagement, scene.by_mentor, starts_at=MONDAY + 800 * DAY)
    offer(session, scene, engagement)
    offer(session, scene, engagement, MONDAY + 2 * DAY)
    with pytest.raises(OfferGone):
        booking.pick_offered(
            session, engagement=engagement, starts_at=MONDAY, actor=scene.by_founder, at=AT
        )
    plan(session, engagement, scene.by_mentor, starts_at=MONDAY + 2 * DAY)
    with pytest.raises(SessionAlreadyPlanned):
        booking.pick_offered(
            session,
            engagement=engagement,
            starts_at=MONDAY + 2 * DAY,
            actor=scene.by_founder,
            at=AT,
        )
    booking.withdraw_offer(session, engagement=engagement, actor=scene.by_mentor, at=AT)
    engagement.state = "completed"
    with pytest.raises(ActionNotAllowed):
        offer(session, scene, engagement)


def test_an_invitation_names_everybody_and_who_has_agreed(session: Session, scene: Scene) -> None:
    from icalendar import Calendar

    open_hours(session, scene)
    engagement = make_accepted(session, scene)
    booked = book(session, scene, engagement)
    session_actions.cancel(
        session,
        coaching_session=booked,
        reason="Ill",
        actor=scene.by_founder,
        at=AT,
    )
    mails = session.scalars(
        select(OutboxMail).where(OutboxMail.calendar.is_not(None)).order_by(OutboxMail.id)
    ).all()
    assert [mail.calendar_method for mail in mails] == ["REQUEST", "REQUEST", "CANCEL", "CANCEL"]
    for mail in mails:
        (event,) = Calendar.from_ical(mail.calendar).events
        assert event["uid"] == f"{booked.public_id}@yinqiao"
        attendees = {str(each): each.params for each in event["attendee"]}
        assert set(attendees) == {f"mailto:{p.email}" for p in (scene.founder, scene.mentor)}
        assert {each["RSVP"] for each in attendees.values()} == {"TRUE"}
        assert {each["PARTSTAT"] for each in attendees.values()} == {"ACCEPTED"}


def test_who_moves_a_confirmed_session_gets_it_moved_as_well(
    session: Session, scene: Scene
) -> None:
    open_hours(session, scene)
    booked = book(session, scene, make_accepted(session, scene))
    session_actions.move(
        session,
        coaching_session=booked,
        starts_at=MONDAY + DAY,
        ends_at=MONDAY + DAY + HOUR,
        place="Room 2",
        link="",
        actor=scene.by_mentor,
        at=AT,
    )
    told = session.execute(
        select(Notice.kind, Notice.person_id).where(Notice.kind.like("session_move%"))
    ).all()
    assert sorted(map(tuple, told)) == [
        ("session_move_sent", scene.mentor.id),
        ("session_moved", scene.founder.id),
    ]
    assert list_free(session, scene, 90)[0] == "09:00"
