"""Whatever dashboards say of money and proof re-derives from its records, added up in plain Python.

The pages of the rooms are added up in the files beside this one.
"""

from collections.abc import Iterable
from random import Random
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now, today
from app.extensions import db
from app.home.words import TOTALS
from models.arrangement_states import ARRANGEMENT_BINDS
from models.arrangements import Arrangement
from models.commissioner_codes import CommissionerKind
from models.commissioner_states import CASE_RUNS
from models.commissioners import Commissioner, CompanyCare, FinanceCase
from models.deals import Deal
from models.engagements import Engagement
from models.financings import Financing
from models.lifecycle import ENGAGEMENT, INTEREST_COUNTS, VOUCHER_COUNTS
from models.organisations import Incubator, Startup
from models.products import FinanceProduct
from models.verification import VerificationOrder
from models.vocabulary import Role
from models.vouchers import Voucher, VoucherScheme
from tests.app.home.drawn_money import CAP, MONTH, TARGET, draw_all
from tests.app.home.page_figures import read_facts, read_rows, say, visit
from tests.app.verification.scenes import Scene, make_scene
from tests.factories import (
    join,
    log_in,
    make_person,
)

pytestmark = [
    pytest.mark.funds,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]


def add_up_interests(financings: Iterable[Financing]) -> int:
    return sum(
        interest.amount_yuan or 0
        for financing in financings
        for interest in financing.interests
        if interest.state in INTEREST_COUNTS
    )


def count_all(session: Session) -> dict[str, str]:
    """What the dashboard of the one incubator that there is has to say, from every record."""
    at, on = now(), today(now())
    soon = on + MONTH

    def rows(table: type[Any], *states: str) -> list[Any]:
        found = session.scalars(select(table)).all()
        return [each for each in found if not states or each.state in states]

    def say_all(found: list[Any], yuan: int | None = None) -> str:
        return str(len(found)) if yuan is None else f"{len(found)} {say(yuan)}"

    def rests(each: Any) -> bool:
        return bool(each.changed_at <= at - MONTH)

    schemes = {scheme.id: scheme for scheme in rows(VoucherScheme)}
    drawn, paid = rows(Voucher, *VOUCHER_COUNTS), rows(Voucher, "paid")
    expiring = [
        v for v in drawn if v.state == "reserved" and schemes[v.scheme_id].use_until <= soon
    ]
    expiring += [v for v in drawn if v.state in ("used", "returned") and v.claim_by <= soon]
    closed, still = rows(Financing, "closed"), rows(Financing, "open")
    short = [
        each
        for each in still
        if each.closes_on <= soon and add_up_interests([each]) < each.least_yuan
    ]
    money_ids = {each.id for each in rows(Engagement) if each.provider.kind == "investor"}
    deals = {each.engagement_id: each for each in rows(Deal)}
    resting = []
    for asked in rows(Engagement, "accepted", "active"):
        of_fund = deals.get(asked.id)
        last = asked.answered_at if of_fund is None else of_fund.changed_at
        is_open = of_fund is None or of_fund.state in ("inbox", "review")
        if asked.id in money_ids and is_open and last <= at - MONTH:
            resting.append(asked)
    bind = rows(Arrangement, *ARRANGEMENT_BINDS)
    unpaid = [part for each in bind for part in each.tranches if part.state == "released"]
    active = rows(Commissioner, "active")
    bank, equity = CommissionerKind.BANK, CommissionerKind.EQUITY
    running, done = rows(FinanceCase, *CASE_RUNS), rows(FinanceCase, "done")
    offered = [
        each
        for each in rows(FinanceProduct, "current")
        if each.valid_from <= on <= each.valid_until
    ]
    tests = rows(VerificationOrder)
    proven = ("reported", "settled")
    counted = {
        "orders_open": say_all([t for t in tests if t.state not in (*proven, "cancelled")]),
        "orders_reported": say_all([t for t in tests if t.state in proven]),
        "vouchers_drawn": say_all(drawn, sum(each.amount_yuan for each in drawn)),
        "vouchers_paid": say_all(paid, sum(each.amount_yuan for each in paid)),
        "vouchers_expiring": say_all(expiring),
        "financings_open": say_all(still),
        "financings_closed": say_all(closed, add_up_interests(closed)),
        "financings_short": say_all(short),
        "requests_unanswered": say_all(rows(Engagement, "requested")),
        "deals_resting": say_all(resting),
        "arrangements_bind": say_all(bind),
        "tranches_unpaid": say_all(unpaid),
        "arrangements_due": say_all(rows(Arrangement, "pending", "convertible", "due")),
        "products_offered": say_all(offered),
        "commissioners_bank": say_all([each for each in active if each.kind is bank]),
        "commissioners_equity": say_all([each for each in active if each.kind is equity]),
        "commissioners_other": say_all([e for e in active if e.kind not in (bank, equity)]),
        "companies_in_care": str(len({each.startup_id for each in rows(CompanyCare, "active")})),
        "cases_running": say_all(running),
        "cases_resting": say_all([each for each in running if rests(each)]),
        "cases_done": say_all(done, sum(each.obtained_yuan for each in done)),
        "cases_closed": say_all(rows(FinanceCase, "closed")),
    }
    with force_locale("en"):
        return {str(TOTALS[code]): words for code, words in counted.items()}


