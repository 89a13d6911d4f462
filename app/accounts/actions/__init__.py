"""What can be done with an account, one function each; split by verb into modules."""

from app.accounts.actions.acting import begin_acting, end_acting
from app.accounts.actions.address_changes import (
    begin_address_change,
    confirm_address_change,
    forget_address_changes,
    read_confirming,
    read_stopping,
    stop_address_change,
    withdraw_address_change,
)
from app.accounts.actions.credentials import (
    change_password,
    get_person_of_reset,
    keep_newer_hash,
    make_reset_token,
    request_password_reset,
    reset_password,
)
from app.accounts.actions.invitations import (
    INVITATION_DAYS,
    SentInvitation,
    accept_invitation,
    accept_invitation_as_newcomer,
    invite,
    revoke_invitation,
)
from app.accounts.actions.log_ins import (
    begin_log_in,
    confirm_log_in,
    end_log_in,
    end_log_ins,
    forget_log_ins,
)
from app.accounts.actions.passkeys import (
    PasskeyUse,
    add_passkey,
    ask_for_passkey,
    offer_passkey,
    remove_passkey,
    use_passkey,
)
from app.accounts.actions.provider_links import (
    find_person_of_identity,
    link_provider,
    unlink_provider,
)
from app.accounts.actions.recovery_codes import renew_recovery_codes
from app.accounts.actions.registration import (
    begin_registration,
    confirm_registration,
    edit_account,
    read_registration,
    register,
    remind_of_account,
)
from app.accounts.actions.second_factors import (
    add_second_factor,
    offer_second_factor,
    remove_second_factor,
    repeat_offer,
    use_code,
)
from app.accounts.actions.taking_back import read_taking_back, take_back_second_factor
from app.accounts.actions.tokens import NewToken, create_token, forget_tokens, revoke_token

__all__ = [
    "INVITATION_DAYS",
    "NewToken",
    "PasskeyUse",
    "SentInvitation",
    "accept_invitation",
    "accept_invitation_as_newcomer",
    "add_passkey",
    "add_second_factor",
    "ask_for_passkey",
    "begin_acting",
    "begin_address_change",
    "begin_log_in",
    "begin_registration",
    "change_password",
    "confirm_address_change",
    "confirm_log_in",
    "confirm_registration",
    "create_token",
    "edit_account",
    "end_acting",
    "end_log_in",
    "end_log_ins",
    "find_person_of_identity",
    "forget_address_changes",
    "forget_log_ins",
    "forget_tokens",
    "get_person_of_reset",
    "invite",
    "keep_newer_hash",
    "link_provider",
    "make_reset_token",
    "offer_passkey",
    "offer_second_factor",
    "read_confirming",
    "read_registration",
    "read_stopping",
    "read_taking_back",
    "register",
    "remind_of_account",
    "remove_passkey",
    "remove_second_factor",
    "renew_recovery_codes",
    "repeat_offer",
    "request_password_reset",
    "reset_password",
    "revoke_invitation",
    "revoke_token",
    "stop_address_change",
    "take_back_second_factor",
    "unlink_provider",
    "use_code",
    "use_passkey",
    "withdraw_address_change",
]
