"""What pages of vouchers say in figures, added up here in plain Python."""

from datetime import timedelta
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now, today
from app.extensions import db
from models.lifecycle import VOUCHER, VOUCHER_COUNTS
from models.vouchers import Voucher, VoucherScheme
from tests.app.home.page_figures import (
    read_facts,
    read_rows,
    read_section,
    say,
    strip,
    visit,
)
from tests.app.verification.scenes import Scene, ask, make_scene, quote
from tests.app.vouchers.scenes import offer_scheme, take_vouchers
from tests.factories import AT, log_in

pytestmark = [
    pytest.mark.vouchers,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
    pytest.mark.parametrize("seed", [3, 8]),
]


def draw_vouchers(session: Session, scene: Scene, chance: Random) -> list[VoucherScheme]:
    on = today(now())
    schemes = []
    for number in range(4):
        scheme = offer_scheme(
            session,
            scene,
            title=f"Scheme {number} (example)",
            share_bp=chance.randrange(1, 10_000),
            cap_yuan=chance.randrange(50_000, 400_000),
            budget_yuan=chance.choice([None, chance.randrange(250_000, 900_000)]),
            apply_until=on + timedelta(days=100),
            use_until=on + timedelta(days=200),
            claim_until=on + timedelta(days=300),
        )
        for _ in range(14):
            amount = chance.randrange(1, 40_000)
            state = chance.choice(VOUCHER.states)
            voucher = Voucher(
                scheme=scheme,
                # What a startup that has left had drawn stays in the books.
                startup=chance.choice([scene.funds.startup, None]),
                code=scheme.code,
                state=state,
                year=on.year - (chance.random() < 0.3),
                fee_yuan=amount * 3,
                reserved_yuan=amount + chance.randrange(100),
                amount_yuan=amount,
                claim_by=on,
                reserved_at=AT,
                paid_at=AT if state in ("paid", "recovered") else None,
                changed_at=AT,
            )
            session.add(voucher)
        schemes.append(scheme)
    session.flush()
    return schemes


def test_vouchers_add_up(app: Flask, client: FlaskClient, seed: int) -> None:
    chance = Random(seed)  # noqa: S311  (no secret)
    with app.app_context():
        session = db.session
        scene = make_scene(session)
        take_vouchers(session, scene)
        fee = chance.randrange(20_000, 400_000)
        order = quote(session, scene, ask(session, scene), price_yuan=fee)
        schemes = draw_vouchers(session, scene, chance)
        on = today(now())
        log_in(client, scene.funds.operator)
        desk = visit(client, f"/incubators/{scene.funds.incubator.public_id}/vouchers")
        vouchers = session.scalars(select(Voucher)).all()
        assert f"{len(vouchers)} vouchers" in strip(read_section(desk, "queue"))
        rows = {row[0]: row[1:] for row in read_rows(read_section(desk, "totals"))}
        log_in(client, scene.funds.founder)
        purse = {row[0]: row for row in read_rows(visit(client, "/vouchers"))}
        choices = visit(client, f"/orders/{order.public_id}/voucher").split("<h2>")
        for scheme in schemes:
            own = [each for each in vouchers if each.scheme_id == scheme.id]
            assert rows[f"{scheme.title} Version 1"] == say_totals(scheme, own)
            counted = [each for each in own if each.state in VOUCHER_COUNTS]
            mine = [
                each
                for each in counted
                if each.startup_id == scene.funds.startup.id and each.year == on.year
            ]
            cap = scheme.cap_yuan or 0
            left = max(0, cap - sum(each.amount_yuan for each in mine))
            assert purse[scheme.title][4].startswith(f"{say(left)} of {say(cap)}")
            if scheme.budget_yuan is not None:
                remains = scheme.budget_yuan - sum(each.amount_yuan for each in counted)
                left = min(left, max(0, remains))
            share = min(fee * (scheme.share_bp or 0) // 10_000, left)
            facts = read_facts(next(each for each in choices if each.startswith(scheme.title)))
            if share:
                assert facts["Fee"] == say(fee)
                assert facts["The voucher's share"].startswith(f"{say(share)} ")
                assert facts["Your own share"] == say(fee - share)
            else:
                assert not facts
        voucher = next(each for each in vouchers if each.startup_id)
        facts = read_facts(visit(client, f"/vouchers/{voucher.public_id}"))
        assert facts["Fee"] == say(voucher.fee_yuan)
        assert facts["Reserved"].startswith(f"{say(voucher.reserved_yuan)} ")
        assert facts["Worth now"] == say(voucher.amount_yuan)


def say_totals(scheme: VoucherScheme, vouchers: list[Voucher]) -> list[str]:
    """The row of the officers' desk."""

    def add_up(*states: str) -> int:
        return sum(each.amount_yuan for each in vouchers if each.state in states)

    budget = "no budget said"
    if scheme.budget_yuan is not None:
        budget = say(scheme.budget_yuan - add_up(*VOUCHER_COUNTS))
    return [
        say(add_up("reserved", "used")),
        say(add_up("claimed", "held", "returned")),
        say(add_up("accepted")),
        say(add_up("paid")),
        say(add_up("recovered")),
        budget,
    ]
