"""Consents, for programs: what is asked, what holds, giving it and withdrawing it."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from app.consents import actions, queries
from app.consents.queries import Asked
from app.consents.words import CONSENTS
from app.extensions import db
from app.profiles.queries import find_provider, find_startup
from app.web.api import VERSION_PATH, ApiBlueprint, operation
from app.web.api_fields import ApiSchema, Code, Flag, Moment, Whole
from app.web.identity import get_current_actor
from app.web.repeats import once
from app.web.steps import carry_out
from app.words.privacy_notice import NOTICE_VERSION
from models.consents import ConsentPurpose
from models.organisations import Startup
from models.providers import Provider

blueprint = ApiBlueprint(
    "consents_api",
    __name__,
    url_prefix=VERSION_PATH,
    description="Consents of a mentor, each by itself. 导师的单独同意。",
)


class ConsentStepSchema(ma.Schema):
    """One consent that was given or withdrawn, and the version of its words. 同意记录。"""

    version = ma.fields.Integer(required=True)
    is_given = ma.fields.Boolean(required=True)
    happened_at = Moment(required=True)


class ConsentSchema(ma.Schema):
    """What is asked for one profile, in the words of `version`; `holds` says what counts now.
    同意事项。"""

    provider = ma.fields.String(required=True)
    purpose = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    asked = ma.fields.String(required=True)
    if_not = ma.fields.String(required=True)
    withdrawal = ma.fields.String(required=True)
    holds = ma.fields.Boolean(required=True)
    is_asked_again = ma.fields.Boolean(required=True)
    steps = ma.fields.List(ma.fields.Nested(ConsentStepSchema), required=True)


class ConsentsSchema(ma.Schema):
    """Everything that is asked of a person, and the version of the privacy notice. 同意事项。"""

    notice_version = ma.fields.Integer(required=True)
    consents = ma.fields.List(ma.fields.Nested(ConsentSchema), required=True)


class WithdrawalSchema(ApiSchema):
    """For what the consent is. 撤回的同意。"""

    purpose = Code(ConsentPurpose, required=True)


class NewConsentSchema(WithdrawalSchema):
    """For what it is, and the version of the words that were read. 同意。"""

    version = Whole(low=1, high=9999, required=True)


@blueprint.get("/me/consents")
@operation("people:read", "account:edit")
@blueprint.response(200, ConsentsSchema)
def list_consents() -> dict[str, Any]:
    """What rests on the person's consent, whether it holds, and what was decided before."""
    asked = queries.list_asked(db.session, get_current_actor())
    return {"notice_version": NOTICE_VERSION, "consents": [_show(each) for each in asked]}


@blueprint.post("/providers/<public_id>/consents")
@operation("people:write", "consent:decide", subject=find_provider, refusals=(409,))
@once(needs_key=False)
@blueprint.arguments(NewConsentSchema)
@blueprint.response(200, ConsentSchema)
def give_own_consent(provider: Provider, body: Mapping[str, Any]) -> dict[str, Any]:
    """Agree to the words of `version` for one mentor; given already, nothing changes."""
    carry_out(actions.give_consent, provider=provider, **body)
    return _show(queries.get_asked(db.session, provider, body["purpose"]))


@blueprint.post("/providers/<public_id>/consents/withdraw")
@operation("people:write", "consent:decide", subject=find_provider)
@once(needs_key=False)
@blueprint.arguments(WithdrawalSchema)
@blueprint.response(200, ConsentSchema)
def withdraw_own_consent(provider: Provider, body: Mapping[str, Any]) -> dict[str, Any]:
    """Agree no longer; not given, nothing changes."""
    carry_out(actions.withdraw_consent, provider=provider, **body)
    return _show(queries.get_asked(db.session, provider, body["purpose"]))


class HistorySchema(ApiSchema):
    """Whether what came of earlier matches counts in a ranking. 排序是否使用以往记录。"""

    uses_history = Flag(required=True)


@blueprint.post("/startups/<public_id>/history")
@operation("startups:write", "history:choose", subject=find_startup)
@once(needs_key=False)
@blueprint.arguments(HistorySchema)
@blueprint.response(200, HistorySchema)
def choose_history_of_startup(startup: Startup, body: Mapping[str, Any]) -> dict[str, Any]:
    """Whether earlier matches count in lists for a startup, from the next search on."""
    return _choose_history(startup, body)


@blueprint.post("/providers/<public_id>/history")
@operation("providers:write", "history:choose", subject=find_provider)
@once(needs_key=False)
@blueprint.arguments(HistorySchema)
@blueprint.response(200, HistorySchema)
def choose_history_of_provider(provider: Provider, body: Mapping[str, Any]) -> dict[str, Any]:
    """Whether answers and ratings of a provider count where it is ranked."""
    return _choose_history(provider, body)


def _choose_history(organisation: Startup | Provider, body: Mapping[str, Any]) -> dict[str, Any]:
    carry_out(actions.choose_history, organisation=organisation, is_used=body["uses_history"])
    return {"uses_history": organisation.uses_history}


def _show(asked: Asked) -> dict[str, Any]:
    words = CONSENTS[asked.purpose]
    return {
        "provider": asked.provider.public_id,
        "purpose": asked.purpose.value,
        "version": words.version,
        "title": str(words.title),
        "asked": str(words.asked),
        "if_not": str(words.if_not),
        "withdrawal": str(words.withdrawal),
        "holds": asked.holds,
        "is_asked_again": asked.is_asked_again,
        "steps": [
            {"version": each.version, "is_given": each.is_given, "happened_at": each.happened_at}
            for each in asked.steps
        ],
    }
