"""Documents as pages and other rooms read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.access import POOL_STATES_LOOKED_AFTER, Actor, Organisation, is_permitted
from app.telling.waiting import WaitingItem, WaitingList
from app.vault.contents import PLAIN_TEXTS
from app.vault.queries.owners import is_kept_by
from app.web.paging import count_pages
from models.documents import Document, DocumentReport, DocumentShare, DocumentVersion
from models.organisations import Incubator, Startup
from models.pools import PoolEntry
from models.providers import Provider

PAGE_SIZE = 50

# All that a list for programs shows of a document.
_WHOLE = (
    joinedload(Document.startup),
    joinedload(Document.provider).selectinload(Provider.pool_entries),
    joinedload(Document.incubator),
    selectinload(Document.versions),
    selectinload(Document.reports),
    selectinload(Document.shares).options(
        joinedload(DocumentShare.to_startup),
        joinedload(DocumentShare.to_provider),
        joinedload(DocumentShare.to_incubator),
    ),
)


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A document and its newest version."""

    document: Document
    newest: DocumentVersion


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """One page of a list. `count` is over all pages, which are numbered from 1."""

    rows: tuple[ListedDocument, ...]
    count: int
    number: int

    @property
    def last(self) -> int:
        """The number of the last page."""
        return count_pages(self.count, PAGE_SIZE)


def find_document(session: Session, public_id: str) -> Document | None:
    """The document with that public id, with what decides who may open it."""
    return session.scalar(
        select(Document)
        .where(Document.public_id == public_id)
        .options(
            joinedload(Document.startup),
            joinedload(Document.provider),
            joinedload(Document.incubator),
            selectinload(Document.shares),
            selectinload(Document.versions).joinedload(DocumentVersion.uploaded_by),
        )
    )


def get_newest(document: Document) -> DocumentVersion:
    """The newest version of `document`."""
    return document.versions[-1]


def find_version(document: Document, number: str) -> DocumentVersion | None:
    """The version of `document` with that number, as it stands in an address; "newest" too."""
    if number == "newest":
        return get_newest(document)
    return next((each for each in document.versions if str(each.number) == number), None)


def list_versions(document: Document, viewer: Actor) -> list[DocumentVersion]:
    """The versions that `viewer` may open, newest first; none where the document is not theirs.

    Whom it is shown to does not get at versions of before that.
    """
    if not is_permitted(viewer, "document:open", document):
        return []
    if is_permitted(viewer, "document:edit", document):
        first = 1
    else:
        first = min(
            (
                share.from_number
                for share in document.shares
                if share.revoked_at is None and _acts_for_receiver(viewer, share)
            ),
            default=1,
        )
    return [each for each in reversed(document.versions) if each.number >= first]


def list_documents(session: Session, owner: Organisation, *, number: int = 1) -> DocumentPage:
    """Page `number` of what `owner` keeps, last changed first, without what is deleted."""
    return _make_page(session, _select_kept(owner), number)


def list_shown(session: Session, viewer: Actor, *, number: int = 1) -> DocumentPage:
    """Page `number` of the documents of others that the organisations of `viewer` may open."""
    return _make_page(
        session, select(Document).where(_is_shown(viewer), Document.state != "deleted"), number
    )


def select_known(viewer: Actor) -> Select[Document]:
    """What the organisations of `viewer` keep or are shown, with all that is shown of each."""
    own = or_(
        Document.startup_id.in_(viewer.founds),
        Document.provider_id.in_(viewer.provides),
        Document.incubator_id.in_(viewer.operates),
        _is_shown(viewer),
    )
    return select(Document).where(own, Document.state != "deleted").options(*_WHOLE)


def select_kept(owner: Organisation) -> Select[Document]:
    """What `owner` keeps, with all that is shown of each."""
    return _select_kept(owner).options(*_WHOLE)


def find_incubator_to_show(document: Document) -> Incubator | None:
    """The incubator of the startup that keeps it, unless it can open it already."""
    owner: Organisation = document.owner
    if not isinstance(owner, Startup) or owner.incubator is None:
        return None
    shown = {
        share.to_incubator_id
        for share in document.shares
        if share.revoked_at is None and not share.occasion_public_id
    }
    return None if owner.incubator_id in shown else owner.incubator


def list_attachable(session: Session, owner: Organisation) -> list[Document]:
    """The documents of `owner` that it can show to somebody now, by title."""
    query = (
        select(Document)
        .where(is_kept_by(owner), Document.state == "available")
        .options(selectinload(Document.versions), selectinload(Document.shares))
        .order_by(Document.title, Document.id)
    )
    return list(session.scalars(query))


