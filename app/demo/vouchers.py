"""A voucher scheme of the demonstration's incubator, and what became of three vouchers of it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor
from app.clock import today
from app.vouchers.actions import claiming, reviewing
from app.vouchers.actions.schemes import draft_scheme, publish_scheme
from app.vouchers.catalogue import find_listed
from app.vouchers.values import SchemeValues, UseValues
from models.documents import Document
from models.organisations import Incubator
from models.verification import VerificationOrder
from models.vocabulary import DocumentKind
from models.voucher_codes import SourceGrade, VoucherCover
from models.vouchers import Voucher, VoucherEvidence, VoucherScheme

# So far from each other are the steps of one voucher.
_STEP: Final = timedelta(hours=6)


def administer_schemes(
    session: Session, incubator: Incubator, said: Mapping[str, Any], *, actor: Actor, at: datetime
) -> VoucherScheme:
    """`incubator` has published the scheme that `said` describes, and drafts a public one."""
    year = today(at).year
    scheme = draft_scheme(
        session,
        incubator=incubator,
        values=SchemeValues(
            title=said["title"],
            note=said["note"],
            places=tuple(said["places"]),
            covers=tuple(VoucherCover(code) for code in said["covers"]),
            share_bp=said["share_bp"],
            cap_yuan=said["cap_yuan"],
            budget_yuan=said["budget_yuan"],
            opens_on=date(year - 1, 1, 1),
            apply_until=date(year, 12, 31),
            use_until=date(year + 1, 3, 31),
            claim_until=date(year + 1, 4, 30),
            source_title=said["source"],
            grade=SourceGrade.LEAD_ONLY,
        ),
        actor=actor,
        at=at,
    )
    publish_scheme(session, scheme=scheme, version=scheme.version, actor=actor, at=at)
    if (listed := find_listed(said["drafted"])) is not None:
        draft_scheme(
            session,
            incubator=incubator,
            values=listed.values,
            code=listed.code,
            actor=actor,
            at=at,
        )
    return scheme


def take_its_course(
    session: Session,
    order: VerificationOrder,
    row: Mapping[str, Any],
    *,
    founder: Actor,
    officer: Actor,
    at: datetime,
) -> None:
    """The voucher of `order` is used from `at` on, claimed, and refused or paid as `row` says."""
    voucher = session.scalars(select(Voucher).where(Voucher.order_id == order.id)).one()
    claiming.use_voucher(
        session,
        voucher=voucher,
        values=UseValues(
            invoice=row["invoice"], invoiced_on=today(at), paid_fee_yuan=voucher.fee_yuan
        ),
        actor=founder,
        at=at,
    )
    # An invoice is claimed with once; without another one the claim lacks it.
    evidence = session.scalars(
        select(Document)
        .where(
            Document.startup_id == order.engagement.startup_id,
            Document.state == "available",
            Document.id.not_in(
                select(VoucherEvidence.document_id).where(VoucherEvidence.document_id.is_not(None))
            ),
        )
        .order_by((Document.kind == DocumentKind.INVOICE).desc(), Document.id)
    ).first()
    if evidence is None:
        return
    claiming.claim_voucher(
        session, voucher=voucher, documents=[evidence], actor=founder, at=at + _STEP
    )
    if row["fate"] == "refused":
        reviewing.refuse_voucher(
            session, voucher=voucher, reason=row["reason"], actor=officer, at=at + 2 * _STEP
        )
        return
    reviewing.accept_voucher(session, voucher=voucher, actor=officer, at=at + 2 * _STEP)
    reviewing.pay_voucher(
        session, voucher=voucher, reference=row["reference"], actor=officer, at=at + 3 * _STEP
    )
