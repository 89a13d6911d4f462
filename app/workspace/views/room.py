"""What the views of this room share: the blueprint, the page with its forms, the way back."""

from typing import Any

from flask import Blueprint, render_template, request, url_for

from app.clock import now
from app.extensions import db
from app.web.identity import get_current_actor
from app.words.kind_words import WORDS_BY_KIND
from app.workspace import queries
from app.workspace.forms import FileForm, ItemForm, MessageForm, NoteForm, PointForm
from app.workspace.profile_words import word_column
from app.workspace.words import COLUMNS
from models.engagements import Engagement

blueprint = Blueprint("workspace", __name__)


def address_of(engagement: Engagement, anchor: str) -> str:
    """Where the part of the workspace stands in which something was changed."""
    return url_for("workspace.show_workspace", public_id=engagement.public_id, _anchor=anchor)


def make_item_form(engagement: Engagement, **options: Any) -> ItemForm:
    """The form of an action, with the names of the two sides."""
    form = ItemForm(**options)
    form.name_sides(engagement.startup.name, engagement.provider.name)
    return form


def render_workspace(
    engagement: Engagement,
    *,
    message_form: MessageForm | None = None,
    point_form: PointForm | None = None,
    item_form: ItemForm | None = None,
    note_form: NoteForm | None = None,
    file_form: FileForm | None = None,
) -> str:
    """The workspace, with a form as it was filled in where one was refused."""
    view = queries.get_workspace_view(
        db.session,
        engagement,
        get_current_actor(),
        at=now(),
        before=request.args.get("before") or None,
        met_before=request.args.get("met_before") or None,
    )
    if file_form is None:
        file_form = FileForm(formdata=None)
        file_form.offer(view.attachable)
    return render_template(
        "workspace/show.html",
        view=view,
        owner=engagement.startup if view.side == "startup" else engagement.provider,
        message_form=message_form or MessageForm(formdata=None),
        point_form=point_form or PointForm(formdata=None),
        item_form=item_form or make_item_form(engagement, formdata=None),
        note_form=note_form or NoteForm(formdata=None),
        file_form=file_form,
        words=WORDS_BY_KIND[view.provider_kind],
        columns=COLUMNS,
        show_column=word_column,
    )
