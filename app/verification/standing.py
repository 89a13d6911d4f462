"""What an order lets be done beyond its state: asked by actions and by buttons alike."""

from datetime import date

from app.access import Actor
from app.words.answer_times import get_last_day
from models.lifecycle import CLAIM, ENGAGEMENT_TAKES_PLACE
from models.verification import VerificationOrder, VerificationResult
from models.vocabulary import Side


def is_open(order: VerificationOrder) -> bool:
    """Whether it can still come to an order: the claim stands and the engagement takes place."""
    return (
        "withdraw" in CLAIM.list_actions(order.claim.state)
        and order.engagement.state in ENGAGEMENT_TAKES_PLACE
    )


def find_answer_day(order: VerificationOrder) -> date | None:
    """Until when the centre quotes, or the startup answers a quote; None where neither is asked."""
    if not is_open(order):
        return None
    if order.state in ("asked", "expired"):
        return get_last_day(order.changed_at)
    return order.quote.valid_until if order.state == "quoted" and order.quote else None


def can_book(order: VerificationOrder) -> bool:
    """Whether slots can be booked for it: it is ordered, there is no result, and it goes on."""
    return order.state in ("ordered", "in_lab") and order.engagement.state in ENGAGEMENT_TAKES_PLACE


def can_cancel(order: VerificationOrder, side: Side | None) -> bool:
    """What was settled is not cancelled, and a result that waits is the centre's alone."""
    return order.settled_at is None and (order.state != "to_verify" or side is Side.PROVIDER)


def is_submitter(order: VerificationOrder, viewer: Actor) -> bool:
    """Whether `viewer` submitted the newest result, which somebody else decides on."""
    result = order.results[-1] if order.results else None
    return result is not None and result.submitted_by_id in (viewer.person_id, viewer.acts_as_id)


def can_settle(order: VerificationOrder) -> bool:
    """Whether the last report was neither wrong nor is disputed; its time may be over."""
    return bool(order.reports) and order.reports[-1].state in ("published", "upheld", "lapsed")


def find_publishable(order: VerificationOrder) -> VerificationResult | None:
    """The last verified result; None where a report of it was wrong: then it is tested again."""
    found = next((each for each in reversed(order.results) if each.state == "verified"), None)
    if found is None or any(
        report.result_id == found.id and report.state == "invalidated" for report in order.reports
    ):
        return None
    return found
