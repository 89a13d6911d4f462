"""Documents of the startup that go with a request: shown to the provider until it is over."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.access import Acting, Actor
from app.audit import record
from app.engagements.errors import DocumentsTellTheName
from app.errors import NotFound
from app.vault.actions.sharing import show_document
from models.documents import Document, DocumentShare
from models.engagements import Engagement
from models.vocabulary import Release


def attach(
    session: Session,
    *,
    engagement: Engagement,
    documents: Iterable[Document],
    actor: Actor,
    at: datetime,
) -> None:
    """The provider may open `documents` for the occasion of `engagement`.

    A document says whose it is: raises DocumentsTellTheName where the startup's name is not
    released, NotFound for a document of somebody else, and what `show_document` raises.
    """
    for document in documents:
        if document.startup_id != engagement.startup_id:
            raise NotFound
        if Release.STARTUP_NAME not in engagement.released:
            raise DocumentsTellTheName
        show_document(
            session,
            document=document,
            receiver=engagement.provider,
            actor=actor,
            at=at,
            occasion=engagement,
        )


def detach(session: Session, *, engagement: Engagement, actor: Acting | None, at: datetime) -> None:
    """What was shown for `engagement`, which is over, is shown no more, whoever ended it."""
    shares = session.scalars(
        select(DocumentShare)
        .where(
            DocumentShare.occasion_table == Engagement.__tablename__,
            DocumentShare.occasion_public_id == engagement.public_id,
            DocumentShare.revoked_at.is_(None),
        )
        .options(joinedload(DocumentShare.document))
        .order_by(DocumentShare.id)
    ).all()
    for share in shares:
        share.revoked_at = at
        record(
            session,
            actor=actor,
            kind="document_share_withdrawn",
            subject=share.document,
            at=at,
            incubator_id=engagement.incubator_id,
            detail={"receiver": engagement.provider.name, "occasion": engagement.public_id},
        )
    session.flush()
