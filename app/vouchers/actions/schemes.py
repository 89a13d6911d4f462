"""Schemes: drafted, edited, discarded, published, and what becomes of a version that stands."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.audit import record
from app.clock import today
from app.transactions import hold
from app.vouchers.catalogue import find_listed
from app.vouchers.errors import (
    SchemeDraftExists,
    SchemeFixed,
    SchemeIncomplete,
    SchemeUnfit,
    SchemeUnknown,
)
from app.vouchers.queries.schemes import STANDING
from app.vouchers.values import SchemeValues, read_scheme, write_scheme
from app.vouchers.versioning import (
    find_in_state,
    lock_draft,
    lock_version,
    number_draft,
    publish_draft,
)
from app.vouchers.words import SCHEME_PARTS
from models.lifecycle import VOUCHER_SCHEME
from models.organisations import Incubator
from models.orm import new_public_id
from models.vouchers import VoucherScheme


def draft_scheme(
    session: Session,
    *,
    incubator: Incubator,
    values: SchemeValues,
    actor: Actor,
    at: datetime,
    code: str = "",
) -> VoucherScheme:
    """A draft of a scheme that `incubator` administers: of its own, or the next version of `code`.

    `code` is that of a scheme which it has already, or of one in the list that comes with the
    product. Raises NotPermitted, SchemeUnfit, SchemeUnknown, SchemeDraftExists.
    """
    require(actor, "scheme:draft", incubator)
    _check(values, at)
    hold(session, incubator)
    public_id = new_public_id()
    number = 1
    if code:
        number = number_draft(
            session,
            VoucherScheme,
            incubator,
            code,
            is_listed=find_listed(code) is not None,
            unknown=SchemeUnknown,
            exists=SchemeDraftExists,
        )
    scheme = VoucherScheme(
        public_id=public_id,
        incubator=incubator,
        code=code or f"own-{public_id}",
        number=number,
        state="draft",
        created_at=at,
        updated_at=at,
    )
    write_scheme(scheme, values)
    session.add(scheme)
    session.flush()
    _record(session, scheme, "scheme_drafted", actor=actor, at=at)
    return scheme


def edit_scheme(
    session: Session,
    *,
    scheme: VoucherScheme,
    values: SchemeValues,
    version: int,
    actor: Actor,
    at: datetime,
) -> None:
    """The draft says what `values` say.

    Raises NotPermitted, SchemeUnfit, SchemeFixed, ChangedMeanwhile when the row is not the
    `version` that was edited.
    """
    require(actor, "scheme:edit", scheme)
    _check(values, at)
    lock_draft(session, VoucherScheme, scheme, version, fixed=SchemeFixed)
    write_scheme(scheme, values)
    scheme.updated_at = at
    session.flush()
    _record(session, scheme, "scheme_edited", actor=actor, at=at)


def discard_scheme(session: Session, *, scheme: VoucherScheme, actor: Actor, at: datetime) -> None:
    """The draft is gone; its number is given to the next one. Raises NotPermitted, SchemeFixed."""
    require(actor, "scheme:edit", scheme)
    lock_draft(session, VoucherScheme, scheme, scheme.version, fixed=SchemeFixed)
    _record(session, scheme, "scheme_discarded", actor=actor, at=at)
    session.delete(scheme)
    session.flush()


def publish_scheme(
    session: Session, *, scheme: VoucherScheme, version: int, actor: Actor, at: datetime
) -> None:
    """Startups draw by this version from now on; what was drawn by the one before stays with it.

    Raises NotPermitted, SchemeFixed, ChangedMeanwhile, SchemeIncomplete.
    """
    require(actor, "scheme:publish", scheme)
    lock_draft(session, VoucherScheme, scheme, version, fixed=SchemeFixed)
    if missing := read_scheme(scheme).list_missing():
        raise SchemeIncomplete(missing=tuple(str(SCHEME_PARTS[name]) for name in missing))
    before = find_in_state(session, VoucherScheme, scheme.incubator_id, scheme.code, *STANDING)
    publish_draft(session, scheme, before, VOUCHER_SCHEME, at=at)
    scheme.updated_at = at
    session.flush()
    _record(session, scheme, "scheme_published", actor=actor, at=at)


def pause_scheme(session: Session, *, scheme: VoucherScheme, actor: Actor, at: datetime) -> None:
    """Nothing is reserved until the next round. Raises NotPermitted, ActionNotAllowed."""
    _take(session, scheme, "pause", "scheme_paused", actor=actor, at=at)


def resume_scheme(session: Session, *, scheme: VoucherScheme, actor: Actor, at: datetime) -> None:
    """It is drawn of again. Raises NotPermitted, ActionNotAllowed."""
    _take(session, scheme, "resume", "scheme_resumed", actor=actor, at=at)


def close_scheme(session: Session, *, scheme: VoucherScheme, actor: Actor, at: datetime) -> None:
    """Nothing more is reserved; what was goes on to its end. Raises NotPermitted,
    ActionNotAllowed."""
    _take(session, scheme, "close", "scheme_closed", actor=actor, at=at)


def _take(
    session: Session,
    scheme: VoucherScheme,
    action: str,
    kind: str,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    require(actor, "scheme:publish", scheme)
    lock_version(session, scheme)
    state = VOUCHER_SCHEME.follow(action, scheme.state)
    if VOUCHER_SCHEME.is_final(state):
        scheme.ended_at = at
    scheme.state = state
    scheme.updated_at = at
    session.flush()
    _record(session, scheme, kind, actor=actor, at=at)


def _check(values: SchemeValues, at: datetime) -> None:
    if not values.is_possible(today(at)):
        raise SchemeUnfit


def _record(
    session: Session, scheme: VoucherScheme, kind: str, *, actor: Actor, at: datetime
) -> None:
    said: Mapping[str, str] = {"scheme": scheme.code, "version": str(scheme.number)}
    record(
        session,
        actor=actor,
        kind=kind,
        subject=scheme,
        at=at,
        incubator_id=scheme.incubator_id,
        detail=said,
    )
