"""Who waits for a place is offered it in order, for a time; of two one gets it."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Installation
from app.clock import now
from app.engagements.actions import engagements as actions
from app.engagements.actions.queue import join_queue, leave_queue, settle_queue
from app.engagements.actions.request_rules import set_rules
from app.engagements.erasing import ERASING
from app.engagements.errors import (
    AlreadyInQueue,
    PlaceIsFree,
    ProviderFullyBooked,
    TooManyOpenRequests,
)
from app.engagements.jobs import settle_queues
from app.engagements.queries.queue import number_places
from app.engagements.queries.request_rules import Rules
from app.engagements.working_time import add_working_hours
from app.errors import NotPermitted
from app.extensions import db
from app.leaving import Leaving
from models.engagements import Engagement
from models.lifecycle import ActionNotAllowed
from models.needs import Need
from models.notices import Notice
from models.providers import Provider
from models.queues import QueuePlace
from models.vocabulary import ProviderKind
from tests.app.engagements.scenes import Scene, ask, make_accepted, make_scene
from tests.app.engagements.sites import Site
from tests.factories import AT, act_as, make_need, make_person, make_startup
from tests.waiting import make_lister

list_waiting = make_lister("engagements")

pytestmark = pytest.mark.engagements

DAY = timedelta(days=1)


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene(session, capacity=1)


@pytest.fixture
def taken(session: Session, scene: Scene) -> Engagement:
    """The only place of the mentor is taken."""
    return make_accepted(session, scene)


def wait(session: Session, scene: Scene, title: str = "A") -> QueuePlace:
    need = make_need(session, scene.startup, title=title)
    return join_queue(session, need=need, provider=scene.provider, actor=scene.by_founder, at=AT)


def settle(session: Session, scene: Scene, at: datetime = AT) -> int:
    return settle_queue(session, provider_id=scene.provider.id, actor=Installation.CLOCK, at=at)


def list_states(session: Session) -> list[str]:
    return list(session.scalars(select(QueuePlace.state).order_by(QueuePlace.id)))


def list_told(session: Session) -> list[str]:
    kinds = session.scalars(
        select(Notice.kind).where(Notice.kind.startswith("queue_")).order_by(Notice.id)
    )
    return list(kinds)


def test_nobody_waits_while_a_place_is_free(session: Session, scene: Scene) -> None:
    with pytest.raises(PlaceIsFree):
        wait(session, scene)


def test_the_first_is_offered_the_place_and_the_next_when_it_lets_it_go_by(
    session: Session, scene: Scene, taken: Engagement
) -> None:
    first, second, third = (wait(session, scene, title) for title in "ABC")
    assert list(number_places(session, [first, second, third]).values()) == [1, 2, 3]
    assert settle(session, scene) == 0
    actions.cancel(session, engagement=taken, reason="Over", actor=scene.by_founder, at=AT)
    assert settle(session, scene) == 1
    due = add_working_hours(AT, 24)
    assert (list_states(session), first.offer_due_at) == (["offered", "waiting", "waiting"], due)
    for at, waits in ((AT, True), (due, False)):
        kinds = [each.kind for each in list_waiting(session, scene.by_founder, at)]
        assert ("queue_place_offered" in kinds) == waits
    # It is nobody else's: neither who comes later nor who did not wait.
    for need in (second.need, make_need(session, scene.startup, title="D")):
        with pytest.raises(ProviderFullyBooked):
            ask(session, scene, need=need)
    assert settle(session, scene, due - timedelta(seconds=1)) == 0
    assert settle(session, scene, due) == 2
    assert list_states(session) == ["lapsed", "offered", "waiting"]
    asked = ask(session, scene, need=second.need)
    assert (second.state, second.engagement_id) == ("taken", asked.id)
    # Until it is answered the place is kept for it.
    assert settle(session, scene, due) == 0
    actions.decline(session, engagement=asked, reason="No", actor=scene.by_mentor, at=AT)
    assert settle(session, scene, due) == 1
    assert list_states(session) == ["lapsed", "taken", "offered"]
    leave_queue(session, place=third, actor=scene.by_founder, at=due)
    with pytest.raises(ActionNotAllowed):
        leave_queue(session, place=third, actor=scene.by_founder, at=due)
    assert ask(session, scene, need=first.need).state == "requested"
    assert list_told(session) == [
        "queue_place_offered",
        "queue_offer_lapsed",
        "queue_place_offered",
        "queue_place_offered",
    ]


def test_a_need_waits_once_and_queues_count_among_open_requests(
    session: Session, scene: Scene, taken: Engagement
) -> None:
    rules = Rules(open_requests=2, offer_hours=8)
    set_rules(session, incubator=scene.incubator, rules=rules, actor=scene.by_operator, at=AT)
    first = wait(session, scene)
    with pytest.raises(AlreadyInQueue):
        join_queue(
            session,
            need=first.need,
            provider=scene.provider,
            actor=scene.by_founder,
            at=AT,
        )
    wait(session, scene, "B")
    with pytest.raises(TooManyOpenRequests):
        wait(session, scene, "C")
    actions.cancel(session, engagement=taken, reason="Over", actor=scene.by_founder, at=AT)
    settle(session, scene)
    assert first.offer_due_at == add_working_hours(AT, 8)
    # The place that becomes a request does not count twice.
    assert ask(session, scene, need=first.need).state == "requested"


def test_offers_go_back_when_the_place_is_gone_or_the_provider_paused(
    session: Session, scene: Scene, taken: Engagement
) -> None:
    place = wait(session, scene)
    actions.cancel(session, engagement=taken, reason="Over", actor=scene.by_founder, at=AT)
    settle(session, scene)
    scene.provider.state = "paused"
    session.flush()
    assert settle(session, scene) == 1
    scene.provider.state = "published"
    session.flush()
    assert (settle(session, scene), place.state) == (1, "offered")
    scene.provider.capacity = 0
    session.flush()
    assert (settle(session, scene), place.state) == (1, "waiting")
    scene.provider.pool_entries[0].state = "retired"
    session.flush()
    assert (settle(session, scene), place.state) == (1, "closed")
    assert list_told(session) == [
        "queue_place_offered",
        "queue_place_put_back",
        "queue_place_offered",
        "queue_place_put_back",
        "queue_closed",
    ]


def test_who_waits_for_somebody_who_leaves_is_told_without_a_name(
    session: Session, scene: Scene, taken: Engagement
) -> None:
    place = wait(session, scene)
    ERASING.close(
        session,
        Leaving(
            email=scene.mentor.email,
            person=scene.mentor,
            providers=(scene.provider,),
            startups=(),
            names=(),
            actor=scene.by_mentor,
            at=AT,
        ),
    )
    assert place.state == "closed"
    (told,) = session.scalars(select(Notice).where(Notice.kind.startswith("queue_")))
    assert (told.person_id, told.kind) == (scene.founder.id, "queue_left_by_provider")
    assert scene.provider.name not in str(told.facts)


def test_only_who_waits_leaves_and_only_the_clock_offers(
    session: Session, scene: Scene, taken: Engagement
) -> None:
    place = wait(session, scene)
    stranger = make_person(session)
    make_startup(session, founder=stranger)
    with pytest.raises(NotPermitted):
        settle_queue(session, provider_id=scene.provider.id, actor=scene.by_operator, at=AT)
    for actor in (act_as(stranger), scene.by_mentor, scene.by_operator):
        with pytest.raises(Exception, match="not_"):
            leave_queue(session, place=place, actor=actor, at=AT)
    place.need.state = "closed"
    session.flush()
    settle(session, scene)
    # That was the founder's own doing.
    assert (place.state, list_told(session)) == ("closed", [])


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_pages_and_programs(app: Flask) -> None:
    site = Site(app)
    founder, program = site.browse("founder"), site.program("founder")
    provider = site.providers[ProviderKind.MENTOR]
    with app.app_context():
        row = db.session.scalars(select(Provider).where(Provider.public_id == provider)).one()
        capacity, row.capacity = row.capacity, 0
        db.session.commit()
    asking = f"/needs/{site.need}/request/{provider}"
    assert "Join the queue" in founder.get(asking).text
    assert founder.post(f"/needs/{site.need}/queue/{provider}").status_code == 303
    assert founder.post(f"/needs/{site.need}/queue/{provider}").status_code == 409
    assert "Number 1 in the queue" in founder.get("/queue").text
    assert "you are number 1" in founder.get(asking).text
    (listed,) = program.get("/queue-places").json["items"]
    assert (listed["state"], listed["number"]) == ("waiting", 1)
    place = f"/queue-places/{listed['id']}"
    assert site.program(ProviderKind.MENTOR).get(place).status_code == 404
    outlook = program.get(f"/needs/{site.need}/outlook?provider={provider}").json
    assert outlook["own_place"] == listed["id"]
    with app.app_context():
        row = db.session.scalars(select(Provider).where(Provider.public_id == provider)).one()
        row.capacity = capacity
        db.session.commit()
    assert settle_queues(app, now()) == 1
    assert program.get(place).json["state"] == "offered"
    assert "kept for you until" in founder.get(asking).text
    assert "A place is yours" in founder.get("/queue").text
    left = program.post(f"{place}/leave")
    assert (left.json["state"], left.json["number"]) == ("left", None)
    body = {"provider": provider}
    refused = program.post(f"/needs/{site.need}/queue-places", body, Idempotency_Key="q")
    assert refused.json["code"] == "place_is_free"
    with app.app_context():
        assert db.session.scalars(select(Need.state)).all() == ["open"]
