"""The part of the API that this room has, and what its answers look like."""

from typing import Any

import marshmallow as ma

from app.access import get_side
from app.clock import now
from app.engagements.api.asked import AskedSchema, show_ask
from app.engagements.api.included import EngagementIncludedSchema
from app.engagements.api.shown_times import (
    ContactSchema,
    SessionSchema,
    TimeSchema,
    show_session,
)
from app.engagements.api.spans import SpanSchema, show_times
from app.engagements.queries import get_engagement_view
from app.engagements.queries.dual_mentoring import PairView, get_together_view
from app.engagements.queries.shapes import PassedView
from app.extensions import db
from app.web.api import VERSION_PATH, ApiBlueprint
from app.web.api_fields import Moment
from app.web.identity import get_current_actor
from models.engagements import Engagement
from models.lifecycle import DUAL_MENTORING_OPEN
from models.vocabulary import ProviderKind

blueprint = ApiBlueprint(
    "engagements_api",
    __name__,
    url_prefix=VERSION_PATH,
    description="What follows when a startup asks a provider. 对接、辅导、反馈。",
)


class TraceSchema(ma.Schema):
    """One step that was taken; `who` is null for the clock and for a name not disclosed. 步骤。

    `times` are what it was about, several where several were offered; `former` is what the time was
    before it was moved.
    """

    kind = ma.fields.String(required=True)
    happened_at = Moment(required=True)
    who = ma.fields.String(required=True, allow_none=True)
    for_whom = ma.fields.String(required=True, allow_none=True)
    side = ma.fields.String(required=True, allow_none=True)
    note = ma.fields.String(required=True)
    times = ma.fields.List(ma.fields.Nested(SpanSchema), required=True)
    former = ma.fields.Nested(SpanSchema, required=True, allow_none=True)


class DisclosedNeedSchema(ma.Schema):
    """The need, where it is disclosed; `id` for who may read it. 需求（已披露时）。"""

    id = ma.fields.String(required=True, allow_none=True)
    title = ma.fields.String(required=True)
    text = ma.fields.String(required=True)


class EvidenceSchema(ma.Schema):
    """The two sentences that carried the match. 依据。"""

    need = ma.fields.String(required=True)
    provider = ma.fields.String(required=True)
    text = ma.fields.String(required=True)


class AttachedSchema(ma.Schema):
    """A document that was sent along. 附件。"""

    id = ma.fields.String(required=True)
    title = ma.fields.String(required=True)


class QuestionSchema(ma.Schema):
    """What the provider asked back; `state` is asked, replied or lapsed. 反问与回复。"""

    state = ma.fields.String(required=True)
    question = ma.fields.String(required=True)
    asked_at = Moment(required=True)
    reply = ma.fields.String(required=True)
    replied_at = Moment(required=True, allow_none=True)


class PassedSchema(ma.Schema):
    """The request that it became, or was; `engagement` is null for who may not read it. 转交。"""

    engagement = ma.fields.String(required=True, allow_none=True)
    provider = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class NextBestSchema(ma.Schema):
    """Whom to ask next, once this one said no or nothing. 次优匹配。"""

    provider = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    strength = ma.fields.String(required=True)


class DualMentoringSchema(ma.Schema):
    """Two mentors of one startup; `agreed` names who has agreed. 双师辅导。"""

    id = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    mentors = ma.fields.List(ma.fields.String(), required=True)
    agreed = ma.fields.List(ma.fields.String(), required=True)
    asked_at = Moment(required=True)
    actions = ma.fields.List(ma.fields.String(), required=True)


class EngagementSchema(ma.Schema):
    """An engagement as the person of the token may see it; null stands for what is not disclosed.

    `actions` are what can be done with it now. With a mentor `sessions` are agreed on, with an
    investor or a centre `times`; `background` is "" where it is as the need tells it. 对接。
    """

    id = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    side = ma.fields.String(required=True, allow_none=True)
    need = ma.fields.String(required=True, allow_none=True)
    need_kind = ma.fields.String(required=True)
    disclosed_need = ma.fields.Nested(DisclosedNeedSchema, required=True, allow_none=True)
    startup = ma.fields.String(required=True, allow_none=True)
    startup_name = ma.fields.String(required=True, allow_none=True)
    provider = ma.fields.String(required=True)
    provider_name = ma.fields.String(required=True)
    provider_kind = ma.fields.String(required=True)
    asked = ma.fields.Nested(AskedSchema, required=True, allow_none=True)
    background = ma.fields.String(required=True)
    documents = ma.fields.List(ma.fields.Nested(AttachedSchema), required=True)
    message = ma.fields.String(required=True)
    released = ma.fields.List(ma.fields.String(), required=True)
    reason = ma.fields.String(required=True)
    decline_reason = ma.fields.String(required=True, allow_none=True)
    answer = ma.fields.String(required=True)
    questions = ma.fields.List(ma.fields.Nested(QuestionSchema), required=True)
    passed_on_to = ma.fields.Nested(PassedSchema, required=True, allow_none=True)
    passed_on_by = ma.fields.Nested(PassedSchema, required=True, allow_none=True)
    next_best = ma.fields.List(ma.fields.Nested(NextBestSchema), required=True)
    requested_at = Moment(required=True)
    answer_due_at = Moment(required=True)
    closed_at = Moment(required=True, allow_none=True)
    evidence = ma.fields.List(ma.fields.Nested(EvidenceSchema), required=True)
    sessions = ma.fields.List(ma.fields.Nested(SessionSchema))
    times = ma.fields.List(ma.fields.Nested(TimeSchema))
    startup_people = ma.fields.List(ma.fields.Nested(ContactSchema), required=True)
    provider_people = ma.fields.List(ma.fields.Nested(ContactSchema), required=True)
    trace = ma.fields.List(ma.fields.Nested(TraceSchema), required=True)
    actions = ma.fields.List(ma.fields.String(), required=True)
    dual_mentoring = ma.fields.Nested(DualMentoringSchema, required=True, allow_none=True)
    included = ma.fields.Nested(EngagementIncludedSchema)


