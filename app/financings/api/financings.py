"""A founder's financings: listed, drafted, changed, opened, extended, abandoned; what funds pay."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flask import Response, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.financings.actions import committing, raising
from app.financings.api.room import (
    FinancingSchema,
    InterestSchema,
    blueprint,
    show_financing,
    show_interest,
)
from app.financings.queries.raising import find_financing, find_interest, select_own
from app.financings.values import FinancingValues, read_financing
from app.needs.queries import find_need
from app.web.api import changes_version, operation, show_list
from app.web.api_body import refuse_field
from app.web.api_fields import (
    ApiSchema,
    Code,
    Day,
    NothingSchema,
    PageSchema,
    State,
    Text,
    Whole,
)
from app.web.api_versions import ETAG, Versions
from app.web.identity import get_current_actor
from app.web.lists import Lines, Shown, list_rows
from app.web.repeats import once
from app.web.steps import carry_out
from app.words.limits import MONEY_LIMIT_YUAN
from models.financing_codes import PartiesShown
from models.financings import (
    FINANCING_TERMS_LIMIT,
    INVESTORS_LIMIT,
    RELEASE_WORDS_LIMIT,
    Financing,
    Interest,
)
from models.lifecycle import FINANCING
from models.needs import Need
from models.vocabulary import Instrument


class FinancingQuerySchema(PageSchema):
    """Which financings."""

    state = State(FINANCING.states, load_default=None)


class FinancingValuesSchema(ApiSchema):
    """What a financing says. 融资内容。"""

    kind = Code(Instrument, required=True)
    target_yuan = Whole(low=1, high=MONEY_LIMIT_YUAN, required=True)
    least_yuan = Whole(low=1, high=MONEY_LIMIT_YUAN, required=True)
    places = Whole(low=1, high=INVESTORS_LIMIT, load_default=None, allow_none=True)
    terms = Text(least=1, most=FINANCING_TERMS_LIMIT, required=True)
    closes_on = Day(required=True)
    shown = Code(PartiesShown, load_default=PartiesShown.SUMMARY)


class FinancingChangeSchema(ApiSchema):
    """What of a draft is to be changed. 融资草稿的更改。"""

    kind = Code(Instrument)
    target_yuan = Whole(low=1, high=MONEY_LIMIT_YUAN)
    least_yuan = Whole(low=1, high=MONEY_LIMIT_YUAN)
    places = Whole(low=1, high=INVESTORS_LIMIT, allow_none=True)
    terms = Text(least=1, most=FINANCING_TERMS_LIMIT)
    closes_on = Day()
    shown = Code(PartiesShown)


class FinancingExtendSchema(ApiSchema):
    """A later last day. 延期。"""

    closes_on = Day(required=True)


class FinancingNarrowSchema(ApiSchema):
    """Less of each other that funds are shown. 缩小展示范围。"""

    shown = Code(PartiesShown, required=True)


class InterestReleaseSchema(ApiSchema):
    """Why a commitment is released. 解除原因。"""

    words = Text(least=1, most=RELEASE_WORDS_LIMIT, required=True)


class PaymentSchema(ApiSchema):
    """On which day money has come. 到账日期。"""

    paid_on = Day(required=True)


@blueprint.get("/financings")
@operation("financings:read", "financing:list")
@blueprint.arguments(FinancingQuerySchema, location="query")
@blueprint.response(200, show_list(FinancingSchema))
def list_financings(asked: Mapping[str, Any]) -> Shown | Lines:
    """The financings of one's startups, the newest first."""
    query = select_own(get_current_actor())
    if asked["state"] is not None:
        query = query.where(Financing.state == asked["state"])
    return list_rows(
        query, asked, moment=Financing.created_at, key=Financing.id, show=show_financing
    )


@blueprint.post("/needs/<public_id>/financings")
@operation("financings:write", "financing:draft", subject=find_need)
@once()
@blueprint.arguments(FinancingValuesSchema)
@blueprint.response(201, FinancingSchema, headers=ETAG)
def draft_financing(need: Need, body: Mapping[str, Any]) -> ResponseReturnValue:
    """Begin a financing for a need, as a draft."""
    values = FinancingValues(**body)
    _check(values)
    financing = carry_out(raising.draft_financing, need=need, values=values)
    path = url_for("financings_api.read_one_financing", public_id=financing.public_id)
    return _VERSIONS.answer(financing, 201), 201, {"Location": path}


