"""The other side says otherwise than recorded: both see it, nothing counts, operators decide."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.clock import now
from app.engagements.actions import contradictions as actions
from app.engagements.actions import missed_times, sessions
from app.engagements.errors import AlreadyContradicted, AppealTooLate, NobodyDecides
from app.engagements.queries import get_engagement_view
from app.engagements.queries.missed_times import MissedCounts, count_own
from app.errors import NotPermitted, OutOfOrder, ReasonMissing
from app.evaluation.queries import evaluate, list_contributions
from app.extensions import db
from app.ranking.track_records import list_ratings
from app.transactions import writing
from models.contradictions import Contradiction
from models.engagements import CoachingSession, Engagement
from models.lifecycle import ActionNotAllowed
from models.missed_times import MissedBy, MissedTime
from models.notices import Notice
from models.vocabulary import ProviderKind, Role, Side
from tests.app.engagements.races import run_at_once
from tests.app.engagements.scenes import LATER, Scene, hold, judge, make_accepted, make_scene
from tests.app.engagements.sites import Site
from tests.app.engagements.test_missed_times import agree, miss
from tests.factories import act_as, join, make_person
from tests.waiting import make_lister

list_waiting = make_lister("engagements")

pytestmark = pytest.mark.engagements

OVER = LATER + timedelta(hours=2)


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene(session)


@pytest.fixture
def engagement(session: Session, scene: Scene) -> Engagement:
    return make_accepted(session, scene)


def contradict(session: Session, held: CoachingSession, **values: object) -> Contradiction:
    given = {"words": "Nobody was there.", "at": OVER} | values
    return actions.contradict(session, coaching_session=held, **given)  # type: ignore[arg-type]


def decide(session: Session, made: Contradiction, scene: Scene, was_held: bool) -> None:
    actions.decide(
        session,
        contradiction=made,
        was_held=was_held,
        words="The mail says so.",
        actor=scene.by_operator,
        at=OVER + timedelta(days=1),
    )


def count_held(session: Session, scene: Scene) -> int:
    return evaluate(session, [scene.provider], at=OVER)[scene.provider.id].sessions


def count_ratings(session: Session, scene: Scene) -> int:
    return len(list_contributions(session, scene.provider, at=OVER)[0].ratings)


def list_kinds(session: Session, person_id: int) -> set[str]:
    return set(session.scalars(select(Notice.kind).where(Notice.person_id == person_id)))


def test_what_was_recorded_as_held_counts_as_nothing_until_it_is_decided(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    held = hold(session, scene, engagement)
    for actor in (scene.by_founder, scene.by_mentor):
        judge(session, held, actor)
    assert count_held(session, scene) == 1
    view = get_engagement_view(session, engagement, scene.by_founder, at=OVER).sessions[0]
    assert (view.recorded_side, view.recorded_by_name) == (Side.PROVIDER, scene.mentor.name)
    assert "contradict" in view.actions
    made = contradict(session, held, missed_by=MissedBy.PROVIDER, actor=scene.by_founder)
    assert held.state == "contested"
    assert count_held(session, scene) == 0
    assert count_ratings(session, scene) == 0
    assert list_ratings(session, [scene.provider.id]) == {}
    assert count_own(session, scene.by_mentor) == MissedCounts()
    assert "record_contradicted_missed" in list_kinds(session, scene.mentor.id)
    assert "record_to_decide" in list_kinds(session, scene.operator.id)
    for viewer in (scene.by_founder, scene.by_mentor, scene.by_operator):
        shown = get_engagement_view(session, engagement, viewer, at=OVER).sessions[0]
        assert shown.contradiction is not None
        assert shown.contradiction.words == "Nobody was there."
        assert shown.contradiction.may_decide is (viewer == scene.by_operator)
        assert "contradict" not in shown.actions
    decide(session, made, scene, was_held=False)
    assert (held.state, made.state) == ("missed", "overturned")
    missed = session.scalars(select(MissedTime)).one()
    assert (missed.side, missed.state, missed.counts) == (Side.PROVIDER, "upheld", True)
    assert count_own(session, scene.by_mentor) == MissedCounts(no_shows=1)
    assert count_ratings(session, scene) == 0
    for person in (scene.founder, scene.mentor):
        assert "record_decided_missed" in list_kinds(session, person.id)
    with pytest.raises(ActionNotAllowed):
        decide(session, made, scene, was_held=True)


def test_what_was_recorded_as_missed_counts_against_nobody_until_it_is_decided(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    planned = agree(session, scene, engagement)
    miss(session, planned, MissedBy.PROVIDER, scene.by_founder)
    counted = session.scalars(select(MissedTime)).one()
    missed_times.appeal(
        session, missed_time=counted, words="I was there.", actor=scene.by_mentor, at=OVER
    )
    made = contradict(session, planned, actor=scene.by_mentor, words="We met in room 2.")
    assert count_own(session, scene.by_mentor) == MissedCounts(appealed=1)
    # Whether it took place is decided once, for the appeal as well.
    with pytest.raises(OutOfOrder):
        missed_times.decide(
            session,
            missed_time=counted,
            takes_back=False,
            words="No",
            actor=scene.by_operator,
            at=OVER,
        )
    decide(session, made, scene, was_held=True)
    assert (planned.state, made.state) == ("held", "overturned")
    assert (counted.state, counted.counts) == ("taken_back", False)
    assert counted.decision == made.decision
    assert count_held(session, scene) == 1
    judge(session, planned, scene.by_founder)


def test_a_record_that_is_upheld_stands_and_is_not_contradicted_again(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    planned = agree(session, scene, engagement)
    miss(session, planned, MissedBy.BOTH, scene.by_founder)
    made = contradict(session, planned, actor=scene.by_mentor)
    assert count_own(session, scene.by_founder).no_shows == 0
    decide(session, made, scene, was_held=False)
    assert (planned.state, made.state) == ("missed", "upheld")
    assert count_own(session, scene.by_founder) == MissedCounts(no_shows=1)
    with pytest.raises(AlreadyContradicted):
        contradict(session, planned, actor=scene.by_mentor, at=OVER + timedelta(days=2))


def test_whoever_contradicts_takes_it_back_and_the_record_stands_with_its_appeals(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    planned = agree(session, scene, engagement)
    miss(session, planned, MissedBy.PROVIDER, scene.by_founder)
    made = contradict(session, planned, actor=scene.by_mentor, words="We met in room 2.")
    for actor in (scene.by_founder, scene.by_operator, scene.by_operator_for(scene.mentor)):
        with pytest.raises(NotPermitted):
            actions.take_back(session, contradiction=made, actor=actor, at=OVER)
    waits = [each.kind for each in list_waiting(session, scene.by_operator, OVER)]
    assert waits.count("contradiction_to_decide") == 1
    actions.take_back(session, contradiction=made, actor=scene.by_mentor, at=OVER)
    assert (planned.state, made.state, made.decided_at) == ("missed", "taken_back", OVER)
    assert count_own(session, scene.by_mentor) == MissedCounts(no_shows=1)
    for person in (scene.founder, scene.operator):
        assert "record_stands_missed" in list_kinds(session, person.id)
    assert "contradiction_to_decide" not in [
        each.kind for each in list_waiting(session, scene.by_operator, OVER)
    ]
    counted = session.scalars(select(MissedTime)).one()
    missed_times.appeal(
        session, missed_time=counted, words="The door.", actor=scene.by_mentor, at=OVER
    )
    for step, actor in ((actions.take_back, scene.by_mentor), (actions.concede, scene.by_founder)):
        with pytest.raises(ActionNotAllowed):
            step(session, contradiction=made, actor=actor, at=OVER)
    with pytest.raises(ActionNotAllowed):
        decide(session, made, scene, was_held=True)


@pytest.mark.parametrize("was_held", [True, False])
def test_whoever_recorded_it_concedes_and_it_is_as_the_other_side_says(
    session: Session, scene: Scene, engagement: Engagement, was_held: bool
) -> None:
    if was_held:
        planned = hold(session, scene, engagement)
        made = contradict(session, planned, missed_by=MissedBy.PROVIDER, actor=scene.by_founder)
        recorded, other = scene.mentor, scene.founder
    else:
        planned = agree(session, scene, engagement)
        miss(session, planned, MissedBy.PROVIDER, scene.by_founder)
        made = contradict(session, planned, actor=scene.by_mentor)
        recorded, other = scene.founder, scene.mentor
    with pytest.raises(NotPermitted):
        actions.concede(session, contradiction=made, actor=act_as(other), at=OVER)
    actions.concede(session, contradiction=made, actor=act_as(recorded), at=OVER)
    after = "missed" if was_held else "held"
    assert (planned.state, made.state) == (after, "conceded")
    missed = session.scalars(select(MissedTime)).one()
    assert (missed.side, missed.state) == (
        Side.PROVIDER,
        "upheld" if was_held else "taken_back",
    )
    assert count_own(session, scene.by_mentor).no_shows == (1 if was_held else 0)
    for person in (other, scene.operator):
        assert f"record_conceded_{after}" in list_kinds(session, person.id)
    assert count_held(session, scene) == (0 if was_held else 1)


@pytest.mark.concurrency
def test_of_a_decision_and_a_settlement_at_once_one_holds(fresh_engine: Engine) -> None:
    with Session(fresh_engine) as session:
        with writing(session):
            scene = make_scene(session)
            engagement = make_accepted(session, scene)
            ids = []
            for days in range(3):
                held = hold(session, scene, engagement, LATER + timedelta(days=days))
                made = contradict(
                    session,
                    held,
                    missed_by=MissedBy.PROVIDER,
                    actor=scene.by_founder,
                    at=held.ends_at,
                )
                ids.append(made.id)
            by_founder, by_mentor, by_operator = (
                scene.by_founder,
                scene.by_mentor,
                scene.by_operator,
            )
        for number in ids:

            def find(own: Session, number: int = number) -> Contradiction:
                return own.get_one(Contradiction, number)

            outcomes = run_at_once(
                fresh_engine,
                lambda own, find=find: actions.take_back(
                    own, contradiction=find(own), actor=by_founder, at=OVER
                ),
                lambda own, find=find: actions.concede(
                    own, contradiction=find(own), actor=by_mentor, at=OVER
                ),
                lambda own, find=find: actions.decide(
                    own,
                    contradiction=find(own),
                    was_held=True,
                    words="So it was.",
                    actor=by_operator,
                    at=OVER,
                ),
            )
            assert sorted(map(str, outcomes)) == sorted(
                map(str, [None, ActionNotAllowed, ActionNotAllowed])
            )
            session.rollback()
            reached = find(session).state
            assert reached == ("taken_back", "conceded", "upheld")[outcomes.index(None)]


def test_who_may_contradict_and_until_when(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    held = hold(session, scene, engagement)
    wanted = {"missed_by": MissedBy.BOTH, "actor": scene.by_founder}
    for refused, values in (
        # Who recorded it takes nothing back, and nobody stands in for what a side remembers.
        (NotPermitted, {"actor": scene.by_mentor}),
        (NotPermitted, {"actor": scene.by_operator_for(scene.founder)}),
        (ReasonMissing, {"words": "  "}),
        (AppealTooLate, {"at": OVER + timedelta(days=15)}),
        (ValueError, {"missed_by": None}),
    ):
        with pytest.raises(refused):
            contradict(session, held, **(wanted | values))
    assert held.state == "held"
    engagement.incubator_id = None
    session.flush()
    with pytest.raises(NobodyDecides):
        contradict(session, held, **wanted)


def test_nobody_decides_who_recorded_it_or_stands_on_a_side(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    planned = agree(session, scene, engagement)
    sessions.record_held(
        session,
        coaching_session=planned,
        actor=scene.by_operator_for(scene.mentor),
        at=planned.ends_at,
    )
    made = contradict(session, planned, missed_by=MissedBy.PROVIDER, actor=scene.by_founder)
    with pytest.raises(NotPermitted):
        decide(session, made, scene, was_held=True)
    other = make_person(session)
    for person in (other, scene.founder):
        join(session, person, Role.OPERATOR, incubator=scene.incubator)
        session.refresh(person)
    given = {"contradiction": made, "was_held": True, "words": "So it was.", "at": OVER}
    with pytest.raises(NotPermitted):
        actions.decide(session, actor=act_as(scene.founder), **given)
    with pytest.raises(ReasonMissing):
        actions.decide(session, actor=act_as(other), **(given | {"words": " "}))
    actions.decide(session, actor=act_as(other), **given)
    assert made.state == "upheld"


def test_pages_and_programs_lead_from_the_record_to_the_decision(app: Flask) -> None:
    site = Site(app)
    mentor, founder, operator = (
        site.program(who) for who in (ProviderKind.MENTOR, "founder", "operator")
    )
    number = site.ask(ProviderKind.MENTOR).location.rpartition("/")[2]
    mentor.post(f"/engagements/{number}/accept")
    with app.app_context():
        begins = now().replace(minute=0, second=0, microsecond=0)
        engagement = db.session.scalars(select(Engagement)).one()
        over = [
            CoachingSession(
                engagement=engagement,
                starts_at=begins - timedelta(hours=hours + 1),
                ends_at=begins - timedelta(hours=hours),
                place="Room 3",
                state="confirmed",
                proposed_by_side=Side.PROVIDER,
                created_at=begins,
            )
            for hours in (1, 3)
        ]
        db.session.add_all(over)
        db.session.commit()
        held, missed = (each.public_id for each in over)
    shown = mentor.post(f"/sessions/{held}/held", {}).json
    assert (shown["recorded_side"], shown["contradiction"]) == ("provider", None)
    refused = founder.post(f"/sessions/{held}/contradict", {"words": "No"})
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/missed_by")
    browser = site.browse("founder")
    assert f"/sessions/{held}/contradict" in browser.get(f"/engagements/{number}").text
    page = f"/sessions/{held}/contradict"
    assert browser.post(page, data={"missed_by": "provider"}).status_code == 422
    done = browser.post(page, data={"missed_by": "provider", "words": "I waited."})
    assert done.status_code == 303
    (row,) = operator.get(f"/incubators/{site.incubator}/contradictions").json["items"]
    assert (row["state"], row["was_held"], row["words"]) == ("open", True, "I waited.")
    desk = site.browse("operator")
    address = f"/contradictions/{row['id']}"
    assert address in desk.get(f"/incubators/{site.incubator}/missed-times").text
    assert "I waited." in site.browse(ProviderKind.MENTOR).get(address).text
    assert desk.post(f"{address}/decision", data={"outcome": "held"}).status_code == 422
    told = {"outcome": "held", "decision": "There is a recording."}
    assert desk.post(f"{address}/decision", data=told).status_code == 303
    assert "There is a recording." in browser.get(address).text
    assert mentor.post(f"/sessions/{missed}/missed", {"missed_by": "startup"}).status_code == 200
    shown = founder.post(f"/sessions/{missed}/contradict", {"words": "We met."}).json
    assert shown["state"] == "contested"
    assert "It was otherwise" not in desk.get("/dashboard").text
    assert "The two sides differ about whether they met." in desk.get("/dashboard").text
    other = site.browse(ProviderKind.MENTOR)
    there = f"/contradictions/{shown['contradiction']['id']}"
    assert "The other side is right" in other.get(there).text
    assert "The other side is right" not in browser.get(there).text
    assert founder.get(there).json["actions"] == ["take_back"]
    assert mentor.get(there).json["actions"] == ["concede"]
    assert browser.post(f"{there}/concede").status_code == 403
    decided = operator.post(
        f"/contradictions/{shown['contradiction']['id']}/decision",
        {"was_held": False, "words": "The door was locked."},
    )
    assert (decided.status_code, decided.json["state"]) == (200, "upheld")
    refused = mentor.post(f"{there}/concede")
    assert (refused.status_code, refused.json["code"]) == (409, "out_of_order")
    assert mentor.get(f"/sessions/{missed}").json["state"] == "missed"
