"""Who does not come or gives up a time late is counted, may appeal, and is not judged by itself."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor
from app.clock import now
from app.engagements.actions import missed_times as actions
from app.engagements.actions import sessions
from app.engagements.actions.engagements import cancel
from app.engagements.actions.request_rules import set_rules
from app.engagements.erasing import ERASING
from app.engagements.errors import (
    AppealTooLate,
    NothingCounted,
    PlaceNotAgreed,
    RuleOutOfRange,
    SessionBegun,
)
from app.engagements.queries import get_engagement_view
from app.engagements.queries.missed_times import (
    MissedCounts,
    count_own,
    is_of,
    is_own,
    list_missed_times,
    view_missed_time,
)
from app.engagements.queries.request_rules import Rules
from app.errors import NotFound, NotPermitted, ReasonMissing
from app.evaluation.queries import evaluate
from app.extensions import db
from app.leaving import Leaving
from models.audit import AuditEntry
from models.engagements import CoachingSession, Engagement
from models.lifecycle import ActionNotAllowed
from models.missed_times import MissedBy, MissedTime, MissedTimeKind
from models.notices import Notice
from models.vocabulary import ProviderKind, Role, Side
from tests.app.engagements.scenes import LATER, Scene, make_accepted, make_scene, plan
from tests.app.engagements.sites import Site
from tests.factories import AT, act_as, join
from tests.waiting import make_lister

list_waiting = make_lister("engagements")

pytestmark = pytest.mark.engagements

HOUR = timedelta(hours=1)


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene(session)


@pytest.fixture
def engagement(session: Session, scene: Scene) -> Engagement:
    return make_accepted(session, scene)


def agree(session: Session, scene: Scene, engagement: Engagement, days: int = 0) -> CoachingSession:
    planned = plan(session, engagement, scene.by_mentor, LATER + timedelta(days=days))
    sessions.confirm(session, coaching_session=planned, actor=scene.by_founder, at=AT)
    return planned


def miss(session: Session, planned: CoachingSession, by: MissedBy | None, actor: Actor) -> None:
    sessions.record_missed(
        session,
        coaching_session=planned,
        missed_by=by,
        actor=actor,
        at=planned.ends_at,
    )


def list_counted(session: Session) -> list[tuple[Side, MissedTimeKind]]:
    rows = session.scalars(select(MissedTime).order_by(MissedTime.id))
    return [(row.side, row.kind) for row in rows]


def test_late_is_what_the_incubator_says(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    rules = Rules(late_cancel_hours=2, late_move_hours=0)
    set_rules(session, incubator=scene.incubator, rules=rules, actor=scene.by_operator, at=AT)
    with pytest.raises(RuleOutOfRange):
        set_rules(
            session,
            incubator=scene.incubator,
            rules=Rules(late_cancel_hours=169),
            actor=scene.by_operator,
            at=AT,
        )
    first, second, third = (agree(session, scene, engagement, days) for days in range(3))
    said = {"reason": "Ill", "actor": scene.by_founder}
    sessions.cancel(
        session,
        coaching_session=first,
        at=first.starts_at - 2 * HOUR,
        **said,  # type: ignore[arg-type]
    )
    assert list_counted(session) == []
    sessions.cancel(
        session,
        coaching_session=second,
        at=second.starts_at - 2 * HOUR + timedelta(seconds=1),
        **said,  # type: ignore[arg-type]
    )
    assert list_counted(session) == [(Side.STARTUP, MissedTimeKind.LATE_CANCEL)]
    sessions.move(
        session,
        coaching_session=third,
        starts_at=third.starts_at + HOUR,
        ends_at=third.ends_at + HOUR,
        place="Room 3",
        link="",
        actor=scene.by_mentor,
        at=third.starts_at - HOUR,
    )
    # What is only proposed was promised to nobody.
    sessions.cancel(
        session,
        coaching_session=third,
        at=third.starts_at,
        **said,  # type: ignore[arg-type]
    )
    assert len(list_counted(session)) == 1


def test_another_place_is_no_other_time_and_an_end_is_a_late_cancelling(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    planned = agree(session, scene, engagement)
    soon = planned.starts_at - HOUR
    sessions.move(
        session,
        coaching_session=planned,
        place="Room 3",
        link="",
        starts_at=planned.starts_at,
        ends_at=planned.ends_at,
        actor=scene.by_mentor,
        at=soon,
    )
    assert list_counted(session) == []
    sessions.confirm(session, coaching_session=planned, actor=scene.by_founder, at=soon)
    cancel(session, engagement=engagement, reason="Over", actor=scene.by_mentor, at=soon)
    assert list_counted(session) == [(Side.PROVIDER, MissedTimeKind.LATE_CANCEL)]


def test_another_place_is_no_way_out_of_a_time_for_whoever_wants_it(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    first, second = agree(session, scene, engagement), agree(session, scene, engagement, 1)
    for planned in (first, second):
        sessions.move(
            session,
            coaching_session=planned,
            starts_at=planned.starts_at,
            ends_at=planned.ends_at,
            place="Far away",
            link="",
            actor=scene.by_mentor,
            at=planned.starts_at - HOUR,
        )
    soon = first.starts_at - HOUR
    # The founder may say no to that place.
    sessions.cancel(
        session, coaching_session=first, reason="Too far", actor=scene.by_founder, at=soon
    )
    assert list_counted(session) == []
    sessions.cancel(
        session,
        coaching_session=second,
        reason="Ill",
        actor=scene.by_mentor,
        at=second.starts_at - HOUR,
    )
    assert list_counted(session) == [(Side.PROVIDER, MissedTimeKind.LATE_CANCEL)]


def test_a_time_that_was_agreed_on_is_recorded_although_its_place_was_not(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    planned = [agree(session, scene, engagement, days) for days in range(4)]
    for each in planned:
        sessions.move(
            session,
            coaching_session=each,
            starts_at=each.starts_at,
            ends_at=each.ends_at,
            place="Far away",
            link="",
            actor=scene.by_mentor,
            at=AT,
        )
    never = plan(session, engagement, scene.by_mentor, LATER + timedelta(days=9))
    with pytest.raises(ActionNotAllowed):
        miss(session, never, MissedBy.STARTUP, scene.by_mentor)
    view = get_engagement_view(session, engagement, scene.by_founder, at=LATER + timedelta(days=9))
    shown = {each.public_id: each.actions for each in view.sessions}
    assert all({"record_held", "record_missed"} <= {*shown[one.public_id]} for one in planned)
    assert "record_missed" not in shown[never.public_id]
    first, second, third, fourth = planned
    # Whoever wished for the place cannot say that the other side should have been there.
    for by in (MissedBy.STARTUP, MissedBy.BOTH):
        with pytest.raises(PlaceNotAgreed), session.begin_nested():
            miss(session, first, by, scene.by_mentor)
    miss(session, first, MissedBy.PROVIDER, scene.by_mentor)
    miss(session, second, MissedBy.PROVIDER, scene.by_founder)
    miss(session, third, None, scene.by_mentor)
    sessions.record_held(
        session, coaching_session=fourth, actor=scene.by_founder, at=fourth.ends_at
    )
    assert [each.state for each in planned] == ["missed", "missed", "missed", "held"]
    assert list_counted(session) == [(Side.PROVIDER, MissedTimeKind.NO_SHOW)] * 2


def test_what_was_told_of_it_goes_with_either_side(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    planned = agree(session, scene, engagement)
    miss(session, planned, MissedBy.PROVIDER, scene.by_founder)
    (row,) = session.scalars(select(MissedTime)).all()
    traces = ERASING.find(
        session,
        Leaving(
            email=scene.founder.email,
            person=scene.founder,
            providers=(),
            startups=(scene.startup,),
            names=(),
            actor=scene.by_founder,
            at=AT,
        ),
    )
    assert f"/missed-times/{row.public_id}" in traces.paths
    assert row.public_id in traces.public_ids


def test_what_has_begun_is_recorded_and_told_apart_by_who_was_missing(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    first, second, third = (agree(session, scene, engagement, days) for days in range(3))
    with pytest.raises(SessionBegun):
        sessions.cancel(
            session,
            coaching_session=first,
            reason="Late",
            actor=scene.by_mentor,
            at=first.starts_at,
        )
    miss(session, first, MissedBy.BOTH, scene.by_founder)
    miss(session, second, MissedBy.PROVIDER, scene.by_founder)
    miss(session, third, None, scene.by_founder)
    assert list_counted(session) == [
        (Side.STARTUP, MissedTimeKind.NO_SHOW),
        (Side.PROVIDER, MissedTimeKind.NO_SHOW),
        (Side.PROVIDER, MissedTimeKind.NO_SHOW),
    ]
    assert count_own(session, scene.by_founder) == MissedCounts(no_shows=1)
    assert count_own(session, scene.by_mentor) == MissedCounts(no_shows=2)
    told = session.scalars(
        select(Notice.person_id).where(Notice.kind == "missed_time_no_show")
    ).all()
    assert told == [scene.mentor.id, scene.mentor.id]
    # The other side sees it where the time was its own, without the way to what is said of it.
    seen = get_engagement_view(session, engagement, scene.by_founder, at=LATER)
    shown = {(each.side, each.public_id is None) for one in seen.sessions for each in one.missed}
    assert shown == {(Side.STARTUP, False), (Side.PROVIDER, True)}


def test_an_appeal_is_decided_once_by_somebody_else(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    planned = agree(session, scene, engagement)
    miss(session, planned, MissedBy.PROVIDER, scene.by_founder)
    (row,) = session.scalars(select(MissedTime)).all()
    at = planned.ends_at + timedelta(days=1)
    said = {"missed_time": row, "words": "I waited for an hour."}
    with pytest.raises(NotFound):
        actions.appeal(session, actor=scene.by_founder, at=at, **said)  # type: ignore[arg-type]
    for actor in (scene.by_operator_for(scene.mentor), scene.by_operator):
        with pytest.raises(NotPermitted):
            actions.appeal(session, actor=actor, at=at, **said)  # type: ignore[arg-type]
    with pytest.raises(ReasonMissing):
        actions.appeal(session, missed_time=row, words=" ", actor=scene.by_mentor, at=at)
    late = planned.ends_at + timedelta(days=14, seconds=1)
    with pytest.raises(AppealTooLate):
        actions.appeal(session, actor=scene.by_mentor, at=late, **said)  # type: ignore[arg-type]
    actions.appeal(session, actor=scene.by_mentor, at=at, **said)  # type: ignore[arg-type]
    with pytest.raises(ActionNotAllowed):
        actions.appeal(session, actor=scene.by_mentor, at=at, **said)  # type: ignore[arg-type]
    figures = evaluate(session, [scene.provider], at=at)[scene.provider.id]
    assert figures.missed == MissedCounts(appealed=1)

    decision = {"missed_time": row, "takes_back": True, "words": "So it was."}
    # Whoever recorded it decides nothing, also where they stood in for somebody then.
    assert row.counted_by_id == scene.founder.id
    row.counted_by_id = scene.by_operator_for(scene.founder).person_id
    assert row.counted_by_id == scene.operator.id
    with pytest.raises(NotPermitted):
        actions.decide(session, actor=scene.by_operator, at=at, **decision)  # type: ignore[arg-type]
    assert [each.kind for each in list_waiting(session, scene.by_operator, at)].count(
        "appeal_to_decide"
    ) == 0
    assert not view_missed_time(session, row, scene.by_operator, at=at).may_decide
    row.counted_by_id = scene.founder.id
    # Nor does whoever appealed and has left that side since.
    row.appealed_by_id = scene.by_operator.person_id
    with pytest.raises(NotPermitted):
        actions.decide(session, actor=scene.by_operator, at=at, **decision)  # type: ignore[arg-type]
    row.appealed_by_id = scene.mentor.id
    # Whoever is counted does not decide, also not as an operator.
    join(session, scene.mentor, Role.OPERATOR, incubator=scene.incubator)
    session.refresh(scene.mentor)
    both = act_as(scene.mentor)
    assert [each.kind for each in list_waiting(session, both, at)].count("appeal_to_decide") == 0
    with pytest.raises(NotPermitted):
        actions.decide(session, actor=both, at=at, **decision)  # type: ignore[arg-type]
    assert "appeal_to_decide" in [
        each.kind for each in list_waiting(session, scene.by_operator, at)
    ]
    actions.decide(session, actor=scene.by_operator, at=at, **decision)  # type: ignore[arg-type]
    with pytest.raises(ActionNotAllowed):
        actions.decide(session, actor=scene.by_operator, at=at, **decision)  # type: ignore[arg-type]
    figures = evaluate(session, [scene.provider], at=at)[scene.provider.id]
    assert figures.missed == MissedCounts()
    kinds = session.scalars(
        select(AuditEntry.kind)
        .where(AuditEntry.subject_public_id == row.public_id)
        .order_by(AuditEntry.id)
    ).all()
    assert kinds == ["missed_time_counted", "missed_time_appealed", "missed_time_decided"]


def test_nothing_counts_without_an_incubator(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    first, second = agree(session, scene, engagement), agree(session, scene, engagement, 1)
    engagement.incubator_id = None
    session.flush()
    sessions.cancel(
        session,
        coaching_session=first,
        reason="Ill",
        actor=scene.by_mentor,
        at=first.starts_at - HOUR,
    )
    miss(session, second, MissedBy.PROVIDER, scene.by_founder)
    (row,) = session.scalars(select(MissedTime)).all()
    assert (row.kind, row.counts) == (MissedTimeKind.NO_SHOW, False)
    assert count_own(session, scene.by_mentor) == MissedCounts()
    with pytest.raises(NothingCounted):
        actions.appeal(
            session, missed_time=row, words="Not so", actor=scene.by_mentor, at=second.ends_at
        )


def test_lists_go_on_by_key(
    session: Session, scene: Scene, engagement: Engagement, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days in range(3):
        planned = agree(session, scene, engagement, days)
        miss(session, planned, MissedBy.STARTUP, scene.by_founder)
    monkeypatch.setattr("app.engagements.queries.missed_times.PAGE_SIZE", 2)
    viewer = scene.by_founder
    first = list_missed_times(session, is_own(viewer), viewer, at=LATER)
    assert (len(first.rows), first.older) == (2, first.rows[-1].public_id)
    rest = list_missed_times(session, is_own(viewer), viewer, at=LATER, before=first.older)
    assert (len(rest.rows), rest.older) == (1, None)
    assert list_missed_times(session, is_own(scene.by_mentor), viewer, at=LATER).rows == ()
    whole = list_missed_times(session, is_of(scene.incubator), scene.by_operator, at=LATER)
    assert len(whole.rows) == 2


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_pages_and_programs(app: Flask) -> None:
    site = Site(app)
    founder, mentor, operator = (
        site.browse(who) for who in ("founder", ProviderKind.MENTOR, "operator")
    )
    address = site.ask(ProviderKind.MENTOR).location
    mentor.post(f"{address}/accept", data={})
    with app.app_context():
        engagement = db.session.scalars(select(Engagement)).one()
        begins = now().replace(minute=0, second=0, microsecond=0)
        planned = [
            CoachingSession(
                engagement=engagement,
                starts_at=begins + timedelta(hours=hours),
                ends_at=begins + timedelta(hours=hours + 1),
                place="Room 3",
                state="confirmed",
                proposed_by_side=Side.PROVIDER,
                created_at=begins,
            )
            for hours in (-3, 5)
        ]
        db.session.add_all(planned)
        db.session.commit()
        over, coming = (each.public_id for each in planned)
    assert "counted as late for your side" in founder.get(f"/sessions/{coming}/cancel").text
    page = mentor.get(f"/sessions/{over}/missed").text
    assert "Who did not come?" in page
    assert "checked" not in page
    assert mentor.post(f"/sessions/{over}/missed", data={}).status_code == 422
    assert mentor.get(f"/sessions/{coming}/missed").status_code == 409
    recorded = mentor.post(f"/sessions/{over}/missed", data={"missed_by": "startup"})
    assert recorded.status_code == 303
    with app.app_context():
        number = db.session.scalars(select(MissedTime.public_id)).one()
    path = f"/missed-times/{number}"
    assert path in founder.get("/missed-times").text
    assert path not in mentor.get("/missed-times").text
    assert mentor.get(path).status_code == 404
    assert "Did not come" in mentor.get(address).text
    assert founder.post(f"{path}/appeal", data={}).status_code == 422
    assert founder.post(f"{path}/appeal", data={"appeal": "The link was dead"}).status_code == 303
    assert path in operator.get(f"/incubators/{site.incubator}/missed-times").text
    assert founder.get(f"/incubators/{site.incubator}/missed-times").status_code == 403
    assert "The link was dead" in operator.get(path).text
    assert operator.post(f"{path}/decision", data={"decision": "x"}).status_code == 422
    program = site.program("operator")
    listed = program.get(f"/incubators/{site.incubator}/missed-times").json["items"]
    assert [(each["id"], each["state"], each["counts"]) for each in listed] == [
        (number, "appealed", False)
    ]
    said = {"takes_back": False, "words": "It worked for the other side"}
    assert program.post(f"{path}/decision", said).json["state"] == "upheld"
    assert (
        operator.post(
            f"{path}/decision", data={"outcome": "take_back", "decision": "x"}
        ).status_code
        == 409
    )
    assert "It worked for the other side" in founder.get(path).text
    own = site.program("founder")
    assert [each["counts"] for each in own.get("/missed-times").json["items"]] == [True]
    assert own.post(f"{path}/appeal", {"words": "Again"}).status_code == 409
    cancelled = own.post(f"/sessions/{coming}/cancel", {"reason": "Ill"}).json
    assert [each["kind"] for each in cancelled["missed"]] == ["late_cancel"]
