"""Every change in a workspace but minutes: one form, one action, and back to where it stands."""

from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.clock import now
from app.errors import expect
from app.extensions import db
from app.vault.queries.documents import find_document
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.steps import take_form, take_step
from app.workspace import queries
from app.workspace.actions import agenda, files, guests, items, messages, notes
from app.workspace.forms import FileForm, MessageForm, NoteForm, PointForm
from app.workspace.views.room import address_of, blueprint, make_item_form, render_workspace
from models.engagements import Engagement
from models.workspace import ActionItem, AgendaPoint, PairNote


@blueprint.post("/engagements/<public_id>/messages")
@requires("workspace:write", subject=queries.find_workspace)
def send_message(engagement: Engagement) -> ResponseReturnValue:
    """Write to the other side."""
    form = MessageForm()
    return take_form(
        form,
        lambda: render_workspace(engagement, message_form=form),
        address_of(engagement, "messages"),
        _("Sent."),
        messages.send_message,
        engagement=engagement,
        text=form.text,
    )


@blueprint.post("/engagements/<public_id>/agenda")
@requires("workspace:write", subject=queries.find_workspace)
def add_point(engagement: Engagement) -> ResponseReturnValue:
    """Put a point on the agenda."""
    form = PointForm()
    return take_form(
        form,
        lambda: render_workspace(engagement, point_form=form),
        address_of(engagement, "agenda"),
        "",
        agenda.add_point,
        engagement=engagement,
        text=form.point,
    )


@blueprint.post("/agenda-points/<public_id>/remove")
@requires("agenda_point:remove", subject=queries.find_point)
def remove_point(point: AgendaPoint) -> ResponseReturnValue:
    """Take a point off the agenda."""
    return take_step(address_of(point.engagement, "agenda"), "", agenda.remove_point, point=point)


@blueprint.post("/engagements/<public_id>/actions")
@requires("workspace:write", subject=queries.find_workspace)
def add_item(engagement: Engagement) -> ResponseReturnValue:
    """Agree on an action."""
    form = make_item_form(engagement)
    return take_form(
        form,
        lambda: render_workspace(engagement, item_form=form),
        address_of(engagement, "actions"),
        "",
        items.add_item,
        engagement=engagement,
        text=form.item,
        owner_side=form.owner_side,
        due_on=form.due_on,
    )


@blueprint.post("/action-items/<public_id>/finish")
@requires("action_item:settle", subject=queries.find_item)
def finish_item(item: ActionItem) -> ResponseReturnValue:
    """It is done."""
    return take_step(address_of(item.engagement, "actions"), "", items.finish_item, item=item)


@blueprint.post("/action-items/<public_id>/drop")
@requires("action_item:settle", subject=queries.find_item)
def drop_item(item: ActionItem) -> ResponseReturnValue:
    """Nobody will do it."""
    return take_step(address_of(item.engagement, "actions"), "", items.drop_item, item=item)


@blueprint.post("/action-items/<public_id>/reopen")
@requires("action_item:settle", subject=queries.find_item)
def reopen_item(item: ActionItem) -> ResponseReturnValue:
    """It is to be done after all."""
    return take_step(address_of(item.engagement, "actions"), "", items.reopen_item, item=item)


@blueprint.post("/engagements/<public_id>/notes")
@requires("workspace:note", subject=queries.find_workspace)
def write_note(engagement: Engagement) -> ResponseReturnValue:
    """Keep a note for both sides."""
    form = NoteForm()
    return take_form(
        form,
        lambda: render_workspace(engagement, note_form=form),
        address_of(engagement, "notes"),
        "",
        notes.write_note,
        engagement=engagement,
        text=form.note,
    )


@blueprint.post("/pair-notes/<public_id>/remove")
@requires("pair_note:remove", subject=queries.find_note)
def remove_note(note: PairNote) -> ResponseReturnValue:
    """Remove a note of both sides."""
    return take_step(address_of(note.engagement, "notes"), "", notes.remove_note, note=note)


@blueprint.post("/engagements/<public_id>/files")
@requires("workspace:write", subject=queries.find_workspace)
def show_file(engagement: Engagement) -> ResponseReturnValue:
    """Let the other side open one of one's own documents."""
    view = queries.get_workspace_view(db.session, engagement, get_current_actor(), at=now())
    form = FileForm()
    form.offer(view.attachable)
    return take_form(
        form,
        lambda: render_workspace(engagement, file_form=form),
        address_of(engagement, "files"),
        "",
        files.show_file,
        engagement=engagement,
        document=lambda: expect(find_document(db.session, form.document.data)),
    )


@blueprint.post("/engagements/<public_id>/files/<document_public_id>/withdraw")
@requires("workspace:write", subject=queries.find_workspace)
def withdraw_file(engagement: Engagement, document_public_id: str) -> ResponseReturnValue:
    """The other side may not open it any more."""

    def withdraw(session: Session, **who: Any) -> None:
        document = expect(find_document(session, document_public_id))
        files.withdraw_file(session, engagement=engagement, document=document, **who)

    return take_step(address_of(engagement, "files"), "", withdraw)


@blueprint.post("/engagements/<public_id>/operators/invite")
@requires("workspace:invite", subject=queries.find_workspace)
def invite_operators(engagement: Engagement) -> ResponseReturnValue:
    """Let the operators of the incubator read along."""
    return take_step(
        address_of(engagement, "operators"),
        _("The operators can read along now. Both sides see that."),
        guests.invite_operators,
        engagement=engagement,
    )


@blueprint.post("/engagements/<public_id>/operators/dismiss")
@requires("workspace:invite", subject=queries.find_workspace)
def dismiss_operators(engagement: Engagement) -> ResponseReturnValue:
    """They read nothing more."""
    return take_step(
        address_of(engagement, "operators"),
        _("The operators can no longer read along."),
        guests.dismiss_operators,
        engagement=engagement,
    )
