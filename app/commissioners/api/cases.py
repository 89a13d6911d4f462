"""Cases: opened, taken up, finished, closed, noted; for the two sides alone."""

from collections.abc import Callable, Mapping
from typing import Any

import marshmallow as ma

from app.access import is_permitted
from app.commissioners.actions import cases
from app.commissioners.api.room import blueprint
from app.commissioners.errors import CaseUnfit
from app.commissioners.queries.cares import find_care, find_case, select_known_cases
from app.commissioners.values import CaseValues
from app.extensions import db
from app.products.queries.products import find_product
from app.web.api import operation, show_list
from app.web.api_fields import (
    ApiSchema,
    Code,
    Id,
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
from app.words.limits import MONEY_LIMIT_YUAN
from models.commissioner_codes import CaseClosure
from models.commissioner_states import FINANCE_CASE
from models.commissioners import WORDS_LIMIT, CompanyCare, FinanceCase
from models.product_codes import ProductKind
from models.products import FinanceProduct


class CaseNoteSchema(ma.Schema):
    """What one of the sides wrote down. 记录。"""

    words = ma.fields.String(required=True)
    author = ma.fields.String(required=True, allow_none=True)
    written_at = Moment(required=True)


class CaseSchema(ma.Schema):
    """What a company needs and what came of it. Whole yuan. 融资事项。"""

    id = ma.fields.String(required=True)
    care = ma.fields.String(required=True)
    startup = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    amount_yuan = ma.fields.Integer(required=True, allow_none=True)
    product = ma.fields.String(required=True, allow_none=True)
    words = ma.fields.String(required=True)
    obtained_kind = ma.fields.String(required=True, allow_none=True)
    obtained_yuan = ma.fields.Integer(required=True, allow_none=True)
    closure = ma.fields.String(required=True, allow_none=True)
    end_words = ma.fields.String(required=True)
    created_at = Moment(required=True)
    changed_at = Moment(required=True)
    ended_at = Moment(required=True, allow_none=True)
    notes = ma.fields.List(ma.fields.Nested(CaseNoteSchema), required=True)
    actions = ma.fields.List(ma.fields.String(), required=True)


class CaseQuerySchema(PageSchema):
    """Which cases."""

    state = State(FINANCE_CASE.states, load_default=None)


class CaseNeedSchema(ApiSchema):
    """What is needed; `product` is one of the incubator's catalogue. 融资需求。"""

    kind = Code(ProductKind, required=True)
    amount_yuan = Whole(low=1, high=MONEY_LIMIT_YUAN, allow_none=True, load_default=None)
    product = Id(allow_none=True, load_default=None)
    words = Text(most=WORDS_LIMIT, load_default="")


class CaseObtainedSchema(ApiSchema):
    """What the company has got. 获得资金。"""

    kind = Code(ProductKind, required=True)
    obtained_yuan = Whole(low=1, high=MONEY_LIMIT_YUAN, required=True)
    words = Text(most=WORDS_LIMIT, load_default="")


class CaseClosureSchema(ApiSchema):
    """Why it came to nothing. 未成原因。"""

    closure = Code(CaseClosure, required=True)
    words = Text(most=WORDS_LIMIT, load_default="")


class CaseWordsSchema(ApiSchema):
    """A note. 记录内容。"""

    words = Text(least=1, most=WORDS_LIMIT, required=True)


@blueprint.get("/cases")
@operation("commissioners:read", "care:list")
@blueprint.arguments(CaseQuerySchema, location="query")
@blueprint.response(200, show_list(CaseSchema))
def list_finance_cases(asked: Mapping[str, Any]) -> Shown | Lines:
    """The cases of one's startups, and of those in one's care."""
    query = select_known_cases(get_current_actor())
    if asked["state"] is not None:
        query = query.where(FinanceCase.state == asked["state"])
    return list_rows(
        query, asked, moment=FinanceCase.created_at, key=FinanceCase.id, show=show_case
    )


@blueprint.post("/care/<public_id>/cases")
@operation("commissioners:write", "case:open", subject=find_care)
@once()
@blueprint.arguments(CaseNeedSchema)
@blueprint.response(201, CaseSchema)
def open_finance_case(care: CompanyCare, body: Mapping[str, Any]) -> dict[str, Any]:
    """Say what the company needs."""
    said = dict(body)
    product = _get_product(care, said.pop("product"))
    case = carry_out(cases.open_case, care=care, values=CaseValues(product=product, **said))
    return show_case(case)


@blueprint.get("/cases/<public_id>")
@operation("commissioners:read", "case:view", subject=find_case)
@blueprint.response(200, CaseSchema)
def read_finance_case(case: FinanceCase) -> dict[str, Any]:
    """One case with its notes."""
    return show_case(case)


@blueprint.post("/cases/<public_id>/begin")
@operation("commissioners:write", "case:work", subject=find_case)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, CaseSchema)
def begin_finance_case(case: FinanceCase, body: Mapping[str, Any]) -> dict[str, Any]:
    """The commissioner takes it up."""
    return _take(case, cases.begin_case)


