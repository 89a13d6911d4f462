"""HTTP in, page or redirect out; split by what a person comes for."""

from app.accounts.views import (
    account,
    acting,
    address_change,
    confirming,
    entering,
    invitations,
    log_ins,
    passkey_entering,
    passkeys,
    passwords,
    providers,
    registering,
    second_factor,
    taking_back,
    tokens,
)
from app.accounts.views.blueprint import blueprint

__all__ = [
    "account",
    "acting",
    "address_change",
    "blueprint",
    "confirming",
    "entering",
    "invitations",
    "log_ins",
    "passkey_entering",
    "passkeys",
    "passwords",
    "providers",
    "registering",
    "second_factor",
    "taking_back",
    "tokens",
]
