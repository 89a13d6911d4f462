"""What a request asks for, in JSON: one object whose fields go by the kind of provider."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, Final

import marshmallow as ma
from flask_babel import gettext as _

from app.engagements.asking import (
    KIND_OF_ASK,
    QUANTITY_LIMIT,
    Ask,
    CoachingAsk,
    FundingAsk,
    OrderAsk,
)
from app.engagements.request_forms import ASK_LIMIT
from app.web.api_body import refuse_field
from app.web.api_fields import ApiSchema, Code, Day, Id, Line, Text, Whole
from app.words.limits import LINE_LIMIT, MONEY_LIMIT_YUAN, NAME_LIMIT
from models.vocabulary import FundingStage, Instrument, MeetingForm, ProviderKind

_ASKS: Final[dict[ProviderKind, type[Ask]]] = {kind: ask for ask, kind in KIND_OF_ASK.items()}


class NewAskSchema(ApiSchema):
    """What is asked for. 所请求的内容。

    Of a mentor 导师: `goal`, `meeting_form`, `wished_time`. Of an investor 投资方: `amount_yuan`
    (needed), `instrument`, `stage`, `milestone`, `use_of_funds`, `closing_on`. Of a centre
    概念验证中心: `service_name` (as the centre calls it, or in other words) or `service_id`,
    `quantity`, `wished_on`, `sample`, `claim`.
    """

    goal = Text(most=ASK_LIMIT)
    meeting_form = Code(MeetingForm, allow_none=True)
    wished_time = Line(most=LINE_LIMIT)
    amount_yuan = Whole(low=1, high=MONEY_LIMIT_YUAN)
    instrument = Code(Instrument, allow_none=True)
    stage = Code(FundingStage, allow_none=True)
    milestone = Text(most=ASK_LIMIT)
    use_of_funds = Text(most=ASK_LIMIT)
    closing_on = Day(allow_none=True)
    service_id = Id(allow_none=True)
    service_name = Line(most=NAME_LIMIT)
    quantity = Whole(low=1, high=QUANTITY_LIMIT)
    wished_on = Day(allow_none=True)
    sample = Text(most=ASK_LIMIT)
    claim = Text(most=ASK_LIMIT)


class AskedSchema(ma.Schema):
    """What was asked for: the fields that go with the kind of provider. 所请求的内容。"""

    goal = ma.fields.String()
    meeting_form = ma.fields.String(allow_none=True)
    wished_time = ma.fields.String()
    amount_yuan = ma.fields.Integer()
    instrument = ma.fields.String(allow_none=True)
    stage = ma.fields.String(allow_none=True)
    milestone = ma.fields.String()
    use_of_funds = ma.fields.String()
    closing_on = ma.fields.Date(allow_none=True)
    service_id = ma.fields.String(allow_none=True)
    service_name = ma.fields.String()
    quantity = ma.fields.Integer()
    wished_on = ma.fields.Date(allow_none=True)
    sample = ma.fields.String()
    claim = ma.fields.String()


def read_ask(kind: ProviderKind, body: Mapping[str, Any] | None) -> Ask | None:
    """The value that `body` says for a provider of `kind`. Raises FieldsInvalid."""
    if body is None:
        return None
    ask = _ASKS[kind]
    known = {each.name for each in fields(ask)}
    for name in body:
        if name not in known:
            refuse_field(f"/asked/{name}", _("A provider of this kind is not asked for that."))
    match kind:
        case ProviderKind.MENTOR:
            return CoachingAsk(**body)
        case ProviderKind.INVESTOR:
            if "amount_yuan" not in body:
                refuse_field("/asked/amount_yuan", _("This is needed."))
            return FundingAsk(**body)
        case ProviderKind.CENTRE:
            return OrderAsk(**body)


def show_ask(ask: Ask | None) -> dict[str, Any] | None:
    """What was asked for, as JSON shows it."""
    return None if ask is None else asdict(ask)
