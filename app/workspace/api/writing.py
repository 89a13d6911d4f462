"""Changing a workspace."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.engagements.queries.finding import find_session, find_talk_or_appointment
from app.errors import expect
from app.vault.queries.documents import find_document
from app.web.api import operation
from app.web.api_fields import ApiSchema, Code, Day, Id, Line, NothingSchema, Text, Whole
from app.web.repeats import once
from app.web.steps import carry_out
from app.workspace import queries
from app.workspace.actions import agenda, files, guests, items, messages, notes
from app.workspace.api.reading import show_message
from app.workspace.api.room import WorkspaceSchema, WrittenSchema, blueprint, show_workspace
from app.workspace.forms import LINE_LIMIT, MESSAGE_LIMIT, MINUTES_LIMIT, NOTE_LIMIT
from models.engagements import CoachingSession, Engagement
from models.vocabulary import Side
from models.workspace import ActionItem, AgendaPoint, PairNote

Body = Mapping[str, Any]
Answer = dict[str, Any]


class NewMessageSchema(ApiSchema):
    """What is written to the other side. 留言。"""

    text = Text(least=1, most=MESSAGE_LIMIT, required=True)


class NewPointSchema(ApiSchema):
    """What is to be talked about. 议题。"""

    text = Line(least=1, most=LINE_LIMIT, required=True)


class NewItemSchema(ApiSchema):
    """Who does what by when. 待办。"""

    text = Line(least=1, most=LINE_LIMIT, required=True)
    owner_side = Code(Side, required=True)
    due_on = Day(allow_none=True, load_default=None)


class NewMinutesSchema(ApiSchema):
    """Minutes, and the `version` of those that were read, 0 for none. 纪要。"""

    text = Text(least=1, most=MINUTES_LIMIT, required=True)
    version = Whole(low=0, high=1_000_000, required=True)


class NewNoteSchema(ApiSchema):
    """A note that both sides keep. 双方备注。"""

    text = Text(least=1, most=NOTE_LIMIT, required=True)


class FileSchema(ApiSchema):
    """One of one's own documents. 本方材料。"""

    document = Id(required=True)


@blueprint.post("/engagements/<public_id>/messages")
@operation("workspaces:write", "workspace:write", subject=queries.find_workspace)
@once()
@blueprint.arguments(NewMessageSchema)
@blueprint.response(200, WrittenSchema)
def send_message(engagement: Engagement, body: Body) -> Answer:
    """Write to the other side, which is told."""
    made = carry_out(messages.send_message, engagement=engagement, text=body["text"])
    return show_message(made)


@blueprint.post("/engagements/<public_id>/agenda")
@operation("workspaces:write", "workspace:write", subject=queries.find_workspace)
@once()
@blueprint.arguments(NewPointSchema)
@blueprint.response(200, WorkspaceSchema)
def add_agenda_point(engagement: Engagement, body: Body) -> Answer:
    """Put a point on the agenda of the next time."""
    carry_out(agenda.add_point, engagement=engagement, text=body["text"])
    return show_workspace(engagement)


@blueprint.post("/agenda-points/<public_id>/remove")
@operation("workspaces:write", "agenda_point:remove", subject=queries.find_point)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, WorkspaceSchema)
def remove_agenda_point(point: AgendaPoint, body: Body) -> Answer:
    """Take a point off the agenda."""
    engagement = point.engagement
    carry_out(agenda.remove_point, point=point)
    return show_workspace(engagement)


@blueprint.post("/sessions/<public_id>/minutes")
@operation("workspaces:write", "session:minute", subject=find_session)
@once(needs_key=False)
@blueprint.arguments(NewMinutesSchema)
@blueprint.response(200, WorkspaceSchema)
def write_minutes(coaching_session: CoachingSession, body: Body) -> Answer:
    """Write what came of a session that was held."""
    return _write_minutes(coaching_session, body)


@blueprint.post("/times/<public_id>/minutes")
@operation("workspaces:write", "session:minute", subject=find_talk_or_appointment)
@once(needs_key=False)
@blueprint.arguments(NewMinutesSchema)
@blueprint.response(200, WorkspaceSchema)
def write_time_minutes(coaching_session: CoachingSession, body: Body) -> Answer:
    """Write what came of a talk or an appointment that was held."""
    return _write_minutes(coaching_session, body)


def _write_minutes(coaching_session: CoachingSession, body: Body) -> Answer:
    engagement = coaching_session.engagement
    carry_out(
        agenda.write_minutes,
        coaching_session=coaching_session,
        text=body["text"],
        version=body["version"],
    )
    return show_workspace(engagement)


