"""Reads of orders: one for either side, a centre's queue."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.access import Actor, get_side, is_permitted
from app.verification.standing import (
    can_cancel,
    can_settle,
    find_publishable,
    is_open,
    is_submitter,
)
from models.documents import Document
from models.engagements import Engagement
from models.lifecycle import ENGAGEMENT_TAKES_PLACE, VERIFICATION_ORDER
from models.providers import Provider
from models.verification import (
    Claim,
    VerificationOrder,
    VerificationReport,
    VerificationResult,
    VerificationSample,
    VerificationStep,
)
from models.vocabulary import ProviderKind, Side

# Which permission each step of an order needs.
_PERMISSIONS = {
    "quote": "order:quote",
    "decline_quote": "order:decline_quote",
    "accept_quote": "order:accept_quote",
    "begin": "order:work",
    "submit_result": "order:work",
    "return_result": "order:work",
    "verify": "order:work",
    "publish": "order:report",
    "retest": "order:report",
    "settle": "order:report",
    "cancel": "order:cancel",
}

# How many orders of one's own stand on a page, and how many that are over in a queue.
PAGE_SIZE = 30
OVER_SHOWN = 20

# Nobody has ordered anything yet.
NOT_ORDERED = ("asked", "quoted", "expired")

# The columns of a centre's queue: what it has to do, and what it waits for.
COLUMNS: Sequence[tuple[str, tuple[str, ...]]] = (
    ("to_quote", ("asked", "expired")),
    ("waiting", ("quoted", "ordered")),
    ("bench", ("in_lab",)),
    ("to_verify", ("to_verify",)),
    ("to_publish", ("verified",)),
    ("reported", ("reported",)),
    ("over", ("settled", "cancelled")),
)


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order as one side sees it: of results, the startup sees those that were published.

    `waits_for_colleague` where the viewer submitted the result that somebody else has to decide.
    """

    order: VerificationOrder
    side: Side
    actions: frozenset[str]
    results: Sequence[VerificationResult]
    reports: Sequence[VerificationReport]
    steps: Sequence[VerificationStep]
    waits_for_colleague: bool = False

    @property
    def is_centre(self) -> bool:
        """Whether the centre looks at it."""
        return self.side is Side.PROVIDER


@dataclass(frozen=True, slots=True)
class QueueColumn:
    """The orders of a centre that wait for one thing, the longest first.

    `count` is how many there are, also of those that are over and not listed.
    """

    name: str
    orders: Sequence[VerificationOrder]
    count: int


def select_order(public_id: str) -> Select[VerificationOrder]:
    """The order with that public id, with both sides and the claim."""
    return (
        select(VerificationOrder)
        .where(VerificationOrder.public_id == public_id)
        .options(
            joinedload(VerificationOrder.engagement).joinedload(Engagement.provider),
            joinedload(VerificationOrder.engagement).joinedload(Engagement.startup),
            joinedload(VerificationOrder.engagement).joinedload(Engagement.need),
            joinedload(VerificationOrder.claim).joinedload(Claim.startup),
        )
    )


def find_order(session: Session, public_id: str) -> VerificationOrder | None:
    """The order with that public id."""
    return session.scalar(select_order(public_id))


def find_sample(order: VerificationOrder, code: str) -> VerificationSample | None:
    """The sample of `order` under that code."""
    return next((each for each in order.samples if each.code == code), None)


def find_centre(session: Session, public_id: str) -> Provider | None:
    """The centre with that public id."""
    return session.scalar(
        select(Provider)
        .where(Provider.public_id == public_id, Provider.kind == ProviderKind.CENTRE)
        .options(joinedload(Provider.centre), selectinload(Provider.pool_entries))
    )


def list_own_centres(session: Session, viewer: Actor) -> Sequence[Provider]:
    """The centres for which `viewer` acts, by name."""
    if not viewer.centres:
        return ()
    query = select(Provider).where(Provider.id.in_(viewer.centres)).order_by(Provider.name)
    return session.scalars(query).all()


def view_order(session: Session, order: VerificationOrder, viewer: Actor) -> OrderView:
    """What `viewer`, who stands on one side, sees of `order` and can do with it."""
    side = get_side(viewer, order.engagement) or Side.STARTUP
    is_centre = side is Side.PROVIDER
    actions = {
        action
        for action in VERIFICATION_ORDER.list_actions(order.state)
        if action in _PERMISSIONS and is_permitted(viewer, _PERMISSIONS[action], order)
    }
    standing = order.standing_report
    if is_permitted(viewer, "order:send_sample", order) and order.state in ("ordered", "in_lab"):
        actions.add("send_sample")
    if standing is not None:
        if standing.state == "published" and is_permitted(viewer, "order:dispute", order):
            actions.add("dispute")
        if is_permitted(viewer, "order:report", order):
            actions.add("invalidate")
            if standing.state == "disputed":
                actions.add("uphold")
    if order.quote is not None and order.quote.sample_spec:
        actions.discard("begin")
    if not is_open(order):
        actions -= {"quote", "accept_quote"}
    if not can_cancel(order, side):
        actions.discard("cancel")
    if not can_settle(order):
        actions.discard("settle")
    if find_publishable(order) is None:
        actions.discard("publish")
    waits = "verify" in actions and is_submitter(order, viewer)
    if waits:
        actions -= {"verify", "return_result"}
    hidden = () if is_centre else ("result_submitted", "result_verified", "result_returned")
    published = {report.result_id for report in order.reports}
    return OrderView(
        order=order,
        side=side,
        actions=frozenset(actions),
        results=[r for r in reversed(order.results) if is_centre or r.id in published],
        reports=list(reversed(order.reports)),
        steps=[step for step in order.steps if step.kind not in hidden],
        waits_for_colleague=waits,
    )