@blueprint.post("/cases/<public_id>/finish")
@operation("commissioners:write", "case:work", subject=find_case)
@once(needs_key=False)
@blueprint.arguments(CaseObtainedSchema)
@blueprint.response(200, CaseSchema)
def finish_finance_case(case: FinanceCase, body: Mapping[str, Any]) -> dict[str, Any]:
    """The money is there."""
    return _take(case, cases.finish_case, **body)


@blueprint.post("/cases/<public_id>/close")
@operation("commissioners:write", "case:close", subject=find_case)
@once(needs_key=False)
@blueprint.arguments(CaseClosureSchema)
@blueprint.response(200, CaseSchema)
def close_finance_case(case: FinanceCase, body: Mapping[str, Any]) -> dict[str, Any]:
    """It came to nothing."""
    return _take(case, cases.close_case, **body)


@blueprint.post("/cases/<public_id>/notes")
@operation("commissioners:write", "case:note", subject=find_case)
@once()
@blueprint.arguments(CaseWordsSchema)
@blueprint.response(201, CaseSchema)
def note_finance_case(case: FinanceCase, body: Mapping[str, Any]) -> dict[str, Any]:
    """Write something down, which both sides read."""
    return _take(case, cases.note_case, words=body["words"])


def show_case(case: FinanceCase) -> dict[str, Any]:
    """A case as its sides see it."""
    viewer = get_current_actor()
    possible = [
        action
        for action, permission in (
            ("begin", "case:work"),
            ("finish", "case:work"),
            ("close", "case:close"),
        )
        if case.care.state == "active"
        and FINANCE_CASE.is_allowed(action, case.state)
        and is_permitted(viewer, permission, case)
    ]
    return {
        "id": case.public_id,
        "care": case.care.public_id,
        "startup": case.care.startup.public_id,
        "state": case.state,
        "kind": case.kind.value,
        "amount_yuan": case.amount_yuan,
        "product": case.product.public_id if case.product else None,
        "words": case.words,
        "obtained_kind": case.obtained_kind.value if case.obtained_kind else None,
        "obtained_yuan": case.obtained_yuan,
        "closure": case.closure.value if case.closure else None,
        "end_words": case.end_words,
        "created_at": case.created_at,
        "changed_at": case.changed_at,
        "ended_at": case.ended_at,
        "notes": [
            {
                "words": note.words,
                "author": note.author.name if note.author else None,
                "written_at": note.written_at,
            }
            for note in case.notes
        ],
        "actions": possible,
    }


def _get_product(care: CompanyCare, public_id: str | None) -> FinanceProduct | None:
    """Of products elsewhere, and of drafts, nothing is told."""
    if public_id is None:
        return None
    product = find_product(db.session, public_id)
    if (
        product is None
        or product.state == "draft"
        or product.incubator_id != care.commissioner.incubator_id
    ):
        raise CaseUnfit
    return product


def _take(case: FinanceCase, action: Callable[..., object], **values: Any) -> dict[str, Any]:
    carry_out(action, case=case, **values)
    return show_case(case)