def show_engagement(engagement: Engagement) -> dict[str, Any]:
    """The engagement as the present viewer may see it."""
    viewer = get_current_actor()
    view = get_engagement_view(db.session, engagement, viewer, at=now())
    is_coaching = view.provider.kind is ProviderKind.MENTOR
    together = get_together_view(db.session, engagement, viewer)
    actions = list(view.actions)
    if view.may_propose:
        actions.append("propose_session" if is_coaching else "propose_time")
    knows_startup = get_side(viewer, engagement) != "provider"
    return {
        "id": view.public_id,
        "state": view.state,
        "side": view.side.value if view.side else None,
        "need": view.need.public_id if view.need else None,
        "need_kind": view.need_kind.value,
        "disclosed_need": {
            "id": view.need.public_id,
            "title": view.need.title,
            "text": view.need.text,
        }
        if view.need
        else None,
        # Its page is not for the other side, so neither is its id.
        "startup": engagement.startup.public_id if knows_startup else None,
        "startup_name": view.startup_name,
        "provider": view.provider.public_id,
        "provider_name": view.provider.name,
        "provider_kind": view.provider.kind.value,
        "asked": show_ask(view.ask),
        "background": view.background,
        "documents": [{"id": each.public_id, "title": each.title} for each in view.documents],
        "message": view.message,
        "released": [each.value for each in view.released],
        "reason": view.reason,
        "decline_reason": view.decline_reason.value if view.decline_reason else None,
        "answer": view.answer,
        "questions": [
            {
                "state": each.state,
                "question": each.question,
                "asked_at": each.asked_at,
                "reply": each.reply,
                "replied_at": each.replied_at,
            }
            for each in view.questions
        ],
        "passed_on_to": _show_passed(view.passed_to),
        "passed_on_by": _show_passed(view.passed_by),
        "next_best": [
            {
                "provider": each.public_id,
                "name": each.name,
                "kind": each.kind.value,
                "strength": each.strength.value,
            }
            for each in view.next_best
        ],
        "requested_at": view.requested_at,
        "answer_due_at": view.answer_due_at,
        "closed_at": view.closed_at,
        "evidence": [
            {"need": e.need, "provider": e.provider, "text": e.text} for e in view.evidence
        ],
        "sessions" if is_coaching else "times": [
            show_session(each, view.public_id, view.provider.kind) for each in view.sessions
        ],
        "startup_people": [{"name": p.name, "email": p.email} for p in view.startup_people],
        "provider_people": [{"name": p.name, "email": p.email} for p in view.provider_people],
        "trace": [
            {
                "kind": step.kind if is_coaching else step.kind.replace("session_", "time_"),
                "happened_at": step.happened_at,
                "who": step.who,
                "for_whom": step.for_whom,
                "side": step.side.value if step.side else None,
                "note": step.note,
                **show_times(step.times, step.former),
            }
            for step in view.trace
        ],
        "actions": actions,
        "dual_mentoring": show_pair(together.pair) if together.pair else None,
    }


def _show_passed(view: PassedView | None) -> dict[str, Any] | None:
    if view is None:
        return None
    return {
        "engagement": view.public_id,
        "provider": view.provider_public_id,
        "name": view.provider_name,
    }


def show_pair(view: PairView) -> dict[str, Any]:
    """Two mentors who work together, or were asked to."""
    answering = ("agree", "decline") if view.may_answer else ()
    is_open = view.state in DUAL_MENTORING_OPEN
    return {
        "id": view.public_id,
        "state": view.state,
        "mentors": [name for name, _seat in view.names],
        "agreed": list(view.agreed),
        "asked_at": view.asked_at,
        "actions": [*answering, *(("end",) if view.may_end and is_open else ())],
    }


def find_shown_session(engagement: Engagement, public_id: str) -> dict[str, Any]:
    """One session of the engagement as the present viewer may see it. KeyError for another's."""
    view = get_engagement_view(db.session, engagement, get_current_actor(), at=now())
    for each in view.sessions:
        if each.public_id == public_id:
            return show_session(each, view.public_id, view.provider.kind)
    raise KeyError(public_id)
