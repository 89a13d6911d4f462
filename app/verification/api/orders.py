"""Orders: listed, asked for, read, quoted, declined, cancelled.

A quote is accepted on its page alone: that asks for the password again, which a program lacks.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from flask import url_for
from flask.typing import ResponseReturnValue

from app.clock import now
from app.engagements.api.included import show_engagement_row
from app.engagements.queries import find_engagement
from app.errors import expect
from app.extensions import db
from app.profiles.api.providers import show_known_provider
from app.profiles.api.startups import show_known_startup
from app.profiles.queries import load_providers, load_startups
from app.transactions import writing
from app.verification.actions import quoting
from app.verification.api.room import OrderSchema, blueprint, show_order, take
from app.verification.queries.claims import find_claim
from app.verification.queries.orders import find_order, select_shown
from app.verification.values import MOST_LEAD_DAYS, QuoteValues
from app.web.api import operation, show_list
from app.web.api_chosen import require_scopes
from app.web.api_fields import ApiSchema, Chosen, Day, Id, Line, PageSchema, State, Text, Whole
from app.web.identity import get_current_actor
from app.web.lists import Lines, Shown, list_rows
from app.web.repeats import once
from app.words.limits import MONEY_LIMIT_YUAN
from models.engagements import Engagement
from models.lifecycle import VERIFICATION_ORDER
from models.verification import (
    NOTE_LIMIT,
    SERVICE_LIMIT,
    STANDARD_LIMIT,
    TERMS_LIMIT,
    VerificationOrder,
)

# What can be included, and the scope that it takes.
_INCLUDES: Final = {
    "engagement": "engagements:read",
    "startup": "startups:read",
    "centre": "providers:read",
}


class OrderIncludeSchema(ApiSchema):
    """What is to come with an order."""

    include = Chosen(*_INCLUDES, description="`engagement`, `startup`, `centre`. 随附内容。")


class OrderQuerySchema(OrderIncludeSchema, PageSchema):
    """Which orders."""

    state = State(VERIFICATION_ORDER.states, load_default=None)


class OrderAskSchema(ApiSchema):
    """The claim for which a quote is asked. 询价指标。"""

    claim = Id(required=True)


class QuoteValuesSchema(ApiSchema):
    """A plan with its price and the six heads of terms. 方案与报价内容。

    `claim_version` is the `version` of the claim that was read. 所读指标的版本。
    """

    claim_version = Whole(low=1, high=2**31 - 1, required=True)
    service_name = Line(least=1, most=SERVICE_LIMIT, required=True)
    method = Text(least=1, most=TERMS_LIMIT, required=True)
    standard = Line(most=STANDARD_LIMIT, load_default="")
    sample_spec = Text(most=TERMS_LIMIT, load_default="")
    pass_rule = Text(least=1, most=TERMS_LIMIT, required=True)
    price_yuan = Whole(low=0, high=MONEY_LIMIT_YUAN, required=True)
    lead_days = Whole(low=1, high=MOST_LEAD_DAYS, required=True)
    valid_until = Day(required=True)
    service_terms = Text(least=1, most=TERMS_LIMIT, required=True)
    property_terms = Text(least=1, most=TERMS_LIMIT, required=True)
    secrecy_terms = Text(least=1, most=TERMS_LIMIT, required=True)
    damages_terms = Text(least=1, most=TERMS_LIMIT, required=True)
    breach_terms = Text(least=1, most=TERMS_LIMIT, required=True)
    dispute_terms = Text(least=1, most=TERMS_LIMIT, required=True)


class OrderReasonSchema(ApiSchema):
    """Why, in words that the other side reads. 原因。"""

    reason = Text(least=1, most=NOTE_LIMIT, required=True)


@blueprint.get("/orders")
@operation("orders:read", "order:list")
@blueprint.arguments(OrderQuerySchema, location="query")
@blueprint.response(200, show_list(OrderSchema))
def list_orders(asked: Mapping[str, Any]) -> Shown | Lines:
    """The orders in which one stands on a side, the newest first."""
    query = select_shown(get_current_actor())
    if asked["state"] is not None:
        query = query.where(VerificationOrder.state == asked["state"])
    include = asked["include"]
    require_scopes(include, _INCLUDES)
    return list_rows(
        query,
        asked,
        moment=VerificationOrder.asked_at,
        key=VerificationOrder.id,
        show=lambda order: show_order(order) | _include(order, include),
        load=lambda orders: _load(orders, include),
    )


@blueprint.post("/engagements/<public_id>/orders")
@operation("orders:write", "order:ask", subject=find_engagement)
@once()
@blueprint.arguments(OrderAskSchema)
@blueprint.response(201, OrderSchema)
def ask_quote(engagement: Engagement, body: Mapping[str, Any]) -> ResponseReturnValue:
    """Ask the centre of an accepted request what a test of a claim costs."""
    with writing(db.session):
        claim = expect(find_claim(db.session, body["claim"]))
        order = quoting.ask_quote(
            db.session, engagement=engagement, claim=claim, actor=get_current_actor(), at=now()
        )
    path = url_for("verification_api.read_order", public_id=order.public_id)
    return show_order(order), 201, {"Location": path}


@blueprint.get("/orders/<public_id>")
@operation("orders:read", "order:view", subject=find_order)
@blueprint.arguments(OrderIncludeSchema, location="query")
@blueprint.response(200, OrderSchema)
def read_order(order: VerificationOrder, asked: Mapping[str, Any]) -> dict[str, Any]:
    """One order, as one's side sees it."""
    require_scopes(asked["include"], _INCLUDES)
    _load([order], asked["include"])
    return show_order(order) | _include(order, asked["include"])


