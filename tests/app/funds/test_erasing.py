"""What an erasure does with mandates and with what needs ask of funds."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.funds.actions import state_ask
from app.funds.erasing import ERASING
from app.leaving import Leaving
from app.mandates.values import AskValues
from models.funds import Mandate, SoughtFunding
from models.people import Person
from tests.app.funds.scenes import Scene, draft, make_scene, publish
from tests.factories import AT, make_investor

pytestmark = [pytest.mark.funds, pytest.mark.privacy]


def leave(session: Session, scene: Scene, person: Person) -> Leaving:
    memberships = person.memberships
    return Leaving(
        email=person.email,
        person=person,
        providers=tuple(m.provider for m in memberships if m.provider is not None),
        startups=tuple(m.startup for m in memberships if m.startup is not None),
        names=(person.name,),
        actor=None,
        at=AT,
    )


def count(session: Session, table: type[Mandate] | type[SoughtFunding]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_mandates_of_a_fund_go_with_it_and_no_others(session: Session) -> None:
    scene = make_scene(session)
    publish(session, scene)
    draft(session, scene)
    other = make_investor(session)
    session.add(Mandate(provider=other, number=1, created_at=AT, updated_at=AT))
    session.flush()
    leaving = leave(session, scene, scene.investor)

    traces = ERASING.find(session, leaving)
    ERASING.erase(session, leaving)

    assert traces.counts == {"mandates": 2, "asks of funds": 0, "deals": 0}
    assert len(traces.public_ids) == 2
    own = f"/providers/{scene.fund.public_id}"
    assert traces.paths == [f"{own}/mandate", f"{own}/deals"]
    assert count(session, Mandate) == 1


def test_what_a_startup_asks_of_funds_goes_with_it(session: Session) -> None:
    scene = make_scene(session)
    publish(session, scene)
    state_ask(
        session,
        need=scene.need,
        values=AskValues(share_bp=500),
        actor=scene.by_founder,
        at=AT,
    )
    leaving = leave(session, scene, scene.founder)

    assert ERASING.find(session, leaving).counts == {
        "mandates": 0,
        "asks of funds": 1,
        "deals": 0,
    }
    assert list(ERASING.erase(session, leaving)) == []
    assert (count(session, SoughtFunding), count(session, Mandate)) == (0, 1)
