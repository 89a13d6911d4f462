"""Showing a document to another organisation, and taking that back.

Other rooms show documents here for an occasion of theirs: an engagement, a room of a fund.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, Organisation, require
from app.audit import record
from app.errors import OutOfOrder
from app.events import Subject
from app.vault.actions.states import require_state
from app.vault.errors import AlreadyShown
from app.vault.queries.documents import get_newest
from app.vault.queries.owners import get_tenant_id, name_owner
from models.documents import Document, DocumentShare


def show_document(
    session: Session,
    *,
    document: Document,
    receiver: Organisation,
    actor: Actor,
    at: datetime,
    occasion: Subject | None = None,
) -> DocumentShare:
    """Whoever acts for `receiver` may open `document`, from its newest version on.

    Raises NotPermitted, DocumentHeld, DocumentStopped, DocumentDeleted, AlreadyShown where it was
    shown to them for the same occasion.
    """
    require(actor, "document:share", document)
    require_state(document, "available")
    occasion_id = occasion.public_id if occasion else ""
    if any(
        share.revoked_at is None
        and share.receiver is receiver
        and share.occasion_public_id == occasion_id
        for share in document.shares
    ):
        raise AlreadyShown
    share = DocumentShare(
        from_number=get_newest(document).number,
        occasion_table=occasion.__tablename__ if occasion else "",
        occasion_public_id=occasion_id,
        created_at=at,
        created_by_id=actor.person_id,
    )
    setattr(share, f"to_{receiver.__tablename__}", receiver)
    document.shares.append(share)
    session.flush()
    _record(session, share, "document_shown", actor, at)
    return share


def withdraw_share(
    session: Session, *, document: Document, share: DocumentShare, actor: Actor, at: datetime
) -> None:
    """Nobody opens `document` by `share` any more. Raises NotPermitted, OutOfOrder the second
    time."""
    require(actor, "document:share", document)
    if share.document is not document or share.revoked_at is not None:
        raise OutOfOrder
    share.revoked_at = at
    session.flush()
    _record(session, share, "document_share_withdrawn", actor, at)


def withdraw_shares_for(
    session: Session, *, documents: list[Document], occasion: Subject, actor: Actor, at: datetime
) -> None:
    """None of `documents` is shown for `occasion` any more. Raises NotPermitted."""
    for document in documents:
        for share in document.shares:
            if share.revoked_at is None and share.occasion_public_id == occasion.public_id:
                withdraw_share(session, document=document, share=share, actor=actor, at=at)


def _record(session: Session, share: DocumentShare, kind: str, actor: Actor, at: datetime) -> None:
    record(
        session,
        actor=actor,
        kind=kind,
        subject=share.document,
        at=at,
        incubator_id=get_tenant_id(share.document.owner),
        detail={"receiver": name_owner(share.receiver), "occasion": share.occasion_public_id},
    )
