"""What a startup could draw: of each scheme that stands, and for one order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clauses import Facts, Stated, Verdict
from app.clock import today
from app.facts.clause_facts import list_clause_facts
from app.mandates.checking import list_places_around
from app.matches.queries.conflicts import ConflictReason, find_conflict
from app.vouchers.checking import (
    COVERED,
    PLACES,
    REGISTERED,
    Eligibility,
    Hindrance,
    judge,
)
from app.vouchers.queries.schemes import list_standing
from app.vouchers.values import count_share, read_scheme
from app.vouchers.working_time import find_last_day
from models.fact_types import FactType
from models.lifecycle import VOUCHER_COUNTS
from models.organisations import Startup
from models.providers import Provider
from models.verification import VerificationOrder
from models.voucher_codes import CapBasis, CapFor
from models.vouchers import Voucher, VoucherScheme

# A competitor in common is a conflict of interest, and no affiliation.
_AFFILIATED: Final = frozenset(
    {
        ConflictReason.SAME_PERSON,
        ConflictReason.SHAREHOLDER,
        ConflictReason.SAME_EMPLOYER,
        ConflictReason.SAME_ORGANISATION,
    }
)


@dataclass(frozen=True, slots=True)
class PurseRow:
    """What one scheme has for one startup. Amounts in yuan, in the year `year`.

    `left_yuan` is what is left of the cap; a cap over each order is whole again for the next.
    `budget_left_yuan` is what the scheme has left for all; None: nothing is said of that.
    """

    scheme: VoucherScheme
    eligibility: Eligibility
    cap_yuan: int
    taken_yuan: int
    left_yuan: int
    budget_left_yuan: int | None
    apply_until: date
    use_until: date
    claim_until: date

    @property
    def most_yuan(self) -> int:
        """The most that can be drawn now."""
        if self.budget_left_yuan is None:
            return self.left_yuan
        return min(self.left_yuan, self.budget_left_yuan)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a scheme would pay of one order. With `hindrances` it pays nothing.

    `because` are the names that connect startup and centre.
    """

    row: PurseRow
    fee_yuan: int
    share_yuan: int
    hindrances: tuple[Hindrance, ...]
    because: tuple[str, ...] = ()

    @property
    def own_yuan(self) -> int:
        """What the startup pays itself."""
        return self.fee_yuan - self.share_yuan

    @property
    def is_cut(self) -> bool:
        """Whether less is left than the share of the fee would be."""
        return self.share_yuan < count_share(self.fee_yuan, self.row.scheme.share_bp or 0)

    @property
    def is_possible(self) -> bool:
        """Whether it can be reserved."""
        return not self.hindrances


def list_known(session: Session, startup: Startup, at: datetime) -> Facts:
    """What conditions are judged by: confirmed facts, the place, and whether it is registered."""
    known = dict(list_clause_facts(session, Startup, [startup.id], at=at, confirmed=True))
    facts = dict(known[startup.id])
    if startup.place_code is not None:
        facts[PLACES] = (Stated(list_places_around(startup.place_code)),)
    facts[REGISTERED] = (Stated(startup.credit_code is not None),)
    return facts


def get_cap(scheme: VoucherScheme, startup: Startup, facts: Facts) -> int:
    """The cap for this startup: the other one only where it is known that it applies."""
    if scheme.other_cap_yuan is not None:
        if scheme.other_cap_for is CapFor.TEAM and startup.credit_code is None:
            return scheme.other_cap_yuan
        resident = facts.get(FactType.RESIDENT.value, ())
        if scheme.other_cap_for is CapFor.RESIDENT and any(each.value is True for each in resident):
            return scheme.other_cap_yuan
    return scheme.cap_yuan or 0


def count_taken(
    session: Session, startup_id: int, scheme: VoucherScheme, year: int, *, but: int | None = None
) -> int:
    """What the startup has drawn that counts against the cap of `scheme` in `year`, in yuan.

    It counts over all versions of the scheme, wherever it is administered, without the voucher
    with the id `but`. A cap over each order has nothing taken from it.
    """
    if scheme.cap_basis is CapBasis.ORDER:
        return 0
    query = select(func.coalesce(func.sum(Voucher.amount_yuan), 0)).where(
        Voucher.startup_id == startup_id,
        Voucher.code == scheme.code,
        Voucher.state.in_(VOUCHER_COUNTS),
    )
    if scheme.cap_basis is CapBasis.YEAR:
        query = query.where(Voucher.year == year)
    if but is not None:
        query = query.where(Voucher.id != but)
    return int(session.scalar(query) or 0)


def count_budget_left(session: Session, scheme: VoucherScheme) -> int | None:
    """What this version has left for everybody, in yuan; None where its budget is not said."""
    if scheme.budget_yuan is None:
        return None
    drawn = session.scalar(
        select(func.coalesce(func.sum(Voucher.amount_yuan), 0)).where(
            Voucher.scheme_id == scheme.id, Voucher.state.in_(VOUCHER_COUNTS)
        )
    )
    return max(scheme.budget_yuan - int(drawn or 0), 0)


