"""What an erasure does with vouchers: amounts stay in the books, without whoever they were for."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from app.leaving import Erasing, Leaving, Traces
from app.vouchers.addresses import address_of_voucher
from app.vouchers.trace import leave_step, tell_founders, tell_officers
from models.lifecycle import VOUCHER
from models.vouchers import Voucher, VoucherEvidence, VoucherStep


def find_traces(session: Session, leaving: Leaving) -> Traces:
    """The vouchers of startups that go."""
    vouchers = session.scalars(
        select(Voucher).where(Voucher.startup_id.in_(leaving.startup_ids))
    ).all()
    return Traces(
        counts={"vouchers": len(vouchers)},
        public_ids=[voucher.public_id for voucher in vouchers],
        paths=[address_of_voucher(voucher) for voucher in vouchers],
    )


def erase_traces(session: Session, leaving: Leaving) -> Sequence[str]:
    """What a startup that goes had drawn and not been paid is free again, and so is what was
    reserved at a centre that goes, of which founders and officers are told. Of vouchers whose order
    is gone the amounts stay, and no words; of others what the person wrote goes. Gives what went.
    """
    found = session.scalars(
        select(Voucher).where(_is_of(leaving)).execution_options(populate_existing=True)
    )
    for voucher in found:
        is_theirs = voucher.startup_id in leaving.startup_ids
        if VOUCHER.is_allowed("drop", voucher.state) and (is_theirs or voucher.state == "reserved"):
            voucher.state = VOUCHER.follow("drop", voucher.state)
            if not is_theirs:
                leave_step(session, voucher, "voucher_released", actor=None, at=leaving.at)
                tell_founders(session, voucher, "voucher_released", at=leaving.at)
                tell_officers(session, voucher, "voucher_released", at=leaving.at)
        if is_theirs:
            voucher.startup_id = None
            voucher.order_id = None
            voucher.claim_id = None
        voucher.invoice = ""
        voucher.reference = ""
        voucher.held_because = []
    session.flush()
    gone = select(Voucher.id).where(Voucher.startup_id.is_(None))
    session.execute(delete(VoucherEvidence).where(VoucherEvidence.voucher_id.in_(gone)))
    bare = select(Voucher.id).where(Voucher.order_id.is_(None))
    words: list[str] = []
    for step in session.scalars(
        select(VoucherStep).where(
            VoucherStep.note != "",
            or_(leaving.is_person(VoucherStep.actor_id), VoucherStep.voucher_id.in_(bare)),
        )
    ):
        words.append(step.note)
        step.note = ""
    session.flush()
    return words


def _is_of(leaving: Leaving) -> ColumnElement[bool]:
    """Of a startup that goes, or of an order that went with its centre: those go first."""
    return or_(Voucher.startup_id.in_(leaving.startup_ids), Voucher.order_id.is_(None))


ERASING = Erasing(find_traces, erase_traces)
