"""A startup's room: read, filled, its agreement, who gets in, who read what."""

from collections.abc import Callable, Mapping
from typing import Any

import marshmallow as ma
from flask import request

from app.datarooms.actions import keeping
from app.datarooms.api.room import blueprint
from app.datarooms.queries import rooms as queries
from app.datarooms.values import GrantValues
from app.errors import expect
from app.extensions import db
from app.profiles.queries import find_startup
from app.vault.queries.documents import list_attachable
from app.web.api import operation, show_list
from app.web.api_fields import (
    ApiSchema,
    Day,
    Id,
    Line,
    Listed,
    Moment,
    NothingSchema,
    PageSchema,
    Text,
)
from app.web.lists import Lines, Shown, list_rows
from app.web.repeats import once
from app.web.steps import carry_out
from models.datarooms import AGREEMENT_LIMIT, FOLDER_LIMIT, ITEMS_LIMIT, RoomVisit
from models.organisations import Startup


class RoomPutSchema(ApiSchema):
    """A document and its folder; "" stands at the top. 放入资料。"""

    document = Id(required=True)
    folder = Line(most=FOLDER_LIMIT, load_default="")


class RoomAgreementTextSchema(ApiSchema):
    """The text that readers agree to. 协议文本。"""

    text = Text(least=1, most=AGREEMENT_LIMIT, required=True)


class RoomLetInSchema(ApiSchema):
    """Who may have what: an accepted request of the investor, items and folders. 授权。"""

    engagement = Id(required=True)
    read_items = Listed(Id(), load_default=list, most=ITEMS_LIMIT)
    read_folders = Listed(Line(least=1, most=FOLDER_LIMIT), load_default=list, most=ITEMS_LIMIT)
    download_items = Listed(Id(), load_default=list, most=ITEMS_LIMIT)
    download_folders = Listed(Line(least=1, most=FOLDER_LIMIT), load_default=list, most=ITEMS_LIMIT)
    until = Day(load_default=None, allow_none=True)


class RoomItemSchema(ma.Schema):
    """A document in a room. 资料。"""

    id = ma.fields.String(required=True)
    document = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    folder = ma.fields.String(required=True)


class RoomAgreementSchema(ma.Schema):
    """One version of an agreement with its hash. 协议版本。"""

    number = ma.fields.Integer(required=True)
    text = ma.fields.String(required=True)
    sha256 = ma.fields.String(required=True)
    published_at = Moment(required=True)


class RoomRightSchema(ma.Schema):
    """A right over one item or one folder. 权限。"""

    item = ma.fields.String(required=True, allow_none=True)
    folder = ma.fields.String(required=True)
    may_download = ma.fields.Boolean(required=True)


class RoomGrantSchema(ma.Schema):
    """What one investor may have. 投资方授权。"""

    id = ma.fields.String(required=True)
    investor = ma.fields.String(required=True)
    investor_name = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    until = ma.fields.Date(required=True, allow_none=True)
    rights = ma.fields.List(ma.fields.Nested(RoomRightSchema), required=True)


class RoomSchema(ma.Schema):
    """A room as its startup sees it. 资料室。"""

    items = ma.fields.List(ma.fields.Nested(RoomItemSchema), required=True)
    agreements = ma.fields.List(ma.fields.Nested(RoomAgreementSchema), required=True)
    grants = ma.fields.List(ma.fields.Nested(RoomGrantSchema), required=True)


class RoomVisitSchema(ma.Schema):
    """Somebody had a version of a document. 访问记录。"""

    investor_name = ma.fields.String(required=True)
    person_name = ma.fields.String(required=True)
    document = ma.fields.String(required=True, allow_none=True)
    number = ma.fields.Integer(required=True)
    sha256 = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    visited_at = Moment(required=True)


@blueprint.get("/startups/<public_id>/room")
@operation("rooms:read", "room:keep", subject=find_startup)
@blueprint.response(200, RoomSchema)
def read_room(startup: Startup) -> dict[str, Any]:
    """What is in the room, every version of the agreement, and who gets in."""
    return _show(startup)


@blueprint.get("/startups/<public_id>/room/visits")
@operation("rooms:read", "room:keep", subject=find_startup)
@blueprint.arguments(PageSchema, location="query")
@blueprint.response(200, show_list(RoomVisitSchema))
def list_room_visits(startup: Startup, asked: Mapping[str, Any]) -> Shown | Lines:
    """Who had what, the newest first."""
    return list_rows(
        queries.select_visits(startup),
        asked,
        moment=RoomVisit.visited_at,
        key=RoomVisit.id,
        show=_show_visit,
    )


