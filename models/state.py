"""The column type of a state: text that holds only the states of one lifecycle."""

from sqlalchemy import Enum

from models.lifecycle import Lifecycle


def state_type(lifecycle: Lifecycle, name: str = "state") -> Enum:
    """Text with a check constraint called `name` over the states of `lifecycle`."""
    return Enum(*lifecycle.states, name=name, native_enum=False, create_constraint=True, length=20)
