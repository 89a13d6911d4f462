"""The page of one document, and what its own side does with it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import is_permitted
from app.clock import now
from app.errors import DomainError, expect
from app.extensions import db, get_settings
from app.transactions import writing
from app.vault.actions.deleting import delete_document
from app.vault.actions.sharing import show_document as show_to
from app.vault.actions.sharing import withdraw_share
from app.vault.actions.states import require_state
from app.vault.actions.uploading import add_version, edit_document, require_room
from app.vault.contents import ENDINGS
from app.vault.forms import DeleteForm, EditForm, VersionForm
from app.vault.keeping import keeping, remove_files
from app.vault.queries.documents import (
    find_document,
    find_incubator_to_show,
    get_newest,
    list_open_reports,
    list_versions,
)
from app.vault.queries.owners import name_owner
from app.vault.storage.choice import get_store
from app.vault.views.room import blueprint, read_upload, say_beside_file
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.steps import take_form, take_step
from app.web.uploads import takes_file
from models.documents import Document


@blueprint.get("/documents/<public_id>")
@requires("document:view", subject=find_document)
def show_document(document: Document) -> ResponseReturnValue:
    """One document: its versions, whom it is shown to, and what was said about it."""
    actor = get_current_actor()
    decides = is_permitted(actor, "document:decide", document)
    return render_template(
        "vault/document.html",
        document=document,
        newest=get_newest(document),
        owner_name=name_owner(document.owner),
        versions=list_versions(document, actor),
        is_openable=document.state == "available"
        or (document.state == "reported" and is_permitted(actor, "document:open", document)),
        reports=list_open_reports(document) if decides else [],
        shares=[share for share in document.shares if share.revoked_at is None],
        incubator=find_incubator_to_show(document),
    )


@blueprint.route("/documents/<public_id>/versions/new", methods=["GET", "POST"])
@takes_file
@requires("document:edit", subject=find_document)
def upload_version(document: Document) -> ResponseReturnValue:
    """The next version of the same document."""
    require_state(document, "available")
    newest = get_newest(document)
    form = VersionForm(data={"after": newest.number})
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            _keep_version(document, form)
        except DomainError as error:
            say_beside_file(form, error)
            form.after.data = get_newest(document).number
            status = error.status
        else:
            flash(_("The new version is kept."), "success")
            return redirect(url_for("vault.show_document", public_id=document.public_id), code=303)
    page = render_template(
        "vault/new_version.html",
        form=form,
        document=document,
        newest=newest,
        endings=list(ENDINGS),
        megabytes=get_settings().file_megabytes,
    )
    return page, status


def _keep_version(document: Document, form: VersionForm) -> None:
    file = read_upload(form)
    quota = get_settings().quota_megabytes
    require_room(db.session, document.owner, size=file.size, quota_megabytes=quota)
    actor, at = get_current_actor(), now()
    with keeping(get_store(), file) as stored, writing(db.session):
        add_version(
            db.session,
            document=document,
            stored=stored,
            after=int(form.after.data or 0),
            is_declared=form.declared.data,
            quota_megabytes=quota,
            actor=actor,
            at=at,
        )


@blueprint.route("/documents/<public_id>/edit", methods=["GET", "POST"])
@requires("document:edit", subject=find_document)
def edit(document: Document) -> ResponseReturnValue:
    """Title and kind."""
    form = EditForm(obj=document)

    def renew() -> None:
        form.row_version.data = document.row_version

    return take_form(
        form,
        lambda: render_template("vault/edit.html", form=form, document=document),
        url_for("vault.show_document", public_id=document.public_id),
        _("Saved."),
        edit_document,
        renew=renew,
        document=document,
        title=form.title,
        kind=form.kind,
        row_version=form.row_version,
    )


@blueprint.route("/documents/<public_id>/delete", methods=["GET", "POST"])
@requires("document:delete", subject=find_document)
def delete(document: Document) -> ResponseReturnValue:
    """Ask once, then delete."""
    form = DeleteForm()
    require_state(document, "available", "stopped")
    if not form.validate_on_submit():
        return render_template("vault/delete.html", form=form, document=document)
    with writing(db.session):
        keys = delete_document(db.session, document=document, actor=get_current_actor(), at=now())
        owner_name = name_owner(document.owner)
    remove_files(get_store(), keys)
    flash(_("The document is deleted."), "success")
    return redirect(url_for("vault.list_of_owner", owner=owner_name), code=303)


@blueprint.post("/documents/<public_id>/show-incubator")
@requires("document:share", subject=find_document)
def show_incubator(document: Document) -> ResponseReturnValue:
    """The operators of the startup's own incubator may open it."""
    incubator = expect(find_incubator_to_show(document))
    return take_step(
        url_for("vault.show_document", public_id=document.public_id),
        _("Its operators can open the document now."),
        show_to,
        document=document,
        receiver=incubator,
    )


@blueprint.post("/documents/<public_id>/shares/<share>/withdraw")
@requires("document:share", subject=find_document)
def withdraw(document: Document, share: str) -> ResponseReturnValue:
    """Somebody may no longer open it."""
    found = expect(next((each for each in document.shares if each.public_id == share), None))
    return take_step(
        url_for("vault.show_document", public_id=document.public_id),
        _("They can no longer open the document."),
        withdraw_share,
        document=document,
        share=found,
    )
