"""How a profile is read, for the programs of whoever acts for it."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import Response, jsonify

from app.clock import now
from app.extensions import db
from app.profiles import actions
from app.profiles.api.providers import VERSIONS
from app.profiles.api.room import blueprint
from app.profiles.encoding import needing_encoder
from app.profiles.looking import ProfileReading, read_profile
from app.profiles.queries import find_provider
from app.transactions import writing
from app.web.api import changes_version, operation
from app.web.api_fields import ApiSchema, Code, Text
from app.web.api_versions import ETAG, write_tag
from app.web.engine import get_engine
from app.web.identity import get_current_actor
from app.web.turns import in_turn
from app.words.limits import TEXT_LIMIT
from models.providers import Provider
from models.vocabulary import ProfileRole


class ReadPassageSchema(ma.Schema):
    """A sentence of a profile, its role, and how surely it is read so, from 0 to 1. 逐句理解。"""

    text = ma.fields.String(required=True)
    role = ma.fields.String(required=True)
    sureness = ma.fields.Float(required=True)
    corrected = ma.fields.Boolean(required=True)


class ProfileReadingSchema(ma.Schema):
    """A profile as it is read now. In a report on research nothing is refused. 对档案的理解。"""

    provider = ma.fields.String(required=True)
    report = ma.fields.Boolean(required=True)
    sentences = ma.fields.List(ma.fields.Nested(ReadPassageSchema), required=True)


class PassageCorrectionSchema(ApiSchema):
    """What a sentence of the profile does; null as matching reads it. 更正。"""

    sentence = Text(least=1, most=TEXT_LIMIT, required=True)
    role = Code(ProfileRole, required=True, allow_none=True)


@blueprint.get("/providers/<public_id>/reading")
@operation("providers:read", "provider:edit", subject=find_provider, refusals=(503,))
@in_turn
@blueprint.response(200, ProfileReadingSchema, headers=ETAG)
def read_profile_reading(provider: Provider) -> Response:
    """What each sentence of the profile is taken for; stores nothing."""
    return _answer(provider)


@blueprint.patch("/providers/<public_id>/reading")
@operation("providers:write", "provider:edit", subject=find_provider, refusals=(409, 503))
@changes_version
@blueprint.arguments(PassageCorrectionSchema)
@blueprint.response(200, ProfileReadingSchema, headers=ETAG)
def correct_profile_reading(provider: Provider, body: Mapping[str, Any]) -> Response:
    """A sentence of the profile or a further text is read as said, until it is changed."""
    with VERSIONS.changing(provider) as version, writing(db.session):
        actions.correct_profile_reading(
            db.session,
            provider=provider,
            sentence=body["sentence"],
            role=body["role"],
            version=version,
            actor=get_current_actor(),
            at=now(),
        )
    return _answer(provider)


def _answer(provider: Provider) -> Response:
    with needing_encoder():
        reading = read_profile(get_engine(), provider)
    response = jsonify(show_reading(provider, reading))
    response.headers["ETag"] = write_tag(provider.public_id, provider.version)
    return response


def show_reading(provider: Provider, reading: ProfileReading) -> dict[str, Any]:
    """How a profile or a further text of `provider` is read, in JSON."""
    shown = {
        "provider": provider.public_id,
        "report": reading.is_report,
        "sentences": [
            {
                "text": each.text,
                "role": each.role.value,
                "sureness": each.sureness,
                "corrected": each.is_corrected,
            }
            for each in reading.sentences
        ],
    }
    dumped: dict[str, Any] = ProfileReadingSchema().dump(shown)
    return dumped
