"""What people of an investor do in a room: agree, read, download."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.clock import today
from app.datarooms.errors import AgreementOutdated, DownloadNeeded, RoomClosed
from app.datarooms.queries.acceptances import find_acceptance
from app.datarooms.standing import can_be_read_here, find_right, is_open
from app.datarooms.trace import leave_mark, lock_room, tell_founders
from app.engagements.errors import OwnConflictOfInterest
from app.errors import ChangedMeanwhile, NotFound, NotPermitted
from app.matches.queries.conflicts import find_conflict
from models.datarooms import (
    RoomAcceptance,
    RoomGrant,
    RoomItem,
    RoomVisit,
    VisitKind,
)
from models.documents import DocumentVersion
from models.engagements import Engagement


def accept_agreement(
    session: Session, *, engagement: Engagement, number: int, actor: Actor, at: datetime
) -> RoomAcceptance:
    """The person agrees to version `number`, which they have read; its hash is kept with it.

    Agreeing twice changes nothing. Raises NotPermitted, RoomClosed, OwnConflictOfInterest,
    AgreementOutdated.
    """
    require(actor, "room:agree", engagement)
    grant = enter(session, engagement, at)
    agreement = grant.room.agreement
    if agreement is None or agreement.number != number:
        raise AgreementOutdated
    accepted = find_acceptance(session, grant, actor)
    if accepted is None:
        accepted = RoomAcceptance(
            agreement=agreement,
            grant=grant,
            person_id=actor.person_id,
            sha256=agreement.sha256,
            accepted_at=at,
        )
        session.add(accepted)
        leave_mark(session, grant, "room_agreement_accepted", actor=actor, at=at)
        tell_founders(session, grant.room, "room_accepted", investor=grant.provider.name, at=at)
    return accepted


def find_version(
    session: Session,
    *,
    engagement: Engagement,
    item: RoomItem,
    kind: VisitKind,
    actor: Actor,
    at: datetime,
) -> DocumentVersion:
    """The newest version of what `item` is, if the person may have it now; nothing is kept of it.

    Raises NotPermitted, RoomClosed, OwnConflictOfInterest, AgreementOutdated, NotFound where there
    is no right over it, or it cannot be shown; NotPermitted for a download without the right to it;
    DownloadNeeded for what is not shown here.
    """
    require(actor, "room:visit", engagement)
    version, _grant = _judge(session, engagement, item, kind, actor, at)
    return version


def open_item(
    session: Session,
    *,
    engagement: Engagement,
    item: RoomItem,
    kind: VisitKind,
    actor: Actor,
    at: datetime,
    sha256: str | None = None,
) -> DocumentVersion:
    """As `find_version`, and the visit is kept.

    `sha256` is that of the file which was prepared for it. Raises as well ChangedMeanwhile where a
    newer version has come since.
    """
    require(actor, "room:visit", engagement)
    version, grant = _judge(session, engagement, item, kind, actor, at)
    if sha256 not in (None, version.sha256):
        raise ChangedMeanwhile
    session.add(
        RoomVisit(
            grant=grant,
            person_id=actor.person_id,
            document=item.document,
            document_number=version.number,
            sha256=version.sha256,
            kind=kind,
            visited_at=at,
        )
    )
    session.flush()
    return version


def _judge(
    session: Session,
    engagement: Engagement,
    item: RoomItem,
    kind: VisitKind,
    actor: Actor,
    at: datetime,
) -> tuple[DocumentVersion, RoomGrant]:
    """What may be had now, and by which grant. Raises as `find_version`."""
    grant = enter(session, engagement, at)
    if find_acceptance(session, grant, actor) is None:
        raise AgreementOutdated
    right = find_right(grant.rights, item) if item.room_id == grant.room_id else None
    if right is None or item.document.state != "available":
        raise NotFound
    if kind is VisitKind.DOWNLOADED and not right.may_download:
        raise NotPermitted
    if kind is VisitKind.READ and not can_be_read_here(item.document):
        raise DownloadNeeded
    return item.document.versions[-1], grant


def enter(session: Session, engagement: Engagement, at: datetime) -> RoomGrant:
    """The grant by which the investor gets in now. A revocation before this is seen.

    Raises RoomClosed, OwnConflictOfInterest.
    """
    room = lock_room(session, engagement.startup)
    session.refresh(engagement, ["state"])
    grants = [] if room is None else room.grants
    grant = next((each for each in grants if each.provider_id == engagement.provider_id), None)
    if grant is None or not is_open(grant, engagement, today(at)):
        raise RoomClosed
    if find_conflict(session, engagement.startup, engagement.provider):
        raise OwnConflictOfInterest
    return grant
