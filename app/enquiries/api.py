"""Questions to a human about lists of matches, for programs."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from app.access import can_know_of
from app.clock import now
from app.enquiries import queries
from app.enquiries.actions import answering, asking
from app.enquiries.rules import WORDS_LIMIT
from app.errors import NotFound
from app.extensions import db, get_settings
from app.needs.queries import find_need
from app.pools.queries import find_incubator
from app.profiles.queries import find_provider
from app.transactions import writing
from app.web.api import VERSION_PATH, ApiBlueprint, operation, show_list
from app.web.api_fields import ApiSchema, Code, Id, Moment, NothingSchema, PartSchema, Text
from app.web.identity import get_current_actor
from app.web.lists import Lines, list_ordered
from app.web.repeats import once
from app.web.steps import carry_out
from models.enquiries import EnquiryConcern, EnquiryOutcome, ListEnquiry
from models.needs import Need
from models.organisations import Incubator
from models.providers import Provider

Body = Mapping[str, Any]
Answer = dict[str, Any]

blueprint = ApiBlueprint(
    "enquiries_api",
    __name__,
    url_prefix=VERSION_PATH,
    description="A human looks at lists of matches. 就匹配名单询问人工。",
)


class EnquirySchema(ma.Schema):
    """What was asked about lists, and the answer; no incubator: the installation. 人工询问。"""

    id = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    need = ma.fields.String(required=True, allow_none=True)
    run = ma.fields.String(required=True, allow_none=True)
    provider = ma.fields.String(required=True, allow_none=True)
    about = ma.fields.String(required=True, allow_none=True)
    incubator = ma.fields.String(required=True, allow_none=True)
    concern = ma.fields.String(required=True)
    words = ma.fields.String(required=True)
    asked_at = Moment(required=True)
    due_at = Moment(required=True)
    outcome = ma.fields.String(required=True, allow_none=True)
    answer = ma.fields.String(required=True)
    answered_at = Moment(required=True, allow_none=True)


class NewListEnquirySchema(ApiSchema):
    """What a startup asks about a list: the latest, unless `run` names another. 就名单提问。"""

    run = Id(load_default=None, allow_none=True)
    about = Id(load_default=None, allow_none=True)
    concern = Code(EnquiryConcern, required=True)
    words = Text(least=1, most=WORDS_LIMIT, required=True)


class NewPlacesEnquirySchema(ApiSchema):
    """What a provider asks about its places in lists, and whose operators. 就自身排名提问。"""

    incubator = Id(load_default=None, allow_none=True)
    concern = Code(EnquiryConcern, required=True)
    words = Text(least=1, most=WORDS_LIMIT, required=True)


class EnquiryAnswerSchema(ApiSchema):
    """What came of looking at it, and the words to whoever asked. 答复。"""

    outcome = Code(EnquiryOutcome, required=True)
    answer = Text(least=1, most=WORDS_LIMIT, required=True)


@blueprint.post("/needs/<public_id>/enquiries")
@operation("matches:write", "enquiry:ask_of_need", subject=find_need)
@once()
@blueprint.arguments(NewListEnquirySchema)
@blueprint.response(200, EnquirySchema)
def ask_of_need(need: Need, body: Body) -> Answer:
    """Ask a human to look at the list of a need."""
    about = None
    if body["about"] is not None:
        about = find_provider(db.session, body["about"])
        if about is None or not can_know_of(get_current_actor(), about):
            raise NotFound
    run = queries.find_list(db.session, need, body["run"] or "")
    if run is None and body["run"] is not None:
        raise NotFound
    enquiry = carry_out(
        asking.ask_about_list,
        need=need,
        run=run,
        about=about,
        concern=body["concern"],
        words=body["words"],
        contact=get_settings().privacy_contact,
    )
    return _show(enquiry)


@blueprint.get("/needs/<public_id>/enquiries")
@operation("matches:read", "need:view", subject=find_need)
@blueprint.arguments(PartSchema, location="query")
@blueprint.response(200, show_list(EnquirySchema))
def list_of_need(need: Need, asked: Body) -> Answer | Lines:
    """What was asked about the lists of a need, the latest first."""
    rows = queries.list_of_need(db.session, need, get_current_actor())
    return list_ordered(rows, asked, identify=_identify, show=_show)


@blueprint.post("/providers/<public_id>/enquiries")
@operation("matches:write", "enquiry:ask_of_provider", subject=find_provider)
@once()
@blueprint.arguments(NewPlacesEnquirySchema)
@blueprint.response(200, EnquirySchema)
def ask_of_provider(provider: Provider, body: Body) -> Answer:
    """Ask a human why a provider stands in lists, or does not."""
    actor, incubator = get_current_actor(), None
    if body["incubator"] is not None:
        incubator = find_incubator(db.session, body["incubator"])
        if incubator is None or not can_know_of(actor, incubator):
            raise NotFound
    with writing(db.session):
        enquiry = asking.ask_about_places(
            db.session,
            provider=provider,
            incubator=incubator,
            concern=body["concern"],
            words=body["words"],
            contact=get_settings().privacy_contact,
            actor=actor,
            at=now(),
        )
    return _show(enquiry)


@blueprint.get("/providers/<public_id>/enquiries")
@operation("matches:read", "enquiry:list_of_provider", subject=find_provider)
@blueprint.arguments(PartSchema, location="query")
@blueprint.response(200, show_list(EnquirySchema))
def list_of_provider(provider: Provider, asked: Body) -> Answer | Lines:
    """What a provider asked about its places in lists, the latest first."""
    rows = queries.list_of_provider(db.session, provider)
    return list_ordered(rows, asked, identify=_identify, show=_show)


@blueprint.get("/incubators/<public_id>/enquiries")
@operation("matches:read", "enquiry:list_all", subject=find_incubator)
@blueprint.arguments(PartSchema, location="query")
@blueprint.response(200, show_list(EnquirySchema))
def list_of_incubator(incubator: Incubator, asked: Body) -> Answer | Lines:
    """What the operators were asked, what is open first."""
    rows = queries.list_of_incubator(db.session, incubator)
    return list_ordered(rows, asked, identify=_identify, show=_show)


@blueprint.get("/enquiries/<public_id>")
@operation("matches:read", "enquiry:view", subject=queries.find_enquiry)
@blueprint.response(200, EnquirySchema)
def read_enquiry(enquiry: ListEnquiry) -> Answer:
    """What is asked, until when it is answered, and the answer."""
    return _show(enquiry)


@blueprint.post("/enquiries/<public_id>/answer")
@operation("matches:write", "enquiry:answer", subject=queries.find_enquiry)
@once(needs_key=False)
@blueprint.arguments(EnquiryAnswerSchema)
@blueprint.response(200, EnquirySchema)
def answer_enquiry(enquiry: ListEnquiry, body: Body) -> Answer:
    """Say what came of looking at it; whoever asked is told."""
    carry_out(answering.answer_enquiry, enquiry=enquiry, **body)
    return _show(enquiry)


@blueprint.post("/enquiries/<public_id>/withdraw")
@operation("matches:write", "enquiry:withdraw", subject=queries.find_enquiry)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, EnquirySchema)
def withdraw_enquiry(enquiry: ListEnquiry, body: Body) -> Answer:
    """Nobody has to answer it any more."""
    carry_out(asking.withdraw_enquiry, enquiry=enquiry)
    return _show(enquiry)


def _identify(enquiry: ListEnquiry) -> str:
    return enquiry.public_id


def _show(enquiry: ListEnquiry) -> Answer:
    return {
        "id": enquiry.public_id,
        "state": enquiry.state,
        "need": enquiry.need.public_id if enquiry.need else None,
        "run": enquiry.run.public_id if enquiry.run else None,
        "provider": enquiry.provider.public_id if enquiry.provider else None,
        "about": enquiry.about.public_id if enquiry.about else None,
        "incubator": enquiry.incubator.public_id if enquiry.incubator else None,
        "concern": enquiry.concern.value,
        "words": enquiry.words,
        "asked_at": enquiry.asked_at,
        "due_at": enquiry.due_at,
        "outcome": enquiry.outcome.value if enquiry.outcome else None,
        "answer": enquiry.answer,
        "answered_at": enquiry.answered_at,
    }
