"""The addresses on this site to which notices and mails about profiles lead."""

from models.providers import Provider


def address_of_provider(provider: Provider) -> str:
    """The page of a provider."""
    return f"/providers/{provider.public_id}"