def make_row(
    session: Session, startup: Startup, scheme: VoucherScheme, facts: Facts, on: date
) -> PurseRow:
    """What a published version has for `startup` on the day `on`."""
    cap = get_cap(scheme, startup, facts)
    taken = count_taken(session, startup.id, scheme, on.year)
    apply_until, use_until, claim_until = list_last_days(scheme)
    return PurseRow(
        scheme=scheme,
        eligibility=judge(read_scheme(scheme), facts, on),
        cap_yuan=cap,
        taken_yuan=taken,
        left_yuan=max(cap - taken, 0),
        budget_left_yuan=count_budget_left(session, scheme),
        apply_until=apply_until,
        use_until=use_until,
        claim_until=claim_until,
    )


def list_last_days(scheme: VoucherScheme) -> tuple[date, date, date]:
    """Until when can be reserved, used and claimed. Raises LookupError for what is no whole one."""
    days = (scheme.apply_until, scheme.use_until, scheme.claim_until)
    found = [find_last_day(day) for day in days if day is not None]
    if len(found) != len(days):
        raise LookupError("a published scheme has all its days")
    return found[0], found[1], found[2]


def list_rows(session: Session, startup: Startup, at: datetime) -> list[PurseRow]:
    """What each scheme that stands has for `startup`, by title."""
    schemes = list_standing(session, startup.incubator_id)
    if not schemes:
        return []
    facts = list_known(session, startup, at)
    return [make_row(session, startup, scheme, facts, today(at)) for scheme in schemes]


def find_affiliation(session: Session, startup: Startup, centre: Provider) -> tuple[str, ...]:
    """The names that connect the two sides: people, shareholders, employers, organisations."""
    conflict = find_conflict(session, startup, centre)
    if conflict is None:
        return ()
    names = (
        name for each in conflict.connections if each.reason in _AFFILIATED for name in each.names
    )
    return tuple(dict.fromkeys(names))


def list_offers(session: Session, order: VerificationOrder, at: datetime) -> list[Offer]:
    """What each scheme would pay of the quote of `order`, the most first."""
    startup = order.engagement.startup
    schemes = list_standing(session, startup.incubator_id)
    if not schemes or order.quote is None:
        return []
    offers = _make_offers(session, order, schemes, at)
    return sorted(offers, key=lambda offer: (not offer.is_possible, -offer.share_yuan))


def make_offer(
    session: Session, order: VerificationOrder, scheme: VoucherScheme, at: datetime
) -> Offer:
    """What `scheme` would pay of the quote of `order`."""
    return _make_offers(session, order, [scheme], at)[0]


def _make_offers(
    session: Session, order: VerificationOrder, schemes: Sequence[VoucherScheme], at: datetime
) -> list[Offer]:
    startup, centre = order.engagement.startup, order.engagement.provider
    facts, on = list_known(session, startup, at), today(at)
    because = find_affiliation(session, startup, centre)
    common: list[Hindrance] = []
    if because:
        common.append(Hindrance.AFFILIATED)
    if is_drawn(session, order):
        common.append(Hindrance.DRAWN)
    if centre.centre is None or not centre.centre.accepts_vouchers:
        common.append(Hindrance.NOT_TAKEN)
    fee = 0 if order.quote is None else order.quote.price_yuan
    offers = []
    for scheme in schemes:
        row = make_row(session, startup, scheme, facts, on)
        share = min(count_share(fee, scheme.share_bp or 0), row.most_yuan)
        found = [*common, *_list_own(row, centre, on)]
        if not found and share <= 0:
            found.append(Hindrance.NOTHING)
        offers.append(Offer(row, fee, 0 if found else share, tuple(found), because))
    return offers


def _list_own(row: PurseRow, centre: Provider, on: date) -> list[Hindrance]:
    """What hinders this scheme, beside what hinders all."""
    scheme, found = row.scheme, []
    kinds = frozenset() if centre.centre is None else COVERED[centre.centre.centre_kind]
    if scheme.state != "current":
        found.append(Hindrance.WAITING)
    if scheme.opens_on is not None and on < scheme.opens_on:
        found.append(Hindrance.TOO_EARLY)
    if on > row.apply_until:
        found.append(Hindrance.TOO_LATE)
    if not kinds & set(scheme.covers):
        found.append(Hindrance.NOT_COVERED)
    if row.left_yuan <= 0:
        found.append(Hindrance.CAP_REACHED)
    if row.budget_left_yuan is not None and row.budget_left_yuan <= 0:
        found.append(Hindrance.BUDGET_USED_UP)
    if row.eligibility.verdict is Verdict.FAIL:
        found.append(Hindrance.NOT_ELIGIBLE)
    if row.eligibility.verdict is Verdict.UNKNOWN:
        found.append(Hindrance.NOT_KNOWN)
    return found


def is_drawn(session: Session, order: VerificationOrder) -> bool:
    """Whether a voucher pays for the order, or for the same claim at another centre."""
    found = session.scalar(
        select(Voucher.id)
        .where(
            (Voucher.order_id == order.id) | (Voucher.claim_id == order.claim_id),
            Voucher.state.in_(VOUCHER_COUNTS),
        )
        .limit(1)
    )
    return found is not None
