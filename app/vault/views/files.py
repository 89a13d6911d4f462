"""The bytes of a document, to whoever may have them and to nobody in between."""

from typing import Final

from flask import Response, request
from flask.typing import ResponseReturnValue

from app.clock import now
from app.errors import expect
from app.extensions import db
from app.transactions import writing
from app.vault.actions.opening import record_opening, require_open
from app.vault.contents import MEDIA_TYPES
from app.vault.filenames import make_disposition
from app.vault.keeping import read_file
from app.vault.queries.documents import find_document, find_version
from app.vault.storage.choice import get_store
from app.vault.views.room import blueprint
from app.web.guard import requires
from app.web.identity import get_current_actor
from models.documents import Document

# Whatever a file is, and whatever a browser takes it for: it is saved, not shown, and if it were
# shown all the same, it could run, load and send nothing.
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@blueprint.get("/documents/<public_id>/versions/<number>/file")
@requires("document:open", subject=find_document)
def download(document: Document, number: str) -> ResponseReturnValue:
    """One version as a file; `newest` for the one that is newest. Each time is on record."""
    version = expect(find_version(document, number))
    actor = get_current_actor()
    require_open(document, version, actor=actor)
    answer = Response(headers=_HEADERS)
    answer.set_etag(version.sha256)
    if version.sha256 in request.if_none_match:
        answer.status_code = 304
        return answer
    content = read_file(get_store(), version)
    with writing(db.session):
        record_opening(db.session, document=document, version=version, actor=actor, at=now())
    answer.data = content
    answer.content_type = MEDIA_TYPES[version.file_type]
    answer.headers["Content-Disposition"] = make_disposition(
        version.filename, number=version.number
    )
    return answer
