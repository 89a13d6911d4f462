"""Providers: listed and read, with the part that only their kind has."""

from collections.abc import Collection, Mapping
from typing import Any

import marshmallow as ma
from flask import Response

from app.access import is_permitted
from app.extensions import db
from app.profiles.api.room import (
    PROFILE_INCLUDES,
    CodeListField,
    ProfileIncludedSchema,
    ProfileIncludeSchema,
    blueprint,
    include_people,
    show_codes,
)
from app.profiles.queries import (
    ProviderFilter,
    count_free_places,
    find_provider,
    get_answer_hours,
    select_providers,
)
from app.profiles.values import (
    CentreValues,
    InvestorValues,
    MentorValues,
    ProviderValues,
    read_provider,
)
from app.ranking.own_terms import read_terms_for
from app.web.api import operation, show_list
from app.web.api_chosen import require_scopes
from app.web.api_fields import (
    NAME_ORDER,
    NEWEST,
    OLDEST,
    Code,
    Line,
    Moment,
    PageSchema,
    Place,
    State,
)
from app.web.api_versions import ETAG, Versions
from app.web.identity import get_current_actor
from app.web.lists import Lines, Shown, list_rows
from app.words.limits import LINE_LIMIT
from models.lifecycle import PROFILE
from models.providers import Provider
from models.vocabulary import Field, ProviderKind


class ShownMentorSchema(ma.Schema):
    """What only a mentor has. 导师部分。"""

    experience = CodeListField()
    seat = ma.fields.String(required=True, allow_none=True)
    routes = CodeListField()
    help_modes = CodeListField()
    hours_per_month = ma.fields.Integer(required=True)
    years_of_experience = ma.fields.Integer(required=True, allow_none=True)
    employer = ma.fields.String(required=True)


class ShownInvestorSchema(ma.Schema):
    """What only an investor has; money in yuan. 投资方部分，金额单位为元。"""

    investor_kind = ma.fields.String(required=True)
    ticket_min_yuan = ma.fields.Integer(required=True, allow_none=True)
    ticket_max_yuan = ma.fields.Integer(required=True, allow_none=True)
    funding_stages = CodeListField()
    instruments = CodeListField()


class ShownServiceSchema(ma.Schema):
    """One service of a centre; the price in yuan. 服务项目。"""

    name = ma.fields.String(required=True)
    description = ma.fields.String(required=True)
    gate = ma.fields.String(required=True)
    lead_time_days = ma.fields.Integer(required=True)
    price_yuan = ma.fields.Integer(required=True)
    price_unit = ma.fields.String(required=True)
    free_slots = ma.fields.Integer(required=True)


class ShownCentreSchema(ma.Schema):
    """What only a centre has. 概念验证中心部分。"""

    centre_kind = ma.fields.String(required=True)
    accepts_vouchers = ma.fields.Boolean(required=True)
    services = ma.fields.List(ma.fields.Nested(ShownServiceSchema), required=True)


class ConnectionsSchema(ma.Schema):
    """Connected organisations, for who acts for the provider alone. 关联机构（仅本人可见）。"""

    shareholders = ma.fields.List(ma.fields.String(), required=True)
    portfolio = ma.fields.List(ma.fields.String(), required=True)
    advised = ma.fields.List(ma.fields.String(), required=True)
    affiliations = ma.fields.List(ma.fields.String(), required=True)


class ProviderSummarySchema(ma.Schema):
    """A provider in a list. 支持方摘要。"""

    id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    headline = ma.fields.String(required=True)
    fields_ = ma.fields.List(
        ma.fields.String(), required=True, data_key="fields", attribute="fields"
    )
    topics = ma.fields.List(ma.fields.String(), required=True)
    place_code = ma.fields.String(required=True, allow_none=True)
    remote = ma.fields.Boolean(required=True)
    languages = CodeListField()
    capacity = ma.fields.Integer(required=True)
    published_at = Moment(required=True, allow_none=True)


class ProviderSchema(ProviderSummarySchema):
    """A provider: exactly one of `mentor`, `investor`, `centre` is not null. 支持方。

    `connections` are null for who does not act for it; `actions` are what can be done now.
    """

    state = ma.fields.String(required=True)
    credit_code = ma.fields.String(required=True, allow_none=True)
    summary = ma.fields.String(required=True)
    can_help_with = ma.fields.String(required=True)
    open_to_all = ma.fields.Boolean(required=True)
    free_places = ma.fields.Integer(required=True)
    answer_hours = ma.fields.Float(required=True, allow_none=True)
    mentor = ma.fields.Nested(ShownMentorSchema, required=True, allow_none=True)
    investor = ma.fields.Nested(ShownInvestorSchema, required=True, allow_none=True)
    centre = ma.fields.Nested(ShownCentreSchema, required=True, allow_none=True)
    connections = ma.fields.Nested(ConnectionsSchema, required=True, allow_none=True)
    actions = ma.fields.List(ma.fields.String(), required=True)
    included = ma.fields.Nested(ProfileIncludedSchema)


