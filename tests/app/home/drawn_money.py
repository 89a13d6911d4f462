"""Money and proof of one incubator, many of each kind, drawn at random."""

from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from app.clock import now, today
from app.home.totals import FEW
from models.arrangements import Tranche
from models.commissioner_codes import CommissionerKind
from models.deals import Deal
from models.verification import VerificationOrder
from models.vouchers import Voucher
from tests.app.arrangements.scenes import make_arrangement
from tests.app.commissioners.scenes import make_care, make_case, make_commissioner
from tests.app.financings.scenes import make_financing, make_interest
from tests.app.funds.scenes import make_money_need
from tests.app.products.scenes import make_product
from tests.app.verification.scenes import Scene, claim_it
from tests.app.vouchers.scenes import offer_scheme
from tests.factories import (
    AT,
    make_engagement,
    make_investor,
    make_person,
    make_startup,
)

# More of each than are kept secret for being few.
MANY = FEW + 4
TARGET = 90_000_000
CAP = 5_000_000
MONTH = timedelta(days=30)


def draw_all(session: Session, scene: Scene, chance: Random) -> None:
    """All of it."""
    for drawing in (draw_vouchers, raise_money, bring_money, draw_deals, draw_orders):
        drawing(session, scene, chance)
    session.flush()


def draw(chance: Random, *kinds: Any) -> list[Any]:
    """Many of each of `kinds`, and some more, in any order."""
    drawn = [*kinds * MANY, *chance.choices(kinds, k=6)]
    chance.shuffle(drawn)
    return drawn


def draw_vouchers(session: Session, scene: Scene, chance: Random) -> None:
    on = today(now())
    far = on + timedelta(days=300)
    schemes = [
        offer_scheme(session, scene, cap_yuan=CAP, apply_until=on, use_until=until, claim_until=far)
        for until in (on + timedelta(days=9), far)
    ]
    # Some run out soon; of neither kind few are left beside the other.
    for state in draw(chance, "paid", "used", "accepted", "reserved", "refused", "lapsed"):
        amount = chance.randrange(1, 30_000)
        scheme = chance.choice(schemes)
        voucher = Voucher(
            scheme=scheme,
            startup=scene.funds.startup,
            code=scheme.code,
            state=state,
            year=on.year,
            fee_yuan=amount * 3,
            reserved_yuan=amount,
            amount_yuan=amount,
            claim_by=chance.choice([on, far]),
            reserved_at=AT,
            paid_at=AT,
            changed_at=AT,
        )
        session.add(voucher)


def raise_money(session: Session, scene: Scene, chance: Random) -> None:
    funds = [scene.funds.fund, *(make_investor(session) for _ in range(3))]
    for state in draw(chance, "open", "closed", "short", "lapsed"):
        need = make_money_need(session, scene.funds.startup)
        soon = today(now()) + timedelta(days=9)
        financing = make_financing(
            session,
            need,
            target_yuan=TARGET,
            least_yuan=TARGET // 2,
            closes_on=soon if state == "short" else soon + 4 * MONTH,
        )
        for fund in funds[: 1 if state == "short" else 4]:
            rung = chance.choice(["observing", "considering", "committed", "released"])
            amount = chance.randrange(1, 9_000_000)
            interest = make_interest(session, financing, fund, rung, amount)
            if state == "closed" and rung == "committed":
                interest.state, interest.paid_on = "invested", AT.date()
        if state in ("closed", "lapsed"):
            financing.state, financing.ended_at = state, AT


def bring_money(session: Session, scene: Scene, chance: Random) -> None:
    incubator, at = scene.funds.incubator, now()
    hosted = [make_startup(session, incubator=incubator) for _ in range(MANY)]
    kinds = draw(chance, *CommissionerKind)
    commissioners = []
    for number, kind in enumerate(kinds):
        state = "active" if number % 3 else "offered"
        person = make_person(session)
        commissioners.append(make_commissioner(session, incubator, person, state, kind=kind))
    active = [each for each in commissioners if each.state == "active"]
    cares = []
    # A company with two commissioners is one.
    for startup in hosted:
        for commissioner in chance.sample(active, 2):
            cares.append(make_care(session, commissioner, startup))
    make_care(session, active[0], scene.funds.startup, "asked")
    for state in draw(chance, "open", "in_progress", "done", "closed"):
        obtained = {"obtained_yuan": chance.randrange(1, 3_000_000)} if state == "done" else {}
        case = make_case(session, chance.choice(cares), state, **obtained)
        case.changed_at = at - chance.choice([MONTH * 2, MONTH / 2])
    for state in draw(chance, "current", "withdrawn", "over"):
        product = make_product(session, incubator, state=state, ended_at=AT)
        begins = today(at) + timedelta(days=chance.choice([-20, -20, 20]))
        product.valid_from, product.valid_until = begins, begins + 3 * MONTH


def draw_deals(session: Session, scene: Scene, chance: Random) -> None:
    fund, at = scene.funds.fund, now()
    long_ago, lately = at - 2 * MONTH, at - MONTH / 2
    for state in draw(chance, "requested", "accepted", "active", "declined"):
        need = make_money_need(session, scene.funds.startup)
        answered_at = None if state == "requested" else chance.choice([long_ago, lately])
        asked = make_engagement(session, need, fund, state=state, answered_at=answered_at)
        if state not in ("accepted", "active") or chance.random() < 0.4:
            continue
        stands = chance.choice(["inbox", "review", "withdrawn"])
        changed_at = chance.choice([long_ago, lately])
        session.add(Deal(engagement=asked, state=stands, received_at=AT, changed_at=changed_at))
    for state in draw(chance, "running", "due", "pending", "ended", "declined"):
        need = make_money_need(session, scene.funds.startup)
        asked = make_engagement(session, need, fund, state="completed", answered_at=AT)
        agreed: dict[str, Any] = {"offered_at": AT, "agreed_at": AT, "ended_at": AT}
        if state == "ended":
            agreed["end_outcome"] = "waived"
        arrangement = make_arrangement(session, asked, state=state, **agreed)
        for number in (1, 2):
            tranche = Tranche(number=number, amount_yuan=9, paid_on=AT.date())
            tranche.state = chance.choice(["released", "waiting", "paid"])
            arrangement.tranches.append(tranche)


def draw_orders(session: Session, scene: Scene, chance: Random) -> None:
    for state in draw(chance, "asked", "in_lab", "reported", "settled", "cancelled"):
        claim = claim_it(session, scene, metric=f"Leak {chance.random()}")
        session.add(
            VerificationOrder(
                engagement=scene.engagement,
                claim=claim,
                state=state,
                asked_at=AT,
                changed_at=AT,
                settled_at=AT,
            )
        )
