"""What an erasure does with documents: an organisation that goes loses them, a person who goes
leaves those of an organisation that stays, without a name."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from app.leaving import ERASED, Erasing, Leaving, Traces
from app.vault.addresses import address_of_document
from models.documents import Document, DocumentReport, DocumentVersion
from models.people import Membership, Person


def find_traces(session: Session, leaving: Leaving) -> Traces:
    """The documents of the organisations that go, and their files."""
    documents = session.scalars(select(Document).where(_is_of(leaving))).all()
    keys = session.scalars(
        select(DocumentVersion.storage_key).where(
            DocumentVersion.document_id.in_([each.id for each in documents]),
            DocumentVersion.storage_key.is_not(None),
        )
    )
    return Traces(
        counts={"documents": len(documents)},
        public_ids=[each.public_id for each in documents],
        paths=[address_of_document(each) for each in documents],
        file_keys=[key for key in keys if key is not None],
    )


def erase_traces(session: Session, leaving: Leaving) -> Sequence[str]:
    """Organisations that go keep no documents, not even the record of deleted or stopped ones.

    No document or file of others is called by the person's name, and no word of theirs is left. Who
    uploaded what is forgotten with the account; that it was uploaded and declared stays. Gives the
    titles and reasons that went.
    """
    words = _forget_person(session, leaving.person) if leaving.person else []
    session.execute(delete(Document).where(_is_of(leaving)))
    return words


def _forget_person(session: Session, person: Person) -> list[str]:
    words = _replace_name(session, person) if person.name else []
    for document in session.scalars(
        select(Document).where(Document.stopped_by_id == person.id, Document.stop_reason != "")
    ):
        words.append(document.stop_reason)
        document.stop_reason = ""
    session.execute(
        update(DocumentReport).where(DocumentReport.reporter_id == person.id).values(words="")
    )
    session.flush()
    return words


def _replace_name(session: Session, person: Person) -> list[str]:
    """In what they uploaded, and in what the organisations keep for which they act.

    Elsewhere a short name may be part of other words. Gives the titles that were replaced.
    """
    uploaded = select(DocumentVersion.document_id).where(
        DocumentVersion.uploaded_by_id == person.id
    )
    # Asked anew: some memberships went with their organisations.
    memberships = session.scalars(select(Membership).where(Membership.person_id == person.id)).all()
    theirs = or_(
        Document.id.in_(uploaded),
        Document.startup_id.in_([m.startup_id for m in memberships if m.startup_id]),
        Document.provider_id.in_([m.provider_id for m in memberships if m.provider_id]),
        Document.incubator_id.in_([m.incubator_id for m in memberships if m.incubator_id]),
    )
    titles = []
    for document in session.scalars(
        select(Document).where(theirs, Document.title.contains(person.name, autoescape=True))
    ):
        titles.append(document.title)
        document.title = ERASED
    named = select(DocumentVersion).where(
        DocumentVersion.document_id.in_(select(Document.id).where(theirs)),
        DocumentVersion.filename.contains(person.name, autoescape=True),
    )
    for version in session.scalars(named):
        version.filename = f"{version.number}.{version.file_type.value}"
    return titles


def _is_of(leaving: Leaving) -> ColumnElement[bool]:
    return or_(
        Document.startup_id.in_(leaving.startup_ids),
        Document.provider_id.in_(leaving.provider_ids),
    )


ERASING = Erasing(find_traces, erase_traces)
