"""Lists of documents, and the form for a new one."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import Organisation
from app.clock import now
from app.errors import DomainError
from app.extensions import db, get_settings
from app.transactions import writing
from app.vault.actions.uploading import require_room, upload_document
from app.vault.contents import ENDINGS
from app.vault.forms import UploadForm
from app.vault.keeping import keeping
from app.vault.queries.documents import count_used_bytes, list_documents, list_shown
from app.vault.queries.owners import find_owner, list_own, name_owner
from app.vault.storage.choice import get_store
from app.vault.views.room import blueprint, read_upload, say_beside_file
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.paging import read_page_number
from app.web.uploads import takes_file


@blueprint.get("/documents")
@requires("document:list_own")
def list_all() -> ResponseReturnValue:
    """The organisations that one acts for, and what others show them."""
    actor = get_current_actor()
    return render_template(
        "vault/documents.html",
        owners=[
            (owner, name_owner(owner), list_documents(db.session, owner))
            for owner in list_own(db.session, actor)
        ],
        shown=list_shown(db.session, actor, number=read_page_number(request.args.get("page", ""))),
    )


@blueprint.get("/organisations/<owner>/documents")
@requires("document:list", subject=find_owner, argument="owner")
def list_of_owner(owner: Organisation) -> ResponseReturnValue:
    """What one organisation keeps."""
    return render_template(
        "vault/owner.html",
        owner=owner,
        owner_name=name_owner(owner),
        page=list_documents(
            db.session, owner, number=read_page_number(request.args.get("page", ""))
        ),
        used=count_used_bytes(db.session, owner),
        quota_megabytes=get_settings().quota_megabytes,
    )


@blueprint.route("/organisations/<owner>/documents/new", methods=["GET", "POST"])
@takes_file
@requires("document:upload", subject=find_owner, argument="owner")
def upload(owner: Organisation) -> ResponseReturnValue:
    """Choose a file and declare that nothing in it is classified."""
    form = UploadForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            public_id = _keep(owner, form)
        except DomainError as error:
            say_beside_file(form, error)
            status = error.status
        else:
            flash(_("The document is kept."), "success")
            return redirect(url_for("vault.show_document", public_id=public_id), code=303)
    page = render_template(
        "vault/upload.html",
        form=form,
        owner=owner,
        owner_name=name_owner(owner),
        endings=list(ENDINGS),
        megabytes=get_settings().file_megabytes,
    )
    return page, status


def _keep(owner: Organisation, form: UploadForm) -> str:
    file = read_upload(form)
    quota = get_settings().quota_megabytes
    # Said before the file travels to the store; the action looks again under the lock.
    require_room(db.session, owner, size=file.size, quota_megabytes=quota)
    actor, at = get_current_actor(), now()
    with keeping(get_store(), file) as stored, writing(db.session):
        document = upload_document(
            db.session,
            owner=owner,
            stored=stored,
            title=form.title.data,
            kind=form.kind.data,
            is_declared=form.declared.data,
            quota_megabytes=quota,
            actor=actor,
            at=at,
            public_id=form.new_public_id.data,
        )
        return document.public_id
