"""Whole numbers as buttons and addresses carry them."""


def read_number(sent: str, *, digits: int = 9) -> int | None:
    """The whole number that `sent` is; None for anything else.

    At most `digits` of them are read: longer ones mean nothing, and take long.
    """
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) <= digits else None