class ProviderQuerySchema(PageSchema):
    """Which providers."""

    kind = Code(ProviderKind, load_default=None)
    field = Code(Field, load_default=None)
    place = Place(load_default=None)
    text = Line(most=LINE_LIMIT, load_default="")
    sort = State(
        (NEWEST, OLDEST, NAME_ORDER),
        load_default=NEWEST,
        metadata={"description": "What comes first. 排序。"},
    )


@blueprint.get("/providers")
@operation("providers:read", "provider:list")
@blueprint.arguments(ProviderQuerySchema, location="query")
@blueprint.response(200, show_list(ProviderSummarySchema))
def list_providers(asked: Mapping[str, Any]) -> Shown | Lines:
    """The published providers that one may see, the newest first."""
    chosen = ProviderFilter(
        kind=asked["kind"],
        field=asked["field"],
        place_code=asked["place"],
        text=asked["text"],
        terms=read_terms_for(db.session, get_current_actor()),
    )
    return list_rows(
        select_providers(viewer=get_current_actor(), chosen=chosen),
        asked,
        moment=Provider.created_at,
        key=Provider.id,
        name=Provider.name,
        show=show_summary,
    )


@blueprint.get("/providers/<public_id>")
@operation("providers:read", "provider:view", subject=find_provider)
@blueprint.arguments(ProfileIncludeSchema, location="query")
@blueprint.response(200, ProviderSchema, headers=ETAG)
def read_provider_profile(provider: Provider, asked: Mapping[str, Any]) -> Response:
    """One provider, with the part of its kind."""
    require_scopes(asked["include"], PROFILE_INCLUDES)
    return answer_with(provider, include=asked["include"])


def answer_with(provider: Provider, status: int = 200, include: Collection[str] = ()) -> Response:
    """The provider as the present viewer may see it, with its version."""
    return VERSIONS.answer(provider, status, shown=_show(provider, include))


def _show(provider: Provider, include: Collection[str] = ()) -> dict[str, Any]:
    viewer = get_current_actor()
    values = read_provider(provider)
    is_own = is_permitted(viewer, "provider:edit", provider)
    return show_summary(provider) | {
        "state": provider.state,
        "credit_code": str(values.credit_code) if values.credit_code else None,
        "summary": values.summary,
        "can_help_with": values.can_help_with,
        "open_to_all": values.open_to_all,
        "free_places": count_free_places(db.session, provider),
        "answer_hours": get_answer_hours(db.session, provider),
        "connections": {
            "shareholders": list(values.shareholders),
            "portfolio": list(values.portfolio),
            "advised": list(values.advised),
            "affiliations": list(values.affiliations),
        }
        if is_own
        else None,
        "actions": list(PROFILE.list_actions(provider.state)) if is_own else [],
        **_show_extension(values),
        **include_people(include, provider=provider),
    }


def show_known_provider(provider: Provider) -> dict[str, Any] | None:
    """A provider that belongs to something else; None where the present viewer may not see it."""
    known = is_permitted(get_current_actor(), "provider:view", provider)
    return show_summary(provider) if known else None


def show_summary(provider: Provider) -> dict[str, Any]:
    """A provider in a list."""
    return {
        "id": provider.public_id,
        "kind": provider.kind.value,
        "name": provider.name,
        "headline": provider.headline,
        "fields": show_codes(provider.fields),
        "topics": list(provider.topics),
        "place_code": provider.place_code,
        "remote": provider.remote,
        "languages": show_codes(provider.languages),
        "capacity": provider.capacity,
        "published_at": provider.published_at,
    }


def _show_extension(values: ProviderValues) -> dict[str, Any]:
    mentor: dict[str, Any] | None = None
    investor: dict[str, Any] | None = None
    centre: dict[str, Any] | None = None
    match values.extension:
        case MentorValues() as own:
            mentor = {
                "experience": show_codes(own.experience),
                "seat": own.seat,
                "routes": show_codes(own.routes),
                "help_modes": show_codes(own.help_modes),
                "hours_per_month": own.hours_per_month,
                "years_of_experience": own.years_of_experience,
                "employer": own.employer,
            }
        case InvestorValues() as mandate:
            investor = {
                "investor_kind": mandate.investor_kind,
                "ticket_min_yuan": mandate.ticket_min_yuan,
                "ticket_max_yuan": mandate.ticket_max_yuan,
                "funding_stages": show_codes(mandate.funding_stages),
                "instruments": show_codes(mandate.instruments),
            }
        case CentreValues() as offer:
            centre = {
                "centre_kind": offer.centre_kind,
                "accepts_vouchers": offer.accepts_vouchers,
                "services": [
                    {
                        "name": each.name,
                        "description": each.description,
                        "gate": each.gate,
                        "lead_time_days": each.lead_time_days,
                        "price_yuan": each.price_yuan,
                        "price_unit": each.price_unit,
                        "free_slots": each.free_slots,
                    }
                    for each in offer.services
                ],
            }
    return {"mentor": mentor, "investor": investor, "centre": centre}


VERSIONS = Versions(ProviderSchema, find_provider, _show)
