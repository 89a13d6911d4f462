"""What is known of a startup goes with it, and what somebody wrote beside facts with them."""

from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Installation
from app.facts.actions import confirm_fact, state_fact, withdraw_fact
from app.privacy.actions import erase_person
from app.rooms import ERASINGS
from models.audit import AuditEntry
from models.facts import Fact
from models.notices import Notice
from models.vocabulary import Role
from tests.app.facts.scenes import make_scene, of_year, state
from tests.factories import AT, join, make_engagement, make_need, make_person

pytestmark = pytest.mark.privacy


@pytest.mark.parametrize("has_engagement", [False, True])
def test_what_is_known_goes_with_the_startup(session: Session, has_engagement: bool) -> None:
    scene = make_scene(session)
    if has_engagement:
        need = make_need(session, scene.startup)
        make_engagement(session, need, scene.mentor, state="declined")
    fact = state(session, scene, of_year(2025, 100, source_note="Quetzalina's ledger"))
    confirm_fact(session, fact=fact, actor=scene.by_operator, at=AT)
    withdraw_fact(session, fact=fact, reason="Xyloth", actor=scene.by_operator, at=AT)
    assert session.scalars(select(Notice)).all() != []

    erasure = erase_person(
        session, email=scene.founder.email, rooms=ERASINGS, actor=Installation.COMMAND_LINE, at=AT
    )

    assert erasure.removed["facts"] == 1
    assert session.scalars(select(Fact)).all() == []
    assert session.scalars(select(Notice).where(Notice.kind == "fact_withdrawn")).all() == []
    details = session.scalars(
        select(AuditEntry.detail).where(AuditEntry.subject_table == "fact")
    ).all()
    assert details == [{}, {}, {}]


def test_elsewhere_the_value_stays_without_the_person_and_their_words(session: Session) -> None:
    scene = make_scene(session)
    colleague = make_person(session)
    join(session, colleague, Role.FOUNDER, startup=scene.startup)
    first = state(session, scene, of_year(2024, 90, source_note="Ask Quetzalina"))
    second = state(session, scene, of_year(2025, 100))
    confirm_fact(session, fact=second, actor=scene.by_operator, at=AT)
    withdraw_fact(session, fact=second, reason="Xyloth erred", actor=scene.by_founder, at=AT)

    erase_person(
        session, email=scene.founder.email, rooms=ERASINGS, actor=Installation.COMMAND_LINE, at=AT
    )

    session.expire_all()
    assert (first.value, first.stated_by_id, first.source_note) == (Decimal(90), None, "")
    assert (second.withdrawn_by_id, second.withdrawal_reason) == (None, "")
    assert second.confirmed_by_id == scene.operator.id
    told = session.scalars(select(Notice).where(Notice.kind == "fact_withdrawn")).one()
    assert "Xyloth" not in str(told.facts)


def test_a_founder_who_states_again_after_an_erasure_is_no_stranger(session: Session) -> None:
    """A fact whose author is gone can be confirmed by any operator who looks after it."""
    scene = make_scene(session)
    join(session, make_person(session), Role.FOUNDER, startup=scene.startup)
    fact = state_fact(
        session,
        subject=scene.startup,
        stated=of_year(2025, 100),
        actor=scene.by_founder,
        at=AT,
    )
    erase_person(
        session, email=scene.founder.email, rooms=ERASINGS, actor=Installation.COMMAND_LINE, at=AT
    )
    session.expire_all()
    confirm_fact(session, fact=fact, actor=scene.by_operator, at=AT)
    assert fact.state == "confirmed"