@blueprint.post("/startups/<public_id>/room/documents")
@operation("rooms:write", "room:keep", subject=find_startup)
@once(needs_key=False)
@blueprint.arguments(RoomPutSchema)
@blueprint.response(200, RoomSchema)
def put_document(startup: Startup, body: Mapping[str, Any]) -> dict[str, Any]:
    """A document goes into the room."""
    wanted = body["document"]
    documents = list_attachable(db.session, startup)
    document = expect(next((each for each in documents if each.public_id == wanted), None))
    return _take(
        startup,
        keeping.put_document,
        startup=startup,
        document=document,
        folder=body["folder"],
    )


@blueprint.post("/startups/<public_id>/room/agreement")
@operation("rooms:write", "room:keep", subject=find_startup)
@once(needs_key=False)
@blueprint.arguments(RoomAgreementTextSchema)
@blueprint.response(200, RoomSchema)
def publish_agreement(startup: Startup, body: Mapping[str, Any]) -> dict[str, Any]:
    """Another version of the agreement stands, which everybody has to accept."""
    return _take(startup, keeping.publish_agreement, startup=startup, text=body["text"])


@blueprint.post("/startups/<public_id>/room/grants")
@operation("rooms:write", "room:keep", subject=find_startup)
@once(needs_key=False)
@blueprint.arguments(RoomLetInSchema)
@blueprint.response(200, RoomSchema)
def let_in(startup: Startup, body: Mapping[str, Any]) -> dict[str, Any]:
    """An investor may have this, and nothing else, up to that day."""
    wanted = body["engagement"]
    candidates = queries.list_candidates(db.session, startup)
    engagement = expect(next((each for each in candidates if each.public_id == wanted), None))
    values = GrantValues(
        read_items=frozenset(body["read_items"]),
        read_folders=frozenset(body["read_folders"]),
        download_items=frozenset(body["download_items"]),
        download_folders=frozenset(body["download_folders"]),
        until=body["until"],
    )
    return _take(startup, keeping.let_in, engagement=engagement, values=values)


@blueprint.post("/room-items/<public_id>/remove")
@operation("rooms:write", "room:keep", subject=queries.find_item_startup)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, RoomSchema)
def take_out(startup: Startup, body: Mapping[str, Any]) -> dict[str, Any]:
    """The document is in the room no more."""
    item = expect(queries.find_item(db.session, _get_public_id()))
    return _take(startup, keeping.take_out, item=item)


@blueprint.post("/room-grants/<public_id>/revoke")
@operation("rooms:write", "room:keep", subject=queries.find_grant_startup)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, RoomSchema)
def revoke_access(startup: Startup, body: Mapping[str, Any]) -> dict[str, Any]:
    """The investor gets in no more, at once."""
    return _take_grant(startup, keeping.revoke_access)


@blueprint.post("/room-grants/<public_id>/resume")
@operation("rooms:write", "room:keep", subject=queries.find_grant_startup)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, RoomSchema)
def resume_access(startup: Startup, body: Mapping[str, Any]) -> dict[str, Any]:
    """What was suspended for a conflict of interest is open again."""
    return _take_grant(startup, keeping.resume_access)


def _take_grant(startup: Startup, action: Callable[..., object]) -> dict[str, Any]:
    grant = expect(queries.find_grant(db.session, _get_public_id()))
    return _take(startup, action, grant=grant)


def _get_public_id() -> str:
    return str((request.view_args or {})["public_id"])


def _take(own: Startup, action: Callable[..., object], **values: object) -> dict[str, Any]:
    carry_out(action, **values)
    return _show(own)


def _show(startup: Startup) -> dict[str, Any]:
    db.session.expire_all()
    room = queries.find_room(db.session, startup)
    if room is None:
        return {"items": [], "agreements": [], "grants": []}
    items = {item.id: item.public_id for item in room.items}
    return {
        "items": [
            {
                "id": item.public_id,
                "document": item.document.public_id,
                "title": item.document.title,
                "folder": item.folder,
            }
            for item in room.items
        ],
        "agreements": [
            {
                "number": each.number,
                "text": each.text,
                "sha256": each.sha256,
                "published_at": each.published_at,
            }
            for each in room.agreements
        ],
        "grants": [
            {
                "id": grant.public_id,
                "investor": grant.provider.public_id,
                "investor_name": grant.provider.name,
                "state": grant.state,
                "until": grant.until,
                "rights": [
                    {
                        "item": None if right.item_id is None else items[right.item_id],
                        "folder": right.folder,
                        "may_download": right.may_download,
                    }
                    for right in grant.rights
                ],
            }
            for grant in room.grants
        ],
    }


def _show_visit(visit: RoomVisit) -> dict[str, Any]:
    return {
        "investor_name": visit.grant.provider.name,
        "person_name": "" if visit.person is None else visit.person.name,
        "document": None if visit.document is None else visit.document.public_id,
        "number": visit.document_number,
        "sha256": visit.sha256,
        "kind": visit.kind.value,
        "visited_at": visit.visited_at,
    }
