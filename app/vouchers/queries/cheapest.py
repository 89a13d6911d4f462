"""What to have tested for a need, so that most funds open for the least money."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from app.clauses import Verdict
from app.clock import today
from app.funds.queries.comparing import Comparison, compare
from app.mandates.checking import Judgement, judge
from app.mandates.openings import screen
from app.mandates.published import Published
from app.matches.queries.conflicts import list_conflicts
from app.vouchers.cheapest import Goal, Limits, Option, Plan, find_cheapest
from app.vouchers.checking import COVERED
from app.vouchers.queries.offers import PurseRow, list_rows
from app.vouchers.values import count_share
from app.words.limits import MONEY_LIMIT_YUAN
from models.engagements import Engagement
from models.needs import Need
from models.organisations import Startup
from models.providers import Centre, CentreService, Provider
from models.verification import Claim, VerificationOrder
from models.vocabulary import Gate, ProviderKind
from models.voucher_codes import CapBasis

_GATES: Final = tuple(gate.value for gate in Gate)


@dataclass(frozen=True, slots=True)
class Offered:
    """A test that could be ordered: a service at its listed price, or a quote that stands."""

    gate: Gate
    centre: Provider
    service: str
    price_unit: str
    fee_yuan: int
    lead_days: int
    order_public_id: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedTest:
    """A test of the plan, and which scheme would pay how much of it."""

    offered: Offered
    scheme: str | None
    share_yuan: int

    @property
    def own_yuan(self) -> int:
        """What is left to pay."""
        return self.offered.fee_yuan - self.share_yuan


@dataclass(frozen=True, slots=True)
class Shut:
    """A fund that stays shut, as it would be judged after the plan.

    `needs_days` and `needs_yuan` are the least with which tests alone would open it; None: tests
    alone do not, and `judgement` says what would.
    """

    fund: Published
    judgement: Judgement
    needs_days: int | None = None
    needs_yuan: int | None = None


@dataclass(frozen=True, slots=True)
class ProofPlan:
    """The cheapest proof for a need. `unpriced` services say no price and are left out."""

    plan: Plan
    tests: Sequence[PlannedTest]
    opens: Sequence[Published]
    open_now: int
    shut: Sequence[Shut]
    offered: int
    unpriced: int


def plan_proof(
    session: Session,
    need: Need,
    *,
    lead_days: int | None,
    own_yuan: int | None,
    every_gate: bool,
    at: datetime,
) -> ProofPlan:
    """The tests that open most funds for `need` within the limits, for the least own money.

    A gate is passed with all that come before it; with `every_gate` each gate on the way is tested
    on its own, one after the other. Centres in conflict of interest are left out.
    """
    on = today(at)
    comparison = compare(session, need, on)
    passed = comparison.sought.gate
    ahead = list(_GATES if passed is None else _GATES[_GATES.index(passed) + 1 :])
    least = _find_least_gates(comparison, ahead, on)
    offered, unpriced = _list_offered(session, need.startup, ahead, on)
    rows = list_rows(session, need.startup, at)
    options = [
        Option(
            key=f"{number:06}",
            proofs=frozenset([each.gate.value] if every_gate else ahead[: _rank(ahead, each) + 1]),
            fee_yuan=each.fee_yuan,
            lead_days=each.lead_days,
            shares=_list_shares(each, rows, on),
        )
        for number, each in enumerate(offered)
    ]
    needs = {
        gate: frozenset(ahead[: ahead.index(gate) + 1] if every_gate else [gate])
        for gate in set(least.values())
    }
    counted = Counter(least.values())
    goals = [Goal(needs[gate], counted[gate]) for gate in ahead if gate in needs]
    limits = Limits(
        lead_days=lead_days,
        own_yuan=own_yuan,
        left=_list_left(rows),
        one_by_one=every_gate,
    )
    plan = find_cheapest(options, goals, limits)
    free = replace(limits, lead_days=None, own_yuan=None)
    reached = [gate for gate in ahead if gate in plan.proofs]
    # With what each gate that stays out of reach would be reached.
    beyond = {
        gate: find_cheapest(options, [Goal(wanted)], free)
        for gate, wanted in needs.items()
        if not wanted <= plan.proofs
    }
    opens = [comparison.funds[place] for place, gate in least.items() if needs[gate] <= plan.proofs]
    after = replace(comparison.sought, gate=reached[-1] if reached else passed)
    titles = {row.scheme.public_id: row.scheme.title for row in rows}
    return ProofPlan(
        plan=plan,
        tests=[
            PlannedTest(
                offered[int(each.test.key)],
                None if each.scheme is None else titles[each.scheme],
                each.share_yuan,
            )
            for each in plan.chosen
        ],
        opens=opens,
        open_now=len(comparison.outlook.list_with(Verdict.PASS)),
        shut=[
            _tell_shut(fund, judge(fund.terms, after, on), beyond.get(least.get(place, "")))
            for place, fund in enumerate(comparison.funds)
            if fund not in opens
            and comparison.outlook.judgements[place].verdict is not Verdict.PASS
        ],
        offered=len(offered),
        unpriced=unpriced,
    )


def _rank(ahead: Sequence[str], offered: Offered) -> int:
    return ahead.index(offered.gate.value)


def _tell_shut(fund: Published, judgement: Judgement, beyond: Plan | None) -> Shut:
    if beyond is None or not beyond.weight:
        return Shut(fund, judgement)
    return Shut(fund, judgement, beyond.lead_days, beyond.own_yuan)


def _find_least_gates(comparison: Comparison, ahead: Sequence[str], on: date) -> Mapping[int, str]:
    """By the place of a fund that is shut now: the first gate with which it would be open."""
    terms = [fund.terms for fund in comparison.funds]
    now, *then = screen(
        terms,
        [comparison.sought, *(replace(comparison.sought, gate=gate) for gate in ahead)],
        on,
    )
    least: dict[int, str] = {}
    for gate, verdicts in zip(ahead, then, strict=True):
        for place, verdict in enumerate(verdicts):
            if verdict is Verdict.PASS and now[place] is not Verdict.PASS:
                least.setdefault(place, gate)
    return least


def _list_offered(
    session: Session, startup: Startup, ahead: Sequence[str], on: date
) -> tuple[list[Offered], int]:
    """What can be ordered for the gates ahead, quotes first, and how many give no price."""
    conflicts = list_conflicts(session, startup)
    quoted = session.scalars(
        select(VerificationOrder)
        .join(VerificationOrder.engagement)
        .join(VerificationOrder.claim)
        .where(
            Engagement.startup_id == startup.id,
            VerificationOrder.state == "quoted",
            Claim.state == "stated",
            Claim.gate.in_(ahead),
        )
        .options(
            contains_eager(VerificationOrder.claim),
            contains_eager(VerificationOrder.engagement)
            .joinedload(Engagement.provider)
            .joinedload(Provider.centre),
        )
        .order_by(VerificationOrder.id)
    )
    offered = [
        Offered(
            gate=order.claim.gate,
            centre=order.engagement.provider,
            service=order.quote.service_name,
            price_unit="",
            fee_yuan=order.quote.price_yuan,
            lead_days=order.quote.lead_days,
            order_public_id=order.public_id,
        )
        for order in quoted
        if order.quote is not None
        and order.quote.valid_until >= on
        and order.claim.gate is not None
        and order.engagement.provider_id not in conflicts
    ]
    services = session.scalars(
        select(CentreService)
        .join(CentreService.centre)
        .join(Centre.provider)
        .where(
            Provider.state == "published",
            Provider.kind == ProviderKind.CENTRE,
            CentreService.gate.in_(ahead),
        )
        .options(
            contains_eager(CentreService.centre)
            .contains_eager(Centre.provider)
            .joinedload(Provider.centre)
        )
        .order_by(CentreService.provider_id, CentreService.ordinal, CentreService.id)
    )
    unpriced = 0
    for service in services:
        if service.provider_id in conflicts:
            continue
        if service.price_yuan <= 0:
            unpriced += 1
            continue
        offered.append(
            Offered(
                gate=service.gate,
                centre=service.centre.provider,
                service=service.name,
                price_unit=service.price_unit,
                fee_yuan=service.price_yuan,
                lead_days=max(service.lead_time_days, 1),
            )
        )
    return offered, unpriced


def _list_shares(offered: Offered, rows: Sequence[PurseRow], on: date) -> Mapping[str, int]:
    """What each scheme that can be drawn of now would pay of the fee."""
    centre = offered.centre.centre
    if centre is None or not centre.accepts_vouchers:
        return {}
    shares: dict[str, int] = {}
    for row in rows:
        scheme = row.scheme
        is_open = (
            scheme.state == "current"
            and (scheme.opens_on is None or scheme.opens_on <= on)
            and on <= row.apply_until
        )
        is_covered = bool(COVERED[centre.centre_kind] & set(scheme.covers))
        if not is_open or not is_covered or row.eligibility.verdict is not Verdict.PASS:
            continue
        share = min(count_share(offered.fee_yuan, scheme.share_bp or 0), row.most_yuan)
        if share > 0:
            shares[scheme.public_id] = share
    return shares


def _list_left(rows: Sequence[PurseRow]) -> Mapping[str, int]:
    """What each scheme has left for all tests of a plan together."""
    left = {}
    for row in rows:
        most = row.most_yuan
        if row.scheme.cap_basis is CapBasis.ORDER:
            # The cap counts for each test, and stands in its share.
            most = MONEY_LIMIT_YUAN if row.budget_left_yuan is None else row.budget_left_yuan
        left[row.scheme.public_id] = most
    return left
