"""What the rules for accounts, invitations and links forbid."""

from flask_babel import lazy_gettext as _l

from app.errors import DomainError


class EmailAlreadyRegistered(DomainError):
    """There is an account with this address."""

    code = "email_already_registered"
    sentence = _l("There is already an account with this address.")


class InvitationInvalid(DomainError):
    """The link is unknown, used, revoked or too old."""

    code = "invitation_invalid"
    status = 404
    sentence = _l("This invitation is no longer good. Ask for a new one.")


class InvitationForSomeoneElse(DomainError):
    """The invitation was sent to another address."""

    code = "invitation_for_someone_else"
    status = 403
    sentence = _l("This invitation was sent to another address. Log in with that one.")


class ResetLinkInvalid(DomainError):
    """The link is unknown, used or too old."""

    code = "reset_link_invalid"
    status = 404
    sentence = _l("This link is no longer good. Ask for a new one.")


class RegistrationLinkInvalid(DomainError):
    """The link is unknown, used or too old."""

    code = "registration_link_invalid"
    status = 404
    sentence = _l("This link is no longer good. Log in if you have used it, or register again.")


class AddressIsYours(DomainError):
    """The account has this address."""

    code = "address_is_yours"
    status = 422
    sentence = _l("You log in with this address already.")


class AddressChangedLately(DomainError):
    """The last change may still be stopped from the address before it."""

    code = "address_changed_lately"
    sentence = _l("Your address was changed less than seven days ago. Wait until they are over.")


class AddressLinkInvalid(DomainError):
    """The link is unknown, used or too old, or somebody else has the address."""

    code = "address_link_invalid"
    status = 404
    sentence = _l("This link is no longer good. Look at your account page, and begin again there.")


class CodeWrong(DomainError):
    """The code is neither the device's nor an unused one of those on paper."""

    code = "code_wrong"
    status = 422
    sentence = _l("This code is not right, or was used before. Wait for the next one.")


class OfferInvalid(DomainError):
    """The secret was offered too long ago, or to somebody else."""

    code = "offer_invalid"
    status = 422
    sentence = _l("That took too long. Here is a new secret: begin again with it.")


class SecondFactorThere(DomainError):
    """There is a second factor already."""

    code = "second_factor_there"
    sentence = _l("You have a second factor. Remove it before you set up another device.")


class NoSecondFactor(DomainError):
    """There is no second factor."""

    code = "no_second_factor"
    sentence = _l("There is no second factor.")


class SecondFactorAsked(DomainError):
    """An incubator asks its operators for one."""

    code = "second_factor_asked"
    sentence = _l("%(incubator)s asks its operators for a second factor: yours has to stay.")


class ChallengeOver(DomainError):
    """The challenge was made too long ago, answered before, or for something else."""

    code = "challenge_over"
    status = 422
    sentence = _l("That took too long, or was used before. Try once more.")


class PasskeyWrong(DomainError):
    """What the device answered is not right, or its passkey is not known here."""

    code = "passkey_wrong"
    status = 422
    sentence = _l("This passkey does not let you in here. Try another one, or another way.")


class PasskeyDoubled(DomainError):
    """The device did not count on: somebody may have copied it."""

    code = "passkey_doubled"
    status = 422
    sentence = _l("This passkey may have been copied, so it lets nobody in. Log in another way.")


class PasskeyThere(DomainError):
    """An account has this passkey already."""

    code = "passkey_there"
    sentence = _l("This passkey was added before.")


class PasskeyNameInvalid(DomainError):
    """The name is empty or too long."""

    code = "passkey_name_invalid"
    status = 422
    sentence = _l("Give the passkey a name of at most %(most)s characters.")


class TooManyPasskeys(DomainError):
    """There is no further one."""

    code = "too_many_passkeys"
    sentence = _l("You have %(most)s passkeys. Remove one that you no longer need.")


class PasskeysUnavailable(DomainError):
    """Browsers offer no passkeys at the address of this installation."""

    code = "passkeys_unavailable"
    status = 404
    sentence = _l("There are no passkeys at this address: it would have to be a name with https.")


class ProviderAway(DomainError):
    """The provider does not answer in time, or says that something is wrong with it."""

    code = "provider_away"
    status = 503
    sentence = _l("%(name)s does not answer. Log in by your password, or try again later.")


class ProviderWrong(DomainError):
    """What the provider said, or the way back from it, is not right."""

    code = "provider_wrong"
    status = 422
    sentence = _l("That log-in did not come to an end here. Try again, or use your password.")


class ProviderLinkUnknown(DomainError):
    """Nobody here is known by this account elsewhere."""

    code = "provider_link_unknown"
    status = 422
    sentence = _l(
        "No account here is connected with that one. Log in by your password and connect it on "
        "your account page; whoever was invited to a verified address needs no account."
    )


class ProviderLinkThere(DomainError):
    """An account here is connected with that one."""

    code = "provider_link_there"
    sentence = _l("An account here is connected with that one already.")


class TakingBackInvalid(DomainError):
    """The link is unknown, used or too old, or the device is gone."""

    code = "taking_back_invalid"
    status = 404
    sentence = _l("This link is no longer good, or what it takes away is gone. Log in to see.")


class TokenNameInvalid(DomainError):
    """The name is empty or too long."""

    code = "token_name_invalid"
    status = 422
    sentence = _l("Say what the token is for, in at most %(most)s characters.")


class TokenDaysInvalid(DomainError):
    """It would end at once, or too late."""

    code = "token_days_invalid"
    status = 422
    sentence = _l("A token is good for 1 to %(most)s days.")


class TooManyTokens(DomainError):
    """So many of the person's tokens are good that there is no further one."""

    code = "too_many_tokens"
    sentence = _l("You have %(most)s tokens that are good. Revoke one that you no longer need.")


class AlreadyInvited(DomainError):
    """An invitation to this address is still open."""

    code = "already_invited"
    sentence = _l("An invitation to this address is still open.")


class AlreadyMember(DomainError):
    """That person already acts for this organisation."""

    code = "already_member"
    sentence = _l("This person already acts for the organisation.")