def list_plain_texts(session: Session, owner: Organisation) -> list[Document]:
    """Those of `list_attachable` whose newest file is plain text."""
    return [
        each
        for each in list_attachable(session, owner)
        if get_newest(each).file_type in PLAIN_TEXTS
    ]


def list_shown_for(
    session: Session, *, occasion_table: str, occasion_public_id: str
) -> list[Document]:
    """The documents that were shown for one occasion, such as an engagement, oldest first."""
    query = (
        select(Document)
        .join(DocumentShare)
        .where(
            DocumentShare.occasion_table == occasion_table,
            DocumentShare.occasion_public_id == occasion_public_id,
            DocumentShare.revoked_at.is_(None),
            Document.state != "deleted",
        )
        .options(selectinload(Document.versions), selectinload(Document.shares))
        .order_by(DocumentShare.id)
    )
    return list(session.scalars(query).unique())


def count_used_bytes(session: Session, owner: Organisation) -> int:
    """How much the files of `owner` take, of all versions that are still there."""
    query = (
        select(func.sum(DocumentVersion.size))
        .join(Document)
        .where(is_kept_by(owner), DocumentVersion.storage_key.is_not(None))
    )
    return int(session.scalar(query) or 0)


def list_open_reports(document: Document) -> list[DocumentReport]:
    """What was said about `document` and not decided yet, oldest first."""
    return [report for report in document.reports if report.decided_at is None]


def list_reported(session: Session) -> list[Document]:
    """Every document that somebody reported and nobody decided on, longest ago first."""
    query = (
        select(Document)
        .where(Document.state == "reported")
        .options(selectinload(Document.reports))
        .order_by(Document.updated_at, Document.id)
    )
    return list(session.scalars(query))


def _select_waiting(viewer: Actor, at: datetime) -> Select[Document] | None:
    """What was reported in the incubators of an operator."""
    if not viewer.operates:
        return None
    return (
        select(Document)
        .outerjoin(Startup, Startup.id == Document.startup_id)
        .where(
            Document.state == "reported",
            or_(
                Document.incubator_id.in_(viewer.operates),
                Startup.incubator_id.in_(viewer.operates),
                exists().where(
                    and_(
                        PoolEntry.provider_id == Document.provider_id,
                        PoolEntry.incubator_id.in_(viewer.operates),
                        PoolEntry.state.in_(POOL_STATES_LOOKED_AFTER),
                    )
                ),
            ),
        )
        .order_by(Document.updated_at, Document.id)
    )


def _word_waiting(rows: Sequence[Document], viewer: Actor, at: datetime) -> list[WaitingItem]:
    """Reports that an operator has to decide on."""
    return [
        WaitingItem(
            kind="document_reported",
            title=document.title,
            detail=_l("A document was reported. Until you decide, only its own side can open it."),
            due_at=None,
            path_endpoint="vault.show_document",
            path_values={"public_id": document.public_id},
            action=_l("Decide on the report"),
        )
        for document in rows
    ]


WAITING: Final = (WaitingList(("document_reported",), _select_waiting, _word_waiting),)


def _acts_for_receiver(viewer: Actor, share: DocumentShare) -> bool:
    return (
        share.to_startup_id in viewer.founds
        or share.to_provider_id in viewer.provides
        or share.to_incubator_id in viewer.operates
    )


def _is_shown(viewer: Actor) -> ColumnElement[bool]:
    """Documents of others that the organisations of `viewer` may open."""
    return exists().where(
        DocumentShare.document_id == Document.id,
        DocumentShare.revoked_at.is_(None),
        or_(
            DocumentShare.to_startup_id.in_(viewer.founds),
            DocumentShare.to_provider_id.in_(viewer.provides),
            DocumentShare.to_incubator_id.in_(viewer.operates),
        ),
    )


def _select_kept(owner: Organisation) -> Select[Document]:
    return select(Document).where(is_kept_by(owner), Document.state != "deleted")


def _make_page(session: Session, query: Select[Document], number: int) -> DocumentPage:
    count = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    number = min(max(1, number), count_pages(count, PAGE_SIZE))
    documents = session.scalars(
        query.options(
            selectinload(Document.versions),
            selectinload(Document.shares),
            joinedload(Document.startup),
            joinedload(Document.provider),
            joinedload(Document.incubator),
        )
        .order_by(Document.updated_at.desc(), Document.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).unique()
    rows = tuple(ListedDocument(document, get_newest(document)) for document in documents)
    return DocumentPage(rows, count, number)
