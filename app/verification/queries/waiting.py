"""What waits in this room: steps of orders, and slots that no longer fit."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select

from app.access import Actor, get_side
from app.clock import today
from app.telling.waiting import WaitingItem, WaitingList
from app.verification.queries import instruments
from app.verification.queries.orders import NOT_ORDERED, select_own
from app.verification.standing import find_answer_day, is_open, is_submitter
from app.words.answer_times import end_of
from models.engagements import Engagement
from models.verification import VerificationOrder, VerificationReport
from models.vocabulary import Side


def _select_waiting(viewer: Actor, at: datetime) -> Select[VerificationOrder] | None:
    """The viewer's orders that are not over, or whose report is disputed."""
    if viewer.is_acting_for_another or not (viewer.founds or viewer.provides):
        return None
    return (
        select_own(viewer)
        .where(
            VerificationOrder.state.not_in(("settled", "cancelled", "reported"))
            | VerificationOrder.reports.any(VerificationReport.state == "disputed")
        )
        .order_by(VerificationOrder.changed_at, VerificationOrder.id)
    )


def _word_waiting(
    rows: Sequence[VerificationOrder], viewer: Actor, at: datetime
) -> list[WaitingItem]:
    """What each side of an order is expected to do next."""
    found: list[WaitingItem] = []
    for order in rows:
        if order.state in NOT_ORDERED and not is_open(order):
            continue
        side = get_side(viewer, order.engagement)
        said = _say_waiting(order, side, viewer)
        if said is None:
            continue
        kind, detail, action = said
        day, due_at = find_answer_day(order), None
        if day is not None:
            # The clock says so a little later.
            if day < today(at):
                continue
            due_at = end_of(day)
        found.append(
            WaitingItem(
                kind=kind,
                title=order.claim.metric,
                detail=detail,
                due_at=due_at,
                path_endpoint="verification.show_order",
                path_values={"public_id": order.public_id},
                action=action,
            )
        )
    return found


def _say_waiting(
    order: VerificationOrder, side: Side | None, viewer: Actor
) -> tuple[str, LazyString, LazyString] | None:
    """By a stable word, a sentence and the action: what `side` is expected to do; None: nothing."""
    standing = order.standing_report
    names = {
        "startup": order.engagement.startup.name,
        "centre": order.engagement.provider.name,
    }
    if side is Side.STARTUP:
        if order.state == "quoted":
            return (
                "quote_to_answer",
                _l("%(centre)s has sent you a quote.", **names),
                _l("Look at the quote"),
            )
        if order.state == "ordered" and _lacks_sample(order):
            return (
                "sample_to_send",
                _l("%(centre)s waits for your sample.", **names),
                _l("Send the sample"),
            )
        return None
    if order.state in ("asked", "expired"):
        return (
            "quote_to_write",
            _l("%(startup)s asks for a quote.", **names),
            _l("Write the quote"),
        )
    if any(sample.state == "sent" for sample in order.samples):
        return (
            "sample_to_receive",
            _l("A sample of %(startup)s is on its way.", **names),
            _l("Receive the sample"),
        )
    if order.state == "in_lab":
        return (
            "result_to_submit",
            _l("On the bench, for %(startup)s.", **names),
            _l("Submit the result"),
        )
    if order.state == "to_verify" and not is_submitter(order, viewer):
        return (
            "result_to_verify",
            _l("A colleague has submitted a result for %(startup)s.", **names),
            _l("Verify the result"),
        )
    if order.state == "verified":
        return (
            "report_to_publish",
            _l("The result for %(startup)s is verified.", **names),
            _l("Publish the report"),
        )
    if standing is not None and standing.state == "disputed":
        return (
            "report_to_decide",
            _l("%(startup)s disputes your report.", **names),
            _l("Decide on it"),
        )
    return None


def _lacks_sample(order: VerificationOrder) -> bool:
    quote = order.quote
    return (
        quote is not None
        and bool(quote.sample_spec)
        and not any(sample.state in ("sent", "received") for sample in order.samples)
    )


WAITING: Final = (
    WaitingList(
        (
            "quote_to_answer",
            "sample_to_send",
            "quote_to_write",
            "sample_to_receive",
            "result_to_submit",
            "result_to_verify",
            "report_to_publish",
            "report_to_decide",
        ),
        _select_waiting,
        _word_waiting,
        (
            VerificationOrder.claim,
            VerificationOrder.engagement,
            Engagement.startup,
            Engagement.provider,
            VerificationOrder.quotes,
            VerificationOrder.samples,
            VerificationOrder.results,
            VerificationOrder.reports,
        ),
    ),
    *instruments.WAITING,
)
