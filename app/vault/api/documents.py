"""Documents: listed, kept, read, opened, changed, deleted."""

from collections.abc import Mapping
from typing import Any

from flask import Response, url_for
from flask.typing import ResponseReturnValue

from app.access import Organisation
from app.clock import now
from app.errors import expect
from app.extensions import db, get_settings
from app.transactions import writing
from app.vault.actions.deleting import delete_document
from app.vault.actions.opening import record_opening, require_open
from app.vault.actions.uploading import add_version, edit_document, require_room, upload_document
from app.vault.api.room import (
    VERSIONS,
    DocumentChangeSchema,
    DocumentFileSchema,
    DocumentSchema,
    NewDocumentSchema,
    blueprint,
    show,
)
from app.vault.contents import CheckedFile, check_file
from app.vault.filenames import make_disposition
from app.vault.keeping import keeping, read_file, remove_files
from app.vault.queries.documents import (
    find_document,
    find_version,
    get_newest,
    select_kept,
    select_known,
)
from app.vault.queries.owners import find_owner
from app.vault.storage.choice import get_store
from app.web.api import (
    answers_file,
    changes_version,
    operation,
    show_list,
)
from app.web.api_fields import NothingSchema, PageSchema
from app.web.api_versions import ETAG
from app.web.identity import get_current_actor
from app.web.lists import Lines, Shown, list_rows
from app.web.repeats import once
from app.web.uploads import takes_upload
from models.documents import Document


@blueprint.get("/documents")
@operation("documents:read", "document:list_own")
@blueprint.arguments(PageSchema, location="query")
@blueprint.response(200, show_list(DocumentSchema))
def list_documents(asked: Mapping[str, Any]) -> Shown | Lines:
    """What the organisations keep for which one acts, and what others show them."""
    return _list(select_known(get_current_actor()), asked)


@blueprint.get("/organisations/<owner>/documents")
@operation("documents:read", "document:list", subject=find_owner, argument="owner")
@blueprint.arguments(PageSchema, location="query")
@blueprint.response(200, show_list(DocumentSchema))
def list_documents_of(owner: Organisation, asked: Mapping[str, Any]) -> Shown | Lines:
    """What one organisation keeps; it is named like `startup-…`, `provider-…`, `incubator-…`."""
    return _list(select_kept(owner), asked)


@blueprint.post("/organisations/<owner>/documents")
@operation(
    "documents:write",
    "document:upload",
    subject=find_owner,
    argument="owner",
    refusals=(409, 503),
)
@once()
@takes_upload()
@blueprint.arguments(NewDocumentSchema)
@blueprint.response(201, DocumentSchema, headers=ETAG)
def keep_document(owner: Organisation, body: Mapping[str, Any]) -> ResponseReturnValue:
    """An organisation keeps a file, in base64 or in a form, as large as through the page."""
    file, quota = _read_file(body), get_settings().quota_megabytes
    require_room(db.session, owner, size=file.size, quota_megabytes=quota)
    actor, at = get_current_actor(), now()
    with keeping(get_store(), file) as stored, writing(db.session):
        document = upload_document(
            db.session,
            owner=owner,
            stored=stored,
            title=body["title"],
            kind=body["kind"],
            is_declared=body["declared"],
            quota_megabytes=quota,
            actor=actor,
            at=at,
        )
    path = url_for("vault_api.read_document", public_id=document.public_id)
    return VERSIONS.answer(document, 201), 201, {"Location": path}


@blueprint.get("/documents/<public_id>")
@operation("documents:read", "document:view", subject=find_document)
@blueprint.response(200, DocumentSchema, headers=ETAG)
def read_document(document: Document) -> Response:
    """One document, without its bytes."""
    return VERSIONS.answer(document)


@blueprint.patch("/documents/<public_id>")
@operation("documents:write", "document:edit", subject=find_document, refusals=(409,))
@changes_version
@blueprint.arguments(DocumentChangeSchema)
@blueprint.response(200, DocumentSchema, headers=ETAG)
def change_document(document: Document, body: Mapping[str, Any]) -> Response:
    """Another title, another kind: only what is given."""
    with VERSIONS.changing(document) as version, writing(db.session):
        edit_document(
            db.session,
            document=document,
            title=body.get("title", document.title),
            kind=body.get("kind", document.kind),
            row_version=version,
            actor=get_current_actor(),
            at=now(),
        )
    return VERSIONS.answer(document)


@blueprint.post("/documents/<public_id>/versions")
@operation("documents:write", "document:edit", subject=find_document, refusals=(409, 503))
@once()
@takes_upload()
@blueprint.arguments(DocumentFileSchema)
@blueprint.response(200, DocumentSchema, headers=ETAG)
def keep_version(document: Document, body: Mapping[str, Any]) -> Response:
    """The newest version of a document is this file."""
    file, quota = _read_file(body), get_settings().quota_megabytes
    require_room(db.session, document.owner, size=file.size, quota_megabytes=quota)
    actor, at, after = get_current_actor(), now(), get_newest(document).number
    with keeping(get_store(), file) as stored, writing(db.session):
        add_version(
            db.session,
            document=document,
            stored=stored,
            after=after,
            is_declared=body["declared"],
            quota_megabytes=quota,
            actor=actor,
            at=at,
        )
    return VERSIONS.answer(document)


@blueprint.get("/documents/<public_id>/versions/<number>/file")
@operation("documents:read", "document:open", subject=find_document, refusals=(409, 503))
@answers_file
def open_document(document: Document, number: str) -> Response:
    """The bytes of one version, `newest` for the newest. Each time is on record."""
    version = expect(find_version(document, number))
    actor = get_current_actor()
    require_open(document, version, actor=actor)
    content = read_file(get_store(), version)
    with writing(db.session):
        record_opening(db.session, document=document, version=version, actor=actor, at=now())
    answer = Response(content, content_type="application/octet-stream")
    name = make_disposition(version.filename, number=version.number)
    answer.headers["Content-Disposition"] = name
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@blueprint.post("/documents/<public_id>/delete")
@operation("documents:write", "document:delete", subject=find_document)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, DocumentSchema, headers=ETAG)
def delete_kept_document(document: Document, body: Mapping[str, Any]) -> Response:
    """Its files are gone; that there was a document stays on record."""
    with writing(db.session):
        keys = delete_document(db.session, document=document, actor=get_current_actor(), at=now())
    remove_files(get_store(), keys)
    return VERSIONS.answer(document)


def _list(query: Any, asked: Mapping[str, Any]) -> Shown | Lines:
    return list_rows(query, asked, moment=Document.created_at, key=Document.id, show=show)


def _read_file(body: Mapping[str, Any]) -> CheckedFile:
    """The file that was sent. Raises what `check_file` raises."""
    return check_file(body["filename"], body["content"], megabytes=get_settings().file_megabytes)
