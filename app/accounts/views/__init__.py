"""HTTP in, page or redirect out; split by what a person comes for."""

from app.accounts.views import (
    account,
    acting,
    entering,
    invitations,
    log_ins,
    passwords,
    registering,
    tokens,
)
from app.accounts.views.blueprint import blueprint

__all__ = [
    "account",
    "acting",
    "blueprint",
    "entering",
    "invitations",
    "log_ins",
    "passwords",
    "registering",
    "tokens",
]
