"""A financing from its draft to its end, by the founder, the funds and the clock."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Installation, make_actor
from app.clock import today
from app.engagements.errors import OwnConflictOfInterest
from app.errors import ChangedMeanwhile, DomainError, NotFound, NotPermitted, ReasonMissing
from app.extensions import db
from app.financings.actions import committing, raising
from app.financings.erasing import ERASING
from app.financings.errors import (
    AmountMissing,
    AmountOutdated,
    FinancingExists,
    FinancingFixed,
    FinancingNotOpen,
    FinancingUnfit,
    FundNotInvolved,
    MinimumMissing,
    NoMoneyRaised,
    NoPlaceLeft,
    NotEnoughLeft,
    NotLater,
    NotNarrower,
    PaymentUnfit,
)
from app.financings.jobs import end_due_financings
from app.financings.queries.committing import list_commitments, read_commitment
from app.financings.queries.raising import list_own, view_financing
from app.funds.actions import dealing, state_ask
from app.funds.queries.comparing import compare
from app.mandates.seeking import find_ask, find_stated_ask
from app.mandates.values import AskValues
from app.needs.actions import close_need
from app.needs.errors import NeedRaisesMoney
from models.deals import Deal
from models.financing_codes import PartiesShown
from models.financings import Financing, Interest
from models.lifecycle import ActionNotAllowed
from models.notices import Notice
from models.people import Membership
from models.vocabulary import PassReason, Role
from tests.app.financings.scenes import (
    CLOSES_ON,
    FINANCING,
    commit,
    consider,
    make_financing,
    make_interest,
    make_scene,
    open_one,
)
from tests.app.funds.scenes import publish
from tests.app.funds.test_erasing import leave
from tests.factories import AT, make_need
from tests.waiting import make_lister

list_waiting = make_lister("financings")

pytestmark = [
    pytest.mark.funds,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]

ON = today(AT)
LATER = AT + timedelta(days=3)
AFTER = AT + timedelta(days=32)


def list_kinds(session: Session) -> list[str]:
    session.flush()
    return [notice.kind for notice in session.scalars(select(Notice).order_by(Notice.id))]


def test_a_financing_goes_from_its_draft_to_money_that_came(session: Session) -> None:
    scene = make_scene(session)
    financing = open_one(session, scene)
    first = commit(session, scene, scene.first, 800_000)
    assert (financing.taken_yuan, financing.has_minimum) == (800_000, False)
    with pytest.raises(MinimumMissing) as missing:
        raising.close_financing(
            session, financing=financing, taken_yuan=800_000, actor=scene.by_founder, at=LATER
        )
    assert missing.value.facts == {"missing_yuan": 200_000}
    commit(session, scene, scene.second, 200_000)
    (waits,) = list_waiting(session, scene.by_founder, AT)
    assert waits.kind == "financing_to_close"
    with pytest.raises(PaymentUnfit):
        committing.confirm_payment(
            session, interest=first, paid_on=ON, actor=scene.by_founder, at=LATER
        )
    with pytest.raises(ChangedMeanwhile):
        raising.close_financing(
            session, financing=financing, taken_yuan=800_000, actor=scene.by_founder, at=LATER
        )
    raising.close_financing(
        session, financing=financing, taken_yuan=1_000_000, actor=scene.by_founder, at=LATER
    )
    for day in (ON - timedelta(days=1), today(LATER) + timedelta(days=1), date.max):
        with pytest.raises(PaymentUnfit):
            committing.confirm_payment(
                session, interest=first, paid_on=day, actor=scene.by_founder, at=LATER
            )
    (waits,) = list_waiting(session, scene.by_founder, AT)
    assert waits.kind == "payment_to_confirm"
    committing.confirm_payment(
        session, interest=first, paid_on=ON, actor=scene.by_founder, at=LATER
    )

    view = view_financing(session, financing, scene.by_founder)
    assert (view.paid_yuan, financing.taken_yuan) == (800_000, 1_000_000)
    assert [(row.interest.state, row.can_release) for row in view.interests] == [
        ("invested", False),
        ("committed", True),
    ]
    assert list_own(session, scene.by_founder, limit=9) == [financing]
    assert list_own(session, scene.by_first, limit=9) == []
    kinds = list_kinds(session)
    assert kinds[:2] == ["financing_opened"] * 2
    assert kinds[-1] == "commitment_paid"
    facts = [notice.facts for notice in session.scalars(select(Notice))]
    assert not any("800" in value for told in facts for value in told.values())


@pytest.mark.parametrize(
    "changes",
    [
        {"target_yuan": 0},
        {"least_yuan": 0},
        {"least_yuan": 2_000_001},
        {"target_yuan": 10**13},
        {"places": 0},
        {"places": 51},
        {"terms": ""},
        {"closes_on": ON - timedelta(days=1)},
        {"closes_on": date.max},
    ],
)
def test_what_cannot_be_is_refused(session: Session, changes: dict[str, Any]) -> None:
    scene = make_scene(session)
    with pytest.raises(FinancingUnfit):
        open_one(session, scene, **changes)


def test_there_is_one_financing_at_a_time_for_an_open_need_for_money(session: Session) -> None:
    scene = make_scene(session)
    financing = open_one(session, scene)
    for need, error in ((scene.need, FinancingExists), (None, NoMoneyRaised)):
        chosen = need or make_need(session, scene.of_funds.startup)
        with pytest.raises(error):
            raising.draft_financing(
                session, need=chosen, values=FINANCING, actor=scene.by_founder, at=AT
            )
    raising.abandon_financing(session, financing=financing, actor=scene.by_founder, at=AT)
    draft = raising.draft_financing(
        session, need=scene.need, values=FINANCING, actor=scene.by_founder, at=AT
    )
    close_need(session, need=scene.need, actor=scene.by_founder, at=AT)
    with pytest.raises(NoMoneyRaised):
        raising.open_financing(
            session, financing=draft, version=draft.version, actor=scene.by_founder, at=AT
        )
    raising.discard_financing(session, financing=draft, actor=scene.by_founder, at=AT)
    assert len(session.scalars(select(Financing)).all()) == 1


def test_what_funds_read_never_changes(session: Session) -> None:
    scene = make_scene(session)
    by = {"actor": scene.by_founder, "at": AT}
    draft = raising.draft_financing(session, need=scene.need, values=FINANCING, **by)
    read = draft.version
    raising.edit_financing(
        session,
        financing=draft,
        values=replace(FINANCING, target_yuan=3_000_000),
        version=read,
        **by,
    )
    with pytest.raises(ChangedMeanwhile):
        raising.open_financing(session, financing=draft, version=read, **by)
    raising.open_financing(session, financing=draft, version=draft.version, **by)
    for forbidden in (
        lambda: raising.edit_financing(
            session, financing=draft, values=FINANCING, version=draft.version, **by
        ),
        lambda: raising.discard_financing(session, financing=draft, **by),
    ):
        with pytest.raises(FinancingFixed):
            forbidden()
    for day in (CLOSES_ON, CLOSES_ON - timedelta(days=1), date.max):
        with pytest.raises(NotLater):
            raising.extend_financing(session, financing=draft, closes_on=day, **by)
    consider(session, scene, scene.first, 100_000)
    raising.extend_financing(
        session, financing=draft, closes_on=CLOSES_ON + timedelta(days=9), **by
    )
    assert list_kinds(session)[-1] == "financing_extended"
    with pytest.raises(NotNarrower):
        raising.narrow_shown(session, financing=draft, shown=PartiesShown.CONTACTS, **by)
    raising.narrow_shown(session, financing=draft, shown=PartiesShown.NAMES, **by)
    with pytest.raises(NotNarrower):
        raising.narrow_shown(session, financing=draft, shown=PartiesShown.CONTACTS, **by)


def test_whoever_comes_second_is_told_what_remains(session: Session) -> None:
    scene = make_scene(session)
    financing = open_one(session, scene)
    consider(session, scene, scene.first, 1_500_000)
    second = consider(session, scene, scene.second, 1_000_000)
    committing.commit(
        session, engagement=scene.first, amount_yuan=1_500_000, actor=scene.by_first, at=AT
    )
    with pytest.raises(NotEnoughLeft) as refused:
        committing.commit(
            session, engagement=scene.second, amount_yuan=1_000_000, actor=scene.by_second, at=AT
        )
    assert refused.value.facts == {"remaining_yuan": 500_000}
    assert (second.state, financing.taken_yuan) == ("considering", 1_500_000)
    with pytest.raises(NotEnoughLeft):
        committing.consider(
            session, engagement=scene.second, amount_yuan=500_001, actor=scene.by_second, at=AT
        )
    committing.consider(
        session, engagement=scene.second, amount_yuan=500_000, actor=scene.by_second, at=AT
    )
    with pytest.raises(AmountOutdated):
        committing.commit(
            session, engagement=scene.second, amount_yuan=1_000_000, actor=scene.by_second, at=AT
        )
    committing.commit(
        session, engagement=scene.second, amount_yuan=500_000, actor=scene.by_second, at=AT
    )
    assert financing.remaining_yuan == 0


def test_of_one_place_the_second_gets_none(session: Session) -> None:
    scene = make_scene(session)
    financing = open_one(session, scene, places=1)
    first = commit(session, scene, scene.first, 100_000)
    consider(session, scene, scene.second, 100_000)
    with pytest.raises(NoPlaceLeft):
        committing.commit(
            session, engagement=scene.second, amount_yuan=100_000, actor=scene.by_second, at=AT
        )
    committing.let_go(session, interest=first, words="Other plans", actor=scene.by_founder, at=AT)
    assert (financing.remaining_places, financing.taken_yuan) == (1, 0)
    committing.commit(
        session, engagement=scene.second, amount_yuan=100_000, actor=scene.by_second, at=AT
    )
    for step in ("observe", "consider"):
        with pytest.raises(ActionNotAllowed):
            values = {"amount_yuan": 7} if step == "consider" else {}
            getattr(committing, step)(
                session, engagement=scene.first, actor=scene.by_first, at=AT, **values
            )


def test_a_commitment_is_released_with_a_reason(session: Session) -> None:
    scene = make_scene(session)
    financing = open_one(session, scene)
    interest = commit(session, scene, scene.first, 300_000)
    release = {"engagement": scene.first, "actor": scene.by_first, "at": LATER}
    for words in ("", "x" * 1001):
        with pytest.raises(ReasonMissing):
            committing.release_commitment(session, words=words, **release)
    committing.release_commitment(session, words="Zz committee", **release)
    assert (interest.state, interest.release_words) == ("released", "Zz committee")
    assert financing.taken_yuan == 0
    assert list_kinds(session)[-1] == "commitment_released"
    assert "Zz" not in str([notice.facts for notice in session.scalars(select(Notice))])
    with pytest.raises(ActionNotAllowed):
        committing.release_commitment(session, words="Again", **release)


def test_what_a_fund_only_looks_at_hides_no_older_commitment(session: Session) -> None:
    scene = make_scene(session)
    older = open_one(session, scene)
    bound = commit(session, scene, scene.first, 1_000_000)
    raising.close_financing(
        session, financing=older, taken_yuan=1_000_000, actor=scene.by_founder, at=AT
    )
    open_one(session, scene)
    committing.observe(session, engagement=scene.first, actor=scene.by_first, at=AT)
    released = committing.release_commitment(
        session, engagement=scene.first, words="No approval", actor=scene.by_first, at=AT
    )
    assert released is bound
    assert (bound.state, older.taken_yuan) == ("released", 0)


def test_what_is_over_is_extended_no_more(session: Session) -> None:
    scene = make_scene(session)
    financing = open_one(session, scene)
    with pytest.raises(FinancingNotOpen):
        raising.extend_financing(
            session,
            financing=financing,
            closes_on=CLOSES_ON + timedelta(days=9),
            actor=scene.by_founder,
            at=AT + timedelta(days=31),
        )


def test_who_leaves_before_it_is_bound_can_come_back(session: Session) -> None:
    scene = make_scene(session)
    open_one(session, scene)
    by = {"engagement": scene.first, "actor": scene.by_first, "at": AT}
    with pytest.raises(ActionNotAllowed):
        committing.leave(session, **by)
    interest = consider(session, scene, scene.first, 300_000)
    committing.leave(session, **by)
    assert (interest.state, interest.amount_yuan) == ("left", None)
    assert read_commitment(session, scene.first, scene.by_first).parties is None
    committing.observe(session, **by)
    with pytest.raises(AmountMissing):
        committing.consider(session, amount_yuan=0, **by)
    with pytest.raises(ActionNotAllowed):
        committing.commit(session, amount_yuan=0, **by)


def test_a_need_stays_open_while_money_is_raised_for_it(session: Session) -> None:
    scene = make_scene(session)
    financing = open_one(session, scene)
    with pytest.raises(NeedRaisesMoney):
        close_need(session, need=scene.need, actor=scene.by_founder, at=AT)
    raising.abandon_financing(session, financing=financing, actor=scene.by_founder, at=AT)
    close_need(session, need=scene.need, actor=scene.by_founder, at=AT)
    assert scene.need.state == "closed"


def test_what_binds_in_an_older_financing_can_be_released_from_the_page(session: Session) -> None:
    scene = make_scene(session)
    older = open_one(session, scene)
    commit(session, scene, scene.first, 1_200_000)
    raising.close_financing(
        session, financing=older, taken_yuan=1_200_000, actor=scene.by_founder, at=AT
    )
    open_one(session, scene)
    view = read_commitment(session, scene.first, scene.by_first)
    assert view is not None and view.bound is not None
    assert (view.interest, view.bound.financing, "release" in view.actions) == (None, older, True)
    release = {"engagement": scene.first, "words": "No", "actor": scene.by_first, "at": AT}
    assert committing.release_commitment(session, **release).financing is older
    view = read_commitment(session, scene.first, scene.by_first)
    assert view is not None and (view.bound, view.actions) == (None, {"observe"})


def test_only_a_fund_whose_deal_goes_on_takes_part(session: Session) -> None:
    scene = make_scene(session)
    by = {"engagement": scene.first, "actor": scene.by_first, "at": AT}
    with pytest.raises(FinancingNotOpen):
        committing.observe(session, **by)
    open_one(session, scene)
    consider(session, scene, scene.first, 100_000)
    dealing.withdraw_deal(session, engagement=scene.first, actor=scene.by_founder, at=AT)
    with pytest.raises(FundNotInvolved):
        committing.commit(session, amount_yuan=100_000, **by)
    scene.second.state = "cancelled"
    session.flush()
    with pytest.raises(FundNotInvolved):
        committing.observe(session, engagement=scene.second, actor=scene.by_second, at=AT)
    view = read_commitment(session, scene.second, scene.by_second)
    assert view is None
    with pytest.raises(FinancingNotOpen):
        committing.observe(
            session, engagement=scene.second, actor=scene.by_second, at=AT + timedelta(days=40)
        )


def test_conflicts_are_looked_for_once_more(session: Session) -> None:
    scene = make_scene(session)
    open_one(session, scene)
    consider(session, scene, scene.first, 100_000)
    session.add(
        Membership(
            person=scene.of_funds.founder,
            provider=scene.first.provider,
            role=Role.INVESTOR,
            created_at=AT,
        )
    )
    session.flush()
    with pytest.raises(OwnConflictOfInterest):
        committing.commit(
            session, engagement=scene.first, amount_yuan=100_000, actor=scene.by_first, at=AT
        )


@pytest.mark.permissions
def test_nobody_stands_in_for_a_word_that_binds(session: Session) -> None:
    scene = make_scene(session)
    financing = open_one(session, scene)
    interest = consider(session, scene, scene.first, 100_000)
    stand_in = make_actor(
        scene.of_funds.operator,
        on_behalf_of=scene.of_funds.founder,
        within_incubator_id=scene.of_funds.incubator.id,
    )
    assert stand_in.founds
    for actor in (stand_in, scene.of_funds.by_operator, scene.of_funds.by_outsider):
        for step in (
            lambda a: raising.abandon_financing(session, financing=financing, actor=a, at=AT),
            lambda a: committing.let_go(session, interest=interest, words="No", actor=a, at=AT),
            lambda a: committing.commit(
                session, engagement=scene.first, amount_yuan=100_000, actor=a, at=AT
            ),
        ):
            with pytest.raises((NotFound, NotPermitted)):
                step(actor)
    assert list_own(session, stand_in, limit=9) == []
    assert list_waiting(session, stand_in, AT) == []
    with pytest.raises(DomainError):
        raising.end_financings(session, actor=scene.by_founder, at=AFTER, limit=1)


def test_funds_see_of_each_other_what_the_founder_chose(session: Session) -> None:
    scene = make_scene(session)
    financing = open_one(session, scene)
    commit(session, scene, scene.second, 400_000)

    def look() -> Any:
        return read_commitment(session, scene.first, scene.by_first).parties

    assert look() is None
    committing.observe(session, engagement=scene.first, actor=scene.by_first, at=AT)
    (party,) = look().named
    assert (party.name, party.contact, party.email) == (
        "Second fund (example)",
        "Wen Second",
        scene.other_person.email,
    )
    scene.other_person.deactivated_at = AT
    session.flush()
    assert look().named[0].email == ""
    for shown, names in (
        (PartiesShown.NAMES, ["Second fund (example)"]),
        (PartiesShown.SUMMARY, []),
    ):
        raising.narrow_shown(
            session, financing=financing, shown=shown, actor=scene.by_founder, at=AT
        )
        assert [each.name for each in look().named] == names
        assert (look().count, look().total_yuan) == (1, 400_000)
    own = read_commitment(session, scene.second, scene.by_second).parties
    assert (own.count, own.total_yuan) == (0, 0)


@pytest.mark.parametrize("amount", [900_000, 1_000_000])
def test_on_its_last_day_it_closes_or_ends(app: Flask, amount: int) -> None:
    with app.app_context():
        session = db.session
        scene = make_scene(session)
        financing = open_one(session, scene)
        interest = commit(session, scene, scene.first, amount)
        observing = committing.observe(
            session, engagement=scene.second, actor=scene.by_second, at=AT
        )
        numbers = financing.id, interest.id, observing.id
        session.commit()
    before = AT + timedelta(days=30)
    assert end_due_financings(app, before) == 0
    assert end_due_financings(app, AFTER) == 1
    assert end_due_financings(app, AFTER) == 0
    with app.app_context():
        session = db.session
        closed = amount == 1_000_000
        financing = session.get_one(Financing, numbers[0])
        assert financing.state == ("closed" if closed else "lapsed")
        assert financing.taken_yuan == (amount if closed else 0)
        states = [session.get_one(Interest, number).state for number in numbers[1:]]
        assert states == [("committed" if closed else "lapsed"), "lapsed"]
        kinds = list_kinds(session)
        assert ("financing_closed_itself" in kinds) is closed
        assert kinds.count("financing_lapsed") == (0 if closed else 2)


def test_a_fund_reads_all_that_it_takes_part_in_and_what_waits(session: Session) -> None:
    scene = make_scene(session)
    financing = open_one(session, scene, closes_on=ON + timedelta(days=7))
    consider(session, scene, scene.first, 100_000)
    (row,) = list_commitments(session, scene.first.provider, limit=9)
    assert (row.interest.financing, row.engagement_public_id) == (
        financing,
        scene.first.public_id,
    )
    (waits,) = list_waiting(session, scene.by_first, AT)
    assert list_waiting(session, scene.by_first, AT + timedelta(days=8)) == []
    assert waits.kind == "commitment_to_decide"
    # Who may take part and has not looked into it yet is told until they did, or decided against.
    (opened,) = list_waiting(session, scene.by_second, AT)
    assert (opened.kind, opened.path_values["public_id"]) == (
        "financing_opened",
        scene.second.public_id,
    )
    assert list_waiting(session, scene.by_second, AT + timedelta(days=8)) == []
    at = {"received_at": AT, "changed_at": AT}
    deal = Deal(engagement=scene.second, state="passed", pass_reason=PassReason.TEAM, **at)
    session.add(deal)
    assert list_waiting(session, scene.by_second, AT) == []
    deal.state = "review"
    consider(session, scene, scene.second, 100_000)
    assert [each.kind for each in list_waiting(session, scene.by_second, AT)] == [waits.kind]


def test_mandates_are_judged_by_what_remains(session: Session) -> None:
    scene = make_scene(session)
    publish(session, scene.of_funds, ticket_min_yuan=600_000, ticket_max_yuan=600_000, gate=None)
    said = AskValues(raised_yuan=7, least_part_yuan=600_000)
    state_ask(session, need=scene.need, values=said, actor=scene.by_founder, at=AT)
    financing = open_one(session, scene, target_yuan=3_000_000)
    assert find_stated_ask(session, scene.need) == said
    assert compare(session, scene.need, ON).sought.remaining_yuan == 3_000_000
    commit(session, scene, scene.second, 2_400_000)
    assert compare(session, scene.need, ON).sought.remaining_yuan == 600_000
    assert find_ask(session, scene.need).raised_yuan == 2_400_000
    raising.abandon_financing(session, financing=financing, actor=scene.by_founder, at=AT)
    assert find_ask(session, scene.need) == said


@pytest.mark.privacy
def test_financings_go_with_their_startup(session: Session) -> None:
    scene = make_scene(session)
    open_one(session, scene)
    commit(session, scene, scene.first, 100_000)
    leaving = leave(session, scene.of_funds, scene.of_funds.founder)
    assert ERASING.find(session, leaving).counts == {
        "financings": 1,
        "interests in financings": 1,
    }
    ERASING.erase(session, leaving)
    assert session.scalars(select(Financing)).all() == []
    assert session.scalars(select(Interest)).all() == []


@pytest.mark.privacy
@pytest.mark.parametrize("is_closed", [False, True])
def test_of_a_fund_that_goes_only_a_closed_sum_stays(session: Session, is_closed: bool) -> None:
    scene = make_scene(session)
    financing = open_one(session, scene)
    commit(session, scene, scene.first, 1_000_000)
    if is_closed:
        raising.close_financing(
            session, financing=financing, taken_yuan=1_000_000, actor=scene.by_founder, at=AT
        )
    leaving = leave(session, scene.of_funds, scene.of_funds.investor)
    ERASING.erase(session, leaving)
    session.expire_all()
    assert financing.taken_yuan == (1_000_000 if is_closed else 0)
    left = [(each.provider_id, each.committed_by_id) for each in financing.interests]
    assert left == ([(None, None)] if is_closed else [])
    assert ("commitment_gone" in list_kinds(session)) is not is_closed


@pytest.mark.privacy
def test_words_of_somebody_who_goes_are_emptied(session: Session) -> None:
    scene = make_scene(session)
    financing = open_one(session, scene)
    interest = commit(session, scene, scene.first, 100_000)
    committing.let_go(session, interest=interest, words="Li said", actor=scene.by_founder, at=AT)
    leaving = leave(session, scene.of_funds, scene.of_funds.founder)
    staying = replace(leaving, startups=(), providers=())
    assert list(ERASING.erase(session, staying)) == ["Li said"]
    assert (interest.release_words, financing.state) == ("", "open")


def test_the_clock_alone_ends_what_is_over(session: Session) -> None:
    scene = make_scene(session)
    financing = make_financing(session, scene.need, closes_on=ON - timedelta(days=1))
    make_interest(session, financing, scene.first.provider, "committed", 1_200_000)
    assert raising.end_financings(session, actor=Installation.CLOCK, at=AT, limit=5) == 1
    assert financing.state == "closed"
