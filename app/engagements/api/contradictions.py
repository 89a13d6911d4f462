"""Where the two sides differ about what became of a session, for programs."""

from collections.abc import Mapping
from typing import Any

from app.engagements.actions import contradictions as actions
from app.engagements.api import planning
from app.engagements.api.room import blueprint
from app.engagements.api.shown_times import (
    ContradictionSchema,
    SessionSchema,
    TimeSchema,
    show_contradiction,
)
from app.engagements.forms import REASON_LIMIT
from app.engagements.queries import contradictions, finding
from app.pools.queries import find_incubator
from app.web.api import operation, show_list
from app.web.api_fields import ApiSchema, Code, Flag, NothingSchema, PageSchema, Text
from app.web.identity import get_current_actor
from app.web.lists import Lines, Shown, list_rows
from app.web.repeats import once
from app.web.steps import carry_out
from models.contradictions import Contradiction
from models.engagements import CoachingSession
from models.missed_times import MissedBy
from models.organisations import Incubator


class ContradictSchema(ApiSchema):
    """What happened instead. `missed_by` is said of what was recorded as held alone. 异议。"""

    words = Text(least=1, most=REASON_LIMIT, required=True)
    missed_by = Code(MissedBy, allow_none=True, load_default=None)


class RecordDecisionSchema(ApiSchema):
    """Whether it took place, and why. 认定。"""

    was_held = Flag(required=True)
    words = Text(least=1, most=REASON_LIMIT, required=True)


@blueprint.post("/sessions/<public_id>/contradict")
@operation("sessions:write", "session:contradict", subject=finding.find_coaching)
@once(needs_key=False)
@blueprint.arguments(ContradictSchema)
@blueprint.response(200, SessionSchema)
def contradict_session(
    coaching_session: CoachingSession, body: Mapping[str, Any]
) -> dict[str, Any]:
    """Say once that it was otherwise than recorded; it counts as neither until it is decided."""
    return planning.contradict(coaching_session, body)


@blueprint.post("/times/<public_id>/contradict")
@operation("sessions:write", "session:contradict", subject=finding.find_talk_or_appointment)
@once(needs_key=False)
@blueprint.arguments(ContradictSchema)
@blueprint.response(200, TimeSchema)
def contradict_time(coaching_session: CoachingSession, body: Mapping[str, Any]) -> dict[str, Any]:
    """Say once that it was otherwise than recorded; it counts as neither until it is decided."""
    return planning.contradict(coaching_session, body)


@blueprint.get("/incubators/<public_id>/contradictions")
@operation("incubators:read", "contradiction:list_all", subject=find_incubator)
@blueprint.arguments(PageSchema, location="query")
@blueprint.response(200, show_list(ContradictionSchema))
def list_contradictions(incubator: Incubator, asked: Mapping[str, Any]) -> Shown | Lines:
    """Where the two sides of engagements of its startups differ, the latest first."""
    return list_rows(
        contradictions.select_contradictions(incubator),
        asked,
        moment=Contradiction.made_at,
        key=Contradiction.id,
        show=_show,
    )


@blueprint.get("/contradictions/<public_id>")
@operation("engagements:read", "contradiction:view", subject=contradictions.find_contradiction)
@blueprint.response(200, ContradictionSchema)
def read_contradiction(contradiction: Contradiction) -> dict[str, Any]:
    """What was recorded, what the other side says, and what was decided."""
    return _show(contradiction)


@blueprint.post("/contradictions/<public_id>/decision")
@operation("engagements:write", "contradiction:decide", subject=contradictions.find_contradiction)
@once(needs_key=False)
@blueprint.arguments(RecordDecisionSchema)
@blueprint.response(200, ContradictionSchema)
def decide_contradiction(contradiction: Contradiction, body: Mapping[str, Any]) -> dict[str, Any]:
    """Say whether it took place, and why; both sides are told."""
    carry_out(
        actions.decide, contradiction=contradiction, was_held=body["was_held"], words=body["words"]
    )
    return _show(contradiction)


@blueprint.post("/contradictions/<public_id>/take-back")
@operation(
    "engagements:write", "contradiction:take_back", subject=contradictions.find_contradiction
)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, ContradictionSchema)
def take_contradiction_back(
    contradiction: Contradiction, body: Mapping[str, Any]
) -> dict[str, Any]:
    """Whoever said otherwise does so no more: the record stands."""
    carry_out(actions.take_back, contradiction=contradiction)
    return _show(contradiction)


@blueprint.post("/contradictions/<public_id>/concede")
@operation("engagements:write", "contradiction:concede", subject=contradictions.find_contradiction)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, ContradictionSchema)
def concede_contradiction(contradiction: Contradiction, body: Mapping[str, Any]) -> dict[str, Any]:
    """Whoever recorded it says that the other side is right: it is as that says."""
    carry_out(actions.concede, contradiction=contradiction)
    return _show(contradiction)


def _show(row: Contradiction) -> dict[str, Any]:
    return show_contradiction(contradictions.view_contradiction(row, get_current_actor()))
