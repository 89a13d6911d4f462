"""Opening a file: who may, and the record of it."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, is_permitted, require
from app.audit import record
from app.errors import NotFound
from app.vault.actions.states import require_state
from app.vault.queries.documents import list_versions
from app.vault.queries.owners import get_tenant_id
from models.documents import Document, DocumentVersion


def require_open(document: Document, version: DocumentVersion, *, actor: Actor) -> None:
    """Go on only when `actor` may have the bytes of `version` now.

    Raises NotPermitted, NotFound for a version of before it was shown to them, DocumentHeld,
    DocumentStopped, DocumentDeleted.
    """
    require(actor, "document:open", document)
    decides = is_permitted(actor, "document:decide", document)
    own = is_permitted(actor, "document:edit", document)
    require_state(document, "available", *(("reported",) if own or decides else ()))
    if version not in list_versions(document, actor):
        raise NotFound


def record_opening(
    session: Session,
    *,
    document: Document,
    version: DocumentVersion,
    actor: Actor,
    at: datetime,
) -> None:
    """It is on record that `actor` was given the bytes of `version`.

    Raises what `require_open` raises: somebody may have stopped it a moment ago.
    """
    require_open(document, version, actor=actor)
    record(
        session,
        actor=actor,
        kind="document_downloaded",
        subject=document,
        at=at,
        incubator_id=get_tenant_id(document.owner),
        detail={"version": str(version.number), "sha256": version.sha256},
    )
