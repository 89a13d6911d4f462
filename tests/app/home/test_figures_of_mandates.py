"""How many funds are open, and which gates lie ahead, judged here in plain Python."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import Any, NamedTuple

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
from models.vocabulary import ConditionAttribute, Gate, Role
from tests.app.financings.scenes import make_financing, make_interest
from tests.app.funds.scenes import Scene, make_money_need, make_scene
from tests.app.home.page_figures import (
    read_facts,
    read_rows,
    read_section,
    strip,
    visit,
)
from tests.app.web.programs import Program
from tests.factories import AT, join, log_in, make_investor, make_startup

pytestmark = [
    pytest.mark.funds,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
    pytest.mark.parametrize("seed", [3, 8]),
]

TARGET = 20_000_000
GATES = list(Gate)
STATES = ("published", "published", "published", "withdrawn")
VERDICTS = ("open", "closed", "not known")


def draw_mandates(session: Session, scene: Scene, chance: Random) -> None:
    others = [make_investor(session) for _ in range(11)]
    # Whoever acts for both sides: no request could be made, and nothing is counted.
    join(session, scene.founder, Role.INVESTOR, provider=others[0])
    for fund in [scene.fund, *others]:
        least = chance.choice([None, chance.randrange(1, 4_000_000)])
        mandate = Mandate(
            provider=fund,
            number=1,
            state="published" if fund is others[0] else chance.choice(STATES),
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


class Known(NamedTuple):
    """What is left to raise, the least that one fund may take, and the place of the last gate."""

    rest: int | None
    least: int | None
    passed: int


def read_known(session: Session, need: Need) -> Known:
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
    return Known(rest, least, find_passed(session, need.startup))


def say_clauses(mandate: Mandate, known: Known) -> dict[str, bool | None]:
    """What each clause that is drawn here says of one need; None: nobody knows."""
    rest, least, passed = known
    said: dict[str, bool | None] = {}
    if mandate.ticket_min_yuan is not None:
        said["Smallest ticket"] = None if rest is None else rest >= mandate.ticket_min_yuan
    if mandate.ticket_max_yuan is not None:
        part = None if rest is None else min(rest if least is None else least, rest)
        said["Largest ticket"] = None if part is None else part <= mandate.ticket_max_yuan
    if mandate.gate is not None:
        said["Verified gate"] = None if passed < 0 else passed >= GATES.index(mandate.gate)
    return said


def say_verdict(mandate: Mandate, known: Known) -> str:
    said = say_clauses(mandate, known).values()
    if False in said:
        return "closed"
    return "not known" if None in said else "open"


def list_open(mandates: Sequence[Mandate], known: Known) -> set[str]:
    """The public ids of the funds that are open."""
    return {m.provider.public_id for m in mandates if say_verdict(m, known) == "open"}


def list_changes(mandates: Sequence[Mandate], known: Known) -> dict[tuple[str, Any], Known]:
    """Every single change that the clauses drawn here can be asked for, and what is known then."""
    changes: dict[tuple[str, Any], Known] = {
        ("gate", gate.value): known._replace(passed=place)
        for place, gate in enumerate(GATES)
        if place > known.passed
    }
    if known.rest is None:
        return changes
    part = known.rest if known.least is None else min(known.least, known.rest)
    for mandate in mandates:
        if mandate.ticket_max_yuan and mandate.ticket_max_yuan < part:
            key = ("ticket_max", mandate.ticket_max_yuan)
            changes[key] = known._replace(least=mandate.ticket_max_yuan)
        if mandate.ticket_min_yuan and mandate.ticket_min_yuan > known.rest:
            key = ("ticket_min", mandate.ticket_min_yuan)
            changes[key] = known._replace(rest=mandate.ticket_min_yuan)
    return changes


def check_changes(
    mandates: Sequence[Mandate], known: Known, page: str, asked: Mapping[str, Any]
) -> int:
    """The changes that a page and a program name, with the funds that each opens and closes.

    None is missing that opens funds which no smaller one of its clause opens. Gives how many.
    """
    now = list_open(mandates, known)
    changes = list_changes(mandates, known)
    effects = {key: list_open(mandates, then) for key, then in changes.items()}
    rows = read_rows(read_section(page, "next")) if asked["openings"] else []
    shown: dict[str, list[set[str]]] = {}
    gains = []
    for row, opening in zip(rows, asked["openings"], strict=True):
        move, opens, closes = opening["move"], set(opening["opens"]), set(opening["closes"])
        assert len(opens) == len(opening["opens"]) > 0
        count = str(len(opens))
        if opening["certain"]:
            then = effects[move["clause"], move["wanted_code"] or move["wanted_number"]]
            assert (opens, closes) == (then - now, now - then)
            count += f" closes {len(closes)}" if closes else ""
        else:
            # Nothing but the amount is missing there.
            assert move["clause"] == "ticket_min"
            assert opens == {
                each.provider.public_id
                for each in mandates
                if say_verdict(each, known) == "not known"
                and say_clauses(each, known).get("Verified gate", True)
            }
            count = f"up to {count}"
        assert row[1] == count
        names = {m.provider.name for m in mandates if m.provider.public_id in opens}
        assert all(name in row[2] for name in names)
        shown.setdefault(move["clause"], []).append(opens)
        gains.append(len(opens) - len(closes))
    assert gains == sorted(gains, reverse=True)
    for (clause, _), then in effects.items():
        assert then <= now or then - now in shown.get(clause, [])
    return len(rows)


def list_unconnected(mandates: Sequence[Mandate], need: Need) -> list[Mandate]:
    """Those of funds for which nobody of the startup acts."""
    own = {each.person_id for each in need.startup.memberships}
    return [
        each
        for each in mandates
        if own.isdisjoint(member.person_id for member in each.provider.memberships)
    ]


def check_clauses(mandates: Sequence[Mandate], known: Known, page: str) -> None:
    """By which clauses funds are closed, or not known."""
    counted: dict[str, list[int]] = {}
    for mandate in mandates:
        for clause, says in say_clauses(mandate, known).items():
            if not says:
                counted.setdefault(clause, [0, 0])[says is None] += 1
    rows = read_rows(read_section(page, "clauses")) if counted else []
    assert {row[0]: [int(row[1]), int(row[2])] for row in rows} == counted


def test_open_funds_and_gates_ahead_add_up(app: Flask, client: FlaskClient, seed: int) -> None:
    chance = Random(seed)  # noqa: S311  (no secret)
    with app.app_context():
        session = db.session
        scene = make_scene(session)
        draw_mandates(session, scene, chance)
        draw_startups(session, scene, chance)
        log_in(client, scene.operator)
        published = session.scalars(select(Mandate).where(Mandate.state == "published")).all()
        hosted = Need.startup.has(Startup.incubator_id == scene.incubator.id)
        needs = session.scalars(select(Need).where(hosted)).all()
        page = visit(client, "/funds")
        program = Program(app, scene.operator)
        before: dict[int, set[int]] = {}
        opened: dict[int, set[int]] = {}
        moves = 0
        for need in needs:
            mandates = list_unconnected(published, need)
            known = read_known(session, need)
            passed = known.passed
            now = [say_verdict(each, known) for each in mandates]
            then = [say_verdict(each, known._replace(passed=passed + 1)) for each in mandates]
            before.setdefault(passed + 1, set()).add(need.startup_id)
            if any(new == "open" != old for old, new in zip(now, then, strict=True)):
                opened.setdefault(passed + 1, set()).add(need.startup_id)
            counted = " ".join(f"{verdict}: {now.count(verdict)}" for verdict in VERDICTS)
            card = next(c for c in page.split("<li") if f"/needs/{need.public_id}/funds" in c)
            assert counted in strip(card)
            shown = visit(client, f"/needs/{need.public_id}/funds")
            figures = read_facts(shown)
            assert figures["open"] == str(now.count("open"))
            assert figures["closed"] == str(now.count("closed"))
            assert figures["not known yet"] == str(now.count("not known"))
            with app.app_context():
                asked = program.get(f"/needs/{need.public_id}/funds").json
            moves += check_changes(mandates, known, shown, asked)
            check_clauses(mandates, known, shown)
            left_out = len(published) - len(mandates)
            assert (f"{left_out} fund is left out for a conflict of interest." in shown) is (
                left_out == 1
            )
            assert asked["in_conflict"] == left_out
        assert moves > len(needs)
        rows = read_rows(read_section(page, "gates"))
        seeking = {need.startup for need in needs}
        bare = sum(find_passed(session, startup) < 0 for startup in seeking)
        assert f"{len(seeking)} startups seek money. For {bare} of them no gate" in strip(page)
        everywhere = [*(gate.value.title() for gate in GATES), "All are passed"]
        assert rows == [
            [
                word,
                str(len(before.get(place, ()))),
                str(len(opened.get(place, ()))) if place < len(GATES) else "–",
            ]
            for place, word in enumerate(everywhere)
        ]
        check_proof(session, client, scene, published)


def check_proof(
    session: Session, client: FlaskClient, scene: Scene, published: Sequence[Mandate]
) -> None:
    """What a founder has to prove: each gate that opens funds which no lower one opens."""
    expected = []
    for need in session.scalars(select(Need).where(Need.startup_id == scene.startup.id)):
        mandates, known = list_unconnected(published, need), read_known(session, need)
        now = list_open(mandates, known)
        seen: list[set[str]] = [set()]
        for place in range(known.passed + 1, len(GATES)):
            opens = list_open(mandates, known._replace(passed=place)) - now
            if opens not in seen:
                seen.append(opens)
                expected.append([GATES[place].value.title(), need.title, str(len(opens))])
    session.commit()
    log_in(client, scene.founder)
    page = visit(client, "/claims")
    rows = read_rows(read_section(page, "gates")) if expected else []
    assert sorted(row[:3] for row in rows) == sorted(expected)
    assert all(len(row[3].split(" · ")) == int(row[2]) for row in rows)
