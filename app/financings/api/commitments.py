"""What a fund does in a financing. It commits itself on its page, which asks for the password."""

from collections.abc import Callable, Mapping
from typing import Any

import marshmallow as ma

from app.engagements.queries import find_engagement
from app.errors import expect
from app.extensions import db
from app.financings.actions import committing
from app.financings.api.financings import InterestReleaseSchema
from app.financings.api.room import (
    InterestSchema,
    TermsSchema,
    blueprint,
    show_interest,
    show_terms,
)
from app.financings.queries.committing import (
    CommitmentView,
    read_commitment,
    select_commitments,
)
from app.funds.api.room import find_fund
from app.web.api import operation, show_list
from app.web.api_fields import ApiSchema, NothingSchema, PageSchema, State, Whole
from app.web.identity import get_current_actor
from app.web.lists import Lines, Shown, list_rows
from app.web.repeats import once
from app.web.steps import carry_out
from app.words.limits import MONEY_LIMIT_YUAN
from models.engagements import Engagement
from models.financings import Interest
from models.lifecycle import INTEREST
from models.providers import Provider


class CommitmentQuerySchema(PageSchema):
    """Which commitments."""

    state = State(INTEREST.states, load_default=None)


class ConsideredSchema(ApiSchema):
    """An amount that a fund considers; nothing binds. 意向金额。"""

    amount_yuan = Whole(low=1, high=MONEY_LIMIT_YUAN, required=True)


class PartySchema(ma.Schema):
    """Another fund that has committed itself, as much of it as is shown. 其他投资方。"""

    name = ma.fields.String(required=True)
    contact = ma.fields.String(required=True)
    email = ma.fields.String(required=True)


class PartiesSchema(ma.Schema):
    """All other funds that have committed themselves. 其他投资方汇总。"""

    count = ma.fields.Integer(required=True)
    total_yuan = ma.fields.Integer(required=True)
    named = ma.fields.List(ma.fields.Nested(PartySchema), required=True)


class CommitmentSchema(ma.Schema):
    """A financing as one fund sees it. 投资方视角的融资。"""

    engagement = ma.fields.String(required=True)
    financing = ma.fields.Nested(TermsSchema, required=True)
    interest = ma.fields.Nested(InterestSchema, required=True, allow_none=True)
    parties = ma.fields.Nested(PartiesSchema, required=True, allow_none=True)
    actions = ma.fields.List(ma.fields.String(), required=True)


@blueprint.get("/providers/<public_id>/commitments")
@operation("financings:read", "commitment:list", subject=find_fund, refusals=(409,))
@blueprint.arguments(CommitmentQuerySchema, location="query")
@blueprint.response(200, show_list(InterestSchema))
def list_commitments(provider: Provider, asked: Mapping[str, Any]) -> Shown | Lines:
    """The financings in which a fund takes or took part, the newest first."""
    query = select_commitments(provider)
    if asked["state"] is not None:
        query = query.where(Interest.state == asked["state"])
    return list_rows(query, asked, moment=Interest.observed_at, key=Interest.id, show=show_interest)


@blueprint.get("/engagements/<public_id>/commitment")
@operation("financings:read", "commitment:view", subject=find_engagement)
@blueprint.response(200, CommitmentSchema)
def read_one_commitment(engagement: Engagement) -> dict[str, Any]:
    """The financing for which a fund accepted a request, and how far it has come in it."""
    return _show(engagement)


@blueprint.post("/engagements/<public_id>/commitment/observe")
@operation("financings:write", "commitment:work", subject=find_engagement)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, CommitmentSchema)
def observe(engagement: Engagement, body: Mapping[str, Any]) -> dict[str, Any]:
    """The fund looks at it, and the startup sees that."""
    return _take(engagement, committing.observe)


@blueprint.post("/engagements/<public_id>/commitment/consider")
@operation("financings:write", "commitment:work", subject=find_engagement)
@once(needs_key=False)
@blueprint.arguments(ConsideredSchema)
@blueprint.response(200, CommitmentSchema)
def consider(engagement: Engagement, body: Mapping[str, Any]) -> dict[str, Any]:
    """The fund considers an amount."""
    return _take(engagement, committing.consider, amount_yuan=body["amount_yuan"])


@blueprint.post("/engagements/<public_id>/commitment/leave")
@operation("financings:write", "commitment:work", subject=find_engagement)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, CommitmentSchema)
def leave(engagement: Engagement, body: Mapping[str, Any]) -> dict[str, Any]:
    """The fund takes part no more."""
    return _take(engagement, committing.leave)


@blueprint.post("/engagements/<public_id>/commitment/release")
@operation("financings:write", "commitment:release", subject=find_engagement)
@once(needs_key=False)
@blueprint.arguments(InterestReleaseSchema)
@blueprint.response(200, CommitmentSchema)
def release_commitment(engagement: Engagement, body: Mapping[str, Any]) -> dict[str, Any]:
    """The fund is bound no more, and says why."""
    return _take(engagement, committing.release_commitment, words=body["words"])


def _take(
    engagement: Engagement, action: Callable[..., object], **values: object
) -> dict[str, Any]:
    carry_out(action, engagement=engagement, **values)
    return _show(engagement)


def _show(engagement: Engagement) -> dict[str, Any]:
    view = expect(read_commitment(db.session, engagement, get_current_actor()))
    return {
        "engagement": engagement.public_id,
        "financing": show_terms(view.financing),
        "interest": None if view.interest is None else show_interest(view.interest),
        "parties": _show_parties(view),
        "actions": sorted(view.actions),
    }


def _show_parties(view: CommitmentView) -> dict[str, Any] | None:
    if view.parties is None:
        return None
    return {
        "count": view.parties.count,
        "total_yuan": view.parties.total_yuan,
        "named": [
            {"name": each.name, "contact": each.contact, "email": each.email}
            for each in view.parties.named
        ],
    }
