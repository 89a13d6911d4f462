"""Deals: a fund's own funnel over requests that it accepted, and what startups see of it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import DomainError, NotFound, NotPermitted
from app.funds.actions import dealing
from app.funds.erasing import ERASING
from app.funds.errors import (
    AssigneeUnfit,
    DealNotBegun,
    PassReasonMissing,
    StepsUnfit,
    StepUnknown,
)
from app.funds.queries.deals import (
    Column,
    count_by_reason,
    list_shown,
    list_steps,
    read_deal,
    read_funnel,
)
from models.deals import Deal
from models.engagements import Engagement
from models.lifecycle import DEAL, ActionNotAllowed
from models.notices import Notice
from models.vocabulary import PassReason, ShownStatus
from tests.app.funds.scenes import Scene, make_money_need, make_scene
from tests.app.funds.test_erasing import leave
from tests.factories import AT, make_engagement, make_mentor, make_need

pytestmark = pytest.mark.funds

STEPS = ["Screening", "Meeting", "Committee"]
LATER = AT + timedelta(days=3)


def accept(session: Session, scene: Scene, **values: Any) -> Engagement:
    given = {"state": "accepted", "answered_at": AT} | values
    return make_engagement(session, scene.need, scene.fund, **given)


def set_steps(session: Session, scene: Scene, steps: list[str] = STEPS) -> None:
    dealing.set_steps(session, provider=scene.fund, steps=steps, actor=scene.by_fund, at=AT)


def by_fund(scene: Scene, engagement: Engagement, at: Any = LATER) -> dict[str, Any]:
    return {"engagement": engagement, "actor": scene.by_fund, "at": at}


def list_filled(session: Session, scene: Scene) -> list[tuple[str, str, int]]:
    columns: list[Column] = list(read_funnel(session, scene.fund))
    return [(c.state, c.step, len(c.deals)) for c in columns if c.deals]


def list_told(session: Session) -> list[str]:
    session.flush()
    return [notice.kind for notice in session.scalars(select(Notice).order_by(Notice.id))]


def test_an_accepted_request_stands_in_the_inbox_without_anybody_receiving_it(
    session: Session,
) -> None:
    scene = make_scene(session)
    engagement = accept(session, scene)

    assert list_filled(session, scene) == [("inbox", "", 1)]
    deal = read_deal(session, engagement)
    assert deal is not None
    assert (deal.received_at, deal.actions) == (AT, ["advance", "pass"])
    assert session.scalars(select(Deal)).all() == []


@pytest.mark.parametrize("state", ["requested", "declined", "withdrawn", "expired"])
def test_before_the_acceptance_there_is_no_deal(session: Session, state: str) -> None:
    scene = make_scene(session)
    engagement = accept(session, scene, state=state)

    assert read_deal(session, engagement) is None
    assert list_filled(session, scene) == []
    with pytest.raises(DealNotBegun):
        dealing.advance_deal(session, step="", **by_fund(scene, engagement))


def test_a_request_for_no_money_is_no_deal(session: Session) -> None:
    scene = make_scene(session)
    engagement = make_engagement(
        session, make_need(session, scene.startup), scene.fund, state="accepted"
    )

    assert read_deal(session, engagement) is None
    with pytest.raises(DealNotBegun):
        dealing.advance_deal(session, step="", **by_fund(scene, engagement))


def test_a_deal_goes_through_the_funds_own_steps_and_their_times_are_kept(
    session: Session,
) -> None:
    scene = make_scene(session)
    set_steps(session, scene)
    engagement = accept(session, scene)
    for days, step in enumerate(["Screening", "Committee", "Meeting"], start=1):
        dealing.advance_deal(
            session, step=step, **by_fund(scene, engagement, AT + timedelta(days=days))
        )
    dealing.agree_deal(session, **by_fund(scene, engagement, AT + timedelta(days=9)))
    dealing.complete_deal(session, **by_fund(scene, engagement, AT + timedelta(days=10)))
    session.expire_all()

    deal = read_deal(session, engagement)
    assert deal is not None
    assert (deal.state, deal.actions) == ("done", [])
    stood = [(v.state, v.step, (v.entered_at - AT).days) for v in deal.visits]
    assert stood == [
        ("inbox", "", 0),
        ("review", "Screening", 1),
        ("review", "Committee", 2),
        ("review", "Meeting", 3),
        ("agreed", "Meeting", 9),
        ("done", "Meeting", 10),
    ]
    left = [v.left_at for v in deal.visits]
    assert left == [*(v.entered_at for v in deal.visits[1:]), None]


def test_a_step_of_nobody_is_refused_and_nothing_is_kept(session: Session) -> None:
    scene = make_scene(session)
    engagement = accept(session, scene)
    with pytest.raises(StepUnknown):
        dealing.advance_deal(session, step="Meeting", **by_fund(scene, engagement))
    dealing.advance_deal(session, step="", **by_fund(scene, engagement))
    assert list_filled(session, scene) == [("review", "", 1)]
    set_steps(session, scene)
    with pytest.raises(StepUnknown):
        dealing.advance_deal(session, step="", **by_fund(scene, engagement))


def test_changed_steps_leave_deals_where_they_stand(session: Session) -> None:
    scene = make_scene(session)
    set_steps(session, scene)
    engagement = accept(session, scene)
    dealing.advance_deal(session, step="Meeting", **by_fund(scene, engagement))
    set_steps(session, scene, ["Only one"])

    assert list_steps(session, scene.fund) == ("Only one",)
    assert list_filled(session, scene) == [("review", "Meeting", 1)]


@pytest.mark.parametrize(
    "steps", [["One", "One"], ["x" * 41], [f"Step {number}" for number in range(13)]]
)
def test_steps_that_cannot_be_are_refused(session: Session, steps: list[str]) -> None:
    scene = make_scene(session)

    with pytest.raises(StepsUnfit):
        set_steps(session, scene, steps)
    assert list_steps(session, scene.fund) == ()


@pytest.mark.parametrize("state", DEAL.states)
def test_only_what_follows_can_be_done(session: Session, state: str) -> None:
    scene = make_scene(session)
    engagement = accept(session, scene)
    reason = PassReason.TEAM if state == "passed" else None
    session.add(
        Deal(
            engagement=engagement,
            state=state,
            pass_reason=reason,
            received_at=AT,
            changed_at=AT,
        )
    )
    session.flush()
    acts: dict[str, Any] = {
        "decide_yes": dealing.agree_deal,
        "complete": dealing.complete_deal,
        "reopen": dealing.reopen_deal,
    }
    for action, act in acts.items():
        if DEAL.is_allowed(action, state):
            continue
        with pytest.raises(ActionNotAllowed):
            act(session, **by_fund(scene, engagement))


def test_passing_needs_a_reason_and_reopening_forgets_it(session: Session) -> None:
    scene = make_scene(session)
    engagement = accept(session, scene)
    given = by_fund(scene, engagement)
    for reason, words in ((None, "no"), (PassReason.TEAM, "x" * 1001)):
        with pytest.raises(PassReasonMissing):
            dealing.pass_deal(session, reason=reason, words=words, **given)
    dealing.pass_deal(session, reason=PassReason.UNPROVEN, words="No third lot yet.", **given)
    assert count_by_reason(session, scene.fund) == {PassReason.UNPROVEN: 1}
    dealing.reopen_deal(session, **given)
    deal = read_deal(session, engagement)
    assert deal is not None
    assert (deal.state, deal.pass_reason, deal.pass_words) == ("review", None, "")


def test_somebody_of_the_fund_looks_after_it_and_nobody_else(session: Session) -> None:
    scene = make_scene(session)
    engagement = accept(session, scene)
    with pytest.raises(AssigneeUnfit):
        dealing.assign_deal(session, person=scene.founder, **by_fund(scene, engagement))
    dealing.assign_deal(session, person=scene.investor, **by_fund(scene, engagement))
    deal = read_deal(session, engagement)
    assert deal is not None
    assert deal.assignee is scene.investor


@pytest.mark.privacy
def test_a_startup_sees_the_status_that_is_shown_and_nothing_else(session: Session) -> None:
    scene = make_scene(session)
    set_steps(session, scene)
    engagement = accept(session, scene)
    given = by_fund(scene, engagement)

    def look() -> tuple[Any, ...]:
        (shown,) = list_shown(session, scene.by_founder, scene.need)
        return shown.status, shown.shown_at, shown.can_withdraw

    nothing = look()
    assert nothing == (None, None, True)
    dealing.advance_deal(session, step="Committee", **given)
    dealing.pass_deal(session, reason=PassReason.TEAM, words="Weak team.", **given)
    assert look() == nothing
    dealing.reopen_deal(session, **given)
    dealing.agree_deal(session, **given)
    assert look() == nothing
    assert list_told(session) == []
    dealing.show_status(session, status=ShownStatus.TALKING, **given)
    dealing.show_status(session, status=ShownStatus.TALKING, **given)
    assert look() == (ShownStatus.TALKING, LATER, True)
    assert list_told(session) == ["deal_talking"]
    dealing.show_status(session, status=None, **given)
    assert look() == nothing
    assert list_told(session) == ["deal_talking"]


@pytest.mark.parametrize("status", ShownStatus)
def test_each_status_is_told_in_its_own_words(session: Session, status: ShownStatus) -> None:
    scene = make_scene(session)
    engagement = accept(session, scene)
    dealing.show_status(session, status=status, **by_fund(scene, engagement))

    assert list_told(session) == [f"deal_{status.value}"]


def test_a_founder_withdraws_whatever_was_decided_and_the_fund_is_told(session: Session) -> None:
    scene = make_scene(session)
    engagement = accept(session, scene)
    dealing.pass_deal(session, reason=PassReason.TERMS, words="", **by_fund(scene, engagement))
    dealing.withdraw_deal(session, engagement=engagement, actor=scene.by_founder, at=LATER)

    assert list_filled(session, scene) == [("withdrawn", "", 1)]
    assert list_told(session) == ["deal_withdrawn"]
    with pytest.raises(ActionNotAllowed):
        dealing.withdraw_deal(session, engagement=engagement, actor=scene.by_founder, at=LATER)


@pytest.mark.permissions
def test_a_deal_is_the_funds_alone(session: Session) -> None:
    scene = make_scene(session)
    engagement = accept(session, scene)
    refused: tuple[type[DomainError], ...] = (NotFound, NotPermitted)
    for actor in (scene.by_founder, scene.by_operator, scene.by_outsider):
        with pytest.raises(refused):
            dealing.advance_deal(session, engagement=engagement, step="", actor=actor, at=AT)
        with pytest.raises(refused):
            dealing.set_steps(session, provider=scene.fund, steps=[], actor=actor, at=AT)
    for actor in (scene.by_fund, scene.by_operator, scene.by_outsider):
        with pytest.raises(refused):
            dealing.withdraw_deal(session, engagement=engagement, actor=actor, at=AT)


@pytest.mark.privacy
def test_deals_go_with_the_fund_and_with_the_startup(session: Session) -> None:
    for who in ("investor", "founder"):
        scene = make_scene(session)
        set_steps(session, scene)
        engagement = accept(session, scene)
        dealing.advance_deal(session, step="Meeting", **by_fund(scene, engagement))
        leaving = leave(session, scene, getattr(scene, who))
        assert ERASING.find(session, leaving).counts["deals"] == 1
        ERASING.erase(session, leaving)
        assert session.scalars(select(Deal)).all() == []


@pytest.mark.privacy
def test_what_somebody_wrote_goes_from_deals_of_a_fund_that_stays(session: Session) -> None:
    scene = make_scene(session)
    engagement = accept(session, scene)
    dealing.pass_deal(
        session, reason=PassReason.TEAM, words="Met Li twice.", **by_fund(scene, engagement)
    )
    leaving = leave(session, scene, scene.investor)
    staying = type(leaving)(leaving.email, leaving.person, (), (), leaving.names, None, leaving.at)

    assert list(ERASING.erase(session, staying)) == ["Met Li twice."]
    (deal,) = session.scalars(select(Deal)).all()
    assert (deal.pass_words, deal.pass_reason) == ("", PassReason.TEAM)


def test_several_deals_stand_apart(session: Session) -> None:
    scene = make_scene(session)
    set_steps(session, scene)
    first = accept(session, scene)
    second = make_engagement(
        session, make_money_need(session, scene.startup), scene.fund, state="accepted"
    )
    dealing.advance_deal(session, step="Meeting", **by_fund(scene, first))
    assert list_filled(session, scene) == [("inbox", "", 1), ("review", "Meeting", 1)]
    dealing.advance_deal(session, step="Meeting", **by_fund(scene, second))
    assert list_filled(session, scene) == [("review", "Meeting", 2)]


def test_with_a_mentor_there_is_no_deal(session: Session) -> None:
    scene = make_scene(session)
    engagement = make_engagement(
        session, scene.need, make_mentor(session), state="accepted", answered_at=AT
    )
    with pytest.raises(DealNotBegun):
        dealing.withdraw_deal(session, engagement=engagement, actor=scene.by_founder, at=LATER)
    assert list_told(session) == []