@blueprint.post("/orders/<public_id>/quotes")
@operation("orders:write", "order:quote", subject=find_order)
@once()
@blueprint.arguments(QuoteValuesSchema)
@blueprint.response(200, OrderSchema)
def offer_quote(order: VerificationOrder, body: Mapping[str, Any]) -> dict[str, Any]:
    """Offer a plan with price and terms; it takes the place of the quote before."""
    values = dict(body)
    version = values.pop("claim_version")
    return take(order, quoting.offer_quote, values=QuoteValues(**values), claim_version=version)


@blueprint.post("/orders/<public_id>/quotes/decline")
@operation("orders:write", "order:decline_quote", subject=find_order)
@once(needs_key=False)
@blueprint.arguments(OrderReasonSchema)
@blueprint.response(200, OrderSchema)
def decline_quote(order: VerificationOrder, body: Mapping[str, Any]) -> dict[str, Any]:
    """The startup wants another quote."""
    return take(order, quoting.decline_quote, reason=body["reason"])


@blueprint.post("/orders/<public_id>/cancel")
@operation("orders:write", "order:cancel", subject=find_order)
@once(needs_key=False)
@blueprint.arguments(OrderReasonSchema)
@blueprint.response(200, OrderSchema)
def cancel_order(order: VerificationOrder, body: Mapping[str, Any]) -> dict[str, Any]:
    """One side ends it before there is a result."""
    return take(order, quoting.cancel_order, reason=body["reason"])


def _load(orders: Sequence[VerificationOrder], include: Collection[str]) -> None:
    """Read what was chosen of all of `orders`, each thing by one query."""
    engagements = [each.engagement for each in orders]
    if "startup" in include:
        load_startups(db.session, [each.startup_id for each in engagements])
    if "centre" in include:
        load_providers(db.session, [each.provider_id for each in engagements])


def _include(order: VerificationOrder, include: Collection[str]) -> Shown:
    engagement = order.engagement
    included: Shown = {}
    if "engagement" in include:
        included["engagement"] = show_engagement_row(engagement)
    if "startup" in include:
        included["startup"] = show_known_startup(engagement.startup)
    if "centre" in include:
        included["centre"] = show_known_provider(engagement.provider)
    return {"included": included} if include else {}
