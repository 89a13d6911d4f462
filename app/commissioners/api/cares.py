"""Companies in care: suggested or asking, answered, ended."""

from collections.abc import Callable, Mapping
from typing import Any

import marshmallow as ma

from app.access import is_permitted
from app.clock import now
from app.commissioners.actions import caring
from app.commissioners.api.commissioners import CommissionerReasonSchema
from app.commissioners.api.room import blueprint
from app.commissioners.errors import StartupElsewhere
from app.commissioners.queries.cares import find_care, select_known_cares
from app.commissioners.queries.commissioners import find_commissioner
from app.commissioners.values import find_answer_day, is_too_late
from app.extensions import db
from app.profiles.queries import find_startup
from app.transactions import writing
from app.web.api import operation, show_list
from app.web.api_fields import ApiSchema, Id, Moment, NothingSchema, PageSchema, State, Text
from app.web.identity import get_current_actor
from app.web.lists import Lines, Shown, list_rows
from app.web.repeats import once
from models.commissioner_states import COMPANY_CARE
from models.commissioners import WORDS_LIMIT, Commissioner, CompanyCare
from models.organisations import Startup


class CareSchema(ma.Schema):
    """A startup in the care of a commissioner. Words: for the two sides alone. 服务关系。

    `answer_by` is the last day for an answer, null where nobody is asked.
    """

    id = ma.fields.String(required=True)
    commissioner = ma.fields.String(required=True)
    startup = ma.fields.String(required=True)
    startup_name = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    words = ma.fields.String(required=True)
    end_words = ma.fields.String(required=True)
    created_at = Moment(required=True)
    answer_by = ma.fields.Date(required=True, allow_none=True)
    consented_at = Moment(required=True, allow_none=True)
    answered_at = Moment(required=True, allow_none=True)
    ended_at = Moment(required=True, allow_none=True)
    actions = ma.fields.List(ma.fields.String(), required=True)


class CareQuerySchema(PageSchema):
    """Which of them."""

    state = State(COMPANY_CARE.states, load_default=None)


class CompanySchema(ApiSchema):
    """Which startup, with words to the other side. 企业。"""

    startup = Id(required=True)
    words = Text(most=WORDS_LIMIT, load_default="")


@blueprint.get("/care")
@operation("commissioners:read", "care:list")
@blueprint.arguments(CareQuerySchema, location="query")
@blueprint.response(200, show_list(CareSchema))
def list_cares(asked: Mapping[str, Any]) -> Shown | Lines:
    """Those of one's startups, those in one's care, and those that one's incubators suggested."""
    query = select_known_cares(get_current_actor())
    if asked["state"] is not None:
        query = query.where(CompanyCare.state == asked["state"])
    return list_rows(
        query, asked, moment=CompanyCare.created_at, key=CompanyCare.id, show=show_care
    )


@blueprint.post("/commissioners/<public_id>/assign")
@operation("commissioners:write", "commissioner:assign", subject=find_commissioner)
@once()
@blueprint.arguments(CompanySchema)
@blueprint.response(201, CareSchema)
def assign_company(commissioner: Commissioner, body: Mapping[str, Any]) -> dict[str, Any]:
    """Suggest a startup, which has to consent before the commissioner hears of it."""
    return _begin(caring.assign_company, commissioner, body)


@blueprint.post("/commissioners/<public_id>/ask")
@operation("commissioners:write", "commissioner:ask", subject=find_commissioner)
@once()
@blueprint.arguments(CompanySchema)
@blueprint.response(201, CareSchema)
def ask_commissioner(commissioner: Commissioner, body: Mapping[str, Any]) -> dict[str, Any]:
    """Ask for one's startup, which so consents to be known."""
    return _begin(caring.ask_commissioner, commissioner, body)


@blueprint.get("/care/<public_id>")
@operation("commissioners:read", "care:view", subject=find_care)
@blueprint.response(200, CareSchema)
def read_care(care: CompanyCare) -> dict[str, Any]:
    """One company in care."""
    return show_care(care)


