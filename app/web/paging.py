"""Long lists in pages, which are numbered from 1: reading a number, and which pages there are."""

from typing import NamedTuple

from app.web.digits import read_number

# More than any list has pages, and far below what a database takes as an offset.
_NUMBER_LIMIT = 100_000


class Page(NamedTuple):
    """One page of a long list: its number, the number of the last one, rows on each."""

    number: int
    last: int
    size: int

    @property
    def offset(self) -> int:
        """How many rows stand before it."""
        return (self.number - 1) * self.size


def choose_page(typed: str, *, rows: int, size: int) -> Page:
    """The page that an address asks for, of a list of `rows`; the last one where it has fewer."""
    last = count_pages(rows, size)
    return Page(min(read_page_number(typed), last), last, size)


def read_page_number(typed: str) -> int:
    """The number of a page as it stands in an address; 1 for whatever is none."""
    return min(max(1, read_number(typed) or 1), _NUMBER_LIMIT)


def count_pages(rows: int, size: int) -> int:
    """How many pages of `size` rows there are; an empty list has one, which is empty."""
    return max(1, -(-rows // size))
