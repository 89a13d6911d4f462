"""Passkeys of a person: added, used, taken away."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import Actor, make_actor, require
from app.accounts.actions.recovery_codes import forget_recovery_codes, make_first_recovery_codes
from app.accounts.actions.taking_back import make_taking_back_link
from app.accounts.actions.telling import tell_of_factor
from app.accounts.ceremonies import (
    Question,
    ask_for_known,
    ask_for_new,
    check_answer,
    read_answer,
    read_challenge,
    read_new,
)
from app.accounts.errors import (
    ChallengeOver,
    PasskeyNameInvalid,
    PasskeyThere,
    PasskeyWrong,
    SecondFactorAsked,
    TooManyPasskeys,
)
from app.accounts.queries import find_asking_incubator, list_passkeys
from app.accounts.relying_party import RelyingParty
from app.signing import Signer
from models.canonical import canonical_line
from models.passkeys import PASSKEY_NAME_LIMIT, Passkey
from models.people import Person

PASSKEYS_LIMIT: Final = 20


class PasskeyUse(NamedTuple):
    """Whose passkey it was. With `is_doubled` it counts as one that was copied: nobody is in."""

    person: Person
    is_doubled: bool


def offer_passkey(
    session: Session, *, person: Person, party: RelyingParty, signer: Signer, at: datetime
) -> Question:
    """What a browser is asked so that `person` gets a new passkey. Nothing is stored."""
    known = list_passkeys(session, person)
    return ask_for_new(person, known, party=party, signer=signer, at=at)


def ask_for_passkey(
    session: Session, *, person: Person | None, party: RelyingParty, signer: Signer, at: datetime
) -> Question:
    """What a browser is asked so that `person` shows theirs; for None so that anybody does."""
    known = list_passkeys(session, person) if person else []
    return ask_for_known(person, known, party=party, signer=signer, at=at)


def add_passkey(
    session: Session,
    *,
    person: Person,
    name: str,
    token: str,
    answer: str,
    party: RelyingParty,
    signer: Signer,
    actor: Actor,
    at: datetime,
) -> tuple[str, ...]:
    """`person` has one more passkey, called `name`, and hears of it with a way back.

    Returns recovery codes, never told again, where there were none. Raises NotFound unless `actor`
    is that person, PasskeyNameInvalid, ChallengeOver for a `token` that is too old or somebody
    else's, PasskeyWrong for an `answer` that is not right, PasskeyThere, TooManyPasskeys.
    """
    require(actor, "person:edit", person)
    session.refresh(person, with_for_update=True)
    name = canonical_line(name)
    if not 0 < len(name) <= PASSKEY_NAME_LIMIT:
        raise PasskeyNameInvalid(most=PASSKEY_NAME_LIMIT)
    known = list_passkeys(session, person)
    if len(known) >= PASSKEYS_LIMIT:
        raise TooManyPasskeys(most=PASSKEYS_LIMIT)
    challenge = read_challenge(person, token, is_new=True, signer=signer, at=at)
    if known and challenge.made <= max(each.last_challenge for each in known):
        raise ChallengeOver
    key = read_new(answer, challenge, party=party)
    passkey = Passkey(
        person_id=person.id,
        name=name,
        credential_id=key.credential_id,
        public_key=key.public_key,
        transports=list(key.transports),
        sign_count=key.sign_count,
        last_challenge=challenge.made,
        created_at=at,
    )
    try:
        with session.begin_nested():
            session.add(passkey)
            session.flush()
    except IntegrityError:
        raise PasskeyThere from None
    session.expire(person, ["passkeys"])
    codes = make_first_recovery_codes(session, person)
    link = make_taking_back_link(passkey, signer=signer, at=at)
    tell_of_factor(session, person, "passkey_added", by=actor, at=at, name=name, link=link)
    return codes


def use_passkey(
    session: Session,
    *,
    person: Person | None,
    token: str,
    answer: str,
    party: RelyingParty,
    signer: Signer,
    at: datetime,
) -> PasskeyUse:
    """`answer` was signed by a passkey of `person`, whose password was right.

    For None it is all that there is: the device has to say whose it is and to have verified them.
    A device that counts and did not count on may have been copied: its owner is told, which the
    caller has to commit. Raises ChallengeOver, also for what was answered before, and PasskeyWrong.
    """
    challenge = read_challenge(person, token, is_new=False, signer=signer, at=at)
    said = read_answer(answer)
    query = select(Passkey).where(Passkey.credential_id == said.credential_id)
    passkey = session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if passkey is None or not passkey.person.is_active:
        raise PasskeyWrong
    if person is not None and passkey.person_id != person.id:
        raise PasskeyWrong
    if said.user != passkey.person.public_id and (said.user or person is None):
        raise PasskeyWrong
    count = check_answer(answer, passkey, challenge, party=party, must_verify=person is None)
    if challenge.made <= passkey.last_challenge:
        raise ChallengeOver
    passkey.last_challenge = challenge.made
    is_doubled = bool(count or passkey.sign_count) and count <= passkey.sign_count
    if is_doubled:
        owner = passkey.person
        tell_of_factor(
            session, owner, "passkey_doubled", by=make_actor(owner), at=at, name=passkey.name
        )
    else:
        passkey.sign_count, passkey.last_used_at = count, at
    session.flush()
    return PasskeyUse(passkey.person, is_doubled)


def remove_passkey(session: Session, *, passkey: Passkey, actor: Actor, at: datetime) -> None:
    """`passkey` lets nobody in any more. With the last device the recovery codes go.

    Raises NotFound unless `actor` is its person, SecondFactorAsked when it is the last device of
    somebody who operates an incubator that asks for one.
    """
    person = passkey.person
    require(actor, "person:edit", person)
    session.refresh(person, with_for_update=True)
    is_last = person.second_factor is None and len(list_passkeys(session, person)) == 1
    if is_last and (incubator := find_asking_incubator(session, person)):
        raise SecondFactorAsked(incubator=incubator.name)
    name = passkey.name
    session.delete(passkey)
    if is_last:
        forget_recovery_codes(session, person)
    session.flush()
    session.expire(person, ["passkeys"])
    tell_of_factor(session, person, "passkey_removed", by=actor, at=at, name=name)
