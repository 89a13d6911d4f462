"""Asking, answering, taking back and ending: what is true afterwards and what is refused."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Installation
from app.engagements.actions import engagements as actions
from app.engagements.actions import sessions as session_actions
from app.engagements.errors import (
    AlreadyRequested,
    ConflictOfInterest,
    NothingHeld,
    OwnPlacesTaken,
    ProviderFullyBooked,
    SessionsStillOpen,
)
from app.errors import NotFound, NotPermitted, OutOfOrder, ReasonMissing
from app.pools.errors import ProviderNotAvailable
from models.audit import AuditEntry
from models.engagements import SessionQuarter
from models.lifecycle import ActionNotAllowed
from models.notices import Notice, OutboxMail
from models.providers import Provider
from models.vocabulary import Release
from models.webhooks import WebhookEvent
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
from tests.app.webhooks.wanting import list_events, want_everything
from tests.factories import (
    AT,
    make_centre,
    make_engagement,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)

pytestmark = pytest.mark.engagements


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene(session)


def list_told(session: Session) -> list[tuple[str, str]]:
    return [
        (notice.person.name, notice.kind)
        for notice in session.scalars(select(Notice).order_by(Notice.id))
    ]


def list_trace(engagement: object) -> list[str]:
    return [event.kind for event in engagement.events]  # type: ignore[attr-defined]


def test_a_request_is_stored_and_told(session: Session, scene: Scene) -> None:
    engagement = ask(session, scene)
    assert engagement.state == "requested"
    assert engagement.incubator_id == scene.incubator.id
    assert engagement.requested_by_id == scene.founder.id
    assert engagement.answer_due_at == AT + timedelta(hours=72)
    assert list_trace(engagement) == ["requested"]
    assert list_told(session) == [("Mentor in wafers", "engagement_requested")]
    mail = session.scalars(select(OutboxMail)).one()
    assert (mail.address, mail.path) == (
        scene.mentor.email,
        f"/engagements/{engagement.public_id}",
    )
    # The moment itself: whoever reads it has a zone and a language of their own.
    assert mail.facts["due_at"] == "2026-03-06T02:00:00+00:00"
    audit = session.scalars(select(AuditEntry)).one()
    assert (audit.kind, audit.actor_id, audit.subject_public_id) == (
        "engagement_requested",
        scene.founder.id,
        engagement.public_id,
    )


def test_who_acts_for_a_founder_is_named(session: Session, scene: Scene) -> None:
    engagement = ask(session, scene, actor=scene.by_operator_for(scene.founder))
    assert engagement.requested_by_id == scene.founder.id
    event = engagement.events[0]
    assert (event.actor_id, event.on_behalf_of_id) == (scene.operator.id, scene.founder.id)


@pytest.mark.permissions
def test_only_founders_ask(session: Session, scene: Scene) -> None:
    with pytest.raises(NotPermitted):
        ask(session, scene, actor=scene.by_operator)
    # Nor does the mentor learn that there is such a need.
    with pytest.raises(NotFound):
        ask(session, scene, actor=scene.by_mentor)


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_only_an_open_need_can_be_asked_about(session: Session, scene: Scene, state: str) -> None:
    scene.need.state = state
    with pytest.raises(OutOfOrder):
        ask(session, scene)


@pytest.mark.parametrize("state", ["draft", "paused"])
def test_who_is_not_published_cannot_be_asked(session: Session, scene: Scene, state: str) -> None:
    scene.provider.state = state
    with pytest.raises(ProviderNotAvailable):
        ask(session, scene)


@pytest.mark.parametrize(
    ("state", "is_open"),
    [("admitted", False), ("paused", True)],
)
def test_a_mentor_in_the_pool_or_open_to_all_can_be_asked(
    session: Session, scene: Scene, state: str, is_open: bool
) -> None:
    scene.provider.pool_entries[0].state = state
    scene.provider.open_to_all = is_open
    assert ask(session, scene).state == "requested"


@pytest.mark.parametrize("state", ["invited", "applied", "paused", "retired", "declined"])
def test_a_mentor_who_is_not_admitted_cannot_be_asked(
    session: Session, scene: Scene, state: str
) -> None:
    scene.provider.pool_entries[0].state = state
    session.flush()
    with pytest.raises(ProviderNotAvailable):
        ask(session, scene)


def test_a_startup_without_an_incubator_asks_whoever_is_open(
    session: Session, scene: Scene
) -> None:
    startup = make_startup(session, founder=scene.founder)
    need = make_need(session, startup)
    with pytest.raises(ProviderNotAvailable):
        ask(session, scene, need=need)
    centre = make_centre(session, person=make_person(session), open_to_all=False)
    assert ask(session, scene, need=need, provider=centre).incubator_id is None


def test_a_shared_affiliation_forbids_it(session: Session, scene: Scene) -> None:
    scene.startup.affiliations = ["Huadong Wafer Works (example)"]
    scene.provider.affiliations = ["huadong wafer works (example)"]
    session.flush()
    with pytest.raises(ConflictOfInterest) as refused:
        ask(session, scene)
    assert refused.value.facts == {"because": ("huadong wafer works (example)",)}


def test_the_same_pair_is_asked_once_at_a_time(session: Session, scene: Scene) -> None:
    first = ask(session, scene)
    with pytest.raises(AlreadyRequested):
        ask(session, scene)
    actions.withdraw(session, engagement=first, actor=scene.by_founder, at=AT)
    assert ask(session, scene).id != first.id


def test_who_is_full_is_not_asked(session: Session, scene: Scene) -> None:
    scene.provider.capacity = 1
    make_accepted(session, scene)
    other = make_need(session, scene.startup)
    with pytest.raises(ProviderFullyBooked):
        ask(session, scene, need=other)


def test_operators_are_told_when_nobody_can_answer(session: Session, scene: Scene) -> None:
    imported = make_mentor(session)
    ask(session, scene, provider=imported)
    assert list_told(session) == [("Operator of the incubator", "engagement_without_account")]


def test_someone_who_has_not_chosen_a_password_is_told_and_so_are_operators(
    session: Session, scene: Scene
) -> None:
    scene.mentor.password_hash = None
    ask(session, scene)
    assert list_told(session) == [
        ("Mentor in wafers", "engagement_requested"),
        ("Operator of the incubator", "engagement_without_account"),
    ]


def test_accepting_takes_a_place_and_tells_the_startup(session: Session, scene: Scene) -> None:
    engagement = ask(session, scene)
    before = scene.provider.revision
    actions.accept(session, engagement=engagement, actor=scene.by_mentor, at=AT)
    session.commit()
    assert (engagement.state, engagement.answered_at) == ("accepted", AT)
    assert actions.count_taken_places(session, scene.provider.id) == 1
    assert list_told(session)[1:] == [("Founder in materials", "engagement_accepted")]
    assert session.get_one(Provider, scene.provider.id).revision > before


def test_the_last_place_is_given_once(session: Session, scene: Scene) -> None:
    scene.provider.capacity = 1
    first = ask(session, scene)
    second = ask(session, scene, need=make_need(session, scene.startup))
    actions.accept(session, engagement=first, actor=scene.by_mentor, at=AT)
    with pytest.raises(OwnPlacesTaken):
        actions.accept(session, engagement=second, actor=scene.by_mentor, at=AT)
    actions.cancel(session, engagement=first, reason="Moved away", actor=scene.by_mentor, at=AT)
    actions.accept(session, engagement=second, actor=scene.by_mentor, at=AT)
    assert (first.state, second.state) == ("cancelled", "accepted")


@pytest.mark.permissions
def test_only_the_provider_answers(session: Session, scene: Scene) -> None:
    engagement = ask(session, scene)
    for actor in (scene.by_founder, scene.by_operator):
        with pytest.raises(NotPermitted):
            actions.accept(session, engagement=engagement, actor=actor, at=AT)
        with pytest.raises(NotPermitted):
            actions.decline(session, engagement=engagement, reason="No", actor=actor, at=AT)
    with pytest.raises(NotPermitted):
        actions.withdraw(session, engagement=engagement, actor=scene.by_mentor, at=AT)
    assert engagement.state == "requested"


def test_declining_needs_a_reason_which_the_startup_reads(session: Session, scene: Scene) -> None:
    engagement = ask(session, scene)
    with pytest.raises(ReasonMissing):
        actions.decline(session, engagement=engagement, reason="  ", actor=scene.by_mentor, at=AT)
    actions.decline(
        session, engagement=engagement, reason="Travelling", actor=scene.by_mentor, at=AT
    )
    assert (engagement.state, engagement.reason, engagement.closed_at) == (
        "declined",
        "Travelling",
        AT,
    )
    notice = session.scalars(select(Notice).where(Notice.kind == "engagement_declined")).one()
    assert (notice.person_id, notice.facts["reason"]) == (scene.founder.id, "Travelling")


def test_nothing_follows_an_answer(session: Session, scene: Scene) -> None:
    engagement = ask(session, scene)
    actions.withdraw(session, engagement=engagement, actor=scene.by_founder, at=AT)
    with pytest.raises(ActionNotAllowed):
        actions.accept(session, engagement=engagement, actor=scene.by_mentor, at=AT)
    assert engagement.state == "withdrawn"


def test_what_is_due_expires_oldest_first(session: Session, scene: Scene) -> None:
    engagements = [
        make_engagement(
            session,
            make_need(session, scene.startup),
            scene.provider,
            answer_due_at=AT + timedelta(days=day),
        )
        for day in (3, 1, 2, 9)
    ]
    assert (
        actions.expire_due(session, actor=Installation.CLOCK, at=AT + timedelta(days=3), limit=2)
        == 2
    )
    assert [e.state for e in engagements] == ["requested", "expired", "expired", "requested"]
    assert (
        actions.expire_due(session, actor=Installation.CLOCK, at=AT + timedelta(days=3), limit=2)
        == 1
    )
    assert (
        actions.expire_due(session, actor=Installation.CLOCK, at=AT + timedelta(days=3), limit=2)
        == 0
    )
    assert [e.state for e in engagements] == ["expired", "expired", "expired", "requested"]
    assert engagements[0].events[-1].actor_id is None
    assert sorted(set(list_told(session))) == [
        ("Founder in materials", "engagement_expired"),
        ("Mentor in wafers", "engagement_lapsed"),
        ("Mentor in wafers", "paused_for_silence"),
    ]


def test_cancelling_frees_the_place_and_the_coming_time(session: Session, scene: Scene) -> None:
    engagement = make_accepted(session, scene)
    confirmed = plan(session, engagement, scene.by_mentor)
    proposed = plan(session, engagement, scene.by_founder, LATER + timedelta(hours=2))
    session_actions.confirm(session, coaching_session=confirmed, actor=scene.by_founder, at=AT)
    with pytest.raises(ReasonMissing):
        actions.cancel(session, engagement=engagement, reason="", actor=scene.by_founder, at=AT)
    actions.cancel(session, engagement=engagement, reason="Solved", actor=scene.by_founder, at=AT)
    assert engagement.state == "cancelled"
    assert (confirmed.state, proposed.state) == ("cancelled", "cancelled")
    assert (confirmed.reason, confirmed.sequence) == ("Solved", 1)
    assert session.scalars(select(SessionQuarter)).all() == []
    assert actions.count_taken_places(session, scene.provider.id) == 0


def test_a_session_that_has_begun_outlives_its_engagement(session: Session, scene: Scene) -> None:
    engagement = make_accepted(session, scene)
    begun = plan(session, engagement, scene.by_mentor)
    session_actions.confirm(session, coaching_session=begun, actor=scene.by_founder, at=AT)
    actions.cancel(
        session, engagement=engagement, reason="Quarrel", actor=scene.by_mentor, at=LATER
    )
    assert begun.state == "confirmed"
    session_actions.record_held(
        session, coaching_session=begun, actor=scene.by_founder, at=begun.ends_at
    )
    assert judge(session, begun, scene.by_founder).rating == 4
    judge(session, begun, scene.by_mentor)
    assert engagement.state == "cancelled"


def test_completing_needs_something_held_and_nothing_planned(
    session: Session, scene: Scene
) -> None:
    engagement = make_accepted(session, scene)
    with pytest.raises(ActionNotAllowed):
        actions.complete(session, engagement=engagement, actor=scene.by_founder, at=AT)
    first = plan(session, engagement, scene.by_mentor)
    session_actions.confirm(session, coaching_session=first, actor=scene.by_founder, at=AT)
    with pytest.raises(NothingHeld):
        actions.complete(session, engagement=engagement, actor=scene.by_founder, at=AT)
    second = plan(session, engagement, scene.by_mentor, LATER + timedelta(days=1))
    session_actions.record_held(
        session, coaching_session=first, actor=scene.by_mentor, at=first.ends_at
    )
    with pytest.raises(SessionsStillOpen):
        actions.complete(session, engagement=engagement, actor=scene.by_founder, at=AT)
    session_actions.cancel(
        session, coaching_session=second, reason="Enough", actor=scene.by_founder, at=AT
    )
    actions.complete(session, engagement=engagement, actor=scene.by_founder, at=LATER)
    assert (engagement.state, engagement.closed_at) == ("completed", LATER)
    assert actions.count_taken_places(session, scene.provider.id) == 0
    completed = session.scalars(select(Notice).where(Notice.kind == "engagement_completed")).all()
    assert [notice.person_id for notice in completed] == [scene.mentor.id]


def test_both_feedbacks_complete_it(session: Session, scene: Scene) -> None:
    engagement = make_accepted(session, scene)
    held = hold(session, scene, engagement)
    want_everything(session, scene.incubator)
    judge(session, held, scene.by_founder)
    assert engagement.state == "active"
    assert list_events(session) == [WebhookEvent.FEEDBACK_GIVEN]
    judge(session, held, scene.by_mentor)
    assert engagement.state == "completed"
    assert list_events(session)[1:] == [
        WebhookEvent.FEEDBACK_GIVEN,
        WebhookEvent.FEEDBACK_REVEALED,
        WebhookEvent.ENGAGEMENT_COMPLETED,
    ]
    assert list_trace(engagement)[-2:] == ["feedback_given", "completed"]


def test_a_planned_session_keeps_it_open(session: Session, scene: Scene) -> None:
    engagement = make_accepted(session, scene)
    held = hold(session, scene, engagement)
    plan(session, engagement, scene.by_founder, LATER + timedelta(days=7))
    judge(session, held, scene.by_founder)
    judge(session, held, scene.by_mentor)
    assert engagement.state == "active"


@pytest.mark.privacy
@pytest.mark.parametrize(
    ("released", "kind", "names"),
    [
        ([], "engagement_requested_sealed", {"provider"}),
        ([Release.STARTUP_NAME], "engagement_requested_sealed", {"provider", "startup"}),
        ([Release.NEED_TEXT], "engagement_requested_sealed", {"provider", "need"}),
        (
            [Release.STARTUP_NAME, Release.NEED_TEXT],
            "engagement_requested",
            {"provider", "startup", "need"},
        ),
    ],
)
def test_notices_carry_only_what_is_released(
    session: Session, scene: Scene, released: list[Release], kind: str, names: set[str]
) -> None:
    engagement = ask(session, scene, released=released)
    actions.withdraw(session, engagement=engagement, actor=scene.by_founder, at=AT)
    told = session.scalars(select(Notice).order_by(Notice.id)).all()
    mailed = session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
    assert [notice.kind for notice in told] == [kind, kind.replace("requested", "withdrawn")]
    assert [mail.kind for mail in mailed] == [notice.kind for notice in told]
    for row in (*told, *mailed):
        assert row.facts.keys() - {"due_at"} == names
        hidden = {"startup": scene.startup.name, "need": scene.need.title}
        for name in hidden.keys() - names:
            assert hidden[name] not in " ".join(row.facts.values())


@pytest.mark.privacy
def test_an_expired_request_names_nobody_to_the_provider(session: Session, scene: Scene) -> None:
    ask(session, scene, released=[])
    actions.expire_due(session, actor=Installation.CLOCK, at=AT + timedelta(days=8), limit=10)
    to_mentor = session.scalars(
        select(Notice).where(Notice.person_id == scene.mentor.id).order_by(Notice.id)
    ).all()
    assert [notice.kind for notice in to_mentor] == [
        "engagement_requested_sealed",
        "engagement_lapsed",
    ]
    assert all("startup" not in n.facts and "need" not in n.facts for n in to_mentor)
    to_founder = session.scalars(select(Notice).where(Notice.person_id == scene.founder.id)).one()
    assert to_founder.facts["need"] == scene.need.title
