"""A startup with a quoted order, an incubator that administers a scheme, and its officer."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor
from app.vault.actions.uploading import upload_document
from app.vault.contents import check_file
from app.vault.keeping import StoredFile
from app.verification.actions import quoting, samples, testing
from app.vouchers.actions import claiming, reviewing
from app.vouchers.actions.schemes import draft_scheme, publish_scheme
from app.vouchers.values import SchemeValues, UseValues
from models.documents import Document
from models.orm import new_public_id
from models.verification import VerificationOrder
from models.vocabulary import DocumentKind
from models.voucher_codes import SourceGrade, VoucherCover
from models.vouchers import Voucher, VoucherScheme
from tests.app.vault.scenes import PDF
from tests.app.verification.scenes import ON, Scene, ask, make_scene, publish, quote
from tests.app.verification.scenes import submit as submit_result
from tests.factories import AT, act_as

VALUES = SchemeValues(
    title="Scheme of the town (example)",
    covers=(VoucherCover.TESTING,),
    share_bp=3333,
    cap_yuan=10_000,
    opens_on=date(2026, 1, 1),
    apply_until=date(2026, 12, 31),
    use_until=date(2027, 3, 31),
    claim_until=date(2027, 4, 30),
    source_title="Notice 7 (example)",
    grade=SourceGrade.OFFICIAL,
    checked_on=ON,
)
USE = UseValues(invoice="No 12", invoiced_on=ON, paid_fee_yuan=12_345)
# A third of 12,345 yuan, rounded down.
SHARE = 4_114


def by_officer(scene: Scene) -> Actor:
    return act_as(scene.funds.operator)


def offer_scheme(
    session: Session, scene: Scene, *, code: str = "", **changes: Any
) -> VoucherScheme:
    scheme = draft_scheme(
        session,
        incubator=scene.funds.incubator,
        values=replace(VALUES, **changes),
        code=code,
        actor=by_officer(scene),
        at=AT,
    )
    publish_scheme(session, scheme=scheme, version=scheme.version, actor=by_officer(scene), at=AT)
    return scheme


def make_quoted(session: Session, **quoted: Any) -> tuple[Scene, VerificationOrder]:
    scene = make_scene(session)
    take_vouchers(session, scene)
    return scene, quote(session, scene, ask(session, scene), **quoted)


def take_vouchers(session: Session, scene: Scene) -> None:
    assert scene.centre.centre is not None
    scene.centre.centre.accepts_vouchers = True
    session.flush()


def order_with(
    session: Session,
    scene: Scene,
    order: VerificationOrder,
    scheme: VoucherScheme,
    at: datetime = AT,
) -> Voucher:
    found = order.quote
    assert found is not None
    quoting.accept_quote(
        session,
        order=order,
        number=found.number,
        scheme=scheme,
        actor=scene.by_founder,
        at=at,
    )
    return session.scalars(
        select(Voucher).where(Voucher.order_id == order.id, Voucher.state == "reserved")
    ).one()


def report(session: Session, scene: Scene, order: VerificationOrder) -> None:
    """The order goes its way up to a published report."""
    sample = samples.send_sample(
        session, order=order, description="Ten", actor=scene.by_founder, at=AT
    )
    samples.receive_sample(
        session, order=order, sample=sample, condition="Whole", actor=scene.by_analyst, at=AT
    )
    submit_result(session, scene, order)
    testing.verify_result(session, order=order, actor=scene.by_reviewer, at=AT)
    publish(session, scene, order)


def keep_invoice(session: Session, scene: Scene, content: bytes = PDF + b"\ninvoice") -> Document:
    stored = StoredFile(
        f"invoice {new_public_id()}", check_file("invoice.pdf", content, megabytes=1)
    )
    return upload_document(
        session,
        owner=scene.funds.startup,
        stored=stored,
        title="Invoice",
        kind=DocumentKind.INVOICE,
        is_declared=True,
        quota_megabytes=5,
        actor=scene.by_founder,
        at=AT,
    )


def bring_voucher_to(
    session: Session, state: str, **changes: Any
) -> tuple[Scene, VerificationOrder, Voucher]:
    """A voucher in `state`, by the way that leads there."""
    scene, order = make_quoted(session)
    voucher = order_with(session, scene, order, offer_scheme(session, scene, **changes))
    at, who = AT, by_officer(scene)
    steps = {
        "reserved": lambda: None,
        "used": lambda: use(session, scene, order, voucher),
        "claimed": lambda: claim(session, scene, voucher),
        "accepted": lambda: reviewing.accept_voucher(session, voucher=voucher, actor=who, at=at),
        "paid": lambda: reviewing.pay_voucher(
            session, voucher=voucher, reference="Transfer 9", actor=who, at=at
        ),
    }
    for name, step in steps.items():
        step()
        if name == state:
            break
    assert voucher.state == state
    return scene, order, voucher


def use(
    session: Session,
    scene: Scene,
    order: VerificationOrder,
    voucher: Voucher,
    at: datetime = AT,
    **changes: Any,
) -> None:
    if order.standing_report is None:
        report(session, scene, order)
    claiming.use_voucher(
        session,
        voucher=voucher,
        values=replace(USE, **{"invoice": f"No {voucher.id}", **changes}),
        actor=scene.by_founder,
        at=at,
    )


def claim(session: Session, scene: Scene, voucher: Voucher, at: datetime = AT) -> None:
    claiming.claim_voucher(
        session,
        voucher=voucher,
        documents=[keep_invoice(session, scene, PDF + str(voucher.id).encode())],
        actor=scene.by_founder,
        at=at,
    )
