"""What fields for which browsers have an input of their own do with what is no such value."""

from typing import Any


class ShownAsTyped:
    """Before the class of the field: what cannot be read stays to be read and corrected.

    An input for days or times would show nothing of it. `length` says how much of the ISO form
    such an input takes of what can be read.
    """

    data: Any
    raw_data: Any
    length: int

    def __call__(self, **options: Any) -> str:
        """The field, as an input for texts where what was typed is no value."""
        if self.raw_data and self.data is None and self.raw_data[0].strip():
            options["type"] = "text"
        shown: str = super().__call__(**options)  # type: ignore[misc]
        return shown

    def _value(self) -> str:
        if self.data is not None:
            return str(self.data.isoformat())[: self.length]
        return " ".join(self.raw_data or ())
