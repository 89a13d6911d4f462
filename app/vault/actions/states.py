"""The state of a document: locked before it is changed, and what it forbids, in words."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import OutOfOrder
from app.vault.errors import DocumentDeleted, DocumentHeld, DocumentStopped
from models.documents import Document


def require_state(document: Document, *states: str) -> None:
    """Go on only when `document` is in one of `states`.

    Raises DocumentHeld, DocumentStopped, DocumentDeleted, OutOfOrder.
    """
    if document.state in states:
        return
    match document.state:
        case "reported":
            raise DocumentHeld
        case "stopped":
            raise DocumentStopped
        case "deleted":
            raise DocumentDeleted
        case _:
            raise OutOfOrder


def lock_document(session: Session, document: Document) -> None:
    """Nobody else changes `document` before the commit, and all of it is read afresh.

    Weak enough to let others refer to the row meanwhile (FOR NO KEY UPDATE).
    """
    session.execute(
        select(Document.id).where(Document.id == document.id).with_for_update(key_share=True)
    )
    session.expire(document)
