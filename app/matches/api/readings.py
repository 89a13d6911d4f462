"""How a need is read: looked at, corrected, and conditions that were read in it answered."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import Response, current_app, jsonify

from app.clock import now
from app.extensions import db
from app.matches.api.room import blueprint
from app.matches.api.shapes import (
    NeedWishSchema,
    ReadSentenceSchema,
    show_sentences,
    show_wishes,
)
from app.matches.errors import MatchingNotReady
from app.matches.queries.readings import list_proposals, read_now
from app.needs import actions
from app.needs.api import VERSIONS
from app.needs.queries import find_need
from app.transactions import writing
from app.web.api import changes_version, operation
from app.web.api_fields import ApiSchema, Code, Line, Listed, Text
from app.web.api_versions import ETAG, write_tag
from app.web.engine import get_engine
from app.web.identity import get_current_actor
from app.web.repeats import once
from app.web.steps import carry_out
from app.web.turns import in_turn
from app.words.limits import TEXT_LIMIT
from matching.encoders.errors import EncoderMissing
from models.needs import Need
from models.vocabulary import ConditionAttribute, NeedRole, ProposalAnswer


class ProposalSchema(ma.Schema):
    """A condition that a sentence seems to state, and that the need does not have. 拟议条件。"""

    attribute = ma.fields.String(required=True)
    values = ma.fields.List(ma.fields.String(), required=True)
    sentence = ma.fields.String(required=True)


class ReadingSchema(ma.Schema):
    """A need as it is read now. In a description all sentences count alike. 对需求的理解。"""

    need = ma.fields.String(required=True)
    description = ma.fields.Boolean(required=True)
    sentences = ma.fields.List(ma.fields.Nested(ReadSentenceSchema), required=True)
    wishes = ma.fields.List(ma.fields.Nested(NeedWishSchema), required=True)
    proposals = ma.fields.List(ma.fields.Nested(ProposalSchema), required=True)


class ReadingCorrectionSchema(ApiSchema):
    """What a sentence of the need does; null as matching reads it. 更正。"""

    sentence = Text(least=1, most=TEXT_LIMIT, required=True)
    role = Code(NeedRole, required=True, allow_none=True)


class ProposalAnswerSchema(ApiSchema):
    """What becomes of a condition that was read. 对拟议条件的答复。"""

    attribute = Code(ConditionAttribute, required=True)
    values = Listed(Line(most=40), required=True, most=30)
    answer = Code(ProposalAnswer, required=True)


@blueprint.get("/needs/<public_id>/reading")
@operation("needs:read", "need:view", subject=find_need, refusals=(503,))
@in_turn
@blueprint.response(200, ReadingSchema, headers=ETAG)
def read_reading(need: Need) -> Response:
    """What each sentence is taken for, and which conditions are proposed; stores nothing."""
    return _answer(need)


@blueprint.patch("/needs/<public_id>/reading")
@operation("needs:write", "need:edit", subject=find_need, refusals=(409, 503))
@changes_version
@blueprint.arguments(ReadingCorrectionSchema)
@blueprint.response(200, ReadingSchema, headers=ETAG)
def correct_reading(need: Need, body: Mapping[str, Any]) -> Response:
    """A sentence is read as its founder says, until it is changed."""
    with VERSIONS.changing(need) as version, writing(db.session):
        actions.correct_reading(
            db.session,
            need=need,
            sentence=body["sentence"],
            role=body["role"],
            version=version,
            actor=get_current_actor(),
            at=now(),
        )
    return _answer(need)


@blueprint.post("/needs/<public_id>/proposals")
@operation("needs:write", "need:edit", subject=find_need, refusals=(503,))
@once(needs_key=False)
@blueprint.arguments(ProposalAnswerSchema)
@blueprint.response(200, ReadingSchema, headers=ETAG)
def answer_proposal(need: Need, body: Mapping[str, Any]) -> Response:
    """Take a condition over that was read, preferred or required, or say that it is not meant."""
    carry_out(
        actions.answer_proposal,
        need=need,
        attribute=body["attribute"],
        values=body["values"],
        answer=body["answer"],
        version=None,
    )
    return _answer(need)


def _answer(need: Need) -> Response:
    try:
        reading = read_now(get_engine(), need)
    except EncoderMissing as error:
        current_app.logger.exception("a need cannot be read")
        raise MatchingNotReady from error
    shown = {
        "need": need.public_id,
        "description": reading.is_description,
        "sentences": show_sentences(reading),
        "wishes": show_wishes(reading),
        "proposals": [
            {
                "attribute": each.attribute.value,
                "values": list(each.values),
                "sentence": each.sentence,
            }
            for each in list_proposals(need, reading, at=now())
        ],
    }
    response = jsonify(ReadingSchema().dump(shown))
    response.headers["ETag"] = write_tag(need.public_id, need.version)
    return response
