"""Showing documents, reporting them, and what operators decide."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response

from app.errors import expect
from app.vault.actions.reporting import (
    report_document,
    resume_document,
    set_aside_reports,
    stop_document,
)
from app.vault.actions.sharing import show_document, withdraw_share
from app.vault.api.room import (
    VERSIONS,
    DocumentReportSchema,
    DocumentSchema,
    DocumentStopSchema,
    blueprint,
)
from app.vault.queries.documents import (
    find_document,
    find_incubator_to_show,
)
from app.web.api import (
    operation,
)
from app.web.api_fields import NothingSchema
from app.web.api_versions import ETAG
from app.web.repeats import once
from app.web.steps import carry_out
from models.documents import Document


@blueprint.post("/documents/<public_id>/show-incubator")
@operation("documents:write", "document:share", subject=find_document)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, DocumentSchema, headers=ETAG)
def show_document_to_incubator(document: Document, body: Mapping[str, Any]) -> Response:
    """The operators of the startup's own incubator may open it."""
    incubator = expect(find_incubator_to_show(document))
    carry_out(show_document, document=document, receiver=incubator)
    return VERSIONS.answer(document)


@blueprint.post("/documents/<public_id>/shares/<share_id>/withdraw")
@operation("documents:write", "document:share", subject=find_document)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, DocumentSchema, headers=ETAG)
def withdraw_document_share(document: Document, body: Mapping[str, Any], share_id: str) -> Response:
    """Somebody may no longer open it."""
    found = expect(next((each for each in document.shares if each.public_id == share_id), None))
    carry_out(withdraw_share, document=document, share=found)
    return VERSIONS.answer(document)


@blueprint.post("/documents/<public_id>/report")
@operation("documents:write", "document:report", subject=find_document)
@once(needs_key=False)
@blueprint.arguments(DocumentReportSchema)
@blueprint.response(200, DocumentSchema, headers=ETAG)
def report_kept_document(document: Document, body: Mapping[str, Any]) -> Response:
    """Something is wrong with it: until operators have decided, only its own side opens it."""
    return _take(document, report_document, reason=body["reason"], words=body["words"])


@blueprint.post("/documents/<public_id>/set-aside")
@operation("documents:write", "document:decide", subject=find_document)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, DocumentSchema, headers=ETAG)
def set_aside_document_reports(document: Document, body: Mapping[str, Any]) -> Response:
    """Nothing was wrong."""
    return _take(document, set_aside_reports)


@blueprint.post("/documents/<public_id>/stop")
@operation("documents:write", "document:decide", subject=find_document)
@once(needs_key=False)
@blueprint.arguments(DocumentStopSchema)
@blueprint.response(200, DocumentSchema, headers=ETAG)
def stop_kept_document(document: Document, body: Mapping[str, Any]) -> Response:
    """Nobody is to open it any more."""
    return _take(document, stop_document, reason=body["reason"])


@blueprint.post("/documents/<public_id>/resume")
@operation("documents:write", "document:decide", subject=find_document)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, DocumentSchema, headers=ETAG)
def resume_kept_document(document: Document, body: Mapping[str, Any]) -> Response:
    """What was stopped can be opened again."""
    return _take(document, resume_document)


def _take(document: Document, action: Callable[..., object], **values: object) -> Response:
    carry_out(action, document=document, **values)
    return VERSIONS.answer(document)
