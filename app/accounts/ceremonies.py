"""What is asked of a browser that has passkeys, and whether its answer is right (W3C WebAuthn).

Nothing here is stored. A challenge leaves signed, beside the questions, and comes back with the
answer; that none is good twice is seen to where the passkey is kept.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.accounts.errors import ChallengeOver, PasskeyWrong
from app.accounts.relying_party import RelyingParty
from app.signing import Signer
from models.passkeys import CREDENTIAL_ID_LIMIT, Passkey
from models.people import Person

ANSWERED_WITHIN: Final = timedelta(minutes=10)

# In characters. What browsers send has hundreds; a certificate beside it some thousands.
ANSWER_LIMIT: Final = 16_000

_PURPOSE: Final = "passkey challenge"
_CHALLENGE_BYTES: Final = 32
_ALGORITHMS: Final = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]


@dataclass(frozen=True, slots=True)
class Question:
    """What a browser is asked, in the standard's JSON, and the challenge in it, signed."""

    options: str
    token: str


class Challenge(NamedTuple):
    """A challenge that came back: its bytes, and when it was made, in microseconds since 1970."""

    value: bytes
    made: int


class NewKey(NamedTuple):
    """What a device says of a key pair that it made."""

    credential_id: str
    public_key: bytes
    transports: tuple[str, ...]
    sign_count: int


class Answer(NamedTuple):
    """Which passkey an answer says it comes from, and whose; "" where it does not say."""

    credential_id: str
    user: str


def ask_for_new(
    person: Person, known: Sequence[Passkey], *, party: RelyingParty, signer: Signer, at: datetime
) -> Question:
    """A new passkey for `person`, on a device that has none of those that are `known`."""
    challenge = secrets.token_bytes(_CHALLENGE_BYTES)
    options = generate_registration_options(
        rp_id=party.party_id,
        rp_name="Yinqiao",
        user_id=person.public_id.encode(),
        user_name=person.email,
        user_display_name=person.name,
        challenge=challenge,
        timeout=_count_milliseconds(),
        # Kept on the device where it can be, so that it lets in without a password; a device that
        # cannot is still a second factor.
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=_describe(known),
        supported_pub_key_algs=_ALGORITHMS,
    )
    token = _sign(challenge, person.public_id, "new", signer, at)
    return Question(options_to_json(options), token)


def ask_for_known(
    person: Person | None,
    known: Sequence[Passkey],
    *,
    party: RelyingParty,
    signer: Signer,
    at: datetime,
) -> Question:
    """A signature by one of those that are `known` of `person`.

    For None by any that its device offers, which has to verify who holds it: there is no password
    then.
    """
    challenge = secrets.token_bytes(_CHALLENGE_BYTES)
    options = generate_authentication_options(
        rp_id=party.party_id,
        challenge=challenge,
        timeout=_count_milliseconds(),
        allow_credentials=_describe(known),
        user_verification=(
            UserVerificationRequirement.REQUIRED
            if person is None
            else UserVerificationRequirement.PREFERRED
        ),
    )
    token = _sign(challenge, person.public_id if person else "", "known", signer, at)
    return Question(options_to_json(options), token)


def read_challenge(
    person: Person | None, token: str, *, is_new: bool, signer: Signer, at: datetime
) -> Challenge:
    """The challenge in `token`. Raises ChallengeOver for one of long ago, or for another use."""
    facts = signer.read(_PURPOSE, token, at=at)
    wanted = (person.public_id if person else "", "new" if is_new else "known")
    if facts is None or (facts["person"], facts["use"]) != wanted:
        raise ChallengeOver
    return Challenge(base64url_to_bytes(facts["challenge"]), facts["made"])


def read_new(answer: str, challenge: Challenge, *, party: RelyingParty) -> NewKey:
    """What a device made for `challenge` on a page of ours. Raises PasskeyWrong."""
    try:
        credential = parse_registration_credential_json(_shorten(answer))
        verified = verify_registration_response(
            credential=credential,
            expected_challenge=challenge.value,
            expected_rp_id=party.party_id,
            expected_origin=party.origin,
            supported_pub_key_algs=_ALGORITHMS,
        )
    except Exception as error:
        # Whatever is wrong with what somebody sent: the library names dozens of ways, and for
        # hostile bytes those of the libraries below it come through.
        raise PasskeyWrong from error
    credential_id = bytes_to_base64url(verified.credential_id)
    if len(credential_id) > CREDENTIAL_ID_LIMIT:
        raise PasskeyWrong
    ways = tuple(each.value for each in credential.response.transports or ())
    return NewKey(
        credential_id,
        verified.credential_public_key,
        tuple(dict.fromkeys(ways)),
        verified.sign_count,
    )


def read_answer(answer: str) -> Answer:
    """Whose `answer` says that it is; nothing about it is checked. Raises PasskeyWrong."""
    try:
        credential = parse_authentication_credential_json(_shorten(answer))
        user = (credential.response.user_handle or b"").decode()
    except Exception as error:
        raise PasskeyWrong from error
    return Answer(bytes_to_base64url(credential.raw_id), user)


def check_answer(
    answer: str,
    passkey: Passkey,
    challenge: Challenge,
    *,
    party: RelyingParty,
    must_verify: bool,
) -> int:
    """How often the device says that it has signed, when `passkey` signed `challenge` for us.

    With `must_verify` the device has asked who holds it, by a finger, a face or a number. Raises
    PasskeyWrong. Whether it counts on is left to the caller.
    """
    try:
        verified = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge.value,
            expected_rp_id=party.party_id,
            expected_origin=party.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=0,
            require_user_verification=must_verify,
        )
    except Exception as error:
        raise PasskeyWrong from error
    return verified.new_sign_count


def _sign(challenge: bytes, person: str, use: str, signer: Signer, at: datetime) -> str:
    facts = {
        "challenge": bytes_to_base64url(challenge),
        "made": int((at - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1)),
        "person": person,
        "use": use,
    }
    return signer.sign(_PURPOSE, facts, expires_at=at + ANSWERED_WITHIN)


def _describe(known: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(each.credential_id),
            transports=[AuthenticatorTransport(way) for way in each.transports],
        )
        for each in known
    ]


def _shorten(answer: str) -> str:
    if len(answer) > ANSWER_LIMIT:
        raise PasskeyWrong
    return answer


def _count_milliseconds() -> int:
    return int(ANSWERED_WITHIN / timedelta(milliseconds=1))
