"""Asking back before answering, and replying."""

from collections.abc import Mapping
from typing import Any

from app.engagements import queries
from app.engagements.actions import questions as actions
from app.engagements.api.room import EngagementSchema, blueprint, show_engagement
from app.engagements.forms import REASON_LIMIT
from app.web.api import operation
from app.web.api_fields import ApiSchema, Text
from app.web.repeats import once
from app.web.steps import carry_out
from models.engagements import Engagement


class AskBackSchema(ApiSchema):
    """What the provider has to know before it answers. 反问。"""

    question = Text(least=1, most=REASON_LIMIT, required=True)


class ReplySchema(ApiSchema):
    """What the provider is told. 回复。"""

    reply = Text(least=1, most=REASON_LIMIT, required=True)


@blueprint.post("/engagements/<public_id>/ask-back")
@operation("engagements:write", "engagement:ask_back", subject=queries.find_engagement)
@once(needs_key=False)
@blueprint.arguments(AskBackSchema)
@blueprint.response(200, EngagementSchema)
def ask_back(engagement: Engagement, body: Mapping[str, Any]) -> dict[str, Any]:
    """The provider asks before it answers; its time stands still until the startup replies."""
    carry_out(actions.ask_back, engagement=engagement, question=body["question"])
    return show_engagement(engagement)


@blueprint.post("/engagements/<public_id>/reply")
@operation("engagements:write", "engagement:reply", subject=queries.find_engagement)
@once(needs_key=False)
@blueprint.arguments(ReplySchema)
@blueprint.response(200, EngagementSchema)
def reply_to_question(engagement: Engagement, body: Mapping[str, Any]) -> dict[str, Any]:
    """The startup replies, and the provider's time to answer goes on."""
    carry_out(actions.reply, engagement=engagement, reply=body["reply"])
    return show_engagement(engagement)
