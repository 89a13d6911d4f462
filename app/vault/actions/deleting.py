"""Deleting a document: its files go, the record that there were such files stays."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Acting, Actor, require
from app.audit import record
from app.telling.notices import list_people_of, tell
from app.vault.actions.states import lock_document, require_state
from app.vault.addresses import address_of_document
from app.vault.errors import DocumentIsReport
from app.vault.queries.owners import get_tenant_id
from models.documents import Document
from models.lifecycle import DOCUMENT, REPORT_STANDS
from models.verification import VerificationReport


def delete_document(
    session: Session, *, document: Document, actor: Acting, at: datetime
) -> list[str]:
    """Of `document` the title, the hashes and the times are left; the owner is told.

    Gives the keys of its files, which are to be removed after the commit. The installation
    may do so, too. Raises NotFound, NotPermitted, DocumentHeld, DocumentDeleted, DocumentIsReport
    for the file of a report that stands.
    """
    require(actor, "document:delete", document)
    lock_document(session, document)
    require_state(document, "available", "stopped")
    # What was stopped is decided on for other reasons, and the installation has its own.
    if document.state == "available" and isinstance(actor, Actor) and _is_report(session, document):
        raise DocumentIsReport
    # Somebody may have stopped it while we waited, and then it is not the owner's to delete.
    require(actor, "document:delete", document)
    document.state = DOCUMENT.follow("delete", document.state)
    document.updated_at = document.deleted_at = at
    keys = [each.storage_key for each in document.versions if each.storage_key is not None]
    for version in document.versions:
        version.storage_key = None
    for share in document.shares:
        share.revoked_at = share.revoked_at or at
    session.flush()
    record(
        session,
        actor=actor,
        kind="document_deleted",
        subject=document,
        at=at,
        incubator_id=get_tenant_id(document.owner),
        detail={"versions": str(len(document.versions))},
    )
    for person in list_people_of(
        session,
        startup_id=document.startup_id,
        provider_id=document.provider_id,
        incubator_id=document.incubator_id,
    ):
        if person.id != actor.acts_as_id:
            tell(
                session,
                person=person,
                kind="document_deleted",
                facts={"title": document.title, "owner": document.owner.name},
                path=address_of_document(document),
                at=at,
            )
    return keys


def _is_report(session: Session, document: Document) -> bool:
    """Whether a report that stands is in this file."""
    found = session.scalar(
        select(VerificationReport.id)
        .where(
            VerificationReport.document_id == document.id,
            VerificationReport.state.in_(REPORT_STANDS),
        )
        .limit(1)
    )
    return found is not None
