"""Somebody says that something is wrong with a document, and an operator decides.

The command line decides, too, for documents of organisations that no incubator looks after.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Acting, Actor, require
from app.audit import record
from app.errors import ReasonMissing
from app.telling.notices import list_people_of, tell
from app.vault.actions.states import lock_document, require_state
from app.vault.addresses import address_of_document
from app.vault.errors import AlreadyReported
from app.vault.queries.documents import list_open_reports
from app.vault.queries.owners import get_tenant_id, list_overseer_ids
from models.documents import Document, DocumentReport
from models.lifecycle import DOCUMENT
from models.people import Person
from models.vocabulary import ReportReason


def report_document(
    session: Session,
    *,
    document: Document,
    reason: ReportReason,
    words: str,
    actor: Actor,
    at: datetime,
) -> DocumentReport:
    """From the commit on only its own side opens `document`; its operators are asked to decide.

    The owner is told that it was reported, and not by whom. Raises NotPermitted, DocumentStopped,
    DocumentDeleted, AlreadyReported, ReasonMissing where "other" is not explained.
    """
    require(actor, "document:report", document)
    if reason is ReportReason.OTHER and not words:
        raise ReasonMissing
    lock_document(session, document)
    require_state(document, "available", "reported")
    if any(each.reporter_id == actor.person_id for each in list_open_reports(document)):
        raise AlreadyReported
    was_available = document.state == "available"
    document.state = DOCUMENT.follow("report", document.state)
    document.updated_at = at
    report = DocumentReport(reporter_id=actor.person_id, reason=reason, words=words, created_at=at)
    document.reports.append(report)
    session.flush()
    _record(session, document, "document_reported", actor, at, reason=reason.value)
    for incubator_id in list_overseer_ids(document.owner):
        _tell(
            session,
            list_people_of(session, incubator_id=incubator_id),
            document,
            "document_reported",
            at,
            unless=actor,
        )
    if was_available:
        _tell(session, _list_owners(session, document), document, "document_held", at, unless=actor)
    return report


def set_aside_reports(session: Session, *, document: Document, actor: Acting, at: datetime) -> None:
    """Nothing was wrong: `document` can be opened as before. Owner and reporters are told.

    Raises NotPermitted, ActionNotAllowed for what is not reported.
    """
    require(actor, "document:decide", document)
    lock_document(session, document)
    document.state = DOCUMENT.follow("set_aside", document.state)
    document.updated_at = at
    reporters = _decide(session, document, "set_aside", actor, at)
    _record(session, document, "document_report_set_aside", actor, at)
    told = {person.id: person for person in (*_list_owners(session, document), *reporters)}
    _tell(session, list(told.values()), document, "document_report_set_aside", at, unless=actor)


def stop_document(
    session: Session, *, document: Document, reason: str, actor: Acting, at: datetime
) -> None:
    """Nobody opens `document` any more; it is kept. The owner is told, with `reason`.

    Raises NotPermitted, ReasonMissing, ActionNotAllowed for what is stopped or deleted.
    """
    require(actor, "document:decide", document)
    if not reason:
        raise ReasonMissing
    lock_document(session, document)
    document.state = DOCUMENT.follow("stop", document.state)
    document.updated_at = document.stopped_at = at
    document.stop_reason = reason
    document.stopped_by_id = actor.person_id
    reporters = _decide(session, document, "stopped", actor, at)
    _record(session, document, "document_stopped", actor, at, reason=reason)
    owners = _list_owners(session, document)
    _tell(session, owners, document, "document_stopped", at, unless=actor, reason=reason)
    others = [person for person in reporters if person not in owners]
    _tell(session, others, document, "document_report_upheld", at, unless=actor)


def resume_document(session: Session, *, document: Document, actor: Acting, at: datetime) -> None:
    """`document` can be opened again; the owner is told.

    Raises NotPermitted, ActionNotAllowed for what is not stopped.
    """
    require(actor, "document:decide", document)
    lock_document(session, document)
    document.state = DOCUMENT.follow("resume", document.state)
    document.updated_at = at
    document.stop_reason = ""
    document.stopped_at = document.stopped_by_id = None
    session.flush()
    _record(session, document, "document_resumed", actor, at)
    _tell(session, _list_owners(session, document), document, "document_resumed", at, unless=actor)


def _decide(
    session: Session, document: Document, outcome: str, actor: Acting, at: datetime
) -> list[Person]:
    """Every open report has `outcome`; gives who made them and can still be told."""
    reporters = []
    for report in list_open_reports(document):
        report.outcome = outcome
        report.decided_at = at
        report.decided_by_id = actor.person_id
        if report.reporter is not None and report.reporter.is_active:
            reporters.append(report.reporter)
    session.flush()
    return list(dict.fromkeys(reporters))


def _list_owners(session: Session, document: Document) -> list[Person]:
    return list_people_of(
        session,
        startup_id=document.startup_id,
        provider_id=document.provider_id,
        incubator_id=document.incubator_id,
    )


def _tell(
    session: Session,
    people: Sequence[Person],
    document: Document,
    kind: str,
    at: datetime,
    *,
    unless: Acting,
    **facts: str,
) -> None:
    for person in people:
        if person.id == unless.acts_as_id:
            continue
        tell(
            session,
            person=person,
            kind=kind,
            facts={"title": document.title, "owner": document.owner.name} | facts,
            path=address_of_document(document),
            at=at,
        )


def _record(
    session: Session,
    document: Document,
    kind: str,
    actor: Acting,
    at: datetime,
    **detail: str,
) -> None:
    record(
        session,
        actor=actor,
        kind=kind,
        subject=document,
        at=at,
        incubator_id=get_tenant_id(document.owner),
        detail=detail,
    )
