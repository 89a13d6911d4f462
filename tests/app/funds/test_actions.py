"""Mandates are drafted, published and replaced; what a need asks of one fund is said."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.errors import ChangedMeanwhile, DomainError, NotFound, NotPermitted
from app.funds.actions import (
    discard_mandate,
    draft_mandate,
    edit_mandate,
    publish_mandate,
    state_ask,
    withdraw_mandate,
)
from app.funds.errors import (
    AskUnfit,
    DraftExists,
    MandateFixed,
    MandateIncomplete,
    MandateUnfit,
    NoMoneySought,
    TicketReversed,
    TooManyFields,
)
from app.funds.queries.mandates import list_versions
from app.funds.values import read_mandate
from app.mandates.published import list_published
from app.mandates.seeking import find_ask
from app.mandates.values import AskValues
from models.audit import AuditEntry
from models.funds import Mandate
from models.lifecycle import ActionNotAllowed
from models.notices import Notice
from models.vocabulary import Field, InvestorKind
from tests.app.funds.scenes import VALUES, draft, make_money_need, make_scene, publish
from tests.factories import (
    AT,
    act_as,
    admit,
    make_engagement,
    make_investor,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)
from tests.waiting import make_lister

list_waiting = make_lister("funds")

pytestmark = pytest.mark.funds

LATER = AT + timedelta(days=30)
SIX_FIELDS = tuple(Field)[:6]


def list_recorded(session: Session) -> list[str]:
    session.flush()
    return [entry.kind for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


def test_a_draft_says_what_was_typed_and_counts_nowhere(session: Session) -> None:
    scene = make_scene(session)
    mandate = draft(session, scene)
    session.expire_all()

    assert (mandate.number, mandate.state, read_mandate(mandate)) == (1, "draft", VALUES)
    assert list_published(session) == []
    assert list_recorded(session)[-1] == "mandate_drafted"
    (waits,) = list_waiting(session, scene.by_fund, AT)
    assert (waits.kind, waits.title) == ("mandate_draft", "First fund (example)")
    assert list_waiting(session, scene.by_outsider, AT) == []


def test_a_published_version_is_replaced_and_never_changed(session: Session) -> None:
    scene = make_scene(session)
    first = publish(session, scene)
    second = draft(session, scene, ticket_max_yuan=4_000_000)
    publish_mandate(session, mandate=second, version=second.version, actor=scene.by_fund, at=LATER)
    session.expire_all()

    assert (first.state, first.ended_at, read_mandate(first)) == ("replaced", LATER, VALUES)
    assert (second.state, second.number, second.published_at) == ("published", 2, LATER)
    assert [each.number for each in list_published(session)] == [2]
    for mandate in (first, second):
        with pytest.raises(MandateFixed):
            edit_mandate(
                session,
                mandate=mandate,
                values=VALUES,
                version=mandate.version,
                actor=scene.by_fund,
                at=LATER,
            )
        with pytest.raises(MandateFixed):
            discard_mandate(session, mandate=mandate, actor=scene.by_fund, at=LATER)
        with pytest.raises(MandateFixed):
            publish_mandate(
                session,
                mandate=mandate,
                version=mandate.version,
                actor=scene.by_fund,
                at=LATER,
            )


def test_founders_who_asked_are_told_when_another_version_says_otherwise(session: Session) -> None:
    scene = make_scene(session)
    others = make_money_need(session, make_startup(session, founder=scene.outsider))
    open_to_it = {"gate": None, "holding_limit_bp": None}
    publish(session, scene, **open_to_it)
    make_engagement(session, scene.need, scene.fund)
    for changes in ({"ticket_max_yuan": 3_500_000}, {"ticket_max_yuan": 1_000_000}, {}, {}):
        publish(session, scene, **(open_to_it | changes))
    session.flush()
    told = session.scalars(select(Notice).order_by(Notice.id)).all()
    assert [(notice.kind, notice.person_id) for notice in told] == [
        ("mandate_failed_now", scene.founder.id),
        ("mandate_passed_now", scene.founder.id),
    ]
    assert {notice.path for notice in told} == {f"/needs/{scene.need.public_id}/funds"}
    assert others.state == "open"


def test_there_is_one_draft_at_a_time(session: Session) -> None:
    scene = make_scene(session)
    draft(session, scene)

    with pytest.raises(DraftExists):
        draft(session, scene)


def test_the_database_keeps_one_draft_and_one_published_version(session: Session) -> None:
    scene = make_scene(session)
    publish(session, scene)
    draft(session, scene)
    for state in ("draft", "published"):
        twin = Mandate(
            provider_id=scene.fund.id,
            number=9,
            state=state,
            created_at=AT,
            updated_at=AT,
            published_at=AT,
        )
        with pytest.raises(IntegrityError), session.begin_nested():
            session.add(twin)
            session.flush()


def test_a_draft_that_somebody_changed_meanwhile_is_not_overwritten(session: Session) -> None:
    scene = make_scene(session)
    mandate = draft(session, scene)
    seen = mandate.version
    given: dict[str, Any] = {"mandate": mandate, "actor": scene.by_fund, "at": AT}
    edit_mandate(session, values=replace(VALUES, gate=None), version=seen, **given)

    with pytest.raises(ChangedMeanwhile):
        edit_mandate(session, values=VALUES, version=seen, **given)
    with pytest.raises(ChangedMeanwhile):
        publish_mandate(session, version=seen, **given)
    assert (mandate.gate, mandate.state) == (None, "draft")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"ticket_min_yuan": 3_000_001}, TicketReversed),
        ({"ticket_min_yuan": -1}, MandateUnfit),
        ({"ticket_max_yuan": 10**12 + 1}, MandateUnfit),
        ({"holding_limit_bp": 0}, MandateUnfit),
        ({"holding_limit_bp": 10_001}, MandateUnfit),
        ({"places": ("999999",)}, MandateUnfit),
        ({"places": tuple(f"3101{n:02d}" for n in range(41))}, MandateUnfit),
        ({"fields": SIX_FIELDS}, TooManyFields),
    ],
)
def test_what_no_mandate_can_be_is_refused_and_nothing_is_kept(
    session: Session, changes: dict[str, Any], error: type[DomainError]
) -> None:
    scene = make_scene(session)

    with pytest.raises(error):
        draft(session, scene, **changes)
    assert list_versions(session, scene.by_fund, scene.fund) == []
    mandate = draft(session, scene)
    with pytest.raises(error):
        edit_mandate(
            session,
            mandate=mandate,
            values=replace(VALUES, **changes),
            version=mandate.version,
            actor=scene.by_fund,
            at=AT,
        )
    assert read_mandate(mandate) == VALUES


def test_only_a_seed_fund_is_held_to_five_fields(session: Session) -> None:
    scene = make_scene(session)
    assert scene.fund.investor is not None
    scene.fund.investor.investor_kind = InvestorKind.VENTURE
    mandate = draft(session, scene, fields=SIX_FIELDS)
    scene.fund.investor.investor_kind = InvestorKind.SEED_FUND

    with pytest.raises(TooManyFields):
        publish_mandate(
            session, mandate=mandate, version=mandate.version, actor=scene.by_fund, at=AT
        )


@pytest.mark.parametrize(
    "missing", ["fields", "stages", "ticket_min_yuan", "ticket_max_yuan", "instruments"]
)
def test_what_is_published_says_enough(session: Session, missing: str) -> None:
    scene = make_scene(session)
    empty = None if missing.startswith("ticket") else ()
    mandate = draft(session, scene, **{missing: empty})

    with pytest.raises(MandateIncomplete) as refused:
        publish_mandate(
            session, mandate=mandate, version=mandate.version, actor=scene.by_fund, at=AT
        )
    assert refused.value.facts == {"missing": missing}
    assert mandate.state == "draft"


def test_a_withdrawn_mandate_judges_nothing_and_the_next_goes_on_counting(
    session: Session,
) -> None:
    scene = make_scene(session)
    first = publish(session, scene)
    withdraw_mandate(session, mandate=first, actor=scene.by_fund, at=LATER)

    assert (first.state, list_published(session)) == ("withdrawn", [])
    with pytest.raises(ActionNotAllowed):
        withdraw_mandate(session, mandate=first, actor=scene.by_fund, at=LATER)
    assert publish(session, scene).number == 2
    assert list_recorded(session)[-3:] == [
        "mandate_withdrawn",
        "mandate_drafted",
        "mandate_published",
    ]


def test_a_discarded_draft_is_gone(session: Session) -> None:
    scene = make_scene(session)
    discard_mandate(session, mandate=draft(session, scene), actor=scene.by_fund, at=AT)

    assert list_versions(session, scene.by_fund, scene.fund) == []
    assert list_recorded(session)[-1] == "mandate_discarded"
    assert draft(session, scene).number == 1


def test_a_paused_fund_judges_nothing(session: Session) -> None:
    scene = make_scene(session)
    publish(session, scene)
    scene.fund.state = "paused"
    session.flush()

    assert list_published(session) == []


@pytest.mark.permissions
def test_nobody_else_writes_a_mandate_and_drafts_are_not_seen(session: Session) -> None:
    scene = make_scene(session)
    mandate = draft(session, scene)
    for actor in (scene.by_founder, scene.by_operator, scene.by_outsider):
        with pytest.raises(NotPermitted):
            draft_mandate(session, provider=scene.fund, values=VALUES, actor=actor, at=AT)
        with pytest.raises(NotFound):
            edit_mandate(
                session,
                mandate=mandate,
                values=VALUES,
                version=mandate.version,
                actor=actor,
                at=AT,
            )
        assert list_versions(session, actor, scene.fund) == []
    publish_mandate(session, mandate=mandate, version=mandate.version, actor=scene.by_fund, at=AT)
    with pytest.raises(NotPermitted):
        withdraw_mandate(session, mandate=mandate, actor=scene.by_founder, at=AT)
    assert list_versions(session, scene.by_founder, scene.fund) == [mandate]


@pytest.mark.permissions
def test_an_operator_writes_for_a_fund_that_nobody_acts_for(session: Session) -> None:
    scene = make_scene(session)
    kept = make_investor(session, name="A fund that was brought in (example)")
    admit(session, scene.incubator, kept)
    session.expire_all()

    mandate = draft_mandate(session, provider=kept, values=VALUES, actor=scene.by_operator, at=AT)
    assert mandate.number == 1
    with pytest.raises(NotPermitted):
        draft_mandate(session, provider=kept, values=VALUES, actor=scene.by_outsider, at=AT)


@pytest.mark.permissions
def test_a_mentor_has_no_mandate(session: Session) -> None:
    person = make_person(session)
    mentor = make_mentor(session, person=person)

    with pytest.raises(NotPermitted):
        draft_mandate(session, provider=mentor, values=VALUES, actor=act_as(person), at=AT)


def test_what_a_need_asks_of_one_fund_is_kept(session: Session) -> None:
    scene = make_scene(session)
    assert find_ask(session, scene.need) == AskValues()
    for values in (
        AskValues(raised_yuan=500_000, least_part_yuan=300_000, share_bp=800, shows_gate=True),
        AskValues(raised_yuan=2_000_000),
    ):
        state_ask(session, need=scene.need, values=values, actor=scene.by_founder, at=AT)
        session.expire_all()
        assert find_ask(session, scene.need) == values
    assert list_recorded(session)[-1] == "funding_asked"


@pytest.mark.parametrize(
    "values",
    [
        AskValues(raised_yuan=2_000_001),
        AskValues(raised_yuan=-1),
        AskValues(least_part_yuan=0),
        AskValues(least_part_yuan=2_000_001),
        AskValues(raised_yuan=1_500_000, least_part_yuan=500_001),
        AskValues(share_bp=0),
        AskValues(share_bp=10_001),
        AskValues(raised_yuan=10**12 + 1),
    ],
)
def test_parts_that_cannot_be_are_refused(session: Session, values: AskValues) -> None:
    scene = make_scene(session)

    with pytest.raises(AskUnfit):
        state_ask(session, need=scene.need, values=values, actor=scene.by_founder, at=AT)
    assert find_ask(session, scene.need) == AskValues()


def test_only_a_need_for_money_asks_funds_and_only_its_founder_says_how(session: Session) -> None:
    scene = make_scene(session)
    other = make_need(session, scene.startup)
    with pytest.raises(NoMoneySought):
        state_ask(session, need=other, values=AskValues(), actor=scene.by_founder, at=AT)
    with pytest.raises(NotPermitted):
        state_ask(session, need=scene.need, values=AskValues(), actor=scene.by_operator, at=AT)
    for actor in (scene.by_fund, scene.by_outsider):
        with pytest.raises(NotFound):
            state_ask(session, need=scene.need, values=AskValues(), actor=actor, at=AT)
    unsaid = make_money_need(session, scene.startup, amount=None)
    state_ask(
        session,
        need=unsaid,
        values=AskValues(raised_yuan=7),
        actor=scene.by_founder,
        at=AT,
    )
    assert find_ask(session, unsaid).raised_yuan == 7
