"""For whom something is and who says so, as programs send and read it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import marshmallow as ma

from app.vouchers.rules import AGE_LIMIT, STAFF_LIMIT, RulesValues
from app.web.api_fields import ApiSchema, Code, Day, Flag, Line, Listed, Place, Text, Whole
from app.words.limits import MONEY_LIMIT_YUAN
from models.public_rules import (
    ADDRESS_LIMIT,
    PLACES_LIMIT,
    RULES_NOTE_LIMIT,
    SOURCE_LIMIT,
    TITLE_LIMIT,
)
from models.vocabulary import Title
from models.voucher_codes import SourceGrade


class RulesChangeSchema(ApiSchema):
    """What of a name, conditions and source is to be changed. 条件与来源的更改。"""

    title = Line(least=1, most=TITLE_LIMIT)
    note = Text(most=RULES_NOTE_LIMIT)
    places = Listed(Place(), most=PLACES_LIMIT)
    titles = Listed(Code(Title), most=5)
    needs_company = Flag()
    needs_resident = Flag()
    staff_most = Whole(low=0, high=STAFF_LIMIT, allow_none=True)
    revenue_most_yuan = Whole(low=0, high=MONEY_LIMIT_YUAN, allow_none=True)
    assets_most_yuan = Whole(low=0, high=MONEY_LIMIT_YUAN, allow_none=True)
    age_most_years = Whole(low=1, high=AGE_LIMIT, allow_none=True)
    source_title = Line(most=SOURCE_LIMIT)
    source_url = Line(most=ADDRESS_LIMIT)
    grade = Code(SourceGrade)
    checked_on = Day(allow_none=True)


class RulesSaidSchema(ma.Schema):
    """A name, conditions and their source. 条件与来源。"""

    title = ma.fields.String(required=True)
    note = ma.fields.String(required=True)
    places = ma.fields.List(ma.fields.String(), required=True)
    titles = ma.fields.List(ma.fields.String(), required=True)
    needs_company = ma.fields.Boolean(required=True)
    needs_resident = ma.fields.Boolean(required=True)
    staff_most = ma.fields.Integer(required=True, allow_none=True)
    revenue_most_yuan = ma.fields.Integer(required=True, allow_none=True)
    assets_most_yuan = ma.fields.Integer(required=True, allow_none=True)
    age_most_years = ma.fields.Integer(required=True, allow_none=True)
    source_title = ma.fields.String(required=True)
    source_url = ma.fields.String(required=True)
    grade = ma.fields.String(required=True)
    checked_on = ma.fields.Date(required=True, allow_none=True)
    code = ma.fields.String(required=True)
    is_unverified = ma.fields.Boolean(required=True)


def show_rules(values: RulesValues) -> dict[str, Any]:
    """Everything that `values` say, codes as they are sent."""
    return {name: _show(getattr(values, name)) for name in values.__dataclass_fields__}


def read_sent(body: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent, lists as values have them: each once."""
    return {
        name: tuple(dict.fromkeys(value)) if isinstance(value, list) else value
        for name, value in body.items()
    }


def _show(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_show(each) for each in value]
    return value.value if isinstance(value, StrEnum) else value