@blueprint.post("/care/<public_id>/consent")
@operation("commissioners:write", "care:consent", subject=find_care)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, CareSchema)
def consent_to_care(care: CompanyCare, body: Mapping[str, Any]) -> dict[str, Any]:
    """The startup lets the commissioner know of it."""
    return _take(care, caring.consent_to_care)


@blueprint.post("/care/<public_id>/accept")
@operation("commissioners:write", "care:accept", subject=find_care)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, CareSchema)
def accept_company(care: CompanyCare, body: Mapping[str, Any]) -> dict[str, Any]:
    """The commissioner takes the company."""
    return _take(care, caring.accept_company)


@blueprint.post("/care/<public_id>/decline")
@operation("commissioners:write", "care:decline", subject=find_care)
@once(needs_key=False)
@blueprint.arguments(CommissionerReasonSchema)
@blueprint.response(200, CareSchema)
def decline_company(care: CompanyCare, body: Mapping[str, Any]) -> dict[str, Any]:
    """Whoever is asked does not agree."""
    return _take(care, caring.decline_company, words=body["reason"])


@blueprint.post("/care/<public_id>/withdraw")
@operation("commissioners:write", "care:withdraw", subject=find_care)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, CareSchema)
def withdraw_company(care: CompanyCare, body: Mapping[str, Any]) -> dict[str, Any]:
    """Whoever asked takes it back."""
    return _take(care, caring.withdraw_company)


@blueprint.post("/care/<public_id>/end")
@operation("commissioners:write", "care:end", subject=find_care)
@once(needs_key=False)
@blueprint.arguments(CommissionerReasonSchema)
@blueprint.response(200, CareSchema)
def end_care(care: CompanyCare, body: Mapping[str, Any]) -> dict[str, Any]:
    """One of the sides ends it; what was open in it is closed."""
    return _take(care, caring.end_care, words=body["reason"])


def show_care(care: CompanyCare) -> dict[str, Any]:
    """A company in care as the present viewer may see it."""
    viewer = get_current_actor()
    is_side = is_permitted(viewer, "case:open", care)
    return {
        "id": care.public_id,
        "commissioner": care.commissioner.public_id,
        "startup": care.startup.public_id,
        "startup_name": care.startup.name,
        "state": care.state,
        "words": care.words if is_side or care.state == "assigned" else "",
        "end_words": care.end_words if is_side else "",
        "created_at": care.created_at,
        "answer_by": find_answer_day(care),
        "consented_at": care.consented_at,
        "answered_at": care.answered_at,
        "ended_at": care.ended_at,
        "actions": [
            action
            for action in ("consent", "accept", "decline", "withdraw", "end")
            if COMPANY_CARE.is_allowed(action, care.state)
            and is_permitted(viewer, f"care:{action}", care)
            and not (action in ("consent", "accept") and is_too_late(care, now()))
        ],
    }


def _begin(
    action: Callable[..., CompanyCare], commissioner: Commissioner, body: Mapping[str, Any]
) -> dict[str, Any]:
    with writing(db.session):
        care = action(
            db.session,
            commissioner=commissioner,
            startup=_get_startup(commissioner, body["startup"]),
            words=body["words"],
            actor=get_current_actor(),
            at=now(),
        )
    return show_care(care)


def _get_startup(commissioner: Commissioner, public_id: str) -> Startup:
    """Of those elsewhere nothing is told, not even that they are."""
    startup = find_startup(db.session, public_id)
    if startup is None or startup.incubator_id != commissioner.incubator_id:
        raise StartupElsewhere
    return startup


def _take(care: CompanyCare, action: Callable[..., object], **values: Any) -> dict[str, Any]:
    with writing(db.session):
        action(db.session, care=care, **values, actor=get_current_actor(), at=now())
    return show_care(care)
