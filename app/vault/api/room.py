"""The part of the API that this room has, and what its answers look like."""

from typing import Any, Final

import marshmallow as ma

from app.access import is_permitted
from app.vault.queries.documents import (
    find_document,
    list_open_reports,
    list_versions,
)
from app.vault.queries.owners import name_owner
from app.web.api import (
    VERSION_PATH,
    ApiBlueprint,
)
from app.web.api_fields import ApiSchema, Code, FileContent, Flag, Line, Moment, Text
from app.web.api_versions import Versions
from app.web.identity import get_current_actor
from models.documents import FILENAME_LIMIT, TITLE_LIMIT, Document
from models.vocabulary import DocumentKind, ReportReason

blueprint = ApiBlueprint(
    "vault_api",
    __name__,
    url_prefix=VERSION_PATH,
    description="Documents. 文档。",
)

# Of a body of JSON, which has 256 KiB; base64 takes a third more than the bytes.
_CONTENT_LIMIT: Final = 240_000
_WORDS_LIMIT: Final = 1000


class DocumentFileSchema(ApiSchema):
    """A file, and the declaration that nothing in it is classified. 文件。"""

    filename = Line(least=1, most=FILENAME_LIMIT, required=True)
    content = FileContent(most=_CONTENT_LIMIT, required=True)
    declared = Flag(required=True)


class NewDocumentSchema(DocumentFileSchema):
    """A file that becomes a document; without a title it is called like the file. 新文档。"""

    title = Line(most=TITLE_LIMIT, load_default="")
    kind = Code(DocumentKind, required=True)


class DocumentChangeSchema(ApiSchema):
    """What of a document is to be changed. 文档的更改。"""

    title = Line(least=1, most=TITLE_LIMIT)
    kind = Code(DocumentKind)


class DocumentReportSchema(ApiSchema):
    """What is wrong with it; words are needed for "other". 举报原因。"""

    reason = Code(ReportReason, required=True)
    words = Text(most=_WORDS_LIMIT, load_default="")


class DocumentStopSchema(ApiSchema):
    """Why nobody is to open it; the owner reads it. 停用原因。"""

    reason = Text(least=1, most=_WORDS_LIMIT, required=True)


class DocumentVersionSchema(ma.Schema):
    """One version of a document. 版本。"""

    number = ma.fields.Integer(required=True)
    filename = ma.fields.String(required=True)
    file_type = ma.fields.String(required=True)
    size = ma.fields.Integer(required=True)
    sha256 = ma.fields.String(required=True)
    uploaded_at = Moment(required=True)


class DocumentShareSchema(ma.Schema):
    """To whom it is shown, from which version on. 共享对象。"""

    id = ma.fields.String(required=True)
    receiver = ma.fields.String(required=True)
    from_version = ma.fields.Integer(required=True)
    created_at = Moment(required=True)


class ReportedSchema(ma.Schema):
    """What somebody said to be wrong, for who decides. 举报。"""

    reason = ma.fields.String(required=True)
    words = ma.fields.String(required=True)
    created_at = Moment(required=True)


class DocumentSchema(ma.Schema):
    """A document. 文档。

    `owner` is the organisation that keeps it, such as `startup-…`; `versions` are those that can be
    opened, the newest first; `shares` are for its own side, `reports` for who decides.
    """

    id = ma.fields.String(required=True)
    owner = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    stop_reason = ma.fields.String(required=True)
    created_at = Moment(required=True)
    updated_at = Moment(required=True)
    versions = ma.fields.List(ma.fields.Nested(DocumentVersionSchema), required=True)
    shares = ma.fields.List(ma.fields.Nested(DocumentShareSchema), required=True)
    reports = ma.fields.List(ma.fields.Nested(ReportedSchema), required=True)


def show(document: Document) -> dict[str, Any]:
    """A document as the present viewer may see it."""
    actor = get_current_actor()
    own = is_permitted(actor, "document:share", document)
    decides = is_permitted(actor, "document:decide", document)
    return {
        "id": document.public_id,
        "owner": name_owner(document.owner),
        "title": document.title,
        "kind": document.kind.value,
        "state": document.state,
        "stop_reason": document.stop_reason,
        "created_at": document.created_at,
        "updated_at": document.updated_at,
        "versions": [
            {
                "number": each.number,
                "filename": each.filename,
                "file_type": each.file_type.value,
                "size": each.size,
                "sha256": each.sha256,
                "uploaded_at": each.uploaded_at,
            }
            for each in list_versions(document, actor)
        ],
        "shares": [
            {
                "id": each.public_id,
                "receiver": name_owner(each.receiver),
                "from_version": each.from_number,
                "created_at": each.created_at,
            }
            for each in document.shares
            if own and each.revoked_at is None
        ],
        "reports": [
            {"reason": each.reason.value, "words": each.words, "created_at": each.created_at}
            for each in (list_open_reports(document) if decides else ())
        ],
    }


VERSIONS = Versions(DocumentSchema, find_document, show, attribute="row_version")
