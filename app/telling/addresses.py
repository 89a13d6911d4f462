"""The addresses on this site to which mails of every room lead."""

from typing import Final

NOTICES: Final = "/notices"


def address_of_stopping(token: str) -> str:
    """Where one click ends mails of a topic."""
    return f"/stop-mail/{token}"
