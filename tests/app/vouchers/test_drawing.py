"""From the choice at the order to the money and back."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import Installation, make_actor
from app.clauses import Verdict
from app.clock import CHINA
from app.errors import NotFound, NotPermitted, OutOfOrder, ReasonMissing
from app.facts.actions import confirm_fact, state_fact
from app.facts.values import StatedFact
from app.verification.actions import quoting, reporting
from app.vouchers.actions import claiming, lapsing, reserving, reviewing
from app.vouchers.checking import Condition, Hindrance
from app.vouchers.errors import (
    EvidenceUnfit,
    InvoiceUsed,
    NothingLeft,
    PaymentUnfit,
    ReportNeeded,
    UseUnfit,
    VoucherDrawn,
    VoucherNotPossible,
    WindowClosed,
)
from app.vouchers.queries.offers import list_offers, list_rows
from app.vouchers.queries.vouchers import count_totals, list_actions
from app.vouchers.values import count_share
from app.vouchers.working_time import find_last_day
from models.audit import AuditEntry
from models.fact_types import FactType
from models.lifecycle import ActionNotAllowed
from models.vocabulary import Role
from models.voucher_codes import CapBasis, CapFor, VoucherCover, YearBasis
from models.vouchers import Voucher
from tests.app.verification.scenes import ask, list_told, quote
from tests.app.vouchers.scenes import (
    SHARE,
    USE,
    bring_voucher_to,
    by_officer,
    claim,
    keep_invoice,
    make_quoted,
    offer_scheme,
    order_with,
    report,
    use,
)
from tests.factories import AT, join, make_person
from tests.locks import list_locked
from tests.waiting import make_lister

list_waiting = make_lister("vouchers")

pytestmark = pytest.mark.vouchers
only_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


def test_the_whole_way_from_the_order_to_the_money(session: Session) -> None:
    scene, order, voucher = bring_voucher_to(session, "paid")

    assert order.state == "reported"
    assert (voucher.fee_yuan, voucher.reserved_yuan, voucher.amount_yuan) == (12_345, SHARE, SHARE)
    assert (voucher.year, voucher.reference) == (2026, "Transfer 9")
    assert voucher.report_sha256 == order.reports[0].sha256
    assert [step.kind for step in voucher.steps] == [
        "voucher_reserved",
        "voucher_used",
        "voucher_claimed",
        "voucher_accepted",
        "voucher_paid",
    ]
    assert list_told(session, scene.funds.founder)[-2:] == ["voucher_accepted", "voucher_paid"]
    assert list_told(session, scene.funds.operator)[-2:] == ["voucher_reserved", "voucher_claimed"]
    (total,) = count_totals(session, scene.funds.incubator)
    assert (dict(total.yuan), dict(total.count)) == ({"paid": SHARE}, {"paid": 1})
    recorded = session.scalars(
        select(AuditEntry.kind).where(AuditEntry.subject_table == "voucher")
    ).all()
    assert list(recorded) == [step.kind for step in voucher.steps]


@only_sqlite
def test_a_share_is_rounded_down_and_never_more_than_is_left(session: Session) -> None:
    assert [count_share(fee, 3333) for fee in (1, 3, 4, 10_001)] == [0, 0, 1, 3333]
    scene, order = make_quoted(session)
    first = offer_scheme(session, scene, title="A", cap_yuan=1_000)
    offer_scheme(session, scene, title="B", budget_yuan=900)
    offers = {each.row.scheme.title: each for each in list_offers(session, order, AT)}
    assert (offers["A"].share_yuan, offers["A"].own_yuan) == (1_000, 11_345)
    assert offers["B"].share_yuan == 900
    voucher = order_with(session, scene, order, first)
    assert voucher.amount_yuan == 1_000

    other = quote(session, scene, ask(session, scene, metric="Leakage"))
    with pytest.raises(VoucherNotPossible):
        order_with(session, scene, other, first)
    offers = {each.row.scheme.title: each for each in list_offers(session, other, AT)}
    assert offers["A"].hindrances == (Hindrance.CAP_REACHED,)


@only_sqlite
@pytest.mark.parametrize(
    ("changes", "hindrance"),
    [
        ({"apply_until": date(2026, 3, 2)}, Hindrance.TOO_LATE),
        ({"opens_on": date(2026, 3, 4)}, Hindrance.TOO_EARLY),
        ({"covers": (VoucherCover.COMPUTE,)}, Hindrance.NOT_COVERED),
        ({"places": ("110000",)}, Hindrance.NOT_ELIGIBLE),
        ({"staff_most": 500}, Hindrance.NOT_KNOWN),
        ({"needs_company": True}, Hindrance.NOT_ELIGIBLE),
        ({"share_bp": 1, "places": ("310000",)}, None),
    ],
)
def test_what_hinders_a_voucher_is_said(
    session: Session, changes: dict[str, Any], hindrance: Hindrance | None
) -> None:
    scene, order = make_quoted(session)
    scheme = offer_scheme(session, scene, **changes)
    (offer,) = list_offers(session, order, AT)

    assert offer.hindrances == (() if hindrance is None else (hindrance,))
    if hindrance is not None:
        with pytest.raises(VoucherNotPossible):
            order_with(session, scene, order, scheme)


@only_sqlite
def test_a_centre_that_takes_none_and_a_draft_are_refused(session: Session) -> None:
    scene, order = make_quoted(session)
    scheme = offer_scheme(session, scene)
    assert scene.centre.centre is not None
    scene.centre.centre.accepts_vouchers = False
    session.flush()
    (offer,) = list_offers(session, order, AT)
    assert offer.hindrances == (Hindrance.NOT_TAKEN,)

    scene.funds.startup.incubator_id = None
    session.flush()
    with pytest.raises(NotFound):
        reserving.reserve_voucher(
            session, order=order, scheme=scheme, actor=scene.funds.by_outsider, at=AT
        )
    with pytest.raises((OutOfOrder, NotFound, VoucherNotPossible)):
        reserving.reserve_voucher(
            session, order=order, scheme=scheme, actor=scene.by_founder, at=AT
        )


@only_sqlite
def test_conditions_are_judged_with_their_gap(session: Session) -> None:
    scene, _order = make_quoted(session)
    offer_scheme(session, scene, staff_most=20, places=("310000",))
    (row,) = list_rows(session, scene.funds.startup, AT)
    assert row.eligibility.verdict is Verdict.UNKNOWN
    fact = state_fact(
        session,
        subject=scene.funds.startup,
        stated=StatedFact(
            fact_type=FactType.STAFF, value=Decimal(25), begins_on=AT.date(), ends_on=AT.date()
        ),
        actor=scene.by_founder,
        at=AT,
    )
    confirm_fact(session, fact=fact, actor=scene.funds.by_operator, at=AT)
    (row,) = list_rows(session, scene.funds.startup, AT)
    (finding,) = row.eligibility.list_open()
    assert (finding.condition, finding.verdict, finding.gap) == (Condition.STAFF, Verdict.FAIL, 5)


@only_sqlite
def test_another_cap_stands_for_teams(session: Session) -> None:
    scene, _order = make_quoted(session)
    offer_scheme(session, scene, other_cap_yuan=700, other_cap_for=CapFor.TEAM)
    offer_scheme(session, scene, other_cap_yuan=90_000, other_cap_for=CapFor.RESIDENT)
    caps = [row.cap_yuan for row in list_rows(session, scene.funds.startup, AT)]
    assert caps == [700, 10_000]


def test_no_voucher_pays_twice_for_one_order_or_claim(session: Session) -> None:
    scene, order, _voucher = bring_voucher_to(session, "reserved", cap_basis=CapBasis.ORDER)
    scheme = offer_scheme(session, scene, title="Another")
    with pytest.raises(VoucherDrawn):
        reserving.reserve_voucher(
            session, order=order, scheme=scheme, actor=scene.by_founder, at=AT
        )
    session.add(
        Voucher(
            scheme=scheme,
            startup=scene.funds.startup,
            order=order,
            code=scheme.code,
            year=2026,
            fee_yuan=1,
            reserved_yuan=1,
            amount_yuan=1,
            claim_by=AT.date(),
            reserved_at=AT,
            changed_at=AT,
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


@only_sqlite
def test_a_cancelled_order_frees_its_voucher(session: Session) -> None:
    scene, order, voucher = bring_voucher_to(session, "reserved")
    quoting.cancel_order(session, order=order, reason="No", actor=scene.by_analyst, at=AT)

    assert voucher.state == "released"
    assert list_told(session, scene.funds.founder)[-2:].count("voucher_released") == 1
    (row,) = list_rows(session, scene.funds.startup, AT)
    assert (row.taken_yuan, row.left_yuan) == (0, 10_000)


@only_sqlite
def test_an_invoice_for_less_makes_the_voucher_less(session: Session) -> None:
    scene, order, voucher = bring_voucher_to(session, "reserved")
    with pytest.raises(ReportNeeded):
        claiming.use_voucher(
            session,
            voucher=voucher,
            values=replace(USE, paid_fee_yuan=9_000),
            actor=scene.by_founder,
            at=AT,
        )
    use(session, scene, order, voucher, paid_fee_yuan=9_000)
    assert (voucher.reserved_yuan, voucher.amount_yuan) == (SHARE, 2_999)


@only_sqlite
@pytest.mark.parametrize(
    "changes",
    [
        {"invoice": ""},
        {"invoiced_on": AT.date() - timedelta(days=1)},
        {"invoiced_on": AT.date() + timedelta(days=1)},
        {"invoiced_on": date(9999, 12, 31)},
        {"paid_fee_yuan": 0},
        {"paid_fee_yuan": 10**30},
    ],
)
def test_an_invoice_that_cannot_be_is_refused(session: Session, changes: dict[str, Any]) -> None:
    scene, order, voucher = bring_voucher_to(session, "reserved")
    report(session, scene, order)
    with pytest.raises(UseUnfit):
        use(session, scene, order, voucher, **changes)
    assert voucher.state == "reserved"


@only_sqlite
def test_at_the_end_of_a_year_the_named_day_decides(session: Session) -> None:
    december = AT.replace(month=12, day=31)
    january = AT.replace(year=2027, month=1, day=4)
    for basis, year in ((YearBasis.CONTRACT, 2026), (YearBasis.INVOICE, 2027)):
        scene, order = make_quoted(session)
        scheme = offer_scheme(session, scene, year_basis=basis)
        found = order.quote
        assert found is not None
        found.valid_until = date(2026, 12, 31)
        voucher = order_with(session, scene, order, scheme, at=december)
        assert voucher.year == 2026
        use(session, scene, order, voucher, at=january, invoiced_on=january.date())
        assert voucher.year == year


@only_sqlite
@pytest.mark.parametrize(("minute", "year"), [(59, 2026), (60, 2027)])
def test_a_report_of_new_years_eve_counts_by_the_calendar_of_china(
    session: Session, minute: int, year: int
) -> None:
    scene, order = make_quoted(session)
    scheme = offer_scheme(session, scene, year_basis=YearBasis.REPORT)
    voucher = order_with(session, scene, order, scheme)
    report(session, scene, order)
    # Midnight in China is at 16:00 UTC.
    eve = AT.replace(month=12, day=31, hour=15, minute=0)
    order.reports[0].published_at = eve + timedelta(minutes=minute)
    january = AT.replace(year=2027, month=1, day=4)
    use(session, scene, order, voucher, at=january, invoiced_on=january.date())
    assert (voucher.year, voucher.amount_yuan) == (year, SHARE)


@only_sqlite
def test_in_the_new_year_it_is_worth_no_more_than_is_left_there(session: Session) -> None:
    january = AT.replace(year=2027, month=1, day=4)
    scene, order = make_quoted(session)
    scheme = offer_scheme(session, scene, year_basis=YearBasis.INVOICE, cap_yuan=5_000)
    voucher = order_with(session, scene, order, scheme)
    other = quote(session, scene, ask(session, scene, metric="B"), valid_until=date(2027, 2, 1))
    # The cap of the next year is nearly drawn before the first one is used there.
    scheme.apply_until = date(2027, 2, 1)
    session.flush()
    order_with(session, scene, other, scheme, at=january)
    use(session, scene, order, voucher, at=january, invoiced_on=january.date())
    assert (voucher.year, voucher.amount_yuan) == (2027, 5_000 - SHARE)

    third = quote(session, scene, ask(session, scene, metric="C"), price_yuan=300)
    late = order_with(session, scene, third, scheme)
    report(session, scene, third)
    with pytest.raises(NothingLeft):
        claiming.use_voucher(
            session,
            voucher=late,
            values=replace(USE, invoiced_on=january.date(), paid_fee_yuan=300),
            actor=scene.by_founder,
            at=january,
        )


def test_a_last_day_without_offices_ends_with_the_next_working_day() -> None:
    assert find_last_day(date(2026, 1, 1)) > date(2026, 1, 1)
    assert find_last_day(date(2026, 3, 7)) == date(2026, 3, 9)
    assert find_last_day(date(2026, 3, 9)) == date(2026, 3, 9)


@only_sqlite
def test_windows_that_close_between_steps(session: Session) -> None:
    scene, order, voucher = bring_voucher_to(session, "used", claim_until=date(2027, 4, 30))
    late = AT.replace(year=2027, month=5, day=20)
    with pytest.raises(WindowClosed):
        claim(session, scene, voucher, at=late)

    clock = Installation.CLOCK
    soon = AT.replace(year=2027, month=4, day=20)
    assert lapsing.remind_of_vouchers(session, actor=clock, at=soon, limit=9) == 1
    assert list_told(session, scene.funds.founder)[-1] == "voucher_expiring"
    assert lapsing.remind_of_vouchers(session, actor=clock, at=soon, limit=9) == 0
    assert lapsing.lapse_vouchers(session, actor=clock, at=soon, limit=9) == 0
    assert lapsing.lapse_vouchers(session, actor=clock, at=late, limit=9) == 1
    assert (voucher.state, order.state) == ("lapsed", "reported")
    with pytest.raises(NotPermitted):
        lapsing.lapse_vouchers(session, actor=scene.by_founder, at=late, limit=9)


@only_sqlite
def test_what_was_returned_can_be_claimed_again_for_two_weeks(session: Session) -> None:
    scene, _order, voucher = bring_voucher_to(session, "claimed")
    last = AT.replace(year=2027, month=4, day=30)
    with pytest.raises(ReasonMissing):
        reviewing.return_voucher(
            session, voucher=voucher, reason="", actor=by_officer(scene), at=last
        )
    reviewing.return_voucher(
        session, voucher=voucher, reason="No stamp", actor=by_officer(scene), at=last
    )
    assert (voucher.state, voucher.claim_by) == ("returned", date(2027, 5, 14))
    claim(session, scene, voucher, at=AT.replace(year=2027, month=5, day=14))
    assert (voucher.state, voucher.reviewed_by_id) == ("claimed", None)


@only_sqlite
def test_what_was_returned_takes_a_corrected_invoice_and_never_more_than_the_cap(
    session: Session,
) -> None:
    scene, order, voucher = bring_voucher_to(session, "reserved", budget_yuan=SHARE)
    report(session, scene, order)
    by = {"voucher": voucher, "at": AT}
    wrong = replace(USE, paid_fee_yuan=1_234)
    claiming.use_voucher(session, values=wrong, actor=scene.by_founder, **by)
    claim(session, scene, voucher)
    reviewing.return_voucher(session, reason="A figure is missing", actor=by_officer(scene), **by)
    assert voucher.amount_yuan == 411
    claiming.use_voucher(session, values=USE, actor=scene.by_founder, **by)
    assert (voucher.state, voucher.invoice, voucher.amount_yuan) == ("used", "No 12", SHARE)
    # Somebody else has drawn the rest of the budget meanwhile.
    claim(session, scene, voucher)
    reviewing.return_voucher(session, reason="Once more", actor=by_officer(scene), **by)
    claiming.use_voucher(session, values=wrong, actor=scene.by_founder, **by)
    claim(session, scene, voucher)
    reviewing.return_voucher(session, reason="Once more", actor=by_officer(scene), **by)
    voucher.scheme.budget_yuan = 1_000
    session.flush()
    claiming.use_voucher(session, values=USE, actor=scene.by_founder, **by)
    assert voucher.amount_yuan == 1_000


@only_sqlite
def test_evidence_is_the_startups_own(session: Session) -> None:
    scene, order, voucher = bring_voucher_to(session, "used")
    theirs = order.reports[0].document
    assert theirs is not None
    for documents in ([], [theirs], [keep_invoice(session, scene)] * 6):
        with pytest.raises(EvidenceUnfit):
            claiming.claim_voucher(
                session, voucher=voucher, documents=documents, actor=scene.by_founder, at=AT
            )
    assert voucher.state == "used"


@only_sqlite
def test_one_invoice_is_used_and_claimed_once(session: Session) -> None:
    scene, _order, first = bring_voucher_to(session, "reserved", cap_basis=CapBasis.ORDER)
    use(session, scene, _order, first, invoice="FP 0801")
    other = quote(session, scene, ask(session, scene, metric="Leakage"))
    second = order_with(session, scene, other, first.scheme)
    with pytest.raises(InvoiceUsed):
        use(session, scene, other, second, invoice="fp0801")
    use(session, scene, other, second, invoice="FP 0802")
    # Uploaded twice it is the same file.
    files = [keep_invoice(session, scene) for _ in range(2)]
    by_founder = {"actor": scene.by_founder, "at": AT}
    claiming.claim_voucher(session, voucher=first, documents=files[:1], **by_founder)
    with pytest.raises(InvoiceUsed):
        claiming.claim_voucher(session, voucher=second, documents=files[1:], **by_founder)
    # What is refused has used nothing up.
    reviewing.refuse_voucher(session, voucher=first, reason="No", actor=by_officer(scene), at=AT)
    claiming.claim_voucher(session, voucher=second, documents=files[1:], **by_founder)
    assert second.state == "claimed"


@pytest.mark.parametrize("dialect", ["postgres"], indirect=True)
def test_the_purse_is_locked_before_the_voucher(session: Session) -> None:
    # As an order does whose report falls: facts of the startup first, then the voucher.
    scene, order, voucher = bring_voucher_to(session, "reserved")
    report(session, scene, order)
    for step in (
        lambda: use(session, scene, order, voucher),
        lambda: claim(session, scene, voucher),
    ):
        with list_locked(session) as locked:
            step()
        assert locked.index("startup") < locked.index("voucher_scheme") < locked.index("voucher")


@only_sqlite
def test_nothing_is_accepted_or_paid_while_the_report_is_disputed(session: Session) -> None:
    scene, order, voucher = bring_voucher_to(session, "claimed")
    officer = by_officer(scene)
    reporting.dispute_report(
        session, order=order, reason="Other pieces", actor=scene.by_founder, at=AT
    )
    assert list_actions(officer, voucher) == {"return", "refuse"}
    with pytest.raises(ReportNeeded):
        reviewing.accept_voucher(session, voucher=voucher, actor=officer, at=AT)
    reporting.uphold_report(
        session, order=order, reason="Same pieces", actor=scene.by_reviewer, at=AT
    )
    reviewing.accept_voucher(session, voucher=voucher, actor=officer, at=AT)
    assert voucher.state == "accepted"


@only_sqlite
def test_nobody_reviews_their_own_claim(session: Session) -> None:
    scene, _order, voucher = bring_voucher_to(session, "claimed")
    officer = scene.funds.operator
    join(session, officer, Role.FOUNDER, startup=scene.funds.startup)
    join(session, scene.funds.founder, Role.OPERATOR, incubator=scene.funds.incubator)
    session.expire_all()
    for person in (officer, scene.funds.founder):
        with pytest.raises(NotPermitted):
            reviewing.accept_voucher(session, voucher=voucher, actor=make_actor(person), at=AT)
        assert "accept" not in list_actions(make_actor(person), voucher)
    colleague = make_person(session)
    join(session, colleague, Role.OPERATOR, incubator=scene.funds.incubator)
    join(session, colleague, Role.CENTRE, provider=scene.centre)
    with pytest.raises(NotPermitted):
        reviewing.accept_voucher(session, voucher=voucher, actor=make_actor(colleague), at=AT)
    # Whoever claimed it and has left the startup since is no stranger to it.
    voucher.claimed_by_id = colleague.id
    with pytest.raises(NotFound):
        reviewing.accept_voucher(session, voucher=voucher, actor=scene.funds.by_outsider, at=AT)


@only_sqlite
def test_a_connection_found_at_the_claim_holds_it(session: Session) -> None:
    scene, _order, voucher = bring_voucher_to(session, "used")
    scene.funds.startup.shareholders = ["Common Holding (example)"]
    scene.centre.shareholders = ["Common Holding (example)"]
    session.flush()
    claim(session, scene, voucher)

    assert (voucher.state, voucher.held_because) == ("held", ["Common Holding (example)"])
    assert list_actions(by_officer(scene), voucher) == {"allow", "refuse"}
    with pytest.raises(ActionNotAllowed):
        reviewing.accept_voucher(session, voucher=voucher, actor=by_officer(scene), at=AT)
    reviewing.allow_voucher(
        session, voucher=voucher, reason="One per cent", actor=by_officer(scene), at=AT
    )
    reviewing.accept_voucher(session, voucher=voucher, actor=by_officer(scene), at=AT)
    assert (voucher.state, voucher.steps[-2].note) == ("accepted", "One per cent")


@only_sqlite
def test_a_connection_found_at_the_order_is_shown_with_its_reason(session: Session) -> None:
    scene, order = make_quoted(session)
    offer_scheme(session, scene)
    scene.funds.startup.shareholders = ["Common Holding (example)"]
    scene.centre.shareholders = ["Common Holding (example)"]
    session.flush()
    (offer,) = list_offers(session, order, AT)
    assert offer.hindrances == (Hindrance.AFFILIATED,)
    assert offer.because == ("Common Holding (example)",)


@only_sqlite
def test_what_can_no_more_be_claimed_waits_for_nobody(session: Session) -> None:
    scene, _order, voucher = bring_voucher_to(session, "used")
    last = datetime.combine(voucher.claim_by, time(23, 59), CHINA)
    for at, kinds in ((last, ["voucher_to_claim"]), (last + timedelta(minutes=1), [])):
        assert [each.kind for each in list_waiting(session, scene.by_founder, at)] == kinds


@only_sqlite
def test_a_report_that_falls_stops_the_money_and_what_was_paid_comes_back(
    session: Session,
) -> None:
    scene, order, voucher = bring_voucher_to(session, "accepted")
    reporting.invalidate_report(
        session, order=order, reason="Wrong probe", actor=scene.by_analyst, at=AT
    )
    assert voucher.report_fell_at == AT
    assert list_actions(by_officer(scene), voucher) == {"refuse"}
    with pytest.raises(ReportNeeded):
        reviewing.pay_voucher(
            session, voucher=voucher, reference="9", actor=by_officer(scene), at=AT
        )
    assert list_waiting(session, by_officer(scene), AT)[-1].kind == "voucher_to_recover"

    scene, order, voucher = bring_voucher_to(session, "paid")
    reporting.invalidate_report(
        session, order=order, reason="Wrong probe", actor=scene.by_analyst, at=AT
    )
    assert voucher.state == "paid"
    reviewing.recover_voucher(
        session, voucher=voucher, reason="Report fell", actor=by_officer(scene), at=AT
    )
    assert voucher.state == "recovered"
    (row,) = list_rows(session, scene.funds.startup, AT)
    assert row.taken_yuan == 0


@only_sqlite
def test_refused_with_a_reason_paid_with_a_number(session: Session) -> None:
    scene, _order, voucher = bring_voucher_to(session, "accepted")
    with pytest.raises(PaymentUnfit):
        reviewing.pay_voucher(
            session, voucher=voucher, reference="", actor=by_officer(scene), at=AT
        )
    reviewing.refuse_voucher(
        session, voucher=voucher, reason="Paid elsewhere", actor=by_officer(scene), at=AT
    )
    assert voucher.state == "refused"
    assert list_told(session, scene.funds.founder)[-1] == "voucher_refused"
    with pytest.raises(ActionNotAllowed):
        reserving.release_voucher(
            session, voucher=voucher, reason="", actor=scene.by_founder, at=AT
        )


@only_sqlite
def test_whoever_stands_in_draws_nothing(session: Session) -> None:
    scene, _order, voucher = bring_voucher_to(session, "reserved")
    stand_in = make_actor(
        scene.funds.operator,
        on_behalf_of=scene.funds.founder,
        within_incubator_id=scene.funds.incubator.id,
    )
    for action in (claiming.use_voucher, claiming.claim_voucher):
        values: dict[str, Any] = (
            {"values": USE} if action is claiming.use_voucher else {"documents": []}
        )
        with pytest.raises((NotPermitted, NotFound)):
            action(session, voucher=voucher, **values, actor=stand_in, at=AT)
    assert list_waiting(session, stand_in, AT) == []
