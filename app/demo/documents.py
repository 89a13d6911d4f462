"""The documents of the demonstration: uploaded, shown and reported as people do it."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, Organisation, make_actor
from app.demo.pdf import draw_pdf
from app.transactions import writing
from app.vault.actions.reporting import report_document
from app.vault.actions.sharing import show_document
from app.vault.actions.uploading import add_version, upload_document
from app.vault.contents import CheckedFile, check_file
from app.vault.keeping import StoredFile
from app.vault.storage.port import FileStore, make_key
from models.documents import Document
from models.people import Person
from models.vocabulary import DocumentKind, ReportReason

_FILE: Final = Path(__file__).with_name("documents.yaml")
_MEGABYTES: Final = 1


def keep_documents(session: Session, store: FileStore, *, at: datetime) -> int:
    """The documents are kept, as if uploaded in the weeks before `at`; returns how many.

    All rows in one transaction, their files before it: killed in between, the next load begins
    again, and the files of this one are swept away.
    """
    rows: list[dict[str, Any]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    stored = [[_store(store, row["filename"], text) for text in row["versions"]] for row in rows]
    with writing(session):
        for row, files in zip(rows, stored, strict=True):
            _keep(session, row, files, at=at - timedelta(days=row["days_ago"]))
    return len(rows)


def _store(store: FileStore, filename: str, text: str) -> StoredFile:
    content = draw_pdf(text.split("\n")) if filename.endswith(".pdf") else text.encode()
    file: CheckedFile = check_file(filename, content, megabytes=_MEGABYTES)
    key = make_key(file.content)
    store.put(key, file.content)
    return StoredFile(key, file)


def _keep(session: Session, row: dict[str, Any], files: list[StoredFile], *, at: datetime) -> None:
    owner, actor = _find(session, row["of"])
    document = upload_document(
        session,
        owner=owner,
        stored=files[0],
        title=row["title"],
        kind=DocumentKind(row["kind"]),
        is_declared=True,
        quota_megabytes=_MEGABYTES,
        actor=actor,
        at=at,
    )
    for after, file in enumerate(files[1:], start=1):
        add_version(
            session,
            document=document,
            stored=file,
            after=after,
            is_declared=True,
            quota_megabytes=_MEGABYTES,
            actor=actor,
            at=at + timedelta(days=3 * after),
        )
    for email in row["shown_to"]:
        receiver, _theirs = _find(session, email)
        show_document(session, document=document, receiver=receiver, actor=actor, at=at)
    if "reported_by" in row:
        _report(session, document, row, at=at + timedelta(days=2))


def _report(session: Session, document: Document, row: dict[str, Any], *, at: datetime) -> None:
    _organisation, reporter = _find(session, row["reported_by"])
    report_document(
        session,
        document=document,
        reason=ReportReason(row["reason"]),
        words=row["words"],
        actor=reporter,
        at=at,
    )


def _find(session: Session, email: str) -> tuple[Organisation, Actor]:
    """The organisation of one of the demonstration's accounts, and who acts for it.

    Raises LookupError for an account that acts for none.
    """
    person = session.scalars(select(Person).where(Person.email == email)).one()
    for membership in person.memberships:
        found = membership.startup or membership.provider or membership.incubator
        if found is not None:
            return found, make_actor(person)
    raise LookupError(email)
