"""The addresses on this site to which this room's notices and mails lead."""

from models.organisations import Startup
from models.providers import Provider


def address_of_facts(subject: Startup | Provider) -> str:
    """The page with the facts of `subject`."""
    of = "startups" if isinstance(subject, Startup) else "providers"
    return f"/{of}/{subject.public_id}/facts"
