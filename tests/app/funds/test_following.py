"""What founders are told when a mandate goes on which something of theirs rested."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.facts.actions import confirm_fact, state_fact
from app.facts.values import StatedFact
from app.funds.actions import withdraw_mandate
from app.funds.erasing import ERASING
from models.fact_types import FactType
from models.needs import Need
from models.notices import Notice
from models.organisations import Startup
from models.people import Person
from models.vocabulary import Role
from tests.app.financings.scenes import make_financing, make_interest
from tests.app.funds.scenes import ON, Scene, make_money_need, make_scene, publish
from tests.app.funds.test_erasing import leave
from tests.factories import AT, act_as, join, make_engagement, make_person, make_startup

pytestmark = pytest.mark.funds

OPEN = {"holding_limit_bp": None, "gate": "lab"}


def seek(session: Session, scene: Scene, gate: str | None) -> tuple[Person, Startup, Need]:
    """A startup that seeks money, with a gate that somebody has confirmed."""
    founder = make_person(session)
    startup = make_startup(
        session, incubator=scene.incubator, founder=founder, topics=["Silicon carbide"]
    )
    if gate is not None:
        stated = StatedFact(fact_type=FactType.GATE_VERIFIED, value=gate, begins_on=ON, ends_on=ON)
        fact = state_fact(session, subject=startup, stated=stated, actor=act_as(founder), at=AT)
        confirm_fact(session, fact=fact, actor=scene.by_operator, at=AT)
    return founder, startup, make_money_need(session, startup)


def list_told(session: Session) -> list[tuple[int, str, str]]:
    session.flush()
    found = session.scalars(select(Notice).where(Notice.kind != "fact_confirmed"))
    return sorted((each.person_id, each.kind, each.path) for each in found)


@pytest.mark.parametrize("how", ["withdrawn", "narrowed", "widened", "erased", "paused"])
def test_who_asked_and_who_had_proven_enough_hear_of_it(session: Session, how: str) -> None:
    scene = make_scene(session)
    mandate = publish(session, scene, **OPEN)
    asked, _, asking = seek(session, scene, "lab")
    proven, _, passing = seek(session, scene, "prototype")
    seek(session, scene, None)
    _, shut, _ = seek(session, scene, "lab")
    join(session, scene.investor, Role.FOUNDER, startup=shut)
    _, _, closed = seek(session, scene, "lab")
    closed.state = "closed"
    make_engagement(session, asking, scene.fund, state="accepted")
    # Its request is over, and the fund still thinks about its open financing.
    financed, _, financing = seek(session, scene, None)
    make_interest(session, make_financing(session, financing), scene.fund, "considering")
    session.query(Notice).delete()
    ways: dict[str, Callable[[], object]] = {
        "withdrawn": lambda: withdraw_mandate(session, mandate=mandate, actor=scene.by_fund, at=AT),
        "narrowed": lambda: publish(session, scene, **OPEN | {"ticket_max_yuan": 600_000}),
        "widened": lambda: publish(session, scene, **OPEN | {"gate": None}),
        "erased": lambda: ERASING.erase(session, leave(session, scene, scene.investor)),
    }
    if how == "paused":
        # Nobody is judged by it; that it goes changes nothing for anybody.
        scene.fund.state = "paused"
        how = "withdrawn"
        ways[how]()
        assert list_told(session) == []
        return
    ways[how]()
    kinds = {
        "withdrawn": ["mandate_withdrawn", "proof_opens_less", "mandate_withdrawn"],
        "narrowed": ["mandate_failed_now", "proof_opens_less", None],
        "widened": [None, None, "mandate_passed_now"],
        # That a request ends is told where it ends, and so is that nobody thinks about it any more.
        "erased": [None, "proof_opens_less_gone", None],
    }
    people, needs = (asked, proven, financed), (asking, passing, financing)
    assert list_told(session) == [
        (person.id, kind, f"/needs/{need.public_id}/funds")
        for person, need, kind in zip(people, needs, kinds[how], strict=True)
        if kind is not None
    ]