@pytest.mark.parametrize("seed", [3, 8])
def test_figures_on_pages_are_what_their_records_add_up_to(
    app: Flask, client: FlaskClient, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311  (no secret)
    with app.app_context():
        session = db.session
        scene = make_scene(session)
        draw_all(session, scene, chance)
        regulator = make_person(session)
        incubator = scene.funds.incubator
        join(session, regulator, Role.REGULATOR, place_code=incubator.place_code)
        session.commit()
        expected = count_all(session)
        assert len(expected) == len(TOTALS)
        for reader in (scene.funds.operator, regulator):
            log_in(client, reader)
            page = visit(client, "/dashboard")
            said = read_facts(page)
            assert {word: said.get(word, "0") for word in expected} == expected
        # The regulator's page, read last: incubators, startups, engagements by state.
        place = next(row for row in read_rows(page) if row[0])
        engagements = session.scalars(select(Engagement)).all()
        hosted = [each for each in session.scalars(select(Startup)) if each.incubator_id]
        incubators = session.scalars(select(Incubator)).all()
        assert {each.place_code for each in incubators} == {incubator.place_code}
        assert place[1:3] == [str(len(incubators)), str(len(hosted))]
        by_state = [sum(each.state == s for each in engagements) for s in ENGAGEMENT.states]
        assert place[3:] == [str(count) for count in by_state]
        log_in(client, scene.funds.founder)
        drawn = [
            voucher
            for voucher in session.scalars(select(Voucher))
            if voucher.state in VOUCHER_COUNTS
        ]
        for scheme in session.scalars(select(VoucherScheme)):
            left = CAP - sum(each.amount_yuan for each in drawn if each.scheme_id == scheme.id)
            assert say(left) in visit(client, "/vouchers")
        for financing in session.scalars(select(Financing).where(Financing.state == "open")):
            missing = financing.least_yuan - add_up_interests([financing])
            shown = visit(client, f"/financings/{financing.public_id}")
            if missing > 0:
                assert f"It can close once {say(missing)} more is committed." in shown
            else:
                taken = say(TARGET // 2 - missing)
                assert f"{taken} is committed, which is the minimum or more." in shown
        check_desk(session, client, scene)


def check_desk(session: Session, client: FlaskClient, scene: Scene) -> None:
    """What operators read of commissioners and of where money stalls."""
    log_in(client, scene.funds.operator)
    page = visit(client, f"/incubators/{scene.funds.incubator.public_id}/commissioners")
    said = read_facts(page)
    active = session.scalars(select(Commissioner).where(Commissioner.state == "active")).all()
    for kind, word in {
        CommissionerKind.BANK: "Bank commissioner",
        CommissionerKind.ADVICE: "Law or accounting commissioner",
    }.items():
        assert said[word].split()[0] == str(sum(each.kind is kind for each in active))
    cases = session.scalars(select(FinanceCase)).all()
    states = [sum(case.state == state for case in cases) for state in ("open", "in_progress")]
    resting = [c for c in cases if c.state in CASE_RUNS and c.changed_at <= now() - MONTH]
    ended = [sum(case.state == state for case in cases) for state in ("done", "closed")]
    (row,) = read_rows(page)
    assert row[1:6] == [str(count) for count in (*states, len(resting), *ended)]
    assert row[6] == say(sum(case.obtained_yuan or 0 for case in cases))
