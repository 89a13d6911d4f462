"""What whoever acts for a provider does with its profile: change, publish, pause."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import marshmallow as ma
from flask import Response, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.profiles import actions
from app.profiles.api.providers import VERSIONS, ProviderSchema, answer_with
from app.profiles.api.room import (
    blueprint,
    in_order,
    organisations,
    read_credit_code,
    take_given,
    topics,
)
from app.profiles.encoding import encode_profile, encode_values, needing_encoder
from app.profiles.forms.centres import SERVICES_LIMIT
from app.profiles.queries import find_provider
from app.profiles.values import (
    CentreValues,
    InvestorValues,
    MentorValues,
    ProviderValues,
    ServiceValues,
    read_provider,
)
from app.web.api import changes_version, operation
from app.web.api_body import refuse_field
from app.web.api_fields import (
    ApiSchema,
    Code,
    Flag,
    Line,
    Listed,
    NothingSchema,
    Place,
    Text,
    Whole,
)
from app.web.api_versions import ETAG
from app.web.engine import get_engine
from app.web.identity import get_current_person, renew_actor
from app.web.repeats import once
from app.web.steps import carry_out
from app.web.turns import in_turn
from app.web.uploads import PROFILE_BYTES, takes_much
from app.words.limits import LINE_LIMIT, MONEY_LIMIT_YUAN, NAME_LIMIT, TEXT_LIMIT
from models.providers import Provider
from models.vocabulary import (
    CentreKind,
    Experience,
    Field,
    FundingStage,
    Gate,
    HelpMode,
    Instrument,
    InvestorKind,
    Language,
    ProviderKind,
    Route,
    Seat,
)

_CODES: Final = {"fields": Field, "languages": Language}
_PARTS: Final[Mapping[str, tuple[type[Any], Mapping[str, type[Any]]]]] = {
    "mentor": (
        MentorValues,
        {"experience": Experience, "routes": Route, "help_modes": HelpMode},
    ),
    "investor": (InvestorValues, {"funding_stages": FundingStage, "instruments": Instrument}),
    "centre": (CentreValues, {}),
}


class MentorPartSchema(ApiSchema):
    """What only a mentor has. 导师部分。"""

    experience = Listed(Code(Experience))
    seat = Code(Seat, allow_none=True)
    routes = Listed(Code(Route))
    help_modes = Listed(Code(HelpMode))
    hours_per_month = Whole(low=0, high=200)
    years_of_experience = Whole(low=0, high=80, allow_none=True)
    employer = Line(most=NAME_LIMIT)


class InvestorPartSchema(ApiSchema):
    """What only an investor has; money in yuan. 投资方部分，金额单位为元。"""

    investor_kind = Code(InvestorKind)
    ticket_min_yuan = Whole(low=0, high=MONEY_LIMIT_YUAN, allow_none=True)
    ticket_max_yuan = Whole(low=0, high=MONEY_LIMIT_YUAN, allow_none=True)
    funding_stages = Listed(Code(FundingStage))
    instruments = Listed(Code(Instrument))


class ServicePartSchema(ApiSchema):
    """One service of a centre; the price in yuan. 服务项目。"""

    name = Line(least=1, most=NAME_LIMIT, required=True)
    description = Text(most=2000, load_default="")
    gate = Code(Gate, required=True)
    lead_time_days = Whole(low=0, high=3650, load_default=0)
    price_yuan = Whole(low=0, high=MONEY_LIMIT_YUAN, load_default=0)
    price_unit = Line(most=40, load_default="")
    free_slots = Whole(low=0, high=10_000, load_default=0)


class CentrePartSchema(ApiSchema):
    """What only a centre has. 概念验证中心部分。"""

    centre_kind = Code(CentreKind)
    accepts_vouchers = Flag()
    services = Listed(ma.fields.Nested(ServicePartSchema), most=SERVICES_LIMIT)


class ProviderChangeSchema(ApiSchema):
    """What of a provider's profile is to be changed; of the parts only its own. 档案的更改。"""

    name = Line(least=1, most=NAME_LIMIT)
    credit_code = Line(most=40, allow_none=True)
    headline = Line(most=LINE_LIMIT)
    summary = Text(most=TEXT_LIMIT)
    can_help_with = Text(most=TEXT_LIMIT)
    fields_ = Listed(Code(Field), data_key="fields", attribute="fields")
    topics = topics()
    place_code = Place(allow_none=True)
    remote = Flag()
    languages = Listed(Code(Language))
    capacity = Whole(low=0, high=500)
    open_to_all = Flag()
    shareholders = organisations()
    portfolio = organisations()
    advised = organisations()
    affiliations = organisations()
    mentor = ma.fields.Nested(MentorPartSchema)
    investor = ma.fields.Nested(InvestorPartSchema)
    centre = ma.fields.Nested(CentrePartSchema)