@blueprint.get("/financings/<public_id>")
@operation("financings:read", "financing:view", subject=find_financing)
@blueprint.response(200, FinancingSchema, headers=ETAG)
def read_one_financing(financing: Financing) -> Response:
    """One financing with all its funds."""
    return _VERSIONS.answer(financing)


@blueprint.patch("/financings/<public_id>")
@operation("financings:write", "financing:edit", subject=find_financing, refusals=(409,))
@changes_version
@blueprint.arguments(FinancingChangeSchema)
@blueprint.response(200, FinancingSchema, headers=ETAG)
def change_financing(financing: Financing, body: Mapping[str, Any]) -> Response:
    """Change what a draft says: only what is given."""
    with _VERSIONS.changing(financing) as version:
        values = replace(read_financing(financing), **body)
        _check(values)
        carry_out(raising.edit_financing, financing=financing, values=values, version=version)
    return _VERSIONS.answer(financing)


@blueprint.post("/financings/<public_id>/discard")
@operation("financings:write", "financing:edit", subject=find_financing)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, NothingSchema)
def discard_financing(financing: Financing, body: Mapping[str, Any]) -> dict[str, Any]:
    """The draft is gone."""
    carry_out(raising.discard_financing, financing=financing)
    return {}


@blueprint.post("/financings/<public_id>/open")
@operation("financings:write", "financing:edit", subject=find_financing)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, FinancingSchema, headers=ETAG)
def open_financing(financing: Financing, body: Mapping[str, Any]) -> Response:
    """Funds can take part; it is fixed from now on."""
    return _take(financing, raising.open_financing, version=financing.version)


@blueprint.post("/financings/<public_id>/extend")
@operation("financings:write", "financing:edit", subject=find_financing)
@once(needs_key=False)
@blueprint.arguments(FinancingExtendSchema)
@blueprint.response(200, FinancingSchema, headers=ETAG)
def extend_financing(financing: Financing, body: Mapping[str, Any]) -> Response:
    """The last day is later; funds that take part are told."""
    return _take(financing, raising.extend_financing, closes_on=body["closes_on"])


@blueprint.post("/financings/<public_id>/narrow")
@operation("financings:write", "financing:edit", subject=find_financing)
@once(needs_key=False)
@blueprint.arguments(FinancingNarrowSchema)
@blueprint.response(200, FinancingSchema, headers=ETAG)
def narrow_shown(financing: Financing, body: Mapping[str, Any]) -> Response:
    """Funds are shown less of each other."""
    return _take(financing, raising.narrow_shown, shown=body["shown"])


@blueprint.post("/financings/<public_id>/abandon")
@operation("financings:write", "financing:edit", subject=find_financing)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, FinancingSchema, headers=ETAG)
def abandon_financing(financing: Financing, body: Mapping[str, Any]) -> Response:
    """Nothing is raised; all commitments end."""
    return _take(financing, raising.abandon_financing)


@blueprint.get("/interests/<public_id>")
@operation("financings:read", "interest:view", subject=find_interest)
@blueprint.response(200, InterestSchema)
def read_interest(interest: Interest) -> dict[str, Any]:
    """How far one fund has come, for the two whom it concerns."""
    return show_interest(interest)


@blueprint.post("/interests/<public_id>/release")
@operation("financings:write", "interest:release", subject=find_interest)
@once(needs_key=False)
@blueprint.arguments(InterestReleaseSchema)
@blueprint.response(200, InterestSchema)
def let_go(interest: Interest, body: Mapping[str, Any]) -> dict[str, Any]:
    """The founder does not take what a fund has committed."""
    carry_out(committing.let_go, interest=interest, words=body["words"])
    return show_interest(interest)


@blueprint.post("/interests/<public_id>/confirm")
@operation("financings:write", "interest:confirm", subject=find_interest)
@once(needs_key=False)
@blueprint.arguments(PaymentSchema)
@blueprint.response(200, InterestSchema)
def confirm_payment(interest: Interest, body: Mapping[str, Any]) -> dict[str, Any]:
    """The money of a fund has come."""
    carry_out(committing.confirm_payment, interest=interest, paid_on=body["paid_on"])
    return show_interest(interest)


def _check(values: FinancingValues) -> None:
    """Raise FieldsInvalid for parts that do not fit each other."""
    if values.least_yuan > values.target_yuan:
        refuse_field("/least_yuan", _("The minimum is more than what is raised."))


def _take(financing: Financing, action: Callable[..., object], **values: object) -> Response:
    carry_out(action, financing=financing, **values)
    return _VERSIONS.answer(financing)


_VERSIONS = Versions(FinancingSchema, find_financing, show_financing)
