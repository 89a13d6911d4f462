"""The words of this room: the states of an invitation, and what is told about accounts."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.scopes import ALL, SCOPES, WRITE
from app.words.labels import Tone, Word
from app.words.wording import NoticeWording
from models.log_ins import LogInMethod
from models.refusals import RefusalKind

# By lifecycle, because the same word of the code may be worded differently.
STATES: Mapping[str, Mapping[str, Word]] = MappingProxyType(
    {
        "invitation": {
            "sent": Word(_l("Sent"), Tone.WAITS),
            "accepted": Word(_l("Accepted"), Tone.FITS),
            "revoked": Word(_l("Revoked"), Tone.OVER),
        },
    }
)

CODES: Mapping[type[StrEnum], Mapping[StrEnum, Word]] = MappingProxyType(
    {
        RefusalKind: {
            RefusalKind.FORGERY: Word(_l("A form from elsewhere"), Tone.FAILS),
            RefusalKind.THROTTLE: Word(_l("Too many attempts"), Tone.WAITS),
            RefusalKind.PERMISSION: Word(_l("Not permitted, or not there"), Tone.FAILS),
        },
        LogInMethod: {
            LogInMethod.TYPED: Word(_l("by password")),
            LogInMethod.TYPED_AND_CODE: Word(_l("by password and code")),
            LogInMethod.TYPED_AND_PASSKEY: Word(_l("by password and passkey")),
            LogInMethod.PASSKEY: Word(_l("by passkey")),
            LogInMethod.PROVIDER: Word(_l("by an account elsewhere")),
            LogInMethod.PROVIDER_AND_CODE: Word(_l("by an account elsewhere and code")),
            LogInMethod.PROVIDER_AND_PASSKEY: Word(_l("by an account elsewhere and passkey")),
        },
    }
)

NOTICES: Mapping[str, NoticeWording] = MappingProxyType(
    {
        "invitation_sent": NoticeWording(
            _l("%(inviter)s invites you to act for %(organisation)s"),
            _l(
                "%(inviter)s invites you to act for %(organisation)s. "
                "The link is good for %(days)s days."
            ),
        ),
        "invitation_accepted": NoticeWording(
            _l("%(person)s accepted your invitation"),
            _l("%(person)s accepted your invitation and now acts for %(organisation)s."),
        ),
        "password_reset": NoticeWording(
            _l("Choose a new password"),
            _l(
                "Somebody asked for a new password for this address. "
                "The link is good for one hour. If it was not you, do nothing."
            ),
        ),
        "password_changed": NoticeWording(
            _l("Your password was changed"),
            _l(
                "Your password was changed and other devices were logged out. Passkeys and "
                "accounts elsewhere still let in: look through them on your account page. "
                "If it was not you, choose a new password now."
            ),
        ),
        "second_factor_added": NoticeWording(
            _l("Your account has a second factor"),
            _l(
                "From now on a code is asked for when you log in. If it was not you, the link in "
                "the mail takes it away within seven days: everybody is logged out then, and you "
                "choose a new password."
            ),
        ),
        "second_factor_removed": NoticeWording(
            _l("The second factor of your account was removed"),
            _l(
                "Your password alone lets you in again. "
                "If it was not you, choose a new password now."
            ),
        ),
        "second_factor_device_removed": NoticeWording(
            _l("Your app for codes lets nobody in any more"),
            _l(
                "Your passkeys and recovery codes still do. "
                "If it was not you, choose a new password now."
            ),
        ),
        "second_factor_taken_back": NoticeWording(
            _l("A device of your account was taken away"),
            _l(
                "The link in a mail to you took away what had just been set up. Everybody was "
                "logged out, programs too, and recovery codes are good for nothing any more."
            ),
        ),
        "provider_linked": NoticeWording(
            _l("You can log in by %(name)s"),
            _l(
                "Your account is connected with one at %(name)s, which lets you in from now on. "
                "If it was not you, the link in the mail takes it away within seven days: "
                "everybody is logged out then, and you choose a new password."
            ),
        ),
        "provider_unlinked": NoticeWording(
            _l("You no longer log in by %(name)s"),
            _l(
                "Your account is not connected with %(name)s any more. "
                "If it was not you, choose a new password now."
            ),
        ),
        "passkey_added": NoticeWording(
            _l("Your account has a new passkey: %(name)s"),
            _l(
                "The passkey %(name)s lets you in from now on. If it was not you, the link in the "
                "mail takes it away within seven days: everybody is logged out then, and you "
                "choose a new password."
            ),
        ),
        "passkey_removed": NoticeWording(
            _l("A passkey of your account was removed: %(name)s"),
            _l(
                "The passkey %(name)s lets nobody in any more. "
                "If it was not you, choose a new password now."
            ),
        ),
        "passkey_doubled": NoticeWording(
            _l("Your passkey may have been copied: %(name)s"),
            _l(
                "Somebody tried to log in with the passkey %(name)s, whose device did not count on "
                "as it should. Nobody was let in. Remove it, and add a new one."
            ),
        ),
        "recovery_codes_renewed": NoticeWording(
            _l("Your account has new recovery codes"),
            _l(
                "The recovery codes that you had are good for nothing any more. "
                "If it was not you, choose a new password now."
            ),
        ),
        "recovery_code_used": NoticeWording(
            _l("One of your recovery codes was used"),
            _l(
                "Somebody logged in with your password and a recovery code. "
                "If it was not you, choose a new password now."
            ),
        ),
        "address_change_begun": NoticeWording(
            _l("Your account is to have another address"),
            _l(
                "Somebody who is logged in with your password asked for your account to go to "
                "%(email)s. If it was not you, stop it with this link within seven days: everybody "
                "is logged out then, and you choose a new password."
            ),
        ),
        "address_confirmation": NoticeWording(
            _l("Confirm your new address"),
            _l(
                "Somebody wants to log in with this address from now on. "
                "The link is good for one day. If it was not you, do nothing."
            ),
        ),
        "address_left": NoticeWording(
            _l("Your account has another address now"),
            _l(
                "Your account went to %(email)s. If it was not you, take it back with this link "
                "within seven days: everybody is logged out then, and you choose a new password."
            ),
        ),
        "address_changed": NoticeWording(
            _l("Your account has a new address"),
            _l("You log in with this address from now on."),
        ),
        "token_made": NoticeWording(
            _l("A program can act for you: %(name)s"),
            _l(
                "A token was made for your account: %(name)s. "
                "If it was not you, revoke it and choose a new password."
            ),
        ),
        "registration_begun": NoticeWording(
            _l("Finish your registration"),
            _l(
                "Somebody registers with this address. "
                "The link is good for one day. If it was not you, do nothing."
            ),
        ),
        "already_registered": NoticeWording(
            _l("You already have an account"),
            _l(
                "Somebody tried to register with this address. "
                "You have an account: log in, or choose a new password."
            ),
        ),
    }
)


_RESOURCES: Mapping[str, LazyString] = MappingProxyType(
    {
        "audit": _l("The record of acts"),
        "claims": _l("Claims"),
        "commissioners": _l("Finance commissioners"),
        "deals": _l("Deals"),
        "documents": _l("Documents"),
        "engagements": _l("Engagements"),
        "facts": _l("Facts"),
        "feedback": _l("Feedback"),
        "figures": _l("Figures"),
        "financings": _l("Financings and commitments"),
        "imports": _l("Imports"),
        "incubators": _l("Incubators"),
        "mandates": _l("Mandates"),
        "matches": _l("Matches"),
        "needs": _l("Needs"),
        "notices": _l("Notices"),
        "orders": _l("Orders"),
        "people": _l("People and invitations"),
        "pools": _l("Mentor pools"),
        "products": _l("Finance products"),
        "providers": _l("Providers"),
        "rooms": _l("Data rooms"),
        "sessions": _l("Agreed times"),
        "startups": _l("Startups"),
        "vouchers": _l("Vouchers"),
        "webhooks": _l("Webhooks"),
        "workspaces": _l("Workspaces"),
    }
)


def _word_scope(scope: str) -> LazyString:
    if scope == ALL:
        return _l("Everything that I may do")
    resource, _, verb = scope.partition(":")
    if verb == WRITE:
        return _l("%(resource)s: read and change", resource=_RESOURCES[resource])
    return _l("%(resource)s: read", resource=_RESOURCES[resource])


# What a token may be good for, in its order.
SCOPE_WORDS: Mapping[str, LazyString] = MappingProxyType(
    {scope: _word_scope(scope) for scope in SCOPES}
)