@blueprint.post("/engagements/<public_id>/action-items")
@operation("workspaces:write", "workspace:write", subject=queries.find_workspace)
@once()
@blueprint.arguments(NewItemSchema)
@blueprint.response(200, WorkspaceSchema)
def add_action_item(engagement: Engagement, body: Body) -> Answer:
    """Agree on what one side will do."""
    carry_out(
        items.add_item,
        engagement=engagement,
        text=body["text"],
        owner_side=body["owner_side"],
        due_on=body["due_on"],
    )
    return show_workspace(engagement)


@blueprint.post("/action-items/<public_id>/finish")
@operation("workspaces:write", "action_item:settle", subject=queries.find_item)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, WorkspaceSchema)
def finish_action_item(item: ActionItem, body: Body) -> Answer:
    """It is done."""
    carry_out(items.finish_item, item=item)
    return show_workspace(item.engagement)


@blueprint.post("/action-items/<public_id>/drop")
@operation("workspaces:write", "action_item:settle", subject=queries.find_item)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, WorkspaceSchema)
def drop_action_item(item: ActionItem, body: Body) -> Answer:
    """Nobody will do it."""
    carry_out(items.drop_item, item=item)
    return show_workspace(item.engagement)


@blueprint.post("/action-items/<public_id>/reopen")
@operation("workspaces:write", "action_item:settle", subject=queries.find_item)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, WorkspaceSchema)
def reopen_action_item(item: ActionItem, body: Body) -> Answer:
    """It is to be done after all."""
    carry_out(items.reopen_item, item=item)
    return show_workspace(item.engagement)


@blueprint.post("/engagements/<public_id>/notes")
@operation("workspaces:write", "workspace:note", subject=queries.find_workspace)
@once()
@blueprint.arguments(NewNoteSchema)
@blueprint.response(200, WorkspaceSchema)
def write_pair_note(engagement: Engagement, body: Body) -> Answer:
    """Keep a note that both sides read, and no operator."""
    carry_out(notes.write_note, engagement=engagement, text=body["text"])
    return show_workspace(engagement)


@blueprint.post("/pair-notes/<public_id>/remove")
@operation("workspaces:write", "pair_note:remove", subject=queries.find_note)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, WorkspaceSchema)
def remove_pair_note(note: PairNote, body: Body) -> Answer:
    """Remove a note, for both sides."""
    engagement = note.engagement
    carry_out(notes.remove_note, note=note)
    return show_workspace(engagement)


def _take_file(action: Callable[..., object], engagement: Engagement, body: Body) -> Answer:
    """A step with the document that a body names. Raises NotFound; whose it is, the action asks."""

    def take(session: Session, **who: Any) -> None:
        document = expect(find_document(session, body["document"]))
        action(session, engagement=engagement, document=document, **who)

    carry_out(take)
    return show_workspace(engagement)


@blueprint.post("/engagements/<public_id>/files")
@operation("workspaces:write", "workspace:write", subject=queries.find_workspace)
@once(needs_key=False)
@blueprint.arguments(FileSchema)
@blueprint.response(200, WorkspaceSchema)
def show_workspace_file(engagement: Engagement, body: Body) -> Answer:
    """Let the other side open one of one's own documents until the engagement is over."""
    return _take_file(files.show_file, engagement, body)


@blueprint.post("/engagements/<public_id>/files/withdraw")
@operation("workspaces:write", "workspace:write", subject=queries.find_workspace)
@once(needs_key=False)
@blueprint.arguments(FileSchema)
@blueprint.response(200, WorkspaceSchema)
def withdraw_workspace_file(engagement: Engagement, body: Body) -> Answer:
    """The other side may not open it any more."""
    return _take_file(files.withdraw_file, engagement, body)


@blueprint.post("/engagements/<public_id>/operators/invite")
@operation("workspaces:write", "workspace:invite", subject=queries.find_workspace)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, WorkspaceSchema)
def invite_operators(engagement: Engagement, body: Body) -> Answer:
    """Let the operators of the incubator read along."""
    carry_out(guests.invite_operators, engagement=engagement)
    return show_workspace(engagement)


@blueprint.post("/engagements/<public_id>/operators/dismiss")
@operation("workspaces:write", "workspace:invite", subject=queries.find_workspace)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, WorkspaceSchema)
def dismiss_operators(engagement: Engagement, body: Body) -> Answer:
    """They read nothing more."""
    carry_out(guests.dismiss_operators, engagement=engagement)
    return show_workspace(engagement)
