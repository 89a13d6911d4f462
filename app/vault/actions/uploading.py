"""A file becomes a document, or the next version of one."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, Organisation, require
from app.audit import record
from app.errors import ChangedMeanwhile
from app.settings import MEGABYTE
from app.transactions import hold
from app.vault.actions.states import lock_document, require_state
from app.vault.errors import DeclarationMissing, QuotaExhausted, SameAsBefore
from app.vault.keeping import StoredFile
from app.vault.queries.documents import count_used_bytes, get_newest
from app.vault.queries.owners import get_tenant_id
from app.vault.secrecy import DECLARATION
from models.documents import TITLE_LIMIT, Document, DocumentVersion
from models.orm import new_public_id
from models.vocabulary import DocumentKind


def upload_document(
    session: Session,
    *,
    owner: Organisation,
    stored: StoredFile,
    title: str,
    kind: DocumentKind,
    is_declared: bool,
    quota_megabytes: int,
    actor: Actor,
    at: datetime,
    public_id: str | None = None,
) -> Document:
    """`owner` keeps a document with one version, whose file is `stored`.

    Without a `title` it is called like the file. `public_id` is the one that the form was shown
    with: sent twice, the document is made once and returned again. Raises NotPermitted,
    DeclarationMissing, QuotaExhausted.
    """
    require(actor, "document:upload", owner)
    _require_declaration(is_declared)
    hold(session, owner)
    if public_id is not None:
        found = session.scalar(select(Document).where(Document.public_id == public_id))
        if found is not None and found.owner is owner:
            return found
        public_id = None if found else public_id
    require_room(session, owner, size=stored.file.size, quota_megabytes=quota_megabytes)
    document = Document(
        public_id=public_id or new_public_id(),
        title=title or stored.file.name.rpartition(".")[0][:TITLE_LIMIT],
        kind=kind,
        state="available",
        created_at=at,
        updated_at=at,
    )
    setattr(document, owner.__tablename__, owner)
    document.versions.append(_make_version(stored, 1, actor, at))
    session.add(document)
    session.flush()
    _record(session, document, "document_uploaded", actor, at)
    return document


def add_version(
    session: Session,
    *,
    document: Document,
    stored: StoredFile,
    after: int,
    is_declared: bool,
    quota_megabytes: int,
    actor: Actor,
    at: datetime,
) -> DocumentVersion:
    """The newest version of `document` is the file `stored`; the ones before it stay.

    `after` is the version that the form showed as the newest. Raises NotPermitted,
    DeclarationMissing, DocumentHeld, DocumentStopped, DocumentDeleted, ChangedMeanwhile,
    SameAsBefore, QuotaExhausted.
    """
    require(actor, "document:edit", document)
    _require_declaration(is_declared)
    hold(session, document.owner)
    lock_document(session, document)
    require_state(document, "available")
    newest = get_newest(document)
    if newest.sha256 == stored.file.sha256:
        raise SameAsBefore
    if newest.number != after:
        raise ChangedMeanwhile
    require_room(session, document.owner, size=stored.file.size, quota_megabytes=quota_megabytes)
    version = _make_version(stored, newest.number + 1, actor, at)
    document.versions.append(version)
    document.updated_at = at
    session.flush()
    _record(session, document, "document_version_added", actor, at)
    return version


def edit_document(
    session: Session,
    *,
    document: Document,
    title: str,
    kind: DocumentKind,
    row_version: int | None,
    actor: Actor,
    at: datetime,
) -> None:
    """`document` is called and filed otherwise. Raises NotPermitted, ChangedMeanwhile,
    DocumentHeld, DocumentStopped, DocumentDeleted."""
    require(actor, "document:edit", document)
    require_state(document, "available")
    if row_version != document.row_version:
        raise ChangedMeanwhile
    document.title = title
    document.kind = kind
    document.updated_at = at
    session.flush()
    _record(session, document, "document_edited", actor, at)


def require_room(session: Session, owner: Organisation, *, size: int, quota_megabytes: int) -> None:
    """Go on only when `size` more bytes are within the quota. Raises QuotaExhausted.

    What it says holds until the commit for whoever holds the lock on `owner`.
    """
    free = quota_megabytes * MEGABYTE - count_used_bytes(session, owner)
    if size > free:
        raise QuotaExhausted(megabytes=quota_megabytes, free=max(0, free) // MEGABYTE)


def _require_declaration(is_declared: bool) -> None:
    if not is_declared:
        raise DeclarationMissing


def _make_version(stored: StoredFile, number: int, actor: Actor, at: datetime) -> DocumentVersion:
    return DocumentVersion(
        number=number,
        sha256=stored.file.sha256,
        size=stored.file.size,
        file_type=stored.file.file_type,
        filename=stored.file.name,
        storage_key=stored.key,
        uploaded_by_id=actor.person_id,
        uploaded_at=at,
        declaration=DECLARATION,
        declared_by_id=actor.person_id,
        declared_at=at,
    )


def _record(session: Session, document: Document, kind: str, actor: Actor, at: datetime) -> None:
    newest = get_newest(document)
    record(
        session,
        actor=actor,
        kind=kind,
        subject=document,
        at=at,
        incubator_id=get_tenant_id(document.owner),
        detail={"version": str(newest.number), "sha256": newest.sha256},
    )
