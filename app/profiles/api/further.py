"""Further texts of a provider, for programs."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import Response, jsonify, url_for
from flask_babel import gettext as _

from app.clock import now
from app.errors import expect
from app.extensions import db
from app.profiles import actions, queries
from app.profiles.api.readings import ProfileReadingSchema, show_reading
from app.profiles.api.room import blueprint
from app.profiles.encoding import needing_encoder
from app.profiles.looking import read_further_text
from app.profiles.taking_texts import take_text
from app.profiles.values import TextValues
from app.vault.queries.documents import list_plain_texts
from app.vault.storage.choice import get_store
from app.web.api import operation, show_list
from app.web.api_body import refuse_field
from app.web.api_fields import (
    NEWEST,
    OLDEST,
    ApiSchema,
    Code,
    Id,
    Line,
    Moment,
    NothingSchema,
    PageSchema,
    State,
    Text,
    Whole,
)
from app.web.engine import get_engine
from app.web.identity import get_current_actor
from app.web.lists import Lines, Shown, list_rows
from app.web.repeats import once
from app.web.steps import carry_out
from app.web.turns import in_turn
from app.words.links import is_web_address
from models.documents import Document
from models.provider_texts import (
    FIRST_YEAR,
    FURTHER_TEXT_LIMIT,
    LAST_YEAR,
    TEXT_ADDRESS_LIMIT,
    TEXT_TITLE_LIMIT,
    ProviderText,
    TextSource,
)
from models.providers import Provider


class TextSummarySchema(ma.Schema):
    """A further text of a provider in a list. 补充材料摘要。"""

    id = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    source = ma.fields.String(required=True)
    year = ma.fields.Integer(required=True, allow_none=True)
    link = ma.fields.String(required=True)
    added_at = Moment(required=True)


class FurtherTextSchema(TextSummarySchema):
    """A further text of a provider: matched and quoted beside the profile. 补充材料。"""

    provider = ma.fields.String(required=True)
    text = ma.fields.String(required=True)


class NewTextSchema(ApiSchema):
    """A text in words, or the id of one of the provider's documents that is plain text: exactly
    one of the two. 新补充材料。"""

    title = Line(least=1, most=TEXT_TITLE_LIMIT, required=True)
    source = Code(TextSource, required=True)
    year = Whole(low=FIRST_YEAR, high=LAST_YEAR, allow_none=True, load_default=None)
    link = Line(most=TEXT_ADDRESS_LIMIT, load_default="")
    text = Text(least=1, most=FURTHER_TEXT_LIMIT, load_default=None)
    document = Id(load_default=None)


class TakenBackSchema(ma.Schema):
    """A text that is gone, and of how many sentences the corrected reading ended. 已撤回。"""

    id = ma.fields.String(required=True)
    corrections_ended = ma.fields.Integer(required=True)


class TextQuerySchema(PageSchema):
    """In which order."""

    sort = State(
        (NEWEST, OLDEST),
        load_default=NEWEST,
        metadata={"description": "What comes first. 排序。"},
    )


@blueprint.get("/providers/<public_id>/texts")
@operation("providers:read", "provider:view", subject=queries.find_provider)
@blueprint.arguments(TextQuerySchema, location="query")
@blueprint.response(200, show_list(TextSummarySchema))
def list_further_texts(provider: Provider, asked: Mapping[str, Any]) -> Shown | Lines:
    """The texts that a provider has beside its profile."""
    return list_rows(
        queries.select_further_texts(provider),
        asked,
        moment=ProviderText.added_at,
        key=ProviderText.id,
        show=_show_summary,
    )


@blueprint.post("/providers/<public_id>/texts")
@operation(
    "providers:write", "provider:edit", subject=queries.find_provider, refusals=(409, 422, 503)
)
@once()
@in_turn
@blueprint.arguments(NewTextSchema)
@blueprint.response(201, FurtherTextSchema)
def add_further_text(provider: Provider, body: Mapping[str, Any]) -> Response:
    """The provider is matched by this text, too; the next search knows it."""
    if (body["text"] is None) == (body["document"] is None):
        refuse_field("/text", _("Give a text or choose a document, not both."))
    if body["link"] and not is_web_address(body["link"]):
        refuse_field("/link", _("Give a whole address, beginning with https://"))
    text = take_text(
        db.session,
        get_engine(),
        get_store(),
        provider=provider,
        values=TextValues(
            title=body["title"],
            source=body["source"],
            year=body["year"],
            address=body["link"],
            text=body["text"] or "",
        ),
        document=_find_document(provider, body["document"]),
        actor=get_current_actor(),
        at=now(),
    )
    response = jsonify(_dump(provider, text))
    response.status_code = 201
    response.headers["Location"] = url_for(
        "profiles_api.read_further_text_of", public_id=provider.public_id, text_id=text.public_id
    )
    return response


@blueprint.get("/providers/<public_id>/texts/<text_id>")
@operation("providers:read", "provider:view", subject=queries.find_provider)
@blueprint.response(200, FurtherTextSchema)
def read_further_text_of(provider: Provider, text_id: str) -> Response:
    """One text, for whoever sees the profile."""
    return jsonify(_dump(provider, _find(provider, text_id)))


@blueprint.get("/providers/<public_id>/texts/<text_id>/reading")
@operation("providers:read", "provider:edit", subject=queries.find_provider, refusals=(503,))
@in_turn
@blueprint.response(200, ProfileReadingSchema)
def read_further_reading(provider: Provider, text_id: str) -> Response:
    """What each sentence of a text is taken for; corrected as the profile's are."""
    with needing_encoder():
        reading = read_further_text(get_engine(), _find(provider, text_id))
    return jsonify(show_reading(provider, reading))


@blueprint.post("/providers/<public_id>/texts/<text_id>/take-back")
@operation("providers:write", "provider:edit", subject=queries.find_provider)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, TakenBackSchema)
def take_back_further_text(provider: Provider, body: Mapping[str, Any], text_id: str) -> Response:
    """Nobody is found by the text any more, and nothing of it is left."""
    ended = carry_out(actions.take_back_text, provider=provider, public_id=text_id)
    return jsonify(TakenBackSchema().dump({"id": text_id, "corrections_ended": ended}))


def _find(provider: Provider, text_id: str) -> ProviderText:
    return expect(queries.find_further_text(db.session, provider, text_id))


def _find_document(provider: Provider, public_id: str | None) -> Document | None:
    if public_id is None:
        return None
    for document in list_plain_texts(db.session, provider):
        if document.public_id == public_id:
            return document
    refuse_field("/document", _("This provider keeps no such document of plain text."))
    return None


def _show_summary(text: ProviderText) -> dict[str, Any]:
    return {
        "id": text.public_id,
        "title": text.title,
        "source": text.source.value,
        "year": text.year,
        "link": text.address,
        "added_at": text.added_at,
    }


def _dump(provider: Provider, text: ProviderText) -> dict[str, Any]:
    shown = _show_summary(text) | {"provider": provider.public_id, "text": text.text}
    dumped: dict[str, Any] = FurtherTextSchema().dump(shown)
    return dumped
