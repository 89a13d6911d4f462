"""Every change in a workspace but minutes: one form, one action, and back to where it stands."""

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import now
from app.errors import NotFound
from app.extensions import db
from app.transactions import writing
from app.vault.queries.documents import find_document
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.steps import take_typed
from app.workspace import queries
from app.workspace.actions import agenda, files, guests, items, messages, notes
from app.workspace.forms import FileForm, MessageForm, NoteForm, PointForm
from app.workspace.views.room import address_of, blueprint, go_to, make_item_form, render_workspace
from models.engagements import Engagement
from models.workspace import ActionItem, AgendaPoint, PairNote


@blueprint.post("/engagements/<public_id>/messages")
@requires("workspace:write", subject=queries.find_workspace)
def send_message(engagement: Engagement) -> ResponseReturnValue:
    """Write to the other side."""
    form = MessageForm()
    if not form.validate_on_submit():
        return render_workspace(engagement, message_form=form), 422
    return take_typed(
        lambda: render_workspace(engagement, message_form=form),
        address_of(engagement, "messages"),
        _("Sent."),
        messages.send_message,
        engagement=engagement,
        text=form.text.data,
    )


@blueprint.post("/engagements/<public_id>/agenda")
@requires("workspace:write", subject=queries.find_workspace)
def add_point(engagement: Engagement) -> ResponseReturnValue:
    """Put a point on the agenda."""
    form = PointForm()
    if not form.validate_on_submit():
        return render_workspace(engagement, point_form=form), 422
    return take_typed(
        lambda: render_workspace(engagement, point_form=form),
        address_of(engagement, "agenda"),
        "",
        agenda.add_point,
        engagement=engagement,
        text=form.point.data,
    )


@blueprint.post("/agenda-points/<public_id>/remove")
@requires("agenda_point:remove", subject=queries.find_point)
def remove_point(point: AgendaPoint) -> ResponseReturnValue:
    """Take a point off the agenda."""
    engagement = point.engagement
    with writing(db.session):
        agenda.remove_point(db.session, point=point, actor=get_current_actor(), at=now())
    return go_to(engagement, "agenda")


@blueprint.post("/engagements/<public_id>/actions")
@requires("workspace:write", subject=queries.find_workspace)
def add_item(engagement: Engagement) -> ResponseReturnValue:
    """Agree on an action."""
    form = make_item_form(engagement)
    if not form.validate_on_submit():
        return render_workspace(engagement, item_form=form), 422
    return take_typed(
        lambda: render_workspace(engagement, item_form=form),
        address_of(engagement, "actions"),
        "",
        items.add_item,
        engagement=engagement,
        text=form.item.data,
        owner_side=form.owner_side.data,
        due_on=form.due_on.data,
    )


@blueprint.post("/action-items/<public_id>/finish")
@requires("action_item:settle", subject=queries.find_item)
def finish_item(item: ActionItem) -> ResponseReturnValue:
    """It is done."""
    with writing(db.session):
        items.finish_item(db.session, item=item, actor=get_current_actor(), at=now())
    return go_to(item.engagement, "actions")


@blueprint.post("/action-items/<public_id>/drop")
@requires("action_item:settle", subject=queries.find_item)
def drop_item(item: ActionItem) -> ResponseReturnValue:
    """Nobody will do it."""
    with writing(db.session):
        items.drop_item(db.session, item=item, actor=get_current_actor(), at=now())
    return go_to(item.engagement, "actions")


@blueprint.post("/action-items/<public_id>/reopen")
@requires("action_item:settle", subject=queries.find_item)
def reopen_item(item: ActionItem) -> ResponseReturnValue:
    """It is to be done after all."""
    with writing(db.session):
        items.reopen_item(db.session, item=item, actor=get_current_actor(), at=now())
    return go_to(item.engagement, "actions")


@blueprint.post("/engagements/<public_id>/notes")
@requires("workspace:note", subject=queries.find_workspace)
def write_note(engagement: Engagement) -> ResponseReturnValue:
    """Keep a note for both sides."""
    form = NoteForm()
    if not form.validate_on_submit():
        return render_workspace(engagement, note_form=form), 422
    return take_typed(
        lambda: render_workspace(engagement, note_form=form),
        address_of(engagement, "notes"),
        "",
        notes.write_note,
        engagement=engagement,
        text=form.note.data,
    )


@blueprint.post("/pair-notes/<public_id>/remove")
@requires("pair_note:remove", subject=queries.find_note)
def remove_note(note: PairNote) -> ResponseReturnValue:
    """Remove a note of both sides."""
    engagement = note.engagement
    with writing(db.session):
        notes.remove_note(db.session, note=note, actor=get_current_actor(), at=now())
    return go_to(engagement, "notes")


@blueprint.post("/engagements/<public_id>/files")
@requires("workspace:write", subject=queries.find_workspace)
def show_file(engagement: Engagement) -> ResponseReturnValue:
    """Let the other side open one of one's own documents."""
    view = queries.get_workspace_view(db.session, engagement, get_current_actor(), at=now())
    form = FileForm()
    form.offer(view.attachable)
    if not form.validate_on_submit():
        return render_workspace(engagement, file_form=form), 422
    document = find_document(db.session, form.document.data)
    if document is None:
        raise NotFound
    return take_typed(
        lambda: render_workspace(engagement, file_form=form),
        address_of(engagement, "files"),
        "",
        files.show_file,
        engagement=engagement,
        document=document,
    )


@blueprint.post("/engagements/<public_id>/files/<document_public_id>/withdraw")
@requires("workspace:write", subject=queries.find_workspace)
def withdraw_file(engagement: Engagement, document_public_id: str) -> ResponseReturnValue:
    """The other side may not open it any more."""
    with writing(db.session):
        document = find_document(db.session, document_public_id)
        if document is None:
            raise NotFound
        files.withdraw_file(
            db.session,
            engagement=engagement,
            document=document,
            actor=get_current_actor(),
            at=now(),
        )
    return go_to(engagement, "files")


@blueprint.post("/engagements/<public_id>/operators/invite")
@requires("workspace:invite", subject=queries.find_workspace)
def invite_operators(engagement: Engagement) -> ResponseReturnValue:
    """Let the operators of the incubator read along."""
    with writing(db.session):
        guests.invite_operators(
            db.session, engagement=engagement, actor=get_current_actor(), at=now()
        )
    flash(_("The operators can read along now. Both sides see that."), "success")
    return go_to(engagement, "operators")


@blueprint.post("/engagements/<public_id>/operators/dismiss")
@requires("workspace:invite", subject=queries.find_workspace)
def dismiss_operators(engagement: Engagement) -> ResponseReturnValue:
    """They read nothing more."""
    with writing(db.session):
        guests.dismiss_operators(
            db.session, engagement=engagement, actor=get_current_actor(), at=now()
        )
    flash(_("The operators can no longer read along."), "success")
    return go_to(engagement, "operators")
