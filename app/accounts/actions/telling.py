"""What a person is told of what lets them in, and what the record says of it."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy.orm import Session

from app.access import Acting
from app.accounts.addresses import ACCOUNT, PASSKEYS, SECOND_FACTOR
from app.audit import record
from app.telling.notices import tell
from models.people import Person


def tell_of_factor(
    session: Session,
    person: Person,
    kind: str,
    *,
    by: Acting,
    at: datetime,
    name: str = "",
    link: str = "",
) -> None:
    """`person` hears of `kind`, on the site and by mail, and the record has it.

    `name` is that of a passkey or a provider. `link` stands in the mail alone: whoever took a
    log-in over reads the site.
    """
    tell(
        session,
        person=person,
        kind=kind,
        facts={"name": name} if name else {},
        path=_get_path(kind),
        at=at,
        link=link,
    )
    record(session, actor=by, kind=_ACTS[kind], subject=person, at=at)
    session.flush()


def _get_path(kind: str) -> str:
    if kind.startswith("provider"):
        return ACCOUNT
    return PASSKEYS if kind.startswith("passkey") else SECOND_FACTOR


_ACTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "second_factor_added": "added_second_factor",
        "second_factor_removed": "removed_second_factor",
        "second_factor_device_removed": "removed_second_factor_device",
        "second_factor_taken_back": "took_back_second_factor",
        "recovery_codes_renewed": "renewed_recovery_codes",
        "recovery_code_used": "used_recovery_code",
        "provider_linked": "linked_provider",
        "provider_unlinked": "unlinked_provider",
        "passkey_added": "added_passkey",
        "passkey_removed": "removed_passkey",
        "passkey_doubled": "noticed_doubled_passkey",
    }
)
