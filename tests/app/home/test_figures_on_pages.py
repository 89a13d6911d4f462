"""Whatever a page says of money re-derives from its records, added up here in plain Python."""

import re
from collections.abc import Iterable
from datetime import date
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions import db
from app.home.totals import FEW
from models.commissioners import FinanceCase
from models.financings import Financing
from models.lifecycle import INTEREST_COUNTS, VOUCHER_COUNTS
from models.people import Person
from models.vocabulary import Role
from models.vouchers import Voucher, VoucherScheme
from tests.app.commissioners.scenes import make_care, make_case, make_commissioner
from tests.app.financings.scenes import make_financing, make_interest
from tests.app.funds.scenes import make_money_need
from tests.app.verification.scenes import Scene, make_scene
from tests.app.vouchers.scenes import offer_scheme
from tests.factories import AT, join, log_in, make_investor, make_person

pytestmark = [
    pytest.mark.funds,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]

# More of each than are kept secret for being few.
MANY = FEW + 4
TARGET = 90_000_000
CAP = 5_000_000

_FIGURE = re.compile(
    r"<dt>(?P<word>[^<]+)</dt><dd>(?P<count>\d+)"
    r"(?: <span class=\"note\">CNY (?P<yuan>[\d,]+)</span>)?"
)


def say(yuan: int) -> str:
    return f"CNY {yuan:,}"


def draw_vouchers(session: Session, scene: Scene, scheme: VoucherScheme, chance: Random) -> None:
    day = date(scheme.use_until.year, 12, 31)
    # Both kinds many enough, so that neither is told by what is left of the other.
    for state in ["paid", "used"] * MANY + ["released", "lapsed"]:
        amount = chance.randrange(1, 60_000)
        voucher = Voucher(
            scheme=scheme,
            startup=scene.funds.startup,
            code=scheme.code,
            state=state,
            year=AT.year,
            fee_yuan=amount * 3,
            reserved_yuan=amount,
            amount_yuan=amount,
            claim_by=day,
            reserved_at=AT,
            paid_at=AT,
            changed_at=AT,
        )
        session.add(voucher)


def raise_money(session: Session, scene: Scene, chance: Random) -> None:
    funds = [scene.funds.fund, *(make_investor(session) for _ in range(3))]
    for number in range(2 * MANY):
        need = make_money_need(session, scene.funds.startup)
        financing = make_financing(session, need, target_yuan=TARGET, least_yuan=TARGET // 2)
        for fund in funds:
            state = chance.choice(["observing", "considering", "committed", "released"])
            amount = chance.randrange(1, 9_000_000)
            interest = make_interest(session, financing, fund, state, amount)
            if number % 2 and state == "committed":
                interest.state, interest.paid_on = "invested", AT.date()
        if number % 2:
            financing.state, financing.ended_at = "closed", AT


def bring_money(session: Session, scene: Scene, chance: Random) -> None:
    commissioner = make_commissioner(session, scene.funds.incubator, make_person(session))
    care = make_care(session, commissioner, scene.funds.startup)
    for _ in range(MANY):
        make_case(session, care, "done", obtained_yuan=chance.randrange(1, 3_000_000))


def add_up_interests(financings: Iterable[Financing]) -> int:
    return sum(
        interest.amount_yuan or 0
        for financing in financings
        for interest in financing.interests
        if interest.state in INTEREST_COUNTS
    )


@pytest.mark.parametrize("seed", [3, 8])
def test_figures_on_pages_are_what_their_records_add_up_to(
    app: Flask, client: FlaskClient, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311  (no secret)
    with app.app_context():
        session = db.session
        scene = make_scene(session)
        scheme = offer_scheme(session, scene, cap_yuan=CAP)
        draw_vouchers(session, scene, scheme, chance)
        raise_money(session, scene, chance)
        bring_money(session, scene, chance)
        regulator = make_person(session)
        join(session, regulator, Role.REGULATOR, place_code=scene.funds.incubator.place_code)
        ids = [each.id for each in (scene.funds.founder, scene.funds.operator, regulator)]
        session.commit()
    with app.app_context():
        founder, *readers = [db.session.get_one(Person, number) for number in ids]
        for person in (founder, *readers):
            person.locale = "en"
        vouchers = db.session.scalars(select(Voucher)).all()
        drawn = [each for each in vouchers if each.state in VOUCHER_COUNTS]
        paid = [each for each in vouchers if each.state == "paid"]
        financings = db.session.scalars(select(Financing)).all()
        closed = [each for each in financings if each.state == "closed"]
        open_now = [each for each in financings if each.state == "open"]
        cases = db.session.scalars(select(FinanceCase)).all()
        expected = {
            "vouchers drawn": (len(drawn), sum(each.amount_yuan for each in drawn)),
            "vouchers paid out": (len(paid), sum(each.amount_yuan for each in paid)),
            "financings open": (len(open_now), None),
            "financings closed with success": (len(closed), add_up_interests(closed)),
            "finance cases that brought money": (
                len(cases),
                sum(each.obtained_yuan or 0 for each in cases),
            ),
        }
        for reader in readers:
            log_in(client, reader)
            db.session.commit()
            assert expected.items() <= read_figures(client.get("/dashboard").text).items()
        log_in(client, founder)
        missing = {each.public_id: each.least_yuan - add_up_interests([each]) for each in open_now}
        db.session.commit()
        left = CAP - sum(each.amount_yuan for each in drawn)
    assert say(left) in client.get("/vouchers").text
    for public_id, yuan in missing.items():
        page = client.get(f"/financings/{public_id}").text
        if yuan > 0:
            assert f"It can close once {say(yuan)} more is committed." in page
        else:
            assert f"{say(TARGET // 2 - yuan)} is committed, which is the minimum or more." in page


def read_figures(page: str) -> dict[str, tuple[int, int | None]]:
    """What the totals of a dashboard say."""
    return {
        found["word"]: (
            int(found["count"]),
            int(found["yuan"].replace(",", "")) if found["yuan"] else None,
        )
        for found in _FIGURE.finditer(page)
    }
