"""The addresses on this site to which this room's notices and mails lead."""

from typing import Final

LOG_IN: Final = "/log-in"
ACCOUNT: Final = "/account"
TOKENS: Final = "/account/tokens"
SECOND_FACTOR: Final = "/account/second-factor"
PASSKEYS: Final = "/account/passkeys"
# Where somebody begins who has logged in: a page of a room further up.
DASHBOARD: Final = "/dashboard"


def address_of_confirming(token: str) -> str:
    """Where whoever reads the mails of a new address confirms it."""
    return f"/address/confirm/{token}"


def address_of_stopping(token: str) -> str:
    """Where whoever reads the mails of an old address keeps it."""
    return f"/address/stop/{token}"


def address_of_taking_back(token: str) -> str:
    """Where whoever reads an account's mails takes away a device that was just set up."""
    return f"/account/take-back/{token}"


def address_of_registration(token: str) -> str:
    """Where whoever was sent `token` confirms their address."""
    return f"/register/{token}"


def address_of_invitation(token: str) -> str:
    """Where whoever was sent `token` answers an invitation."""
    return f"/invitations/{token}"


def address_of_new_password(token: str) -> str:
    """Where whoever was sent `token` chooses a new password."""
    return f"/password/new/{token}"
