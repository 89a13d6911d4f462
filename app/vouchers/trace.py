"""One door for every step of a voucher: locked, kept in its chain, recorded, told."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Acting
from app.audit import record
from app.telling.notices import list_people_of, tell
from app.transactions import hold, lock
from app.vouchers.addresses import address_of_voucher
from models.organisations import Startup
from models.vouchers import Voucher, VoucherScheme, VoucherStep


def lock_voucher(session: Session, voucher: Voucher) -> None:
    """`voucher` is read afresh, and nobody else's to change until the commit. Raises NotFound."""
    lock(session, voucher, "steps", "evidence")


def lock_purse(session: Session, startup: Startup, scheme: VoucherScheme) -> None:
    """What `startup` draws, and what `scheme` has left, waits for the commit.

    Whoever counts either has locked both, the startup first, and a voucher after them, as an order
    does whose report falls: two that reserve the same remaining amount come one after the other.
    Raises NotFound.
    """
    hold(session, startup)
    hold(session, scheme)
    session.refresh(scheme)


def leave_step(
    session: Session,
    voucher: Voucher,
    kind: str,
    *,
    actor: Acting | None,
    at: datetime,
    note: str = "",
) -> None:
    """The chain of `voucher` says that `actor` did `kind`; None: it followed, or the clock."""
    voucher.changed_at = at
    voucher.steps.append(
        VoucherStep(
            kind=kind,
            actor_id=None if actor is None else actor.person_id,
            happened_at=at,
            note=note,
        )
    )
    session.flush()
    record(
        session,
        actor=actor,
        kind=kind,
        subject=voucher,
        at=at,
        incubator_id=voucher.scheme.incubator_id,
        detail={"amount_yuan": str(voucher.amount_yuan)},
    )


def tell_founders(
    session: Session,
    voucher: Voucher,
    kind: str,
    *,
    at: datetime,
    facts: Mapping[str, str] | None = None,
) -> None:
    """Whoever acts for the startup is told, while it is there."""
    if voucher.startup_id is None:
        return
    for person in list_people_of(session, startup_id=voucher.startup_id):
        tell(
            session,
            person=person,
            kind=kind,
            facts=_say(voucher) | dict(facts or {}),
            path=address_of_voucher(voucher),
            at=at,
        )


def tell_officers(session: Session, voucher: Voucher, kind: str, *, at: datetime) -> None:
    """Whoever administers the scheme is told: which startup, how much, and no words of anybody."""
    for person in list_people_of(session, incubator_id=voucher.scheme.incubator_id):
        tell(
            session,
            person=person,
            kind=kind,
            facts=_say(voucher),
            path=address_of_voucher(voucher),
            at=at,
        )


def _say(voucher: Voucher) -> dict[str, str]:
    return {
        "scheme": voucher.scheme.title,
        "startup": "" if voucher.startup is None else voucher.startup.name,
        "amount": f"{voucher.amount_yuan:,}",
    }
