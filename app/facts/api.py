"""What programs do with facts: list what is known, state more, confirm, withdraw."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

import marshmallow as ma
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import can_know_of, is_permitted
from app.errors import NotFound
from app.extensions import db
from app.facts import actions, queries
from app.facts.actions.standing import Subject
from app.facts.values import StatedFact, make_year
from app.vault.queries.documents import find_document
from app.web.api import VERSION_PATH, ApiBlueprint, operation, show_list
from app.web.api_body import refuse_field
from app.web.api_fields import (
    ApiSchema,
    Code,
    Day,
    Id,
    Line,
    Moment,
    NothingSchema,
    PageSchema,
    State,
    Text,
    Whole,
)
from app.web.identity import get_current_actor
from app.web.lists import Lines, Shown, list_rows
from app.web.repeats import once
from app.web.steps import carry_out
from models.canonical import canonical_line
from models.fact_types import FACT_SPECS, FactKind, FactSource, FactSpec, FactTime, FactType
from models.facts import REASON_LIMIT, SOURCE_NOTE_LIMIT, Fact, FactValue, is_value_of
from models.lifecycle import FACT
from models.organisations import Startup
from models.providers import Provider

blueprint = ApiBlueprint(
    "facts_api",
    __name__,
    url_prefix=VERSION_PATH,
    description="What is known. 事实。",
)

_EARLIEST_YEAR: Final = 1980
_UNITS: Final = {
    FactKind.MONEY: "yuan",
    FactKind.COUNT: "count",
    FactKind.LEVEL: "level",
    FactKind.AREA: "square_metre",
}


class NewFactSchema(ApiSchema):
    """Something that is known. 新事实。

    `value` is a number for money (in yuan), counts, areas (in square metres) and levels, true or
    false, a day, a text, a code or a list of codes, as the type has it. `year` goes with what is of
    a year, `on` with what is of a day. `document` is one of the subject's own.
    """

    type = Code(FactType, required=True)
    value = ma.fields.Raw(required=True, metadata={"description": "As the type has it. 取值。"})
    year = Whole(low=_EARLIEST_YEAR, high=9999)
    on = Day()
    source = Code(FactSource, load_default=FactSource.OWN_STATEMENT)
    source_note = Line(most=SOURCE_NOTE_LIMIT, load_default="")
    document = Id(load_default=None, allow_none=True)


class WithdrawnFactSchema(ApiSchema):
    """Why it holds no longer; whoever acts for the subject reads it. 撤回原因。"""

    reason = Text(least=1, most=REASON_LIMIT, required=True)


class FactSchema(ma.Schema):
    """Something that is known of a startup or a provider, with time and source. 事实。

    Money is in yuan. What gives way to a newer one, or was withdrawn, stays on record.
    """

    id = ma.fields.String(required=True)
    startup = ma.fields.String(required=True, allow_none=True)
    provider = ma.fields.String(required=True, allow_none=True)
    type = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    value = ma.fields.Raw(required=True)
    unit = ma.fields.String(required=True)
    begins_on = ma.fields.Date(required=True, allow_none=True)
    ends_on = ma.fields.Date(required=True, allow_none=True)
    source = ma.fields.String(required=True)
    source_note = ma.fields.String(required=True)
    document = ma.fields.String(required=True, allow_none=True)
    stated_at = Moment(required=True)
    confirmed_at = Moment(required=True, allow_none=True)
    withdrawn_at = Moment(required=True, allow_none=True)
    withdrawal_reason = ma.fields.String(required=True)
    superseded_at = Moment(required=True, allow_none=True)
    actions = ma.fields.List(ma.fields.String(), required=True)


class FactQuerySchema(PageSchema):
    """Which facts."""

    state = State(FACT.states, load_default=None)
    type = Code(FactType, load_default=None)


@blueprint.get("/startups/<public_id>/facts")
@operation("facts:read", "fact:list", subject=queries.find_startup_subject)
@blueprint.arguments(FactQuerySchema, location="query")
@blueprint.response(200, show_list(FactSchema))
def list_facts_of_startup(startup: Startup, asked: Mapping[str, Any]) -> Shown | Lines:
    """All that was ever stated of a startup, the newest first."""
    return _list(startup, asked)


@blueprint.get("/providers/<public_id>/facts")
@operation("facts:read", "fact:list", subject=queries.find_provider_subject)
@blueprint.arguments(FactQuerySchema, location="query")
@blueprint.response(200, show_list(FactSchema))
def list_facts_of_provider(provider: Provider, asked: Mapping[str, Any]) -> Shown | Lines:
    """All that was ever stated of a provider, the newest first."""
    return _list(provider, asked)


@blueprint.post("/startups/<public_id>/facts")
@operation("facts:write", "fact:state", subject=queries.find_startup_subject)
@once()
@blueprint.arguments(NewFactSchema)
@blueprint.response(201, FactSchema)
def state_fact_of_startup(startup: Startup, body: Mapping[str, Any]) -> ResponseReturnValue:
    """Something more is known of a startup, and counts as confirmed once an operator says so."""
    return _state(startup, body)


@blueprint.post("/providers/<public_id>/facts")
@operation("facts:write", "fact:state", subject=queries.find_provider_subject)
@once()
@blueprint.arguments(NewFactSchema)
@blueprint.response(201, FactSchema)
def state_fact_of_provider(provider: Provider, body: Mapping[str, Any]) -> ResponseReturnValue:
    """Something more is known of a provider, and counts as confirmed once an operator says so."""
    return _state(provider, body)


@blueprint.get("/facts/<public_id>")
@operation("facts:read", "fact:view", subject=queries.find_fact)
@blueprint.response(200, FactSchema)
def read_fact(fact: Fact) -> dict[str, Any]:
    """One fact."""
    return _show(fact)


@blueprint.post("/facts/<public_id>/confirm")
@operation("facts:write", "fact:confirm", subject=queries.find_fact)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, FactSchema)
def confirm_fact(fact: Fact, body: Mapping[str, Any]) -> dict[str, Any]:
    """The person has seen the source and says that the value is right."""
    carry_out(actions.confirm_fact, fact=fact)
    return _show(fact)


@blueprint.post("/facts/<public_id>/withdraw")
@operation("facts:write", "fact:withdraw", subject=queries.find_fact)
@once(needs_key=False)
@blueprint.arguments(WithdrawnFactSchema)
@blueprint.response(200, FactSchema)
def withdraw_fact(fact: Fact, body: Mapping[str, Any]) -> dict[str, Any]:
    """The value is wrong, or holds no longer."""
    carry_out(actions.withdraw_fact, fact=fact, reason=body["reason"])
    return _show(fact)


def _list(subject: Subject, asked: Mapping[str, Any]) -> Shown | Lines:
    return list_rows(
        queries.select_facts(subject, state=asked["state"], fact_type=asked["type"]),
        asked,
        moment=Fact.stated_at,
        key=Fact.id,
        show=_show,
    )


def _state(subject: Subject, body: Mapping[str, Any]) -> ResponseReturnValue:
    spec = FACT_SPECS[body["type"]]
    begins_on, ends_on = _read_time(spec, body)
    document = None
    if body["document"] is not None:
        document = find_document(db.session, body["document"])
        if document is None or not can_know_of(get_current_actor(), document):
            raise NotFound
    stated = StatedFact(
        fact_type=body["type"],
        value=_read_value(spec, body["value"]),
        begins_on=begins_on,
        ends_on=ends_on,
        unit=_UNITS.get(spec.kind, ""),
        source=body["source"],
        source_note=body["source_note"],
    )
    fact = carry_out(actions.state_fact, subject=subject, stated=stated, document=document)
    path = url_for("facts_api.read_fact", public_id=fact.public_id)
    return _show(fact), 201, {"Location": path}


def _read_time(spec: FactSpec, body: Mapping[str, Any]) -> tuple[date | None, date | None]:
    """Raises FieldsInvalid."""
    names = {FactTime.YEAR: "year", FactTime.DAY: "on"}
    wanted = names.get(spec.time)
    for name in names.values():
        if name in body and name != wanted:
            refuse_field(f"/{name}", _("Facts of this type are not of such a time."))
    if wanted is None:
        return None, None
    if wanted not in body:
        refuse_field(f"/{wanted}", _("This is needed."))
    return make_year(body["year"]) if wanted == "year" else (body["on"], body["on"])


def _read_value(spec: FactSpec, sent: object) -> FactValue:
    """The value as it is stored. Raises FieldsInvalid."""
    value: FactValue | None = None
    match spec.kind, sent:
        case FactKind.TRUTH, bool():
            value = sent
        case FactKind.DATE, str():
            value = Day().deserialize(sent) if len(sent) == len("2026-01-01") else None
        case FactKind.CODES, list() if all(isinstance(each, str) for each in sent):
            value = tuple(code.value for code in spec.codes or () if code.value in sent)
            if len(value) != len(sent):
                value = None
        case FactKind.TEXT | FactKind.CODE, str() if _is_storable(sent):
            value = canonical_line(sent)
        case FactKind.AREA, float():
            value = Decimal(str(sent))
        case FactKind.MONEY | FactKind.COUNT | FactKind.AREA | FactKind.LEVEL, int() if not (
            isinstance(sent, bool)
        ):
            value = Decimal(sent)
    if value is None or not is_value_of(spec, value):
        refuse_field("/value", _("This is not a value of this type."))
    return value


def _is_storable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= each <= "\udfff" for each in text)


def _show(fact: Fact) -> dict[str, Any]:
    actor = get_current_actor()
    mine = {
        "confirm": is_permitted(actor, "fact:confirm", fact)
        and fact.stated_by_id not in (actor.person_id, actor.acts_as_id),
        "withdraw": is_permitted(actor, "fact:withdraw", fact),
    }
    return {
        "id": fact.public_id,
        "startup": fact.startup.public_id if fact.startup else None,
        "provider": fact.provider.public_id if fact.provider else None,
        "type": fact.fact_type.value,
        "state": fact.state,
        "value": _write_value(fact.value),
        "unit": _UNITS.get(FACT_SPECS[fact.fact_type].kind, ""),
        "begins_on": fact.begins_on,
        "ends_on": fact.ends_on,
        "source": fact.source.value,
        "source_note": fact.source_note,
        "document": fact.document.public_id if fact.document else None,
        "stated_at": fact.stated_at,
        "confirmed_at": fact.confirmed_at,
        "withdrawn_at": fact.withdrawn_at,
        "withdrawal_reason": fact.withdrawal_reason,
        "superseded_at": fact.superseded_at,
        "actions": [name for name in FACT.list_actions(fact.state) if mine.get(name)],
    }


def _write_value(value: FactValue) -> object:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case tuple():
            return list(value)
        case date():
            return value.isoformat()
    return value
