"""A mentor passes a request on: the colleague has all of it, and the startup knows."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.access import Installation
from app.engagements.actions import engagements as actions
from app.engagements.actions import passing, questions, queue
from app.engagements.asking import CoachingAsk, read_ask
from app.engagements.colleagues import find_passing
from app.engagements.errors import (
    AlreadyPassedOn,
    ColleagueCannotTakeIt,
    ColleagueFullyBooked,
    OwnPlacesTaken,
)
from app.engagements.queries import get_engagement_view
from app.engagements.queries.passing import list_colleagues
from app.engagements.silence import count_silences
from app.engagements.working_time import add_working_hours
from app.errors import NotFound, NotPermitted, OutOfOrder, ReasonMissing
from app.extensions import db
from app.ranking.outcomes import Grade, judge_engagement
from app.vault.storage.folder import FolderStore
from models.audit import AuditEntry
from models.engagements import Engagement
from models.lifecycle import ENGAGEMENT_OPEN, ActionNotAllowed
from models.matches import Match
from models.notices import Notice
from models.people import Membership
from models.pools import PoolEntry
from models.providers import Provider
from models.vocabulary import MeetingForm, ProviderKind, Release, Role, Strength
from tests.app.engagements.races import Setting, Step, open_setting
from tests.app.engagements.scenes import Scene, ask, make_scene
from tests.app.engagements.sites import Site
from tests.app.lived_history import make_run
from tests.app.vault.scenes import keep
from tests.factories import (
    AT,
    act_for,
    admit,
    make_centre,
    make_engagement,
    make_incubator,
    make_mentor,
    make_need,
    make_person,
)

pytestmark = pytest.mark.engagements

LATER = AT + timedelta(hours=10)
WHY = "Epitaxy is her field."


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "files")


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene(session, capacity=1)


def make_colleague(session: Session, scene: Scene, **values: object) -> Provider:
    """Another mentor of the pool, who is open to nobody else."""
    person = make_person(session, name="Colleague in epitaxy")
    given = {"person": person, "open_to_all": False, "capacity": 1} | values
    colleague = make_mentor(session, **given)
    admit(session, scene.incubator, colleague)
    return colleague


def hand_on(
    session: Session, scene: Scene, engagement: Engagement, colleague: Provider, **values: object
) -> Engagement:
    given = {"words": WHY, "actor": scene.by_mentor, "at": LATER} | values
    return passing.pass_on(session, engagement=engagement, colleague=colleague, **given)


def test_all_of_it_goes_to_the_colleague_and_the_startup_is_told(
    session: Session, scene: Scene, store: FolderStore
) -> None:
    document = keep(session, store, scene.startup, scene.founder, name="maps.txt", content=b"maps")
    asked = CoachingAsk("Know which step to change", MeetingForm.ONLINE, "Evenings")
    former = ask(session, scene, documents=[document], ask=asked, background="We lost two lots.")
    questions.ask_back(session, engagement=former, question="Which?", actor=scene.by_mentor, at=AT)
    colleague = make_colleague(session, scene)
    by_colleague = act_for(colleague)
    before = session.scalar(select(func.max(Notice.id))) or 0
    present = hand_on(session, scene, former, colleague)

    assert (former.state, former.reason, former.closed_at) == ("passed_on", WHY, LATER)
    assert [each.state for each in former.questions] == ["lapsed"]
    assert (present.state, present.provider, present.requested_at) == (
        "requested",
        colleague,
        LATER,
    )
    assert present.answer_due_at == add_working_hours(LATER, 72)
    assert (read_ask(present), present.message) == (asked, former.message)
    assert (present.background, present.released) == ("We lost two lots.", former.released)
    assert present.requested_by_id == scene.founder.id
    # The documents are open to her, and to the first no more.
    session.expire_all()
    opened = {
        viewer: [
            each.title for each in get_engagement_view(session, one, viewer, at=LATER).documents
        ]
        for one, viewer in ((present, by_colleague), (former, scene.by_mentor))
    }
    assert opened == {by_colleague: [document.title], scene.by_mentor: []}
    notices = session.scalars(select(Notice).where(Notice.id > before).order_by(Notice.id)).all()
    assert [(each.person, each.kind) for each in notices] == [
        (scene.founder, "engagement_passed_on"),
        (colleague.memberships[0].person, "engagement_received"),
    ]
    for each in notices:
        assert each.path.endswith(present.public_id)
        assert (each.facts["former"], each.facts["reason"]) == (scene.provider.name, WHY)
    kinds = session.scalars(select(AuditEntry.kind).order_by(AuditEntry.id.desc()).limit(5)).all()
    assert set(kinds) >= {
        "engagement_passed_on",
        "engagement_received",
        "document_shown",
        "document_share_withdrawn",
    }
    # Everybody sees where it went, and only who may read it finds the way there.
    views = {
        who: get_engagement_view(session, one, who, at=LATER)
        for one, who in ((former, scene.by_mentor), (present, by_colleague))
    }
    to, by = views[scene.by_mentor].passed_to, views[by_colleague].passed_by
    assert to is not None and by is not None
    assert (to.provider_name, to.public_id) == (colleague.name, None)
    assert (by.provider_name, by.public_id) == (scene.provider.name, None)
    for viewer in (scene.by_founder, scene.by_operator):
        seen = get_engagement_view(session, former, viewer, at=LATER).passed_to
        assert seen is not None and seen.public_id == present.public_id
    # It counts as an answer, not as silence, and as no judgement of what was asked.
    assert former.answered_at == AT
    assert count_silences(session, scene.provider) == 0
    assert judge_engagement("passed_on", was_held=False, rating=None) == (Grade.ASKED, Grade.ASKED)
    # The startup takes it back, or she answers: both as of any request.
    assert "withdraw" in get_engagement_view(session, present, scene.by_founder, at=LATER).actions
    actions.accept(session, engagement=present, actor=by_colleague, at=LATER)
    assert present.state == "accepted"


def test_it_is_passed_on_once_with_a_reason_and_by_a_mentor(session: Session, scene: Scene) -> None:
    former, colleague = ask(session, scene), make_colleague(session, scene)
    assert "pass_on" in get_engagement_view(session, former, scene.by_mentor, at=LATER).actions
    with pytest.raises(ReasonMissing):
        hand_on(session, scene, former, colleague, words=" ")
    for stranger, refusal in (
        (scene.by_founder, NotPermitted),
        (scene.by_operator, NotPermitted),
        (act_for(colleague), NotFound),
    ):
        with pytest.raises(refusal):
            hand_on(session, scene, former, colleague, actor=stranger)
    present = hand_on(session, scene, former, colleague)
    third = make_colleague(session, scene)
    with pytest.raises(ActionNotAllowed):
        hand_on(session, scene, former, third)
    for back in (scene.provider, third):
        with pytest.raises(AlreadyPassedOn):
            hand_on(session, scene, present, back, actor=act_for(colleague))
    view = get_engagement_view(session, present, act_for(colleague), at=LATER)
    assert "pass_on" not in view.actions and "accept" in view.actions
    # A centre has no colleagues in a pool: whoever acts for it has the request already.
    centre = make_centre(session, person=make_person(session))
    order = make_engagement(session, scene.need, centre)
    with pytest.raises(NotPermitted):
        hand_on(session, scene, order, colleague, actor=act_for(centre))


def _leave_pool(session: Session, scene: Scene, colleague: Provider) -> None:
    entry = session.scalars(select(PoolEntry).where(PoolEntry.provider_id == colleague.id)).one()
    entry.state = "paused"


def _pause(session: Session, scene: Scene, colleague: Provider) -> None:
    colleague.state = "paused"


def _ask_now(session: Session, scene: Scene, colleague: Provider) -> None:
    make_engagement(session, scene.need, colleague)


def _was_declined(session: Session, scene: Scene, colleague: Provider) -> None:
    make_engagement(session, scene.need, colleague, state="declined", closed_at=AT)


def _set_aside(session: Session, scene: Scene, colleague: Provider) -> None:
    run = make_run(session, scene.need)
    run.matches.append(
        Match(
            provider_id=colleague.id,
            kind=ProviderKind.MENTOR,
            rank=1,
            score=0.5,
            strength=Strength.POSSIBLE,
            features={},
            against=[],
            dismissed_at=AT,
        )
    )


def _compete(session: Session, scene: Scene, colleague: Provider) -> None:
    scene.startup.affiliations = ["Huadong Wafer Works (example)"]
    colleague.affiliations = ["huadong wafer works (example)"]


def _be_the_same(session: Session, scene: Scene, colleague: Provider) -> None:
    session.add(
        Membership(person=scene.mentor, role=Role.MENTOR, provider=colleague, created_at=AT)
    )


@pytest.mark.parametrize(
    "hinder",
    [
        _leave_pool,
        _pause,
        _ask_now,
        _was_declined,
        _set_aside,
        _compete,
        _be_the_same,
    ],
)
def test_a_colleague_has_to_be_one_whom_the_startup_could_ask(
    session: Session, scene: Scene, hinder: Callable[[Session, Scene, Provider], None]
) -> None:
    former, colleague = ask(session, scene), make_colleague(session, scene)
    hinder(session, scene, colleague)
    session.flush()
    with pytest.raises(ColleagueCannotTakeIt):
        hand_on(session, scene, former, colleague)
    assert (former.state, find_passing(session, former)) == ("requested", None)


def test_places_are_counted_and_a_queue_is_no_obstacle_for_who_waits_in_it(
    session: Session, scene: Scene
) -> None:
    colleague = make_colleague(session, scene)
    taken = make_engagement(session, make_need(session, scene.startup), colleague, state="accepted")
    former = ask(session, scene)
    with pytest.raises(ColleagueFullyBooked):
        hand_on(session, scene, former, colleague)
    assert list_colleagues(session, former, scene.by_mentor) == []
    place = queue.join_queue(
        session, need=scene.need, provider=colleague, actor=scene.by_founder, at=AT
    )
    taken.state, taken.closed_at = "completed", AT
    session.flush()
    present = hand_on(session, scene, former, colleague)
    assert (place.state, place.engagement) == ("taken", present)
    # The first has not lost a place to it.
    actions.accept(
        session,
        engagement=make_engagement(session, make_need(session, scene.startup), scene.provider),
        actor=scene.by_mentor,
        at=LATER,
    )
    other = make_engagement(session, make_need(session, scene.startup), scene.provider)
    with pytest.raises(OwnPlacesTaken):
        actions.accept(session, engagement=other, actor=scene.by_mentor, at=LATER)


def test_a_need_that_is_closed_is_passed_to_nobody(session: Session, scene: Scene) -> None:
    former, colleague = ask(session, scene), make_colleague(session, scene)
    scene.need.state = "closed"
    session.flush()
    with pytest.raises(OutOfOrder):
        hand_on(session, scene, former, colleague)


def test_the_list_does_not_tell_of_which_incubator_the_startup_is(
    session: Session, scene: Scene
) -> None:
    near = make_colleague(session, scene, name="Near")
    elsewhere = make_incubator(session)
    far = make_mentor(session, person=make_person(session), open_to_all=False, name="Far")
    for provider in (scene.provider, far):
        admit(session, elsewhere, provider)
    # Who has no account is reached by the operators, as when a founder asks.
    unclaimed = make_mentor(session, name="Open")
    # Of other pools, or paused: nobody to pass it to.
    admit(session, make_incubator(session), make_mentor(session, open_to_all=False))
    make_mentor(session, person=make_person(session), state="paused")
    sealed = ask(session, scene, released=[])
    told = ask(
        session,
        scene,
        need=make_need(session, scene.startup),
        released=[Release.STARTUP_PROFILE, Release.STARTUP_NAME],
    )
    listed = [
        [(each.name, each.has_account) for each in list_colleagues(session, one, scene.by_mentor)]
        for one in (sealed, told)
    ]
    assert listed == [
        [("Far", True), ("Near", True), ("Open", False)],
        [("Near", True), ("Open", False)],
    ]
    with pytest.raises(ColleagueCannotTakeIt):
        hand_on(session, scene, sealed, far)
    hand_on(session, scene, sealed, near)
    notice = session.scalars(select(Notice).order_by(Notice.id.desc())).first()
    assert notice is not None and notice.kind == "engagement_received_sealed"
    assert not {"startup", "need"} & notice.facts.keys()
    hand_on(session, scene, told, unclaimed)
    notice = session.scalars(select(Notice).order_by(Notice.id.desc())).first()
    assert notice is not None
    assert (notice.person, notice.kind) == (scene.operator, "engagement_without_account")


@pytest.fixture
def setting(fresh_engine: Engine) -> Iterator[Setting]:
    with open_setting(fresh_engine) as opened:
        opened.scene.provider.capacity = 100
        opened.session.commit()
        yield opened


@pytest.mark.concurrency
def test_passing_on_and_whatever_else_ends_it_exclude_each_other(setting: Setting) -> None:
    session, scene = setting.session, setting.scene
    pair = [make_colleague(session, scene, capacity=100) for _ in range(2)]
    # One is locked before the first mentor, one after: none of them waits in a circle.
    early, late = (each.id for each in pair)
    by_late = act_for(pair[1])
    session.commit()

    def give_to(engagement_id: int, provider_id: int) -> Step:
        return lambda own: passing.pass_on(
            own,
            engagement=own.get_one(Engagement, engagement_id),
            colleague=own.get_one(Provider, provider_id),
            words=WHY,
            actor=setting.by_mentor,
            at=AT,
        )

    others: list[tuple[str, Callable[[int], Step]]] = [
        (
            "withdrawn",
            lambda number: (
                lambda own: actions.withdraw(
                    own,
                    engagement=own.get_one(Engagement, number),
                    actor=setting.by_founder,
                    at=AT,
                )
            ),
        ),
        (
            "accepted",
            lambda number: (
                lambda own: actions.accept(
                    own, engagement=own.get_one(Engagement, number), actor=setting.by_mentor, at=AT
                )
            ),
        ),
        (
            "expired",
            lambda number: (
                lambda own: actions.expire_due(
                    own, actor=Installation.CLOCK, at=AT + timedelta(days=9, hours=1), limit=10
                )
            ),
        ),
        ("passed_on", lambda number: give_to(number, late)),
    ]
    for state, other in others * 2:
        asked = setting.ask_again()
        outcomes = setting.run_at_once(give_to(asked, early), other(asked))
        reached = setting.get_state(asked)
        assert reached in ("passed_on", state)
        assert set(outcomes) <= {None, ActionNotAllowed}
        if state != "expired":
            assert sorted(map(str, outcomes)) == sorted(map(str, [None, ActionNotAllowed]))
        need_id = session.get_one(Engagement, asked).need_id
        same = select(Engagement).where(Engagement.need_id == need_id)
        rows = session.scalars(same).all()
        open_rows = [row for row in rows if row.state in ENGAGEMENT_OPEN]
        assert len(rows) == (2 if reached == "passed_on" else 1)
        # The clock finds the colleague's request as well, where it looks after it was passed on.
        least = 0 if reached in ("withdrawn", "expired") or state == "expired" else 1
        assert least <= len(open_rows) <= 1
        for row in open_rows:
            row.state, row.closed_at = "declined", AT
        session.commit()
    # Two mentors pass requests to each other at once: neither waits for the other for ever.
    mine, theirs = setting.ask_again(), setting.ask_again()
    session.get_one(Engagement, theirs).provider_id = late
    session.commit()
    back = setting.provider_id
    assert setting.run_at_once(
        give_to(mine, late),
        lambda own: passing.pass_on(
            own,
            engagement=own.get_one(Engagement, theirs),
            colleague=own.get_one(Provider, back),
            words=WHY,
            actor=by_late,
            at=AT,
        ),
    ) == [None, None]


@pytest.fixture
def site(app: Flask) -> Site:
    return Site(app)


def _add_colleague(site: Site) -> str:
    with site.app.app_context():
        person = make_person(db.session)
        colleague = make_mentor(db.session, person=person, name="Colleague", headline="Epitaxy")
        db.session.commit()
        site.ids["colleague"] = person.id
        return colleague.public_id


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_pages_and_programs_pass_it_on(site: Site) -> None:
    colleague = _add_colleague(site)
    site.ask(ProviderKind.MENTOR)
    with site.app.app_context():
        (former,) = db.session.scalars(select(Engagement.public_id)).all()
    mentor, founder = site.browse(ProviderKind.MENTOR), site.browse("founder")
    page = mentor.get(f"/engagements/{former}").text
    assert "Pass it on to a colleague" in page
    assert "Pass it on to a colleague" not in founder.get(f"/engagements/{former}").text
    path = f"/engagements/{former}/pass-on"
    # What was written is still there where something is missing.
    wrong = mentor.post(path, data={"colleague": "", "why": WHY})
    assert wrong.status_code == 422
    assert WHY in wrong.text and 'id="colleague-error"' in wrong.text
    assert mentor.post(path, data={"colleague": "0" * 16, "why": WHY}).status_code == 422
    program = site.program(ProviderKind.MENTOR)
    listed = program.get(f"{path.removesuffix('pass-on')}colleagues")
    assert listed.json["colleagues"] == [
        {"id": colleague, "name": "Colleague", "headline": "Epitaxy", "has_account": True}
    ]
    assert mentor.post(path, data={"colleague": colleague, "why": WHY}).status_code == 303
    page = founder.get(f"/engagements/{former}")
    assert "passed this request on to Colleague" in page.text and WHY in page.text
    seen = site.program("founder").get(f"/engagements/{former}").json
    assert (seen["state"], seen["passed_on_to"]["name"]) == ("passed_on", "Colleague")
    present = seen["passed_on_to"]["engagement"]
    assert f"/engagements/{present}" in page.text
    theirs = site.browse("colleague").get(f"/engagements/{present}").text
    assert "was asked first and passed this request on to Colleague" in theirs
    assert "Pass it on to a colleague" not in theirs
    again = site.program("colleague").post(
        f"/engagements/{present}/pass-on",
        {"colleague": site.providers[ProviderKind.MENTOR], "words": WHY},
    )
    assert (again.status_code, again.json["code"]) == (409, "already_passed_on")
    assert founder.post(f"/engagements/{present}/withdraw").status_code == 303


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_whom_the_form_offers_and_the_startup_has_asked_is_refused_with_what_was_written(
    site: Site,
) -> None:
    colleague = _add_colleague(site)
    site.ask(ProviderKind.MENTOR)
    with site.app.app_context():
        (row,) = db.session.scalars(select(Engagement)).all()
        other = db.session.scalars(select(Provider).where(Provider.public_id == colleague)).one()
        make_engagement(db.session, row.need, other)
        db.session.commit()
        path = f"/engagements/{row.public_id}/pass-on"
    refused = site.browse(ProviderKind.MENTOR).post(path, data={"colleague": colleague, "why": WHY})
    assert refused.status_code == 409
    assert "cannot take this request" in refused.text and WHY in refused.text
    answer = site.program(ProviderKind.MENTOR).post(path, {"colleague": colleague, "words": WHY})
    assert (answer.status_code, answer.json["code"]) == (409, "colleague_cannot_take_it")
    unknown = site.program(ProviderKind.MENTOR).post(path, {"colleague": "0" * 16, "words": WHY})
    assert unknown.status_code == 404
