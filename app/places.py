"""Names of places by their code of GB/T 2260."""


def name_place(code: str | None) -> str:
    """The name of a place in the reader's language; the code itself where it is not known."""
    return code or ""
