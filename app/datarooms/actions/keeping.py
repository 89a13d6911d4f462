"""What a founder does with the startup's room."""

import hashlib
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Acting, Actor, require
from app.clock import today
from app.datarooms.errors import (
    AgreementMissing,
    AgreementUnfit,
    GrantUnfit,
    NotOwnDocument,
    RoomFull,
)
from app.datarooms.trace import leave_mark, lock_room, tell_founders, tell_investors
from app.datarooms.values import GrantValues
from app.engagements.errors import ConflictOfInterest
from app.matches.queries.conflicts import find_conflict
from models.datarooms import (
    AGREEMENT_LIMIT,
    FOLDER_LIMIT,
    ITEMS_LIMIT,
    DataRoom,
    RoomAgreement,
    RoomGrant,
    RoomItem,
    RoomRight,
)
from models.documents import Document
from models.engagements import Engagement
from models.lifecycle import ENGAGEMENT_TAKES_PLACE, ROOM_GRANT
from models.organisations import Startup
from models.vocabulary import ProviderKind


def put_document(
    session: Session,
    *,
    startup: Startup,
    document: Document,
    folder: str,
    actor: Actor,
    at: datetime,
) -> RoomItem:
    """`document` is in the room, in `folder`; who may read the folder may read it from now on.

    Raises NotPermitted, NotOwnDocument, RoomFull.
    """
    require(actor, "room:keep", startup)
    room = _take_up(session, startup, at)
    if (
        document.startup_id != startup.id
        or document.state != "available"
        or len(folder) > FOLDER_LIMIT
        or any(item.document_id == document.id for item in room.items)
    ):
        raise NotOwnDocument
    if len(room.items) >= ITEMS_LIMIT:
        raise RoomFull(most=ITEMS_LIMIT)
    item = RoomItem(room=room, document=document, folder=folder, added_at=at)
    session.add(item)
    leave_mark(session, room, "room_document_put", actor=actor, at=at)
    return item


def take_out(session: Session, *, item: RoomItem, actor: Actor, at: datetime) -> None:
    """The document is in the room no more; who had it stays on record. Raises NotPermitted."""
    room = item.room
    require(actor, "room:keep", room.startup)
    lock_room(session, room.startup)
    session.delete(item)
    leave_mark(session, room, "room_document_taken_out", actor=actor, at=at)


def publish_agreement(
    session: Session, *, startup: Startup, text: str, actor: Actor, at: datetime
) -> RoomAgreement:
    """Everybody has to agree to `text` from now on, before they read anything more.

    Raises NotPermitted, AgreementUnfit for the text that stands already.
    """
    require(actor, "room:keep", startup)
    room = _take_up(session, startup, at)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    standing = room.agreement
    if not 0 < len(text) <= AGREEMENT_LIMIT or (standing and standing.sha256 == sha256):
        raise AgreementUnfit
    agreement = RoomAgreement(
        number=len(room.agreements) + 1, text=text, sha256=sha256, published_at=at
    )
    room.agreements.append(agreement)
    leave_mark(session, room, "room_agreement_published", actor=actor, at=at)
    open_now = [grant for grant in room.grants if grant.state == "open"]
    tell_investors(session, open_now, "room_agreement_changed", at=at)
    return agreement


