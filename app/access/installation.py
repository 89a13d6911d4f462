"""Acts of the installation itself, in which nobody stands at a keyboard of the site."""

from enum import Enum
from typing import NamedTuple

from app.access.predicates import Rule


class Installation(Enum):
    """Whoever acts without being a person: has exactly the permissions whose rule names it.

    No request makes one: a route that asks for such a permission does not start, and people
    never have it. The record keeps no name for it.
    """

    CLOCK = "clock"
    """The worker, when a time that was set is over."""
    COMMAND_LINE = "command line"
    """Whoever runs the installation, on its own machine."""

    @property
    def person_id(self) -> None:
        """No person did it."""

    @property
    def acts_as_id(self) -> None:
        """Nobody's rights are used."""

    @property
    def on_behalf_of_id(self) -> None:
        """It was done for nobody."""


class PeopleAnd(NamedTuple):
    """For people by a rule, and for the installation as well."""

    people: Rule
    installation: Installation
