"""What an erasure does with documents: an organisation that goes loses them, a person who goes
leaves those of an organisation that stays, without a name."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from app.vault.addresses import address_of_document
from models.documents import Document, DocumentReport, DocumentVersion
from models.organisations import Startup
from models.people import Person
from models.providers import Provider


@dataclass(frozen=True, slots=True)
class GoingDocuments:
    """The documents that go with their organisations.

    `file_keys` name the files, which are to be removed from the store after the commit.
    """

    public_ids: tuple[str, ...]
    paths: tuple[str, ...]
    file_keys: tuple[str, ...]


def list_going(
    session: Session, *, startups: Sequence[Startup], providers: Sequence[Provider]
) -> GoingDocuments:
    """What `remove_documents` will take away."""
    documents = session.scalars(select(Document).where(_is_of(startups, providers))).all()
    keys = session.scalars(
        select(DocumentVersion.storage_key).where(
            DocumentVersion.document_id.in_([each.id for each in documents]),
            DocumentVersion.storage_key.is_not(None),
        )
    )
    return GoingDocuments(
        public_ids=tuple(each.public_id for each in documents),
        paths=tuple(address_of_document(each) for each in documents),
        file_keys=tuple(key for key in keys if key is not None),
    )


def remove_documents(
    session: Session, *, startups: Sequence[Startup], providers: Sequence[Provider]
) -> None:
    """Those organisations keep no documents, not even the record of deleted or stopped ones."""
    session.execute(delete(Document).where(_is_of(startups, providers)))


def forget_person(session: Session, person: Person, replacement: str) -> list[str]:
    """No document or file is called by the name of `person`, and no word of theirs is left.

    `replacement` takes the place of a title. Who uploaded what is forgotten with the account; that
    it was uploaded and declared stays. Gives the titles and reasons that went: the copies of them
    in what others were told are found by that.
    """
    words: list[str] = []
    if person.name:
        words += _replace_name(session, person, replacement)
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


def _replace_name(session: Session, person: Person, replacement: str) -> list[str]:
    """In what they uploaded, and in what the organisations keep for which they act.

    Elsewhere a short name may be part of other words. Gives the titles that were replaced.
    """
    uploaded = select(DocumentVersion.document_id).where(
        DocumentVersion.uploaded_by_id == person.id
    )
    theirs = or_(
        Document.id.in_(uploaded),
        Document.startup_id.in_([m.startup_id for m in person.memberships if m.startup_id]),
        Document.provider_id.in_([m.provider_id for m in person.memberships if m.provider_id]),
        Document.incubator_id.in_([m.incubator_id for m in person.memberships if m.incubator_id]),
    )
    titles = []
    for document in session.scalars(
        select(Document).where(theirs, Document.title.contains(person.name, autoescape=True))
    ):
        titles.append(document.title)
        document.title = replacement
    named = select(DocumentVersion).where(
        DocumentVersion.document_id.in_(select(Document.id).where(theirs)),
        DocumentVersion.filename.contains(person.name, autoescape=True),
    )
    for version in session.scalars(named):
        version.filename = f"{version.number}.{version.file_type.value}"
    return titles


def _is_of(startups: Sequence[Startup], providers: Sequence[Provider]) -> ColumnElement[bool]:
    return or_(
        Document.startup_id.in_([each.id for each in startups]),
        Document.provider_id.in_([each.id for each in providers]),
    )