def let_in(
    session: Session,
    *,
    engagement: Engagement,
    values: GrantValues,
    actor: Actor,
    at: datetime,
) -> RoomGrant:
    """The investor of `engagement` may have what `values` say, and nothing else.

    What it was given before is replaced. Raises NotPermitted, AgreementMissing, GrantUnfit,
    ConflictOfInterest, ActionNotAllowed for one that is suspended.
    """
    startup = engagement.startup
    require(actor, "room:keep", startup)
    room = _take_up(session, startup, at)
    session.refresh(engagement, ["state"])
    if room.agreement is None:
        raise AgreementMissing
    rights = _make_rights(room, values)
    if (
        not rights
        or not values.is_possible(today(at))
        or engagement.provider.kind is not ProviderKind.INVESTOR
        or engagement.state not in ENGAGEMENT_TAKES_PLACE
    ):
        raise GrantUnfit
    if conflict := find_conflict(session, startup, engagement.provider):
        raise ConflictOfInterest(because=conflict.because)
    grant = next((each for each in room.grants if each.provider_id == engagement.provider_id), None)
    if grant is None:
        grant = RoomGrant(
            room=room, provider_id=engagement.provider_id, granted_at=at, changed_at=at
        )
        session.add(grant)
    else:
        grant.state = ROOM_GRANT.follow("let_in", grant.state)
    grant.until = values.until
    grant.changed_at = at
    grant.rights[:] = rights
    leave_mark(session, grant, "room_access_given", actor=actor, at=at)
    tell_investors(session, [grant], "room_opened", at=at)
    return grant


def revoke_access(session: Session, *, grant: RoomGrant, actor: Actor, at: datetime) -> None:
    """The investor gets in no more, at once; what it read stays on record.

    Raises NotPermitted, ActionNotAllowed.
    """
    require(actor, "room:keep", grant.room.startup)
    _follow(session, grant, "revoke", "room_access_revoked", actor=actor, at=at)
    tell_investors(session, [grant], "room_closed", at=at)


def resume_access(session: Session, *, grant: RoomGrant, actor: Actor, at: datetime) -> None:
    """What was suspended for a conflict of interest is open again.

    Raises NotPermitted, ActionNotAllowed, ConflictOfInterest while there is one.
    """
    require(actor, "room:keep", grant.room.startup)
    if conflict := find_conflict(session, grant.room.startup, grant.provider):
        raise ConflictOfInterest(because=conflict.because)
    _follow(session, grant, "resume", "room_access_resumed", actor=actor, at=at)
    tell_investors(session, [grant], "room_opened", at=at)


def suspend_in_conflict(session: Session, *, grant: RoomGrant, actor: Acting, at: datetime) -> bool:
    """An open `grant` is suspended where its investor has come into conflict; whether it was.

    Both are told. Raises NotPermitted for anybody but the clock.
    """
    require(actor, "room:suspend")
    # One that is revoked just now is left alone.
    lock_room(session, grant.room.startup)
    session.refresh(grant)
    if grant.state != "open" or not find_conflict(session, grant.room.startup, grant.provider):
        return False
    _follow(session, grant, "suspend", "room_access_suspended", actor=actor, at=at)
    tell_investors(session, [grant], "room_suspended", at=at)
    tell_founders(session, grant.room, "room_conflict_found", investor=grant.provider.name, at=at)
    return True


def _follow(
    session: Session, grant: RoomGrant, action: str, kind: str, *, actor: Acting, at: datetime
) -> None:
    lock_room(session, grant.room.startup)
    session.refresh(grant)
    grant.state = ROOM_GRANT.follow(action, grant.state)
    grant.changed_at = at
    leave_mark(session, grant, kind, actor=actor, at=at)


def _take_up(session: Session, startup: Startup, at: datetime) -> DataRoom:
    room = lock_room(session, startup)
    if room is None:
        room = DataRoom(startup=startup, created_at=at)
        session.add(room)
        session.flush()
    return room


def _make_rights(room: DataRoom, values: GrantValues) -> list[RoomRight]:
    """A right for each document and folder of the room that is named; others are left out."""
    rights = []
    for item in room.items:
        may_download = item.public_id in values.download_items
        if may_download or item.public_id in values.read_items:
            rights.append(RoomRight(item_id=item.id, may_download=may_download))
    for folder in sorted({item.folder for item in room.items} - {""}):
        may_download = folder in values.download_folders
        if may_download or folder in values.read_folders:
            rights.append(RoomRight(folder=folder, may_download=may_download))
    return rights