class NewProviderSchema(ProviderChangeSchema):
    """A provider for which the person of the token acts. 新支持方档案。"""

    kind = Code(ProviderKind, required=True)
    name = Line(least=1, most=NAME_LIMIT, required=True)


@blueprint.post("/providers")
@operation("providers:write", "provider:create")
@once()
@takes_much(PROFILE_BYTES)
@blueprint.arguments(NewProviderSchema)
@blueprint.response(201, ProviderSchema, headers=ETAG)
def create_provider(body: Mapping[str, Any]) -> ResponseReturnValue:
    """A draft, for which the person of the token acts."""
    kind: ProviderKind = body["kind"]
    part, _vocabularies = _PARTS[kind.value]
    empty = ProviderValues(
        name=body["name"], open_to_all=kind is not ProviderKind.MENTOR, extension=part()
    )
    values = _read(empty, body)
    provider = carry_out(actions.create_provider, values=values, member=get_current_person())
    renew_actor()
    path = url_for("profiles_api.read_provider_profile", public_id=provider.public_id)
    return answer_with(provider, 201), 201, {"Location": path}


@blueprint.patch("/providers/<public_id>")
@operation("providers:write", "provider:edit", subject=find_provider, refusals=(409, 503))
@changes_version
@in_turn
@takes_much(PROFILE_BYTES)
@blueprint.arguments(ProviderChangeSchema)
@blueprint.response(200, ProviderSchema, headers=ETAG)
def change_provider(provider: Provider, body: Mapping[str, Any]) -> Response:
    """Change what the profile says: only what is given. A published one is encoded again."""
    with VERSIONS.changing(provider) as version:
        values = _read(read_provider(provider), body)
        with needing_encoder():
            is_published = provider.state == "published"
            encoded = encode_values(get_engine(), values) if is_published else None
        carry_out(
            actions.edit_provider,
            provider=provider,
            values=values,
            encoded=encoded,
            version=version,
        )
    return answer_with(provider)


@blueprint.post("/providers/<public_id>/publish")
@operation("providers:write", "provider:publish", subject=find_provider, refusals=(503,))
@once(needs_key=False)
@in_turn
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, ProviderSchema, headers=ETAG)
def publish_provider(provider: Provider, body: Mapping[str, Any]) -> Response:
    """The profile is published, for the first time or again; the next search finds it."""
    with needing_encoder():
        encoded = encode_profile(get_engine(), provider)
    carry_out(actions.publish_provider, provider=provider, encoded=encoded)
    return answer_with(provider)


@blueprint.post("/providers/<public_id>/pause")
@operation("providers:write", "provider:publish", subject=find_provider)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, ProviderSchema, headers=ETAG)
def pause_provider(provider: Provider, body: Mapping[str, Any]) -> Response:
    """The profile is not suggested until it is resumed."""
    carry_out(actions.pause_provider, provider=provider)
    return answer_with(provider)


def _read(values: ProviderValues, body: Mapping[str, Any]) -> ProviderValues:
    """`values` with what was sent. Raises FieldsInvalid."""
    kind = values.kind
    for name in _PARTS:
        if name in body and name != kind.value:
            refuse_field(f"/{name}", _("This is not a part of this kind of provider."))
    given = in_order(take_given(body, but=("credit_code", "kind", *_PARTS)), _CODES)
    if kind is ProviderKind.MENTOR:
        # A person has neither a code nor an owner.
        for name in ("credit_code", "shareholders"):
            if body.get(name):
                refuse_field(f"/{name}", _("A mentor, who is a person, has none."))
        if given.get("open_to_all", values.open_to_all) != values.open_to_all:
            refuse_field(
                "/open_to_all", _("This is a consent of its own: see /providers/{id}/consents.")
            )
    else:
        if given.get("open_to_all") is False:
            refuse_field("/open_to_all", _("Only a mentor can be closed."))
        if "credit_code" in body:
            given["credit_code"] = read_credit_code(body["credit_code"])
    part = body.get(kind.value)
    if part is not None:
        _type, vocabularies = _PARTS[kind.value]
        own = in_order(take_given(part, but=("services",)), vocabularies)
        if "services" in part:
            own["services"] = tuple(ServiceValues(**each) for each in part["services"])
        given["extension"] = replace(values.extension, **own)
    return replace(values, **given)
