"""How many funds are open, and which gates lie ahead, judged here in plain Python."""

from datetime import timedelta
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions import db
from models.fact_types import FactSource, FactType
from models.facts import Fact
from models.financings import Interest
from models.funds import Mandate, SoughtFunding
from models.needs import Need
from models.organisations import Startup
from models.vocabulary import ConditionAttribute, Gate
from tests.app.financings.scenes import make_financing, make_interest
from tests.app.funds.scenes import Scene, make_money_need, make_scene
from tests.app.home.page_figures import (
    read_facts,
    read_rows,
    read_section,
    strip,
    visit,
)
from tests.factories import AT, log_in, make_investor, make_startup

pytestmark = [
    pytest.mark.funds,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
    pytest.mark.parametrize("seed", [3, 8]),
]

TARGET = 20_000_000
GATES = list(Gate)
VERDICTS = ("open", "closed", "not known")


def draw_mandates(session: Session, scene: Scene, chance: Random) -> None:
    for fund in [scene.fund, *(make_investor(session) for _ in range(11))]:
        least = chance.choice([None, chance.randrange(1, 4_000_000)])
        mandate = Mandate(
            provider=fund,
            number=1,
            state=chance.choice(["published", "published", "published", "withdrawn"]),
            ticket_min_yuan=least,
            ticket_max_yuan=chance.choice([None, (least or 0) + chance.randrange(4_000_000)]),
            gate=chance.choice([None, *GATES]),
            created_at=AT,
            updated_at=AT,
            published_at=AT,
            ended_at=AT,
        )
        session.add(mandate)


def draw_startups(session: Session, scene: Scene, chance: Random) -> None:
    hosted = [make_startup(session, incubator=scene.incubator) for _ in range(5)]
    for startup in [scene.startup, *hosted]:
        for amount in (None, *(chance.randrange(1, 8_000_000) for _ in range(2))):
            need = make_money_need(session, startup, amount)
            if amount and chance.random() < 0.5:
                ask = SoughtFunding(need=need, raised_yuan=chance.randrange(amount), updated_at=AT)
                ask.least_part_yuan = chance.choice([None, chance.randrange(1, amount + 1)])
                session.add(ask)
            elif amount and chance.random() < 0.5:
                # Of an open financing only what remains is sought.
                financing = make_financing(session, need, target_yuan=TARGET)
                make_interest(session, financing, scene.fund, "committed", TARGET - amount)
        for days in range(chance.randrange(4)):
            state = chance.choice(["stated", "confirmed", "confirmed", "withdrawn"])
            fact = Fact(
                startup_id=startup.id,
                fact_type=FactType.GATE_VERIFIED,
                state=state,
                source=FactSource.TEST_REPORT,
                stated_at=AT,
                confirmed_at=AT if state == "confirmed" else None,
                withdrawn_at=AT if state == "withdrawn" else None,
            )
            fact.set_value(chance.choice(GATES).value)
            fact.set_time(AT.date() - timedelta(days=days), AT.date() - timedelta(days=days))
            session.add(fact)
    session.flush()


def find_passed(session: Session, startup: Startup) -> int:
    """The place of the highest gate that somebody has confirmed; -1 for none."""
    facts = session.scalars(select(Fact).where(Fact.startup_id == startup.id))
    return max(
        (GATES.index(Gate(str(fact.value))) for fact in facts if fact.state == "confirmed"),
        default=-1,
    )


def say_verdict(session: Session, mandate: Mandate, need: Need, passed: int) -> str:
    """What one mandate says of one need, by the two clauses that are drawn here."""
    amounts = [c.values[0] for c in need.conditions if c.attribute is ConditionAttribute.AMOUNT]
    rest = int(amounts[0]) if amounts else None
    ask = session.get(SoughtFunding, need.id)
    least = None
    if rest is not None and ask is not None:
        rest, least = rest - ask.raised_yuan, ask.least_part_yuan
    interests = session.scalars(
        select(Interest).join(Interest.financing).where(Interest.financing.has(need_id=need.id))
    ).all()
    if interests:
        rest = TARGET - sum(each.amount_yuan or 0 for each in interests)
    said = []
    if mandate.ticket_min_yuan is not None:
        said.append(None if rest is None else rest >= mandate.ticket_min_yuan)
    if mandate.ticket_max_yuan is not None:
        part = None if rest is None else min(rest if least is None else least, rest)
        said.append(None if part is None else part <= mandate.ticket_max_yuan)
    if mandate.gate is not None:
        said.append(None if passed < 0 else passed >= GATES.index(mandate.gate))
    if False in said:
        return "closed"
    return "not known" if None in said else "open"


def test_open_funds_and_gates_ahead_add_up(app: Flask, client: FlaskClient, seed: int) -> None:
    chance = Random(seed)  # noqa: S311  (no secret)
    with app.app_context():
        session = db.session
        scene = make_scene(session)
        draw_mandates(session, scene, chance)
        draw_startups(session, scene, chance)
        log_in(client, scene.operator)
        mandates = session.scalars(select(Mandate).where(Mandate.state == "published")).all()
        hosted = Need.startup.has(Startup.incubator_id == scene.incubator.id)
        needs = session.scalars(select(Need).where(hosted)).all()
        page = visit(client, "/funds")
        before: dict[int, set[int]] = {}
        opened: dict[int, set[int]] = {}
        for need in needs:
            passed = find_passed(session, need.startup)
            now = [say_verdict(session, each, need, passed) for each in mandates]
            then = [say_verdict(session, each, need, passed + 1) for each in mandates]
            before.setdefault(passed + 1, set()).add(need.startup_id)
            if any(new == "open" != old for old, new in zip(now, then, strict=True)):
                opened.setdefault(passed + 1, set()).add(need.startup_id)
            counted = " ".join(f"{verdict}: {now.count(verdict)}" for verdict in VERDICTS)
            card = next(c for c in page.split("<li") if f"/needs/{need.public_id}/funds" in c)
            assert counted in strip(card)
            figures = read_facts(visit(client, f"/needs/{need.public_id}/funds"))
            assert figures["open"] == str(now.count("open"))
            assert figures["closed"] == str(now.count("closed"))
            assert figures["not known yet"] == str(now.count("not known"))
        rows = read_rows(read_section(page, "gates"))
        everywhere = [*(gate.value.title() for gate in GATES), "All are passed"]
        assert rows == [
            [
                word,
                str(len(before.get(place, ()))),
                str(len(opened.get(place, ()))) if place < len(GATES) else "–",
            ]
            for place, word in enumerate(everywhere)
        ]
