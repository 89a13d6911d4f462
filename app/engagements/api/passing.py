"""Passing a request on to a colleague, for programs."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from app.clock import now
from app.engagements import queries
from app.engagements.actions import passing as actions
from app.engagements.api.room import EngagementSchema, blueprint, show_engagement
from app.engagements.forms import REASON_LIMIT
from app.engagements.queries.passing import find_colleague, list_colleagues
from app.errors import expect
from app.extensions import db
from app.transactions import writing
from app.web.api import operation
from app.web.api_fields import ApiSchema, Id, Text
from app.web.identity import get_current_actor
from app.web.repeats import once
from models.engagements import Engagement


class ColleagueSchema(ma.Schema):
    """A mentor to whom the request can be passed on. 同事。"""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    headline = ma.fields.String(required=True)
    has_account = ma.fields.Boolean(required=True)


class ColleaguesSchema(ma.Schema):
    """By name. 可转交的同事。"""

    colleagues = ma.fields.List(ma.fields.Nested(ColleagueSchema), required=True)


class PassOnSchema(ApiSchema):
    """To whom, and why: the startup and the colleague read it. 转交。"""

    colleague = Id(required=True)
    words = Text(least=1, most=REASON_LIMIT, required=True)


@blueprint.get("/engagements/<public_id>/colleagues")
@operation("engagements:read", "engagement:pass_on", subject=queries.find_engagement)
@blueprint.response(200, ColleaguesSchema)
def read_colleagues(engagement: Engagement) -> dict[str, Any]:
    """Mentors with a free place to whom the mentor can pass the request on."""
    found = list_colleagues(db.session, engagement, get_current_actor())
    return {
        "colleagues": [
            {
                "id": each.public_id,
                "name": each.name,
                "headline": each.headline,
                "has_account": each.has_account,
            }
            for each in found
        ]
    }


@blueprint.post("/engagements/<public_id>/pass-on")
@operation("engagements:write", "engagement:pass_on", subject=queries.find_engagement)
@once(needs_key=False)
@blueprint.arguments(PassOnSchema)
@blueprint.response(200, EngagementSchema)
def pass_engagement_on(engagement: Engagement, body: Mapping[str, Any]) -> dict[str, Any]:
    """The mentor gives the request to a colleague, once; the startup is told and can withdraw."""
    actor = get_current_actor()
    colleague = expect(find_colleague(db.session, engagement, actor, body["colleague"]))
    with writing(db.session):
        actions.pass_on(
            db.session,
            engagement=engagement,
            colleague=colleague,
            words=body["words"],
            actor=actor,
            at=now(),
        )
    return show_engagement(engagement)