def select_own(viewer: Actor) -> Select[VerificationOrder]:
    """The orders in which `viewer` stands on a side."""
    return (
        select(VerificationOrder)
        .join(VerificationOrder.engagement)
        .where(is_own(viewer))
        .options(*_WITH_ALL)
    )


def is_own(viewer: Actor) -> ColumnElement[bool]:
    """Engagements whose orders `viewer` may see: the rule "order:view", in SQL."""
    if viewer.is_acting_for_another:
        # What is claimed, and what was refuted, no operator reads.
        return false()
    own = or_(Engagement.startup_id.in_(viewer.founds), Engagement.provider_id.in_(viewer.provides))
    if viewer.within_incubator_id is not None:
        own = and_(own, Engagement.incubator_id == viewer.within_incubator_id)
    return own


_WITH_ALL = (
    joinedload(VerificationOrder.claim),
    joinedload(VerificationOrder.engagement).joinedload(Engagement.provider),
    joinedload(VerificationOrder.engagement).joinedload(Engagement.startup),
    selectinload(VerificationOrder.quotes),
    selectinload(VerificationOrder.samples),
    selectinload(VerificationOrder.reports),
    selectinload(VerificationOrder.results),
)


def select_shown(viewer: Actor) -> Select[VerificationOrder]:
    """The same with everything that is shown of an order, in the same number of queries for all."""
    return select_own(viewer).options(
        selectinload(VerificationOrder.steps),
        joinedload(VerificationOrder.claim).joinedload(Claim.startup),
        joinedload(VerificationOrder.claim).joinedload(Claim.need),
        selectinload(VerificationOrder.reports).joinedload(VerificationReport.result),
        selectinload(VerificationOrder.reports).joinedload(VerificationReport.document),
    )


@dataclass(frozen=True, slots=True)
class OrderPart:
    """Some orders, and after which one the next part begins; None where nothing is left."""

    orders: Sequence[VerificationOrder]
    next_after: str | None


def list_own(session: Session, viewer: Actor, *, after: str | None = None) -> OrderPart:
    """Up to `PAGE_SIZE` orders in which `viewer` stands on a side, the newest step first.

    `after` is the public id of the last order of the part before; one that nobody has begins anew.
    """
    query = select_own(viewer)
    last = None
    if after is not None:
        last = session.execute(
            select(VerificationOrder.changed_at, VerificationOrder.id).where(
                VerificationOrder.public_id == after
            )
        ).one_or_none()
    if last is not None:
        changed_at, number = last
        query = query.where(
            or_(
                VerificationOrder.changed_at < changed_at,
                and_(VerificationOrder.changed_at == changed_at, VerificationOrder.id < number),
            )
        )
    found = session.scalars(
        query.order_by(VerificationOrder.changed_at.desc(), VerificationOrder.id.desc()).limit(
            PAGE_SIZE + 1
        )
    ).all()
    shown = found[:PAGE_SIZE]
    return OrderPart(shown, shown[-1].public_id if len(found) > PAGE_SIZE else None)


def read_queue(session: Session, viewer: Actor, provider: Provider) -> Sequence[QueueColumn]:
    """The orders of a centre that `viewer` may see, by what they wait for.

    Of those that are over, the `OVER_SHOWN` newest; all of them stand in the list of one's own.
    """
    ended = VerificationOrder.state.in_(("settled", "cancelled"))
    query = select_own(viewer).where(Engagement.provider_id == provider.id)
    orders = session.scalars(
        query.where(~ended).order_by(VerificationOrder.changed_at, VerificationOrder.id)
    ).all()
    over = session.scalars(
        query.where(ended)
        .order_by(VerificationOrder.changed_at.desc(), VerificationOrder.id.desc())
        .limit(OVER_SHOWN)
    ).all()
    unlisted = 0
    if len(over) == OVER_SHOWN:
        all_over = select(func.count()).select_from(query.where(ended).subquery())
        unlisted = (session.scalar(all_over) or 0) - OVER_SHOWN
    columns = []
    for name, _ in COLUMNS:
        found = [o for o in (*orders, *over) if _find_column(o) == name]
        columns.append(QueueColumn(name, found, len(found) + (unlisted if name == "over" else 0)))
    return columns


def _find_column(order: VerificationOrder) -> str:
    """What is not ordered yet and cannot be any more is over."""
    if order.state in NOT_ORDERED and not is_open(order):
        return "over"
    return next(name for name, states in COLUMNS if order.state in states)


def list_without_order(session: Session, viewer: Actor, provider: Provider) -> Sequence[Engagement]:
    """Accepted requests to a centre for which no claim has been named yet."""
    query = (
        select(Engagement)
        .join(Engagement.need)
        .where(
            Engagement.provider_id == provider.id,
            Engagement.state.in_(ENGAGEMENT_TAKES_PLACE),
            Engagement.id.not_in(select(VerificationOrder.engagement_id)),
        )
        .options(joinedload(Engagement.startup), joinedload(Engagement.need))
        .order_by(Engagement.requested_at, Engagement.id)
    )
    if viewer.within_incubator_id is not None:
        query = query.where(Engagement.incubator_id == viewer.within_incubator_id)
    return session.scalars(query).all()


def list_report_files(session: Session, provider: Provider) -> Sequence[Document]:
    """The documents of a centre that a report can be."""
    return session.scalars(
        select(Document)
        .where(Document.provider_id == provider.id, Document.state == "available")
        .options(selectinload(Document.versions), selectinload(Document.shares))
        .order_by(Document.updated_at.desc(), Document.id.desc())
    ).all()
