"""An investor's side of a room; its agreement is accepted on the page, with the password."""

from typing import Any

import marshmallow as ma
from flask import Response

from app.clock import now, today
from app.datarooms.actions import visiting
from app.datarooms.api.keeping import RoomAgreementSchema
from app.datarooms.api.room import blueprint
from app.datarooms.carrying_out import show_marked
from app.datarooms.queries import rooms as queries
from app.engagements.queries import find_engagement
from app.errors import expect
from app.extensions import db
from app.transactions import writing
from app.vault.filenames import make_disposition
from app.vault.keeping import read_file
from app.vault.storage.choice import get_store
from app.web.api import answers_file, operation
from app.web.api_fields import Moment
from app.web.identity import get_current_actor
from models.datarooms import VisitKind
from models.engagements import Engagement


class VisitedItemSchema(ma.Schema):
    """A document that an investor may have, and how. 可查阅资料。"""

    id = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    folder = ma.fields.String(required=True)
    can_read = ma.fields.Boolean(required=True)
    can_download = ma.fields.Boolean(required=True)


class VisitedRoomSchema(ma.Schema):
    """A room from inside; no items before the person has accepted the agreement. 资料室内容。"""

    agreement = ma.fields.Nested(RoomAgreementSchema, required=True)
    accepted_at = Moment(required=True, allow_none=True)
    items = ma.fields.List(ma.fields.Nested(VisitedItemSchema), required=True)


@blueprint.get("/engagements/<public_id>/room")
@operation("rooms:read", "room:visit", subject=find_engagement)
@blueprint.response(200, VisitedRoomSchema)
def visit_room(engagement: Engagement) -> dict[str, Any]:
    """The agreement, and once the person has accepted it what the investor may have."""
    visited = expect(queries.visit_room(db.session, engagement, get_current_actor(), today(now())))
    return {
        "agreement": {
            "number": visited.agreement.number,
            "text": visited.agreement.text,
            "sha256": visited.agreement.sha256,
            "published_at": visited.agreement.published_at,
        },
        "accepted_at": None if visited.accepted is None else visited.accepted.accepted_at,
        "items": [
            {
                "id": each.item.public_id,
                "title": each.item.document.title,
                "folder": each.item.folder,
                "can_read": each.can_read,
                "can_download": each.can_download,
            }
            for each in visited.items
        ],
    }


@blueprint.get("/engagements/<public_id>/room/<item>/file")
@operation("rooms:read", "room:visit", subject=find_engagement, refusals=(409, 503))
@answers_file
def download_item(engagement: Engagement, item: str) -> Response:
    """The file itself, for whoever may download it. Each time is kept as a visit."""
    found = expect(queries.find_item(db.session, item))
    with writing(db.session):
        version = visiting.open_item(
            db.session,
            engagement=engagement,
            item=found,
            kind=VisitKind.DOWNLOADED,
            actor=get_current_actor(),
            at=now(),
        )
        content = read_file(get_store(), version)
    answer = Response(content, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = make_disposition(
        version.filename, number=version.number
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@blueprint.get("/engagements/<public_id>/room/<item>/marked")
@operation("rooms:read", "room:visit", subject=find_engagement, refusals=(409, 503))
@answers_file
def read_item(engagement: Engagement, item: str) -> Response:
    """A text, an image or a PDF with who reads it and when all over it. It is kept as a visit.

    Texts come as text in UTF-8, images as JPEG. What cannot be marked is not shown.
    """
    found = expect(queries.find_item(db.session, item))
    marked = show_marked(
        db.session,
        get_store(),
        engagement=engagement,
        item=found,
        actor=get_current_actor(),
        at=now(),
    )
    answer = Response(marked.content, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = make_disposition(
        marked.name, number=found.document.versions[-1].number
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
