"""What an erasure does with accounts: no invitation, no membership of what goes.

The account itself goes last, when no other room needs it any more.
"""

from collections.abc import Sequence

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from app.leaving import Erasing, Leaving, Traces
from models.address_changes import AddressChange
from models.passkeys import Passkey
from models.people import Invitation, Membership
from models.provider_links import ProviderLink
from models.second_factors import SecondFactor
from models.tokens import ApiRequest, ApiToken


def find_traces(session: Session, leaving: Leaving) -> Traces:
    """The account, for whom it acts, and what was sent to its address."""
    person = leaving.person
    invited = select(func.count()).where(Invitation.email == leaving.email)
    tokens = select(func.count()).where(leaving.is_person(ApiToken.person_id))
    factors = select(func.count()).where(leaving.is_person(SecondFactor.person_id))
    passkeys = select(func.count()).where(leaving.is_person(Passkey.person_id))
    links = select(func.count()).where(leaving.is_person(ProviderLink.person_id))
    return Traces(
        counts={
            "accounts": int(person is not None),
            "memberships": len(person.memberships) if person else 0,
            "invitations": session.scalar(invited) or 0,
            "tokens": session.scalar(tokens) or 0,
            "second factors": session.scalar(factors) or 0,
            "passkeys": session.scalar(passkeys) or 0,
            "log-ins elsewhere": session.scalar(links) or 0,
        },
        public_ids=[person.public_id] if person else [],
    )


def erase_traces(session: Session, leaving: Leaving) -> Sequence[str]:
    """Nobody acts for what goes or is asked to, and no invitation went to the address.

    The person's tokens go with the account. What programs of others were answered within the last
    day may name whoever goes: whoever asks for it again is told that it is lost.
    """
    session.execute(
        update(ApiRequest).where(ApiRequest.done_at.is_not(None)).values(status=None, body="")
    )
    session.execute(delete(Invitation).where(Invitation.email == leaving.email))
    for table in (Membership, Invitation):
        session.execute(
            delete(table).where(
                or_(
                    table.provider_id.in_(leaving.provider_ids),
                    table.startup_id.in_(leaving.startup_ids),
                )
            )
        )
    changes = session.execute(
        select(AddressChange.old_email, AddressChange.new_email).where(
            leaving.is_person(AddressChange.person_id)
        )
    )
    return [email for change in changes for email in change]


ERASING = Erasing(find_traces, erase_traces)
