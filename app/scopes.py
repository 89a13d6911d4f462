"""What a token may be good for: a resource and a verb, or everything that its person may do."""

from collections.abc import Iterable, Sequence
from typing import Final

ALL: Final = "all"
READ: Final = "read"
WRITE: Final = "write"

RESOURCES: Final = (
    "audit",
    "claims",
    "commissioners",
    "deals",
    "documents",
    "engagements",
    "facts",
    "feedback",
    "figures",
    "financings",
    "imports",
    "incubators",
    "mandates",
    "matches",
    "needs",
    "notices",
    "orders",
    "people",
    "pools",
    "products",
    "providers",
    "rooms",
    "sessions",
    "startups",
    "vouchers",
    "webhooks",
    "workspaces",
)
# No program changes these.
_READ_ALONE: Final = ("audit", "figures")
SCOPES: Final = (
    ALL,
    *(
        f"{name}:{verb}"
        for name in RESOURCES
        for verb in ((READ,) if name in _READ_ALONE else (READ, WRITE))
    ),
)


def sort_scopes(scopes: Iterable[str]) -> list[str]:
    """Known scopes in their order, without repeats. Raises ValueError for none or unknown ones."""
    wanted = set(scopes)
    if unknown := sorted(wanted - set(SCOPES)):
        raise ValueError(f"no such scope: {', '.join(unknown)}")
    if not wanted:
        raise ValueError("a token needs at least one scope")
    return [scope for scope in SCOPES if scope in wanted]


def covers(scopes: Sequence[str], wanted: str) -> bool:
    """Whether `scopes` let a program do `wanted`. Who may write a resource may read it."""
    resource, _, verb = wanted.partition(":")
    return ALL in scopes or wanted in scopes or (verb == READ and f"{resource}:{WRITE}" in scopes)
