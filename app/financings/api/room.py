"""The part of the API that this room has, and how a financing and an interest are shown."""

from typing import Any

import marshmallow as ma

from app.extensions import db
from app.financings.queries.raising import FinancingView, view_financing
from app.web.api import VERSION_PATH, ApiBlueprint
from app.web.api_fields import Moment
from app.web.identity import get_current_actor
from models.financings import Financing, Interest

blueprint = ApiBlueprint(
    "financings_api",
    __name__,
    url_prefix=VERSION_PATH,
    description="Financings of startups, commitments of funds. 企业融资与投资承诺。",
)


class InterestSchema(ma.Schema):
    """How far one fund has come in a financing. 投资意向。"""

    id = ma.fields.String(required=True)
    fund = ma.fields.String(required=True, allow_none=True)
    fund_name = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    amount_yuan = ma.fields.Integer(required=True, allow_none=True)
    committed_at = Moment(required=True, allow_none=True)
    paid_on = ma.fields.Date(required=True, allow_none=True)
    release_words = ma.fields.String(required=True)
    changed_at = Moment(required=True)


class TermsSchema(ma.Schema):
    """What a financing says, and what is left of it. 融资条款。"""

    id = ma.fields.String(required=True)
    need = ma.fields.String(required=True)
    startup_name = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    target_yuan = ma.fields.Integer(required=True)
    least_yuan = ma.fields.Integer(required=True)
    taken_yuan = ma.fields.Integer(required=True)
    remaining_yuan = ma.fields.Integer(required=True)
    places = ma.fields.Integer(required=True, allow_none=True)
    remaining_places = ma.fields.Integer(required=True, allow_none=True)
    terms = ma.fields.String(required=True)
    closes_on = ma.fields.Date(required=True)
    shown = ma.fields.String(required=True)
    opened_at = Moment(required=True, allow_none=True)
    ended_at = Moment(required=True, allow_none=True)


class FinancingSchema(TermsSchema):
    """A financing as its founder sees it. 融资。

    Closing it is done on its page, which asks for the password. 关闭融资须在页面上再次输入密码。
    """

    interests = ma.fields.List(ma.fields.Nested(InterestSchema), required=True)
    actions = ma.fields.List(ma.fields.String(), required=True)


def show_terms(financing: Financing) -> dict[str, Any]:
    """What everybody who takes part reads."""
    return {
        "id": financing.public_id,
        "need": financing.need.public_id,
        "startup_name": financing.need.startup.name,
        "state": financing.state,
        "kind": financing.kind.value,
        "target_yuan": financing.target_yuan,
        "least_yuan": financing.least_yuan,
        "taken_yuan": financing.taken_yuan,
        "remaining_yuan": financing.remaining_yuan,
        "places": financing.places,
        "remaining_places": financing.remaining_places,
        "terms": financing.terms,
        "closes_on": financing.closes_on,
        "shown": financing.shown.value,
        "opened_at": financing.opened_at,
        "ended_at": financing.ended_at,
    }


def show_financing(financing: Financing) -> dict[str, Any]:
    """A financing as its founder sees it."""
    view: FinancingView = view_financing(db.session, financing, get_current_actor())
    return show_terms(financing) | {
        "interests": [show_interest(row.interest) for row in view.interests],
        "actions": sorted(view.actions),
    }


def show_interest(interest: Interest) -> dict[str, Any]:
    """How far one fund has come."""
    provider = interest.provider
    return {
        "id": interest.public_id,
        "fund": None if provider is None else provider.public_id,
        "fund_name": "" if provider is None else provider.name,
        "state": interest.state,
        "amount_yuan": interest.amount_yuan,
        "committed_at": interest.committed_at,
        "paid_on": interest.paid_on,
        "release_words": interest.release_words,
        "changed_at": interest.changed_at,
    }
