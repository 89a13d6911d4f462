"""Documents of the startup that go with a request: shown to the provider until it is over."""

from collections.abc import Iterable, Sequence
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


def hand_over(
    session: Session, *, former: Engagement, present: Engagement, actor: Actor, at: datetime
) -> None:
    """What was shown for `former`, which is over, is shown to the provider of `present` instead.

    The founder chose to show it with the request, and it goes where the request goes. What has been
    stopped or deleted meanwhile, or is being looked into, does not go along.
    """
    for share in _list_shares(session, former):
        if share.document.state != "available":
            continue
        session.add(
            DocumentShare(
                document=share.document,
                to_provider=present.provider,
                from_number=share.from_number,
                occasion_table=Engagement.__tablename__,
                occasion_public_id=present.public_id,
                created_at=at,
                created_by_id=actor.person_id,
            )
        )
        record(
            session,
            actor=actor,
            kind="document_shown",
            subject=share.document,
            at=at,
            incubator_id=present.incubator_id,
            detail={"receiver": present.provider.name, "occasion": present.public_id},
        )
    detach(session, engagement=former, actor=actor, at=at)


def detach(session: Session, *, engagement: Engagement, actor: Acting | None, at: datetime) -> None:
    """What was shown for `engagement`, which is over, is shown no more, whoever ended it."""
    for share in _list_shares(session, engagement):
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


def _list_shares(session: Session, engagement: Engagement) -> Sequence[DocumentShare]:
    """What is shown to the provider for `engagement` now."""
    return session.scalars(
        select(DocumentShare)
        .where(
            DocumentShare.occasion_table == Engagement.__tablename__,
            DocumentShare.occasion_public_id == engagement.public_id,
            DocumentShare.revoked_at.is_(None),
        )
        .options(joinedload(DocumentShare.document))
        .order_by(DocumentShare.id)
    ).all()
